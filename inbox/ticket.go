package inbox

import (
	"context"
	"slices"
	"time"

	"madoguchi/desk"
)

// Change edits several fields of a ticket at once; "edited_meanwhile" (conflict) if a version was named and is not the
// row's any more.
func (s *Service) Change(ctx context.Context, a Actor, ticket desk.ID, c Change) (desk.Conversation, error) {
	return s.atTicket(ctx, a, ticket, func(v *visit) error {
		if c.Version != 0 && c.Version != v.row.Version {
			return desk.Errorf(desk.KindConflict, "edited_meanwhile", "the row is at version %d, not %d", v.row.Version, c.Version)
		}
		if err := v.mayChange(c); err != nil {
			return err
		}
		if c.Team != nil {
			if err := v.setTeam(*c.Team); err != nil {
				return err
			}
		}
		if c.Assignee != nil {
			if err := v.assign(*c.Assignee); err != nil {
				return err
			}
		}
		if c.Priority != nil {
			if err := v.setPriority(*c.Priority); err != nil {
				return err
			}
		}
		if c.Tags != nil {
			return v.setTags(*c.Tags)
		}
		return nil
	})
}

// mayChange asks for each of several edits what it asks by itself; tags are everybody's.
func (v *visit) mayChange(c Change) error {
	if c.Assignee != nil {
		if err := v.mayGive(*c.Assignee); err != nil {
			return err
		}
	}
	if c.Team != nil || c.Priority != nil {
		return v.mayDecide(v.ticket)
	}
	return nil
}

// Assign gives the ticket to a member, or with 0 back to the queue (E13). "assignee_cannot_reply" (invalid) for viewers
// and deactivated members; for what is not the actor's to give away: "ticket_of_colleague", "forbidden" (forbidden), "taken_already"
// (conflict). Change, Transfer, Merge and Split ask the same.
func (s *Service) Assign(ctx context.Context, a Actor, ticket, assignee desk.ID) (desk.Conversation, error) {
	return s.atTicket(ctx, a, ticket, func(v *visit) error {
		if err := v.mayGive(assignee); err != nil {
			return err
		}
		return v.assign(assignee)
	})
}

// Take gives the ticket to the actor; "taken_already" (conflict) with params.name if somebody else has it. Taking what
// one has already changes nothing.
func (s *Service) Take(ctx context.Context, a Actor, ticket desk.ID) (desk.Conversation, error) {
	return s.atTicket(ctx, a, ticket, func(v *visit) error {
		if v.ticket.WithAnother(a.User) {
			return v.takenAlready()
		}
		return v.assign(a.User)
	})
}

// Transfer hands the ticket to a team's queue, a person, or a person in a team, with a note (E13, E14).
func (s *Service) Transfer(ctx context.Context, a Actor, ticket desk.ID, t Transfer) (desk.Conversation, error) {
	note := NewMessage{ClientID: "-", Mode: ModeNote, Parts: []desk.Part{{Kind: desk.PartText, Text: t.Note}}}
	if t.Note != "" {
		if err := note.check(a); err != nil {
			return desk.Conversation{}, err
		}
	}
	return s.atTicket(ctx, a, ticket, func(v *visit) error {
		if err := v.mayGive(t.Assignee); err != nil {
			return err
		}
		switch {
		case t.Team == 0 && t.Assignee == 0:
			return desk.Invalid("team_id", "transfer_target_missing", "a transfer names a team or a person")
		case t.Assignee != 0:
			if t.Team != 0 {
				if err := v.setTeam(t.Team); err != nil {
					return err
				}
			}
			if err := v.assign(t.Assignee); err != nil {
				return err
			}
		default:
			if _, err := v.tx.Teams().Get(t.Team); err != nil {
				return err
			}
			if err := v.ticket.TransferTo(t.Team, v.now); err != nil {
				return err
			}
		}
		if err := v.tell(false); err != nil || t.Note == "" {
			return err
		}
		return v.say(&desk.Message{Author: note.author(a), Parts: note.Parts})
	})
}

// Snooze puts the ticket to sleep until an instant (0.2), at most a year away. Of somebody else's case: "ticket_of_colleague"
// (forbidden), here and in Wake, Resolve, Pending and Open.
func (s *Service) Snooze(ctx context.Context, a Actor, ticket desk.ID, until time.Time) (desk.Conversation, error) {
	row, err := s.atTicket(ctx, a, ticket, func(v *visit) error {
		return v.decide(func() error { return v.sleep(until) })
	})
	if err == nil {
		s.slept.Ring()
	}
	return row, err
}

// maxSnooze keeps a slip of the keyboard from hiding a case for good.
const maxSnooze = 366 * 24 * time.Hour

