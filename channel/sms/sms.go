// Package sms is the channel of SMS and MMS through Twilio (https://www.twilio.com/docs/messaging/api).
//
// One channel is one number in one messaging service. Twilio has no idempotency key: each message names a status callback
// of its own, whose address holds our key, so that an attempt of which nobody knows the outcome is proved by the first
// news of it.
package sms

import (
	"embed"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Kind is the channel's name in records and addresses.
const Kind = "sms"

// Limits of Twilio's message resource, and of what phones take.
const (
	maxText    = 1600      // characters of Body (error 21617)
	maxCaption = 500       // of a text beside files: where they go as links, the links need the rest
	maxFiles   = 10        // MediaUrl (error 21623)
	maxMedia   = 5_000_000 // bytes of one message's files together (B5.1)
)

//go:embed locale/*.json
var localeFiles embed.FS

// Connector speaks Twilio's messaging API.
type Connector struct{}

// New makes the connector.
func New() Connector { return Connector{} }

// Spec describes the channel. Account.BaseURL stands for https://api.twilio.com, and with "/messaging" behind it for
// https://messaging.twilio.com.
func (Connector) Spec() channel.Spec {
	return channel.Spec{
		Kind: Kind, Order: 20, Icon: Kind, Numbers: true,
		EchoWithin: time.Minute, // the first status callback comes within seconds
		AckWithin:  2 * time.Second,
		LinkFor:    7 * 24 * time.Hour, // people open links of an SMS when they find the time (B5.1)
		Settings:   settingsForm,
		Steps: []channel.Step{
			{Name: "account", Fields: []string{settingAccount, settingToken}, Link: "https://console.twilio.com"},
			{Name: "service", Fields: []string{settingService, settingNumber, settingMMS}, Link: "https://console.twilio.com/us1/develop/sms/services"},
			{Name: "webhook", Copy: []string{"callback"}},
			{Name: "test"},
		},
		Capabilities: channel.Capabilities{
			TextLimit: maxText, TextUnit: "utf16", CaptionLimit: maxCaption, Segments: true,
			Marks: []desk.MarkKind{},
			Media: mediaLimits, MaxFiles: maxFiles, MediaTotal: maxMedia, ByLink: true, FilesSetting: settingMMS,
			Receipts: []desk.DeliveryStatus{desk.DeliverySent, desk.DeliveryDelivered},
			OptOut:   true,
		},
		Rates: []channel.Rate{
			{Scope: channel.RateAccount, Count: 20, Per: time.Second}, // Twilio queues what is faster than the number
			{Scope: channel.RatePeer, Count: 15, Per: 30 * time.Second, Burst: 5},
		},
	}
}

// Texts are the channel's texts for people.
func (Connector) Texts(locale string) map[string]string {
	return channel.ReadTexts(localeFiles, locale)
}
