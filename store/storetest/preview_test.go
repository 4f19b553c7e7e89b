package storetest_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// A row says that the last thing said did not arrive, and only that: not an earlier message's failure, not in spite of a
// retry that went through, and its version counts only real changes.
func TestSettlingShowsOnTheRow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		o := newOutbox(t, open)
		c := o.newConversation(t)
		say := func(body string) *desk.Message {
			var m *desk.Message
			update(t, o.s, o.workspace, func(tx store.Tx) error {
				row, err := tx.WriteConversations().Lock(c.ID)
				m = o.message(tx, c.ID, body)
				err = all(err, tx.WriteMessages().Add(m), tx.Enqueue(o.delivery(tx, c.ID, m.ID, 0)))
				row.Said(*m)
				row.Version++
				return all(err, tx.WriteConversations().Put(row))
			})
			return m
		}
		want := func(when string, text string, failed bool, version int64) {
			t.Helper()
			view(t, o.s, o.workspace, func(r store.Reader) error {
				row, err := r.Conversations().Get(c.ID)
				if row.Preview.Text != text || row.Preview.Failed != failed || row.Version != version {
					t.Errorf("%s: %+v at version %d, want %q failed=%v at %d", when, row.Preview, row.Version, text, failed, version)
				}
				listed, _, err2 := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewAll}, User: o.user})
				if len(listed) != 1 || listed[0].Preview != row.Preview {
					t.Errorf("%s: the list shows %+v", when, listed)
				}
				return all(err, err2)
			})
		}
		first, _ := say("first"), say("second")
		want("both wait", "second", false, 3)
		lost := store.Outcome{Status: desk.DeliveryFailed, Fault: &desk.MessageFault{Kind: "fail", Code: "http_400"}}
		o.settle(t, o.lease(t, 1)[0], lost)
		want("an earlier one failed", "second", false, 3)
		o.settle(t, o.lease(t, 1)[0], store.Outcome{Status: desk.DeliveryQueued, NotBefore: o.hand.now().Add(time.Second)})
		want("the last one waits for another attempt", "second", false, 3)
		o.hand.advance(time.Second)
		o.settle(t, o.lease(t, 1)[0], store.Outcome{Status: desk.DeliveryUnknown})
		want("nobody knows about the last one", "second", true, 4)

		third := say("third")
		want("something more is said", "third", false, 5)
		o.settle(t, o.lease(t, 1)[0], lost)
		want("that failed", "third", true, 6)
		update(t, o.s, o.workspace, func(tx store.Tx) error { // a retry, which the settled promise of then leaves alone
			row, err := tx.WriteConversations().Lock(c.ID)
			third.Status = desk.DeliveryQueued
			err = all(err, tx.WriteMessages().Update(third), tx.Enqueue(o.delivery(tx, c.ID, third.ID, 0)))
			if !row.Settled(*third) {
				t.Error("a retry does not change the row")
			}
			row.Version++
			return all(err, tx.WriteConversations().Put(row))
		})
		want("tried again", "third", false, 7)
		o.settle(t, o.lease(t, 1)[0], sent)
		want("arrived", "third", false, 7)
		view(t, o.s, o.workspace, func(r store.Reader) error {
			a, err := r.Messages().Get(first.ID)
			b, err2 := r.Messages().Get(third.ID)
			equal(t, a.Status, desk.DeliveryFailed)
			equal(t, b.Status, desk.DeliverySent)
			return all(err, err2)
		})
	})
}
