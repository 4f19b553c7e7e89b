package whatsapp

import (
	"encoding/json"
	"slices"
	"strings"

	"madoguchi/desk"
)

// content is what a message says.
type content struct {
	Type string `json:"type"` // of an edit's content
	Text *struct {
		Body string `json:"body"`
	} `json:"text"`
	Image    *file `json:"image"`
	Video    *file `json:"video"`
	Audio    *file `json:"audio"`
	Voice    *file `json:"voice"` // as voice messages came before they were audio
	Document *file `json:"document"`
	Sticker  *file `json:"sticker"`
	Location *struct {
		Latitude  float64 `json:"latitude"`
		Longitude float64 `json:"longitude"`
		Name      string  `json:"name"`
		Address   string  `json:"address"`
	} `json:"location"`
	Contacts    []card       `json:"contacts"`
	Interactive *interactive `json:"interactive"`
	Button      *struct {
		Payload string `json:"payload"`
		Text    string `json:"text"`
	} `json:"button"`
	Order       *order `json:"order"`
	Unsupported *struct {
		Type string `json:"type"`
	} `json:"unsupported"`
}

type file struct {
	ID       loose  `json:"id"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"`
	Voice    bool   `json:"voice"`
}

type card struct {
	Name struct {
		Formatted string `json:"formatted_name"`
		First     string `json:"first_name"`
	} `json:"name"`
	Phones []struct {
		Phone string `json:"phone"`
		WaID  loose  `json:"wa_id"`
	} `json:"phones"`
	Emails []struct {
		Email string `json:"email"`
	} `json:"emails"`
	Org struct {
		Company string `json:"company"`
	} `json:"org"`
}

type interactive struct {
	ButtonReply *option `json:"button_reply"`
	ListReply   *option `json:"list_reply"`
	Form        *struct {
		Body     string `json:"body"`
		Response string `json:"response_json"`
	} `json:"nfm_reply"`
}

type option struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// parts are the content in the desk's words, and the id of the option that was picked. What we cannot show is named by
// the provider's type.
func (c content) parts(kind string) ([]desk.Part, string) {
	parts, choice := c.known()
	parts = slices.DeleteFunc(parts, func(p desk.Part) bool { return p.Kind == desk.PartText && p.Text == "" })
	if len(parts) > 0 {
		return parts, choice
	}
	if c.Unsupported != nil && c.Unsupported.Type != "" {
		kind = c.Unsupported.Type
	}
	if kind = plain(kind); kind == "" {
		kind = "message"
	}
	return []desk.Part{{Kind: desk.PartUnknown, Text: kind}}, choice
}

func (c content) known() ([]desk.Part, string) {
	switch {
	case c.Text != nil:
		return text(c.Text.Body), ""
	case c.Location != nil:
		return []desk.Part{{Kind: desk.PartLocation, Location: &desk.Location{
			Lat: c.Location.Latitude, Lng: c.Location.Longitude, Label: strings.ReplaceAll(lines(c.Location.Name, c.Location.Address), "\n", ", "),
		}}}, ""
	case len(c.Contacts) > 0:
		return cards(c.Contacts), ""
	case c.Interactive != nil:
		return c.Interactive.parts()
	case c.Button != nil:
		return text(c.Button.Text), plain(c.Button.Payload)
	case c.Order != nil:
		return c.Order.parts(), ""
	}
	return c.files(), ""
}

func text(s string) []desk.Part {
	return []desk.Part{{Kind: desk.PartText, Text: plain(s)}}
}

// files are the message's file and its caption.
func (c content) files() []desk.Part {
	var parts []desk.Part
	for _, f := range []struct {
		file *file
		part desk.Part
	}{
		{c.Image, desk.Part{Kind: desk.PartImage}},
		{c.Sticker, desk.Part{Kind: desk.PartImage, Sticker: true}},
		{c.Video, desk.Part{Kind: desk.PartVideo}},
		{c.Document, desk.Part{Kind: desk.PartFile}},
		{c.Audio, desk.Part{Kind: desk.PartAudio, Voice: c.Audio != nil && c.Audio.Voice}},
		{c.Voice, desk.Part{Kind: desk.PartAudio, Voice: true}},
	} {
		if f.file != nil && f.file.ID != "" {
			f.part.MediaRef, f.part.MediaName, f.part.Media = string(f.file.ID), plain(f.file.Filename), desk.MediaFetching
			parts = append(append(parts, f.part), text(f.file.Caption)...)
		}
	}
	return parts
}

func cards(all []card) []desk.Part {
	part := desk.Part{Kind: desk.PartCards}
	for _, c := range all {
		known := desk.Card{Name: plain(c.Name.Formatted), Org: plain(c.Org.Company)}
		if known.Name == "" {
			known.Name = plain(c.Name.First)
		}
		for _, p := range c.Phones {
			number := plain(p.Phone)
			if number == "" && p.WaID != "" {
				number = "+" + string(p.WaID)
			}
			if number != "" {
				known.Phones = append(known.Phones, number)
			}
		}
		for _, e := range c.Emails {
			if address := plain(e.Email); address != "" {
				known.Emails = append(known.Emails, address)
			}
		}
		part.Cards = append(part.Cards, known)
	}
	return []desk.Part{part}
}

func (i interactive) parts() ([]desk.Part, string) {
	switch {
	case i.ButtonReply != nil:
		return text(i.ButtonReply.Title), plain(i.ButtonReply.ID)
	case i.ListReply != nil:
		return text(i.ListReply.Title), plain(i.ListReply.ID)
	case i.Form != nil:
		return text(lines(i.Form.Body, answers(i.Form.Response))), ""
	}
	return nil, ""
}

// answers are what was filled into a form, a line each. The token is the form's own.
func answers(response string) string {
	var all map[string]any
	if json.Unmarshal([]byte(response), &all) != nil {
		return ""
	}
	var said []string
	for name, value := range all {
		if name == "flow_token" || value == nil {
			continue
		}
		if s, ok := value.(string); ok {
			said = append(said, name+": "+s)
		} else if raw, err := json.Marshal(value); err == nil {
			said = append(said, name+": "+string(raw))
		}
	}
	slices.Sort(said)
	return lines(said...)
}
