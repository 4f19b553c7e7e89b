package assign_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"

	"madoguchi/account"
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
	storetest.OnPostgres(t, func(t *testing.T, c sqlstore.Config) {
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
				if _, err := people.EditMember(t.Context(), owner(), true, mei, account.MemberEdit{Active: new(bool)}); err != nil {
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

// E11, E16, E27: whatever gives somebody a case asks whether they still answer where it is written, and waits for who is about to change
// that: what they do themselves, who takes it up again, and what runs without a person.
func TestWhoeverGivesACaseWaitsForADeactivation(t *testing.T) {
	t.Parallel()
	storetest.OnPostgres(t, func(t *testing.T, c sqlstore.Config) {
		open := func(o ...storetest.Option) store.Store { return storetest.Open(t, c, o...) }
		w := newWorld(t, open)
		w.texts(t)
		w.tagTriggers(t)
		plain := w.engine(w.store)
		lead := actor(ken)
		lead.AssignsOthers = true
		reopens := w.macro(t, desk.Action{Kind: desk.ActionStatus, Status: desk.StatusOpen})
		waits, ended := func(desk.Ticket) {}, func(k desk.Ticket) { w.ends(t, k) }
		for name, given := range map[string]struct {
			before func(desk.Ticket)
			by     func(engine, desk.Ticket) error
		}{
			"their reply": {waits, func(e engine, k desk.Ticket) error {
				_, _, err := e.members.Write(t.Context(), actor(mei), k.ConversationID, said("はい"))
				return err
			}},
			"taken over": {func(k desk.Ticket) { w.gives(t, k, ken) }, func(e engine, k desk.Ticket) error {
				_, err := e.members.TakeOver(t.Context(), actor(mei), k.ID)
				return err
			}},
			"taken up again by a colleague": {ended, func(e engine, k desk.Ticket) error {
				_, err := e.members.Reopen(t.Context(), lead, k.ID)
				return err
			}},
			"taken up again by its customer": {ended, func(e engine, _ desk.Ticket) error {
				return e.hears(t, "taken up again by its customer", "2")
			}},
			"taken up again by a macro": {ended, func(e engine, k desk.Ticket) error {
				run := inbox.MacroRun{Macro: reopens, Key: "m", May: func(desk.Action, desk.Ticket) error { return nil }}
				_, err := e.members.RunMacro(t.Context(), lead, k.ConversationID, run)
				return err
			}},
			"taken up again by a trigger": {func(k desk.Ticket) { w.ends(t, k); w.tags(t, k) }, func(e engine, _ desk.Ticket) error {
				return e.triggers.Round(t.Context())
			}},
			"given by a trigger": {func(k desk.Ticket) { w.tags(t, k) }, func(e engine, _ desk.Ticket) error {
				return e.triggers.Round(t.Context())
			}},
		} {
			must(t, plain.hears(t, name, "1"))
			k := w.everyTicket(t)[0]
			given.before(k)
			asked, done := make(chan struct{}, 100), make(chan error, 1)
			giver := w.engine(asking{open(func(c *sqlstore.Config) { c.Clock = w.Now }), asked})
			leaves := w.engine(leaving{w.store, sync.OnceFunc(func() {
				go func() { done <- given.by(giver, k) }()
				select {
				case <-asked:
				case err := <-done: // nobody was asked
					done <- err
				}
			})})
			w.activates(t, leaves, mei, false)
			if err := <-done; err != nil && desk.CodeOf(err) != "assignee_cannot_reply" {
				t.Errorf("%s: %v", name, err)
			}
			if is := w.ticket(t, k.ID); is.Assignee == mei && !is.Status.Resolved() {
				t.Errorf("%s: the ticket is %s with who was deactivated meanwhile", name, is.Status)
			}
			w.activates(t, plain, mei, true)
		}
	})
}

// gives hands a ticket to somebody.
func (w *world) gives(t *testing.T, k desk.Ticket, user desk.ID) {
	t.Helper()
	lead := actor(ken)
	lead.AssignsOthers = true
	if _, err := w.inbox.Assign(t.Context(), lead, k.ID, user); err != nil {
		t.Fatal(err)
	}
}

// ends lets mei resolve a ticket.
func (w *world) ends(t *testing.T, k desk.Ticket) {
	t.Helper()
	w.gives(t, k, mei)
	if _, err := w.inbox.Resolve(t.Context(), actor(mei), k.ID, ""); err != nil {
		t.Fatal(err)
	}
}

const tag desk.ID = 40

// tagTriggers keeps triggers that give mei a ticket with a tag: again, or as a new one.
func (w *world) tagTriggers(t *testing.T) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		if err := tx.WriteTags().Put(desk.Tag{ID: tag, Name: "VIP"}); err != nil {
			return err
		}
		for status, a := range map[desk.TicketStatus]desk.Action{
			desk.StatusResolved: {Kind: desk.ActionStatus, Status: desk.StatusOpen}, desk.StatusQueued: {Kind: desk.ActionAssign, MemberID: mei},
		} {
			when := only(desk.Condition{Fact: desk.FactStatus, Op: desk.OpIs, Values: []string{string(status)}})
			v := desk.Trigger{ID: tx.NewID(), Name: string(status), Enabled: true, On: desk.OnTagAdded, Conditions: when, Actions: []desk.Action{a}, Version: 1}
			if err := tx.WriteTriggers().Put(v); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) tags(t *testing.T, k desk.Ticket) {
	t.Helper()
	if _, err := w.inbox.Change(t.Context(), actor(ken), k.ID, inbox.Change{Tags: &[]desk.ID{tag}}); err != nil {
		t.Fatal(err)
	}
}

func (w *world) macro(t *testing.T, a desk.Action) (id desk.ID) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		id = tx.NewID()
		return tx.WriteMacros().Put(desk.Macro{ID: id, Ownership: desk.Ownership{Audience: desk.AudienceWorkspace}, Name: "m", Actions: []desk.Action{a}, Version: 1})
	})
	return id
}

