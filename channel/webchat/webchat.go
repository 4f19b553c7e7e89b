// Package webchat is the channel of our own chat widget. It is local: what a customer writes comes in through the widget
// API as the raw request of an authenticated visitor, what we answer settles in the writing transaction, and the
// customer's browser reads it from the event log.
package webchat

import (
	"context"
	"errors"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Kind is the channel's name in records and addresses.
const Kind = "webchat"

// Limits of one message from the widget.
const (
	MaxBody     = 64 << 10 // bytes of one request, files apart
	MaxText     = 10_000   // runes in all text parts together
	MaxParts    = 10
	MaxClientID = 128      // bytes
	MaxFile     = 20 << 20 // bytes of one attachment
)

// Connector reads and describes the widget's channel.
type Connector struct{}

// New makes the connector.
func New() Connector { return Connector{} }

// Spec describes the channel; see settings.go for the form.
func (Connector) Spec() channel.Spec {
	return channel.Spec{
		Kind: Kind, Order: 10, Icon: "message-circle", Local: true, Idempotent: true,
		Settings: settingsForm,
		Capabilities: channel.Capabilities{
			TextLimit: MaxText, TextUnit: "runes",
			Marks: []desk.MarkKind{desk.MarkBold, desk.MarkItalic, desk.MarkStrike, desk.MarkCode, desk.MarkLink, desk.MarkItem},
			Media: []channel.MediaLimit{
				{Kind: desk.PartImage, MIME: []string{}, MaxBytes: MaxFile},
				{Kind: desk.PartAudio, MIME: []string{}, MaxBytes: MaxFile},
				{Kind: desk.PartVideo, MIME: []string{}, MaxBytes: MaxFile},
				{Kind: desk.PartFile, MIME: []string{}, MaxBytes: MaxFile},
			},
			Choices:  channel.ChoiceLimits{Max: 10, Label: 40},
			Receipts: []desk.DeliveryStatus{desk.DeliveryRead},
			Typing:   true,
		},
	}
}

var errLocal = errors.New("web chat settles in the writing transaction; nothing is ever sent")

// Send refuses: a delivery of a local channel is a defect of whoever enqueued it.
func (Connector) Send(context.Context, channel.Account, channel.Outgoing) (desk.ExternalID, error) {
	return "", &channel.Fault{Kind: channel.ActConfig, Code: "local_channel", Certain: true, Err: errLocal}
}

// Peer is how a visitor with this key is known on a channel: the key is scoped by the channel (F1).
func Peer(c desk.ID, key string) channel.Peer {
	return channel.Peer{Scope: c.String(), ExternalID: key}
}

// received is the instant of a request, whole milliseconds.
func received(e channel.Endpoint) time.Time { return e.Received.UTC().Truncate(time.Millisecond) }
