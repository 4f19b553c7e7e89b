package messenger

import (
	"encoding/json"

	"madoguchi/channel"
	"madoguchi/desk"
)

// settings are what an administrator fills in, secrets apart.
type settings struct {
	Page  string `json:"page_id"`
	App   string `json:"app_id"`
	Human bool   `json:"human_agent"` // Meta approved the app for answers by people after 24 hours
}

// The secrets' names.
const (
	secretApp    = "app_secret"
	secretToken  = "access_token"
	secretVerify = "verify_token"
)

var form = []channel.Setting{
	{Name: "app_id", Type: "text", Required: true, Pattern: `^[0-9]{5,25}$`},
	{Name: secretApp, Type: "secret", Required: true, Pattern: `^[0-9a-f]{32}$`},
	{Name: "page_id", Type: "text", Required: true, Pattern: `^[0-9]{5,25}$`},
	{Name: secretToken, Type: "secret", Required: true, Pattern: `^\S{10,}$`},
	{Name: secretVerify, Type: "made"},
	{Name: "human_agent", Type: "bool", Default: "false"},
}

var steps = []channel.Step{
	{Name: "app", Fields: []string{"app_id", secretApp}, Link: "https://developers.facebook.com/apps/"},
	{Name: "page", Fields: []string{"page_id", secretToken}, Link: "https://developers.facebook.com/apps/"},
	{Name: "webhook", Copy: []string{"callback", secretVerify}, Link: "https://developers.facebook.com/apps/"},
	{Name: "review", Fields: []string{"human_agent"}, Link: "https://developers.facebook.com/apps/"},
	{Name: "test", Link: "https://www.messenger.com/"},
}

func read(raw []byte) (settings, error) {
	var s settings
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, desk.Invalid("settings", "settings_invalid", "read Messenger settings: %w", err)
	}
	return s, nil
}

// of reads an account's settings; that they cannot be read is a fault of the set-up.
func of(a channel.Account) (settings, *channel.Fault) {
	s, err := read(a.Channel.Settings)
	if err != nil || s.Page == "" {
		return s, &channel.Fault{Kind: channel.ActConfig, Code: "settings", Certain: true, Err: desk.Invalid("page_id", "field_required", "the page's id is missing")}
	}
	return s, nil
}

// Validate checks settings before they are kept.
func (Connector) Validate(raw []byte) error { return channel.CheckForm(form, raw) }

// AccountOf is the page.
func (Connector) AccountOf(raw []byte, _ map[string]string) string {
	s, err := read(raw)
	if err != nil {
		return ""
	}
	return s.Page
}
