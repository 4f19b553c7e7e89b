package channel

import (
	"encoding/json"
	"time"

	"madoguchi/desk"
)

// Spec describes a channel to the rest of the program and to the browser.
type Spec struct {
	Kind  string `json:"kind"`
	Order int    `json:"order"` // in menus
	Icon  string `json:"icon"`
	// Local: the channel is our own. Its delivery settles in the writing transaction, the browser reads the event log.
	Local bool `json:"local"`
	// Numbers: people are known there by a phone number, or may be (F1).
	Numbers bool `json:"numbers,omitempty"`
	// Idempotent: the provider knows our Key again, so an uncertain attempt may be repeated.
	Idempotent bool `json:"idempotent"`
	// EchoWithin: how long after an uncertain attempt the provider's echo or receipt may still prove it.
	EchoWithin time.Duration `json:"echo_within,omitempty"`
	// AckWithin: how soon the provider wants to hear 2xx; past half of it a request goes to the journal. 0 = 1 s.
	AckWithin    time.Duration `json:"-"`
	MaxBody      int64         `json:"-"` // bytes of one webhook request, 0 = 1 MB
	ForgedStatus int           `json:"-"` // answer to ErrForged, 0 = 403
	LinkFor      time.Duration `json:"-"` // how long the public address of a file that we send opens, 0 = a day
	TypingFor    time.Duration `json:"-"` // how long customers see that somebody writes, once told (Typer)
	TypingReads  bool          `json:"-"` // telling so tells as well that their messages were read
	Settings     []Setting     `json:"settings"`
	Steps        []Step        `json:"steps"` // of the set-up, in order
	Capabilities Capabilities  `json:"capabilities"`
	Window       *Window       `json:"window"` // nil = we may always write
	Rates        []Rate        `json:"rates"`
}

// Setting is one field of the settings form.
type Setting struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"` // text, secret, url, origins, color, bool, choice, texts (a text per locale), phone, made (a secret that we make: MaxRunes letters and digits, 0 = 32)
	Required bool     `json:"required,omitempty"`
	Options  []string `json:"options,omitempty"`
	Default  string   `json:"default,omitempty"`
	MaxRunes int      `json:"max_runes,omitempty"`
	Pattern  string   `json:"pattern,omitempty"` // a regular expression that Go and browsers read alike; checked before anything is asked of the provider
	Advanced bool     `json:"advanced,omitempty"`
}

// Step is one step of connecting, explained in the channel's texts under "step.<name>".
type Step struct {
	Name string `json:"name"`
	// Fields are the settings that are filled in here.
	Fields []string `json:"fields,omitempty"`
	// Copy are the values to copy to the provider: "callback" (the webhook's address), or the name of a made setting.
	Copy []string `json:"copy,omitempty"`
	Link string   `json:"link,omitempty"` // the provider's console
}

// Capabilities say what a channel can carry.
type Capabilities struct {
	TextLimit    int             `json:"text_limit"`    // in TextUnit, 0 = our own limit of 10,000 runes
	TextUnit     string          `json:"text_unit"`     // runes, utf16, bytes
	CaptionLimit int             `json:"caption_limit"` // of a text that goes with a file in one message, in TextUnit; 0 = it goes on its own
	Segments     bool            `json:"segments"`      // texts are billed by SMS segments (B5.6)
	Marks        []desk.MarkKind `json:"marks"`
	Media        []MediaLimit    `json:"media"`
	MaxFiles     int             `json:"max_files"`   // of one message together, 0 = one
	MediaTotal   int64           `json:"media_total"` // bytes of one message's files together, 0 = each its own limit
	ByLink       bool            `json:"by_link"`     // files go by a public address: the server needs one
	// FilesSetting is the channel's switch without which every file goes as an address in the text (B5.3), "" = none.
	FilesSetting string                `json:"-"`
	Location     bool                  `json:"location"` // a place can be sent
	Choices      ChoiceLimits          `json:"choices"`
	Receipts     []desk.DeliveryStatus `json:"receipts"` // what the channel can prove
	Typing       bool                  `json:"typing"`   // the customer sees that somebody writes
	ReadReceipts bool                  `json:"read_receipts"`
	Reactions    bool                  `json:"reactions"`            // we can react
	ReactWith    []string              `json:"react_with,omitempty"` // the emoji that we can react with, none = any of the usual
	ReplyTo      bool                  `json:"reply_to"`
	OptOut       bool                  `json:"opt_out"` // words like STOP end it (B3)
	Templates    bool                  `json:"templates"`
}

