package sla

import (
	"context"
	"errors"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/due"
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

// keeper looks at every workspace whenever a mark is due.
func (s *Service) keeper() due.Keeper {
	return due.Keeper{What: "watch SLA clocks", Look: s.look, Every: lookEvery, Log: s.log, Now: s.now}
}

// look passes all due marks, which are told once they lie behind, and says when the next one is.
func (s *Service) look(ctx context.Context) (time.Time, error) {
	mark, err := due.Everywhere(ctx, s.store, s.PassDue)
	wait, failed := due.Everywhere(ctx, s.store, s.TellWaits)
	return due.Earliest(mark, wait), errors.Join(err, failed)
}

// PassDue lets the clocks of a workspace come to the marks that lie behind, and says when the next one is due; zero if none is.
func (s *Service) PassDue(ctx context.Context, workspace desk.ID) (next time.Time, err error) {
	for {
		var marks []store.SLADue
		err := s.store.View(ctx, workspace, func(r store.Reader) (err error) {
			marks, err = r.SLA().Due(dueAtOnce)
			return err
		})
		if err != nil {
			return next, fmt.Errorf("read SLA clocks: %w", err)
		}
		var waits bool
		for _, d := range marks {
			if !d.At.Before(s.now()) {
				return d.At, nil
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
		if len(marks) < dueAtOnce {
			return time.Time{}, nil
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
