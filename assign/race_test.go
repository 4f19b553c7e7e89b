package assign_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"

	"madoguchi/account"
	"madoguchi/assign"
	"madoguchi/auth"
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

// E16: of who hands somebody a case and who deactivates them at that instant one is first; they keep none, on whichever node.
func TestWhoIsDeactivatedKeepsNothingHandedToThemMeanwhile(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, c sqlstore.Config) {
		w := newWorld(t, func(o ...storetest.Option) store.Store { return storetest.Open(t, c, o...) })
		people := account.New(account.Config{Store: storetest.Open(t, c, func(c *sqlstore.Config) { c.Clock = w.Now }), Now: w.Now})
		owner := account.Actor{Workspace: workspace, By: desk.Actor{Kind: desk.ActorUser, ID: ken}, User: ken, Can: auth.OfRole(desk.Workspace{}, desk.RoleOwner, nil).Can}
		lead := actor(ken)
		lead.AssignsOthers = true
		for range 8 {
			var tickets []desk.ID
			for range 4 {
				tickets = append(tickets, w.writes(t))
			}
			var both sync.WaitGroup
			for _, ticket := range tickets {
				both.Go(func() {
					if _, err := w.inbox.Assign(t.Context(), lead, ticket, mei); err != nil && desk.CodeOf(err) != "assignee_cannot_reply" {
						t.Error(err)
					}
				})
			}
			both.Go(func() {
				if _, err := people.EditMember(t.Context(), owner, true, mei, account.MemberEdit{Active: new(bool)}); err != nil {
					t.Error(err)
				}
			})
			both.Wait()
			for _, ticket := range tickets {
				same(t, "holder", w.holder(t, ticket), 0)
			}
			w.update(t, func(tx store.Tx) error {
				m, err := tx.Members().Get(mei)
				if err != nil {
					return err
				}
				m.Active = true
				return tx.WriteMembers().Put(m)
			})
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