func (v *visit) sleep(until time.Time) error {
	if until.After(v.now.Add(maxSnooze)) {
		return desk.Invalid("until", "snooze_too_long", "snooze until %s is more than a year away", until.Format(time.RFC3339))
	}
	return v.ticket.Snooze(until.UTC().Truncate(time.Millisecond), v.now)
}

// Wake ends a snooze early.
func (s *Service) Wake(ctx context.Context, a Actor, ticket desk.ID) (desk.Conversation, error) {
	return s.atTicket(ctx, a, ticket, func(v *visit) error {
		return v.decide(func() error { return v.ticket.Wake(v.now) })
	})
}

// Resolve closes the case; an empty reason is manual. Only manual, spam and customer_confirmed are a member's to give.
func (s *Service) Resolve(ctx context.Context, a Actor, ticket desk.ID, reason desk.Reason) (desk.Conversation, error) {
	if reason == "" {
		reason = desk.ReasonManual
	}
	if reason != desk.ReasonManual && reason != desk.ReasonSpam && reason != desk.ReasonCustomerConfirmed {
		return desk.Conversation{}, desk.Invalid("reason", "reason_invalid", "a member does not resolve as %q", reason)
	}
	return s.atTicket(ctx, a, ticket, func(v *visit) error {
		return v.decide(func() error { return v.ticket.Resolve(reason, v.now) })
	})
}

// Reopen takes a resolved case up again: whoever may reply may. It is with whom it was with (E11), who is told, else with the actor.
func (s *Service) Reopen(ctx context.Context, a Actor, ticket desk.ID) (desk.Conversation, error) {
	return s.atTicket(ctx, a, ticket, func(v *visit) error {
		if err := v.reopen(a.User); err != nil || v.ticket.Assignee == a.User {
			return err
		}
		return v.notify(v.ticket.Assignee, desk.NotifyAssigned, desk.SeverityInfo, map[string]string{"by": a.User.String()})
	})
}

// Pending says that it is the customer's turn.
func (s *Service) Pending(ctx context.Context, a Actor, ticket desk.ID) (desk.Conversation, error) {
	return s.atTicket(ctx, a, ticket, func(v *visit) error {
		return v.decide(func() error { return v.ticket.SetPending(v.now) })
	})
}

// Open says that it is our turn again.
func (s *Service) Open(ctx context.Context, a Actor, ticket desk.ID) (desk.Conversation, error) {
	return s.atTicket(ctx, a, ticket, func(v *visit) error {
		return v.decide(func() error { return v.ticket.SetOpen(v.now) })
	})
}

// assign gives the ticket to a member who can answer, or with 0 back to the queue.
func (v *visit) assign(user desk.ID) error {
	if user == v.ticket.Assignee && !v.ticket.Status.Resolved() {
		return nil
	}
	if user == 0 {
		if v.ticket.Status.Resolved() {
			return desk.Errorf(desk.KindConflict, "invalid_transition", "a resolved ticket is reopened, not unassigned")
		}
		return v.ticket.TransferTo(0, v.now)
	}
	if _, err := v.tx.Members().Get(user); desk.KindOf(err) == desk.KindNotFound {
		return desk.Invalid("assignee_id", "assignee_unknown", "user %d is no member", user)
	}
	if err := v.mayHave(user); err != nil {
		return err
	}
	return v.ticket.AssignTo(user, v.now)
}

// setTeam files the ticket under a team without moving it to the queue; 0 = everybody.
func (v *visit) setTeam(team desk.ID) error {
	if err := v.knowTeam(team); err != nil {
		return err
	}
	v.ticket.TeamID = team
	return nil
}

// knowTeam refuses a team that there is not; 0 = everybody.
func (v *visit) knowTeam(team desk.ID) error {
	if team == 0 {
		return nil
	}
	_, err := v.tx.Teams().Get(team)
	return err
}

func (v *visit) setPriority(p desk.Priority) error {
	switch p {
	case desk.PriorityLow, desk.PriorityNormal, desk.PriorityHigh, desk.PriorityUrgent:
		v.ticket.Priority = p
		return nil
	}
	return desk.Invalid("priority", "priority_invalid", "%q is no priority", p)
}

const maxTags = 50

func (v *visit) setTags(tags []desk.ID) error {
	tags = slices.Clone(tags)
	slices.Sort(tags)
	tags = slices.Compact(tags)
	if len(tags) > maxTags {
		return desk.Invalid("tag_ids", "tags_too_many", "%d tags are more than %d", len(tags), maxTags)
	}
	for _, id := range tags {
		if _, err := v.tx.Tags().Get(id); err != nil {
			return err
		}
	}
	v.ticket.TagIDs = tags
	return nil
}
