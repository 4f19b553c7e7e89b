// Package line is the channel of LINE Official Accounts (https://developers.line.biz/en/reference/messaging-api/).
//
// One-to-one chats are conversations; groups are not served. The first answer within a minute goes by the event's reply
// token and costs nothing; everything else is a push, which counts against the month's quota, once per request however
// many messages are in it. A push carries a retry key, so that it may be repeated; a reply does not. LINE tells nothing of a
// message after it took it, not even that the person blocked the account: the status ends at "sent".
package line

import (
	"embed"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Kind is the channel's name in records and addresses.
const Kind = "line"

// Limits of the Messaging API ("Message objects", "Send messages").
const (
	maxText        = 5000 // UTF-16 units
	maxObjects     = 5    // messages of one request
	maxChoices     = 13   // quick replies
	maxLabel       = 20
	maxData        = 300 // of a postback
	maxPlace       = 100 // of a place's title and address, each
	maxImage       = 10 << 20
	maxMovie       = 200 << 20
	maxDownload    = 300 << 20 // of what customers send
	ackWithin      = 2 * time.Second
	replyWithin    = time.Minute // of a reply token
	requestsPerSec = 2000
)

//go:embed locale/*.json
var localeFiles embed.FS

// Connector speaks the Messaging API.
type Connector struct{ tokens *channel.Tokens }

// New makes the connector; tokens is where it keeps the channel access tokens that it fetches.
func New(tokens *channel.Tokens) Connector { return Connector{tokens: tokens} }

// Spec describes the channel. Account.BaseURL stands for https://api.line.me, its path /data for
// https://api-data.line.me, and its path /stickershop for https://stickershop.line-scdn.net/stickershop.
func (Connector) Spec() channel.Spec {
	return channel.Spec{
		Kind: Kind, Order: 25, Icon: Kind, Idempotent: true, AckWithin: ackWithin, ForgedStatus: 401,
		TypingFor: loadingSeconds * time.Second,
		LinkFor:   7 * 24 * time.Hour, // files are links in messages, which people open when they find the time
		Settings: []channel.Setting{
			{Name: settingChannelID, Type: "text", Required: true, Pattern: `^[0-9]{6,16}$`},
			{Name: settingSecret, Type: "secret", Required: true, Pattern: `^[0-9a-f]{32}$`},
			{Name: settingToken, Type: "secret", Advanced: true, Pattern: `^[A-Za-z0-9+/=._-]{40,1000}$`},
		},
		Steps: []channel.Step{
			{Name: "account", Link: "https://manager.line.biz/"},
			{Name: "credentials", Fields: []string{settingChannelID, settingSecret}, Link: "https://developers.line.biz/console/"},
			{Name: "webhook", Copy: []string{"callback"}, Link: "https://developers.line.biz/console/"},
			{Name: "test"},
		},
		Capabilities: channel.Capabilities{
			TextLimit: maxText, TextUnit: "utf16", CaptionLimit: maxText, MaxFiles: maxObjects - 1, ByLink: true, Location: true,
			Marks: []desk.MarkKind{desk.MarkLink, desk.MarkItem}, // spelled out
			Media: []channel.MediaLimit{
				{Kind: desk.PartImage, MIME: []string{}, MaxBytes: maxMovie},
				{Kind: desk.PartAudio, MIME: []string{}, Plays: []string{"audio/mp4", "audio/mpeg"}, MaxBytes: maxMovie},
				{Kind: desk.PartVideo, MIME: []string{}, MaxBytes: maxMovie},
				{Kind: desk.PartFile, MIME: []string{}, MaxBytes: maxMovie},
			},
			Choices:  channel.ChoiceLimits{Max: maxChoices, Label: maxLabel},
			Receipts: []desk.DeliveryStatus{desk.DeliverySent},
			Typing:   true, ReplyTo: true,
		},
		Rates: []channel.Rate{{Scope: channel.RateAccount, Count: requestsPerSec, Per: time.Second}},
	}
}

// Texts are the channel's texts for people.
func (Connector) Texts(locale string) map[string]string {
	return channel.ReadTexts(localeFiles, locale)
}
