// Package webhook is the channel of a customer's own system: it posts what people wrote to us, and we post the answers to
// it, both signed alike. docs/webhook-channel.md is the reference for those who write the other side.
package webhook

import (
	"embed"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Kind is the channel's name in records and addresses.
const Kind = "webhook"

const (
	maxText    = 10_000 // runes
	maxFile    = 20 << 20
	maxChoices = 20
)

//go:embed locale/*.json
var localeFiles embed.FS

// Connector speaks the protocol.
type Connector struct{}

// New makes the connector.
func New() Connector { return Connector{} }

// Spec describes the channel. An account's BaseURL takes the place of the whole address in its settings.
func (Connector) Spec() channel.Spec {
	return channel.Spec{
		Kind: Kind, Order: 27, Icon: Kind, Idempotent: true,
		Settings: settingsForm(),
		Steps: []channel.Step{
			{Name: "build"},
			{Name: "answers", Fields: []string{settingURL}},
			{Name: "connect", Copy: []string{"callback", secretName}},
			{Name: "test"},
		},
		Capabilities: channel.Capabilities{
			TextLimit: maxText, TextUnit: "runes",
			Marks: []desk.MarkKind{desk.MarkBold, desk.MarkItalic, desk.MarkStrike, desk.MarkCode, desk.MarkLink, desk.MarkItem},
			Media: []channel.MediaLimit{
				{Kind: desk.PartImage, MIME: []string{}, MaxBytes: maxFile},
				{Kind: desk.PartAudio, MIME: []string{}, MaxBytes: maxFile},
				{Kind: desk.PartVideo, MIME: []string{}, MaxBytes: maxFile},
				{Kind: desk.PartFile, MIME: []string{}, MaxBytes: maxFile},
			},
			ByLink:   true,
			Choices:  channel.ChoiceLimits{Max: maxChoices},
			Receipts: []desk.DeliveryStatus{desk.DeliverySent, desk.DeliveryDelivered, desk.DeliveryRead},
			ReplyTo:  true,
		},
	}
}

// Texts are the channel's texts for people.
func (Connector) Texts(locale string) map[string]string {
	return channel.ReadTexts(localeFiles, locale)
}
