package storetest_test

import (
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// TestALaneWaitsForProof: what a receipt tells ends the wait at once; without one the delivery is handed out again.
func TestALaneWaitsForProof(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		o := newOutbox(t, open)
		c := o.newConversation(t)
		m, ids := o.promise(t, c.ID, 2)
		wait := func() {
			t.Helper()
			l := o.lease(t, 1)
			equal(t, len(l), 1)
			if err := o.q.MarkSending(t.Context(), l[0], nil); err != nil {
				t.Fatal(err)
			}
			o.settle(t, l[0], store.Outcome{Status: desk.DeliverySending, NotBefore: o.hand.now().Add(30 * time.Second), Fault: &desk.MessageFault{Code: "no_answer"}})
		}
		prove := func(id desk.ID) {
			t.Helper()
			update(t, o.s, o.workspace, func(tx store.Tx) error {
				d, err := tx.Messages().Delivery(id)
				if err != nil {
					return err
				}
				d.Status, d.ExternalID, d.Fault = desk.DeliveryDelivered, desk.ExternalID("x"+id.String()), nil
				return tx.WriteMessages().SettleDelivery(d)
			})
		}
		delivery := func(id desk.ID) (d desk.Delivery) {
			t.Helper()
			view(t, o.s, o.workspace, func(r store.Reader) (err error) { d, err = r.Messages().Delivery(id); return err })
			return d
		}
		wait()
		first := delivery(ids[0])
		if !first.AwaitsProof() || first.UnderWay() || first.Fault.Code != "no_answer" {
			t.Errorf("%+v", first)
		}
		equal(t, len(o.lease(t, 1)), 0)
		prove(ids[0])
		equal(t, delivery(ids[0]).Status, desk.DeliveryDelivered)
		wait() // the second follows at once
		o.hand.advance(30 * time.Second)
		again := o.lease(t, 1)
		equal(t, len(again), 1)
		if d := again[0].Delivery; d.ID != ids[1] || !d.AwaitsProof() || d.Status != desk.DeliverySending {
			t.Errorf("%+v", d)
		}
		prove(ids[1]) // too late: its worker has it in hand
		equal(t, delivery(ids[1]).Status, desk.DeliverySending)
		o.settle(t, again[0], store.Outcome{Status: desk.DeliveryUnknown})
		prove(ids[1])
		view(t, o.s, o.workspace, func(r store.Reader) error {
			now, err := r.Messages().Get(m.ID)
			equal(t, now.Status, desk.DeliveryDelivered)
			return err
		})
		equal(t, len(o.lease(t, 1)), 0)
	})
}

func TestARetryWaitsAndHoldsItsLane(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		o := newOutbox(t, open)
		c := o.newConversation(t)
		_, ids := o.promise(t, c.ID, 2)
		later := o.hand.now().Add(time.Minute)
		fault := &desk.MessageFault{Kind: "retry", Code: "503"}
		o.settle(t, o.lease(t, 1)[0], store.Outcome{Status: desk.DeliveryQueued, NotBefore: later, Fault: fault})
		equal(t, len(o.lease(t, 10)), 0)
		equal(t, o.nextDue(t), later)
		o.hand.advance(time.Minute)
		l := o.lease(t, 10)[0]
		equal(t, l.Delivery.ID, ids[0])
		equal(t, l.Delivery.Status, desk.DeliveryQueued)
		equal(t, l.Delivery.Fault, fault)
		equal(t, l.Delivery.NotBefore, later)
	})
}

func TestAPauseHoldsAChannelBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		o := newOutbox(t, open)
		a, b, c := o.newConversation(t), o.newConversation(t), o.newConversation(t)
		o.promise(t, a.ID, 2)
		o.promise(t, b.ID, 1)
		inHand := o.lease(t, 1)[0]
		until := o.hand.now().Add(10 * time.Minute)
		pause := func(until time.Time) {
			if err := o.q.Pause(t.Context(), o.workspace, o.channel.ID, until); err != nil {
				t.Fatal(err)
			}
		}
		pause(until)
		o.promise(t, c.ID, 1)
		equal(t, len(o.lease(t, 10)), 0)
		o.settle(t, inHand, sent) // what was in hand may end
		equal(t, len(o.lease(t, 10)), 0)
		equal(t, o.nextDue(t), until)
		pause(until.Add(-5 * time.Minute)) // shorter
		equal(t, o.nextDue(t), until.Add(-5*time.Minute))
		pause(time.Time{})
		resumed := o.lease(t, 10)
		equal(t, len(resumed), 3)
		o.settle(t, resumed[0], store.Outcome{Status: desk.DeliveryQueued, PauseUntil: until}) // throttled
		o.hand.advance(2 * time.Minute)                                                        // the other two leases end in the pause
		equal(t, len(o.lease(t, 10)), 0)
		o.hand.advance(8 * time.Minute)
		equal(t, len(o.lease(t, 10)), 3)
	})
}

// TestAPauseLetsOutWhatExpired is G7.7: a reply fails on time, however long its provider asked us to wait.
func TestAPauseLetsOutWhatExpired(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		o := newOutbox(t, open)
		until := o.hand.now().Add(time.Hour)
		expires := o.hand.now().Add(15 * time.Minute)
		expiring := func(c desk.ID, parts int) (first desk.ID) {
			update(t, o.s, o.workspace, func(tx store.Tx) error {
				first = 0
				m := o.message(tx, c, "hello")
				if err := tx.WriteMessages().Add(m); err != nil {
					return err
				}
				for part := range parts {
					d := o.delivery(tx, c, m.ID, part)
					d.ExpiresAt = expires
					if first == 0 {
						first = d.ID
					}
					if err := tx.Enqueue(d); err != nil {
						return err
					}
				}
				return nil
			})
			return first
		}
		throttled, waiting := o.newConversation(t).ID, o.newConversation(t).ID
		first := expiring(throttled, 1)
		queued := expiring(waiting, 2)
		inHand := o.lease(t, 1)[0]
		equal(t, inHand.Delivery.ID, first)
		o.settle(t, inHand, store.Outcome{Status: desk.DeliveryQueued, NotBefore: o.hand.now().Add(time.Minute), PauseUntil: until})
		during := expiring(o.newConversation(t).ID, 1)
		forever := o.newConversation(t)
		o.promise(t, forever.ID, 1) // expires never: waits for the end of the pause
		equal(t, len(o.lease(t, 10)), 0)
		equal(t, o.nextDue(t), expires)
		o.hand.advance(15 * time.Minute)
		out := o.lease(t, 10)
		ids := []desk.ID{}
		for _, l := range out {
			ids = append(ids, l.Delivery.ID)
		}
		slices.Sort(ids)
		equal(t, ids, []desk.ID{first, queued, during})
		for _, l := range out {
			o.settle(t, l, store.Outcome{Status: desk.DeliveryFailed, Fault: &desk.MessageFault{Kind: "fail", Code: "expired"}})
		}
		equal(t, len(o.lease(t, 10)), 1) // the second part behind one that expired
		o.hand.advance(45 * time.Minute)
		if left := o.lease(t, 10); len(left) == 0 || left[len(left)-1].Delivery.ConversationID != forever.ID {
			t.Errorf("after the pause: %+v", left)
		}
	})
}
