package desk

import "time"

// Scheduled is a reply that waits for its instant (G4.10): a time that its writer chose, or the few seconds in which they may still
// take it back. What it says is checked again when it goes out.
type Scheduled struct {
	ID             ID
	ConversationID ID
	UserID         ID     // whose it is; it goes out in their name
	ClientID       string // of the message that it becomes: unique per conversation and writer
	Undo           bool   // it waits only so that it can be taken back
	Parts          []Part
	ReplyToID      ID
	Then           string // what becomes of the ticket: an inbox.Then
	SnoozeUntil    time.Time
	DueAt          time.Time
	UnlessAnswered bool      // it stays here if the customer has written beyond SeenSeq by then
	SeenSeq        int64     // Seq of the customer's newest message when it was last written
	CreatedAt      time.Time // or when its writer last chose another instant
	ReturnedAt     time.Time // it could not go out, or a colleague took it back: it waits for its writer to decide
	Reason         string    // why it came back, a code
	Version        int64
}

// Returned reports whether it waits for its writer, not for its instant.
func (s Scheduled) Returned() bool { return !s.ReturnedAt.IsZero() }

// Return ends the waiting of a reply that is not sent. What it says stays as it is: nothing that its writer writes meanwhile touches it.
func (s *Scheduled) Return(reason string, now time.Time) {
	s.ReturnedAt, s.Reason, s.Undo = now, reason, false
}

// WaitAgain has a reply wait for another instant of its writer's choice, as if it were written now.
func (s *Scheduled) WaitAgain(now time.Time) {
	s.ReturnedAt, s.Reason, s.CreatedAt = time.Time{}, "", now
}

// Answered reports whether the customer has written meanwhile, so that the reply stays.
func (s Scheduled) Answered(c Conversation) bool {
	return s.UnlessAnswered && !s.Returned() && c.LastInboundSeq > s.SeenSeq
}

// Reminder brings a conversation back before one member's eyes (G4.10); a member has one at most in each.
type Reminder struct {
	ID             ID
	UserID         ID
	ConversationID ID
	Note           string // what to think of, "" if nothing was written
	DueAt          time.Time
	UnlessAnswered bool  // it lapses when the customer writes beyond SeenSeq
	SeenSeq        int64 // Seq of the customer's newest message when it was set
	FiredAt        time.Time
	CreatedAt      time.Time
}

// Lapsed reports whether the customer has answered one that waits for nothing else.
func (r Reminder) Lapsed(c Conversation) bool {
	return r.UnlessAnswered && r.FiredAt.IsZero() && c.LastInboundSeq > r.SeenSeq
}

// What members are told of what waits.
const (
	NotifyScheduledFailed   = "scheduled_failed"   // with "reason", a code: it has come back
	NotifyScheduledCanceled = "scheduled_canceled" // a member, "by", took it back: it has come back
	NotifyReminder          = "reminder"           // its note stands where the conversation is
)
