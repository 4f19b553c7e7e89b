package assign_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"madoguchi/account"
	"madoguchi/assign"
	"madoguchi/auth"
	"madoguchi/bus/membus"
	kinds "madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
	"madoguchi/trigger"
)

const (
	text desk.ID = 12 // a channel, see texts
	pool desk.ID = 16 // another team
)

// engine is a process of its own on the one database: everything that gives and takes tickets.
type engine struct {
	store     store.Store
	customers *inbound.Service
	members   *inbox.Service
	people    *account.Service
	assign    *assign.Service
	triggers  *trigger.Service
}

func (w *world) engine(s store.Store) engine {
	channels := kinds.Registry{testchannel.Kind: testchannel.Connector{}}
	quiet := slog.New(slog.DiscardHandler)
	return engine{
		store: s,
		customers: inbound.New(inbound.Config{Store: s, Channels: channels, Now: w.Now, Log: quiet,
			Secrets: func(desk.ID, desk.Channel) (map[string]string, error) { return map[string]string{"secret": "s"}, nil }}),
		members:  inbox.New(inbox.Config{Store: s, Channels: channels, Now: w.Now}),
		people:   account.New(account.Config{Store: s, Now: w.Now}),
		assign:   assign.New(assign.Config{Store: s, Bus: membus.New(), Log: quiet, Now: w.Now}),
		triggers: trigger.New(trigger.Config{Store: s, Bus: membus.New(), Channels: channels, Log: quiet, Now: w.Now, Secret: func(desk.ID) []byte { return []byte("s") }}),
	}
}

// works does what a node does when it hears of something.
func (e engine) works(t *testing.T) {
	t.Helper()
	for _, round := range []func() error{
		func() error { return e.triggers.Round(t.Context()) },
		func() error { return e.assign.Round(t.Context()) },
		func() error { _, err := e.assign.Due(t.Context(), workspace); return err },
	} {
		if err := round(); err != nil {
			t.Errorf("work: %v", err)
		}
	}
}

// E5, E11–E16, E27: several nodes, and everything at once that gives tickets to members and takes them away.
func TestACrowd(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, c sqlstore.Config) {
		w := newWorld(t, func(o ...storetest.Option) store.Store { return storetest.Open(t, c, o...) })
		w.crowdRules(t)
		var stores []store.Store
		for range 3 {
			stores = append(stores, storetest.Open(t, c, func(c *sqlstore.Config) { c.Clock = w.Now }))
		}
		var crowd sync.WaitGroup
		for i := range 6 { // an engine follows the log on its own
			one := somebody{world: w, engine: w.engine(stores[i%len(stores)]), random: rand.New(rand.NewPCG(uint64(i), 43)), name: i}
			crowd.Go(func() {
				for n := range 15 {
					one.does(t, n)
				}
			})
		}
		crowd.Wait()
		last := w.engine(stores[0])
		for range 5 {
			last.works(t)
		}
		w.checkStanding(t)
		w.checkHistory(t)
	})
}

// texts opens a channel whose customers write through inbound.
func (w *world) texts(t *testing.T) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		return tx.WriteChannels().Put(desk.Channel{ID: text, Kind: testchannel.Kind, Name: "SMS", Account: "a1", State: desk.ChannelActive, TeamID: team,
			Settings: json.RawMessage(`{}`), CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1})
	})
}

// hears lets somebody write on that channel, for the first time or again.
func (e engine) hears(t *testing.T, who, id string) error {
	t.Helper()
	_, err := e.customers.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: text, Request: testchannel.Webhook("s",
		testchannel.Event{ID: who + id, Account: "a1", Type: "message", From: who, Text: "返品したい"})})
	return err
}

