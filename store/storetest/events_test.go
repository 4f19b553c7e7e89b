package storetest_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

type config = sqlstore.Config

func exitGoroutine() { runtime.Goexit() }

// Followers that read the log while 64 writers append miss nothing and see nothing twice; each writer's own events come
// in its order.
func TestFollowersMissNothing(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, c config) {
		const writers, rounds, followers = 64, 20, 3
		nodes := []store.Store{storetest.Open(t, c)}
		if c.URL != "" {
			nodes = append(nodes, storetest.Open(t, c))
		}
		w := newWorld(t, nodes[0])
		other := newWorld(t, nodes[0])
		var wg sync.WaitGroup
		logs := make([][]desk.Event, followers)
		for f := range followers {
			wg.Go(func() { logs[f] = follow(t, nodes[f%len(nodes)], w.workspace, writers*rounds*3) })
		}
		errs := together(writers, func(i int) error {
			for round := range rounds {
				if err := appendEvents(t.Context(), nodes[i%len(nodes)], w, other, i, round); err != nil {
					return err
				}
			}
			return nil
		})
		equal(t, errors.Join(errs...), nil)
		wg.Wait()
		for _, log := range logs {
			checkLog(t, log)
		}
		head, err := nodes[0].Head(t.Context(), w.workspace)
		equal(t, head, logs[0][len(logs[0])-1].Seq)
		equal(t, err, nil)
	})
}

func appendEvents(ctx context.Context, s store.Store, w, other *world, writer, round int) error {
	refused := errors.New("refused")
	for _, target := range []*world{w, other} {
		err := s.Update(ctx, target.workspace, func(tx store.Tx) error {
			for k := range 3 {
				tx.Emit(desk.Event{Kind: desk.EventTagChanged, At: tx.Now(), SubjectID: desk.ID(writer + 1), MessageSeq: int64(round*3 + k)})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if round%5 != 0 {
		return nil
	}
	err := s.Update(ctx, w.workspace, func(tx store.Tx) error {
		tx.Emit(desk.Event{Kind: desk.EventTagChanged, At: tx.Now(), SubjectID: 9999})
		return refused
	})
	if !errors.Is(err, refused) {
		return err
	}
	return nil
}

func follow(t *testing.T, s store.Store, workspace desk.ID, want int) []desk.Event {
	var log []desk.Event
	var after int64
	for len(log) < want {
		events, err := s.Events(t.Context(), workspace, after, 50)
		if err != nil {
			t.Errorf("follow: %v", err)
			return log
		}
		for _, e := range events {
			log = append(log, e)
			after = e.Seq
		}
		if len(events) == 0 {
			runtime.Gosched()
		}
	}
	return log
}

func checkLog(t *testing.T, log []desk.Event) {
	t.Helper()
	last := int64(0)
	next := map[desk.ID]int64{}
	for _, e := range log {
		if e.Seq <= last {
			t.Fatalf("seq %d after %d", e.Seq, last)
		}
		if e.MessageSeq != next[e.SubjectID] {
			t.Fatalf("writer %d: event %d where %d should be", e.SubjectID, e.MessageSeq, next[e.SubjectID])
		}
		last, next[e.SubjectID] = e.Seq, e.MessageSeq+1
	}
}

func TestAnEventComesBackWhole(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		var mu sync.Mutex
		var hints []int64
		s := open(func(c *config) {
			c.OnCommit = func(_ desk.ID, seq int64, _ bool) {
				mu.Lock()
				defer mu.Unlock()
				hints = append(hints, seq)
			}
		})
		w := newWorld(t, s)
		var want desk.Event
		update(t, s, w.workspace, func(tx store.Tx) error {
			want = desk.Event{Kind: desk.EventTicketChanged, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorUser, ID: 3}, ConversationID: 4, TicketID: 5,
				MessageID: 6, SubjectID: 7, UserID: 8, MessageSeq: 9, Changes: []desk.Change{{Field: "status", From: "open", To: "pending"}}}
			tx.Emit(want)
			return nil
		})
		want.Seq = 1
		events, err := s.Events(t.Context(), w.workspace, 0, 10)
		equal(t, events, []desk.Event{want})
		equal(t, err, nil)
		mu.Lock()
		defer mu.Unlock()
		equal(t, hints, []int64{1})
	})
}
