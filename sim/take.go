package sim

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"time"
)

// object is a JSON object on its way out.
type object = map[string]any

// answer is what a provider says to a request.
type answer struct {
	status int // 0 = 200
	header map[string]string
	body   any    // JSON, unless raw is set
	raw    []byte // with a Content-Type in header
}

func (x answer) write(w http.ResponseWriter) {
	body := x.raw
	if body == nil {
		body = encode(x.body)
		w.Header().Set("Content-Type", "application/json")
	}
	for name, value := range x.header {
		w.Header().Set(name, value)
	}
	if x.status != 0 {
		w.WriteHeader(x.status)
	}
	_, _ = w.Write(body)
}

// encode writes JSON; what is encoded is made of strings, numbers and maps, which cannot fail.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return []byte("null")
	}
	return b
}

// Taken is one provider message that a provider accepted, for tests: exactly once, in order, within the limits.
type Taken struct {
	To      string    `json:"to"`
	ID      string    `json:"id"`
	Key     string    `json:"key,omitempty"` // what the business's program calls it, where the protocol says so
	Text    string    `json:"text,omitempty"`
	Files   int       `json:"files,omitempty"`
	At      time.Time `json:"at"`
	Request int       `json:"request"` // which of the account's requests to send it came with
}

// Taken is everything that the provider accepted from the account, in order.
func (a *Account) Taken() []Taken {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	return slices.Clone(a.taken)
}

// Requests is how often the account's program asked to send; Exceeded how often that was above a limit.
func (a *Account) Requests() (all, exceeded int) {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	return a.requests, a.exceeded
}

// send meets one request to send: trouble first, then accept, which checks it, records what it takes and answers. It
// returns nothing when the connection is to be cut.
func (a *Account) send(w http.ResponseWriter, r *http.Request, x Attempt, accept func() answer) {
	s := a.sim
	s.mu.Lock()
	a.requests++
	x.Request = a.requests
	o := a.meet(x)
	var out answer
	switch {
	case o.Throttle > 0:
		out = a.provider.refuse(a, refusal{status: http.StatusTooManyRequests, after: o.Throttle})
	case o.Refuse != "":
		out = a.provider.refuse(a, refusal{code: o.Refuse})
	case o.Status != 0 && !o.Take:
		out = a.provider.refuse(a, refusal{status: o.Status})
	default:
		out = accept()
		if o.Status != 0 {
			out = a.provider.refuse(a, refusal{status: o.Status})
		}
	}
	s.mu.Unlock()
	if o.Delay > 0 && !s.wait(r, o.Delay) || o.Cut {
		panic(http.ErrAbortHandler) // net/http cuts the connection
	}
	out.write(w)
}

// wait lets time pass; false if the caller or the simulator went away first.
func (s *Simulator) wait(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.done.Done():
	}
	return false
}

// arrive puts a message of the business into the record and on a person's phone, unless they blocked the business. Under mu.
func (a *Account) arrive(p *Person, m *Message) {
	m.At, m.Status = a.sim.now(), "sent"
	if !p.Blocked {
		p.chat = append(p.chat, m)
	}
	a.taken = append(a.taken, Taken{To: p.ID, ID: m.ID, Key: m.key, Text: m.Text, Files: len(m.Files), At: m.At, Request: a.requests})
}

// merge joins objects; later ones win.
func merge(objects ...object) object {
	all := object{}
	for _, o := range objects {
		maps.Copy(all, o)
	}
	return all
}
