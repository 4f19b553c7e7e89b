package line

import (
	"encoding/json"

	"madoguchi/channel"
)

// The settings.
const (
	settingChannelID = "channel_id"
	settingSecret    = "channel_secret"
	settingToken     = "access_token" // a long-lived one; without it tokens are fetched by id and secret
)

// Validate checks settings before they are kept.
func (c Connector) Validate(raw []byte) error { return channel.CheckForm(c.Spec().Settings, raw) }

// channelID is the setting, "" if there is none.
func channelID(raw json.RawMessage) string {
	var s struct {
		ChannelID string `json:"channel_id"`
	}
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s.ChannelID
}
