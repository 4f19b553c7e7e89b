package inbound_test

import (
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
)

// rule keeps a routing rule with one condition.
func (w *world) rule(t *testing.T, id desk.ID, position int, when desk.Condition, then ...desk.Action) {
	t.Helper()
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		return tx.WriteRoutingRules().Put(desk.RoutingRule{ID: id, Name: "rule " + id.String(), Active: true, Position: position, Actions: then, Version: 1,
			Conditions: desk.Conditions{Groups: []desk.ConditionGroup{{Conditions: []desk.Condition{when}}}}})
	}))
}

// TestFirstRuleThatAppliesRoutes is E2: the order decides, the rest is the channel's team.
func TestFirstRuleThatAppliesRoutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const returns, vip, gone desk.ID = 41, 42, 43
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		must(t, tx.WriteTags().Put(desk.Tag{ID: vip, Name: "vip"}))
		return tx.WriteTeams().Put(desk.Team{ID: returns, Name: "返品", CreatedAt: tx.Now()})
	}))
	says := func(word string) desk.Condition {
		return desk.Condition{Fact: desk.FactMessage, Op: desk.OpContains, Values: []string{word}}
	}
	w.rule(t, 51, 1, says("返品"), desk.Action{Kind: desk.ActionTeam, TeamID: returns}, desk.Action{Kind: desk.ActionAddTag, TagID: vip}, desk.Action{Kind: desk.ActionAddTag, TagID: gone})
	w.rule(t, 52, 2, says("返"), desk.Action{Kind: desk.ActionPriority, Priority: desk.PriorityUrgent})
	w.rule(t, 53, 3, desk.Condition{Fact: desk.FactEntryPage, Op: desk.OpContains, Values: []string{"/vip"}}, desk.Action{Kind: desk.ActionTeam, TeamID: gone})
	w.rule(t, 54, 4, desk.Condition{Fact: desk.FactContactIs, Op: desk.OpIs, Values: []string{desk.ContactReturning}}, desk.Action{Kind: desk.ActionPriority, Priority: desk.PriorityLow})

	first := w.write(t, written("v1", "c1", "ヘンピンしたい。返品です"))
	if is := first.Ticket; is.RoutingRule != 51 || is.TeamID != returns || is.Priority != desk.PriorityNormal || len(is.TagIDs) != 1 || is.TagIDs[0] != vip {
		t.Errorf("by the first of two that apply: %+v", is)
	}
	w.view(t, func(r store.Reader) error {
		c, err := r.Conversations().Get(first.Conversation.ID)
		must(t, err)
		lines, err := r.Messages().After(c.ID, 0, 10)
		must(t, err)
		if c.TeamID != returns || len(lines) != 3 || lines[1].System == nil || lines[1].System.Code != "routed" || lines[1].System.Params["rule"] != "rule 51" {
			t.Errorf("the row is in team %d, the thread is %+v", c.TeamID, lines)
		}
		return nil
	})
	if is := w.write(t, written("v2", "c1", "返金")).Ticket; is.RoutingRule != 52 || is.TeamID != team || is.Priority != desk.PriorityUrgent {
		t.Errorf("by the second: %+v", is)
	}
	from := written("v3", "c1", "こんにちは")
	from.Page = desk.Page{URL: "https://shop.example/vip"}
	if is := w.write(t, from).Ticket; is.RoutingRule != 53 || is.TeamID != team {
		t.Errorf("a team that is gone leaves it with the channel's: %+v", is)
	}
	if is := w.write(t, written("v4", "c1", "こんにちは")).Ticket; is.RoutingRule != 0 || is.TeamID != team || is.Priority != desk.PriorityNormal {
		t.Errorf("by none: %+v", is)
	}
	if is := w.write(t, written("v4", "c2", "返品")).Ticket; is.RoutingRule != 0 {
		t.Errorf("a case that has begun is not routed again: %+v", is)
	}
}
