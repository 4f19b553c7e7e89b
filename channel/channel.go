// Package channel is the seam between the desk and the outside: what a provider's connector must do, in the desk's words.
//
// A channel is one folder below this one and one line in channel/all. What the rest of the program needs to know about
// it (settings form, limits, abilities, window) travels as data in its Spec, so that the admin screen, the composer and
// the outbox need no code per channel. Package channeltest is the contract as tests; every connector runs it.
package channel

import (
	"context"
	"net/http"
	"time"

	"madoguchi/desk"
)

// A Connector speaks one provider's protocol in the desk's words. It keeps no state and touches no storage: the account
// comes in, the result goes out, so one Connector serves every account on every node.
type Connector interface {
	// Spec is constant; it is sent to the browser as JSON.
	Spec() Spec
	// Receive verifies and reads one webhook request. It is pure, so a stored request can be replayed. A bad signature
	// is ErrForged; an unknown kind of event is never an error.
	Receive(ctx context.Context, e Endpoint, r Request) (Reply, error)
	// Send makes exactly one provider message. It refuses with *Fault, nothing else.
	Send(ctx context.Context, a Account, m Outgoing) (desk.ExternalID, error)
}

// ErrForged is the refusal of a request whose signature or secret does not fit: 403, counted, nothing stored.
var ErrForged = &desk.Error{Kind: desk.KindForbidden, Code: "forged", Message: "the signature does not fit"}

// Endpoint is the callback a request came in on, with what is needed to verify it.
type Endpoint struct {
	Channel  desk.Channel
	Secrets  map[string]string // unsealed
	Received time.Time
}

// Request is a webhook as it arrived, raw.
type Request struct {
	Method string
	URL    string
	Header http.Header
	Body   []byte
	Peer   string // for Spec.Local channels: the identity that the caller was authenticated as, "" otherwise
}

// Reply is what a request meant.
type Reply struct {
	Results []Result
	Status  int    // for the provider, 0 = 200
	Body    []byte // for the provider, may be empty
}

// Result is one thing that happened on a channel.
type Result struct {
	Account string // the provider account it belongs to: one callback may carry many
	Key     string // dedupe key, unique per channel; the same key again is harmless
	// Exactly one of the following is set.
	Message *Incoming
	Receipt *Receipt
	Unknown string // a name for an event we do not know; kept raw
}

// Incoming is a customer's message.
type Incoming struct {
	Peer       Peer
	ExternalID desk.ExternalID
	ClientID   string // minted by the customer's device, web chat only
	Parts      []desk.Part
	At         time.Time // the provider's stamp, zero if none
	ReplyTo    desk.ExternalID
}

// Peer is who is on the other side.
type Peer struct {
	Scope      string
	ExternalID string
	Name       string
	Locale     string
}

// Receipt is news of messages of ours.
type Receipt struct {
	ExternalID desk.ExternalID     // of one message, or
	Peer       *Peer               // with UpTo: all messages to that peer up to a point
	UpTo       int64               // conversation Seq, for web chat
	Status     desk.DeliveryStatus // delivered or read or failed
	Fault      *Fault
	At         time.Time
}

// Account is everything a connector may use to send.
type Account struct {
	Channel desk.Channel
	Secrets map[string]string
	BaseURL string // overrides the provider's address (simulator, gateway, tests); "" = the real one
	Client  *http.Client
	Now     desk.Clock
}

// Outgoing is one provider message to send; the outbox has split it already.
type Outgoing struct {
	To       Peer
	Parts    []desk.Part
	Key      string // idempotency key: the same for every attempt
	Delivery desk.ID
	Attempt  int
}

// Spec describes a channel to the rest of the program and to the browser.
type Spec struct {
	Kind  string `json:"kind"`
	Order int    `json:"order"` // in menus
	Icon  string `json:"icon"`
	// Local: the channel is our own. Its delivery settles in the writing transaction, the browser reads the event log.
	Local bool `json:"local"`
	// Idempotent: the provider knows our Key again, so an uncertain attempt may be repeated.
	Idempotent bool `json:"idempotent"`
	// EchoWithin: how long after an uncertain attempt the provider's echo may still prove it.
	EchoWithin   time.Duration `json:"echo_within,omitempty"`
	Settings     []Setting     `json:"settings"`
	Capabilities Capabilities  `json:"capabilities"`
}

// Setting is one field of the settings form.
type Setting struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"` // text, secret, url, origins, color, bool, choice, texts (a text per locale)
	Required bool     `json:"required,omitempty"`
	Options  []string `json:"options,omitempty"`
	Default  string   `json:"default,omitempty"`
	MaxRunes int      `json:"max_runes,omitempty"`
}

// Capabilities say what a channel can carry.
type Capabilities struct {
	TextLimit   int                   `json:"text_limit"` // in TextUnit, 0 = our own limit of 10,000 runes
	TextUnit    string                `json:"text_unit"`  // runes, utf16, bytes
	Marks       []desk.MarkKind       `json:"marks"`
	Media       []MediaLimit          `json:"media"`
	Choices     int                   `json:"choices"`  // how many, 0 = numbered text only
	Receipts    []desk.DeliveryStatus `json:"receipts"` // what the channel can prove
	Typing      bool                  `json:"typing"`
	ReplyTo     bool                  `json:"reply_to"`
	WindowHours int                   `json:"window_hours"` // 0 = no window
}

// MediaLimit is what a channel takes of one kind.
type MediaLimit struct {
	Kind     desk.PartKind `json:"kind"`
	MIME     []string      `json:"mime"` // empty = all
	MaxBytes int64         `json:"max_bytes"`
}

// Optional skills, found by assertion. channeltest fails a connector whose Capabilities and skills disagree.
type (
	// Finder asks the provider whether a message of ours with this key arrived.
	Finder interface {
		Find(ctx context.Context, a Account, m Outgoing) (desk.ExternalID, bool, error)
	}
	// Prober asks whether the credentials are good.
	Prober interface {
		Probe(ctx context.Context, a Account) error
	}
	// Validator checks settings before they are kept; errors are desk.Invalid with the field's name.
	Validator interface {
		Validate(settings []byte) error
	}
)

// Registry is the set of connectors by kind.
type Registry map[string]Connector

// Get finds a connector; KindNotFound "channel_kind_not_found".
func (r Registry) Get(kind string) (Connector, error) {
	c, ok := r[kind]
	if !ok {
		return nil, desk.NotFound("channel_kind")
	}
	return c, nil
}