// crowdRules are a second team that offers its tickets, a rule and triggers that give tickets to members.
func (w *world) crowdRules(t *testing.T) {
	t.Helper()
	w.settings(t, func(s *desk.Workspace) { s.Capacity = 4 })
	w.texts(t)
	w.update(t, func(tx store.Tx) error {
		gives := func(name string, on desk.TriggerOn, a desk.Action) error {
			return tx.WriteTriggers().Put(desk.Trigger{ID: tx.NewID(), Name: name, Enabled: true, On: on, Actions: []desk.Action{a}, Version: 1})
		}
		for _, put := range []error{
			tx.WriteTeams().Put(desk.Team{ID: pool, Name: "配送", MemberIDs: []desk.ID{mei, aoi}, Mode: desk.ModeRoundRobin, Accept: desk.AcceptOffer, CreatedAt: tx.Now()}),
			tx.WriteRoutingRules().Put(desk.RoutingRule{ID: tx.NewID(), Name: "返品", Active: true, Position: 1, CreatedAt: tx.Now(),
				Conditions: only(desk.Condition{Fact: desk.FactContactName, Op: desk.OpIs, Values: []string{"u1", "u2", "u3"}}),
				Actions:    []desk.Action{{Kind: desk.ActionTeam, TeamID: pool}, {Kind: desk.ActionAssign, MemberID: mei}}}),
			gives("reopened", desk.OnTicketReopened, desk.Action{Kind: desk.ActionAssign, MemberID: mei}),
			gives("assigned", desk.OnAssigned, desk.Action{Kind: desk.ActionPriority, Priority: desk.PriorityHigh}),
		} {
			if put != nil {
				return put
			}
		}
		return nil
	})
	w.are(t, desk.Online, aoi, ken, mei)
}

// somebody is one of the crowd: now a customer, now a member, now who decides about members.
type somebody struct {
	world  *world
	engine engine
	random *rand.Rand
	name   int
}

// does one thing, and lets the node work.
func (s somebody) does(t *testing.T, n int) {
	t.Helper()
	var err error
	switch s.random.IntN(8) {
	case 0, 1:
		err = s.writes(t, n)
	case 2:
		err = s.decidesAboutMembers(t)
	case 3:
		err = s.answersOffer(t)
	default:
		err = s.handles(t, n)
	}
	switch desk.KindOf(err) {
	case desk.KindConflict, desk.KindInvalid, desk.KindForbidden, desk.KindNotFound: // somebody was quicker
		err = nil
	}
	if err != nil {
		t.Errorf("%d: %v", n, err)
	}
	s.world.now.Add(s.random.Int64N(20_000))
	s.engine.works(t)
}

func (s somebody) writes(t *testing.T, n int) error {
	who := "u" + strconv.Itoa(s.random.IntN(10))
	return s.engine.hears(t, who, fmt.Sprint(" ", s.name, "-", n))
}

func (s somebody) decidesAboutMembers(t *testing.T) error {
	user := []desk.ID{mei, mei, aoi}[s.random.IntN(3)]
	edit := account.MemberEdit{}
	switch s.random.IntN(6) {
	case 0, 1, 2:
		active := s.random.IntN(2) == 0
		edit.Active = &active
	case 3:
		edit.Role = &account.RoleChoice{Role: []desk.Role{desk.RoleAgent, desk.RoleViewer}[s.random.IntN(2)]}
	case 4:
		edit.Scope = &[]desk.Scope{desk.ScopeOwn, desk.ScopeTeam, desk.ScopeAll}[s.random.IntN(3)]
	case 5:
		a := []desk.Availability{desk.Online, desk.Online, desk.Away}[s.random.IntN(3)]
		return s.engine.assign.SetAvailability(t.Context(), workspace, desk.Actor{Kind: desk.ActorUser, ID: user}, user, assign.Choice{Availability: a}, nil)
	}
	_, err := s.engine.people.EditMember(t.Context(), owner(), true, user, edit)
	return err
}

