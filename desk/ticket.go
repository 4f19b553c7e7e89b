package desk

import (
	"slices"
	"time"
)

// TicketStatus is where a case stands (0.2).
type TicketStatus string

// The ticket statuses.
const (
	StatusBot      TicketStatus = "bot"      // a bot is talking
	StatusQueued   TicketStatus = "queued"   // waits for a human, no assignee
	StatusOpen     TicketStatus = "open"     // human assignee, our turn
	StatusPending  TicketStatus = "pending"  // the customer's turn
	StatusSnoozed  TicketStatus = "snoozed"  // asleep until SnoozedUntil
	StatusResolved TicketStatus = "resolved" // done, see Reason
)

// Resolved reports whether the case is closed.
func (s TicketStatus) Resolved() bool { return s == StatusResolved }

// Reason says why a ticket was resolved (0.5).
type Reason string

// The reasons.
const (
	ReasonManual            Reason = "manual"
	ReasonBot               Reason = "bot"
	ReasonCustomerConfirmed Reason = "customer_confirmed"
	ReasonAutoClosed        Reason = "auto_closed"
	ReasonOptOut            Reason = "opt_out"
	ReasonSpam              Reason = "spam"
	ReasonMerged            Reason = "merged"
)

// Surveyed reports whether a resolution for this reason may be followed by a CSAT survey (0.5).
func (r Reason) Surveyed() bool {
	return r == ReasonManual || r == ReasonBot || r == ReasonCustomerConfirmed || r == ReasonAutoClosed
}

// Priority orders the queue (E10).
type Priority string

// The priorities.
const (
	PriorityLow    Priority = "low"
	PriorityNormal Priority = "normal"
	PriorityHigh   Priority = "high"
	PriorityUrgent Priority = "urgent"
)

// Priorities lists all of them, the lowest first.
func Priorities() []Priority {
	return []Priority{PriorityLow, PriorityNormal, PriorityHigh, PriorityUrgent}
}

// Rank is 0 for low up to 3 for urgent.
func (p Priority) Rank() int { return max(slices.Index(Priorities(), p), 0) }

// Ticket is one numbered case inside a conversation (0.1).
type Ticket struct {
	ID             ID
	Number         int64 // 1, 2, 3 … within the workspace
	ConversationID ID
	ChannelID      ID
	ContactID      ID
	Status         TicketStatus
	Reason         Reason // with StatusResolved only
	SnoozedUntil   time.Time
	PendingSince   time.Time // with StatusPending only: how long it has been the customer's turn (E7)
	Assignee       ID        // user, 0 = nobody
	LastAssignee   ID        // who had it last (E11)
	PreferredAgent ID        // who gets it from the queue if they can, by a routing rule or as a returning customer's (E2, E11); 0 = anybody
	TeamID         ID
	Priority       Priority
	TagIDs         []ID
	JoinedIDs      []ID              // supervisors who take part while somebody else has it (E21)
	Fields         map[string]string // the workspace's own fields, by key (G3.2)
	SLAPolicy      ID                // the SLA policy that a rule or a person named (E2), 0 = SLAPolicyOf chooses by team and priority
	RoutingRule    ID                // that decided where it went first (E2), 0 = none applied
	WaitSince      time.Time         // earliest unanswered customer message, kept over transfers (E13)
	CreatedAt      time.Time
	QueuedAt       time.Time // t_queue (I1.1)
	AssignedAt     time.Time // t_assign, first human assignee
	RepliedAt      time.Time // t_reply1, first public human message
	ResolvedAt     time.Time // the last resolution
	ReopenedCount  int
	MergedInto     ID // with ReasonMerged: the ticket that its messages were filed under
	UpdatedAt      time.Time
	Version        int64
}

var transitions = map[TicketStatus][]TicketStatus{ // 0.2
	StatusBot:      {StatusQueued, StatusOpen, StatusResolved},
	StatusQueued:   {StatusOpen, StatusResolved, StatusBot},
	StatusOpen:     {StatusPending, StatusSnoozed, StatusQueued, StatusResolved, StatusBot},
	StatusPending:  {StatusOpen, StatusSnoozed, StatusQueued, StatusResolved, StatusBot},
	StatusSnoozed:  {StatusOpen, StatusQueued, StatusResolved},
	StatusResolved: {StatusOpen, StatusQueued, StatusBot},
}

// CanMove reports whether 0.2 allows a ticket to go from one status to another.
func CanMove(from, to TicketStatus) bool { return slices.Contains(transitions[from], to) }

