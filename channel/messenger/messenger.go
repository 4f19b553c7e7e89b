// Package messenger is the channel of a Facebook page's messages.
// https://developers.facebook.com/documentation/business-messaging/messenger-platform
package messenger

import (
	"embed"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/graph"
	"madoguchi/channel/graph/messaging"
	"madoguchi/desk"
)

// Kind is the channel's name in records and addresses.
const Kind = "messenger"

// Limits of one message.
const (
	maxText  = 2000     // runes
	maxFile  = 25 << 20 // bytes
	maxImage = 8 << 20
)

// Connector speaks the Messenger Platform.
type Connector struct{}

// New makes the connector.
func New() Connector { return Connector{} }

// Spec describes the channel. An account's BaseURL stands in for https://graph.facebook.com; customers' files come from
// the addresses in their events.
func (Connector) Spec() channel.Spec {
	return channel.Spec{
		Kind: Kind, Order: 30, Icon: Kind, EchoWithin: time.Minute, AckWithin: 5 * time.Second, TypingFor: messaging.TypingFor,
		Settings: form, Steps: steps,
		Capabilities: channel.Capabilities{
			TextLimit: maxText, TextUnit: "runes", Marks: []desk.MarkKind{},
			Media: []channel.MediaLimit{
				{Kind: desk.PartImage, MIME: []string{"image/jpeg", "image/png", "image/gif"}, MaxBytes: maxImage},
				{Kind: desk.PartAudio, MIME: []string{}, Plays: []string{"audio/mp4", "audio/aac", "audio/mpeg", "audio/wav"}, MaxBytes: maxFile},
				{Kind: desk.PartVideo, MIME: []string{"video/mp4"}, MaxBytes: maxFile},
				{Kind: desk.PartFile, MIME: []string{}, MaxBytes: maxFile},
			},
			Choices:  channel.ChoiceLimits{Max: messaging.MaxChoices, Label: messaging.MaxLabel},
			Receipts: []desk.DeliveryStatus{desk.DeliverySent, desk.DeliveryDelivered, desk.DeliveryRead},
			Typing:   true, ReadReceipts: true, Reactions: true, ReplyTo: true,
		},
		Window: &channel.Window{
			For: messaging.Window, HumanFor: messaging.HumanWindow, HumanTag: messaging.HumanTag, HumanSetting: "human_agent", Guard: time.Minute,
		},
		Rates: []channel.Rate{{Scope: channel.RateAccount, Count: 300, Per: time.Second}},
	}
}

//go:embed locale/*.json
var locales embed.FS

// Texts are the channel's texts for people in a locale.
func (Connector) Texts(locale string) map[string]string { return messaging.Texts(locales, locale) }

// client calls the Graph API as the page.
func client(a channel.Account) graph.Client {
	return graph.Client{Account: a, Token: a.Secrets[secretToken], Secret: a.Secrets[secretApp], Faults: messaging.Faults()}
}
