package testchannel

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Trouble is how the provider treats one request to send.
type Trouble struct {
	Refuse     int             // answer this status and take nothing
	RetryAfter time.Duration   // with Refuse: the header, whole seconds
	Take       bool            // with Refuse, Cut or Hang: take the message all the same
	Cut        bool            // cut the connection after the body was read
	Hang       bool            // say only that (103), until the caller gives up
	Wait       <-chan struct{} // answer only after this is closed
}

// Message is one that the provider took.
type Message struct{ ID, To, Text, Key string }

// Provider is the other side: a faulty HTTP server that remembers what it took.
type Provider struct {
	URL        string
	Idempotent bool // the same key again gives the message of then

	// Arrived receives a token for every request to send, before it is treated; nil = none. Set it before the first.
	Arrived chan struct{}

	mu       sync.Mutex
	troubles map[string][]Trouble // by text, one for each request
	always   func(text string, request int) Trouble
	taken    []Message
	requests map[string]int // by text

	callers atomic.Int64
}

// NewProvider starts a provider on a loopback port until the test ends.
func NewProvider(t testing.TB) *Provider {
	p := &Provider{troubles: map[string][]Trouble{}, requests: map[string]int{}}
	server := httptest.NewUnstartedServer(p)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			p.callers.Add(1)
		case http.StateClosed, http.StateHijacked:
			p.callers.Add(-1)
		}
	}
	server.Start()
	p.URL = server.URL
	t.Cleanup(server.Close)
	return p
}

// Trouble makes the next requests that carry this text meet troubles, one each; later ones are taken.
func (p *Provider) Trouble(text string, troubles ...Trouble) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.troubles[text] = append(p.troubles[text], troubles...)
}

// Always decides on every request that has no trouble of its own; request counts from 1 per text.
func (p *Provider) Always(decide func(text string, request int) Trouble) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.always = decide
}

// Taken is what the provider took, in order.
func (p *Provider) Taken() []Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Message(nil), p.taken...)
}

// Requests is how often a text was sent.
func (p *Provider) Requests(text string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.requests[text]
}

// Callers is how many connections are open. With none, every request of a caller that died has had its effect: what was
// under way when it died may be taken a moment later.
func (p *Provider) Callers() int { return int(p.callers.Load()) }

// ServeHTTP takes, finds or makes trouble.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		p.find(w, r)
		return
	}
	var m sent
	body, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(body, &m) != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	trouble := p.meet(m.Text)
	if p.Arrived != nil {
		select {
		case p.Arrived <- struct{}{}:
		case <-r.Context().Done():
		}
	}
	if trouble.Wait != nil {
		select {
		case <-trouble.Wait:
		case <-r.Context().Done():
			return
		}
	}
	accepted := trouble.Refuse == 0 && !trouble.Cut && !trouble.Hang
	id := ""
	if accepted || trouble.Take {
		id = p.take(m)
	}
	switch {
	case trouble.Cut:
		panic(http.ErrAbortHandler)
	case trouble.Hang:
		w.WriteHeader(http.StatusEarlyHints) // who listens for it need not wait for a clock
		<-r.Context().Done()
	case trouble.Refuse != 0:
		if trouble.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(trouble.RetryAfter/time.Second)))
		}
		http.Error(w, "refused", trouble.Refuse)
	default:
		_ = json.NewEncoder(w).Encode(sent{ID: id})
	}
}

func (p *Provider) meet(text string) Trouble {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests[text]++
	if queue := p.troubles[text]; len(queue) > 0 {
		p.troubles[text] = queue[1:]
		return queue[0]
	}
	if p.always != nil {
		return p.always(text, p.requests[text])
	}
	return Trouble{}
}

func (p *Provider) take(m sent) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Idempotent {
		for _, known := range p.taken {
			if known.Key == m.Key {
				return known.ID
			}
		}
	}
	id := "m" + strconv.Itoa(len(p.taken)+1)
	p.taken = append(p.taken, Message{ID: id, To: m.To, Text: m.Text, Key: m.Key})
	return id
}

func (p *Provider) find(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.taken {
		if m.Key == r.URL.Query().Get("key") {
			_ = json.NewEncoder(w).Encode(sent{ID: m.ID})
			return
		}
	}
	http.NotFound(w, r)
}
