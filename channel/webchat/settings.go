package webchat

import (
	"bytes"
	"encoding/json"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Texts is a text per locale ("ja", "en").
type Texts map[string]string

// In picks the text for a locale, "" if there is none.
func (t Texts) In(locale desk.Locale) string { return t[string(locale)] }

// Settings are what an administrator decides about one widget. Fields left out have the form's defaults.
type Settings struct {
	Origins       []string `json:"origins"`  // sites that may carry the widget, see Allows
	Color         string   `json:"color"`    // #rrggbb
	Theme         string   `json:"theme"`    // auto, light, dark
	Position      string   `json:"position"` // right, left
	Locale        string   `json:"locale"`   // auto, ja, en
	Greeting      Texts    `json:"greeting"` // opens the empty chat
	Teaser        Texts    `json:"teaser"`   // beside the launcher, "" = none
	AwayText      Texts    `json:"away_text"`
	SenderName    string   `json:"sender_name"` // who speaks before a person answered
	SenderAvatar  string   `json:"sender_avatar"`
	ExpectedReply string   `json:"expected_reply"` // none, minutes, hours, day
	PrivacyURL    string   `json:"privacy_url"`
	PrivacyText   Texts    `json:"privacy_text"`
	AskName       string   `json:"ask_name"`  // off, optional, required
	AskEmail      string   `json:"ask_email"` // off, optional, required
	AskWhen       string   `json:"ask_when"`  // first, away
	Attachments   bool     `json:"attachments"`
}

var settingsForm = []channel.Setting{
	{Name: "origins", Type: "origins"},
	{Name: "color", Type: "color", Default: "#2563eb"},
	{Name: "theme", Type: "choice", Options: []string{"auto", "light", "dark"}, Default: "auto"},
	{Name: "position", Type: "choice", Options: []string{"right", "left"}, Default: "right"},
	{Name: "locale", Type: "choice", Options: []string{"auto", "ja", "en"}, Default: "auto"},
	{Name: "greeting", Type: "texts", MaxRunes: 300},
	{Name: "teaser", Type: "texts", MaxRunes: 120},
	{Name: "away_text", Type: "texts", MaxRunes: 300},
	{Name: "sender_name", Type: "text", MaxRunes: 60},
	{Name: "sender_avatar", Type: "url"},
	{Name: "expected_reply", Type: "choice", Options: []string{"none", "minutes", "hours", "day"}, Default: "none"},
	{Name: "privacy_url", Type: "url"},
	{Name: "privacy_text", Type: "texts", MaxRunes: 500},
	{Name: "ask_name", Type: "choice", Options: askOptions, Default: "off"},
	{Name: "ask_email", Type: "choice", Options: askOptions, Default: "optional"},
	{Name: "ask_when", Type: "choice", Options: []string{"first", "away"}, Default: "away"},
	{Name: "attachments", Type: "bool", Default: "true"},
}

var askOptions = []string{"off", "optional", "required"}

const maxOrigins = 100

// ReadSettings reads a channel's settings over the form's defaults.
func ReadSettings(raw []byte) (Settings, error) {
	s := Settings{
		Color: "#2563eb", Theme: "auto", Position: "right", Locale: "auto", ExpectedReply: "none",
		AskName: "off", AskEmail: "optional", AskWhen: "away", Attachments: true,
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return Settings{}, desk.Invalid("settings", "settings_invalid", "read web chat settings: %w", err)
	}
	return s, nil
}

var hexColor = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// Validate checks settings before they are kept; errors are desk.Invalid with the setting's name.
func (Connector) Validate(raw []byte) error {
	s, err := ReadSettings(raw)
	if err != nil {
		return err
	}
	if len(s.Origins) > maxOrigins {
		return desk.Invalid("origins", "too_many_origins", "at most %d origins", maxOrigins)
	}
	for _, o := range s.Origins {
		if !validOrigin(o) {
			e := desk.Invalid("origins", "origin_invalid", "%q is not an origin such as https://www.example.com or https://*.example.com", o)
			e.Params = map[string]string{"origin": o}
			return e
		}
	}
	if !hexColor.MatchString(s.Color) {
		return desk.Invalid("color", "color_invalid", "%q is not a colour such as #2563eb", s.Color)
	}
	for name, address := range map[string]string{"sender_avatar": s.SenderAvatar, "privacy_url": s.PrivacyURL} {
		if u, err := url.Parse(address); address != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			return desk.Invalid(name, "url_invalid", "%q is not an http(s) address", address)
		}
	}
	return s.checkForm()
}

