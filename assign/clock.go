package assign

import (
	"context"
	"time"

	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/store"
)

const (
	// lookEvery finds what other nodes' decisions made due, and what events older than fresh left.
	lookEvery = 30 * time.Second
	// soon keeps nodes whose clocks differ, and failures, from turning in circles.
	soon = 50 * time.Millisecond
)

// keeper does what is due in every workspace as its time comes: offers run out, hours begin, pending tickets free their slots,
// customers have waited long enough for somebody who is gone.
func (s *Service) keeper() due.Keeper {
	look := func(ctx context.Context) (time.Time, error) { return due.Everywhere(ctx, s.store, s.Due) }
	return due.Keeper{What: "hand out tickets", Look: look, Every: lookEvery, Soon: soon, Log: s.log, Now: s.now}
}

// Due does what is due in a workspace and says when the next thing is, zero if nothing is as things stand. It writes only if there
// is something to do.
func (s *Service) Due(ctx context.Context, workspace desk.ID) (next time.Time, err error) {
	var p plan
	err = s.store.View(ctx, workspace, func(r store.Reader) (err error) {
		p, err = look(r, s.now())
		return err
	})
	if err != nil || p.empty() {
		return p.next, err
	}
	p, err = store.Result(ctx, s.store, workspace, func(tx store.Tx) (plan, error) {
		if _, err := tx.WriteCursors().Hold(turn); err != nil {
			return plan{}, err
		}
		return decide(tx)
	})
	if err == nil && !p.empty() {
		return s.now(), nil // what was done may leave something more
	}
	return p.next, err
}
