package desk

import (
	"slices"
	"time"
)

// Absorb files another case of the same contact under this one (0.1): the other becomes resolved as merged, and what was still
// to be done goes on here. "ticket_merged_already" (conflict) where either was merged before, "merge_other_contact" (invalid)
// where they are not one person's. The messages are the caller's to file.
func (t *Ticket) Absorb(other *Ticket, now time.Time) error {
	switch {
	case t.ID == other.ID:
		return Invalid("into", "merge_same_ticket", "ticket %d cannot be merged with itself", t.Number)
	case t.ContactID != other.ContactID:
		return Invalid("into", "merge_other_contact", "tickets %d and %d are two people's", other.Number, t.Number)
	case t.Reason == ReasonMerged || other.Reason == ReasonMerged:
		return Errorf(KindConflict, "ticket_merged_already", "ticket %d or %d was merged before", other.Number, t.Number)
	}
	if t.Status.Resolved() && !other.Status.Resolved() {
		if err := t.goOnAs(*other, now); err != nil {
			return err
		}
	}
	if !other.WaitSince.IsZero() && (t.WaitSince.IsZero() || other.WaitSince.Before(t.WaitSince)) {
		t.WaitSince = other.WaitSince
	}
	if other.Priority.Rank() > t.Priority.Rank() {
		t.Priority = other.Priority
	}
	t.TagIDs = union(t.TagIDs, other.TagIDs)
	t.UpdatedAt = now
	other.closeAsMerged(t.ID, now)
	return nil
}

// goOnAs takes a resolved case up again where another one stands: its status, holder and team.
func (t *Ticket) goOnAs(other Ticket, now time.Time) error {
	first := other.Status
	if first == StatusPending || first == StatusSnoozed {
		first = StatusOpen // 0.2 has no other way to them
		if other.Assignee == 0 {
			first = StatusQueued
		}
	}
	if err := t.move(first, now); err != nil {
		return err
	}
	if first != other.Status && CanMove(first, other.Status) {
		if err := t.move(other.Status, now); err != nil {
			return err
		}
		t.SnoozedUntil = other.SnoozedUntil
	}
	if t.Assignee != 0 && t.Assignee != other.Assignee {
		t.LastAssignee = t.Assignee
	}
	t.Assignee, t.TeamID = other.Assignee, other.TeamID
	if t.AssignedAt.IsZero() {
		t.AssignedAt = other.AssignedAt
	}
	return nil
}

func (t *Ticket) closeAsMerged(into ID, now time.Time) {
	if !t.Status.Resolved() {
		_ = t.move(StatusResolved, now) // 0.2 allows it from everywhere
		t.ResolvedAt = now
	}
	t.Reason, t.WaitSince, t.MergedInto, t.UpdatedAt = ReasonMerged, time.Time{}, into, now
}

func union(a, b []ID) []ID {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// SplitTicket makes a case of its own of some messages of a conversation, in order, in the hands of who splits them off (0.1).
// None of the conversation's cases may be unresolved; that is for the caller to look at.
func SplitTicket(id ID, number int64, c Conversation, from Ticket, messages []Message, user ID, now time.Time) Ticket {
	t := OpenTicket(id, number, c, from.TeamID, now)
	t.Status, t.Assignee, t.AssignedAt = StatusOpen, user, now
	t.Priority, t.TagIDs = from.Priority, slices.Clone(from.TagIDs)
	t.WaitSince = time.Time{}
	for _, m := range messages {
		switch {
		case m.Author.Kind == AuthorHuman:
			t.WaitSince = time.Time{}
			if t.RepliedAt.IsZero() {
				t.RepliedAt = m.At
			}
		case m.Author.Kind.Inbound() && t.WaitSince.IsZero():
			t.WaitSince = m.ReceivedAt
		}
		if m.Author.Kind.Inbound() && m.ReceivedAt.Before(t.CreatedAt) {
			t.CreatedAt = m.ReceivedAt // t_create is the first customer message (I1.1)
		}
	}
	return t
}
