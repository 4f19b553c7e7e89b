package storetest_test

import (
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
