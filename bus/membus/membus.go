// Package membus is the bus inside one process: memory only.
package membus

import (
	"context"
	"slices"
	"sync"

	"madoguchi/bus"
	"madoguchi/desk"
)

// maxPending is how many hints wait for one slow subscriber; the oldest go first. Events and Outbox hints of a
// workspace wait as one, so only many workspaces or much typing ever reach it.
const maxPending = 4096

// maxData is the largest Data of a hint, in bytes.
const maxData = 4 << 10

// Bus hands hints to the subscribers of one process. It is safe for concurrent use.
type Bus struct {
	mu          sync.RWMutex
	closed      bool
	subscribers map[*subscriber]struct{}
}

// New makes an empty bus.
func New() *Bus { return &Bus{subscribers: map[*subscriber]struct{}{}} }

// Publish hands a hint to every subscriber of its topic without waiting for any. Hints of more than 4 KB are refused.
func (b *Bus) Publish(ctx context.Context, h bus.Hint) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(h.Data) > maxData {
		return desk.Invalid("data", "hint_too_large", "%d bytes are more than %d", len(h.Data), maxData)
	}
	h.Data = slices.Clone(h.Data)
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.closed {
		return errClosed()
	}
	for s := range b.subscribers {
		s.add(h)
	}
	return nil
}

// Subscribe hands out the hints on the topics until ctx or the bus ends.
func (b *Bus) Subscribe(ctx context.Context, topics ...bus.Topic) (<-chan bus.Hint, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := &subscriber{
		topics: slices.Clone(topics), at: map[place]int{},
		news: make(chan struct{}, 1), end: make(chan struct{}), out: make(chan bus.Hint),
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, errClosed()
	}
	b.subscribers[s] = struct{}{}
	go func() {
		s.pump(ctx)
		b.mu.Lock()
		delete(b.subscribers, s)
		b.mu.Unlock()
		close(s.out)
	}()
	return s.out, nil
}

// Close ends every subscription; publishing fails afterwards.
func (b *Bus) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil
	}
	b.closed = true
	for s := range b.subscribers {
		close(s.end)
	}
	return nil
}

func errClosed() error {
	return desk.Errorf(desk.KindUnavailable, "bus_closed", "the bus is closed")
}

// place is where a hint that may be merged waits.
type place struct {
	topic     bus.Topic
	workspace desk.ID
}

// subscriber keeps what its reader has not taken yet.
type subscriber struct {
	topics []bus.Topic
	news   chan struct{} // there is something pending
	end    chan struct{} // the bus closed
	out    chan bus.Hint

	mu      sync.Mutex
	pending []bus.Hint
	dropped int           // how many were taken off pending's front, so that at's positions stay right
	at      map[place]int // position of the mergeable hint of a place, counted with dropped
}

func (s *subscriber) add(h bus.Hint) {
	if !slices.Contains(s.topics, h.Topic) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	where := place{h.Topic, h.Workspace}
	if i, waits := s.at[where]; waits {
		known := &s.pending[i-s.dropped]
		if h.Seq >= known.Seq {
			*known = h
		}
		return
	}
	if len(s.pending) == maxPending {
		s.takeFirst()
	}
	if h.Topic == bus.TopicEvents || h.Topic == bus.TopicOutbox {
		s.at[where] = s.dropped + len(s.pending)
	}
	s.pending = append(s.pending, h)
	select {
	case s.news <- struct{}{}:
	default:
	}
}

func (s *subscriber) takeFirst() bus.Hint {
	h := s.pending[0]
	s.pending[0] = bus.Hint{}
	s.pending = s.pending[1:]
	delete(s.at, place{h.Topic, h.Workspace})
	s.dropped++
	return h
}

func (s *subscriber) next() (bus.Hint, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pending) == 0 {
		s.pending = nil
		return bus.Hint{}, false
	}
	return s.takeFirst(), true
}

func (s *subscriber) pump(ctx context.Context) {
	for {
		h, ok := s.next()
		if !ok {
			select {
			case <-s.news:
				continue
			case <-ctx.Done():
				return
			case <-s.end:
				return
			}
		}
		select {
		case s.out <- h:
		case <-ctx.Done():
			return
		case <-s.end:
			return
		}
	}
}
