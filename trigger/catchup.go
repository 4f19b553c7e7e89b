package trigger

import (
	"context"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/store"
)

const (
	// stoodAtOnce is how many tickets are looked at together: they are read aside, and one short transaction sets their timers.
	stoodAtOnce = 200
	// endedAtOnce is of how many tickets one transaction takes the timers away.
	endedAtOnce = 1000
)

// Saved prepares what follows from saving a trigger, in the same transaction: a trigger that begins to count time, or counts otherwise
// than before, gets timers for the tickets that stand already, and one that counts no more loses its own, in steps: until then they
// find it off. was is the zero Trigger for a new one. overdue has it run for those
// too whose time is over.
func Saved(tx store.Tx, was, is desk.Trigger, overdue bool) error {
	counted, counts := was.Enabled && was.On.Timed(), is.Enabled && is.On.Timed()
	same := counted && counts && was.On == is.On && was.Minutes == is.Minutes
	switch {
	case counted && !counts:
		return ends(tx, was, is.Version)
	case !counts || same && !overdue:
		return nil
	case !same:
		if err := tx.WriteTriggers().StopTimersOf(is.ID); err != nil {
			return err
		}
	}
	c := desk.TriggerCatchUp{TriggerID: is.ID, Version: is.Version, Overdue: overdue, SavedAt: tx.Now()}
	if is.On == desk.SinceResolved && !overdue {
		c.After.At = tx.Now().Add(-time.Duration(is.Minutes) * time.Minute)
	}
	return tx.WriteTriggers().PutCatchUp(c)
}

// Delete deletes a trigger; its timers find it gone until they are.
func Delete(tx store.Tx, t desk.Trigger) error {
	if err := tx.WriteTriggers().Delete(t.ID); err != nil {
		return err
	}
	return ends(tx, t, t.Version)
}

// ends lets the timers of a trigger be taken away.
func ends(tx store.Tx, t desk.Trigger, version int64) error {
	return tx.WriteTriggers().PutCatchUp(desk.TriggerCatchUp{TriggerID: t.ID, Version: version, SavedAt: tx.Now()})
}

// CatchUp sets the timers of standing tickets for all triggers that were saved. There is nothing to wait for then: next is zero.
func (s *Service) CatchUp(ctx context.Context) (next time.Time, err error) {
	return due.Everywhere(ctx, s.store, s.catchUp)
}

func (s *Service) catchUp(ctx context.Context, workspace desk.ID) (time.Time, error) {
	for ctx.Err() == nil {
		st, err := s.stretch(ctx, workspace)
		if err != nil || !st.found {
			return time.Time{}, err
		}
		if err := s.store.Update(ctx, workspace, func(tx store.Tx) error { return st.set(tx) }); err != nil {
			return time.Time{}, fmt.Errorf("set timers of %s: %w", st.was.TriggerID, err)
		}
		s.timed.Ring()
	}
	return time.Time{}, ctx.Err()
}

// stretch is one step of a catch-up.
type stretch struct {
	was    desk.TriggerCatchUp
	found  bool
	timers []desk.TriggerTimer
	next   desk.TicketPlace
	more   bool
	ends   bool // it counts no more: its timers go
}

// stretch reads what the next step of a catch-up sets. Nothing is held meanwhile: where a ticket goes on, the event says so, and its
// timer goes before the one that is set here, or comes after it.
func (s *Service) stretch(ctx context.Context, workspace desk.ID) (st stretch, err error) {
	err = s.store.View(ctx, workspace, func(r store.Reader) (err error) {
		st = stretch{}
		if st.was, st.found, err = r.Triggers().CatchUp(); err != nil || !st.found {
			return err
		}
		t, err := r.Triggers().Get(st.was.TriggerID)
		if desk.KindOf(err) == desk.KindNotFound {
			return st.resting(r)
		}
		if err != nil {
			return err
		}
		if st.ends = !t.Enabled || !t.On.Timed(); st.ends {
			return nil
		}
		var found []stood
		if found, st.next, st.more, err = standing(r, t, st.was.After, stoodAtOnce); err != nil {
			return err
		}
		for _, one := range found {
			at := one.due(t)
			if !at.After(st.was.SavedAt) {
				if !st.was.Overdue {
					continue
				}
				at = s.now() // after those that wait in their turn
			}
			st.timers = append(st.timers, desk.TriggerTimer{Owner: t.ID, TicketID: one.ticket.ID, ConversationID: one.row.ID, MarkedAt: one.mark, DueAt: at})
		}
		return nil
	})
	return st, err
}

// set writes the timers, unless another node did or the trigger was saved anew.
func (st stretch) set(tx store.Tx) error {
	ours, err := tx.WriteTriggers().TakeCatchUp(st.was)
	if err != nil || !ours {
		return err
	}
	if st.ends {
		n, err := tx.WriteTriggers().StopSomeOf(st.was.TriggerID, endedAtOnce)
		if err != nil || n == 0 {
			return err
		}
		return tx.WriteTriggers().PutCatchUp(st.was)
	}
	for _, t := range st.timers {
		if err := tx.WriteTriggers().AddTimer(t); err != nil {
			return err
		}
	}
	if !st.more {
		return nil
	}
	is := st.was
	is.After = st.next
	return tx.WriteTriggers().PutCatchUp(is)
}
