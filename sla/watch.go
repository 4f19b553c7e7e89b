package sla

import (
	"context"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

const (
	// lookEvery finds the marks of clocks that other nodes, or this one, set since the last look.
	lookEvery = 5 * time.Second
	// dueAtOnce is how many clocks one look has come to their marks.
	dueAtOnce = 100
	// catchUp is how long the reactor may need to follow: a case that was answered in time does not look late before it has.
	catchUp = 30 * time.Second
	// retry is the pause while it does.
	retry = time.Second
)

// watch looks at every workspace whenever a mark is due, until ctx ends. What cannot be done now is logged and tried again.
func (s *Service) watch(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		timer.Reset(s.look(ctx))
	}
}

// look passes all due marks and says how long to wait for the next look.
func (s *Service) look(ctx context.Context) time.Duration {
	wait, err := lookEvery, error(nil)
	for _, due := range []func(context.Context, desk.ID) (time.Time, error){s.PassDue, s.TellWaits} {
		next, failed := s.everywhere(ctx, due)
		if failed != nil {
			err = failed
		} else if !next.IsZero() {
			wait = min(wait, max(next.Sub(s.now()), 0)+time.Millisecond) // marks are told once they lie behind
		}
	}
	if err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "watch SLA clocks", "err", err)
	}
	return wait
}

// everywhere does something in each workspace and says when it is due next in any.
func (s *Service) everywhere(ctx context.Context, do func(context.Context, desk.ID) (time.Time, error)) (next time.Time, err error) {
	var workspaces []desk.Workspace
	err = s.store.View(ctx, 0, func(r store.Reader) (err error) {
		workspaces, err = r.Workspaces().All()
		return err
	})
	for _, w := range workspaces {
		due, failed := do(ctx, w.ID)
		if failed != nil {
			err = fmt.Errorf("workspace %s: %w", w.ID, failed)
		}
		next = earliest(next, due)
	}
	return next, err
}

// earliest is the earlier of two instants, of which zero is none.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// PassDue lets the clocks of a workspace come to the marks that lie behind, and says when the next one is due; zero if none is.
func (s *Service) PassDue(ctx context.Context, workspace desk.ID) (next time.Time, err error) {
	for {
		var due []store.SLADue
		err := s.store.View(ctx, workspace, func(r store.Reader) (err error) {
			due, err = r.SLA().Due(dueAtOnce)
			return err
		})
		if err != nil {
			return next, fmt.Errorf("read SLA clocks: %w", err)
		}
		var waits bool
		for _, d := range due {
			if !d.At.Before(s.now()) {
				return earliest(next, d.At), nil
			}
			passed, err := s.pass(ctx, workspace, d, s.lostPatience(d.TicketID))
			if err != nil {
				return next, fmt.Errorf("case %s: %w", d.TicketID, err)
			}
			if passed {
				delete(s.behind, d.TicketID)
			} else if waits = true; s.behind[d.TicketID].IsZero() {
				s.behind[d.TicketID] = s.now()
			}
		}
		if waits {
			return s.now().Add(retry), nil
		}
		if len(due) < dueAtOnce {
			return next, nil
		}
	}
}

// lostPatience reports whether the reactor has had its time for a case.
func (s *Service) lostPatience(ticket desk.ID) bool {
	since := s.behind[ticket]
	return !since.IsZero() && s.now().Sub(since) >= catchUp
}

// pass lets one case's clocks come to their marks, unless another node was quicker; false while the reactor has not followed what
// happened to the case. With anyway the case is taken as it is: nothing in the log said so.
func (s *Service) pass(ctx context.Context, workspace desk.ID, d store.SLADue, anyway bool) (bool, error) {
	return store.Result(ctx, s.store, workspace, func(tx store.Tx) (bool, error) {
		v, err := open(tx, d.ConversationID, d.TicketID)
		if err != nil || v == nil {
			return true, err
		}
		clocks, err := tx.SLA().OfTicket(d.TicketID)
		if desk.KindOf(err) == desk.KindNotFound {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		terms, err := v.terms(tx.Now())
		if err != nil {
			return false, err
		}
		behind := clocks.Behind(v.ticket)
		if behind != nil && !anyway {
			return false, nil
		}
		if err := clocks.Govern(terms); err != nil { // they may have changed: see Recheck
			return false, err
		}
		if behind == nil {
			return true, v.keep(clocks, clocks.Pass(tx.Now()))
		}
		news, err := clocks.Follow(behind, v.ticket.UpdatedAt, terms)
		if err != nil {
			return false, err
		}
		return true, v.keep(clocks, news)
	})
}
