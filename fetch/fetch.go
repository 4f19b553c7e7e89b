// Package fetch gets the files that customers sent from the providers that still keep them, any node where another died,
// and hangs them on their messages.
package fetch

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"madoguchi/attachment"
	"madoguchi/bus"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/store"
)

// Within is how long one download may take.
const Within = 2 * time.Minute

const (
	atOnce    = 4                // files
	leaseOver = 30 * time.Second // how much longer than a download a lease lasts
	lookAgain = 15 * time.Second
	leastRest = 250 * time.Millisecond
	attempts  = 6

	firstWait = 2 * time.Second // doubled after every attempt
)

// Config is what a Runner needs.
type Config struct {
	Store    store.Store
	Bus      bus.Bus
	Channels channel.Registry
	Files    *attachment.Keeper
	// Secrets unseals a channel's secrets.
	Secrets func(workspace desk.ID, c desk.Channel) (map[string]string, error)
	// BaseURL overrides a provider's address by kind; nil or "" = the real one.
	BaseURL func(kind string) string
	Client  *http.Client // guarded: addresses may come from outside
	Now     desk.Clock
	Log     *slog.Logger
}

// Runner fetches. One per node.
type Runner struct{ Config }

// New makes a runner.
func New(c Config) *Runner {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Runner{c}
}

// Run fetches what is due until ctx ends.
func (r *Runner) Run(ctx context.Context) error {
	hints, err := r.Bus.Subscribe(ctx, bus.TopicEvents)
	if err != nil {
		return fmt.Errorf("subscribe to hints: %w", err)
	}
	due.Keep(ctx, due.Keeper{What: "look for files to fetch", Look: r.fetchDue, Every: lookAgain, Soon: leastRest, Log: r.Log, Now: r.Now}, hints)
	return nil
}

// Due fetches some of what is due now, side by side, and says how many it had in hand.
func (r *Runner) Due(ctx context.Context) (int, error) {
	var waiting []store.MediaFetch
	err := r.Store.View(ctx, 0, func(reader store.Reader) (err error) {
		waiting, err = reader.Fetches().Due(atOnce)
		return err
	})
	if err != nil {
		return 0, err
	}
	var all sync.WaitGroup
	for _, f := range waiting {
		all.Go(func() { r.attempt(ctx, f) })
	}
	all.Wait()
	return len(waiting), nil
}

// fetchDue fetches all that is due and says when the next file is.
func (r *Runner) fetchDue(ctx context.Context) (next time.Time, err error) {
	for n := atOnce; n == atOnce && ctx.Err() == nil; {
		var failed error
		n, failed = r.Due(ctx)
		err = errors.Join(err, failed)
	}
	return next, errors.Join(err, r.Store.View(ctx, 0, func(reader store.Reader) (err error) {
		next, err = reader.Fetches().NextDue()
		return err
	}))
}

// attempt takes one file to its end, or lets it come due again.
func (r *Runner) attempt(ctx context.Context, f store.MediaFetch) {
	log := r.Log.With("workspace", f.Workspace, "message", f.MessageID, "part", f.Part)
	f, found, err := r.claim(ctx, f)
	if err == nil && found {
		err = r.fetch(ctx, f)
	}
	if err != nil && ctx.Err() == nil {
		log.WarnContext(ctx, "fetch a customer's file", "err", err)
	}
}

func (r *Runner) claim(ctx context.Context, f store.MediaFetch) (store.MediaFetch, bool, error) {
	type claimed struct {
		f     store.MediaFetch
		found bool
	}
	f.Token = rand.Text()
	c, err := store.Result(ctx, r.Store, f.Workspace, func(tx store.Tx) (c claimed, err error) {
		c.f, c.found, err = tx.WriteFetches().Claim(f, tx.Now().Add(Within+leaseOver))
		return c, err
	})
	return c.f, c.found, err
}

// fetch downloads a file, keeps it and hangs it on its message. A file that will never come is said to be missing.
func (r *Runner) fetch(ctx context.Context, f store.MediaFetch) error {
	file, err := r.download(ctx, f)
	switch {
	case err == nil:
		return r.hang(ctx, f, &file, "")
	case lost(err) || f.Attempts >= attempts:
		if hanging := r.hang(ctx, f, nil, fate(err)); hanging != nil {
			return hanging
		}
		return err
	}
	f.DueAt = r.Now().Add(max(firstWait<<min(f.Attempts-1, 10), wait(err)))
	postponing := r.Store.Update(ctx, f.Workspace, func(tx store.Tx) error {
		_, err := tx.WriteFetches().Postpone(f)
		return err
	})
	if postponing != nil {
		return postponing
	}
	return err
}

// lost reports that another attempt would end the same: the provider has the file no more, or we do not take it.
func lost(err error) bool {
	if kind := desk.KindOf(err); kind == desk.KindInvalid || kind == desk.KindNotFound {
		return true
	}
	f := channel.AsFault(err)
	return f.Kind == channel.ActFail
}

// fate is what becomes of a file that did not come.
func fate(err error) desk.MediaState {
	if desk.KindOf(err) == desk.KindInvalid {
		return desk.MediaRefused
	}
	switch f := channel.AsFault(err); {
	case f.Kind == channel.ActFail && f.Code == channel.CodeMediaGone:
		return desk.MediaGone
	case f.Kind == channel.ActFail && f.Code == channel.CodeTooBig:
		return desk.MediaRefused
	}
	return desk.MediaMissing
}

func wait(err error) time.Duration { return channel.AsFault(err).After }
