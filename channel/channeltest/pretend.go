package channeltest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// Pretend is a provider for tests of skills: it gives every request the answer for its method and path ("GET /v1/me"), with
// its query where one is named so, 404 where there is none, and remembers it.
type Pretend struct {
	URL string

	mu   sync.Mutex
	sent []Sent
}

// NewPretend starts a provider on a loopback port until the test ends. An Answer without a status is a 200.
func NewPretend(t testing.TB, answers map[string]Answer) *Pretend {
	p := &Pretend{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		p.sent = append(p.sent, Sent{Method: r.Method, Path: r.URL.RequestURI(), Header: r.Header.Clone(), Body: body})
		p.mu.Unlock()
		a, ok := answers[r.Method+" "+r.URL.RequestURI()]
		if !ok {
			a, ok = answers[r.Method+" "+r.URL.Path]
		}
		switch {
		case !ok:
			a.Status = http.StatusNotFound
		case a.Status == 0:
			a.Status = http.StatusOK
		}
		answer(w, r, a)
	}))
	t.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

// Sent are the requests so far, in order.
func (p *Pretend) Sent() []Sent {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Sent(nil), p.sent...)
}
