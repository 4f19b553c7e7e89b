package desk

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// ChannelState is a channel's health (H1).
type ChannelState string

// The channel states.
const (
	ChannelSetupIncomplete ChannelState = "setup_incomplete"
	ChannelSetupFailed     ChannelState = "setup_failed"
	ChannelAwaitingTest    ChannelState = "awaiting_test"
	ChannelActive          ChannelState = "active"
	ChannelDegraded        ChannelState = "degraded"
	ChannelRateLimited     ChannelState = "rate_limited"
	ChannelAuthExpired     ChannelState = "auth_expired"
	ChannelSuspended       ChannelState = "suspended"
	ChannelDisabled        ChannelState = "disabled"
	ChannelDeleted         ChannelState = "deleted"
)

// Closed refuses a channel that takes and shows nothing (H2): "channel_disabled" or "channel_deleted" (forbidden), nil in
// every other state.
func (s ChannelState) Closed() error {
	if s == ChannelDisabled || s == ChannelDeleted {
		return Errorf(KindForbidden, "channel_"+string(s), "the channel is %s", s)
	}
	return nil
}

// Channel is one connected account of some kind. What its Settings mean is known to its connector alone.
type Channel struct {
	ID         ID
	BrandID    ID
	Kind       string // "webchat", "line", …
	Name       string
	Account    string // the provider's account id; for web chat the public key in the snippet. Unique per kind.
	State      ChannelState
	Settings   json.RawMessage // shown to admins
	Secrets    []byte          // sealed, never shown again (J16)
	Hook       string          // random part of its callback's address, "" for channels of our own
	Health     ChannelHealth   // what the page about it shows (H9)
	TeamID     ID              // default team, 0 = everybody
	ScheduleID ID              // opening hours, 0 = always open
	Automation Automation      // what it says by itself
	LastSeenAt time.Time       // last sign of life from the other side
	LastSeenOn string          // where, for web chat the site's origin
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Version    int64
}

// Sends reports whether anything goes out on the channel.
func (c Channel) Sends() bool {
	switch c.State {
	case ChannelActive, ChannelDegraded, ChannelRateLimited, ChannelAwaitingTest:
		return true
	}
	return false
}

// ChannelHealth is what was last seen of a channel and its provider.
type ChannelHealth struct {
	Title        string               `json:"title,omitempty"`       // what the provider calls the account
	Reason       string               `json:"reason,omitempty"`      // why it is in its state: the provider's code
	Detail       string               `json:"detail,omitempty"`      // in the provider's words
	Since        time.Time            `json:"since,omitzero"`        // of the state
	Until        time.Time            `json:"until,omitzero"`        // when a limit ends, as far as known
	HookAt       time.Time            `json:"hook_at,omitzero"`      // last authentic webhook
	ForgedAt     time.Time            `json:"forged_at,omitzero"`    // last webhook with a bad signature
	SentAt       time.Time            `json:"sent_at,omitzero"`      // last message that the provider took
	FailedAt     time.Time            `json:"failed_at,omitzero"`    // last that it refused
	FailedCode   string               `json:"failed_code,omitempty"` // and why
	Misfit       string               `json:"misfit,omitempty"`      // the provider's code where it refused a message for how the account is set up, until it takes one
	ProbedAt     time.Time            `json:"probed_at,omitzero"`
	Checks       []HealthCheck        `json:"checks,omitempty"` // of the last probe
	Facts        [][2]string          `json:"facts,omitempty"`  // name and value
	TokenExpires time.Time            `json:"token_expires,omitzero"`
	Warned       string               `json:"warned,omitempty"`       // which warnings of the token's end went out
	FailingSince time.Time            `json:"failing_since,omitzero"` // of the first refusal after the last success
	Told         map[string]time.Time `json:"told,omitempty"`         // when admins last heard of a cause (H7)
}

// HealthCheck is one thing that a probe looked at.
type HealthCheck struct {
	Code   string            `json:"code"`
	State  string            `json:"state"` // passed, warning, failed, skipped
	Field  string            `json:"field,omitempty"`
	Params map[string]string `json:"params,omitempty"`
}

// Delivery is a promise to send one provider message. Its lane is its conversation: order is kept inside a lane.
type Delivery struct {
	ID             ID
	ChannelID      ID
	ConversationID ID
	MessageID      ID
	Part           int   // which piece of a split message
	Seq            int64 // position in the lane, drawn under the lane's lock
	Status         DeliveryStatus
	Attempts       int
	NotBefore      time.Time // when it may be tried (next)
	ExpiresAt      time.Time // past it the delivery fails as expired (G7.7: 15 min for agent replies)
	Key            string    // idempotency key for the provider
	ExternalID     ExternalID
	Fault          *MessageFault
	Price          *Price // what the provider says it costs, nil if it does not
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// SendWithin is how long a message waits for its provider before it fails as expired (G7.7).
const SendWithin = 15 * time.Minute

// UnderWay reports whether an attempt may still change it: receipts for it come later, or again.
func (d Delivery) UnderWay() bool { return d.Status == DeliveryQueued || d.InHand() }

// InHand reports whether an attempt has begun of which nothing is known yet, not even that it is over: bytes may have left. It ends
// with its lease, or when its node, or the next, looks after it.
func (d Delivery) InHand() bool { return d.Status == DeliverySending && !d.AwaitsProof() }

// AwaitsProof reports whether its attempt is over and nobody knows how it went: until NotBefore a receipt or an echo may tell.
func (d Delivery) AwaitsProof() bool {
	return d.Status == DeliverySending && d.NotBefore.After(d.UpdatedAt)
}

// DeliveryKey is the idempotency key of a delivery that has none of its own; DeliveryOfKey reads its id again, 0 if it is no
// key of ours.
func DeliveryKey(id ID, part int) string { return id.String() + "-" + strconv.Itoa(part) }

// DeliveryOfKey reads the id from a DeliveryKey.
func DeliveryOfKey(key string) ID {
	text, _, ok := strings.Cut(key, "-")
	id, err := strconv.ParseInt(text, 10, 64)
	if !ok || err != nil || id < 0 {
		return 0
	}
	return ID(id)
}

// Price is what a provider says about the cost of one message.
type Price struct {
	Billable bool   `json:"billable"`
	Model    string `json:"model,omitempty"`    // the provider's words: "PMP", "CBP"
	Type     string `json:"type,omitempty"`     // "regular", "free_customer_service", "free_entry_point"
	Category string `json:"category,omitempty"` // "service", "marketing", "utility", "authentication"
	Amount   string `json:"amount,omitempty"`   // decimal
	Currency string `json:"currency,omitempty"` // ISO 4217
}

// ExternalID is a provider's id for a message. Opaque.
type ExternalID string
