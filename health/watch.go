package health

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

const (
	every      = 10 * time.Minute
	probeEvery = 6 * time.Hour  // H6
	capEvery   = time.Hour      // a channel at its quota, or stopped, is asked after more often
	tellAgain  = 24 * time.Hour // what only a person sees to the end of is told once a day
)

// duty is taken by one node at a time, for a little less than until the next turn.
const (
	duty    = "watch channels"
	dutyFor = every - 30*time.Second
)

// Config is what a Watch needs.
type Config struct {
	Store  store.Store
	Worker string // names this node
	// Probe asks a channel's provider about its account and keeps what it finds; an error says that it could not be asked.
	Probe func(ctx context.Context, workspace, channel desk.ID) error
	Now   desk.Clock
	Log   *slog.Logger // nil = slog.Default()
}

// Watch looks after the channels, on one node at a time.
type Watch struct{ Config }

// New makes a watch.
func New(c Config) *Watch {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Watch{c}
}

// Run looks every few minutes until ctx ends; it returns nil then.
func (w *Watch) Run(ctx context.Context) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if _, err := w.Turn(ctx); err != nil && ctx.Err() == nil {
			w.Log.ErrorContext(ctx, "watch channels", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Turn looks at every channel if it is this node's turn.
func (w *Watch) Turn(ctx context.Context) (ours bool, err error) {
	ours, err = store.Result(ctx, w.Store, 0, func(tx store.Tx) (bool, error) {
		return tx.WriteInstallation().TakeDuty(duty, w.Worker, tx.Now().Add(dutyFor))
	})
	if err != nil || !ours {
		return ours, err
	}
	type place struct{ workspace, channel desk.ID }
	var due, rest []place
	err = w.Store.View(ctx, 0, func(r store.Reader) error {
		due, rest = nil, nil
		return r.Channels().Hooked(func(workspace desk.ID, c desk.Channel) error {
			if p := (place{workspace, c.ID}); probeDue(c, w.Now()) {
				due = append(due, p)
			} else {
				rest = append(rest, p)
			}
			return nil
		})
	})
	if err != nil {
		return ours, fmt.Errorf("list channels: %w", err)
	}
	for _, p := range due {
		if err := w.Probe(ctx, p.workspace, p.channel); err != nil {
			w.Log.WarnContext(ctx, "probe channel", "workspace", p.workspace, "channel", p.channel, "err", err)
		}
	}
	for _, p := range append(rest, due...) {
		if err := w.look(ctx, p.workspace, p.channel); err != nil {
			return ours, fmt.Errorf("look at channel %s: %w", p.channel, err)
		}
	}
	return ours, nil
}

func probeDue(c desk.Channel, now time.Time) bool {
	switch c.State {
	case desk.ChannelActive, desk.ChannelDegraded, desk.ChannelAwaitingTest, desk.ChannelAuthExpired:
		return now.Sub(c.Health.ProbedAt) >= probeEvery
	case desk.ChannelRateLimited, desk.ChannelSuspended:
		return now.Sub(c.Health.ProbedAt) >= capEvery
	}
	return false
}

// look tells what ails a channel, and ends a limit whose time is over.
func (w *Watch) look(ctx context.Context, workspace, id desk.ID) error {
	ended, err := store.Result(ctx, w.Store, workspace, func(tx store.Tx) (bool, error) {
		before, err := tx.Channels().Get(id)
		if err != nil {
			return false, err
		}
		after, told := examine(before, tx.Now())
		ended := before.State == desk.ChannelRateLimited && after.State == desk.ChannelActive
		if told == nil && !ended && after.Health.Warned == before.Health.Warned {
			return false, nil
		}
		return ended, store.ChangeChannel(tx, before, after, desk.Actor{Kind: desk.ActorSystem}, told...)
	})
	if err != nil || !ended {
		return err
	}
	return w.Store.Queue().Pause(ctx, workspace, id, time.Time{}) // what waits goes now
}

// warnings are how many days before its end a token is warned of (H6).
var warnings = []int{1, 7, 14}

// examine is a channel after it was looked at, and the alerts that admins are to hear of.
func examine(c desk.Channel, now time.Time) (after desk.Channel, told []desk.Alert) {
	if limitOver(c, now) {
		c = c.Recovered(now)
	}
	h := &c.Health
	due := ""
	for _, days := range warnings {
		if left := h.TokenExpires.Sub(now); due == "" && !h.TokenExpires.IsZero() && left <= time.Duration(days)*24*time.Hour {
			due = strconv.Itoa(days)
		}
	}
	warned := h.Warned
	h.Warned = due
	for _, a := range c.Alerts(now) {
		tell := false
		switch a.Code {
		case desk.AlertTokenExpires:
			tell = due != warned && due != ""
		case desk.AlertCheckFailed, desk.AlertWebhookSilent:
			tell = h.TellEvery(a.Cause(), tellAgain, now)
		case desk.AlertWebhookForged:
			tell = h.Tell(a.Cause(), now)
		}
		if tell {
			told = append(told, a)
		}
	}
	return c, told
}

// limitOver reports whether a limit's time has passed; one without a known end is over when a later look at the account finds
// nothing wrong.
func limitOver(c desk.Channel, now time.Time) bool {
	if c.State != desk.ChannelRateLimited {
		return false
	}
	if !c.Health.Until.IsZero() {
		return !now.Before(c.Health.Until)
	}
	for _, check := range c.Health.Checks {
		if check.State == "failed" {
			return false
		}
	}
	return c.Health.ProbedAt.Sub(c.Health.Since) >= capEvery
}
