package storetest_test

import (
	"testing"
	"time"

	"madoguchi/store"
	"madoguchi/store/storetest"
)

func TestFetchesAreInOneHand(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w, hand := rawWorld(t, open)
		c := w.newConversation(t)
		promise := store.MediaFetch{MessageID: 77, Part: 1, ConversationID: c.ID, ChannelID: w.channel.ID, DueAt: hand.now()}
		update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteFetches().Put(promise) })
		due := func() (waiting []store.MediaFetch, next time.Time) {
			must(t, w.s.View(t.Context(), 0, func(r store.Reader) (err error) {
				if waiting, err = r.Fetches().Due(10); err == nil {
					next, err = r.Fetches().NextDue()
				}
				return err
			}))
			return waiting, next
		}
		promised, next := due()
		equal(t, len(promised), 1)
		equal(t, next, promise.DueAt)
		equal(t, promised[0].Workspace, w.workspace)
		claim := func(token string) (f store.MediaFetch, found bool) {
			f = promised[0]
			f.Token = token
			update(t, w.s, w.workspace, func(tx store.Tx) (err error) {
				f, found, err = tx.WriteFetches().Claim(f, tx.Now().Add(time.Minute))
				return err
			})
			return f, found
		}
		first, found := claim("a")
		equal(t, found, true)
		equal(t, first.Attempts, 1)
		_, found = claim("b")
		equal(t, found, false)
		hand.advance(2 * time.Minute)
		second, found := claim("b")
		equal(t, found, true)
		equal(t, second.Attempts, 2)
		end := func(f store.MediaFetch) (ours bool) {
			update(t, w.s, w.workspace, func(tx store.Tx) (err error) {
				ours, err = tx.WriteFetches().End(f)
				return err
			})
			return ours
		}
		equal(t, end(first), false)
		second.DueAt = hand.now().Add(time.Hour)
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			ours, err := tx.WriteFetches().Postpone(second)
			equal(t, ours, true)
			return err
		})
		_, next = due()
		equal(t, next, second.DueAt)
		equal(t, end(second), true)
		_, next = due()
		equal(t, next, time.Time{})
		update(t, w.s, w.workspace, func(tx store.Tx) error { // erased with its conversation
			return all(tx.WriteFetches().Put(promise), tx.WriteConversations().Delete(c.ID))
		})
		_, next = due()
		equal(t, next, time.Time{})
	})
}
