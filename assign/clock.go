package assign

import (
	"context"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

const (
	// lookEvery finds what other nodes' decisions made due, and what events older than fresh left.
	lookEvery = 30 * time.Second
	// soon keeps nodes whose clocks differ, and failures, from turning in circles.
	soon = 50 * time.Millisecond
)

// keepTime does what is due in every workspace as its time comes, until ctx ends: offers run out, hours begin, pending tickets free
// their slots, customers have waited long enough for somebody who is gone.
func (s *Service) keepTime(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.moved:
		case <-timer.C:
		}
		timer.Reset(s.doDue(ctx))
	}
}

// doDue looks at every workspace and says how long to wait for the next look.
func (s *Service) doDue(ctx context.Context) time.Duration {
	var workspaces []desk.Workspace
	err := s.store.View(ctx, 0, func(r store.Reader) (err error) {
		workspaces, err = r.Workspaces().All()
		return err
	})
	wait := lookEvery
	for _, w := range workspaces {
		next, dueErr := s.Due(ctx, w.ID)
		if dueErr != nil {
			err = fmt.Errorf("workspace %s: %w", w.ID, dueErr)
		} else if !next.IsZero() {
			wait = min(wait, max(next.Sub(s.now()), soon))
		}
	}
	if err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "hand out tickets", "error", err)
	}
	return wait
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