func (s somebody) answersOffer(t *testing.T) error {
	var open []desk.Offer
	s.world.view(t, func(r store.Reader) error {
		all, err := r.Routing().Offers()
		open = slices.DeleteFunc(all, func(o desk.Offer) bool { return o.State != desk.OfferOpen })
		return err
	})
	if len(open) == 0 {
		return nil
	}
	o := open[s.random.IntN(len(open))]
	if s.random.IntN(3) == 0 {
		return s.engine.assign.Decline(t.Context(), workspace, member(o.UserID), o.ID)
	}
	_, err := s.engine.assign.Accept(t.Context(), workspace, member(o.UserID), o.ID)
	return err
}

// handles does by hand something to a ticket.
func (s somebody) handles(t *testing.T, n int) error {
	all := s.world.everyTicket(t)
	if len(all) == 0 {
		return nil
	}
	k := all[s.random.IntN(len(all))]
	who, to := []desk.ID{aoi, ken, mei}[s.random.IntN(3)], []desk.ID{aoi, ken, mei}[s.random.IntN(3)]
	a := actor(who)
	a.AssignsOthers = s.random.IntN(2) == 0
	ctx, members := t.Context(), s.engine.members
	var err error
	switch s.random.IntN(10) {
	case 0:
		_, err = members.Take(ctx, a, k.ID)
	case 1:
		_, err = members.Assign(ctx, a, k.ID, to)
	case 2:
		_, err = members.Assign(ctx, a, k.ID, 0)
	case 3:
		_, err = members.Transfer(ctx, a, k.ID, inbox.Transfer{Team: []desk.ID{team, pool}[s.random.IntN(2)]})
	case 4:
		_, err = members.Transfer(ctx, a, k.ID, inbox.Transfer{Team: team, Assignee: to})
	case 5, 6:
		_, err = members.Resolve(ctx, a, k.ID, "")
	case 7:
		_, err = members.Reopen(ctx, a, k.ID)
	case 8:
		_, _, err = members.Write(ctx, a, k.ConversationID, said(fmt.Sprint("はい ", s.name, "-", n)))
	case 9:
		_, err = members.TakeOver(ctx, a, k.ID)
	}
	return err
}

func (w *world) everyTicket(t *testing.T) (all []desk.Ticket) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) {
		all, err = r.Tickets().Made(desk.FirstID(w.Now().Add(time.Hour)), 0, 1000)
		return err
	})
	return all
}

// checkStanding looks at what is so in the end.
func (w *world) checkStanding(t *testing.T) {
	t.Helper()
	loads, queued := map[desk.ID]desk.Load{}, map[desk.ID]bool{}
	tickets := w.everyTicket(t)
	w.view(t, func(r store.Reader) error {
		now := w.Now()
		unresolved := map[desk.ID]desk.ID{} // by conversation
		for _, k := range tickets {
			row, err := r.Conversations().Get(k.ConversationID)
			if err != nil {
				return err
			}
			if row.TicketID == k.ID && (row.Status != k.Status || row.Assignee != k.Assignee || row.TeamID != k.TeamID) {
				t.Errorf("ticket %d is %s with %s, its row says %s with %s", k.Number, k.Status, k.Assignee, row.Status, row.Assignee)
			}
			if k.Status.Resolved() {
				continue
			}
			if other := unresolved[k.ConversationID]; other != 0 {
				t.Errorf("tickets %s and %s of one conversation are unresolved", other, k.ID)
			}
			unresolved[k.ConversationID] = k.ID
			if waits := k.Status == desk.StatusQueued; waits != (k.Assignee == 0) {
				t.Errorf("ticket %d is %s with %s", k.Number, k.Status, k.Assignee)
			}
			queued[k.ID] = k.Status == desk.StatusQueued
			if k.Assignee == 0 {
				continue
			}
			if m, err := r.Members().Get(k.Assignee); err != nil || !m.Answers() {
				t.Errorf("ticket %d is with %s, who has %q, active %v: %v", k.Number, k.Assignee, m.Role, m.Active, err)
			}
			load := loads[k.Assignee]
			load.Slots += k.Slots(now)
			if k.Status == desk.StatusOpen {
				load.Open++
			}
			loads[k.Assignee] = load
		}
		got, err := r.Tickets().Loads()
		if err != nil {
			return err
		}
		for _, user := range []desk.ID{aoi, ken, mei} {
			same(t, "load of "+user.String(), got[user], loads[user])
		}
		waiting, err := r.Routing().Queued([]desk.ID{team, pool})
		for _, q := range waiting {
			if !queued[q.TicketID] {
				t.Errorf("ticket %s is in a queue and does not wait", q.TicketID)
			}
			delete(queued, q.TicketID)
		}
		for id, waits := range queued {
			if waits {
				t.Errorf("ticket %s waits in no queue", id)
			}
		}
		return err
	})
}

