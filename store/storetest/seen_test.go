package storetest_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

func TestSeenRemembersAKey(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w, other := newWorld(t, s), newWorld(t, s)
		see := func(workspace desk.ID, scope, key string, id desk.ID) (before desk.ID, again bool) {
			update(t, s, workspace, func(tx store.Tx) (err error) {
				before, again, err = tx.Seen(scope, key, id)
				return err
			})
			return before, again
		}
		for i, k := range []struct {
			workspace  desk.ID
			scope, key string
		}{{w.workspace, "api", "k"}, {w.workspace, "api", "l"}, {w.workspace, "line", "k"}, {other.workspace, "api", "k"}} {
			if before, again := see(k.workspace, k.scope, k.key, desk.ID(i+1)); before != 0 || again {
				t.Errorf("%v was seen before: %d", k, before)
			}
		}
		before, again := see(w.workspace, "api", "k", 99)
		equal(t, before, 1)
		equal(t, again, true)
	})
}

func TestSeenLetsOneOfManyThrough(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		var first atomic.Int64
		together(16, func(i int) error {
			return w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error {
				_, again, err := tx.Seen("api", "same", desk.ID(i+1))
				if err == nil && !again {
					tx.Emit(desk.Event{Kind: desk.EventTagChanged, At: tx.Now()})
					first.Store(int64(i + 1))
				}
				return err
			})
		})
		events, err := w.s.Events(t.Context(), w.workspace, 0, 100)
		equal(t, len(events), 1)
		equal(t, err, nil)
	})
}

func TestSeenIsKeptEightDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		hand := newClock()
		s := open(hand.option())
		w := newWorld(t, s)
		see := func(key string) (again bool) {
			update(t, s, w.workspace, func(tx store.Tx) (err error) {
				_, again, err = tx.Seen("api", key, 1)
				return err
			})
			return again
		}
		for i := range 1200 {
			see(fmt.Sprint(i))
		}
		sweep := func() {
			if err := s.(*sqlstore.Store).Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		hand.advance(8 * 24 * time.Hour)
		sweep()
		equal(t, see("0"), true)
		hand.advance(2 * time.Hour)
		sweep()
		equal(t, see("0"), false)
		equal(t, see("1199"), false)
	})
}
