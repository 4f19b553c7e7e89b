package channel

import (
	"time"

	"madoguchi/desk"
)

// Result is one thing that happened on a channel.
type Result struct {
	Account string // the provider account it belongs to: one callback may carry many
	Key     string // dedupe key, unique per channel and kept at least 8 days; the same key again is harmless
	// Opens says how long and how much we may write after this, where it differs from Spec.Window (which every Message
	// opens) or where something else than a message opens it: a reaction, a menu's button, a follow.
	Opens *Opening
	// Exactly one of the following is set.
	Message  *Incoming
	Echo     *Echo
	Receipt  *Receipt
	Reaction *Reaction
	Edit     *Edit
	Unsend   *Unsend
	Standing *Standing
	Notice   *Notice
	Unknown  string // a name for an event we do not know; kept raw
}

// Incoming is a customer's message. A kind of content that we do not know is a Part of desk.PartUnknown whose Text names
// it: it is shown as "cannot be displayed", never lost.
type Incoming struct {
	Peer       Peer
	ExternalID desk.ExternalID
	ClientID   string // minted by the customer's device, web chat only
	Parts      []desk.Part
	At         time.Time // the provider's stamp, zero if none
	ReplyTo    desk.ExternalID
	QuoteRef   string // what the provider wants to hear when an answer quotes this message, "" where its id is enough (LINE)
	// Choice is the id of the option that was picked (D2.4), "" if none; its label is the text of Parts.
	Choice   string
	Referral *desk.Referral // where the customer came from: an advertisement, a link, a story
	// Token lets us answer this one message for free until TokenUntil (LINE), "" if there is none.
	Token      string
	TokenUntil time.Time
	// Quiet says that another program of the account answers this person for now: what they wrote is kept and shown, and
	// no machine of ours answers.
	Quiet bool
	// Keyword is what the provider itself took the message for and answered (B3.11), whatever its words; "" where it said
	// nothing. An opt-out or opt-in comes as a Standing too, before the message.
	Keyword desk.Keyword
}

// Peer is who is on the other side.
type Peer struct {
	Scope      string // what the provider scopes its ids to: the account, the provider, "" where ids are the world's (a phone number)
	ExternalID string
	Alias      string // another id of the same person there, "" if none: a phone number beside a user id (F1)
	Name       string
	Phone      string // E.164, "" unknown
	Locale     string
}

// Opening is a permission to write (C1). It begins At and ends At+For; a later one prolongs, an earlier one changes nothing.
type Opening struct {
	At    time.Time // zero = the message's
	For   time.Duration
	Count int // how many of our messages, 0 = any number
	// FreeFor is how long messages cost nothing after our first answer, where the customer came by an advertisement (C1.6).
	FreeFor time.Duration
}

// Echo is a message from our side of the account that the provider tells about: one of ours, which it proves, or one
// that somebody sent from another program.
type Echo struct {
	Peer       Peer
	ExternalID desk.ExternalID
	Key        string // Outgoing.Key, where the provider hands it back; "" else
	Ours       bool   // sent by this connector: it only proves; else it is shown as sent elsewhere
	Parts      []desk.Part
	At         time.Time
}

// Receipt is news of messages of ours. It names one message by ExternalID or, where the provider hands it back, by Key; or
// all messages to a peer: up to a position (UpTo) or up to an instant of the provider's clock (Until).
type Receipt struct {
	ExternalID desk.ExternalID
	Key        string
	Peer       *Peer
	UpTo       int64 // conversation Seq, for web chat
	Until      time.Time
	Earlier    bool                // with ExternalID or Key: and everything that we sent this person before it
	Status     desk.DeliveryStatus // sent, delivered, read or failed
	Fault      *Fault              // with failed
	At         time.Time
	Price      *desk.Price // what the provider says it costs, nil if it does not
}

// Reaction is a customer's emoji on a message; an empty one takes it back.
type Reaction struct {
	Peer       Peer
	ExternalID desk.ExternalID // of the message
	Emoji      string
	At         time.Time
}

// Edit replaces the content of a customer's message; what it said before is kept (G2.9).
type Edit struct {
	Peer       Peer
	ExternalID desk.ExternalID // of the message
	Parts      []desk.Part
	At         time.Time
}

// Unsend takes a customer's message back: its content goes everywhere, its place stays (G2.9).
type Unsend struct {
	Peer       Peer
	ExternalID desk.ExternalID // of the message
	At         time.Time
}

// Standing is a change in how a person stands towards us.
type Standing struct {
	Peer Peer
	Is   StandingKind
	To   *Peer // with StandingMoved: who they are from now on
	// Confirmed says that the provider has answered the person already (an opt-out confirmation): we do not.
	Confirmed bool
	Referral  *desk.Referral
	Choice    string // what they pressed to begin, "" if nothing
	// Token and TokenUntil are as in Incoming.
	Token      string
	TokenUntil time.Time
	At         time.Time
}

// StandingKind is what changed.
type StandingKind string

// The standings.
const (
	StandingFollowed         StandingKind = "followed"          // they can be written to from now on
	StandingBlocked          StandingKind = "blocked"           // they blocked us or left (H5)
	StandingUnblocked        StandingKind = "unblocked"         // and came back
	StandingOptedOut         StandingKind = "opted_out"         // B3
	StandingOptedIn          StandingKind = "opted_in"          // B3.14
	StandingMarketingStopped StandingKind = "marketing_stopped" // C4.4
	StandingMarketingResumed StandingKind = "marketing_resumed"
	StandingMoved            StandingKind = "moved"   // has another id now
	StandingStarted          StandingKind = "started" // opened the chat or pressed its first button, and wrote nothing
)

// Notice is news about the account itself.
type Notice struct {
	Is       NoticeKind
	Code     string // the provider's word or number
	Detail   string // the provider's words, for the channel's page
	Template *desk.Template
	At       time.Time
}

// NoticeKind is what a notice is about.
type NoticeKind string

// The notices.
const (
	NoticeSuspended  NoticeKind = "suspended"  // sends nothing until the provider says otherwise
	NoticeRestored   NoticeKind = "restored"   // works again
	NoticeRestricted NoticeKind = "restricted" // works with limits: quality, a messaging limit, a warning
	NoticeError      NoticeKind = "error"      // the provider failed to deliver something to us or for us
	NoticeTemplate   NoticeKind = "template"   // Template changed: status, category, quality or content
	NoticeInfo       NoticeKind = "info"       // worth a line on the channel's page
)
