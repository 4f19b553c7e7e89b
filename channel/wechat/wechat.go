// Package wechat is the channel of a WeChat Official Account: its server messages (plain and AES) in, its customer service
// API out. https://developers.weixin.qq.com/doc/service/en/api/customer/message/api_sendcustommessage.html
package wechat

import (
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Kind is the channel's name in records.
const Kind = "wechat"

const (
	apiAddress = "https://api.weixin.qq.com"
	textLimit  = 2048 // bytes of a text as it is sent
	window     = 48 * time.Hour
	windowSize = 5 // of our messages per message of theirs
)

// Connector speaks the protocol. The access tokens that it fetched are its only memory: losing them costs a request.
type Connector struct{ tokens *channel.Tokens }

// New makes the connector, which keeps its access tokens there.
func New(tokens *channel.Tokens) Connector { return Connector{tokens: tokens} }

// Spec describes the channel. An account's BaseURL takes the place of https://api.weixin.qq.com; pictures and videos lie
// where the provider says.
func (Connector) Spec() channel.Spec {
	return channel.Spec{
		Kind: Kind, Order: 26, Icon: Kind, TypingFor: typingFor,
		AckWithin: 5 * time.Second, // then the provider drops the connection and tries again, three times in all
		Settings:  settingsForm(),
		Steps: []channel.Step{
			{Name: "keys", Fields: []string{"app_id", "app_secret"}, Link: "https://mp.weixin.qq.com"},
			{Name: "allow_ip"},
			{Name: "server", Fields: []string{"mode"}, Copy: []string{"callback", "token", "aes_key"}},
			{Name: "test"},
		},
		Capabilities: channel.Capabilities{
			TextLimit: textLimit, TextUnit: "bytes",
			Marks: []desk.MarkKind{desk.MarkLink},
			Media: []channel.MediaLimit{
				{Kind: desk.PartImage, MIME: []string{"image/jpeg", "image/png", "image/gif", "image/bmp"}, MaxBytes: 10 << 20},
				{Kind: desk.PartAudio, MIME: []string{"audio/mpeg", "audio/amr"}, MaxBytes: 2 << 20},
				{Kind: desk.PartVideo, MIME: []string{"video/mp4"}, MaxBytes: 10 << 20},
			},
			// The digits (D2.1) stand before the options themselves, see menu.
			Choices:  channel.ChoiceLimits{Max: 10, Body: 600},
			Receipts: []desk.DeliveryStatus{desk.DeliverySent},
			Typing:   true,
		},
		// The guard is short: a menu opens a minute only.
		Window: &channel.Window{For: window, Count: windowSize, Guard: 5 * time.Second},
	}
}
