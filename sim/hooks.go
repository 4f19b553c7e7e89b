package sim

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"time"
)

// hook is one webhook request on its way.
type hook struct {
	account *Account
	method  string // "" = POST
	url     string
	header  map[string]string
	body    []byte
	// tries is how often it is delivered in all before the provider gives up; again says whether a result is worth another
	// try, nil = everything but 2xx is.
	tries   int
	again   func(status int) bool // 0 = no answer
	within  time.Duration         // how long the provider waits for an answer, 0 = 10 s
	redo    func(h *hook)         // changes it before it is delivered again
	heard   func(status int, body []byte)
	attempt int
	due     time.Time
}

// Delivered is one webhook request that was made.
type Delivered struct {
	Body    string    `json:"body"`
	Status  int       `json:"status"` // 0 = no answer
	Attempt int       `json:"attempt"`
	At      time.Time `json:"at"`
}

// keepHooks is how many deliveries an account remembers.
const keepHooks = 10_000

// reorderBy is how long every second webhook waits when they are to come out of order.
const reorderBy = 2 * time.Second

// lane is what is delivered one after the other: news of one person.
type lane struct{ account, person string }

// deliveries are a lane's webhooks. While there are any, one goroutine empties it.
type deliveries struct {
	queue []*hook
	wake  chan struct{}
	odd   bool
	busy  int // being delivered now
}

// backoff is 1, 2, 4 … 60 s.
func backoff(attempt int) time.Duration {
	return min(time.Second<<min(attempt-1, 6), time.Minute)
}

// tell queues a webhook about a person ("" = about the account), with the account's trouble. Without an address nobody
// hears of it, as with the real provider. Under mu.
func (a *Account) tell(person string, h hook) {
	if h.url == "" || a.sim.done.Err() != nil {
		return
	}
	h.account = a
	key := lane{a.ID, person}
	l := a.sim.lanes[key]
	if l == nil {
		l = &deliveries{wake: make(chan struct{}, 1)}
		a.sim.lanes[key] = l
		a.sim.flights.Add(1)
		go a.sim.deliver(key, l)
	}
	h.due = time.Now().Add(time.Duration(a.trouble.HookDelayMS) * time.Millisecond)
	if l.odd = !l.odd; a.trouble.Reorder && l.odd {
		h.due = h.due.Add(reorderBy)
	}
	l.queue = append(l.queue, &h)
	if a.trouble.Duplicate {
		twin := h
		l.queue = append(l.queue, &twin)
	}
	signal(l.wake)
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// deliver empties a lane, the one that is due first at a time.
func (s *Simulator) deliver(key lane, l *deliveries) {
	defer s.flights.Done()
	for {
		s.mu.Lock()
		if len(l.queue) == 0 || s.done.Err() != nil {
			delete(s.lanes, key)
			s.mu.Unlock()
			return
		}
		first := slices.MinFunc(l.queue, func(a, b *hook) int { return a.due.Compare(b.due) })
		wait := time.Until(first.due)
		if wait <= 0 {
			l.queue = slices.DeleteFunc(l.queue, func(h *hook) bool { return h == first })
			l.busy = 1
		}
		s.mu.Unlock()
		if wait > 0 {
			s.rest(wait, l.wake)
			continue
		}
		s.try(l, first)
	}
}

// rest waits for the next webhook's time, or for a new one.
func (s *Simulator) rest(wait time.Duration, wake <-chan struct{}) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-wake:
	case <-s.done.Done():
	}
}

// try delivers a webhook once and queues it again if the provider would.
func (s *Simulator) try(l *deliveries, h *hook) {
	h.attempt++
	status, body := s.post(s.done, h)
	s.mu.Lock()
	defer s.mu.Unlock()
	l.busy = 0
	a := h.account
	a.hooks = append(a.hooks, Delivered{Body: string(h.body), Status: status, Attempt: h.attempt, At: s.now()})
	if len(a.hooks) > keepHooks {
		a.hooks = slices.Delete(a.hooks, 0, len(a.hooks)-keepHooks)
	}
	if h.heard != nil {
		h.heard(status, body)
	}
	ok := status >= 200 && status < 300
	if ok || h.attempt >= h.tries || h.again != nil && !h.again(status) {
		if !ok {
			s.Log.Warn("a webhook was not taken", "account", a.ID, "status", status, "attempt", h.attempt)
		}
		return
	}
	if h.redo != nil {
		h.redo(h)
	}
	h.due = time.Now().Add(s.Backoff(h.attempt))
	l.queue = append(l.queue, h)
}

// maxReply is how much of a webhook's answer is read.
const maxReply = 64 << 10

// post makes the request; status 0 means that no answer came.
func (s *Simulator) post(ctx context.Context, h *hook) (status int, body []byte) {
	within, method := h.within, h.method
	if within == 0 {
		within = 10 * time.Second
	}
	if method == "" {
		method = http.MethodPost
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, h.url, bytes.NewReader(h.body))
	if err != nil {
		return 0, nil
	}
	for name, value := range h.header {
		r.Header.Set(name, value)
	}
	response, err := s.Client.Do(r)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = response.Body.Close() }()
	body, err = io.ReadAll(io.LimitReader(response.Body, maxReply))
	if err != nil {
		return 0, nil
	}
	return response.StatusCode, body
}

// Hooks lists the webhook requests that were made for the account, oldest first.
func (a *Account) Hooks() []Delivered {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	return slices.Clone(a.hooks)
}

// Pending is how many webhooks are still to be delivered, of all accounts.
func (s *Simulator) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, l := range s.lanes {
		n += len(l.queue) + l.busy
	}
	return n
}
