package storetest_test

import (
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// rawWorld is a world with a hand on its clock.
func rawWorld(t *testing.T, open opener) (*world, *clock) {
	t.Helper()
	hand := newClock()
	return newWorld(t, open(hand.option())), hand
}

func (w *world) raw(t *testing.T, body string, due time.Duration) (q store.RawRequest) {
	t.Helper()
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		q = store.RawRequest{Workspace: w.workspace, ID: tx.NewID(), ChannelID: w.channel.ID, ReceivedAt: tx.Now(), Sealed: []byte(body), DueAt: tx.Now().Add(due)}
		return tx.WriteRaw().Put(q)
	})
	return q
}

func TestRawRequestsWaitTheirTurn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w, hand := rawWorld(t, open)
		later, first := w.raw(t, "later", time.Minute), w.raw(t, "first", time.Second)
		due := func() (ids []desk.ID, next time.Time) {
			must(t, w.s.View(t.Context(), 0, func(r store.Reader) error {
				all, err := r.Raw().Due(10)
				for _, q := range all {
					ids = append(ids, q.ID)
					equal(t, q.Workspace, w.workspace)
					equal(t, len(q.Sealed), 0)
				}
				if err == nil {
					next, err = r.Raw().NextDue()
				}
				return err
			}))
			return ids, next
		}
		ids, next := due()
		equal(t, len(ids), 0)
		equal(t, next, first.DueAt)
		hand.advance(2 * time.Minute)
		ids, _ = due()
		equal(t, ids, []desk.ID{first.ID, later.ID})

		update(t, w.s, w.workspace, func(tx store.Tx) error {
			q, found, err := tx.WriteRaw().Claim(first.ID, tx.Now().Add(time.Minute))
			equal(t, found, true)
			equal(t, string(q.Sealed), "first")
			equal(t, q.Attempts, 1)
			q.FiledAt, q.DueAt, q.Fault = tx.Now(), time.Time{}, "a fault"
			return all(err, tx.WriteRaw().Settle(q))
		})
		ids, next = due()
		equal(t, ids, []desk.ID{later.ID})
		equal(t, next, later.DueAt)
		must(t, w.s.View(t.Context(), w.workspace, func(r store.Reader) error {
			q, err := r.Raw().Get(first.ID)
			equal(t, q.Fault, "a fault")
			equal(t, q.FiledAt.IsZero(), false)
			after, _ := r.Raw().Of(w.channel.ID, later.ID, time.Time{}, 10)
			equal(t, len(after), 1)
			return err
		}))
	})
}

func TestOneOfManyClaimsARawRequest(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		q := w.raw(t, "x", 0)
		var winners atomic.Int64
		for _, err := range together(8, func(int) error {
			found, err := store.Result(t.Context(), w.s, w.workspace, func(tx store.Tx) (bool, error) {
				_, found, err := tx.WriteRaw().Claim(q.ID, tx.Now().Add(time.Hour))
				return found, err
			})
			if found {
				winners.Add(1)
			}
			return err
		}) {
			must(t, err)
		}
		equal(t, winners.Load(), 1)
	})
}

func TestRawRequestsAreKeptSevenDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w, hand := rawWorld(t, open)
		old := w.raw(t, "old", 0)
		hand.advance(store.RawKeptFor - time.Minute)
		young := w.raw(t, "young", 0)
		there := func(id desk.ID) bool {
			err := w.s.View(t.Context(), w.workspace, func(r store.Reader) error {
				_, err := r.Raw().Get(id)
				return err
			})
			return desk.KindOf(err) != desk.KindNotFound
		}
		must(t, w.s.(*sqlstore.Store).Sweep(t.Context()))
		equal(t, there(old.ID), true)
		hand.advance(2 * time.Minute)
		must(t, w.s.(*sqlstore.Store).Sweep(t.Context()))
		equal(t, there(old.ID), false)
		equal(t, there(young.ID), true)
	})
}
