package sim

import (
	"fmt"
	"net/http"
	"time"
)

// Trouble is how a provider behaves towards one account until told otherwise.
type Trouble struct {
	// TokenOff refuses every request: the token was revoked, or it expired.
	TokenOff bool `json:"token_off"`
	// PerSecond and PerChat allow only so many sends a second in all and to one person, instead of the provider's own
	// limits; 0 = those, negative = no limits at all.
	PerSecond int `json:"per_second"`
	PerChat   int `json:"per_chat"`
	// Quota is what the month or day still has, for providers that have one; negative = used up. 0 = plenty.
	Quota int `json:"quota"`
	// Status answers sends with this status (500, 503 …) and takes nothing, or takes all the same with Take.
	Status int  `json:"status"`
	Take   bool `json:"take"`
	// Cut takes a send and cuts the connection instead of answering.
	Cut bool `json:"cut"`
	// DelayMS takes a send and answers only after so many milliseconds.
	DelayMS int `json:"delay_ms"`
	// Times is how many sends Status, Cut and DelayMS hit; 0 = all from now on.
	Times int `json:"times"`

	HookDelayMS int  `json:"hook_delay_ms"` // webhooks come late
	Duplicate   bool `json:"duplicate"`     // and twice
	Reorder     bool `json:"reorder"`       // and every second one after the next
}

// Attempt is a request to send, before anything became of it.
type Attempt struct {
	To      string
	Text    string // of its first message
	Key     string // what the business's program calls it, where the protocol says so
	Request int    // of the account, from 1
}

// Outcome is what becomes of an attempt. The zero value takes it.
type Outcome struct {
	Status   int           // answer this and take nothing
	Take     bool          // with Status: take it all the same
	Cut      bool          // take it and cut the connection
	Delay    time.Duration // take it and answer late
	Throttle time.Duration // answer the provider's 429 with this wait
	Refuse   string        // the provider's code, where its protocol has one that fits: see each provider's refuse
}

// SetTrouble replaces the account's trouble.
func (a *Account) SetTrouble(t Trouble) {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	a.trouble = t
	clear(a.meters)
}

// Trouble is the account's trouble as it is now.
func (a *Account) Trouble() Trouble {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	return a.trouble
}

// Decide lets a test say what becomes of every attempt, before the account's trouble; nil = that alone. It is called
// under the simulator's lock.
func (a *Account) Decide(decide func(Attempt) Outcome) {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	a.decide = decide
}

// meet says what becomes of an attempt: what a test decided, a limit, a trouble. Under mu.
func (a *Account) meet(x Attempt) Outcome {
	if a.decide != nil {
		if o := a.decide(x); o != (Outcome{}) {
			return o
		}
	}
	if wait := a.limit(x.To); wait > 0 {
		return Outcome{Throttle: wait}
	}
	t := &a.trouble
	o := Outcome{Status: t.Status, Take: t.Take, Cut: t.Cut, Delay: time.Duration(t.DelayMS) * time.Millisecond}
	if o != (Outcome{}) && t.Times > 0 {
		if t.Times--; t.Times == 0 {
			t.Status, t.Take, t.Cut, t.DelayMS = 0, false, false, 0
		}
	}
	return o
}

// Rate is a limit of a provider on sending.
type Rate struct {
	Chat  bool // it counts what goes to one person, else what the account sends
	Count int
	Per   time.Duration
	Burst int // at once
}

// limit counts an attempt and says how long it would have to wait: 0 = it may go. A refused attempt does not count, as
// the bucket was empty already. Under mu.
func (a *Account) limit(to string) time.Duration {
	limits := a.limits()
	now := a.sim.Now()
	for i, rate := range limits {
		if wait := a.meter(i, rate, to).wait(now, rate); wait > 0 {
			a.exceeded++
			return wait
		}
	}
	for i, rate := range limits {
		a.meter(i, rate, to).left--
	}
	return 0
}

func (a *Account) limits() []Rate {
	t := a.trouble
	if t.PerSecond == 0 && t.PerChat == 0 {
		return a.provider.rates()
	}
	var limits []Rate
	if t.PerSecond > 0 {
		limits = append(limits, Rate{Count: t.PerSecond, Per: time.Second, Burst: t.PerSecond})
	}
	if t.PerChat > 0 {
		limits = append(limits, Rate{Chat: true, Count: t.PerChat, Per: time.Second, Burst: t.PerChat})
	}
	return limits
}

func (a *Account) meter(i int, rate Rate, to string) *meter {
	name := fmt.Sprint(i)
	if rate.Chat {
		name += "/" + to
	}
	if a.meters[name] == nil {
		a.meters[name] = &meter{left: float64(rate.Burst)}
	}
	return a.meters[name]
}

// meter is a bucket of permissions that fills evenly.
type meter struct {
	left float64
	at   time.Time
}

// wait fills the bucket and says how long until it holds one.
func (m *meter) wait(now time.Time, rate Rate) time.Duration {
	if !m.at.IsZero() {
		m.left = min(float64(rate.Burst), m.left+now.Sub(m.at).Seconds()*float64(rate.Count)/rate.Per.Seconds())
	}
	m.at = now
	if m.left >= 1 {
		return 0
	}
	return max(time.Duration((1-m.left)*float64(rate.Per)/float64(rate.Count)), time.Millisecond)
}

// refusal is why a provider refuses, before its words for it.
type refusal struct {
	status int           // 401 the token, 429 a limit, 5xx the provider's fault
	after  time.Duration // with 429
	code   string        // a provider's own code to refuse with, "" = by status
}

// tokenOff is the refusal of a token that is off.
var tokenOff = refusal{status: http.StatusUnauthorized}
