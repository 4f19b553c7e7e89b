package inbound

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

const (
	lookAgain = 15 * time.Second // after what other nodes took and left
	dueAtOnce = 100

	settleWithin = 5 * time.Second // what was filed is said to be so, also at the end

	earlyFor = 2 * time.Minute // how long a result may wait for what it names
	keptLive = 256             // requests per channel that are held in memory until it is their turn; the rest are read again

	earlyFirst, earlyMax = time.Second, 15 * time.Second
	againFirst, againMax = time.Second, 10 * time.Minute
)

// item is a stored request on its way to be filed.
type item struct {
	workspace, channel, id desk.ID
	live                   *envelope // as it came in, by the node that took it; nil = it is claimed and read
}

// filer files stored requests: those of one channel one after the other, those of different channels side by side.
type filer struct {
	file func(ctx context.Context, i item)

	mu      sync.Mutex
	running context.Context // while Run runs
	queues  map[desk.ID][]item
	held    map[desk.ID]bool // requests in a queue or in hand
	lanes   sync.WaitGroup
}

// push queues a request if there is room; one that is left out comes due again in the store.
func (f *filer) push(i item) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.running == nil || f.held[i.id] || i.live != nil && len(f.queues[i.channel]) >= keptLive {
		return
	}
	queue, busy := f.queues[i.channel]
	f.queues[i.channel], f.held[i.id] = append(queue, i), true
	if !busy {
		ctx := f.running
		f.lanes.Go(func() { f.lane(ctx, i.channel) })
	}
}

// room reports whether a channel's queue takes some more that are held in memory.
func (f *filer) room(ch desk.ID, more int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.queues[ch])+more <= keptLive
}

// lane files a channel's requests until none is left.
func (f *filer) lane(ctx context.Context, ch desk.ID) {
	for {
		i, ok := f.next(ctx, ch)
		if !ok {
			return
		}
		f.file(ctx, i)
		f.mu.Lock()
		delete(f.held, i.id)
		f.mu.Unlock()
	}
}

func (f *filer) next(ctx context.Context, ch desk.ID) (item, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	queue := f.queues[ch]
	if len(queue) == 0 || ctx.Err() != nil {
		for _, i := range queue {
			delete(f.held, i.id)
		}
		delete(f.queues, ch)
		return item{}, false
	}
	f.queues[ch] = queue[1:]
	return queue[0], true
}

func (f *filer) start(ctx context.Context) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running, f.queues, f.held = ctx, map[desk.ID][]item{}, map[desk.ID]bool{}
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
	var handing sync.WaitGroup
	handing.Go(func() { s.handOver(ctx) })
	defer handing.Wait()
	for ctx.Err() == nil {
		wait, err := s.takeDue(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "look for requests to file", "err", err)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-s.soon:
		}
		timer.Stop()
	}
	return nil
}

// takeDue queues what is due and says when to look again.
func (s *Service) takeDue(ctx context.Context) (time.Duration, error) {
	var due []store.RawRequest
	var next time.Time
	err := s.store.View(ctx, 0, func(r store.Reader) (err error) {
		if due, err = r.Raw().Due(dueAtOnce); err == nil {
			next, err = r.Raw().NextDue()
		}
		return err
	})
	if err != nil {
		return lookAgain, err
	}
	for _, q := range due {
		s.filer.push(item{workspace: q.Workspace, channel: q.ChannelID, id: q.ID})
	}
	if next.IsZero() {
		return lookAgain, nil
	}
	return min(max(next.Sub(s.now()), earlyFirst/4), lookAgain), nil
}

// fileItem files one stored request, whole, and settles what came of it.
func (s *Service) fileItem(ctx context.Context, i item) {
	q := store.RawRequest{Workspace: i.workspace, ID: i.id, ChannelID: i.channel, Attempts: 1}
	e := i.live
	if e == nil {
		claimed, found, err := s.claim(ctx, i)
		if err != nil || !found {
			if err != nil && ctx.Err() == nil {
				s.log.ErrorContext(ctx, "claim request", "request", i.id, "err", err)
			}
			return
		}
		q = claimed
		opened, err := s.opened(q)
		if err != nil {
			s.settle(ctx, q, err)
			return
		}
		e = &opened
	}
	q.ReceivedAt = e.Received
	s.settle(ctx, q, s.fileAll(ctx, q, *e))
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

// fileAll files every result of a request: one that waits for what it names, or fails, holds up none after it. A
// connector's panic fails its own request only.
func (s *Service) fileAll(ctx context.Context, q store.RawRequest, e envelope) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log.ErrorContext(ctx, "connector panicked", "channel", q.ChannelID, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	var ch desk.Channel
	err = s.store.View(ctx, q.Workspace, func(r store.Reader) (err error) {
		ch, err = r.Channels().Get(q.ChannelID)
		return err
	})
	if err != nil {
		return err
	}
	connector, err := s.channels.Get(ch.Kind)
	if err != nil {
		return err
	}
	endpoint := channel.Endpoint{Channel: ch, Secrets: e.Secrets, URL: e.Callback, Received: e.Received}
	reply, err := connector.Receive(ctx, endpoint, e.request())
	if err != nil {
		return err
	}
	if err := s.heardFrom(ctx, q.Workspace, ch, e.Received); err != nil {
		return err
	}
	final := !s.now().Before(e.Received.Add(earlyFor))
	taken := &request{call: Call{Workspace: q.Workspace, Channel: ch.ID, Request: e.request()}, endpoint: endpoint, connector: connector}
	var waits, failed error
	for _, result := range reply.Results {
		_, err := s.result(ctx, taken, result, final)
		switch {
		case errors.Is(err, errEarly), errors.Is(err, errInHand):
			waits = err
		case err != nil:
			failed = err
		}
	}
	if failed != nil {
		return failed
	}
	return waits
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
		select {
		case s.soon <- struct{}{}:
		default:
		}
	}
}

// backoff doubles from the first wait to the longest.
func backoff(attempt int, first, longest time.Duration) time.Duration {
	return min(first<<min(max(attempt-1, 0), 20), longest)
}