// move changes the status and keeps the marks that depend on it. 409 invalid_transition if 0.2 forbids it.
func (t *Ticket) move(to TicketStatus, now time.Time) error {
	if t.Status == to {
		return nil
	}
	if !CanMove(t.Status, to) {
		e := Errorf(KindConflict, "invalid_transition", "a ticket cannot go from %s to %s", t.Status, to)
		e.Params = map[string]string{"from": string(t.Status), "to": string(to)}
		return e
	}
	if t.Status == StatusResolved {
		t.ReopenedCount++
	}
	t.Status = to
	t.Reason = ""
	t.SnoozedUntil = time.Time{}
	t.PendingSince = time.Time{}
	switch to {
	case StatusPending:
		t.PendingSince = now
	case StatusQueued:
		t.QueuedAt = now
		t.unassign()
	case StatusBot:
		t.unassign() // 「ボットに戻す」: nobody's turn but the bot's
	}
	t.UpdatedAt = now
	return nil
}

func (t *Ticket) unassign() {
	if t.Assignee != 0 {
		t.LastAssignee = t.Assignee
	}
	t.Assignee, t.JoinedIDs = 0, nil
}

// CustomerAction says what a customer's message does to the latest ticket (0.3, 0.4).
type CustomerAction string

// What CustomerWrote decides.
const (
	TicketContinues CustomerAction = "continues"
	TicketReopened  CustomerAction = "reopened"
	TicketNeeded    CustomerAction = "needed" // the caller opens a new one with OpenTicket
)

// CustomerWrote applies a customer's message to the latest ticket: pending and snoozed go to open with the assignee
// kept (0.3); resolved reopens within reopenDays (0.4), to its last assignee if there was one, else to the queue.
// A nil ticket needs a new one.
func CustomerWrote(t *Ticket, now time.Time, reopenDays int) CustomerAction {
	if t == nil {
		return TicketNeeded
	}
	action := TicketContinues
	switch t.Status {
	case StatusResolved:
		if !t.Reopens(now, reopenDays) {
			return TicketNeeded
		}
		action = TicketReopened
		t.wake(now)
	case StatusPending, StatusSnoozed:
		t.wake(now)
	}
	if t.WaitSince.IsZero() {
		t.WaitSince = now
	}
	t.UpdatedAt = now
	return action
}

// Reopens reports whether a message on a resolved ticket takes the same case up again instead of opening the next (0.4).
func (t *Ticket) Reopens(now time.Time, reopenDays int) bool {
	within := now.Before(t.ResolvedAt.AddDate(0, 0, reopenDays))
	return t.Status == StatusResolved && within && t.Reason != ReasonSpam && t.Reason != ReasonMerged
}

// wake brings a ticket back to work: open if somebody has it, else queued.
func (t *Ticket) wake(now time.Time) {
	to := StatusOpen
	if t.Assignee == 0 {
		to = StatusQueued
	}
	_ = t.move(to, now) // 0.2 allows both from every status that sleeps or rests
}

// OpenTicket makes the next case of a conversation, waiting in the queue of the channel's team.
func OpenTicket(id ID, number int64, c Conversation, team ID, now time.Time) Ticket {
	return Ticket{
		ID: id, Number: number, ConversationID: c.ID, ChannelID: c.ChannelID, ContactID: c.ContactID,
		Status: StatusQueued, TeamID: team, Priority: PriorityNormal,
		WaitSince: now, CreatedAt: now, QueuedAt: now, UpdatedAt: now,
	}
}

// HumanReplied applies a public human reply: on a queued, bot or resolved ticket the writer takes it first (0.2, G7.6),
// then open goes to pending (0.3). It reports whether the writer was assigned by it.
func (t *Ticket) HumanReplied(user ID, now time.Time) (assigned bool, err error) {
	if t.Assignee == 0 || t.Status == StatusResolved {
		assigned = t.Assignee != user
		if err := t.AssignTo(user, now); err != nil {
			return false, err
		}
	}
	if t.Status != StatusPending {
		if t.Status != StatusOpen {
			if err := t.move(StatusOpen, now); err != nil {
				return assigned, err
			}
		}
		if err := t.move(StatusPending, now); err != nil {
			return assigned, err
		}
	}
	t.WaitSince = time.Time{}
	if t.RepliedAt.IsZero() {
		t.RepliedAt = now
	}
	t.UpdatedAt = now
	return assigned, nil
}

