package desk

import (
	"encoding/json"
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
	TeamID     ID              // default team, 0 = everybody
	ScheduleID ID              // opening hours, 0 = always open
	LastSeenAt time.Time       // last sign of life from the other side
	LastSeenOn string          // where, for web chat the site's origin
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Version    int64
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
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// ExternalID is a provider's id for a message. Opaque.
type ExternalID string
