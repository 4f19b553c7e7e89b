// Package instagram is the channel of an Instagram professional account's direct messages, connected by Instagram login
// or by the Facebook page that it is linked to.
// https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/messaging-api
package instagram

import (
	"embed"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/graph"
	"madoguchi/channel/graph/messaging"
	"madoguchi/desk"
)

// Kind is the channel's name in records and addresses.
const Kind = "instagram"

// host is the API's address for Instagram login.
const host = "https://graph.instagram.com"

// Limits of one message.
const (
	maxText  = 1000     // bytes
	maxFile  = 25 << 20 // bytes
	maxImage = 8 << 20
)

// Connector speaks Instagram's messaging API.
type Connector struct{}

// New makes the connector.
func New() Connector { return Connector{} }

// Spec describes the channel. An account's BaseURL stands in for whichever host its kind of login uses,
// https://graph.instagram.com or https://graph.facebook.com; customers' files come from the addresses in their events.
func (Connector) Spec() channel.Spec {
	return channel.Spec{
		Kind: Kind, Order: 31, Icon: Kind, EchoWithin: 30 * time.Second, AckWithin: 5 * time.Second, TypingFor: messaging.TypingFor,
		Settings: form, Steps: steps,
		Capabilities: channel.Capabilities{
			TextLimit: maxText, TextUnit: "bytes", Marks: []desk.MarkKind{}, ByLink: true,
			Media: []channel.MediaLimit{
				{Kind: desk.PartImage, MIME: []string{"image/png", "image/jpeg", "image/gif"}, MaxBytes: maxImage},
				{Kind: desk.PartVideo, MIME: []string{"video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm"}, MaxBytes: maxFile},
				{Kind: desk.PartAudio, MIME: []string{"audio/aac", "audio/mp4", "audio/wav"}, MaxBytes: maxFile},
				{Kind: desk.PartFile, MIME: []string{"application/pdf"}, MaxBytes: maxFile},
			},
			// Instagram on desktops shows no quick replies (D2.1).
			Choices:  channel.ChoiceLimits{Max: messaging.MaxChoices, Label: messaging.MaxLabel, Digits: true},
			Receipts: []desk.DeliveryStatus{desk.DeliverySent, desk.DeliveryRead},
			Typing:   true, ReadReceipts: true, Reactions: true, ReactWith: []string{"❤"}, ReplyTo: true,
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

// client calls the API as the account.
func client(a channel.Account, s settings) graph.Client {
	c := graph.Client{Account: a, Token: a.Secrets[secretToken], Faults: faults()}
	if s.byPage() {
		c.Secret = a.Secrets[secretApp]
	} else {
		c.Host = host
	}
	return c
}

// faults differ from Messenger's in one: permissions are lost by a switch in the Instagram app.
func faults() graph.Table {
	table := messaging.Faults()
	table[graph.Code{Number: 200}] = graph.Meaning{Kind: channel.ActConfig}
	return table
}
