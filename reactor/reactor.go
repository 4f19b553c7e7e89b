// Package reactor follows the event log of every workspace from a stored position, for parts that act on what happened: what is
// done about an event and that it was done are one commit, so it is done once, whatever stops in between and on however many nodes.
package reactor

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"madoguchi/bus"
	"madoguchi/desk"
	"madoguchi/store"
)

// AtOnce is how many events are reacted to together: the lock is nobody's for long.
const AtOnce = 50

const (
	eventsAtOnce = 500
	// keepEvery is how many events that nothing is done about may be read again by the next run.
	keepEvery = 500
	// lookEvery finds what lost hints and new workspaces brought.
	lookEvery = 15 * time.Second
	// retryAfter is the pause after a failure.
	retryAfter = 2 * time.Second
)

// Reactor does something about events.
type Reactor struct {
	Name  string // of its stored positions, forever
	Store store.Store
	Bus   bus.Bus
	Log   *slog.Logger // nil = slog.Default()
	Now   desk.Clock   // nil = time.Now
	// Fresh is how old an event may be when it is read: later nobody expects anything of it (after an upgrade, a long outage, a
	// restored backup). What cannot be done is tried again as long.
	Fresh time.Duration
	// Serves reports whether a workspace has any use for the reactor now; nil = always. It is asked before events are reacted to, of
	// which those of a workspace without use are passed over.
	Serves func(store.Reader) (bool, error)
	// Wants picks events by what they say themselves.
	Wants func(desk.Event) bool
	// React acts on one, under a lock that other nodes' reactors of this name wait for. It may run again when it failed.
	React func(tx store.Tx, e desk.Event) error
	// Together acts in React's stead on some that followed one another, at most AtOnce: for what is read once for all of them.
	// When it fails each is tried alone, so that what is wrong with one holds up no more than React would.
	Together func(tx store.Tx, events []desk.Event) error

	places map[desk.ID]*place // by workspace
}

// place is where a reactor stands in one log.
type place struct {
	at   int64 // read to
	kept int64 // the stored position, at least
}

// Run follows until ctx ends. A failure is logged and tried again.
func (r *Reactor) Run(ctx context.Context) error {
	hints, err := r.Bus.Subscribe(ctx, bus.TopicEvents)
	if err != nil {
		return fmt.Errorf("follow hints: %w", err)
	}
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	var again <-chan time.Time
	for {
		if err := r.Round(ctx); err != nil && ctx.Err() == nil {
			r.log().ErrorContext(ctx, "react to events; tried again", "reactor", r.Name, "err", err)
			again = time.After(retryAfter)
		}
		select {
		case <-ctx.Done():
			return nil
		case _, ok := <-hints:
			if !ok {
				return nil
			}
		case <-look.C:
		case <-again:
		}
	}
}

func (r *Reactor) log() *slog.Logger {
	if r.Log == nil {
		return slog.Default()
	}
	return r.Log
}

func (r *Reactor) now() time.Time {
	if r.Now == nil {
		return time.Now()
	}
	return r.Now()
}

// Round works through what every workspace's log has; what fails in one holds up no other. One at a time.
func (r *Reactor) Round(ctx context.Context) error {
	var workspaces []desk.Workspace
	err := r.Store.View(ctx, 0, func(v store.Reader) (err error) {
		workspaces, err = v.Workspaces().All()
		return err
	})
	if err != nil {
		return fmt.Errorf("list workspaces: %w", err)
	}
	if r.places == nil {
		r.places = map[desk.ID]*place{}
	}
	var failed error
	for _, w := range workspaces {
		if err := r.follow(ctx, w.ID); err != nil {
			failed = fmt.Errorf("workspace %s: %w", w.ID, err)
		}
	}
	return failed
}

