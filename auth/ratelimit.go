package auth

import (
	"container/list"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"madoguchi/desk"
)

// Limit is a token bucket: Burst tokens, one of which comes back every Every.
type Limit struct {
	Burst int
	Every time.Duration
}

// Limiter counts callers against a Limit, each by a key (an address, a visitor, an account). It remembers at most
// maxKeys callers: beyond that the one not seen for longest is forgotten, that is, its bucket is full again. It keeps
// one instant per caller, is safe for concurrent use, and is per process: n nodes allow n times as much.
type Limiter struct {
	limit   Limit
	maxKeys int
	now     desk.Clock

	mu     sync.Mutex
	seen   map[string]*list.Element // of *bucket
	recent *list.List               // the last one seen in front
}

// bucket is empty of debt at the instant full: until then, each Every of the way is one token missing.
type bucket struct {
	key  string
	full time.Time
}

// NewLimiter makes a Limiter that remembers at most maxKeys callers (about 200 bytes each).
func NewLimiter(limit Limit, maxKeys int, now desk.Clock) *Limiter {
	return &Limiter{limit: limit, maxKeys: max(maxKeys, 1), now: now, seen: map[string]*list.Element{}, recent: list.New()}
}

// Decision is a Limiter's answer.
type Decision struct {
	Allowed    bool
	Limit      int           // Burst
	Remaining  int           // tokens left
	Reset      time.Duration // until the bucket is full
	RetryAfter time.Duration // until the tokens asked for are there; 0 if Allowed
}

// Take asks for n tokens at once and takes all or none. More than Burst are never there.
func (l *Limiter) Take(key string, n int) Decision {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	element, known := l.seen[key]
	full := now
	if known {
		l.recent.MoveToFront(element)
		if b := element.Value.(*bucket); b.full.After(now) {
			full = b.full
		}
	}
	capacity := time.Duration(l.limit.Burst) * l.limit.Every
	after := full.Add(time.Duration(n) * l.limit.Every)
	d := Decision{Allowed: after.Sub(now) <= capacity, Limit: l.limit.Burst}
	if d.Allowed {
		full = after
		l.keep(key, element, full)
	} else {
		d.RetryAfter = after.Sub(now) - capacity
	}
	d.Reset = full.Sub(now)
	d.Remaining = max(int((capacity-d.Reset)/l.limit.Every), 0)
	return d
}

// Return gives back n tokens that were taken for something that turned out to cost none.
func (l *Limiter) Return(key string, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if element, known := l.seen[key]; known {
		b := element.Value.(*bucket)
		b.full = b.full.Add(-time.Duration(n) * l.limit.Every)
	}
}

// keep writes a bucket down, forgetting the one not seen for longest if there are too many.
func (l *Limiter) keep(key string, element *list.Element, full time.Time) {
	if element != nil {
		element.Value.(*bucket).full = full
		return
	}
	if l.recent.Len() >= l.maxKeys {
		oldest := l.recent.Back()
		delete(l.seen, oldest.Value.(*bucket).key)
		l.recent.Remove(oldest)
	}
	l.seen[key] = l.recent.PushFront(&bucket{key: key, full: full})
}

// SetHeaders writes the decision for the caller: RateLimit-Limit, -Remaining, -Reset and, when refused, Retry-After, in
// whole seconds rounded up.
func (d Decision) SetHeaders(h http.Header) {
	h.Set("RateLimit-Limit", strconv.Itoa(d.Limit))
	h.Set("RateLimit-Remaining", strconv.Itoa(d.Remaining))
	h.Set("RateLimit-Reset", seconds(d.Reset))
	if !d.Allowed {
		h.Set("Retry-After", seconds(d.RetryAfter))
	}
}

// Err is nil if allowed, else desk.KindLimited with code "rate_limited" (parameter seconds).
func (d Decision) Err() error {
	if d.Allowed {
		return nil
	}
	return &desk.Error{Kind: desk.KindLimited, Code: "rate_limited", Params: map[string]string{"seconds": seconds(d.RetryAfter)}, Message: "too many requests"}
}

func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }
