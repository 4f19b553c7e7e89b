package sim

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// variable is a place that is filled in when a template is sent.
var variable = regexp.MustCompile(`\{\{\s*([a-zA-Z0-9_]+)\s*\}\}`)

// templateParameter is one value.
type templateParameter struct {
	Type    string
	Text    string
	Payload string
	Name    string `json:"parameter_name"`
	Image   *templateFile
	Video   *templateFile
	File    *templateFile  `json:"document"`
	Place   *templatePlace `json:"location"`
	Code    string         `json:"coupon_code"`
}

// templatePlace is the place of a header that is one.
type templatePlace struct {
	Latitude, Longitude *float64
	Name, Address       string
}

// templateFile is the file of a header that is one.
type templateFile struct{ ID, Filename string }

// file is the parameter's, nil if it has none.
func (p templateParameter) file() *templateFile {
	for _, f := range []*templateFile{p.Image, p.Video, p.File} {
		if f != nil {
			return f
		}
	}
	return nil
}

// useTemplate fills a template in as the customer will read it.
func (x *whatsapp) useTemplate(a *Account, m *Message, q request) *answer {
	var use struct {
		Name       string
		Language   struct{ Code string }
		Components []struct {
			Type       string
			Index      json.RawMessage
			Parameters []templateParameter
		}
	}
	bad := func(code int, message string) *answer { refused := invalid(code, message); return &refused }
	if !q.into("template", &use) {
		return bad(131008, "Required parameter is missing")
	}
	number := a.state.(*whatsappNumber)
	i := slices.IndexFunc(number.Templates, func(t *Template) bool { return t.Name == use.Name && t.Language == use.Language.Code })
	if i < 0 || number.Templates[i].Status != "APPROVED" && number.Templates[i].Status != "PAUSED" {
		refused := withDetails(graphError(http.StatusNotFound, 132001, 0, "(#132001) Template name does not exist in the translation"))
		return &refused
	}
	t := number.Templates[i]
	if t.Status == "PAUSED" {
		return bad(132015, "Template is paused")
	}
	given, tapped := map[string][]templateParameter{}, map[string]templateParameter{}
	for _, c := range use.Components {
		given[strings.ToUpper(c.Type)] = c.Parameters
		if strings.EqualFold(c.Type, "button") && len(c.Parameters) > 0 {
			tapped[strings.Trim(string(c.Index), `"`)] = c.Parameters[0]
		}
	}
	m.Template = t.Name
	var texts []string
	for _, c := range t.Components {
		if c.Type == "HEADER" && mediaHeaders[c.Format] {
			if refused := x.headerOf(number, m, c.Format, given[c.Type]); refused != nil {
				return refused
			}
			continue
		}
		if c.Type == "HEADER" && c.Format == "LOCATION" {
			if refused := placeOf(m, given[c.Type]); refused != nil {
				return refused
			}
			continue
		}
		text, ok := fillIn(c.Text, given[c.Type])
		if !ok {
			return bad(132000, "Number of parameters does not match the expected number of params")
		}
		if text != "" {
			texts = append(texts, text)
		}
		for i, b := range c.Buttons {
			shown, ok := b.shown(tapped[strconv.Itoa(i)])
			if !ok {
				return bad(131008, "Required parameter is missing")
			}
			m.Buttons = append(m.Buttons, shown)
		}
	}
	m.Text = strings.Join(texts, "\n")
	return nil
}

// fillIn puts values into a text, by name or in order; false if there are too few or too many.
func fillIn(text string, values []templateParameter) (string, bool) {
	used := map[string]bool{}
	for _, found := range variable.FindAllStringSubmatch(text, -1) {
		used[found[1]] = true
	}
	if text != "" && len(used) != len(values) {
		return "", false
	}
	ok := true
	filled := variable.ReplaceAllStringFunc(text, func(found string) string {
		name := variable.FindStringSubmatch(found)[1]
		for i, v := range values {
			if v.Name == name || v.Name == "" && strconv.Itoa(i+1) == name {
				return v.Text
			}
		}
		ok = false
		return found
	})
	return filled, ok
}

// headerOf shows the file that a template was sent with.
func (x *whatsapp) headerOf(number *whatsappNumber, m *Message, format string, given []templateParameter) *answer {
	if len(given) != 1 || !strings.EqualFold(given[0].Type, format) || given[0].file() == nil || number.uploads[given[0].file().ID] == "" {
		refused := invalid(132012, "Parameter format does not match format in the created template")
		return &refused
	}
	sent := given[0].file()
	shown := x.sim.shown(number.uploads[sent.ID], whatsappMedia[strings.ToLower(format)])
	if sent.Filename != "" {
		shown.Name = sent.Filename
	}
	m.Files = []Shown{shown}
	return nil
}

// placeOf shows the place that a template was sent with.
func placeOf(m *Message, given []templateParameter) *answer {
	if len(given) != 1 || given[0].Type != "location" || given[0].Place == nil || !given[0].Place.whole() {
		refused := invalid(132012, "Parameter format does not match format in the created template")
		return &refused
	}
	p := given[0].Place
	m.Place = &Place{Lat: *p.Latitude, Lon: *p.Longitude, Title: p.Name, Address: p.Address}
	return nil
}

// whole reports whether nothing of a place is missing.
func (p templatePlace) whole() bool {
	return p.Latitude != nil && p.Longitude != nil && p.Name != "" && p.Address != ""
}

// shown is the button on the phone; false if what it needs is missing: the end of an address, a code.
func (b TemplateButton) shown(given templateParameter) (Button, bool) {
	shown := Button{ID: b.Text, Label: b.Text, URL: b.URL, kind: "template"}
	if given.Payload != "" {
		shown.ID = given.Payload
	}
	switch {
	case b.Type == "COPY_CODE":
		shown.ID, shown.Label = given.Code, given.Code
		return shown, given.Code != ""
	case variable.MatchString(b.URL):
		shown.URL = variable.ReplaceAllLiteralString(b.URL, given.Text)
		return shown, given.Text != ""
	}
	return shown, true
}
