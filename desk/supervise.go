package desk

import (
	"slices"
	"time"
)

// WithAnother reports whether somebody else than the user works on the ticket.
func (t Ticket) WithAnother(user ID) bool {
	return t.Assignee != 0 && t.Assignee != user && !t.Status.Resolved()
}

// Join lets a supervisor take part in a case that somebody else has: the customer may know them, and the assignee stays (E21).
// "nobody_to_join" (conflict) where nobody else has it. Who joined already stays so.
func (t *Ticket) Join(user ID, now time.Time) error {
	if !t.WithAnother(user) {
		return Errorf(KindConflict, "nobody_to_join", "nobody else works on ticket %d", t.Number)
	}
	if !slices.Contains(t.JoinedIDs, user) {
		t.JoinedIDs, t.UpdatedAt = append(slices.Clone(t.JoinedIDs), user), now
	}
	return nil
}

// Leave ends what Join began; who has not joined changes nothing.
func (t *Ticket) Leave(user ID, now time.Time) {
	if slices.Contains(t.JoinedIDs, user) {
		t.part(user)
		t.UpdatedAt = now
	}
}

// part takes somebody from those who joined.
func (t *Ticket) part(user ID) {
	if slices.Contains(t.JoinedIDs, user) {
		t.JoinedIDs = slices.DeleteFunc(slices.Clone(t.JoinedIDs), func(id ID) bool { return id == user })
	}
}

// TakeOver makes a case that somebody else has the user's own (E21). "nobody_to_join" (conflict) as for Join: such a case is taken.
func (t *Ticket) TakeOver(user ID, now time.Time) error {
	if err := t.Join(user, now); err != nil {
		return err
	}
	return t.AssignTo(user, now)
}

// Monitored reports whether a supervisor who looks at the conversation watches somebody else's work, unseen by the customer (E21).
func (c Conversation) Monitored(by ID) bool {
	return c.Assignee != 0 && c.Assignee != by && !c.Status.Resolved() && !slices.Contains(c.JoinedIDs, by)
}

// TookOver is whose case a change made the actor's own, or that of the member for whom a program acts; 0 if nobody's.
func (e Event) TookOver() ID {
	by := e.UserID
	if e.Actor.Kind == ActorUser {
		by = e.Actor.ID
	}
	if e.Kind != EventTicketChanged || by == 0 || e.reopened() {
		return 0
	}
	for _, c := range e.Changes {
		if c.Field != "assignee_id" || c.To != by.String() {
			continue
		}
		if from, err := ParseID(c.From); err == nil {
			return from
		}
	}
	return 0
}

// reopened reports whether a change took a resolved case up again: whoever had it then had nothing to do any more.
func (e Event) reopened() bool {
	return slices.ContainsFunc(e.Changes, func(c Change) bool { return c.Field == "status" && c.From == string(StatusResolved) })
}
