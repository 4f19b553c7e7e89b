package desk

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// TemplateButton is one button of a template.
type TemplateButton struct {
	Kind  string `json:"kind"`            // quick_reply, url, phone, copy_code
	Label string `json:"label"`           // "" = the provider's own words, on a button that copies a code
	Value string `json:"value,omitempty"` // the address, with {{1}} at its end; the number; the code
}

// Limits of a template's buttons (C3.4).
const (
	maxTemplateButtons = 10
	maxTemplateLabel   = 25
	maxTemplateAddress = 2_000
	maxTemplatePhone   = 20
	maxTemplateCode    = 15
)

// buttonRule is how many buttons of a kind a template may have, and how long their values are.
type buttonRule struct{ most, value int }

var buttonRules = map[string]buttonRule{
	"quick_reply": {most: maxTemplateButtons},
	"url":         {most: 2, value: maxTemplateAddress},
	"phone":       {most: 1, value: maxTemplatePhone},
	"copy_code":   {most: 1, value: maxTemplateCode},
}

func (t Template) checkButtons() error {
	if len(t.Buttons) > maxTemplateButtons {
		return Invalid("buttons", "too_many_parts", "more than %d buttons", maxTemplateButtons)
	}
	count, groups := map[string]int{}, 0
	for i, b := range t.Buttons {
		rule, known := buttonRules[b.Kind]
		if count[b.Kind]++; b.Kind == "quick_reply" && (i == 0 || t.Buttons[i-1].Kind != b.Kind) {
			groups++
		}
		switch {
		case !known:
			return Invalid("buttons", "choice_invalid", "%q is no button", b.Kind)
		case count[b.Kind] > rule.most:
			return Invalid("buttons", "button_twice", "at most %d %s buttons", rule.most, b.Kind)
		case groups > 1:
			return Invalid("buttons", "buttons_apart", "quick replies stand together")
		}
		if err := b.check(rule); err != nil {
			return err
		}
	}
	return nil
}

func (b TemplateButton) check(rule buttonRule) error {
	label, value := strings.TrimSpace(b.Label), strings.TrimSpace(b.Value)
	switch {
	case label == "" && b.Kind != "copy_code", value == "" && b.Kind != "quick_reply":
		return Invalid("buttons", "field_missing", "a button has a label, and where it leads")
	case utf8.RuneCountInString(b.Label) > maxTemplateLabel:
		return buttonTooLong(maxTemplateLabel)
	case utf8.RuneCountInString(b.Value) > rule.value:
		return buttonTooLong(rule.value)
	case len(Variables(b.Label)) > 0, b.Kind != "url" && len(Variables(b.Value)) > 0:
		return Invalid("buttons", "variable_not_here", "of a button, only an address has a variable")
	case b.Kind == "url" && !webAddress(b.Value):
		return Invalid("buttons", "button_address_invalid", "%q is no https address with at most {{1}}, at its end", b.Value)
	}
	return nil
}

// webAddress reports whether an address is one, with a variable nowhere but at its end.
func webAddress(address string) bool {
	scheme, rest, ok := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "{{")
	places := templateVariable.FindAllStringIndex(address, -1)
	fixed := len(places) == 0 || len(places) == 1 && places[0][1] == len(address)
	return ok && (scheme == "https" || scheme == "http") && host != "" && fixed && !strings.ContainsAny(address, " \t\n")
}

func buttonTooLong(limit int) error {
	e := Invalid("buttons", "text_too_long", "more than %d characters on a button", limit)
	e.Params = map[string]string{"limit": strconv.Itoa(limit), "max": strconv.Itoa(limit)}
	return e
}

// Shown is what a thread keeps of a button: its label, or the code that it copies, which may be another than the template's.
func (b TemplateButton) Shown(code string) string {
	for _, words := range []string{b.Label, code, b.Value} {
		if words != "" {
			return words
		}
	}
	return b.Kind
}
