package wechat

import (
	"encoding/json"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Modes in which the provider may be told to send its messages. (Its third one, compatible, carries both; safe reads it.)
const (
	modeSafe  = "safe"  // encrypted; only then does a signature cover what is said
	modePlain = "plain" // as they are
)

// The names of the secrets.
const (
	secretApp   = "app_secret"
	secretToken = "token"
	secretAES   = "aes_key"
)

// settings are what an administrator says about an account.
type settings struct {
	AppID string `json:"app_id"`
	Mode  string `json:"mode"`
}

func settingsForm() []channel.Setting {
	return []channel.Setting{
		{Name: "app_id", Type: "text", Required: true, Pattern: `^wx[0-9a-f]{16}$`},
		{Name: secretApp, Type: "secret", Required: true, Pattern: `^[0-9a-f]{32}$`},
		{Name: "mode", Type: "choice", Options: []string{modeSafe, modePlain}, Default: modeSafe, Advanced: true},
		{Name: secretToken, Type: "made", MaxRunes: 32},
		{Name: secretAES, Type: "made", MaxRunes: 43},
	}
}

func readSettings(raw []byte) (settings, error) {
	s := settings{Mode: modeSafe}
	if len(raw) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return settings{}, desk.Invalid("settings", "settings_invalid", "read WeChat settings: %w", err)
	}
	return s, nil
}

// Validate checks settings before they are kept.
func (Connector) Validate(raw []byte) error {
	return channel.CheckForm(settingsForm(), raw)
}

// AccountOf is the AppID: people's ids belong to it (F1).
func (Connector) AccountOf(raw []byte, _ map[string]string) string {
	s, err := readSettings(raw)
	if err != nil {
		return ""
	}
	return s.AppID
}
