// Package all is the one list of the channels built into the program. There is no registration by import.
package all

import (
	"madoguchi/channel"
	"madoguchi/channel/instagram"
	"madoguchi/channel/line"
	"madoguchi/channel/messenger"
	"madoguchi/channel/sms"
	"madoguchi/channel/telegram"
	"madoguchi/channel/webchat"
	"madoguchi/channel/webhook"
	"madoguchi/channel/wechat"
	"madoguchi/channel/whatsapp"
)

// Connectors makes the registry of all built-in channels.
func Connectors() channel.Registry {
	registry := channel.Registry{}
	for _, c := range []channel.Connector{
		webchat.New(),
		sms.New(),
		whatsapp.New(),
		telegram.New(),
		line.New(channel.NewTokens()),
		wechat.New(channel.NewTokens()),
		webhook.New(),
		messenger.New(),
		instagram.New(),
	} {
		registry[c.Spec().Kind] = c
	}
	return registry
}
