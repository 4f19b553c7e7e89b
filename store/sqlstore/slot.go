package sqlstore

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"madoguchi/desk"
)

// A node slot is leased, so that no two nodes ever make ids in the same one. A slot whose holder died is free when its
// lease has ended by a margin for clocks that differ.
const (
	slotLease  = 20 * time.Second
	slotRenew  = 5 * time.Second
	slotMargin = 10 * time.Second
)

const (
	sqlSlotList  = `SELECT slot, until FROM node_slots ORDER BY slot`
	sqlSlotNew   = `INSERT INTO node_slots (slot, holder, until) VALUES ($1, $2, $3) ON CONFLICT (slot) DO NOTHING`
	sqlSlotTake  = `UPDATE node_slots SET holder = $2, until = $3 WHERE slot = $1 AND until = $4`
	sqlSlotRenew = `UPDATE node_slots SET until = $3 WHERE slot = $1 AND holder = $2`
	sqlSlotLeave = `UPDATE node_slots SET until = $3 WHERE slot = $1 AND holder = $2`
)

type slot struct {
	holder string

	mu     sync.Mutex
	number int
	until  time.Time
	source *desk.IDSource
}

func (s *slot) ids() *desk.IDSource {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source
}

// held is the instant until which a slot must stay ours: where the clock stepped back, ids of instants yet to come are given
// already, and whoever took the slot would give them again.
func (s *slot) held(until time.Time) time.Time {
	if last := s.ids().Last(); last.After(until) {
		return last
	}
	return until
}

func (s *Store) takeSlot(ctx context.Context) error {
	if s.slot == nil {
		s.slot = &slot{holder: leaseToken()}
	}
	for {
		number, until, err := s.trySlot(ctx)
		if err != nil {
			return err
		}
		if number >= 0 {
			s.slot.mu.Lock()
			s.slot.number, s.slot.until, s.slot.source = number, until, desk.NewIDSource(number, s.now)
			s.slot.mu.Unlock()
			return nil
		}
		s.log.Warn("all node slots are leased; waiting for one to end")
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// trySlot leases the first slot that is free, -1 if none is.
func (s *Store) trySlot(ctx context.Context) (number int, until time.Time, err error) {
	var taken int
	var end time.Time
	err = s.update(ctx, 0, func(t *tx) (err error) {
		end = t.at.Add(slotLease)
		taken, err = t.takeSlot(s.slot.holder, end)
		return err
	})
	if err != nil {
		return -1, time.Time{}, err
	}
	return taken, end, nil
}

// takeSlot writes the holder into the first slot that is free, -1 if none is.
func (t *tx) takeSlot(holder string, until time.Time) (int, error) {
	var ends [desk.MaxNodeSlot + 1]time.Time
	var used [desk.MaxNodeSlot + 1]bool
	err := t.each(sqlSlotList, nil, func(r row) error {
		var n int
		var end time.Time
		if err := scan(r, &n, &end); err != nil {
			return err
		}
		ends[n], used[n] = end, true
		return nil
	})
	if err != nil {
		return -1, err
	}
	for n := range ends {
		var rows int64
		switch {
		case !used[n]:
			rows, err = t.exec(sqlSlotNew, n, holder, until)
		case ends[n].Add(slotMargin).Before(t.at):
			rows, err = t.exec(sqlSlotTake, n, holder, until, ends[n])
		}
		if err != nil {
			return -1, err
		}
		if rows == 1 {
			return n, nil
		}
	}
	return -1, nil
}

// renewSlot prolongs the lease, or takes another slot when ours was taken meanwhile.
func (s *Store) renewSlot(ctx context.Context) error {
	s.slot.mu.Lock()
	number := s.slot.number
	s.slot.mu.Unlock()
	var rows int64
	var until time.Time
	err := s.update(ctx, 0, func(t *tx) (err error) {
		until = s.slot.held(t.at.Add(slotLease))
		rows, err = t.exec(sqlSlotRenew, number, s.slot.holder, until)
		return err
	})
	if err != nil {
		return fmt.Errorf("renew the node slot: %w", err)
	}
	if rows == 0 {
		return s.takeSlot(ctx)
	}
	s.slot.mu.Lock()
	s.slot.until = until
	s.slot.mu.Unlock()
	return nil
}

// slotOurs refuses to make ids in a slot whose lease has ended.
func (s *Store) slotOurs(ctx context.Context) error {
	s.slot.mu.Lock()
	until := s.slot.until
	s.slot.mu.Unlock()
	if s.now().Before(until) {
		return nil
	}
	if err := s.renewSlot(ctx); err != nil {
		if desk.KindOf(err) == desk.KindUnavailable { // a full disk is said as what it is
			return err
		}
		return desk.Errorf(desk.KindUnavailable, "node_slot_lost", "no node slot: %w", err)
	}
	return nil
}

// OthersServe reports whether other nodes work on the database: it looks whether the leases of their slots are prolonged. A
// node that was killed may leave one, so where there are any it watches for a little longer than they take.
func (s *Store) OthersServe(ctx context.Context) (bool, error) {
	before, err := s.otherSlots(ctx)
	if err != nil || len(before) == 0 {
		return false, err
	}
	tick := time.NewTicker(slotRenew / 10)
	defer tick.Stop()
	for end := time.Now().Add(slotRenew + slotRenew/5); time.Now().Before(end); {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false, ctx.Err()
		}
		now, err := s.otherSlots(ctx)
		if err != nil {
			return false, err
		}
		for n, until := range now {
			if until.After(before[n]) {
				return true, nil
			}
		}
	}
	return false, nil
}

// otherSlots are the slots of other nodes whose leases have not ended, and when they do.
func (s *Store) otherSlots(ctx context.Context) (map[int]time.Time, error) {
	s.slot.mu.Lock()
	ours := s.slot.number
	s.slot.mu.Unlock()
	others := map[int]time.Time{}
	err := s.db.view(ctx, func(run runner) error {
		t := newTx(s, run, 0)
		return t.each(sqlSlotList, nil, func(r row) error {
			var n int
			var until time.Time
			if err := scan(r, &n, &until); err != nil {
				return err
			}
			if n != ours && until.After(t.at) {
				others[n] = until
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("look for other nodes: %w", err)
	}
	return others, nil
}

func (s *Store) keepSlot(ctx context.Context) {
	tick := time.NewTicker(slotRenew)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if err := s.renewSlot(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("keep the node slot", slog.Any("error", err))
		}
	}
}

func (s *Store) leaveSlot(ctx context.Context) error {
	s.slot.mu.Lock()
	number := s.slot.number
	s.slot.mu.Unlock()
	return s.update(ctx, 0, func(t *tx) error {
		until := time.Time{}
		if last := s.slot.ids().Last(); !last.IsZero() {
			until = last.Add(-slotMargin) // free at once: whoever takes it adds the margin
		}
		_, err := t.exec(sqlSlotLeave, number, s.slot.holder, until)
		return err
	})
}
