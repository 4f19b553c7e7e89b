// Package outbox keeps the desk's promises to send: it leases deliveries, makes the last checks, hands each to its
// channel's connector and settles what came of it. Inside a conversation the order is kept; conversations go in
// parallel.
//
// What it promises is what a provider allows: at least once where the provider knows our key again or can be asked for
// it, else at most once after bytes left, with the state "unknown" that a person decides on.
package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"madoguchi/blob"
	"madoguchi/bus"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/guard"
	"madoguchi/store"
)

// The defaults of Config.
const (
	DefaultWorkers     = 32
	DefaultSendTimeout = 30 * time.Second
	DefaultStopWithin  = 20 * time.Second

	lookAgain = 15 * time.Second // without a hint or a due time: a lost hint costs at most this
	leaseOver = 30 * time.Second // how much longer than a send a lease lasts
)

// Config is what a Runner needs.
type Config struct {
	Store    store.Store
	Bus      bus.Bus
	Channels channel.Registry
	Worker   string // names this node in leases
	// Secrets unseals a channel's secrets.
	Secrets func(workspace desk.ID, c desk.Channel) (map[string]string, error)
	// BaseURL overrides a provider's address by kind (simulator, gateway, tests); nil or "" = the real one.
	BaseURL func(kind string) string
	Client  *http.Client // nil = a guarded one that reaches the public internet only
	Blobs   blob.Store   // where files that are sent lie
	// Link makes an address that opens a file until an instant to the provider of a kind, and one of a small picture of it,
	// "" where the provider could not open it or there is none; nil = never.
	Link func(kind string, workspace desk.ID, a desk.Attachment, until time.Time) (link, preview string)
	Now  desk.Clock

	Workers     int                             // sends at once, 0 = DefaultWorkers
	SendTimeout time.Duration                   // 0 = DefaultSendTimeout
	StopWithin  time.Duration                   // how long a stop waits for sends in flight, 0 = DefaultStopWithin
	Backoff     func(attempt int) time.Duration // nil = Backoff
	Log         *slog.Logger                    // nil = slog.Default()
}

// Runner empties the outbox. One per node.
type Runner struct {
	Config
	counts counters
	paces  *pacer
}

type counters struct{ sent, failed, unknown, retried, expired, held atomic.Int64 }

// Counts is how deliveries ended since the start, for metrics; Held is how often one waited for a rate.
type Counts struct{ Sent, Failed, Unknown, Retried, Expired, Held int64 }

// New makes a runner.
func New(c Config) *Runner {
	if c.Workers <= 0 {
		c.Workers = DefaultWorkers
	}
	if c.SendTimeout <= 0 {
		c.SendTimeout = DefaultSendTimeout
	}
	if c.StopWithin <= 0 {
		c.StopWithin = DefaultStopWithin
	}
	if c.Backoff == nil {
		c.Backoff = Backoff
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Client == nil {
		c.Client = guard.NewClient(guard.Config{Timeout: c.SendTimeout})
	}
	if c.Secrets == nil {
		c.Secrets = func(desk.ID, desk.Channel) (map[string]string, error) { return nil, nil }
	}
	return &Runner{Config: c, paces: newPacer(c.Store, c.Now)}
}

// Counts reads the counters.
func (r *Runner) Counts() Counts {
	c := &r.counts
	return Counts{Sent: c.sent.Load(), Failed: c.failed.Load(), Unknown: c.unknown.Load(), Retried: c.retried.Load(), Expired: c.expired.Load(), Held: c.held.Load()}
}

// Run sends until ctx ends, then waits up to StopWithin for what is in flight; what does not finish stays leased and is
// found by the next start. It returns nil then, an error only if it could not begin.
func (r *Runner) Run(ctx context.Context) error {
	hints, err := r.Bus.Subscribe(ctx, bus.TopicOutbox)
	if err != nil {
		return fmt.Errorf("subscribe to outbox hints: %w", err)
	}
	sending, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	var flights sync.WaitGroup
	landed := make(chan struct{}, r.Workers)
	free := r.Workers
	for ctx.Err() == nil {
		wait, took := r.takeOff(ctx, sending, free, &flights, landed)
		free -= took
		free += r.rest(ctx, wait, free, hints, landed)
	}
	ended := make(chan struct{})
	go func() { flights.Wait(); close(ended) }()
	timer := time.NewTimer(r.StopWithin)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
		r.Log.WarnContext(ctx, "stopped with sends in flight; they stay leased")
		abandon()
		<-ended
	}
	return nil
}

// takeOff leases up to free deliveries and starts their sends. wait is how long there is nothing to do unless a hint or a
// landing comes first.
func (r *Runner) takeOff(ctx, sending context.Context, free int, flights *sync.WaitGroup, landed chan<- struct{}) (wait time.Duration, took int) {
	if free == 0 {
		return lookAgain, 0
	}
	looked := r.Now()
	leased, err := r.Store.Queue().Lease(ctx, r.Worker, free, r.SendTimeout+leaseOver)
	if err != nil {
		if ctx.Err() == nil {
			r.Log.ErrorContext(ctx, "lease deliveries", "err", err)
		}
		return min(r.Backoff(4), lookAgain), 0
	}
	for _, l := range leased {
		flights.Add(1)
		go func() {
			defer flights.Done()
			defer func() { landed <- struct{}{} }()
			r.attempt(sending, l)
		}()
	}
	if len(leased) == free {
		return lookAgain, len(leased) // the next landing makes room
	}
	return r.untilDue(ctx, looked), len(leased)
}

// untilDue is how long until the next delivery is due. One that was due already at the last look and was not leased
// belongs to a lane that somebody holds: a landing, a hint or lookAgain comes first.
func (r *Runner) untilDue(ctx context.Context, looked time.Time) time.Duration {
	due, err := r.Store.Queue().NextDue(ctx)
	if err != nil || due.IsZero() {
		return lookAgain
	}
	wait := due.Sub(r.Now())
	if wait <= 0 && !due.After(looked) {
		return lookAgain / 3
	}
	return min(max(wait, 0), lookAgain) // it may have come due since
}

// rest waits for something to do and returns how many sends landed meanwhile.
func (r *Runner) rest(ctx context.Context, wait time.Duration, free int, hints <-chan bus.Hint, landed <-chan struct{}) int {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	if free == 0 {
		hints = nil // no room: a hint changes nothing
	}
	n := 0
	select {
	case <-ctx.Done():
	case _, open := <-hints:
		if !open {
			<-ctx.Done() // the subscription ends with ctx
		}
	case <-landed:
		n++
	case <-timer.C:
	}
	for {
		select {
		case <-landed:
			n++
		default:
			return n
		}
	}
}
