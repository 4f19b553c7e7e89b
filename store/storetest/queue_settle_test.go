package storetest_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

func TestSettlingClimbsTheMessage(t *testing.T) {
	t.Parallel()
	failed := store.Outcome{Status: desk.DeliveryFailed, Fault: &desk.MessageFault{Kind: "blocked", Code: "403"}}
	unknown := store.Outcome{Status: desk.DeliveryUnknown}
	for _, c := range []struct {
		name   string
		parts  []store.Outcome
		want   desk.DeliveryStatus
		events int
	}{
		{"one sent", []store.Outcome{sent}, desk.DeliverySent, 1},
		{"all sent", []store.Outcome{sent, sent, sent}, desk.DeliverySent, 1},
		{"some yet to go", []store.Outcome{sent, {Status: desk.DeliveryQueued}}, desk.DeliveryQueued, 0},
		{"one failed", []store.Outcome{sent, failed}, desk.DeliveryFailed, 1},
		{"one unknown", []store.Outcome{sent, unknown}, desk.DeliveryUnknown, 1},
		{"failed outweighs unknown", []store.Outcome{unknown, failed}, desk.DeliveryFailed, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, open opener) {
				o := newOutbox(t, open)
				row := o.newConversation(t)
				m, _ := o.promise(t, row.ID, len(c.parts))
				row.Preview = desk.PreviewOf(*m)
				update(t, o.s, o.workspace, func(tx store.Tx) error { return tx.WriteConversations().Put(row) })
				for _, out := range c.parts {
					o.settle(t, o.lease(t, 1)[0], out)
				}
				view(t, o.s, o.workspace, func(r store.Reader) error {
					got, err := r.Messages().Get(m.ID)
					equal(t, got.Status, c.want)
					equal(t, got.Version, 1+int64(c.events))
					shown, err2 := r.Conversations().Get(row.ID)
					equal(t, shown.Preview.Failed, c.want == desk.DeliveryFailed || c.want == desk.DeliveryUnknown)
					if c.want == desk.DeliverySent {
						equal(t, got.ExternalID, "x")
					}
					if c.want == desk.DeliveryFailed {
						equal(t, got.Fault, failed.Fault)
					}
					return all(err, err2)
				})
				events, err := o.s.Events(t.Context(), o.workspace, 0, 10)
				equal(t, len(events), c.events)
				for _, e := range events {
					equal(t, e.Kind, desk.EventMessageChanged)
					equal(t, e.MessageID, m.ID)
				}
				equal(t, err, nil)
			})
		})
	}
}

// Four workers empty fifteen lanes: every delivery is sent once, in the order of its lane, never two of a lane at a time.
func TestWorkersKeepTheOrderOfEveryLane(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		const lanes, each = 15, 8
		o := newOutbox(t, open)
		conversations := make([]desk.Conversation, lanes)
		for i := range conversations {
			conversations[i] = o.newConversation(t)
		}
		together(lanes, func(i int) error {
			for range each / 2 {
				o.promise(t, conversations[i].ID, 2)
			}
			return nil
		})
		var mu sync.Mutex
		inHand, log, total := map[desk.ID]bool{}, map[desk.ID][]int64{}, 0
		work := func(worker string) error {
			for {
				mu.Lock()
				done := total >= lanes*each
				mu.Unlock()
				leased, err := o.q.Lease(t.Context(), worker, 3, time.Minute)
				if err != nil || done {
					return err
				}
				for _, l := range leased {
					lane := l.Delivery.ConversationID
					mu.Lock()
					if inHand[lane] {
						t.Errorf("two deliveries of lane %d in hand", lane)
					}
					inHand[lane] = true
					log[lane] = append(log[lane], l.Delivery.Seq)
					total++
					mu.Unlock()
				}
				for _, l := range leased {
					mu.Lock()
					inHand[l.Delivery.ConversationID] = false
					mu.Unlock()
					if err := o.q.Settle(t.Context(), l, sent); err != nil {
						return err
					}
				}
			}
		}
		for _, err := range together(4, func(i int) error { return work(fmt.Sprint("w", i)) }) {
			equal(t, err, nil)
		}
		for _, seqs := range log {
			equal(t, seqs, []int64{1, 2, 3, 4, 5, 6, 7, 8})
		}
		equal(t, len(log), lanes)
	})
}

func TestEveryCommitThatPromisesGivesAHint(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		var mu sync.Mutex
		var hints []bool
		s := open(func(c *config) {
			c.OnCommit = func(_ desk.ID, _ int64, deliveries bool) {
				mu.Lock()
				defer mu.Unlock()
				hints = append(hints, deliveries)
			}
		})
		w := newWorld(t, s)
		c := w.newConversation(t)
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.Enqueue(w.delivery(tx, c.ID, 0, 0)) })
		mu.Lock()
		defer mu.Unlock()
		if !slices.Equal(hints, []bool{true}) {
			t.Errorf("hints %v", hints)
		}
	})
}
