package store

import (
	"slices"

	"madoguchi/desk"
)

// ScheduleUser is something that goes by a schedule (0.10).
type ScheduleUser struct {
	Kind  string // channel, sla_policy, routing_rule or trigger
	ID    desk.ID
	Name  string
	Event desk.EventKind // says that it was changed
	// Replace puts another schedule in the place of one, in a transaction; 0 = it is always open.
	Replace func(tx Tx, from, to desk.ID) error
}

// ScheduleUsers are all that go by a schedule, each kind in its order. A deleted channel goes by none any more.
func ScheduleUsers(r Reader, id desk.ID) (users []ScheduleUser, err error) {
	channels, err := r.Channels().List()
	if err != nil {
		return nil, err
	}
	for _, c := range channels {
		if c.ScheduleID == id && c.State != desk.ChannelDeleted {
			users = append(users, ScheduleUser{"channel", c.ID, c.Name, desk.EventChannelChanged, func(tx Tx, _, to desk.ID) error {
				c.ScheduleID, c.UpdatedAt = to, tx.Now()
				c.Version++
				return tx.WriteChannels().Put(c)
			}})
		}
	}
	policies, err := r.SLA().Policies()
	if err != nil {
		return nil, err
	}
	for _, p := range policies {
		if p.ScheduleID == id {
			users = append(users, ScheduleUser{"sla_policy", p.ID, p.Name, desk.EventSLAPolicyChanged, func(tx Tx, _, to desk.ID) error {
				p.ScheduleID, p.UpdatedAt = to, tx.Now()
				return tx.WriteSLA().PutPolicy(p)
			}})
		}
	}
	rules, err := r.RoutingRules().List()
	if err != nil {
		return nil, err
	}
	for _, rule := range rules {
		if asksAbout(rule.Conditions, id) {
			users = append(users, ScheduleUser{"routing_rule", rule.ID, rule.Name, desk.EventRoutingChanged, func(tx Tx, from, to desk.ID) error {
				rule.Conditions, rule.UpdatedAt = rule.Conditions.WithHours(from, to), tx.Now()
				rule.Version++
				return tx.WriteRoutingRules().Put(rule)
			}})
		}
	}
	triggers, err := r.Triggers().List()
	for _, t := range triggers {
		if asksAbout(t.Conditions, id) {
			users = append(users, ScheduleUser{"trigger", t.ID, t.Name, desk.EventTriggerChanged, func(tx Tx, from, to desk.ID) error {
				t.Conditions, t.UpdatedAt = t.Conditions.WithHours(from, to), tx.Now()
				t.Version++
				return tx.WriteTriggers().Put(t)
			}})
		}
	}
	return users, err
}

func asksAbout(c desk.Conditions, schedule desk.ID) bool {
	return slices.Contains(c.Values(desk.FactHours), schedule.String())
}
