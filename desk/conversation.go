package desk

import "time"

// Conversation is one lasting thread per (channel, identity) (0.1). It carries a copy of its latest ticket's state and
// of its last spoken line, so that a list row is one row.
type Conversation struct {
	ID         ID
	ChannelID  ID
	IdentityID ID
	ContactID  ID

	TicketID  ID // the latest ticket, 0 before the first: no list has it then
	TicketNo  int64
	Status    TicketStatus
	Assignee  ID
	TeamID    ID
	Priority  Priority
	TagIDs    []ID
	JoinedIDs []ID      // supervisors who take part (Ticket.JoinedIDs)
	WaitSince time.Time // the earliest customer message no human answered yet, zero if none (I2.3)
	// ReplyUntil is when a member may write no more (Standing.ReplyUntil); zero on channels without a window. The store keeps
	// it in step with the standing: Put takes it for a new row only.
	ReplyUntil time.Time
	SLA        SLASummary // of the latest ticket's promises (E17)

	// What lists filter by (G1.4). The store keeps Language, Existing and Blocked in step with the contact, its cases and the
	// identity: Put does not take them.
	Language     string // the contact's, as LanguageOf says
	Existing     bool   // the contact had a case before this one
	Blocked      bool   // its identity is shut out (F12)
	Attached     bool   // a file was sent here, by either side
	MentionedIDs []ID   // members whom a note here named

	LastSeq        int64     // Seq of the newest message of any kind
	LastInboundSeq int64     // Seq of the newest customer message
	LastActivityAt time.Time // newest spoken message (system lines and notes do not move rows)
	Preview        Preview
	CreatedAt      time.Time
	Version        int64 // counts changes
}

// Waiting reports whether the customer spoke last and the ticket is unresolved (the 返信待ち view, G1.3).
func (c Conversation) Waiting() bool { return !c.WaitSince.IsZero() && !c.Status.Resolved() }

// Acquaintance is whether the case is its contact's first.
func (c Conversation) Acquaintance() Acquaintance {
	if c.Existing {
		return AcquaintanceExisting
	}
	return AcquaintanceNew
}

// Window is what lists know of the reply window at an instant: WindowOpen, WindowClosing or WindowClosed; "" on channels
// without one (G1.4).
func (c Conversation) Window(now time.Time) WindowState {
	left := c.ReplyUntil.Sub(now)
	switch {
	case c.ReplyUntil.IsZero():
		return ""
	case left <= 0:
		return WindowClosed
	case left < windowClosingFor:
		return WindowClosing
	}
	return WindowOpen
}

// Preview is the one line a list row shows: what a person or bot said, never a system line.
type Preview struct {
	Author AuthorKind `json:"author"`
	Name   string     `json:"name,omitempty"`
	Kind   PartKind   `json:"kind"` // what to call it when Text is empty: image, file, …
	Text   string     `json:"text"` // at most 160 runes
	Seq    int64      `json:"seq,omitempty"`
	Failed bool       `json:"failed,omitempty"` // it did not arrive, or nobody knows (G2.3); see Conversation.Settled
}

const previewRunes = 160

// PreviewOf makes the preview of a spoken message.
func PreviewOf(m Message) Preview {
	p := Preview{Author: m.Author.Kind, Name: m.Author.Name, Text: firstLine(m.words(" / "), previewRunes), Seq: m.Seq}
	p.Failed = m.Status == DeliveryFailed || m.Status == DeliveryUnknown
	if len(m.Parts) > 0 {
		p.Kind = m.Parts[0].Kind
	}
	for _, part := range m.Parts {
		if p.Text == "" && part.Attachment != nil {
			p.Text = part.Attachment.Name
		}
	}
	return p
}

// Read is how far one member has read one conversation (G2.7).
type Read struct {
	UserID         ID
	ConversationID ID
	Seq            int64
	At             time.Time
}

// CustomerRead is how far the customer has read, so that web chat can prove "read".
type CustomerRead struct {
	ConversationID ID
	Seq            int64
	At             time.Time
}

// Draft is unsent text of one member in one conversation and mode (G4.8).
type Draft struct {
	UserID         ID
	ConversationID ID
	Mode           string // "reply" or "note"
	Body           []Part
	ReplyToID      ID // the customer's message that it answers, 0 = none
	UpdatedAt      time.Time
}