// follow works through one log to its end.
func (r *Reactor) follow(ctx context.Context, workspace desk.ID) error {
	p, err := r.place(ctx, workspace)
	if err != nil {
		return fmt.Errorf("read position: %w", err)
	}
	for {
		events, err := r.Store.Events(ctx, workspace, p.at, eventsAtOnce)
		if err != nil {
			return err
		}
		serves, err := r.serves(ctx, workspace, events)
		if err != nil {
			return fmt.Errorf("ask for use: %w", err)
		}
		if err := r.work(ctx, workspace, p, events, serves); err != nil {
			return err
		}
		if p.at-p.kept >= keepEvery {
			if err := r.keep(ctx, workspace, p.at); err != nil {
				return err
			}
			p.kept = p.at
		}
		if len(events) < eventsAtOnce {
			return nil
		}
	}
}

// work goes through events in order.
func (r *Reactor) work(ctx context.Context, workspace desk.ID, p *place, events []desk.Event, serves bool) error {
	most := 1
	if r.Together != nil {
		most = AtOnce
	}
	var run []desk.Event
	for i, e := range events {
		if serves && r.Wants(e) && r.now().Sub(e.At) < r.Fresh {
			run = append(run, e)
		}
		if len(run) < most && i < len(events)-1 {
			continue
		}
		if err := r.workOn(ctx, workspace, p, run); err != nil {
			return err
		}
		p.at, run = e.Seq, run[:0]
	}
	return nil
}

// workOn acts on some events in one transaction, or if that fails on each in one.
func (r *Reactor) workOn(ctx context.Context, workspace desk.ID, p *place, run []desk.Event) error {
	if len(run) == 0 {
		return nil
	}
	last := run[len(run)-1]
	err := r.react(ctx, workspace, run)
	if err != nil && len(run) > 1 {
		for _, e := range run {
			if err := r.workOn(ctx, workspace, p, []desk.Event{e}); err != nil {
				return err
			}
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s at %d: %w", last.Kind, last.Seq, err)
	}
	p.at, p.kept = last.Seq, last.Seq
	return nil
}

// serves reports whether anything may have to be done about events of a workspace.
func (r *Reactor) serves(ctx context.Context, workspace desk.ID, events []desk.Event) (serves bool, err error) {
	if r.Serves == nil || !slices.ContainsFunc(events, r.Wants) {
		return true, nil
	}
	err = r.Store.View(ctx, workspace, func(v store.Reader) (err error) {
		serves, err = r.Serves(v)
		return err
	})
	return serves, err
}

func (r *Reactor) place(ctx context.Context, workspace desk.ID) (*place, error) {
	if p := r.places[workspace]; p != nil {
		return p, nil
	}
	var at int64
	err := r.Store.View(ctx, workspace, func(v store.Reader) (err error) {
		at, err = v.Cursors().Position(r.Name)
		return err
	})
	if err != nil {
		return nil, err
	}
	r.places[workspace] = &place{at: at, kept: at}
	return r.places[workspace], nil
}

// react acts on events, unless another node did, and notes it, in one transaction.
func (r *Reactor) react(ctx context.Context, workspace desk.ID, run []desk.Event) error {
	return r.Store.Update(ctx, workspace, func(tx store.Tx) error {
		held, err := tx.WriteCursors().Hold(r.Name)
		if err != nil {
			return err
		}
		next := slices.IndexFunc(run, func(e desk.Event) bool { return e.Seq > held })
		if next < 0 {
			return nil
		}
		if err := r.act(tx, run[next:]); err != nil {
			return err
		}
		return tx.WriteCursors().SetPosition(r.Name, run[len(run)-1].Seq)
	})
}

func (r *Reactor) act(tx store.Tx, run []desk.Event) error {
	if r.Together != nil {
		return r.Together(tx, run)
	}
	for _, e := range run {
		if err := r.React(tx, e); err != nil {
			return err
		}
	}
	return nil
}

// keep notes how far the log was read.
func (r *Reactor) keep(ctx context.Context, workspace desk.ID, at int64) error {
	return r.Store.Update(ctx, workspace, func(tx store.Tx) error {
		held, err := tx.WriteCursors().Hold(r.Name)
		if err != nil || held >= at {
			return err
		}
		return tx.WriteCursors().SetPosition(r.Name, at)
	})
}
