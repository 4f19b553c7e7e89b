package search_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"

	"madoguchi/bus"
	"madoguchi/bus/membus"
	"madoguchi/desk"
	"madoguchi/search"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// What was there before the index is filled in, what comes meanwhile is followed, and a restart goes on where the last
// one stopped.
func TestIndexFillsAndFollows(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		w := newWorld(t, open())
		row := w.newPerson(0, desk.Contact{Name: "古株"})
		const before = 450 // more than two batches
		for part := range before / 50 {
			w.update(func(tx store.Tx) error {
				for i := range 50 {
					if _, err := w.say(tx, row, fmt.Sprintf("昔 no%d", part*50+i), nil); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if _, err := w.x.Round(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.said(row, "今 no9999", nil)
		w.x = search.New(search.Config{Store: w.s, Bus: membus.New(), Log: slog.New(slog.DiscardHandler)}) // a restart
		w.index()
		for _, n := range []int{0, 199, 200, 201, before - 1, 9999} {
			if found := w.find(search.Viewer{}, search.Request{Text: fmt.Sprintf("no%d", n)}); len(found.Conversations) != 1 {
				t.Errorf("no%d is not found", n)
			}
		}
		if n := w.x.Behind(); n != 0 {
			t.Errorf("%d events behind at the end", n)
		}
		if found := w.find(search.Viewer{}, search.Request{Text: "古"}); len(found.Contacts) != 1 {
			t.Error("who was there before is not found")
		}
		written := w.x.Entries()
		if w.index(); w.x.Entries() != written {
			t.Error("what is indexed was indexed again")
		}
	})
}

// Several indexers beside each other, on a desk that is being written to, miss nothing.
func TestIndexersTakeTurns(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		w := newWorld(t, open())
		row := w.newPerson(0, desk.Contact{})
		var work sync.WaitGroup
		for i := range 3 {
			work.Go(func() {
				x := search.New(search.Config{Store: w.s, Bus: membus.New(), Log: slog.New(slog.DiscardHandler)})
				for range 15 {
					if _, err := x.Round(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
			work.Go(func() {
				for j := range 20 {
					w.said(row, fmt.Sprintf("word%d", 100*i+j), nil)
				}
			})
		}
		work.Wait()
		w.index()
		for i := range 3 {
			for j := range 20 {
				if found := w.find(search.Viewer{}, search.Request{Text: fmt.Sprintf("word%d", 100*i+j)}); len(found.Conversations) == 0 {
					t.Errorf("word%d is not found", 100*i+j)
				}
			}
		}
	})
}

// A running indexer hears of what was said.
func TestIndexerRuns(t *testing.T) {
	t.Parallel()
	hints := membus.New()
	s := storetest.SQLite(t, func(c *sqlstore.Config) {
		c.OnCommit = func(workspace desk.ID, seq int64, _ bool) {
			_ = hints.Publish(context.Background(), bus.Hint{Topic: bus.TopicEvents, Workspace: workspace, Seq: seq})
		}
	})
	w := newWorld(t, s)
	row := w.newPerson(0, desk.Contact{})
	indexed := make(chan struct{})
	watch := watched{Store: s, indexed: indexed}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- search.New(search.Config{Store: &watch, Bus: hints, Log: slog.New(slog.DiscardHandler)}).Run(ctx)
	}()
	w.said(row, "聞こえますか", nil)
	<-indexed
	w.want("while it runs", search.Request{Text: "聞こえますか"}, "#1(message [聞こえますか])")
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// watched tells when the words of a message have been written.
type watched struct {
	store.Store
	indexed chan struct{}
	once    sync.Once
}

func (s *watched) Update(ctx context.Context, workspace desk.ID, fn func(store.Tx) error) error {
	err := s.Store.Update(ctx, workspace, fn)
	_ = s.View(ctx, workspace, func(r store.Reader) error {
		found, err := search.Find(r, search.Viewer{}, search.Request{Text: "聞こえますか"})
		if len(found.Conversations) > 0 {
			s.once.Do(func() { close(s.indexed) })
		}
		return err
	})
	return err
}
