package outbox_test

import (
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// TestARateHoldsOnlyWhatItCounts: what waits for a rate is no attempt, occupies nobody and goes on its turn; one person's rate
// holds up their own lane alone.
func TestARateHoldsOnlyWhatItCounts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		scope channel.RateScope
		first int // of the two people's messages that go at once
	}{
		"account": {channel.RateAccount, 1},
		"peer":    {channel.RatePeer, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &shaped{shape: func(s *channel.Spec) { s.Rates = []channel.Rate{{Scope: test.scope, Count: 1, Per: 10 * time.Second}} }}
			w := newWorld(t, c)
			w.config.Workers = 1
			a, b := w.thread(t, 1), w.thread(t, 2)
			ids := []desk.ID{
				w.utter(t, c, a, func(*desk.Message) {}), w.utter(t, c, b, func(*desk.Message) {}),
				w.utter(t, c, a, func(*desk.Message) {}), w.utter(t, c, b, func(*desk.Message) {}),
			}
			w.start(t)
			began := w.clock.Now()
			for gone := 0; gone < len(ids); {
				w.until(t, func() bool { gone = w.sent(t, ids); return gone == len(ids) || w.waits(t) }, func() string { return "nothing goes and nothing waits" })
				if gone = w.sent(t, ids); w.clock.Now().Equal(began) && gone != test.first && gone != len(ids) {
					t.Fatalf("%d went at once", gone)
				}
				if gone < len(ids) {
					w.move(t, time.Second)
				}
			}
			for _, id := range ids {
				m := w.await(t, id, desk.DeliverySent)
				must(t, w.store.View(t.Context(), workspace, func(r store.Reader) error {
					d, err := r.Messages().DeliveriesOf(m.ID)
					if d[0].Attempts != 1 {
						t.Errorf("%d attempts", d[0].Attempts)
					}
					return err
				}))
			}
			if took := w.clock.Now().Sub(began); took < time.Duration(len(ids)/test.first-1)*10*time.Second {
				t.Errorf("all within %s", took)
			}
		})
	}
}

func (w *world) sent(t *testing.T, ids []desk.ID) (n int) {
	t.Helper()
	must(t, w.store.View(t.Context(), workspace, func(r store.Reader) error {
		all, err := r.Messages().Many(ids)
		n = 0
		for _, m := range all {
			if m.Status == desk.DeliverySent {
				n++
			}
		}
		return err
	}))
	return n
}

// waits reports whether all that is left waits for a later time.
func (w *world) waits(t *testing.T) bool {
	t.Helper()
	due, err := w.store.Queue().NextDue(t.Context())
	must(t, err)
	return due.After(w.clock.Now()) && due.Before(w.clock.Now().Add(20*time.Second))
}
