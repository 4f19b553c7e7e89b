package whatsapp

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"madoguchi/desk"
)

// template is a template as the provider writes it, told and submitted alike.
type template struct {
	ID         loose       `json:"id,omitempty"`
	Name       string      `json:"name"`
	Language   string      `json:"language"`
	Status     string      `json:"status,omitempty"`
	Category   string      `json:"category"`
	Format     string      `json:"parameter_format,omitempty"`
	Reason     string      `json:"rejected_reason,omitempty"`
	Components []component `json:"components"`
	Quality    *struct {
		Score string `json:"score"`
	} `json:"quality_score,omitempty"`
}

// samples are a button's: Meta tells a list on some kinds and a text on others.
type samples []string

// UnmarshalJSON takes both.
func (s *samples) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*s = samples{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(s))
}

type component struct {
	Type    string   `json:"type"`
	Format  string   `json:"format,omitempty"`
	Text    string   `json:"text,omitempty"`
	Example *example `json:"example,omitempty"`
	Buttons []button `json:"buttons,omitempty"`
}

type example struct {
	HeaderText   []string   `json:"header_text,omitempty"`
	HeaderHandle []string   `json:"header_handle,omitempty"`
	HeaderNamed  []sample   `json:"header_text_named_params,omitempty"`
	BodyText     [][]string `json:"body_text,omitempty"`
	BodyNamed    []sample   `json:"body_text_named_params,omitempty"`
}

type sample struct {
	Name  string `json:"param_name"`
	Value string `json:"example"`
}

type button struct {
	Type    string  `json:"type"`
	Text    string  `json:"text,omitempty"`
	URL     string  `json:"url,omitempty"`
	Phone   string  `json:"phone_number,omitempty"`
	Example samples `json:"example,omitempty"`
}

// buttonKinds are the desk's words for the provider's.
var buttonKinds = map[string]string{"QUICK_REPLY": "quick_reply", "URL": "url", "PHONE_NUMBER": "phone", "COPY_CODE": "copy_code"}

// desk is the template in the desk's words.
func (t template) desk() desk.Template {
	d := desk.Template{
		ExternalID: string(t.ID), Name: plain(t.Name), Language: plain(t.Language), Category: strings.ToLower(plain(t.Category)),
		Status: desk.TemplateStatus(strings.ToLower(plain(t.Status))), Reason: reason(t.Reason), Samples: map[string]string{},
	}
	if t.Quality != nil {
		d.Quality = quality(t.Quality.Score)
	}
	for _, c := range t.Components {
		switch c.Type {
		case "HEADER":
			d.Header = &desk.TemplateHeader{Kind: strings.ToLower(plain(c.Format)), Text: plain(c.Text)}
		case "BODY":
			d.Body = plain(c.Text)
		case "FOOTER":
			d.Footer = plain(c.Text)
		case "BUTTONS":
			for i, b := range c.Buttons {
				d.Buttons = append(d.Buttons, b.desk())
				if b.Type == "URL" && len(b.Example) > 0 {
					d.Samples[buttonVariable+strconv.Itoa(i)] = strings.TrimPrefix(plain(b.Example[0]), fixed(plain(b.URL)))
				}
			}
		}
		c.Example.into(d.Samples)
	}
	return d
}

func (b button) desk() desk.TemplateButton {
	kind := buttonKinds[b.Type]
	if kind == "" {
		kind = strings.ToLower(plain(b.Type))
	}
	made := desk.TemplateButton{Kind: kind, Label: plain(b.Text), Value: plain(b.URL + b.Phone)}
	if b.Type == "COPY_CODE" && len(b.Example) > 0 {
		made.Label, made.Value = "", plain(b.Example[0]) // its words are WhatsApp's; the code goes along each time
	}
	return made
}

// fixed is an address up to its variable. Meta wants whole addresses as samples, the desk keeps what stands for the variable.
func fixed(address string) string {
	before, _, _ := strings.Cut(address, "{{")
	return before
}

// into keeps the samples under their variables' names.
func (e *example) into(samples map[string]string) {
	if e == nil {
		return
	}
	for i, s := range e.HeaderText {
		samples[headerVariable+strconv.Itoa(i+1)] = plain(s)
	}
	for _, s := range e.HeaderNamed {
		samples[headerVariable+plain(s.Name)] = plain(s.Value)
	}
	for _, row := range e.BodyText {
		for i, s := range row {
			samples[strconv.Itoa(i+1)] = plain(s)
		}
	}
	for _, s := range e.BodyNamed {
		samples[plain(s.Name)] = plain(s.Value)
	}
}

// isName tells a named variable from a numbered one.
func isName(variable string) bool {
	_, err := strconv.Atoi(variable)
	return err != nil
}

// newTemplate is a template to submit.
func newTemplate(t desk.Template) template {
	n := template{Name: t.Name, Language: t.Language, Category: strings.ToUpper(t.Category), Format: "POSITIONAL"}
	if slices.ContainsFunc(desk.Variables(t.Body), isName) {
		n.Format = "NAMED"
	}
	if h := t.Header; h != nil && h.Kind != "" {
		n.Components = append(n.Components, newHeader(*h, t.Samples))
	}
	body := component{Type: "BODY", Text: t.Body}
	if names := desk.Variables(t.Body); len(names) > 0 {
		body.Example = &example{}
		body.Example.BodyText, body.Example.BodyNamed = given(names, "", t.Samples)
	}
	n.Components = append(n.Components, body)
	if t.Footer != "" {
		n.Components = append(n.Components, component{Type: "FOOTER", Text: t.Footer})
	}
	if len(t.Buttons) > 0 {
		n.Components = append(n.Components, component{Type: "BUTTONS", Buttons: newButtons(t)})
	}
	return n
}

func newHeader(h desk.TemplateHeader, samples map[string]string) component {
	c := component{Type: "HEADER", Format: strings.ToUpper(h.Kind), Text: h.Text}
	if names := desk.Variables(h.Text); len(names) > 0 {
		c.Example = &example{}
		rows, named := given(names, headerVariable, samples)
		for _, row := range rows {
			c.Example.HeaderText = row
		}
		c.Example.HeaderNamed = named
	}
	if handle := samples[desk.SampleHeader]; handle != "" && h.Kind != "text" {
		c.Example = &example{HeaderHandle: []string{handle}}
	}
	return c
}

// given are the samples of variables: numbered ones as a row, named ones each.
func given(names []string, place string, samples map[string]string) (rows [][]string, named []sample) {
	var row []string
	for _, name := range names {
		if isName(name) {
			named = append(named, sample{name, samples[place+name]})
		} else {
			row = append(row, samples[place+name])
		}
	}
	if row != nil {
		rows = [][]string{row}
	}
	return rows, named
}

func newButtons(t desk.Template) []button {
	all := make([]button, len(t.Buttons))
	for i, b := range t.Buttons {
		made := button{Text: b.Label}
		switch b.Kind {
		case "url":
			made.Type, made.URL = "URL", b.Value
			if s := t.Samples[buttonVariable+strconv.Itoa(i)]; s != "" && len(desk.Variables(b.Value)) > 0 {
				made.Example = samples{fixed(b.Value) + strings.TrimPrefix(s, fixed(b.Value))}
			}
		case "phone":
			made.Type, made.Phone = "PHONE_NUMBER", b.Value
		case "copy_code":
			made.Type, made.Text, made.Example = "COPY_CODE", "", samples{b.Value}
		default:
			made.Type = "QUICK_REPLY"
		}
		all[i] = made
	}
	return all
}
