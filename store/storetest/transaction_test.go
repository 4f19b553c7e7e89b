package storetest_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

func TestAnErrorRollsItsOwnWritesBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		refusal := errors.New("refused")
		errs := together(32, func(i int) error {
			return w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error {
				if err := tx.WriteTags().Put(desk.Tag{ID: tx.NewID(), Name: fmt.Sprint(i)}); err != nil {
					return err
				}
				tx.Emit(desk.Event{Kind: desk.EventTagChanged, At: tx.Now(), SubjectID: desk.ID(i + 1)})
				if i%4 == 0 {
					return refusal
				}
				return nil
			})
		})
		for i, err := range errs {
			if i%4 == 0 && err != refusal { //nolint:errorlint // it comes back unwrapped
				t.Errorf("update %d: got %v, want the function's own error", i, err)
			}
			if i%4 != 0 && err != nil {
				t.Errorf("update %d: %v", i, err)
			}
		}
		view(t, w.s, w.workspace, func(r store.Reader) error {
			tags, err := r.Tags().List()
			equal(t, len(tags), 24)
			return err
		})
		events, err := w.s.Events(t.Context(), w.workspace, 0, 100)
		equal(t, len(events), 24)
		equal(t, err, nil)
	})
}

func TestAPanicFailsItsOwnCallerOnly(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		errs := together(16, func(i int) error {
			return w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error {
				if err := tx.WriteTags().Put(desk.Tag{ID: tx.NewID(), Name: fmt.Sprint(i)}); err != nil {
					return err
				}
				if i == 7 {
					panic("a defect")
				}
				return nil
			})
		})
		for i, err := range errs {
			if i == 7 {
				wantKind(t, err, desk.KindInternal, "internal")
			} else if err != nil {
				t.Errorf("update %d: %v", i, err)
			}
		}
	})
}

func TestAConflictEndsTheTransaction(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		tag := func(tx store.Tx, name string) error {
			return tx.WriteTags().Put(desk.Tag{ID: tx.NewID(), Name: name})
		}
		update(t, w.s, w.workspace, func(tx store.Tx) error { return tag(tx, "返金") })
		err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error {
			if err := tag(tx, "before"); err != nil {
				return err
			}
			_ = tag(tx, "返金") // even when it looks away
			return nil
		})
		wantKind(t, err, desk.KindConflict, "tag_taken")
		view(t, w.s, w.workspace, func(r store.Reader) error {
			tags, err := r.Tags().List()
			equal(t, len(tags), 1)
			return err
		})
	})
}

func TestAContextThatEndsAfterQueuingIsUncertain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		ctx, cancel := context.WithCancel(t.Context())
		release := make(chan struct{})
		done := make(chan error)
		go func() {
			done <- w.s.Update(ctx, w.workspace, func(tx store.Tx) error {
				cancel()
				<-release
				return tx.WriteTags().Put(desk.Tag{ID: tx.NewID(), Name: "maybe"})
			})
		}()
		<-ctx.Done()
		time.AfterFunc(time.Millisecond, func() { close(release) })
		if err := <-done; desk.KindOf(err) != desk.KindUncertain {
			t.Errorf("got %v, want an uncertain error", err)
		}
		ran := false
		err := w.s.Update(ctx, w.workspace, func(store.Tx) error { ran = true; return nil })
		if !errors.Is(err, context.Canceled) || ran {
			t.Errorf("an update of an ended context: %v, ran %v", err, ran)
		}
	})
}

func TestAResultIsTheFunctionsOrNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		id, err := store.Result(t.Context(), w.s, w.workspace, func(tx store.Tx) (desk.ID, error) { return tx.NewID(), nil })
		if id == 0 || err != nil {
			t.Errorf("got %d, %v", id, err)
		}
		refusal := errors.New("refused")
		id, err = store.Result(t.Context(), w.s, w.workspace, func(store.Tx) (desk.ID, error) { return 1, refusal })
		if id != 0 || err != refusal { //nolint:errorlint // it comes back unwrapped
			t.Errorf("got %d, %v, want nothing and the function's own error", id, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		heard, ended := make(chan struct{}), make(chan struct{})
		id, err = store.Result(ctx, w.s, w.workspace, func(store.Tx) (desk.ID, error) {
			defer close(ended)
			cancel()
			<-heard // the caller goes on while this runs
			return 1, nil
		})
		if id != 0 || desk.KindOf(err) != desk.KindUncertain {
			t.Errorf("got %d, %v, want nothing and an uncertain error", id, err)
		}
		close(heard)
		<-ended
	})
}

func TestAViewIsASnapshot(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		tag := func(name string) {
			update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTags().Put(desk.Tag{ID: tx.NewID(), Name: name}) })
		}
		tag("one")
		view(t, w.s, w.workspace, func(r store.Reader) error {
			before, err := r.Tags().List()
			if err != nil {
				return err
			}
			tag("two")
			after, err := r.Tags().List()
			equal(t, after, before)
			return err
		})
	})
}

func TestATransactionHasOneInstantAndGrowingIDs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			a, now := tx.NewID(), tx.Now()
			if b := tx.NewID(); b <= a {
				t.Errorf("id %d after %d", b, a)
			}
			equal(t, tx.Now(), now)
			equal(t, now, now.UTC().Truncate(time.Millisecond))
			return nil
		})
	})
}

func TestIDsNeverRepeat(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, c config) {
		stores := []store.Store{storetest.Open(t, c), storetest.Open(t, c)} // two nodes of one database
		var mu sync.Mutex
		seen := map[desk.ID]bool{}
		together(16, func(i int) error {
			return stores[i%2].Update(t.Context(), 0, func(tx store.Tx) error {
				for range 500 {
					id := tx.NewID()
					mu.Lock()
					if seen[id] {
						t.Errorf("id %d twice", id)
					}
					seen[id] = true
					mu.Unlock()
				}
				return nil
			})
		})
		equal(t, len(seen), 8000)
	})
}

func TestAClosureThatEndsItsGoroutineStopsNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		err := w.s.Update(t.Context(), w.workspace, func(store.Tx) error { exitGoroutine(); return nil })
		wantKind(t, err, desk.KindInternal, "internal")
	}()
	<-ended
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTags().Put(desk.Tag{ID: tx.NewID(), Name: "on"}) })
}
