package desk

import (
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Template is a message that a provider approved for writing outside the window (C3).
type Template struct {
	ID         ID
	ChannelID  ID
	ExternalID string // the provider's id
	Name       string
	Language   string // as the provider writes it: "ja", "en_US"
	Category   string // marketing, utility, authentication
	Status     TemplateStatus
	Reason     string // why it was rejected, the provider's word
	Quality    string // GREEN, YELLOW, RED, "" unknown
	Header     *TemplateHeader
	Body       string // with {{1}} or {{name}}
	Footer     string
	Buttons    []TemplateButton
	Samples    map[string]string // by variable
	UpdatedAt  time.Time
	CreatedBy  ID // 0 = made elsewhere
}

// TemplateStatus is the provider's word for how a template stands (C3.2), in lower case.
type TemplateStatus string

// The statuses that mean something to the desk; TemplateDeleted is of one that the provider has no more, its history stays (C3.1).
const (
	TemplateApproved TemplateStatus = "approved"
	TemplateRejected TemplateStatus = "rejected"
	TemplatePaused   TemplateStatus = "paused"
	TemplateDisabled TemplateStatus = "disabled"
	TemplateDeleted  TemplateStatus = "deleted"
)

// Sendable reports whether a template of this status goes out (C3.3).
func (s TemplateStatus) Sendable() bool {
	switch s {
	case TemplateApproved, "flagged", "reinstated", "unarchived":
		return true
	}
	return false
}

// TemplateHeader is what stands above a template's body.
type TemplateHeader struct {
	Kind string `json:"kind"` // text, image, video, document, location
	Text string `json:"text,omitempty"`
}

// TemplateUse is a template being sent: which, and with what.
type TemplateUse struct {
	TemplateID ID                `json:"template_id,omitempty"`
	Name       string            `json:"name"`
	Language   string            `json:"language"`
	Category   string            `json:"category,omitempty"`
	Variables  map[string]string `json:"variables,omitempty"` // of header ("header.1"), body ("1" or "name") and buttons ("button.0")
	HeaderFile ID                `json:"header_file,omitempty"`
	HeaderKind string            `json:"header_kind,omitempty"`
	// HeaderPlace is the place that a header of kind location shows.
	HeaderPlace *TemplatePlace `json:"header_place,omitempty"`
	// ButtonKinds are those of the template's buttons, in order: what a button's variable stands for; "" or fewer = url.
	ButtonKinds []string `json:"button_kinds,omitempty"`
}

// TemplatePlace is a place above a template's body; providers want all of it.
type TemplatePlace struct {
	Lat     float64 `json:"lat"`
	Lng     float64 `json:"lng"`
	Name    string  `json:"name"`
	Address string  `json:"address"`
}

// Check refuses what is no place on the globe or has no words.
func (p TemplatePlace) Check() error {
	if !(math.Abs(p.Lat) <= 90 && math.Abs(p.Lng) <= 180) || strings.TrimSpace(p.Name) == "" || strings.TrimSpace(p.Address) == "" {
		return Invalid("header_place", "place_invalid", "a place has a latitude, a longitude, a name and an address")
	}
	return nil
}

// Location is the place as a thread shows it.
func (p TemplatePlace) Location() Location {
	return Location{Lat: p.Lat, Lng: p.Lng, Label: p.Name + ", " + p.Address}
}

// SampleHeader names the sample of a header that is a file, among Template.Samples: what the provider calls it.
const SampleHeader = "header"

// SamplePolicy is what may be the sample of a template's header (C3.6).
func SamplePolicy() FilePolicy {
	return FilePolicy{Kinds: map[PartKind]FileRule{PartImage: {MaxBytes: 5 << 20}, PartVideo: {MaxBytes: 16 << 20}, PartFile: {MaxBytes: 100 << 20}, PartAudio: {Refused: true}}}
}

// Limits of a template (C3.4).
const (
	maxTemplateBody   = 1_024
	maxTemplateHeader = 60
	maxTemplateFooter = 60
)

var templateName = regexp.MustCompile(`^[a-z0-9_]{1,512}$`)

// templateVariable is {{1}} or {{name}} in a template's text.
var templateVariable = regexp.MustCompile(`\{\{\s*([a-z0-9_]+)\s*\}\}`)

// Variables names what a template's text leaves open, in order of first appearance.
func Variables(text string) []string {
	var names []string
	for _, found := range templateVariable.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, found[1]) {
			names = append(names, found[1])
		}
	}
	return names
}

// Fill puts values into a template's text; a variable without a value stays.
func Fill(text string, values map[string]string) string {
	return templateVariable.ReplaceAllStringFunc(text, func(found string) string {
		if value, ok := values[templateVariable.FindStringSubmatch(found)[1]]; ok {
			return value
		}
		return found
	})
}

