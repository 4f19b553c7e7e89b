package audit

import (
	"fmt"

	"madoguchi/desk"
	"madoguchi/store"
)

type routingRules struct {
	store.RoutingRuleWriter
	t *tx
}

func routingRuleFields(v desk.RoutingRule) []field {
	return []field{
		{"name", v.Name}, {"active", fmt.Sprint(v.Active)}, {"position", fmt.Sprint(v.Position + 1)}, {"conditions", asJSON(v.Conditions)},
		{"actions", asJSON(v.Actions)},
	}
}

func (w routingRules) Put(v desk.RoutingRule) error {
	before, present, err := was(w.t.RoutingRules().Get(v.ID))
	if err != nil {
		return err
	}
	if err := w.t.put(desk.AuditObject{Kind: "routing_rule", ID: v.ID, Name: v.Name}, present, routingRuleFields(before), routingRuleFields(v)); err != nil {
		return err
	}
	return w.RoutingRuleWriter.Put(v)
}

func (w routingRules) Delete(id desk.ID) error {
	before, present, err := was(w.t.RoutingRules().Get(id))
	if err != nil {
		return err
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "routing_rule", ID: id, Name: before.Name}, present, routingRuleFields(before)); err != nil {
		return err
	}
	return w.RoutingRuleWriter.Delete(id)
}
