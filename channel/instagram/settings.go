package instagram

import (
	"encoding/json"
	"errors"

	"madoguchi/channel"
	"madoguchi/desk"
)

// settings are what an administrator fills in, secrets apart.
type settings struct {
	Variant string `json:"variant"`
	App     string `json:"app_id"`
	Page    string `json:"page_id"`     // with Facebook login
	Human   bool   `json:"human_agent"` // Meta approved the app for answers by people after 24 hours
}

// The ways an account is connected.
const (
	byInstagram = "instagram_login"
	byFacebook  = "facebook_login"
)

func (s settings) byPage() bool { return s.Variant == byFacebook }

// The secrets' names. Webhooks of Instagram login are signed with the Instagram app's secret or with the Meta app's.
const (
	secretApp    = "app_secret"
	secretMeta   = "meta_app_secret"
	secretToken  = "access_token"
	secretVerify = "verify_token"
)

var form = []channel.Setting{
	{Name: "variant", Type: "choice", Required: true, Options: []string{byInstagram, byFacebook}, Default: byInstagram},
	{Name: "app_id", Type: "text", Required: true, Pattern: `^[0-9]{5,25}$`},
	{Name: secretApp, Type: "secret", Required: true, Pattern: `^[0-9a-f]{32}$`},
	{Name: secretMeta, Type: "secret", Advanced: true, Pattern: `^[0-9a-f]{32}$`},
	{Name: "page_id", Type: "text", Pattern: `^[0-9]{5,25}$`},
	{Name: secretToken, Type: "secret", Required: true, Pattern: `^\S{10,}$`},
	{Name: secretVerify, Type: "made"},
	{Name: "human_agent", Type: "bool", Default: "false"},
}

const console = "https://developers.facebook.com/apps/"

var steps = []channel.Step{
	{Name: "account", Link: "https://www.instagram.com/"},
	{Name: "app", Fields: []string{"variant", "app_id", secretApp, secretMeta}, Link: console},
	{Name: "token", Fields: []string{secretToken, "page_id"}, Link: console},
	{Name: "webhook", Copy: []string{"callback", secretVerify}, Link: console},
	{Name: "review", Fields: []string{"human_agent"}, Link: console},
	{Name: "test", Link: "https://www.instagram.com/"},
}

func read(raw []byte) (settings, error) {
	s := settings{Variant: byInstagram}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, desk.Invalid("settings", "settings_invalid", "read Instagram settings: %w", err)
	}
	if s.byPage() && s.Page == "" {
		return s, desk.Invalid("page_id", "field_required", "Facebook login works through the linked page")
	}
	return s, nil
}

// of reads an account's settings; that they cannot be read is a fault of the set-up.
func of(a channel.Account) (settings, *channel.Fault) {
	s, err := read(a.Channel.Settings)
	if err != nil {
		return s, &channel.Fault{Kind: channel.ActConfig, Code: "settings", Certain: true, Err: errors.New("the settings are incomplete")}
	}
	return s, nil
}

// Validate checks settings before they are kept.
func (Connector) Validate(raw []byte) error {
	if err := channel.CheckForm(form, raw); err != nil {
		return err
	}
	_, err := read(raw)
	return err
}
