// Package due does things as their time comes, for parts that keep in the store what waits for an instant. Every node looks; what
// is done about a thing and that it was done are one commit, so that it is done once.
package due

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Keeper looks for what is due whenever something may be.
type Keeper struct {
	What string // it looks for, in the log where that fails
	// Look does what is due and says when the next thing is: an instant that lies behind = it has not done all, zero = nothing is
	// known to wait. What cannot be done now is an error, and is tried again at the next look.
	Look  func(context.Context) (next time.Time, err error)
	Every time.Duration // the longest rest: finds what other nodes have set
	Soon  time.Duration // the shortest rest, for where clocks of nodes differ and what fails is due at once again; none at least 1 ms
	Log   *slog.Logger
	Now   desk.Clock
}

// Keep looks at once, when the instant has passed that the last look named, and whenever woken says so, until ctx ends. A nil
// woken never does; nor does one that is closed, as subscriptions are that end with ctx.
func Keep[T any](ctx context.Context, k Keeper, woken <-chan T) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case _, open := <-woken:
			if !open {
				woken = nil
				continue
			}
		case <-timer.C:
		}
		next, err := k.Look(ctx)
		if err != nil && ctx.Err() == nil {
			k.Log.ErrorContext(ctx, k.What, "err", err)
		}
		timer.Reset(k.rest(next))
	}
}

// rest is how long to wait for an instant to lie behind.
func (k Keeper) rest(next time.Time) time.Duration {
	if next.IsZero() {
		return k.Every
	}
	return min(max(next.Sub(k.Now()), k.Soon, 0)+time.Millisecond, k.Every)
}

// Bell wakes a Keeper of this node: something was set that it does not know of.
type Bell chan struct{}

// NewBell makes one.
func NewBell() Bell { return make(Bell, 1) }

// Ring wakes; rings that come before it looks are one.
func (b Bell) Ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}

// Everywhere does something in each workspace and gives the earliest of the instants that it is due next, zero for none; what
// fails in one holds up no other.
func Everywhere(
	ctx context.Context, st store.Store, do func(context.Context, desk.ID) (time.Time, error),
) (next time.Time, err error) {
	var workspaces []desk.Workspace
	err = st.View(ctx, 0, func(r store.Reader) (err error) {
		workspaces, err = r.Workspaces().All()
		return err
	})
	for _, w := range workspaces {
		at, failed := do(ctx, w.ID)
		if failed != nil {
			err = fmt.Errorf("workspace %s: %w", w.ID, failed)
		}
		next = Earliest(next, at)
	}
	return next, err
}

// Earliest is the earliest of some instants, of which zero is none.
func Earliest(all ...time.Time) (first time.Time) {
	for _, at := range all {
		if first.IsZero() || !at.IsZero() && at.Before(first) {
			first = at
		}
	}
	return first
}
