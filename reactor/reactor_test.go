package reactor_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"madoguchi/bus"
	"madoguchi/bus/membus"
	"madoguchi/desk"
	"madoguchi/reactor"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

const workspace desk.ID = 7

var start = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// world is a workspace whose log has tags changed; reactors note in it what they did.
type world struct {
	store store.Store
	now   time.Time
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		w := &world{now: start}
		w.store = open(func(c *sqlstore.Config) { c.Clock = func() time.Time { return start } })
		must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
			return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", CreatedAt: tx.Now()})
		}))
		test(t, w)
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) happens(t *testing.T, subjects ...desk.ID) {
	t.Helper()
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		for _, id := range subjects {
			tx.Emit(desk.Event{Kind: desk.EventTagChanged, At: tx.Now(), SubjectID: id})
			tx.Emit(desk.Event{Kind: desk.EventTeamChanged, At: tx.Now(), SubjectID: id})
		}
		return nil
	}))
}

// reactor makes one that adds a tag for every change of a tag; the same twice would be refused.
func (w *world) reactor() *reactor.Reactor {
	return &reactor.Reactor{
		Name: "test", Store: w.store, Bus: membus.New(), Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return w.now }, Fresh: time.Minute,
		Wants: func(e desk.Event) bool { return e.Kind == desk.EventTagChanged },
		React: func(tx store.Tx, e desk.Event) error {
			return tx.WriteTags().Put(desk.Tag{ID: tx.NewID(), Name: e.SubjectID.String()})
		},
	}
}

func (w *world) done(t *testing.T) (names []string) {
	t.Helper()
	must(t, w.store.View(t.Context(), workspace, func(r store.Reader) error {
		all, err := r.Tags().List()
		for _, tag := range all {
			names = append(names, tag.Name)
		}
		return err
	}))
	slices.Sort(names)
	return names
}

func TestWhatIsDoneIsDoneOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var want []string
		for i := range 20 {
			w.happens(t, desk.ID(100+i))
			want = append(want, strconv.Itoa(100+i))
		}
		var nodes sync.WaitGroup
		for range 4 {
			nodes.Go(func() {
				if err := w.reactor().Round(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		must(t, w.reactor().Round(t.Context())) // and one that was started anew
		if got := w.done(t); !slices.Equal(got, want) {
			t.Errorf("done: %v", got)
		}
	})
}

func TestWhatFailsIsTriedAgainAndIsNotForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.happens(t, 100, 101, 102)
		r, broken := w.reactor(), errors.New("broken")
		works := r.React
		r.React = func(tx store.Tx, e desk.Event) error {
			if err := works(tx, e); err != nil || e.SubjectID != 101 {
				return err
			}
			return broken
		}
		if err := r.Round(t.Context()); !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if got := w.done(t); !slices.Equal(got, []string{"100"}) {
			t.Errorf("done: %v", got)
		}
		r.React = works
		must(t, r.Round(t.Context()))
		if got := w.done(t); !slices.Equal(got, []string{"100", "101", "102"}) {
			t.Errorf("done: %v", got)
		}
	})
}

// Events that are reacted to together are each reacted to once, in their order, however many nodes there are and whichever fails.
func TestTogether(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const many = 2*reactor.AtOnce + 7
		var subjects []desk.ID
		var want []string
		for i := range many {
			subjects = append(subjects, desk.ID(1000+i))
			want = append(want, strconv.Itoa(1000+i))
		}
		w.happens(t, subjects...)
		broken := errors.New("broken")
		together := func(fails desk.ID, sizes *[]int) *reactor.Reactor {
			r := w.reactor()
			r.Together = func(tx store.Tx, events []desk.Event) error {
				if sizes != nil {
					*sizes = append(*sizes, len(events))
				}
				for _, e := range events {
					if err := r.React(tx, e); err != nil || e.SubjectID == fails {
						return errors.Join(err, broken)
					}
				}
				return nil
			}
			return r
		}
		var sizes []int
		if err := together(subjects[reactor.AtOnce+3], &sizes).Round(t.Context()); !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if got := w.done(t); !slices.Equal(got, want[:reactor.AtOnce+3]) {
			t.Errorf("done before the one that fails: %v", got)
		}
		if slices.Max(sizes) != reactor.AtOnce || slices.Min(sizes) != 1 { // a failed transaction may be tried again as it was
			t.Errorf("together: %v", sizes)
		}
		var nodes sync.WaitGroup
		for range 4 {
			nodes.Go(func() {
				if err := together(0, nil).Round(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		if got := w.done(t); !slices.Equal(got, want) {
			t.Errorf("done: %v", got)
		}
	})
}

func TestOldEventsArePassedOver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.happens(t, 100)
		w.now = start.Add(time.Minute)
		r := w.reactor()
		must(t, r.Round(t.Context()))
		w.now = start
		must(t, r.Round(t.Context())) // it went past
		if got := w.done(t); len(got) != 0 {
			t.Errorf("done: %v", got)
		}
	})
}

// What nothing is done about is read again by the next run, but not all of it.
func TestThePositionFollows(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.reactor()
		r.Wants = func(desk.Event) bool { return false }
		position := func() (at int64) {
			must(t, w.store.View(t.Context(), workspace, func(v store.Reader) (err error) {
				at, err = v.Cursors().Position("test")
				return err
			}))
			return at
		}
		for range 6 {
			w.happens(t, make([]desk.ID, 50)...)
			must(t, r.Round(t.Context()))
		}
		if at := position(); at < 500 || at > 600 {
			t.Errorf("at %d of 600", at)
		}
	})
}

func TestRunHearsOfNews(t *testing.T) {
	t.Parallel()
	w := &world{now: start}
	local := membus.New()
	done := make(chan struct{}, 1)
	w.store = storetest.SQLite(t, func(c *sqlstore.Config) {
		c.Clock = func() time.Time { return start }
		c.OnCommit = func(workspace desk.ID, seq int64, _ bool) {
			_ = local.Publish(context.Background(), bus.Hint{Topic: bus.TopicEvents, Workspace: workspace, Seq: seq})
		}
	})
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", CreatedAt: tx.Now()})
	}))
	r := w.reactor()
	r.Bus = local
	r.React = func(store.Tx, desk.Event) error { done <- struct{}{}; return nil }
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := r.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	w.happens(t, 100)
	<-done
	stop()
	running.Wait()
}
