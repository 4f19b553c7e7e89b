package telegram

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"

	"madoguchi/channel"
)

// The settings.
const (
	settingToken       = "token"       // <bot id>:<key>, from @BotFather
	settingHookSecret  = "hook_secret" // what Telegram repeats in the header of every update; letters, digits, _ and -
	settingConnections = "connections" // how many updates Telegram sends at a time
)

const tokenPattern = `^[0-9]{5,16}:[A-Za-z0-9_-]{35}$`

// One connection keeps the order of updates; more take more updates per second (setWebhook, max_connections).
const defaultConnections = "1"

var connectionOptions = []string{"1", "10", "40"}

// Validate checks settings before they are kept.
func (c Connector) Validate(raw []byte) error { return channel.CheckForm(c.Spec().Settings, raw) }

// connections reads how many updates Telegram may send at a time.
func connections(raw json.RawMessage) (int, error) {
	s := struct {
		Connections string `json:"connections"`
	}{}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &s); err != nil {
			return 0, err
		}
	}
	return strconv.Atoi(cmp.Or(s.Connections, defaultConnections))
}

// AccountOf is the bot's id, which its token begins with.
func (Connector) AccountOf(_ []byte, secrets map[string]string) string {
	id, _, _ := strings.Cut(secrets[settingToken], ":")
	return id
}
