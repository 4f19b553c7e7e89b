package sms

import (
	"bytes"
	"encoding/json"

	"madoguchi/channel"
	"madoguchi/desk"
)

// The settings.
const (
	settingAccount   = "account_sid"
	settingService   = "service_sid"
	settingToken     = "auth_token"
	settingSecondary = "auth_token_secondary" // while Twilio promotes it, requests may be signed with either
	settingNumber    = "number"
	settingMMS       = "mms"
)

const numberPattern = `^\+[1-9][0-9]{6,14}$`

// The patterns are B1.3's.
var settingsForm = []channel.Setting{
	{Name: settingAccount, Type: "text", Required: true, Pattern: `^AC[0-9a-f]{32}$`},
	{Name: settingToken, Type: "secret", Required: true, Pattern: `^[0-9a-f]{32}$`},
	{Name: settingService, Type: "text", Required: true, Pattern: `^MG[0-9a-f]{32}$`},
	{Name: settingNumber, Type: "phone", Required: true, Pattern: numberPattern},
	{Name: settingMMS, Type: "bool", Default: "false"},
	{Name: settingSecondary, Type: "secret", Pattern: `^[0-9a-f]{32}$`, Advanced: true},
}

type settings struct {
	Account string `json:"account_sid"`
	Service string `json:"service_sid"`
	Number  string `json:"number"` // E.164
	MMS     bool   `json:"mms"`    // files go as MMS; else as links (B5.3)
}

func readSettings(raw []byte) (settings, error) {
	var s settings
	if len(bytes.TrimSpace(raw)) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return settings{}, desk.Invalid("settings", "settings_invalid", "read the settings of an SMS channel: %w", err)
	}
	return s, nil
}

// Validate checks settings before they are kept.
func (Connector) Validate(raw []byte) error {
	if err := channel.CheckForm(settingsForm, raw); err != nil {
		return err
	}
	_, err := readSettings(raw)
	return err
}

// AccountOf is the messaging service: it holds one of our numbers, so the same number is the same account (B1.5).
func (Connector) AccountOf(raw []byte, _ map[string]string) string {
	s, err := readSettings(raw)
	if err != nil {
		return ""
	}
	return s.Service
}
