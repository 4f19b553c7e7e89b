package whatsapp

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"madoguchi/desk"
)

// samples are a button's: Meta tells a list on some kinds and a text on others.
type samples []string

// UnmarshalJSON takes both.
func (s *samples) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*s = samples{one}
		return nil
	}
	var all []string
	err := json.Unmarshal(raw, &all)
	*s = all
	return err
}

// headerHandle is the sample of a header that is a file: the handle of its upload to Meta.
const headerHandle = "header"

// Limits of a template (C3.4).
const (
	maxTemplateBody   = 1024
	maxTemplateLine   = 60 // header and footer
	maxTemplateButton = 25
	maxButtonCount    = 10
)

var (
	templateName     = regexp.MustCompile(`^[a-z0-9_]{1,512}$`)
	templateLocale   = regexp.MustCompile(`^[a-z]{2,3}(_[A-Z]{2,4})?$`)
	templateVariable = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_]+)\s*\}\}`)
	touching         = regexp.MustCompile(`\}\}\s*\{\{`)
)

// variables are the names of a text's variables, each once, as they come.
func variables(text string) []string {
	var names []string
	for _, found := range templateVariable.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, found[1]) {
			names = append(names, found[1])
		}
	}
	return names
}

func isName(variable string) bool {
	_, err := strconv.Atoi(variable)
	return err != nil
}

// checkTemplate holds a template against what the provider would refuse (C3.4, C3.5); nil if nothing.
func checkTemplate(t desk.Template) *desk.Error {
	body := strings.TrimSpace(t.Body)
	switch {
	case !templateName.MatchString(t.Name):
		return desk.Invalid("name", "template_name_invalid", "lower-case letters, digits and _ only")
	case !templateLocale.MatchString(t.Language):
		return desk.Invalid("language", "template_language_invalid", "a code such as ja or en_US")
	case !slices.Contains([]string{"marketing", "utility", "authentication"}, t.Category):
		return desk.Invalid("category", "template_category_invalid", "marketing, utility or authentication")
	case body == "" || utf8.RuneCountInString(t.Body) > maxTemplateBody:
		return desk.Invalid("body", "template_body_length", "1 to %d characters", maxTemplateBody)
	case strings.HasPrefix(body, "{{") || strings.HasSuffix(body, "}}"):
		return desk.Invalid("body", "template_variable_at_edge", "a variable neither begins nor ends the body")
	case touching.MatchString(t.Body):
		return desk.Invalid("body", "template_variables_touch", "there is text between variables")
	case !gapless(variables(t.Body)):
		return desk.Invalid("body", "template_variables_gap", "variables are numbered 1, 2, 3 …, or all have names")
	case utf8.RuneCountInString(t.Footer) > maxTemplateLine || len(variables(t.Footer)) > 0:
		return desk.Invalid("footer", "template_footer_invalid", "at most %d characters, no variables", maxTemplateLine)
	}
	if err := checkHeader(t); err != nil {
		return err
	}
	if err := checkButtons(t.Buttons); err != nil {
		return err
	}
	return checkSamples(t)
}

// gapless reports whether variables are all named, or numbered from 1 without gaps.
func gapless(names []string) bool {
	numbers := 0
	for _, name := range names {
		if !isName(name) {
			numbers++
		}
	}
	for n := 1; n <= numbers; n++ {
		if !slices.Contains(names, strconv.Itoa(n)) {
			return false
		}
	}
	return numbers == 0 || numbers == len(names)
}

func checkHeader(t desk.Template) *desk.Error {
	h := t.Header
	switch {
	case h == nil || h.Kind == "" || h.Kind == "location":
		return nil
	case h.Kind == "text":
		if h.Text == "" || utf8.RuneCountInString(h.Text) > maxTemplateLine || len(variables(h.Text)) > 1 {
			return desk.Invalid("header", "template_header_invalid", "1 to %d characters, at most one variable", maxTemplateLine)
		}
	case t.Samples[headerHandle] == "":
		return desk.Invalid("header", "template_header_sample", "a header that is a file needs a sample")
	}
	return nil
}

// mostOf is how many buttons of a kind a template may have.
var mostOf = map[string]int{"quick_reply": 10, "url": 2, "phone": 1, "copy_code": 1}

func checkButtons(all []desk.TemplateButton) *desk.Error {
	if len(all) > maxButtonCount {
		return desk.Invalid("buttons", "template_buttons_invalid", "at most %d buttons", maxButtonCount)
	}
	count, groups, last := map[string]int{}, 0, false
	for _, b := range all {
		count[b.Kind]++
		quick := b.Kind == "quick_reply"
		if quick && !last {
			groups++
		}
		last = quick
		label := utf8.RuneCountInString(b.Label)
		if count[b.Kind] > mostOf[b.Kind] || groups > 1 || label > maxTemplateButton || label == 0 && b.Kind != "copy_code" || !quick && b.Value == "" {
			return desk.Invalid("buttons", "template_buttons_invalid", "labels of 1 to %d characters, a value, quick replies together, at most %v", maxTemplateButton, mostOf)
		}
	}
	return nil
}

// checkSamples wants a sample of every variable.
func checkSamples(t desk.Template) *desk.Error {
	wanted := variables(t.Body)
	if t.Header != nil {
		for _, name := range variables(t.Header.Text) {
			wanted = append(wanted, headerVariable+name)
		}
	}
	for i, b := range t.Buttons {
		if b.Kind == "url" && len(variables(b.Value)) > 0 {
			wanted = append(wanted, buttonVariable+strconv.Itoa(i))
		}
	}
	for _, name := range wanted {
		if strings.TrimSpace(t.Samples[name]) == "" {
			e := desk.Invalid("samples", "template_sample_missing", "no sample of %s", name)
			e.Params = map[string]string{"variable": name}
			return e
		}
	}
	return nil
}