func (w *world) activates(t *testing.T, e engine, user desk.ID, active bool) {
	t.Helper()
	if _, err := e.people.EditMember(t.Context(), owner(), true, user, account.MemberEdit{Active: &active}); err != nil {
		t.Fatal(err)
	}
}

// asking tells when a transaction asks whether a member still answers.
type asking struct {
	store.Store
	asked chan<- struct{}
}

func (s asking) Update(ctx context.Context, workspace desk.ID, fn func(store.Tx) error) error {
	return s.Store.Update(ctx, workspace, func(tx store.Tx) error { return fn(askingTx{tx, s.asked}) })
}

type askingTx struct {
	store.Tx
	asked chan<- struct{}
}

func (t askingTx) WriteMembers() store.MemberWriter {
	return askingMembers{t.Tx.WriteMembers(), t.asked}
}

type askingMembers struct {
	store.MemberWriter
	asked chan<- struct{}
}

func (m askingMembers) Hold(user desk.ID) error {
	m.asked <- struct{}{}
	return m.MemberWriter.Hold(user)
}

// leaving is a store in which something else happens once a transaction has read whose tickets it takes.
type leaving struct {
	store.Store
	then func()
}

func (s leaving) Update(ctx context.Context, workspace desk.ID, fn func(store.Tx) error) error {
	return s.Store.Update(ctx, workspace, func(tx store.Tx) error { return fn(leavingTx{tx, s.then}) })
}

type leavingTx struct {
	store.Tx
	then func()
}

func (t leavingTx) Tickets() store.TicketReader { return leavingTickets{t.Tx.Tickets(), t.then} }

type leavingTickets struct {
	store.TicketReader
	then func()
}

func (t leavingTickets) UnresolvedOf(user desk.ID) ([]desk.Ticket, error) {
	all, err := t.TicketReader.UnresolvedOf(user)
	t.then()
	return all, err
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
