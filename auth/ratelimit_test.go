package auth_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/auth"
	"madoguchi/desk"
)

// ticking is a clock that the test moves.
type ticking struct{ ms atomic.Int64 }

func (c *ticking) now() time.Time          { return time.UnixMilli(1_800_000_000_000 + c.ms.Load()) }
func (c *ticking) advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

func TestLimiterIsABucket(t *testing.T) {
	t.Parallel()
	clock := &ticking{}
	l := auth.NewLimiter(auth.Limit{Burst: 3, Every: 10 * time.Second}, 100, clock.now)
	steps := []struct {
		after     time.Duration
		take      int
		allowed   bool
		remaining int
		reset     time.Duration
		retry     time.Duration
	}{
		{0, 1, true, 2, 10 * time.Second, 0},
		{0, 1, true, 1, 20 * time.Second, 0},
		{0, 1, true, 0, 30 * time.Second, 0},
		{0, 1, false, 0, 30 * time.Second, 10 * time.Second},
		{4 * time.Second, 1, false, 0, 26 * time.Second, 6 * time.Second},
		{6 * time.Second, 1, true, 0, 30 * time.Second, 0},
		{25 * time.Second, 1, true, 1, 15 * time.Second, 0},
		{0, 2, false, 1, 15 * time.Second, 5 * time.Second},
		{time.Hour, 3, true, 0, 30 * time.Second, 0},
		{time.Hour, 4, false, 3, 0, 10 * time.Second}, // never
	}
	for i, s := range steps {
		clock.advance(s.after)
		want := auth.Decision{Allowed: s.allowed, Limit: 3, Remaining: s.remaining, Reset: s.reset, RetryAfter: s.retry}
		if got := l.Take("a", s.take); got != want {
			t.Errorf("step %d: %+v, want %+v", i, got, want)
		}
	}
	if d := l.Take("b", 3); !d.Allowed {
		t.Errorf("another caller has a bucket of its own: %+v", d)
	}
}

func TestLimiterForgetsTheOneNotSeenForLongest(t *testing.T) {
	t.Parallel()
	clock := &ticking{}
	l := auth.NewLimiter(auth.Limit{Burst: 1, Every: time.Hour}, 3, clock.now)
	for _, key := range []string{"a", "b", "c"} {
		if !l.Take(key, 1).Allowed {
			t.Fatalf("%s is new", key)
		}
	}
	if l.Take("a", 1).Allowed { // refused, but seen
		t.Fatal("a has used its token")
	}
	l.Take("d", 1) // b is forgotten
	for key, want := range map[string]bool{"a": false, "c": false, "d": false} {
		if got := l.Take(key, 1).Allowed; got != want {
			t.Errorf("%s: %v", key, got)
		}
	}
	if !l.Take("b", 1).Allowed {
		t.Error("b was forgotten, its bucket is full")
	}
}

func TestLimiterStaysInItsMemory(t *testing.T) {
	t.Parallel()
	l := auth.NewLimiter(auth.Limit{Burst: 1, Every: time.Hour}, 1000, (&ticking{}).now)
	for i := range 50_000 {
		l.Take(fmt.Sprint(i), 1)
	}
	remembered := 0
	for i := 50_000 - 1000; i < 50_000; i++ {
		if !l.Take(fmt.Sprint(i), 1).Allowed {
			remembered++
		}
	}
	if remembered != 1000 {
		t.Errorf("%d of the last thousand remembered", remembered)
	}
}

