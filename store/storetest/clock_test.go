package storetest_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// A clock that steps back and forward: ids never repeat nor go back, positions and the order of messages follow the commits, and
// nothing is refused.
func TestAClockThatSteps(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		hand := newClock()
		w := newWorld(t, open(hand.option()))
		c := w.newConversation(t)
		var lastID desk.ID
		var lastSeq int64
		for _, step := range []time.Duration{0, -time.Hour, 25 * time.Hour, -48 * time.Hour, time.Millisecond, 400 * 24 * time.Hour, -400 * 24 * time.Hour} {
			hand.advance(step)
			update(t, w.s, w.workspace, func(tx store.Tx) error {
				m := w.message(tx, c.ID, "after "+step.String())
				if err := tx.WriteMessages().Add(m); err != nil {
					return err
				}
				if m.ID <= lastID || m.Seq <= lastSeq {
					t.Errorf("after %v: message %d with seq %d, after %d with %d", step, m.ID, m.Seq, lastID, lastSeq)
				}
				lastID, lastSeq = m.ID, m.Seq
				tx.Emit(desk.Event{Kind: desk.EventMessageCreated, At: tx.Now(), ConversationID: c.ID, MessageID: m.ID, MessageSeq: m.Seq})
				return nil
			})
		}
		events, err := w.s.Events(t.Context(), w.workspace, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		var order []int64
		for _, e := range events {
			if e.Kind == desk.EventMessageCreated && e.MessageSeq > 0 {
				order = append(order, e.MessageSeq)
			}
		}
		for i := 1; i < len(order); i++ {
			if order[i] <= order[i-1] {
				t.Errorf("the log's order is %v", order)
			}
		}
		if len(order) < 7 {
			t.Errorf("only %d messages in the log", len(order))
		}
	})
}

// A lease is held by the clock: when it jumps ahead the delivery is handed out again and who had it hears so; when it steps back nobody
// else gets it.
func TestLeasesAndTheClock(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		o := newOutbox(t, open)
		o.promise(t, o.newConversation(t).ID, 1)
		held := o.lease(t, 10)
		if len(held) != 1 {
			t.Fatalf("%d leases", len(held))
		}
		o.hand.advance(-time.Hour)
		if again := o.lease(t, 10); len(again) != 0 {
			t.Errorf("after a step back: handed out twice: %+v", again)
		}
		o.hand.advance(24 * time.Hour)
		again := o.lease(t, 10)
		if len(again) != 1 || again[0].Delivery.Attempts <= held[0].Delivery.Attempts {
			t.Fatalf("after a jump ahead: %+v", again)
		}
		err := o.q.Settle(t.Context(), held[0], store.Outcome{Status: desk.DeliverySent})
		wantKind(t, err, desk.KindConflict, "lease_lost")
		o.settle(t, again[0], store.Outcome{Status: desk.DeliverySent})
	})
}