// Check refuses what no provider takes (C3.4, C3.5): desk.KindInvalid with the field's name.
func (t Template) Check() error {
	if !templateName.MatchString(t.Name) {
		return Invalid("name", "template_name_invalid", "%q has other characters than a–z, 0–9 and _", t.Name)
	}
	if t.Language == "" {
		return Invalid("language", "field_missing", "a template has a language")
	}
	switch t.Category {
	case "marketing", "utility", "authentication":
	default:
		return Invalid("category", "choice_invalid", "%q is no category", t.Category)
	}
	if err := t.checkTexts(); err != nil {
		return err
	}
	for _, name := range t.Variables() {
		if strings.TrimSpace(t.Samples[name]) == "" {
			e := Invalid("samples", "sample_missing", "{{%s}} has no sample", name)
			e.Params = map[string]string{"name": name}
			return e
		}
	}
	return t.checkButtons()
}

func (t Template) checkTexts() error {
	for _, one := range []struct {
		field, text string
		limit       int
	}{{"body", t.Body, maxTemplateBody}, {"footer", t.Footer, maxTemplateFooter}, {"header", t.headerText(), maxTemplateHeader}} {
		if utf8.RuneCountInString(one.text) > one.limit {
			e := Invalid(one.field, "text_too_long", "more than %d characters", one.limit)
			e.Params = map[string]string{"limit": strconv.Itoa(one.limit), "max": strconv.Itoa(one.limit)}
			return e
		}
	}
	body := strings.TrimSpace(t.Body)
	switch {
	case body == "":
		return Invalid("body", "field_missing", "a template says something")
	case len(Variables(t.Footer)) > 0:
		return Invalid("footer", "variable_not_here", "a footer has no variables")
	case len(Variables(t.headerText())) > 1:
		return Invalid("header", "variable_not_here", "a header has one variable at most")
	}
	places := templateVariable.FindAllStringIndex(body, -1)
	for i, place := range places {
		if place[0] == 0 || place[1] == len(body) || i > 0 && strings.TrimSpace(body[places[i-1][1]:place[0]]) == "" {
			return Invalid("body", "variable_at_edge", "a variable neither opens nor closes the text nor touches another")
		}
	}
	return numbered(Variables(t.Body))
}

func (t Template) headerText() string {
	if t.Header == nil {
		return ""
	}
	return t.Header.Text
}

// numbered refuses gaps where the variables are numbers.
func numbered(names []string) error {
	numbers := 0
	for _, name := range names {
		if n, err := strconv.Atoi(name); err == nil {
			numbers++
			if n < 1 || n > len(names) {
				return Invalid("body", "variables_with_gaps", "variables count 1, 2, 3 …")
			}
		}
	}
	if numbers != 0 && numbers != len(names) {
		return Invalid("body", "variables_with_gaps", "variables are all numbers or all names")
	}
	return nil
}

// Variables are everything that is filled in when the template is sent, under the names of TemplateUse.Variables.
func (t Template) Variables() []string {
	names := Variables(t.Body)
	for _, name := range Variables(t.headerText()) {
		names = append(names, "header."+name)
	}
	for i, b := range t.Buttons {
		if b.Kind == "url" && len(Variables(b.Value)) > 0 {
			names = append(names, "button."+strconv.Itoa(i))
		}
	}
	return names
}

// Told is the template after a provider's news of it, which says only what changed (C3.2).
func (t Template) Told(news Template) Template {
	for _, field := range []struct{ ours, theirs *string }{
		{&t.ExternalID, &news.ExternalID}, {&t.Category, &news.Category}, {&t.Quality, &news.Quality}, {&t.Body, &news.Body}, {&t.Footer, &news.Footer},
	} {
		if *field.theirs != "" {
			*field.ours = *field.theirs
		}
	}
	if news.Status != "" {
		t.Status, t.Reason = news.Status, news.Reason
	}
	if news.Header != nil {
		t.Header = news.Header
	}
	return t
}

// Reads is a template's words as the customer reads them: header, body, footer, and the labels of the buttons.
func (t Template) Reads(values map[string]string) string {
	var lines []string
	if t.Header != nil && t.Header.Kind == "text" {
		header := map[string]string{}
		for _, name := range Variables(t.Header.Text) {
			header[name] = values["header."+name]
		}
		lines = append(lines, Fill(t.Header.Text, header), "")
	}
	lines = append(lines, Fill(t.Body, values))
	if t.Footer != "" {
		lines = append(lines, "", t.Footer)
	}
	for i, b := range t.Buttons {
		if i == 0 {
			lines = append(lines, "")
		}
		lines = append(lines, "["+b.Shown(values["button."+strconv.Itoa(i)])+"]")
	}
	return strings.Join(lines, "\n")
}

// Use is the template being sent with values. A code that customers copy is the template's own unless the values have another.
func (t Template) Use(values map[string]string) TemplateUse {
	u := TemplateUse{TemplateID: t.ID, Name: t.Name, Language: t.Language, Category: t.Category, Variables: map[string]string{}}
	maps.Copy(u.Variables, values)
	if t.Header != nil {
		u.HeaderKind = t.Header.Kind
	}
	for i, b := range t.Buttons {
		u.ButtonKinds = append(u.ButtonKinds, b.Kind)
		if name := "button." + strconv.Itoa(i); b.Kind == "copy_code" && u.Variables[name] == "" {
			u.Variables[name] = b.Value
		}
	}
	return u
}
