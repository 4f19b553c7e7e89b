package inbox

import (
	"slices"

	"madoguchi/desk"
)

// edit brings the ticket and the actor's reading to what an Edit wants: first out of a status in which little can be
// changed, then the values, last into the status. read is how far the actor had read, nil if that stays.
func (v *visit) edit(e Edit) (read *int64, err error) {
	for _, step := range []func(Edit) error{v.leaveStatus, v.setValues, v.enterStatus, v.waitAgain} {
		if err := step(e); err != nil {
			return nil, err
		}
	}
	return v.editRead(e)
}

func (v *visit) leaveStatus(e Edit) error {
	switch {
	case e.Status == "" || e.Status == v.ticket.Status:
		return nil
	case v.ticket.Status == desk.StatusSnoozed:
		return v.ticket.Wake(v.now)
	case !v.ticket.Status.Resolved():
		return nil
	}
	return v.reopen(0)
}

func (v *visit) setValues(e Edit) error {
	if e.Team != nil {
		if err := v.setTeam(*e.Team); err != nil {
			return err
		}
	}
	if e.Assignee != nil {
		if v.ticket.Status.Resolved() {
			return desk.Errorf(desk.KindConflict, "invalid_transition", "a resolved ticket is reopened, not assigned")
		}
		if err := v.assign(*e.Assignee); err != nil {
			return err
		}
	}
	if e.Priority != nil {
		if err := v.setPriority(*e.Priority); err != nil {
			return err
		}
	}
	if len(e.AddTags)+len(e.RemoveTags) == 0 {
		return nil
	}
	kept := slices.DeleteFunc(slices.Clone(v.ticket.TagIDs), func(id desk.ID) bool { return slices.Contains(e.RemoveTags, id) })
	return v.setTags(append(kept, e.AddTags...))
}

func (v *visit) enterStatus(e Edit) error {
	is := v.ticket.Status
	switch {
	case e.Status == desk.StatusSnoozed:
		if is == desk.StatusSnoozed && v.ticket.SnoozedUntil.Equal(e.SnoozeUntil) {
			return nil
		}
		return v.sleep(e.SnoozeUntil)
	case e.Status == "" || e.Status == is, e.Status == desk.StatusOpen && is == desk.StatusQueued:
		return nil
	case e.Status == desk.StatusResolved:
		return v.ticket.Resolve(desk.ReasonManual, v.now)
	case e.Status == desk.StatusQueued:
		return v.ticket.TransferTo(0, v.now)
	case e.Status == desk.StatusPending:
		return v.ticket.SetPending(v.now)
	}
	return v.ticket.SetOpen(v.now)
}

// waitLooksBack is how many messages a case is looked through for the customer's first unanswered one.
const waitLooksBack = 100

func (v *visit) waitAgain(e Edit) error {
	if !e.WaitAgain || !v.ticket.WaitSince.IsZero() || v.ticket.Status.Resolved() {
		return nil
	}
	newest, err := v.tx.Messages().Before(v.row.ID, 0, waitLooksBack)
	if err != nil {
		return err
	}
	for _, m := range newest {
		if m.Author.Kind == desk.AuthorHuman || m.TicketID != v.ticket.ID {
			return nil
		}
		if m.Author.Kind.Inbound() {
			v.ticket.WaitSince = m.ReceivedAt
		}
	}
	return nil
}

// editRead says how far the actor has read, as the Edit wants it, and gives how far they had.
func (v *visit) editRead(e Edit) (before *int64, err error) {
	var seq int64
	switch {
	case e.ReadSeq != nil:
		seq = min(max(*e.ReadSeq, 0), v.row.LastSeq)
	case e.Read == nil, !*e.Read && v.row.LastInboundSeq == 0:
		return nil, nil
	case *e.Read:
		seq = v.row.LastSeq
	default:
		seq = v.row.LastInboundSeq - 1
	}
	was, err := v.tx.Conversations().Reads(v.actor.User, []desk.ID{v.row.ID})
	if err != nil {
		return nil, err
	}
	known := was[v.row.ID].Seq
	unread := known < v.row.LastInboundSeq
	if known == seq || e.Read != nil && *e.Read != unread {
		return nil, nil // already so: what is unread from further up stays so
	}
	return &known, putRead(v.tx, v.actor, v.row.ID, seq)
}

// before is what leads back to how the ticket was found, in what has changed.
func (v *visit) before() Edit {
	was, is := v.first, v.ticket
	var b Edit
	if (was.Status != is.Status || !was.SnoozedUntil.Equal(is.SnoozedUntil)) && slices.Contains(bulkStatuses, was.Status) {
		b.Status, b.SnoozeUntil = was.Status, was.SnoozedUntil
	}
	if was.Assignee != is.Assignee {
		b.Assignee = &was.Assignee
	}
	if was.TeamID != is.TeamID {
		b.Team = &was.TeamID
	}
	if was.Priority != is.Priority {
		b.Priority = &was.Priority
	}
	b.AddTags = slices.DeleteFunc(slices.Clone(was.TagIDs), func(id desk.ID) bool { return slices.Contains(is.TagIDs, id) })
	b.RemoveTags = slices.DeleteFunc(slices.Clone(is.TagIDs), func(id desk.ID) bool { return slices.Contains(was.TagIDs, id) })
	b.WaitAgain = !was.WaitSince.IsZero() && is.WaitSince.IsZero()
	return b
}
