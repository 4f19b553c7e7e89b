package sqlstore

import "madoguchi/desk"

type routingRules struct{ t *tx }

const (
	routingRuleColumns = `id, name, active, position, conditions, actions, created_at, updated_at, version`

	sqlRoutingRuleGet  = `SELECT ` + routingRuleColumns + ` FROM routing_rules WHERE workspace_id = $1 AND id = $2`
	sqlRoutingRuleList = `SELECT ` + routingRuleColumns + ` FROM routing_rules WHERE workspace_id = $1 ORDER BY position, id`
	sqlRoutingRulePut  = `INSERT INTO routing_rules (workspace_id, ` + routingRuleColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, active = excluded.active, position = excluded.position,
		conditions = excluded.conditions, actions = excluded.actions, updated_at = excluded.updated_at, version = excluded.version`
	sqlRoutingRuleDelete = `DELETE FROM routing_rules WHERE workspace_id = $1 AND id = $2`
)

func readRoutingRule(r row, v *desk.RoutingRule) error {
	return scan(r, &v.ID, &v.Name, &v.Active, &v.Position, asJSON(&v.Conditions), asJSON(&v.Actions), &v.CreatedAt, &v.UpdatedAt, &v.Version)
}

func (s routingRules) Get(id desk.ID) (desk.RoutingRule, error) {
	return get(s.t, "routing_rule", readRoutingRule, sqlRoutingRuleGet, s.t.workspace, id)
}

func (s routingRules) List() ([]desk.RoutingRule, error) {
	return list(s.t, readRoutingRule, sqlRoutingRuleList, s.t.workspace)
}

func (s routingRules) Put(v desk.RoutingRule) error {
	return s.t.write(sqlRoutingRulePut, s.t.workspace, v.ID, v.Name, v.Active, v.Position, asJSON(v.Conditions), asJSON(v.Actions), v.CreatedAt, v.UpdatedAt,
		v.Version)
}

func (s routingRules) Delete(id desk.ID) error {
	return s.t.write(sqlRoutingRuleDelete, s.t.workspace, id)
}
