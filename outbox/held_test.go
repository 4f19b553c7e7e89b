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
				w.until(t, func() bool { gone = w.sent(t, ids); return gone == len(ids) || w.waits(t, ids) }, func() string { return "nothing goes and nothing waits" })
				if w.clock.Now().Equal(began) && gone != test.first {
					t.Fatalf("%d went at once", gone)
				}
				if gone < len(ids) {
					w.move(t, time.Second)
				}
			}
			for _, d := range w.deliveries(t, ids) {
				if d.Attempts != 1 {
					t.Errorf("%d attempts", d.Attempts)
				}
			}
			if took := w.clock.Now().Sub(began); took < time.Duration(len(ids)/test.first-1)*10*time.Second {
				t.Errorf("all within %s", took)
			}
		})
	}
}

func (w *world) sent(t *testing.T, ids []desk.ID) (n int) {
	t.Helper()
	for _, d := range w.deliveries(t, ids) {
		if d.Status == desk.DeliverySent {
			n++
		}
	}
	return n
}

// waits reports whether all that is left waits for a later time: the head of every lane does. (The queue's next due time would
// not tell: it says nothing of what is being sent.)
func (w *world) waits(t *testing.T, ids []desk.ID) bool {
	t.Helper()
	looked := map[desk.ID]bool{}
	for _, d := range w.deliveries(t, ids) {
		if d.Status == desk.DeliverySent || looked[d.ConversationID] {
			continue
		}
		looked[d.ConversationID] = true
		if !d.NotBefore.After(w.clock.Now()) {
			return false
		}
	}
	return true
}

// deliveries are those of messages of one piece each.
func (w *world) deliveries(t *testing.T, ids []desk.ID) (all []desk.Delivery) {
	t.Helper()
	must(t, w.store.View(t.Context(), workspace, func(r store.Reader) error {
		all = nil
		for _, id := range ids {
			of, err := r.Messages().DeliveriesOf(id)
			if err != nil {
				return err
			}
			all = append(all, of...)
		}
		return nil
	}))
	return all
}
