package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/store"
)

// wakePoll is how often other nodes' snoozes are looked for; a ticket that fell asleep here is known at once.
const wakePoll = 30 * time.Second

// wakeBatch is how many tickets one look wakes.
const wakeBatch = 100

// WakeDue wakes the snoozed tickets of a workspace whose time came and says when the next one is due, zero if none is.
func (s *Service) WakeDue(ctx context.Context, workspace desk.ID) (woken int, next time.Time, err error) {
	clock := Actor{Workspace: workspace, By: desk.Actor{Kind: desk.ActorSystem}}
	for {
		var sleepers []desk.Ticket
		err := s.store.View(ctx, workspace, func(r store.Reader) (err error) {
			sleepers, err = r.Tickets().Sleeping(farFuture, wakeBatch)
			return err
		})
		if err != nil {
			return woken, time.Time{}, fmt.Errorf("read snoozed tickets: %w", err)
		}
		for _, t := range sleepers {
			if t.SnoozedUntil.After(s.now()) {
				return woken, t.SnoozedUntil, nil
			}
			if err := s.wakeOne(ctx, clock, t.ID); err != nil {
				return woken, time.Time{}, fmt.Errorf("wake ticket %d: %w", t.Number, err)
			}
			woken++
		}
		if len(sleepers) < wakeBatch {
			return woken, time.Time{}, nil
		}
	}
}

// wakeOne wakes a ticket unless somebody was quicker: another node, or a person.
func (s *Service) wakeOne(ctx context.Context, a Actor, ticket desk.ID) error {
	_, err := s.atTicket(ctx, a, ticket, func(v *visit) error {
		if v.ticket.Status != desk.StatusSnoozed || v.ticket.SnoozedUntil.After(v.now) {
			return nil
		}
		return v.ticket.Wake(v.now)
	})
	return err
}

// farFuture is later than any snooze (maxSnooze) for as long as anybody runs this.
var farFuture = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

// RunWakes wakes tickets, sends replies that waited and reminds members in every workspace as their time comes, until ctx
// ends. What cannot be done now is logged and tried again at the next look.
func (s *Service) RunWakes(ctx context.Context) error {
	look := func(ctx context.Context) (time.Time, error) { return due.Everywhere(ctx, s.store, s.doDue) }
	due.Keep(ctx, due.Keeper{What: "do what is due", Look: look, Every: wakePoll, Log: s.log, Now: s.now}, s.slept)
	return nil
}

// doDue does what is due in a workspace and says when the next thing is.
func (s *Service) doDue(ctx context.Context, workspace desk.ID) (first time.Time, err error) {
	for _, do := range []func(context.Context, desk.ID) (int, time.Time, error){s.WakeDue, s.SendDue, s.RemindDue} {
		_, next, failed := do(ctx, workspace)
		first, err = due.Earliest(first, next), errors.Join(err, failed)
	}
	return first, err
}
