package outbox

import (
	"context"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

func TestBackoffStaysBelowItsCeiling(t *testing.T) {
	t.Parallel()
	for n, want := range []time.Duration{1, 1, 2, 4, 8, 16, 32, 60, 60} {
		if got := ceiling(n); got != want*time.Second {
			t.Errorf("ceiling(%d) = %s, want %ds", n, got, want)
		}
		for range 100 {
			if b := Backoff(n); b <= 0 || b > ceiling(n)+time.Millisecond {
				t.Fatalf("Backoff(%d) = %s", n, b)
			}
		}
	}
	if ceiling(1<<40) != 60*time.Second {
		t.Error("many attempts")
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	d := desk.Delivery{ExpiresAt: now.Add(15 * time.Minute)}
	const backoff = 4 * time.Second
	for name, test := range map[string]struct {
		fault  channel.Fault
		status desk.DeliveryStatus
		wait   time.Duration
		pause  time.Duration
	}{
		"retry":                  {channel.Fault{Kind: channel.ActRetry}, desk.DeliveryQueued, backoff, 0},
		"retry after":            {channel.Fault{Kind: channel.ActRetry, After: time.Minute}, desk.DeliveryQueued, time.Minute, 0},
		"retry after the expiry": {channel.Fault{Kind: channel.ActRetry, After: time.Hour}, desk.DeliveryQueued, 15 * time.Minute, 0},
		"throttle":               {channel.Fault{Kind: channel.ActThrottle, After: time.Minute, Certain: true}, desk.DeliveryQueued, time.Minute, time.Minute},
		"throttle without time":  {channel.Fault{Kind: channel.ActThrottle, Certain: true}, desk.DeliveryQueued, backoff, backoff},
		"throttle of one person": {channel.Fault{Kind: channel.ActThrottle, Scope: channel.RatePeer, After: time.Minute, Certain: true}, desk.DeliveryQueued, time.Minute, 0},
		"cap":                    {channel.Fault{Kind: channel.ActCap, Certain: true}, desk.DeliveryQueued, 15 * time.Minute, time.Hour},
		"cap of what is paid":    {channel.Fault{Kind: channel.ActCap, Certain: true, Rest: true}, desk.DeliveryQueued, 15 * time.Minute, 0},
		"a stopped account":      {channel.Fault{Kind: channel.ActCap, Suspended: true, Certain: true}, desk.DeliveryFailed, 0, 0},
		"token":                  {channel.Fault{Kind: channel.ActToken, Certain: true}, desk.DeliveryFailed, 0, 0},
		"blocked":                {channel.Fault{Kind: channel.ActBlocked, Certain: true}, desk.DeliveryFailed, 0, 0},
		"window":                 {channel.Fault{Kind: channel.ActWindow, Certain: true}, desk.DeliveryFailed, 0, 0},
		"no advertisements":      {channel.Fault{Kind: channel.ActMarketing, Certain: true}, desk.DeliveryFailed, 0, 0},
		"opt-out":                {channel.Fault{Kind: channel.ActOptOut, Certain: true}, desk.DeliveryFailed, 0, 0},
		"config":                 {channel.Fault{Kind: channel.ActConfig, Certain: true}, desk.DeliveryFailed, 0, 0},
		"fail":                   {channel.Fault{Kind: channel.ActFail, Certain: true}, desk.DeliveryFailed, 0, 0},
		"fail, uncertain":        {channel.Fault{Kind: channel.ActFail}, desk.DeliveryQueued, backoff, 0},
	} {
		o := judge(&test.fault, d, now, backoff)
		if o.Status != test.status || o.Fault == nil || o.Fault.Kind != string(test.fault.Kind) {
			t.Errorf("%s: %+v", name, o)
		}
		if test.status == desk.DeliveryQueued && o.NotBefore.Sub(now) != test.wait {
			t.Errorf("%s: again after %s, want %s", name, o.NotBefore.Sub(now), test.wait)
		}
		if paused := !o.PauseUntil.IsZero(); paused != (test.pause > 0) || paused && o.PauseUntil.Sub(now) != test.pause {
			t.Errorf("%s: pause until %s, want %s", name, o.PauseUntil, test.pause)
		}
	}
}

// TestLooksAgainInTime: what came due between a look and the question after it is not taken for somebody else's.
func TestLooksAgainInTime(t *testing.T) {
	t.Parallel()
	looked := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	now := looked.Add(10 * time.Millisecond)
	for name, test := range map[string]struct {
		due  time.Time
		want time.Duration
	}{
		"nothing promised":   {time.Time{}, lookAgain},
		"held by another":    {looked, lookAgain / 3},
		"came due meanwhile": {looked.Add(5 * time.Millisecond), 0},
		"soon":               {now.Add(time.Second), time.Second},
		"late":               {now.Add(time.Hour), lookAgain},
	} {
		r := New(Config{Store: promising{due: test.due}, Now: func() time.Time { return now }})
		if got := r.untilDue(t.Context(), looked); got != test.want {
			t.Errorf("%s: looks again after %s, want %s", name, got, test.want)
		}
	}
}

// promising is a store of which only the next due time is asked.
type promising struct {
	store.Store
	due time.Time
}

func (p promising) Queue() store.Queue { return onlyDue{due: p.due} }

type onlyDue struct {
	store.Queue
	due time.Time
}

func (q onlyDue) NextDue(context.Context) (time.Time, error) { return q.due, nil }
