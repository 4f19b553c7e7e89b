package assign_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"madoguchi/assign"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// Many nodes at work on the same queue, while customers write and members come, go, take and finish: no ticket is given to two
// people, none is lost, and nobody is given more than they have room for.
func TestManyNodes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		w := newWorld(t, open)
		const arrivals, atOnce = 30, 4
		w.settings(t, func(s *desk.Workspace) { s.Capacity = 5 })
		w.are(t, desk.Online, aoi, ken)
		var busy, nodes sync.WaitGroup
		news := make(chan struct{}, arrivals*atOnce)
		for range 8 {
			node := w.node()
			nodes.Go(func() { work(t, node, news) })
		}
		for writer := range uint64(3) {
			random := rand.New(rand.NewPCG(writer, 7))
			busy.Go(func() {
				for range arrivals / 3 {
					w.happens(t, random)
					for range atOnce { // nodes that hear of it together
						news <- struct{}{}
					}
				}
			})
		}
		busy.Wait()
		close(news)
		nodes.Wait()
		w.are(t, desk.Online, aoi, ken, mei)
		w.finish(t, arrivals)
		w.check(t, arrivals)
	})
}

// work does what a node does at each hint, until none comes any more.
func work(t *testing.T, node *assign.Service, news <-chan struct{}) {
	for range news {
		if err := node.Round(t.Context()); err != nil {
			t.Errorf("round: %v", err)
			return
		}
		if _, err := node.Due(t.Context(), workspace); err != nil {
			t.Errorf("due: %v", err)
			return
		}
	}
}

// happens lets a customer write, and a member do something.
func (w *world) happens(t *testing.T, random *rand.Rand) {
	ctx := context.WithoutCancel(t.Context())
	err := w.store.Update(ctx, workspace, func(tx store.Tx) error {
		_, err := w.newTicket(tx, func(*desk.Ticket) {})
		return err
	})
	if err != nil {
		t.Errorf("write: %v", err)
	}
	user := []desk.ID{aoi, ken, mei}[random.IntN(3)]
	mine, err := store.Result(ctx, w.store, workspace, func(tx store.Tx) ([]desk.Ticket, error) { return tx.Tickets().UnresolvedOf(user) })
	if err != nil {
		t.Errorf("read: %v", err)
	}
	if len(mine) > 0 {
		_, _ = w.inbox.Resolve(ctx, actor(user), mine[0].ID, "") // another writer may have been quicker
	}
	a := []desk.Availability{desk.Online, desk.Online, desk.Away}[random.IntN(3)]
	err = w.store.Update(ctx, workspace, func(tx store.Tx) error {
		tx.Emit(desk.Event{Kind: desk.EventAvailabilityChanged, At: tx.Now(), SubjectID: user})
		return tx.WriteMembers().PutPresence(desk.Presence{UserID: user, Chosen: a, LeaseUntil: tx.Now().Add(time.Hour)})
	})
	if err != nil {
		t.Errorf("be there: %v", err)
	}
}

// finish resolves everything that was handed out until the queue is empty.
func (w *world) finish(t *testing.T, tickets int) {
	t.Helper()
	for range tickets {
		w.round(t)
		left := 0
		for _, user := range []desk.ID{aoi, ken, mei} {
			var mine []desk.Ticket
			w.view(t, func(r store.Reader) (err error) {
				mine, err = r.Tickets().UnresolvedOf(user)
				return err
			})
			for _, v := range mine {
				left++
				if _, err := w.inbox.Resolve(t.Context(), actor(user), v.ID, ""); err != nil {
					t.Fatal(err)
				}
			}
		}
		if left == 0 {
			return
		}
	}
	t.Error("the queue does not end")
}

// check replays the log.
func (w *world) check(t *testing.T, tickets int) {
	t.Helper()
	events, err := w.store.Events(t.Context(), workspace, 0, 10_000)
	must(t, err)
	holder, slots, resolved := map[desk.ID]string{}, map[string]int{}, 0
	for _, e := range events {
		for _, c := range e.Changes {
			switch {
			case c.Field == "status" && c.To == string(desk.StatusResolved):
				slots[holder[e.TicketID]]--
				resolved++
			case c.Field != "assignee_id":
			case holder[e.TicketID] != "":
				t.Fatalf("ticket %d went from %s to %s", e.TicketID, holder[e.TicketID], c.To)
			default:
				holder[e.TicketID] = c.To
				if slots[c.To]++; slots[c.To] > 5 {
					t.Fatalf("member %s has %d tickets", c.To, slots[c.To])
				}
			}
		}
	}
	same(t, "tickets handed out", len(holder), tickets)
	same(t, "tickets resolved", resolved, tickets)
}