// checkHistory replays the log: each change begins where the one before it ended, and at no instant has somebody a ticket who may not.
func (w *world) checkHistory(t *testing.T) {
	t.Helper()
	events, err := w.store.Events(t.Context(), workspace, 0, 100_000)
	must(t, err)
	type state struct{ status, holder string }
	is := map[desk.ID]state{}
	answers := map[string]bool{aoi.String(): true, ken.String(): true, mei.String(): true}
	role, active := map[string]string{}, map[string]string{}
	given := 0
	for _, e := range events {
		k, known := is[e.TicketID]
		for _, c := range e.Changes {
			switch {
			case e.Kind == desk.EventMemberChanged && c.Field == "active":
				active[e.SubjectID.String()] = c.To
			case e.Kind == desk.EventMemberChanged && c.Field == "role":
				role[e.SubjectID.String()] = c.To
			case e.Kind != desk.EventTicketChanged:
			case c.Field == "status":
				if known && k.status != c.From {
					t.Errorf("event %d: ticket %s goes from %s and was %s", e.Seq, e.TicketID, c.From, k.status)
				}
				k.status = c.To
			case c.Field == "assignee_id":
				if known && k.holder != c.From {
					t.Errorf("event %d: ticket %s goes from %s and was with %s", e.Seq, e.TicketID, c.From, k.holder)
				}
				if k.holder = c.To; c.To != "0" {
					given++
				}
			}
		}
		switch e.Kind {
		case desk.EventTicketCreated:
			is[e.TicketID] = state{string(desk.StatusQueued), "0"}
		case desk.EventTicketChanged:
			is[e.TicketID] = k
			if k.holder != "0" && k.status != string(desk.StatusResolved) && !answers[k.holder] {
				t.Errorf("event %d: ticket %s is %s with %s, who does not answer", e.Seq, e.TicketID, k.status, k.holder)
			}
		case desk.EventMemberChanged:
			user := e.SubjectID.String()
			answers[user] = active[user] != "false" && role[user] != string(desk.RoleViewer)
			for id, k := range is {
				if k.holder == user && k.status != string(desk.StatusResolved) && !answers[user] {
					t.Errorf("event %d: %s answers no more and has ticket %s", e.Seq, user, id)
				}
			}
		}
	}
	if given == 0 {
		t.Error("the crowd gave nobody a ticket")
	}
}

func owner() account.Actor {
	return account.Actor{Workspace: workspace, By: desk.Actor{Kind: desk.ActorUser, ID: ken}, User: ken, Can: auth.OfRole(desk.Workspace{}, desk.RoleOwner, nil).Can}
}

func only(c desk.Condition) desk.Conditions {
	return desk.Conditions{Groups: []desk.ConditionGroup{{Conditions: []desk.Condition{c}}}}
}

// said is a reply; its words name it.
func said(words string) inbox.NewMessage {
	return inbox.NewMessage{ClientID: words, Mode: inbox.ModeReply, Parts: []desk.Part{{Kind: desk.PartText, Text: words}}}
}