// AssignTo gives the ticket to a person (take, assign, transfer to an agent; E13). A queued, bot or resolved ticket becomes open, and
// so does one asleep that was another's: who gets it has not put it to sleep. Open and pending keep their status.
func (t *Ticket) AssignTo(user ID, now time.Time) error {
	if user == 0 {
		return Invalid("assignee_id", "assignee_missing", "an assignee is needed")
	}
	asleep := t.Status == StatusSnoozed && t.Assignee != user
	if t.Status == StatusQueued || t.Status == StatusBot || t.Status == StatusResolved || asleep {
		if err := t.move(StatusOpen, now); err != nil {
			return err
		}
	}
	if t.Assignee != 0 && t.Assignee != user {
		t.LastAssignee = t.Assignee
	}
	t.Assignee, t.PreferredAgent = user, 0
	t.part(user)
	if t.AssignedAt.IsZero() {
		t.AssignedAt = now
	}
	t.UpdatedAt = now
	return nil
}

// GivenFrom reports whether a member has the ticket in hand who had not, as it was: another one, or the same with it resolved.
func (t Ticket) GivenFrom(was Ticket) bool {
	return t.Assignee != 0 && !t.Status.Resolved() && (t.Assignee != was.Assignee || was.Status.Resolved())
}

// TransferTo hands the ticket to a team's queue; the original WaitSince is kept (E13). Team 0 only unassigns.
func (t *Ticket) TransferTo(team ID, now time.Time) error {
	if t.Status != StatusQueued {
		if err := t.move(StatusQueued, now); err != nil {
			return err
		}
	}
	t.unassign()
	t.PreferredAgent = 0
	if team != 0 {
		t.TeamID = team
	}
	t.UpdatedAt = now
	return nil
}

// NeedsPeople gives a ticket that nobody has, and that machines talked to, to the queue (B6.2). It reports whether it was one.
func (t *Ticket) NeedsPeople(now time.Time) bool {
	switch {
	case t.Status == StatusBot:
	case t.Status == StatusPending && t.Assignee == 0:
	default:
		return false
	}
	_ = t.move(StatusQueued, now) // 0.2 allows it from both
	return true
}

// Snooze puts the ticket to sleep until an instant after now.
func (t *Ticket) Snooze(until, now time.Time) error {
	if !until.After(now) {
		return Invalid("until", "snooze_in_past", "snooze until %s is not after now", until.Format(time.RFC3339))
	}
	if t.Status == StatusSnoozed {
		t.SnoozedUntil, t.UpdatedAt = until, now
		return nil
	}
	if err := t.move(StatusSnoozed, now); err != nil {
		return err
	}
	t.SnoozedUntil = until
	return nil
}

// Wake ends a snooze, because its time came or a person said so.
func (t *Ticket) Wake(now time.Time) error {
	if t.Status != StatusSnoozed {
		return Errorf(KindConflict, "invalid_transition", "a %s ticket is not asleep", t.Status)
	}
	t.wake(now)
	return nil
}

// Resolve closes the case for a reason.
func (t *Ticket) Resolve(reason Reason, now time.Time) error {
	if t.Status == StatusResolved {
		return Errorf(KindConflict, "invalid_transition", "the ticket is resolved already")
	}
	if err := t.move(StatusResolved, now); err != nil {
		return err
	}
	t.Reason, t.ResolvedAt, t.WaitSince, t.JoinedIDs = reason, now, time.Time{}, nil
	return nil
}

// Reopen takes a resolved case up again: to a person, or to the queue if user is 0.
func (t *Ticket) Reopen(user ID, now time.Time) error {
	if t.Status != StatusResolved {
		return Errorf(KindConflict, "invalid_transition", "a %s ticket is not resolved", t.Status)
	}
	if user == 0 {
		return t.move(StatusQueued, now)
	}
	if err := t.move(StatusOpen, now); err != nil {
		return err
	}
	return t.AssignTo(user, now)
}

// SetPending says that it is the customer's turn (open → pending) without a reply.
func (t *Ticket) SetPending(now time.Time) error {
	if t.Status == StatusPending {
		return Errorf(KindConflict, "invalid_transition", "the ticket is pending already")
	}
	return t.move(StatusPending, now)
}

// SetOpen says that it is our turn again (pending → open).
func (t *Ticket) SetOpen(now time.Time) error {
	if t.Status != StatusPending {
		return Errorf(KindConflict, "invalid_transition", "a %s ticket is not pending", t.Status)
	}
	if t.Assignee == 0 {
		return Errorf(KindConflict, "invalid_transition", "an unassigned ticket is queued, not open")
	}
	return t.move(StatusOpen, now)
}

// Follows reports whether the other ticket was made before this one.
func (t Ticket) Follows(other Ticket) bool { return other.ID < t.ID }