// checkForm checks choices and lengths against the form.
func (s Settings) checkForm() error {
	texts := map[string]Texts{"greeting": s.Greeting, "teaser": s.Teaser, "away_text": s.AwayText, "privacy_text": s.PrivacyText, "sender_name": {"": s.SenderName}}
	choices := map[string]string{
		"theme": s.Theme, "position": s.Position, "locale": s.Locale, "expected_reply": s.ExpectedReply,
		"ask_name": s.AskName, "ask_email": s.AskEmail, "ask_when": s.AskWhen,
	}
	for _, field := range settingsForm {
		if value, ok := choices[field.Name]; ok && !slices.Contains(field.Options, value) {
			return desk.Invalid(field.Name, "choice_invalid", "%q is none of %v", value, field.Options)
		}
		for _, text := range texts[field.Name] {
			if field.MaxRunes > 0 && utf8.RuneCountInString(text) > field.MaxRunes {
				return desk.Invalid(field.Name, "text_too_long", "at most %d characters", field.MaxRunes)
			}
		}
	}
	return nil
}

// validOrigin takes scheme://host[:port] without path, the first label of the host possibly "*".
func validOrigin(o string) bool {
	u, err := url.Parse(o)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	host := strings.TrimPrefix(u.Hostname(), "*.")
	visible := func(r rune) bool { return r > ' ' && r < 0x7f && !strings.ContainsRune("*,;'\"", r) }
	return host != "" && !strings.ContainsFunc(host, func(r rune) bool { return !visible(r) }) && u.String() == o
}

// Allows reports whether a page of this origin may carry the widget: the server's own pages (ours, e.g. the try page),
// the listed origins, and while none is listed also pages on the loopback host, so that a developer's first page works
// and a stranger's does not.
func (s Settings) Allows(origin, own string) bool {
	if origin == "" || origin == "null" {
		return false
	}
	if origin == own || slices.ContainsFunc(s.Origins, func(allowed string) bool { return matchOrigin(allowed, origin) }) {
		return true
	}
	return len(s.Origins) == 0 && loopback(origin)
}

// FrameAncestors are the sources of the same rule for a Content-Security-Policy.
func (s Settings) FrameAncestors(own string) []string {
	sources := []string{own}
	if len(s.Origins) > 0 {
		return append(sources, s.Origins...)
	}
	return append(sources, "http://localhost:*", "http://127.0.0.1:*", "https://localhost:*", "https://127.0.0.1:*")
}

func matchOrigin(allowed, origin string) bool {
	if strings.EqualFold(allowed, origin) {
		return true
	}
	scheme, host, ok := strings.Cut(allowed, "://*.")
	if !ok {
		return false
	}
	originScheme, originHost, ok := strings.Cut(origin, "://")
	return ok && strings.EqualFold(scheme, originScheme) && len(originHost) > len(host)+1 &&
		strings.EqualFold(originHost[len(originHost)-len(host)-1:], "."+host)
}

func loopback(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// CheckForm reads the name and e-mail a customer may leave (pre-chat or away form); both are unverified.
func CheckForm(name, email string) (string, string, error) {
	name = strings.Join(strings.Fields(Clean(name)), " ")
	email = strings.TrimSpace(email)
	if utf8.RuneCountInString(name) > 100 {
		return "", "", desk.Invalid("name", "name_too_long", "at most 100 characters")
	}
	if email != "" {
		a, err := mail.ParseAddress(email)
		if err != nil || a.Address != email || len(email) > 254 {
			return "", "", desk.Invalid("email", "email_invalid", "not an e-mail address")
		}
	}
	return name, email, nil
}