func TestLimiterUnderManyCallers(t *testing.T) {
	t.Parallel()
	l := auth.NewLimiter(auth.Limit{Burst: 100, Every: time.Hour}, 10, (&ticking{}).now)
	var allowed atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if l.Take("one", 1).Allowed {
					allowed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if allowed.Load() != 100 {
		t.Errorf("%d of 400 allowed, want 100", allowed.Load())
	}
}

func TestLimiterToleratesAClockThatStepsBack(t *testing.T) {
	t.Parallel()
	clock := &ticking{}
	l := auth.NewLimiter(auth.Limit{Burst: 2, Every: time.Second}, 10, clock.now)
	l.Take("a", 1)
	clock.advance(-time.Hour)
	if d := l.Take("a", 1); d.Allowed || d.Remaining < 0 {
		t.Errorf("%+v", d)
	}
	clock.advance(time.Hour)
	if d := l.Take("a", 1); !d.Allowed {
		t.Errorf("%+v", d)
	}
}

func TestDecisionForTheCaller(t *testing.T) {
	t.Parallel()
	d := auth.Decision{Limit: 60, Remaining: 0, Reset: 59_001 * time.Millisecond, RetryAfter: 1 * time.Millisecond}
	h := http.Header{}
	d.SetHeaders(h)
	for name, want := range map[string]string{"RateLimit-Limit": "60", "RateLimit-Remaining": "0", "RateLimit-Reset": "60", "Retry-After": "1"} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	wantCode(t, "refused", d.Err(), desk.KindLimited, "rate_limited")
	allowed := auth.Decision{Allowed: true, Limit: 60, Remaining: 59}
	h = http.Header{}
	allowed.SetHeaders(h)
	if allowed.Err() != nil || h.Get("Retry-After") != "" {
		t.Errorf("allowed, yet %v and %v", allowed.Err(), h)
	}
}

func TestClientIP(t *testing.T) {
	t.Parallel()
	proxies, err := auth.ParseProxies([]string{"10.0.0.0/8", " 192.0.2.7", "2001:db8::/32"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"no proxy", "198.51.100.1:5000", nil, "198.51.100.1"},
		{"a stranger's header is not believed", "198.51.100.1:5000", []string{"1.1.1.1"}, "198.51.100.1"},
		{"one proxy", "10.0.0.1:80", []string{"203.0.113.9"}, "203.0.113.9"},
		{"what the caller wrote ahead is not believed", "10.0.0.1:80", []string{"1.1.1.1, 203.0.113.9"}, "203.0.113.9"},
		{"two proxies", "10.0.0.1:80", []string{"203.0.113.9, 192.0.2.7"}, "203.0.113.9"},
		{"two headers", "10.0.0.1:80", []string{"1.1.1.1", "203.0.113.9, 10.9.9.9"}, "203.0.113.9"},
		{"only proxies", "10.0.0.1:80", []string{"10.0.0.2"}, "10.0.0.2"},
		{"no header", "10.0.0.1:80", nil, "10.0.0.1"},
		{"nonsense", "10.0.0.1:80", []string{"unknown"}, "10.0.0.1"},
		{"nonsense ahead", "10.0.0.1:80", []string{"_hidden, 10.0.0.2"}, "10.0.0.2"},
		{"with ports", "10.0.0.1:80", []string{"203.0.113.9:4711"}, "203.0.113.9"},
		{"IPv6", "[2001:db8::1]:80", []string{"[2606:4700::1]:99"}, "2606:4700::1"},
		{"IPv6 bare", "[2001:db8::1]:80", []string{"2606:4700::1"}, "2606:4700::1"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:80", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		{"no address", "pipe", []string{"1.1.1.1"}, "invalid IP"},
	} {
		if got := proxies.ClientIP(c.remote, c.forwarded).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	var none auth.Proxies
	if got := none.ClientIP("127.0.0.1:1", []string{"1.1.1.1"}).String(); got != "127.0.0.1" {
		t.Errorf("no trusted proxy: %s", got)
	}
	for _, bad := range []string{"", "x", "10.0.0.0/99", "::ffff:10.0.0.0/104"} {
		if _, err := auth.ParseProxies([]string{bad}); err == nil {
			t.Errorf("%q became a trusted proxy", bad)
		}
	}
}

func TestHTTPSIsBelievedOfTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	proxies, err := auth.ParseProxies([]string{"10.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		remote string
		tls    bool
		proto  string
		want   bool
	}{
		{"198.51.100.1:1", true, "", true}, {"198.51.100.1:1", false, "https", false}, {"10.0.0.1:1", false, "https", true},
		{"10.0.0.1:1", false, "http", false}, {"10.0.0.1:1", false, "https, http", false}, {"10.0.0.1:1", false, "http, HTTPS", true}, {"10.0.0.1:1", false, "", false},
	} {
		if got := proxies.HTTPS(c.remote, c.tls, c.proto); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestRateKey(t *testing.T) {
	t.Parallel()
	var none auth.Proxies
	for remote, want := range map[string]string{
		"198.51.100.1:1": "198.51.100.1", "[2606:4700:1:2:3::4]:1": "2606:4700:1:2::/64", "[2606:4700:1:2:ffff::9]:1": "2606:4700:1:2::/64", "pipe": "unknown",
	} {
		if got := auth.RateKey(none.ClientIP(remote, nil)); got != want {
			t.Errorf("%s: %s, want %s", remote, got, want)
		}
	}
}

func BenchmarkTake(b *testing.B) {
	l := auth.NewLimiter(auth.Limit{Burst: 100, Every: time.Millisecond}, 10_000, time.Now)
	for b.Loop() {
		l.Take("198.51.100.1", 1)
	}
}
