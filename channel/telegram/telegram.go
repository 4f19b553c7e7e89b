// Package telegram is the channel of Telegram bots (https://core.telegram.org/bots/api).
//
// A private chat with the bot is a conversation; groups and broadcast channels are not served. Telegram tells nothing of
// a message after it took it, so that the status ends at "sent", and has no idempotency key: an attempt whose outcome is
// not known is never repeated by itself.
package telegram

import (
	"embed"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Kind is the channel's name in records and addresses.
const Kind = "telegram"

// Limits of the Bot API ("Sending files", sendMessage, InlineKeyboardButton), and of a bot's files.
const (
	maxText       = 4096      // UTF-16 units
	maxCaption    = 1024      // UTF-16 units
	maxChoices    = 12        // D2.1; Telegram names no limit
	maxChoiceData = 64        // bytes
	maxUpload     = 50 << 20  // bytes
	maxPhoto      = 10 << 20  // bytes; a larger picture goes as a file
	maxDownload   = 20 << 20  // bytes that getFile hands out
	maxWebhook    = 1_048_576 // bytes of one update
)

//go:embed locale/*.json
var localeFiles embed.FS

// Connector speaks the Bot API.
type Connector struct{}

// New makes the connector.
func New() Connector { return Connector{} }

// Spec describes the channel. Account.BaseURL stands for https://api.telegram.org, e.g. a Bot API server of one's own.
func (Connector) Spec() channel.Spec {
	return channel.Spec{
		Kind: Kind, Order: 24, Icon: Kind, MaxBody: maxWebhook, TypingFor: typingFor,
		Settings: []channel.Setting{
			{Name: settingToken, Type: "secret", Required: true, Pattern: tokenPattern},
			{Name: settingHookSecret, Type: "made"},
			{Name: settingConnections, Type: "choice", Options: connectionOptions, Default: defaultConnections, Advanced: true},
		},
		Steps: []channel.Step{
			{Name: "create", Link: "https://t.me/BotFather"},
			{Name: "token", Fields: []string{settingToken}},
			{Name: "test", Link: "https://web.telegram.org"},
		},
		Capabilities: channel.Capabilities{
			TextLimit: maxText, TextUnit: "utf16", CaptionLimit: maxCaption,
			Marks: []desk.MarkKind{desk.MarkBold, desk.MarkItalic, desk.MarkStrike, desk.MarkCode, desk.MarkLink, desk.MarkItem},
			Media: []channel.MediaLimit{
				{Kind: desk.PartImage, MIME: []string{}, MaxBytes: maxUpload},
				{Kind: desk.PartAudio, MIME: []string{}, Plays: []string{"audio/ogg", "audio/mp4", "audio/mpeg"}, MaxBytes: maxUpload},
				{Kind: desk.PartVideo, MIME: []string{}, MaxBytes: maxUpload},
				{Kind: desk.PartFile, MIME: []string{}, MaxBytes: maxUpload},
			},
			Location: true,
			Choices:  channel.ChoiceLimits{Max: maxChoices},
			Receipts: []desk.DeliveryStatus{desk.DeliverySent},
			Typing:   true, Reactions: true, ReplyTo: true,
		},
		// Bots FAQ, "My bot is hitting limits": one message per second in a chat, about 30 per second in all.
		Rates: []channel.Rate{
			{Scope: channel.RatePeer, Count: 1, Per: time.Second},
			{Scope: channel.RateAccount, Count: 30, Per: time.Second},
		},
	}
}

// Texts are the channel's texts for people.
func (Connector) Texts(locale string) map[string]string {
	return channel.ReadTexts(localeFiles, locale)
}
