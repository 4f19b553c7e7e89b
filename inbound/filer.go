package inbound

import (
	"context"
	"errors"
	"sync"
	"time"

	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/store"
)

const (
	lookAgain = 15 * time.Second // after what other nodes took and left
	dueAtOnce = 256

	settleWithin = 5 * time.Second // what was filed is said to be so, also at the end

	earlyFor = 2 * time.Minute // how long a result may wait for what it names
	keptLive = 32 << 20        // bytes of requests that are held in memory until it is their turn; the rest are read again

	earlyFirst, earlyMax = time.Second, 15 * time.Second
	againFirst, againMax = time.Second, 10 * time.Minute
)

// item is a stored request on its way to be filed.
type item struct {
	workspace, channel, id desk.ID
	live                   *envelope // as it came in, by the node that took it; nil = it is claimed and read
}

// size is about how much memory the request takes, in bytes.
func (i item) size() int {
	if i.live == nil {
		return 0
	}
	const about = 2 << 10 // the headers
	return about + len(i.live.Body)
}

// filer files stored requests: those of one channel in order, as far as they are about the same people, those of different
// channels side by side.
type filer struct {
	read func(ctx context.Context, i item) (work, bool) // false = there is nothing to file
	file func(ctx context.Context, w work)

	mu      sync.Mutex
	running context.Context // while Run runs
	queues  map[desk.ID][]item
	held    map[desk.ID]bool // requests in a queue or in hand
	live    int              // bytes of those that are held in memory
	lanes   sync.WaitGroup
}

// push queues a request if there is room; one that is left out comes due again in the store.
func (f *filer) push(i item) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.running == nil || f.held[i.id] || f.live+i.size() > keptLive {
		return
	}
	f.live += i.size()
	queue, busy := f.queues[i.channel]
	f.queues[i.channel], f.held[i.id] = append(queue, i), true
	if !busy {
		ctx := f.running
		f.lanes.Go(func() { f.lane(ctx, i.channel) })
	}
}

// room reports whether the queues take a good deal more that is held in memory.
func (f *filer) room() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.live < keptLive/2
}

// lane files a channel's requests until none is left.
func (f *filer) lane(ctx context.Context, ch desk.ID) {
	for {
		items := f.next(ctx, ch)
		if len(items) == 0 {
			return
		}
		f.turn(ctx, items)
		f.mu.Lock()
		f.release(items)
		f.mu.Unlock()
	}
}

// next takes the channel's oldest requests; none ends its lane.
func (f *filer) next(ctx context.Context, ch desk.ID) []item {
	f.mu.Lock()
	defer f.mu.Unlock()
	queue := f.queues[ch]
	if len(queue) == 0 || ctx.Err() != nil {
		f.release(queue)
		delete(f.queues, ch)
		return nil
	}
	n := min(len(queue), abreast)
	f.queues[ch] = queue[n:]
	return queue[:n]
}

// release lets go of requests. Under mu.
func (f *filer) release(items []item) {
	for _, i := range items {
		f.live -= i.size()
		delete(f.held, i.id)
	}
}

func (f *filer) start(ctx context.Context) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running, f.queues, f.held, f.live = ctx, map[desk.ID][]item{}, map[desk.ID]bool{}, 0
}

func (f *filer) stop() {
	f.mu.Lock()
	f.running = nil
	f.mu.Unlock()
	f.lanes.Wait()
}

// Run files what was kept until ctx ends, also what another node or an earlier run took and did not get to.
func (s *Service) Run(ctx context.Context) error {
	s.filer.start(ctx)
	defer s.filer.stop()
	var beside sync.WaitGroup
	beside.Go(func() { s.handOver(ctx) })
	beside.Go(func() { s.remember(ctx) })
	defer beside.Wait()
	due.Keep(ctx, due.Keeper{What: "look for requests to file", Look: s.takeDue, Every: lookAgain, Soon: earlyFirst / 4, Log: s.log, Now: s.now}, s.soon)
	return nil
}

// takeDue queues what is due and says when the next request is.
func (s *Service) takeDue(ctx context.Context) (next time.Time, err error) {
	var waiting []store.RawRequest
	err = s.store.View(ctx, 0, func(r store.Reader) (err error) {
		if waiting, err = r.Raw().Due(dueAtOnce); err == nil {
			next, err = r.Raw().NextDue()
		}
		return err
	})
	for _, q := range waiting {
		s.filer.push(item{workspace: q.Workspace, channel: q.ChannelID, id: q.ID})
	}
	return next, err
}

func (s *Service) claim(ctx context.Context, i item) (store.RawRequest, bool, error) {
	type claimed struct {
		q     store.RawRequest
		found bool
	}
	c, err := store.Result(ctx, s.store, i.workspace, func(tx store.Tx) (c claimed, err error) {
		c.q, c.found, err = tx.WriteRaw().Claim(i.id, tx.Now().Add(fileFirst))
		return c, err
	})
	return c.q, c.found, err
}

// heardEvery is how finely the time of a channel's last request is kept (H9).
const heardEvery = time.Minute

func (s *Service) heardFrom(ctx context.Context, workspace desk.ID, ch desk.Channel, at time.Time) error {
	if at.Sub(ch.Health.HookAt) < heardEvery {
		return nil
	}
	return s.setHealth(ctx, workspace, ch.ID, func(h *desk.ChannelHealth) {
		if at.After(h.HookAt) {
			h.HookAt = at.Truncate(time.Millisecond)
		}
	})
}

func (s *Service) setHealth(ctx context.Context, workspace, ch desk.ID, change func(*desk.ChannelHealth)) error {
	return s.store.Update(ctx, workspace, func(tx store.Tx) error {
		c, err := tx.Channels().Get(ch)
		if err != nil {
			return err
		}
		change(&c.Health)
		return tx.WriteChannels().SetHealth(c.ID, c.Health)
	})
}

// settle says what came of an attempt: the request is filed, or it is tried again.
func (s *Service) settle(ctx context.Context, q store.RawRequest, fault error) {
	now := s.now()
	switch {
	case fault == nil:
		q.FiledAt, q.DueAt, q.Fault = now, time.Time{}, ""
	case errors.Is(fault, errInHand):
		q.DueAt, q.Fault = now.Add(backoff(q.Attempts, earlyFirst, earlyMax)), "early"
	case errors.Is(fault, errEarly):
		wait := backoff(q.Attempts, earlyFirst, earlyMax)
		q.DueAt, q.Fault = now.Add(min(wait, max(q.ReceivedAt.Add(earlyFor).Sub(now), earlyFirst))), "early"
	default:
		q.DueAt, q.Fault = now.Add(backoff(q.Attempts, againFirst, againMax)), desk.CodeOf(fault)
		if ctx.Err() == nil {
			s.log.ErrorContext(ctx, "file request; it is tried again", "request", q.ID, "channel", q.ChannelID, "attempts", q.Attempts, "err", fault)
		}
	}
	settling, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer cancel()
	err := s.store.Update(settling, q.Workspace, func(tx store.Tx) error { return tx.WriteRaw().Settle(q) })
	if err != nil {
		s.log.ErrorContext(ctx, "settle request; it comes due again", "request", q.ID, "err", err)
	}
	if !q.DueAt.IsZero() {
		s.soon.Ring()
	}
}

// backoff doubles from the first wait to the longest.
func backoff(attempt int, first, longest time.Duration) time.Duration {
	return min(first<<min(max(attempt-1, 0), 20), longest)
}
