package webhook

import (
	"encoding/json"

	"madoguchi/channel"
)

const (
	settingURL = "url"
	secretName = "secret" // signs both ways
)

func settingsForm() []channel.Setting {
	return []channel.Setting{
		{Name: settingURL, Type: "url", Required: true, MaxRunes: 1000, Pattern: `^https://`},
		{Name: secretName, Type: "made", MaxRunes: 48},
	}
}

// Validate checks settings before they are kept.
func (Connector) Validate(raw []byte) error { return channel.CheckForm(settingsForm(), raw) }

// AccountOf is the address that answers go to: a system is connected once.
func (Connector) AccountOf(raw []byte, _ map[string]string) string {
	var s struct {
		URL string `json:"url"`
	}
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s.URL
}

// address is where answers are posted.
func address(a channel.Account) string {
	if a.BaseURL != "" {
		return a.BaseURL
	}
	return Connector{}.AccountOf(a.Channel.Settings, nil)
}