// ChoiceLimits are what a channel renders as buttons (D2.1); anything over becomes numbered text, never cut (D2.2).
type ChoiceLimits struct {
	Max      int  `json:"max"`    // how many, 0 = numbered text always
	Label    int  `json:"label"`  // runes of a label, 0 = any
	Body     int  `json:"body"`   // runes of the text above, over it the text goes first but for its end; 0 = any
	Digits   bool `json:"digits"` // the digits are printed too: some of its apps show no buttons
	Buttons  int  `json:"buttons,omitempty"`
	RowLabel int  `json:"row_label,omitempty"` // above Buttons options, or with a longer label, they are rows of a list, with labels of up to this many runes
}

// MediaLimit is what a channel takes of one kind.
type MediaLimit struct {
	Kind     desk.PartKind `json:"kind"`
	MIME     []string      `json:"mime"` // empty = all
	MaxBytes int64         `json:"max_bytes"`
	Unsure   []string      `json:"unsure,omitempty"` // of MIME, what not every phone shows: the writer is warned (B5.2)
	// Plays are the types that the channel's apps play in place, the best first, empty = all of MIME: what we record goes so if it can.
	Plays []string `json:"plays,omitempty"`
	Bare  bool     `json:"bare,omitempty"` // no text goes with it, whatever CaptionLimit says
}

// FilesAsLinks reports whether a channel with these settings sends every file as an address in the text.
func (c Capabilities) FilesAsLinks(settings json.RawMessage) bool {
	return c.FilesSetting != "" && !switchedOn(settings, c.FilesSetting)
}

// switchedOn reports whether a switch among settings is on; what cannot be read is off.
func switchedOn(settings json.RawMessage, name string) bool {
	var values map[string]json.RawMessage
	_ = json.Unmarshal(settings, &values)
	return string(values[name]) == "true"
}

// Window is how long we may answer after a customer wrote (C1).
type Window struct {
	For   time.Duration `json:"for"`   // nanoseconds in JSON
	Count int           `json:"count"` // of our messages per message of theirs, 0 = any
	// HumanFor is how long a member, but no machine, may answer beyond For, under HumanTag.
	HumanFor time.Duration `json:"human_for,omitempty"`
	HumanTag string        `json:"human_tag,omitempty"`
	// HumanSetting is the channel's switch without which HumanFor does not count (the provider must have approved it), "" = none.
	HumanSetting string `json:"-"`
	// FreeSetting is the channel's switch with which we may write for as long as it costs nothing (C1.7), "" = never.
	FreeSetting string        `json:"-"`
	FreeOpens   bool          `json:"-"` // the switch is on; see Of
	Guard       time.Duration `json:"-"` // before the end we count it as over: clocks differ
}

// Of is the window as a channel's settings leave it; nil of nil.
func (w *Window) Of(settings json.RawMessage) *Window {
	if w == nil || w.HumanSetting == "" && w.FreeSetting == "" {
		return w
	}
	own := *w
	if w.HumanSetting != "" && !switchedOn(settings, w.HumanSetting) {
		own.HumanFor, own.HumanTag = 0, ""
	}
	own.FreeOpens = w.FreeSetting != "" && switchedOn(settings, w.FreeSetting)
	return &own
}

// Rate is a limit of the provider that we keep to beforehand.
type Rate struct {
	Scope RateScope     `json:"scope"`
	Count int           `json:"count"` // messages
	Per   time.Duration `json:"per"`
	// Burst is how many at once, 0 = as few as serve Count best. Over Count it is the provider's own bucket: so many at once,
	// and Count each Per from then on.
	Burst int `json:"burst,omitempty"`
}

// RateScope is what a rate counts.
type RateScope string

// The scopes.
const (
	RateAccount RateScope = "account" // everything that the channel sends
	RatePeer    RateScope = "peer"    // what it sends to one person
)

// Sending is what decides whether a message of ours may leave on the channel.
func (s Spec) Sending(m desk.Message) desk.Sending {
	sending := desk.Sending{
		Author: m.Author.Kind, Template: m.Template != nil, Windowed: s.Window != nil, ConfirmsOptOut: m.Purpose == desk.PurposeOptOut,
	}
	if s.Window != nil {
		sending.Guard = s.Window.Guard
	}
	return sending
}
