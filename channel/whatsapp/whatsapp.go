// Package whatsapp is the channel of the WhatsApp Cloud API: https://developers.facebook.com/docs/whatsapp/cloud-api
package whatsapp

import (
	"time"

	"madoguchi/channel"
	"madoguchi/channel/graph"
	"madoguchi/desk"
)

// Kind is the channel's name in records and addresses.
const Kind = "whatsapp"

// The provider's limits of one message, in runes and bytes.
// https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages and …/reference/media
const (
	maxText     = 4096
	maxCaption  = 1024
	maxMenuText = 1024
	maxButtons  = 3
	maxButton   = 20
	maxRows     = 10
	maxRow      = 24
	maxTrace    = 512 // of what a status hands back
	maxBody     = 3 << 20
)

// window is the customer service window (C1.1); freeEntry how long messages cost nothing after an advertisement (C1.6).
const (
	window    = 24 * time.Hour
	guard     = time.Minute
	freeEntry = 72 * time.Hour
)

// echoWithin is how long after an uncertain attempt a status may still prove it: they come within seconds.
const echoWithin = 2 * time.Minute

// Connector speaks the protocol. It keeps no state.
type Connector struct{}

// New makes the connector.
func New() Connector { return Connector{} }

// Spec describes the channel; see settings.go for the form.
func (Connector) Spec() channel.Spec {
	return channel.Spec{
		Kind: Kind, Order: 21, Icon: Kind, Numbers: true, EchoWithin: echoWithin, MaxBody: maxBody, TypingFor: typingFor, TypingReads: true,
		Settings: form, Steps: steps,
		Capabilities: channel.Capabilities{
			TextLimit: maxText, TextUnit: "runes", CaptionLimit: maxCaption,
			Marks:    []desk.MarkKind{desk.MarkBold, desk.MarkItalic, desk.MarkStrike, desk.MarkCode, desk.MarkLink, desk.MarkItem},
			Media:    media,
			Location: true,
			Choices:  channel.ChoiceLimits{Max: maxRows, Label: maxButton, Body: maxMenuText, Buttons: maxButtons, RowLabel: maxRow},
			Receipts: []desk.DeliveryStatus{desk.DeliverySent, desk.DeliveryDelivered, desk.DeliveryRead},
			Typing:   true, ReadReceipts: true, Reactions: true, ReplyTo: true, Templates: true,
		},
		Window: &channel.Window{For: window, Guard: guard, FreeSetting: settingFree},
		Rates: []channel.Rate{
			{Scope: channel.RateAccount, Count: 80, Per: time.Second},
			{Scope: channel.RatePeer, Count: 1, Per: 6 * time.Second, Burst: 45},
		},
	}
}

var media = []channel.MediaLimit{
	{Kind: desk.PartImage, MIME: []string{"image/jpeg", "image/png"}, MaxBytes: 5 << 20},
	{Kind: desk.PartAudio, MIME: []string{"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}, Plays: []string{"audio/ogg", "audio/mp4"}, MaxBytes: 16 << 20, Bare: true},
	{Kind: desk.PartVideo, MIME: []string{"video/mp4", "video/3gpp"}, MaxBytes: 16 << 20},
	{Kind: desk.PartFile, MIME: []string{}, MaxBytes: 100 << 20},
}

// Verify answers Meta's question whether the callback is ours.
func (Connector) Verify(e channel.Endpoint, r channel.Request) (channel.Reply, error) {
	return graph.Verify(r, e.Secrets[settingVerifyToken])
}

// AccountOf is the number's id: what webhooks are addressed to.
func (Connector) AccountOf(raw []byte, _ map[string]string) string {
	return readSettings(raw).PhoneNumberID
}
