package whatsapp

import (
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
)

// syntax is how WhatsApp writes formatting. https://faq.whatsapp.com/539178204879377
var syntax = channel.MarkSyntax{
	Bold: channel.Same("*"), Italic: channel.Same("_"), Strike: channel.Same("~"), Code: channel.Same("```"), Item: "- ",
}

type (
	textBody struct {
		Body    string `json:"body"`
		Preview bool   `json:"preview_url,omitempty"`
	}
	placeBody struct {
		Latitude  float64 `json:"latitude"`
		Longitude float64 `json:"longitude"`
		Name      string  `json:"name,omitempty"`
		Address   string  `json:"address,omitempty"`
	}
	menuBody struct {
		Type   string     `json:"type"`
		Body   menuText   `json:"body"`
		Action menuAction `json:"action"`
	}
	menuText struct {
		Text string `json:"text"`
	}
	menuAction struct {
		Buttons  []menuButton  `json:"buttons,omitempty"`
		Button   string        `json:"button,omitempty"`
		Sections []menuSection `json:"sections,omitempty"`
	}
	menuButton struct {
		Type  string     `json:"type"`
		Reply menuOption `json:"reply"`
	}
	menuSection struct {
		Rows []menuOption `json:"rows"`
	}
	menuOption struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
)

// written is a part's text with its marks in WhatsApp's signs, or without where they make it too long.
func written(p desk.Part, limit int) string {
	return syntax.Fit(p.Text, p.Marks, within(limit))
}

func fillText(body *outgoing, p desk.Part) {
	text := written(p, maxText)
	body.Type, body.Text = "text", &textBody{Body: text, Preview: strings.Contains(text, "http://") || strings.Contains(text, "https://")}
}

// bareMenu stands above options that have no text of their own: WhatsApp wants one.
const bareMenu = "▼"

// fillMenu offers options as buttons, or as the rows of a list (D2.1).
func fillMenu(body *outgoing, p desk.Part, to channel.Peer) {
	menu := &menuBody{Type: "button", Body: menuText{written(p, maxMenuText)}}
	if menu.Body.Text == "" {
		menu.Body.Text = bareMenu
	}
	options := make([]menuOption, len(p.Choices))
	for i, c := range p.Choices {
		options[i] = menuOption{ID: c.ID, Title: c.Label}
	}
	if (Connector{}).Spec().Capabilities.Choices.AsButtons(p.Choices) {
		for _, o := range options {
			menu.Action.Buttons = append(menu.Action.Buttons, menuButton{Type: "reply", Reply: o})
		}
	} else {
		menu.Type = "list"
		menu.Action = menuAction{Button: listButton(to), Sections: []menuSection{{Rows: options}}}
	}
	body.Type, body.Interactive = "interactive", menu
}

// listButton is what opens a list, in the customer's language.
func listButton(to channel.Peer) string {
	locale := "en"
	if japanese(to) {
		locale = "ja"
	}
	return channel.ReadTexts(localeFiles, locale)["note.list_button"]
}
