package channel

import (
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"unicode/utf8"

	"madoguchi/desk"
)

// CheckForm holds settings against their form before anything is asked of the provider (B1.3): what is required,
// options, lengths and patterns of texts, addresses, numbers, choices and switches. Secrets are not among the settings, and lists
// and texts per locale are their connector's business. Errors are desk.Invalid with the field's name: "field_required",
// "value_malformed", "choice_invalid", "text_too_long", "url_invalid", "settings_invalid".
func CheckForm(form []Setting, raw []byte) error {
	values := map[string]json.RawMessage{}
	if len(bytes.TrimSpace(raw)) > 0 {
		if err := json.Unmarshal(raw, &values); err != nil {
			return desk.Invalid("settings", "settings_invalid", "read settings: %w", err)
		}
	}
	for _, s := range form {
		var err error
		switch s.Type {
		case "bool":
			err = checkSwitch(s, values[s.Name])
		case "text", "url", "phone", "choice":
			err = checkLine(s, values[s.Name])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func checkSwitch(s Setting, raw json.RawMessage) error {
	var on *bool
	if len(raw) > 0 && json.Unmarshal(raw, &on) != nil {
		return desk.Invalid(s.Name, "value_malformed", "%.60s is neither true nor false", raw)
	}
	return nil
}

func checkLine(s Setting, raw json.RawMessage) error {
	var value string
	if len(raw) > 0 && json.Unmarshal(raw, &value) != nil {
		return desk.Invalid(s.Name, "value_malformed", "not a text")
	}
	if value == "" {
		if s.Required && s.Default == "" {
			return desk.Invalid(s.Name, "field_required", "is required")
		}
		return nil
	}
	if s.MaxRunes > 0 && utf8.RuneCountInString(value) > s.MaxRunes {
		return desk.Invalid(s.Name, "text_too_long", "at most %d characters", s.MaxRunes)
	}
	if s.Type == "choice" && !slices.Contains(s.Options, value) {
		return desk.Invalid(s.Name, "choice_invalid", "%.60q is none of %v", value, s.Options)
	}
	if u, err := url.Parse(value); s.Type == "url" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		return desk.Invalid(s.Name, "url_invalid", "%.60q is not an http(s) address", value)
	}
	if s.Pattern == "" {
		return nil
	}
	pattern, err := regexp.Compile(s.Pattern)
	if err != nil || !pattern.MatchString(value) { // a pattern that does not compile is found by channeltest
		return desk.Invalid(s.Name, "value_malformed", "%.60q does not look as the provider writes it", value)
	}
	return nil
}

// NumberOf is our own telephone number on a channel, as its settings have it; "" where it has none.
func NumberOf(s Spec, settings json.RawMessage) string {
	i := slices.IndexFunc(s.Settings, func(field Setting) bool { return field.Type == "phone" })
	var values map[string]any
	if i < 0 || json.Unmarshal(settings, &values) != nil {
		return ""
	}
	number, _ := values[s.Settings[i].Name].(string)
	return number
}
