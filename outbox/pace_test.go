package outbox

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// hand is a clock that the test moves.
type hand struct{ at time.Time }

func (h *hand) now() time.Time { return h.at }

func paced(t *testing.T, open func(...storetest.Option) store.Store) (store.Store, *hand) {
	t.Helper()
	h := &hand{time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
	s := open(func(c *sqlstore.Config) { c.Clock = h.now })
	if err := s.Update(t.Context(), 0, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: 1, Name: "w", Locale: desk.LocaleJA, Zone: "UTC", CreatedAt: tx.Now()})
	}); err != nil {
		t.Fatal(err)
	}
	return s, h
}

func fullest(at []time.Time, span time.Duration) int {
	most := 0
	for _, from := range at {
		n := 0
		for _, x := range at {
			if !x.Before(from) && x.Before(from.Add(span)) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// TestNodesKeepARateTogether: several nodes with many lanes each want more than the account may send, with pauses, and use
// every turn as late as they may. Wherever a span begins, the provider never counts more than it permits, and most of what it
// permits is used.
func TestNodesKeepARateTogether(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		s, h := paced(t, open)
		began := h.at
		for seed, rate := range []channel.Rate{
			{Scope: channel.RateAccount, Count: 30, Per: time.Second},
			{Scope: channel.RateAccount, Count: 80, Per: time.Second},
			{Scope: channel.RateAccount, Count: 20, Per: 4 * time.Second, Burst: 5},
			{Scope: channel.RateAccount, Count: 1, Per: 500 * time.Millisecond},
		} {
			h.at = began
			random := rand.New(rand.NewPCG(7, uint64(seed)))
			nodes := []*pacer{newPacer(s, h.now), newPacer(s, h.now), newPacer(s, h.now)}
			d := &dispatch{Leased: store.Leased{WorkspaceID: 1, Delivery: desk.Delivery{ChannelID: desk.ID(seed + 1)}}, spec: channel.Spec{Rates: []channel.Rate{rate}}}
			var used []time.Time
			for h.at.Sub(began) < 2*rate.Per+2*time.Second {
				for range random.IntN(4) {
					taken, wait, err := nodes[random.IntN(len(nodes))].take(t.Context(), d)
					if err != nil {
						t.Fatal(err)
					}
					if wait.IsZero() != (len(taken) == 1) || !wait.IsZero() && !wait.After(h.at) {
						t.Fatalf("taken %d, wait until %s", len(taken), wait)
					}
					for range taken {
						used = append(used, h.at.Add(time.Duration(random.Int64N(int64(rate.Slack())))))
					}
				}
				h.at = h.at.Add(time.Duration(1+random.IntN(8)) * time.Millisecond)
			}
			if most := fullest(used, rate.Per); most > rate.Count {
				t.Errorf("%+v: %d within %s", rate, most, rate.Per)
			}
			if permitted := float64(h.at.Sub(began)) / float64(rate.Per) * float64(rate.Count); float64(len(used)) < permitted*0.6 {
				t.Errorf("%+v: only %d of %.0f", rate, len(used), permitted)
			}
		}
	})
}

// TestOnePersonsRateIsTheirOwn: it is counted in the store, turn by turn, and holds nobody else back.
func TestOnePersonsRateIsTheirOwn(t *testing.T) {
	t.Parallel()
	s, h := paced(t, func(o ...storetest.Option) store.Store { return storetest.SQLite(t, o...) })
	spec := channel.Spec{Rates: []channel.Rate{{Scope: channel.RatePeer, Count: 3, Per: time.Second}}}
	attempt := func(identity desk.ID) error {
		d := &dispatch{Leased: store.Leased{WorkspaceID: 1, Delivery: desk.Delivery{ChannelID: 10}}, spec: spec, identity: desk.Identity{ID: identity}}
		return s.Update(t.Context(), 1, d.takePeer)
	}
	var used []time.Time
	for began := h.at; h.at.Sub(began) < 5*time.Second; h.at = h.at.Add(20 * time.Millisecond) {
		err := attempt(1)
		var wait *errPace
		switch {
		case err == nil:
			used = append(used, h.at)
		case !errors.As(err, &wait) || !wait.until.After(h.at) || wait.until.After(h.at.Add(time.Second)):
			t.Fatal(err)
		}
	}
	if most := fullest(used, time.Second); most > 3 || len(used) < 12 {
		t.Errorf("%d in all, %d within a second", len(used), most)
	}
	if err := attempt(2); err != nil {
		t.Errorf("another person waits: %v", err)
	}
}

// TestATurnThatWaitedIsNotUsed: a slow commit between taking and using it costs the turn, not the limit.
func TestATurnThatWaitedIsNotUsed(t *testing.T) {
	t.Parallel()
	s, h := paced(t, func(o ...storetest.Option) store.Store { return storetest.SQLite(t, o...) })
	p := newPacer(s, h.now)
	rate := channel.Rate{Scope: channel.RateAccount, Count: 10, Per: time.Second}
	d := &dispatch{Leased: store.Leased{WorkspaceID: 1, Delivery: desk.Delivery{ChannelID: 10}}, spec: channel.Spec{Rates: []channel.Rate{rate}}}
	first, _, err := p.take(t.Context(), d)
	if err != nil || len(first) != 1 {
		t.Fatal(first, err)
	}
	h.at = h.at.Add(rate.Slack())
	if first[0].stale() {
		t.Error("stale at the end of its time")
	}
	h.at = h.at.Add(time.Second)
	if !first[0].stale() {
		t.Error("not stale past its time")
	}
	if err := p.renew(t.Context(), first); err != nil || first[0].stale() {
		t.Errorf("renewed: %+v, %v", first, err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := sleep(ended, time.Hour); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
