package storetest_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/store"
	"madoguchi/store/storetest"
)

// Of nodes that settle a fact at once one is heard, and all hear the same.
func TestAFactIsSettledOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		nodes := []store.Store{open(), open()}
		heard := make([]string, 8)
		var all sync.WaitGroup
		for i := range heard {
			all.Go(func() {
				err := nodes[i%2].Update(t.Context(), 0, func(tx store.Tx) (err error) {
					heard[i], err = tx.WriteInstallation().Settle(store.FactFiles, string(rune('a'+i)))
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, h := range heard {
			if h == "" || h != heard[0] {
				t.Fatalf("heard %q", heard)
			}
		}
		err := nodes[0].Update(t.Context(), 0, func(tx store.Tx) error { return tx.WriteInstallation().Replace(store.FactFiles, "elsewhere") })
		if err != nil {
			t.Fatal(err)
		}
		err = nodes[1].View(t.Context(), 0, func(r store.Reader) error {
			is, err := r.Installation().Fact(store.FactFiles)
			if never, _ := r.Installation().Fact(store.FactKey); is != "elsewhere" || never != "" {
				t.Errorf("read %q and %q", is, never)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// A duty is one node's until its time is over.
func TestADutyIsOneNodes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		nodes := []store.Store{open(), open()}
		take := func(s store.Store, until time.Duration) (took bool) {
			err := s.Update(t.Context(), 0, func(tx store.Tx) (err error) {
				took, err = tx.WriteInstallation().TakeDuty("sweep", "somebody", tx.Now().Add(until))
				return err
			})
			if err != nil {
				t.Error(err)
			}
			return took
		}
		var taken atomic.Int64
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				if take(nodes[i%2], time.Hour) {
					taken.Add(1)
				}
			})
		}
		all.Wait()
		if n := taken.Load(); n != 1 {
			t.Errorf("%d have the duty", n)
		}
		err := nodes[0].Update(t.Context(), 0, func(tx store.Tx) error {
			took, err := tx.WriteInstallation().TakeDuty("another", "somebody", tx.Now())
			if !took {
				t.Error("a duty that nobody had was refused")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		again := false
		err = nodes[1].Update(t.Context(), 0, func(tx store.Tx) (err error) {
			again, err = tx.WriteInstallation().TakeDuty("another", "somebody", tx.Now().Add(time.Hour))
			return err
		})
		if err != nil || !again {
			t.Errorf("a duty whose time is over: %t, %v", again, err)
		}
	})
}
