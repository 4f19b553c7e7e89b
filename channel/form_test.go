package channel_test

import (
	"errors"
	"testing"

	"madoguchi/channel"
	"madoguchi/desk"
)

func TestCheckForm(t *testing.T) {
	t.Parallel()
	form := []channel.Setting{
		{Name: "page", Type: "text", Required: true, Pattern: `^[0-9]+$`, MaxRunes: 5},
		{Name: "kind", Type: "choice", Options: []string{"a", "b"}, Default: "a", Required: true},
		{Name: "home", Type: "url"},
		{Name: "on", Type: "bool"},
		{Name: "token", Type: "secret", Required: true},
	}
	for raw, want := range map[string]string{
		`{"page":"123"}`: "",
		`{"page":"123","kind":"b","home":"https://a.test","on":true}`: "",
		``:                              "page field_required",
		`[]`:                            "settings settings_invalid",
		`{"page":7}`:                    "page value_malformed",
		`{"page":"12a"}`:                "page value_malformed",
		`{"page":"123456"}`:             "page text_too_long",
		`{"page":"1","kind":"c"}`:       "kind choice_invalid",
		`{"page":"1","home":"a"}`:       "home url_invalid",
		`{"page":"1","home":"ftp://a"}`: "home url_invalid",
		`{"page":"1","on":"yes"}`:       "on value_malformed",
	} {
		got := ""
		var e *desk.Error
		if err := channel.CheckForm(form, []byte(raw)); errors.As(err, &e) && e.Kind == desk.KindInvalid {
			got = e.Field + " " + e.Code
		} else if err != nil {
			t.Errorf("%s: %v", raw, err)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
}
