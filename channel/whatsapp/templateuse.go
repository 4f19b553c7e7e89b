package whatsapp

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"madoguchi/channel"
	"madoguchi/channel/graph"
	"madoguchi/desk"
)

type (
	templateBody struct {
		Name       string              `json:"name"`
		Language   templateLanguage    `json:"language"`
		Components []templateComponent `json:"components,omitempty"`
	}
	templateLanguage struct {
		Policy string `json:"policy"`
		Code   string `json:"code"`
	}
	templateComponent struct {
		Type       string              `json:"type"`
		SubType    string              `json:"sub_type,omitempty"`
		Index      string              `json:"index,omitempty"`
		Parameters []templateParameter `json:"parameters"`
	}
	templateParameter struct {
		Type     string     `json:"type"`
		Name     string     `json:"parameter_name,omitempty"`
		Text     string     `json:"text,omitempty"`
		Payload  string     `json:"payload,omitempty"`
		Coupon   string     `json:"coupon_code,omitempty"`
		Image    *fileBody  `json:"image,omitempty"`
		Video    *fileBody  `json:"video,omitempty"`
		Document *fileBody  `json:"document,omitempty"`
		Location *placeBody `json:"location,omitempty"`
	}
)

// The beginnings of variables' names in desk.TemplateUse; a variable of the body has none.
const (
	headerVariable = "header."
	buttonVariable = "button."
)

// fillTemplate puts a template and its values into the body: the header's first, then the body's, then the buttons'.
func fillTemplate(ctx context.Context, api graph.Client, body *outgoing, m channel.Outgoing) *channel.Fault {
	t := m.Template
	sent := &templateBody{Name: t.Name, Language: templateLanguage{"deterministic", t.Language}}
	header := parameters(t.Variables, headerVariable)
	if t.HeaderFile != 0 {
		file, f := headerFile(ctx, api, t, m.Files)
		if f != nil {
			return f
		}
		header = []templateParameter{file}
	}
	if at := t.HeaderPlace; at != nil && t.HeaderKind == "location" {
		header = []templateParameter{{Type: "location", Location: &placeBody{at.Lat, at.Lng, at.Name, at.Address}}}
	}
	if len(header) > 0 {
		sent.Components = append(sent.Components, templateComponent{Type: "header", Parameters: header})
	}
	if words := parameters(t.Variables, ""); len(words) > 0 {
		sent.Components = append(sent.Components, templateComponent{Type: "body", Parameters: words})
	}
	sent.Components = append(sent.Components, buttons(t)...)
	body.Type, body.Template, body.Context = "template", sent, nil
	return nil
}

// parameters are the values of a place's variables: numbered ones in their order, named ones with their names.
func parameters(all map[string]string, place string) []templateParameter {
	var found []templateParameter
	for _, name := range slices.SortedFunc(maps.Keys(all), inOrder) {
		short, ok := strings.CutPrefix(name, place)
		if !ok || place == "" && (strings.HasPrefix(name, headerVariable) || strings.HasPrefix(name, buttonVariable)) {
			continue
		}
		p := templateParameter{Type: "text", Text: all[name]}
		if _, err := strconv.Atoi(short); err != nil {
			p.Name = short
		}
		found = append(found, p)
	}
	return found
}

// inOrder compares names that may end in a number: 2 comes before 10.
func inOrder(a, b string) int {
	return cmp.Or(cmp.Compare(ordinal(a), ordinal(b)), strings.Compare(a, b))
}

func ordinal(name string) int {
	n, err := strconv.Atoi(name[strings.LastIndexByte(name, '.')+1:])
	if err != nil {
		return 0
	}
	return n
}

func headerFile(ctx context.Context, api graph.Client, t *desk.TemplateUse, files map[desk.ID]channel.File) (templateParameter, *channel.Fault) {
	file, ok := files[t.HeaderFile]
	if !ok {
		return templateParameter{}, refuse("file_missing", "the template's file is missing")
	}
	id, f := upload(ctx, api, file)
	p := templateParameter{Type: t.HeaderKind}
	switch t.HeaderKind {
	case "image":
		p.Image = &fileBody{ID: id}
	case "video":
		p.Video = &fileBody{ID: id}
	default:
		p.Type, p.Document = "document", &fileBody{ID: id, Filename: file.Attachment.Name}
	}
	return p, f
}

// buttons are the values of buttons by their position: the end of an address, a code, what a quick reply hands back.
func buttons(t *desk.TemplateUse) []templateComponent {
	var found []templateComponent
	for _, name := range slices.SortedFunc(maps.Keys(t.Variables), inOrder) {
		index, ok := strings.CutPrefix(name, buttonVariable)
		position, err := strconv.Atoi(index)
		if !ok || err != nil || position < 0 {
			continue
		}
		kind := "url"
		if position < len(t.ButtonKinds) {
			kind = t.ButtonKinds[position]
		}
		c, p := templateComponent{Type: "button", SubType: "url", Index: strconv.Itoa(position)}, templateParameter{Type: "text", Text: t.Variables[name]}
		switch kind {
		case "quick_reply":
			c.SubType, p = kind, templateParameter{Type: "payload", Payload: t.Variables[name]}
		case "copy_code":
			c.SubType, p = kind, templateParameter{Type: "coupon_code", Coupon: t.Variables[name]}
		}
		c.Parameters = []templateParameter{p}
		found = append(found, c)
	}
	return found
}
