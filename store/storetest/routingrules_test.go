package storetest_test

import (
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
)

func checkRoutingRule(t *testing.T, w, other *world) {
	first := desk.RoutingRule{ID: 91, Name: "返品", Active: true, Position: 1, CreatedAt: at(1), UpdatedAt: at(2), Version: 1,
		Conditions: desk.Conditions{Groups: []desk.ConditionGroup{{Conditions: []desk.Condition{{Fact: desk.FactMessage, Op: desk.OpContains, Values: []string{"返品"}}}}}},
		Actions:    []desk.Action{{Kind: desk.ActionTeam, TeamID: 4}, {Kind: desk.ActionPriority, Priority: desk.PriorityHigh}}}
	routed := func(want bool) {
		t.Helper()
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			before, err := tx.WriteWorkspaces().NextTicketNumber()
			number, is, err2 := tx.WriteWorkspaces().NextTicketOfCustomer()
			equal(t, number, before+1)
			equal(t, is, want)
			return all(err, err2)
		})
	}
	routed(false)
	stored(t, w, other, "routing_rule", func(tx store.Tx) error { return tx.WriteRoutingRules().Put(first) },
		func(r store.Reader) (desk.RoutingRule, error) { return r.RoutingRules().Get(first.ID) }, first)
	routed(true)
	second := first
	second.ID, second.Position, first.Active, first.Version = 92, 0, false, 2
	for _, v := range []desk.RoutingRule{first, second} {
		update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteRoutingRules().Put(v) })
	}
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.RoutingRules().List()
		equal(t, got, []desk.RoutingRule{second, first})
		return err
	})
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteRoutingRules().Delete(second.ID) })
	routed(false) // only one is left, and it is switched off
}
