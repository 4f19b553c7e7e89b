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

// outbox is a workspace with conversations that have something to send.
type outbox struct {
	*world
	hand *clock
	q    store.Queue
}

func newOutbox(t *testing.T, open opener) *outbox {
	t.Helper()
	hand := newClock()
	s := open(hand.option())
	return &outbox{world: newWorld(t, s), hand: hand, q: s.Queue()}
}

// promise adds one message of some parts and its deliveries.
func (o *outbox) promise(t *testing.T, c desk.ID, parts int) (m *desk.Message, ids []desk.ID) {
	t.Helper()
	update(t, o.s, o.workspace, func(tx store.Tx) error {
		ids = nil
		m = o.message(tx, c, "hello")
		if err := tx.WriteMessages().Add(m); err != nil {
			return err
		}
		for part := range parts {
			d := o.delivery(tx, c, m.ID, part)
			ids = append(ids, d.ID)
			if err := tx.Enqueue(d); err != nil {
				return err
			}
		}
		return nil
	})
	return m, ids
}

func (o *outbox) lease(t *testing.T, n int) []store.Leased {
	t.Helper()
	leased, err := o.q.Lease(t.Context(), "worker", n, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return leased
}

func (o *outbox) settle(t *testing.T, l store.Leased, out store.Outcome) {
	t.Helper()
	if err := o.q.Settle(t.Context(), l, out); err != nil {
		t.Fatal(err)
	}
}

func (o *outbox) nextDue(t *testing.T) time.Time {
	t.Helper()
	due, err := o.q.NextDue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return due
}

var sent = store.Outcome{Status: desk.DeliverySent, ExternalID: "x"}

func TestALaneIsInOneHandAndInOrder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		o := newOutbox(t, open)
		a, b := o.newConversation(t), o.newConversation(t)
		equal(t, o.nextDue(t), time.Time{})
		_, first := o.promise(t, a.ID, 2)
		_, second := o.promise(t, b.ID, 1)
		equal(t, o.nextDue(t), o.hand.now())
		o.hand.advance(time.Second)
		leased := o.lease(t, 10)
		equal(t, len(leased), 2)
		if leased[0].Delivery.ID != first[0] || leased[1].Delivery.ID != second[0] || leased[0].Delivery.Attempts != 1 || leased[0].Delivery.Seq != 1 {
			t.Errorf("got %+v", leased)
		}
		equal(t, len(o.lease(t, 10)), 0)
		o.settle(t, leased[0], sent)
		next := o.lease(t, 10)
		equal(t, len(next), 1)
		equal(t, next[0].Delivery.ID, first[1])
		o.settle(t, next[0], sent)
		o.settle(t, leased[1], sent)
		equal(t, len(o.lease(t, 10)), 0)
		equal(t, o.nextDue(t), time.Time{})
		_, again := o.promise(t, a.ID, 1)
		leased = o.lease(t, 10)
		equal(t, leased[0].Delivery.ID, again[0])
		equal(t, leased[0].Delivery.Seq, 3)
	})
}

func TestALeaseThatEndedIsHandedOutAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		o := newOutbox(t, open)
		c := o.newConversation(t)
		o.promise(t, c.ID, 1)
		first := o.lease(t, 1)[0]
		equal(t, o.nextDue(t), first.Until) // when somebody should look again
		if err := o.q.MarkSending(t.Context(), first, nil); err != nil {
			t.Fatal(err)
		}
		o.hand.advance(59 * time.Second)
		equal(t, len(o.lease(t, 1)), 0)
		o.hand.advance(time.Second)
		again := o.lease(t, 1)[0]
		equal(t, again.Delivery.Status, desk.DeliverySending) // ambiguous
		equal(t, again.Delivery.Attempts, 2)
		wantKind(t, o.q.Settle(t.Context(), first, sent), desk.KindConflict, "lease_lost")
		wantKind(t, o.q.MarkSending(t.Context(), first, nil), desk.KindConflict, "lease_lost")
		o.hand.advance(time.Hour) // late, but nobody else has it
		o.settle(t, again, sent)
		wantKind(t, o.q.Settle(t.Context(), again, sent), desk.KindConflict, "lease_lost")
	})
}

// What is looked at and done beside a delivery's steps stands or falls with them.
func TestTheQueuesStepsTakeMoreAlong(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		o := newOutbox(t, open)
		c := o.newConversation(t)
		m, _ := o.promise(t, c.ID, 1)
		l := o.lease(t, 1)[0]
		stand := func(at time.Time) func(store.Tx) error {
			return func(tx store.Tx) error {
				return tx.WriteContacts().SetStanding(c.IdentityID, desk.Standing{FirstOutAt: at})
			}
		}
		refuse := func(of func(store.Tx) error) func(store.Tx) error {
			return func(tx store.Tx) error {
				if err := of(tx); err != nil {
					return err
				}
				return desk.Errorf(desk.KindConflict, "refused", "no")
			}
		}
		now := o.hand.now()
		check := func(standing time.Time, status desk.DeliveryStatus) {
			t.Helper()
			view(t, o.s, o.workspace, func(r store.Reader) error {
				i, err := r.Contacts().Identity(c.IdentityID)
				if err != nil {
					return err
				}
				d, err := r.Messages().DeliveriesOf(m.ID)
				equal(t, i.Standing.FirstOutAt, standing)
				equal(t, d[0].Status, status)
				return err
			})
		}
		wantKind(t, o.q.MarkSending(t.Context(), l, refuse(stand(now))), desk.KindConflict, "refused")
		check(time.Time{}, desk.DeliveryQueued)
		if err := o.q.MarkSending(t.Context(), l, stand(now)); err != nil {
			t.Fatal(err)
		}
		check(now, desk.DeliverySending)
		later := now.Add(time.Minute)
		out := sent
		out.Also = refuse(stand(later))
		wantKind(t, o.q.Settle(t.Context(), l, out), desk.KindConflict, "refused")
		check(now, desk.DeliverySending)
		out.Also = stand(later)
		o.settle(t, l, out)
		check(later, desk.DeliverySent)
	})
}

// TestTheHeadIsTheOldestThatHasNotEnded: the piece that a lane is at.
func TestTheHeadIsTheOldestThatHasNotEnded(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		o := newOutbox(t, open)
		c := o.newConversation(t)
		head := func() (d desk.Delivery) {
			t.Helper()
			view(t, o.s, o.workspace, func(r store.Reader) error {
				found, err := r.Messages().Head(c.ID)
				if d = found; desk.KindOf(err) == desk.KindNotFound {
					return nil
				}
				return err
			})
			return d
		}
		equal(t, head().ID, 0)
		_, ids := o.promise(t, c.ID, 2)
		o.promise(t, o.newConversation(t).ID, 1) // somebody else's
		for _, id := range ids {
			equal(t, head().ID, id)
			var l store.Leased
			for _, l = range o.lease(t, 2) {
				if l.Delivery.ID == id {
					break
				}
			}
			if err := o.q.MarkSending(t.Context(), l, nil); err != nil {
				t.Fatal(err)
			}
			if d := head(); d.ID != id || !d.InHand() {
				t.Errorf("%+v", d)
			}
			o.settle(t, l, sent)
		}
		equal(t, head().ID, 0)
	})
}

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
