package whatsapp

import (
	"encoding/json"

	"madoguchi/channel"
	"madoguchi/channel/graph"
)

// The names of settings.
const (
	settingPhoneNumber = "phone_number_id"
	settingBusiness    = "waba_id"
	settingApp         = "app_id"
	settingAppSecret   = "app_secret"
	settingToken       = "token"
	settingVerifyToken = "verify_token"
	settingVersion     = "api_version"
	settingFree        = "fep_freeform"
)

// settings are what an administrator fills in, without the secrets.
type settings struct {
	PhoneNumberID string `json:"phone_number_id"`
	Business      string `json:"waba_id"` // the WhatsApp Business account
	App           string `json:"app_id"`
	Version       string `json:"api_version"`
}

const digits = `^[0-9]{5,25}$`

var form = []channel.Setting{
	{Name: settingPhoneNumber, Type: "text", Required: true, Pattern: digits},
	{Name: settingBusiness, Type: "text", Required: true, Pattern: digits},
	{Name: settingApp, Type: "text", Required: true, Pattern: digits},
	{Name: settingAppSecret, Type: "secret", Required: true, Pattern: `^[0-9a-f]{32}$`},
	{Name: settingToken, Type: "secret", Required: true, Pattern: `^\S{10,}$`},
	{Name: settingVerifyToken, Type: "made"},
	{Name: settingVersion, Type: "text", Default: graph.DefaultVersion, Pattern: `^v[0-9]{1,3}\.[0-9]$`, Advanced: true},
	{Name: settingFree, Type: "bool", Default: "false", Advanced: true},
}

var steps = []channel.Step{
	{Name: "app", Link: "https://developers.facebook.com/apps", Fields: []string{settingApp, settingAppSecret}},
	{Name: "number", Link: "https://business.facebook.com/wa/manage/phone-numbers", Fields: []string{settingPhoneNumber, settingBusiness}},
	{Name: "token", Link: "https://business.facebook.com/settings/system-users", Fields: []string{settingToken}},
	{Name: "webhook", Link: "https://developers.facebook.com/apps", Copy: []string{"callback", settingVerifyToken}},
}

// readSettings reads what is there; what is missing or malformed is "" or the default.
func readSettings(raw []byte) settings {
	var s settings
	_ = json.Unmarshal(raw, &s) // Validate told the administrator
	if s.Version == "" {
		s.Version = graph.DefaultVersion
	}
	return s
}

// Validate checks settings before they are kept.
func (Connector) Validate(raw []byte) error { return channel.CheckForm(form, raw) }

// client calls the Graph API for an account.
func client(a channel.Account) graph.Client {
	return graph.Client{
		Account: a, Version: readSettings(a.Channel.Settings).Version,
		Token: a.Secrets[settingToken], Secret: a.Secrets[settingAppSecret], Faults: faults,
	}
}
