package routing_test

import (
	"fmt"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/routing"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

const (
	workspace desk.ID = 1
	chat      desk.ID = 10
	returns   desk.ID = 20
)

var (
	now = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	by  = desk.Actor{Kind: desk.ActorUser, ID: 7}
)

func open(t *testing.T) store.Store {
	t.Helper()
	s := storetest.SQLite(t, func(c *sqlstore.Config) { c.Clock = func() time.Time { return now } })
	update(t, s, 0, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "w", Zone: "Asia/Tokyo", CreatedAt: now})
	})
	update(t, s, workspace, func(tx store.Tx) error {
		if err := tx.WriteTeams().Put(desk.Team{ID: returns, Name: "返品", CreatedAt: now}); err != nil {
			return err
		}
		return tx.WriteChannels().Put(desk.Channel{ID: chat, Kind: "webchat", Name: "c", Account: "a", State: desk.ChannelActive, CreatedAt: now, UpdatedAt: now, Version: 1})
	})
	return s
}

func update(t *testing.T, s store.Store, ws desk.ID, fn func(store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), ws, fn); err != nil {
		t.Fatal(err)
	}
}

func rule(name, word string, actions ...desk.Action) desk.RoutingRule {
	if len(actions) == 0 {
		actions = []desk.Action{{Kind: desk.ActionTeam, TeamID: returns}}
	}
	return desk.RoutingRule{Name: name, Active: true, Actions: actions, Conditions: desk.Conditions{Groups: []desk.ConditionGroup{
		{Conditions: []desk.Condition{{Fact: desk.FactMessage, Op: desk.OpContains, Values: []string{word}}}},
	}}}
}

func save(t *testing.T, s store.Store, state string, rules ...desk.RoutingRule) ([]desk.RoutingRule, error) {
	t.Helper()
	return store.Result(t.Context(), s, workspace, func(tx store.Tx) ([]desk.RoutingRule, error) { return routing.Save(tx, by, state, rules) })
}

func TestSaveMakesTheListWhatItIsToBe(t *testing.T) {
	t.Parallel()
	s := open(t)
	first, err := save(t, s, desk.RoutingState(nil), rule("a", "返品"), rule("b", "交換"))
	if err != nil || len(first) != 2 || first[0].Position != 0 || first[1].Position != 1 || first[0].Version != 1 {
		t.Fatalf("%+v, %v", first, err)
	}
	if _, err := save(t, s, desk.RoutingState(nil)); desk.CodeOf(err) != "edited_meanwhile" {
		t.Errorf("a list that nobody saw was replaced: %v", err)
	}
	third := rule("c", "返金")
	second, err := save(t, s, desk.RoutingState(first), first[1], third)
	if err != nil || len(second) != 2 || second[0].ID != first[1].ID || second[0].Version != 2 || second[1].ID == 0 {
		t.Fatalf("one deleted, one moved up, one new: %+v, %v", second, err)
	}
	for code, bad := range map[string]desk.RoutingRule{
		"rule_names_missing":      rule("x", "x", desk.Action{Kind: desk.ActionTeam, TeamID: 99}),
		"action_invalid":          rule("x", "x", desk.Action{Kind: desk.ActionNote, Text: "x"}),
		"name_missing":            rule("", "x"),
		"condition_value_invalid": rule("x", ""),
	} {
		if _, err := save(t, s, desk.RoutingState(second), second[0], bad); desk.CodeOf(err) != code {
			t.Errorf("%v, want %s", err, code)
		}
	}
	update(t, s, workspace, func(tx store.Tx) error { return tx.WriteTeams().Delete(returns) })
	if _, err := save(t, s, desk.RoutingState(second), second[0]); err != nil {
		t.Errorf("a rule that was not touched hinders others because its team is gone: %v", err)
	}
}

// begin makes a case of a customer, as inbound does.
func begin(t *testing.T, s store.Store, n int64, text string, assignee desk.ID) {
	t.Helper()
	update(t, s, workspace, func(tx store.Tx) error {
		contact := desk.Contact{ID: tx.NewID(), Name: fmt.Sprint("c", n), CreatedAt: now, UpdatedAt: now, Version: 1}
		identity := desk.Identity{ID: tx.NewID(), ContactID: contact.ID, ChannelID: chat, Kind: "webchat", ExternalID: fmt.Sprint(n), CreatedAt: now}
		c := desk.Conversation{ID: tx.NewID(), ChannelID: chat, IdentityID: identity.ID, ContactID: contact.ID, Status: desk.StatusQueued, Priority: desk.PriorityNormal, CreatedAt: now}
		ticket := desk.OpenTicket(tx.NewID(), n, c, 0, now)
		ticket.Assignee, ticket.Version = assignee, 1
		for _, err := range []error{tx.WriteContacts().Put(contact), tx.WriteContacts().PutIdentity(identity), tx.WriteConversations().Put(c), tx.WriteTickets().Put(ticket)} {
			if err != nil {
				return err
			}
		}
		m := desk.Message{TicketID: ticket.ID, Author: desk.Author{Kind: desk.AuthorCustomer, ID: contact.ID}, Parts: []desk.Part{{Kind: desk.PartText, Text: text}}}
		if err := store.AddMessage(tx, &c, &m, desk.Actor{Kind: desk.ActorCustomer, ID: contact.ID}); err != nil {
			return err
		}
		c.Follow(ticket)
		c.Version++
		return tx.WriteConversations().Put(c)
	})
}

func TestTryCountsWhatEachRuleWouldHaveTaken(t *testing.T) {
	t.Parallel()
	s := open(t)
	for n := range int64(205) {
		begin(t, s, n+1, map[bool]string{true: "返品と返金", false: "こんにちは"}[n%5 == 0], 0)
	}
	begin(t, s, 206, "返金だけ", 0)
	begin(t, s, 207, "返品、見えない", 8)
	off := rule("off", "こんにちは")
	off.Active = false
	q := routing.Trial{Rules: []desk.RoutingRule{off, rule("a", "返品"), rule("", "返金")}, Sees: func(c desk.Conversation) bool { return c.Assignee != 8 }}
	var taken, later, none, calls int
	for {
		tried, err := routing.Try(t.Context(), s, workspace, now, q)
		if err != nil {
			t.Fatal(err)
		}
		calls++
		none += tried.None
		if tried.Rules[0].Taken != 0 || len(tried.Rules[1].Examples) > 5 {
			t.Errorf("%+v", tried.Rules)
		}
		taken += tried.Rules[1].Taken
		later += tried.Rules[2].Later
		if q.After = tried.Next; q.After == "" {
			break
		}
	}
	if taken != 41 || later != 41 || none != 164 || calls != 2 {
		t.Errorf("%d taken, %d later, %d by none, %d calls; want 41, 41, 164, 2", taken, later, none, calls)
	}
	q.After = ""
	long := now.AddDate(0, 0, routing.TrialDays+1)
	if tried, err := routing.Try(t.Context(), s, workspace, long, q); err != nil || tried.Tickets != 0 {
		t.Errorf("what is older is left out: %+v, %v", tried, err)
	}
	q.After = "1-10000"
	if _, err := routing.Try(t.Context(), s, workspace, now, q); desk.CodeOf(err) != "cursor_invalid" {
		t.Errorf("a cursor past the bound: %v", err)
	}
}
