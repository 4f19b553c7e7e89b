package assign_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"

	"madoguchi/assign"
	"madoguchi/bus/membus"
	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// E13: who takes a ticket by hand while it is offered to somebody, and gives it back while a node is about to forget its offers, has
// declined it all the same.
func TestADeclineIsNotForgottenWithTheOffersBeforeIt(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, c sqlstore.Config) {
		if c.URL == "" {
			t.Skip("SQLite writes one at a time")
		}
		w := newWorld(t, func(o ...storetest.Option) store.Store { return storetest.Open(t, c, o...) })
		w.team(t, func(v *desk.Team) { v.Accept = desk.AcceptOffer })
		w.are(t, desk.Online, aoi, ken)
		ticket := w.writes(t)
		same(t, "offered to", w.offered(t, ticket)[0].UserID, aoi)
		if _, err := w.inbox.Assign(t.Context(), actor(ken), ticket, ken); err != nil {
			t.Fatal(err)
		}
		elsewhere := inbox.New(inbox.Config{Store: storetest.Open(t, c, func(c *sqlstore.Config) { c.Clock = w.Now }), Now: w.Now})
		givesBack := sync.OnceFunc(func() {
			if _, err := elsewhere.Assign(t.Context(), actor(ken), ticket, 0); err != nil {
				t.Error(err)
			}
		})
		node := assign.New(assign.Config{Store: interrupted{w.store, givesBack}, Bus: membus.New(), Log: slog.New(slog.DiscardHandler), Now: w.Now})
		if _, err := node.Due(t.Context(), workspace); err != nil {
			t.Fatal(err)
		}
		w.round(t)
		open := w.offered(t, ticket)
		if len(open) != 1 || open[0].UserID != aoi {
			t.Errorf("offered %+v, want one to %s: %s has declined it", open, aoi, ken)
		}
	})
}

// interrupted is a store in which something else happens once a transaction has read tickets.
type interrupted struct {
	store.Store
	then func()
}

func (s interrupted) Update(ctx context.Context, workspace desk.ID, fn func(store.Tx) error) error {
	return s.Store.Update(ctx, workspace, func(tx store.Tx) error { return fn(interruptedTx{tx, s.then}) })
}

type interruptedTx struct {
	store.Tx
	then func()
}

func (t interruptedTx) Tickets() store.TicketReader {
	return interruptedTickets{t.Tx.Tickets(), t.then}
}

type interruptedTickets struct {
	store.TicketReader
	then func()
}

func (t interruptedTickets) Many(ids []desk.ID) (map[desk.ID]desk.Ticket, error) {
	all, err := t.TicketReader.Many(ids)
	t.then()
	return all, err
}
