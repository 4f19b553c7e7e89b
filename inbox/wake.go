package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// wakePoll is how often other nodes' snoozes are looked for; a ticket that fell asleep here is known at once.
const wakePoll = 30 * time.Second

// wakeBatch is how many tickets one look wakes.
const wakeBatch = 100

// lookSoon makes RunWakes look again: a ticket went to sleep, a reply waits, a reminder was set.
func (s *Service) lookSoon() {
	select {
	case s.slept <- struct{}{}:
	default:
	}
}

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
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.slept:
		case <-timer.C:
		}
		timer.Reset(s.wakeAll(ctx))
	}
}

// wakeAll looks at every workspace and says how long to wait for the next look.
func (s *Service) wakeAll(ctx context.Context) time.Duration {
	var workspaces []desk.Workspace
	err := s.store.View(ctx, 0, func(r store.Reader) (err error) {
		workspaces, err = r.Workspaces().All()
		return err
	})
	wait := wakePoll
	for _, w := range workspaces {
		for _, look := range []func(context.Context, desk.ID) (int, time.Time, error){s.WakeDue, s.SendDue, s.RemindDue} {
			_, next, lookErr := look(ctx, w.ID)
			if lookErr != nil {
				err = errors.Join(err, lookErr)
			} else if !next.IsZero() {
				wait = min(wait, max(next.Sub(s.now()), 0)+time.Millisecond)
			}
		}
	}
	if err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "do what is due", "error", err)
	}
	return wait
}
