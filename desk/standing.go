package desk

import "time"

// Standing is how a person on one channel stands towards us: whether and until when we may write, and at what price.
// It belongs to the identity; everything here follows from what the customer or the provider did.
type Standing struct {
	// WindowUntil is when our permission to write ends (C1.3), zero = there never was one, or the channel has no window.
	WindowUntil time.Time `json:"window_until,omitzero"`
	WindowAt    time.Time `json:"window_at,omitzero"`   // of the customer's act that opened it
	WindowLeft  int       `json:"window_left,omitzero"` // how many messages are left in it, where the channel counts; see Counted
	Counted     bool      `json:"counted,omitzero"`     // the window counts our messages
	HumanUntil  time.Time `json:"human_until,omitzero"` // until then a member may write under the channel's tag (C1.9)
	// Free entry point (C1.6): pending until our first answer, then free until FreeUntil.
	FreePending time.Time     `json:"free_pending,omitzero"` // until when an answer makes it free
	FreeFor     time.Duration `json:"free_for,omitzero"`
	FreeOpens   bool          `json:"free_opens,omitzero"` // it opens the window too (C1.7)
	FreeUntil   time.Time     `json:"free_until,omitzero"`
	TemplateAt  time.Time     `json:"template_at,omitzero"` // a template went out and nobody answered yet (C1.5)

	Unreachable time.Time `json:"unreachable,omitzero"` // they blocked us, or nothing arrives (H5); cleared by their next sign of life
	// How many messages did not arrive, and when the first of them did not (H5).
	Undelivered   int       `json:"undelivered,omitzero"`
	UndeliveredAt time.Time `json:"undelivered_at,omitzero"`
	OptedOutAt    time.Time `json:"opted_out_at,omitzero"`
	OptOutBy      string    `json:"opt_out_by,omitempty"`  // the word they sent, OptOutByProvider or OptOutByMember
	SuspectedAt   time.Time `json:"suspected_at,omitzero"` // an opt-out in other words, to be decided by a person (B3.6)
	Marketing     string    `json:"marketing,omitempty"`   // MarketingStopped, or "" for nothing known
	FirstOutAt    time.Time `json:"first_out_at,omitzero"` // our first message, again after an opt-in (B2.3)
	AckedAt       time.Time `json:"acked_at,omitzero"`     // the last automatic acknowledgement (B2.2)
	MutedUntil    time.Time `json:"muted_until,omitzero"`  // automations keep silent until then (B6.2)

	// E-mails beside the channel (web chat): what was told so, when they wanted no more, and an address that takes none.
	MailedSeq     int64     `json:"mailed_seq,omitzero"`
	MailStoppedAt time.Time `json:"mail_stopped_at,omitzero"`
	MailRefused   string    `json:"mail_refused,omitempty"`

	Token      string    `json:"token,omitempty"` // a reply token not used yet (LINE)
	TokenUntil time.Time `json:"token_until,omitzero"`
	TokenFor   ID        `json:"token_for,omitzero"` // the delivery that took the last one along
	CameBy     *Referral `json:"came_by,omitempty"`  // the link that they opened the chat by; their next message takes it
	LastIn     string    `json:"last_in,omitempty"`  // the provider's id of their newest message
	LastInAt   time.Time `json:"last_in_at,omitzero"`
}

// MarketingStopped is the wish to get no advertisements (C4.4).
const MarketingStopped = "stopped"

// Who else than the person themselves opted them out.
const (
	OptOutByProvider = "provider"
	OptOutByMember   = "member"
)

// OptOut is how somebody stands who wants no more messages (B3.8); the first time counts. by is their word, OptOutByProvider
// or OptOutByMember.
func (s Standing) OptOut(at time.Time, by string) Standing {
	if s.OptedOutAt.IsZero() {
		s.OptedOutAt, s.OptOutBy = at, by
	}
	s.SuspectedAt = time.Time{}
	return s
}

// OptIn is how somebody stands who wants messages again (B3.14): our next one is a first one (B2.3).
func (s Standing) OptIn() Standing {
	s.OptedOutAt, s.OptOutBy, s.SuspectedAt, s.FirstOutAt = time.Time{}, "", time.Time{}, time.Time{}
	return s
}
