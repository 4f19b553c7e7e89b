package webchat_test

import (
	"strings"
	"testing"

	"madoguchi/channel/webchat"
	"madoguchi/desk"
)

const own = "https://support.example.com"

func TestSettingsAllow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		origins []string
		origin  string
		want    bool
	}{
		{nil, own, true},
		{nil, "http://localhost:3000", true},
		{nil, "http://127.0.0.1:8080", true},
		{nil, "http://[::1]:8080", true},
		{nil, "http://127.0.0.1.evil.example", false},
		{nil, "http://localhost.evil.example", false},
		{nil, "https://www.example.org", false},
		{nil, "null", false},
		{nil, "", false},
		{[]string{"https://www.example.org"}, "https://www.example.org", true},
		{[]string{"https://www.example.org"}, "https://WWW.example.org", true},
		{[]string{"https://www.example.org"}, "http://www.example.org", false},
		{[]string{"https://www.example.org"}, "https://www.example.org:8443", false},
		{[]string{"https://www.example.org"}, "https://www.example.org.evil.example", false},
		{[]string{"https://www.example.org"}, "http://localhost:3000", false},
		{[]string{"https://www.example.org"}, own, true},
		{[]string{"https://*.example.org"}, "https://shop.example.org", true},
		{[]string{"https://*.example.org"}, "https://a.b.example.org", true},
		{[]string{"https://*.example.org"}, "https://example.org", false},
		{[]string{"https://*.example.org"}, "https://evilexample.org", false},
		{[]string{"https://*.example.org"}, "https://.example.org", false},
		{[]string{"https://*.example.org:8443"}, "https://shop.example.org:8443", true},
		{[]string{"https://*.example.org"}, "null", false},
	} {
		if got := (webchat.Settings{Origins: test.origins}).Allows(test.origin, own); got != test.want {
			t.Errorf("%v allows %q: %v", test.origins, test.origin, got)
		}
	}
}

func TestFrameAncestorsFollowTheList(t *testing.T) {
	t.Parallel()
	open := strings.Join(webchat.Settings{}.FrameAncestors(own), " ")
	if !strings.Contains(open, own) || !strings.Contains(open, "http://localhost:*") || strings.Contains(open, " *") {
		t.Errorf("without a list: %s", open)
	}
	listed := strings.Join(webchat.Settings{Origins: []string{"https://*.example.org"}}.FrameAncestors(own), " ")
	if listed != own+" https://*.example.org" {
		t.Errorf("with a list: %s", listed)
	}
}

func TestSettingsValidate(t *testing.T) {
	t.Parallel()
	for raw, field := range map[string]string{
		``:   "",
		`{}`: "",
		`{"origins":["https://www.example.org","https://*.example.org","http://localhost:3000"]}`: "",
		`{"origins":["www.example.org"]}`:                        "origins",
		`{"origins":["https://www.example.org/"]}`:               "origins",
		`{"origins":["https://www.example.org/path"]}`:           "origins",
		`{"origins":["*"]}`:                                      "origins",
		`{"origins":["https://*"]}`:                              "origins",
		`{"origins":["https://a;script-src *"]}`:                 "origins",
		`{"origins":["https://a.example\nX: y"]}`:                "origins",
		`{"origins":["https://a'unsafe-inline'.example"]}`:       "origins",
		`{"origins":["https://user:pw@example.org"]}`:            "origins",
		`{"origins":["javascript:alert(1)"]}`:                    "origins",
		`{"color":"red;}"}`:                                      "color",
		`{"color":"#12ab9F"}`:                                    "",
		`{"theme":"pink"}`:                                       "theme",
		`{"ask_email":"required","ask_when":"first"}`:            "",
		`{"ask_when":"never"}`:                                   "ask_when",
		`{"privacy_url":"javascript:alert(1)"}`:                  "privacy_url",
		`{"privacy_url":"https://example.org/privacy"}`:          "",
		`{"sender_avatar":"data:image/svg+xml,<svg/>"}`:          "sender_avatar",
		`{"greeting":{"ja":"` + strings.Repeat("あ", 301) + `"}}`: "greeting",
		`{"sender_name":"` + strings.Repeat("a", 61) + `"}`:      "sender_name",
		`{"attachments":"yes"}`:                                  "settings",
		`[]`:                                                     "settings",
	} {
		err := webchat.New().Validate([]byte(raw))
		got := ""
		if e, ok := err.(*desk.Error); ok { //nolint:errorlint // the field is what is tested
			got = e.Field
		} else if err != nil {
			t.Errorf("%s: not a desk error: %v", raw, err)
		}
		if got != field {
			t.Errorf("%s: field %q, want %q (%v)", raw, got, field, err)
		}
	}
}

func TestCheckForm(t *testing.T) {
	t.Parallel()
	name, email, err := webchat.CheckForm("  山田\u0000 太郎 ", " taro@example.com ")
	if err != nil || name != "山田 太郎" || email != "taro@example.com" {
		t.Errorf("got %q %q %v", name, email, err)
	}
	for _, bad := range []string{"taro", "a@b@c", "Taro <taro@example.com>", "taro@example.com\r\nBcc: x@example.com"} {
		if _, _, err := webchat.CheckForm("", bad); err == nil {
			t.Errorf("%q passes as an address", bad)
		}
	}
}
