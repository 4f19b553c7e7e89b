package inbound

import (
	"fmt"

	"madoguchi/desk"
	"madoguchi/store"
)

// directed lets the routing rules say where the new ticket goes (E1, E2), and returns the rule that did, its ID 0 for none: then it
// stays with the channel's team.
func (f *filing) directed() (desk.RoutingRule, error) {
	rules, err := f.tx.RoutingRules().List()
	if err != nil {
		return desk.RoutingRule{}, fmt.Errorf("read routing rules: %w", err)
	}
	facts := desk.Facts{
		Now: f.now, Channel: f.channel, Contact: f.Contact, Ticket: f.Ticket, Page: f.call.Page, LastAuthor: desk.AuthorCustomer,
		Message: desk.Message{Parts: f.in.Parts}.Words(),
	}
	if from := f.referral(); from != nil {
		facts.Referral = *from
	}
	if err := store.FillFacts(f.tx, &facts, desk.RoutingConditions(rules)); err != nil {
		return desk.RoutingRule{}, err
	}
	rule, _, applies := desk.Route(rules, facts)
	if !applies {
		return desk.RoutingRule{}, nil
	}
	actions, err := store.PossibleActions(f.tx, rule.Actions)
	if err != nil {
		return desk.RoutingRule{}, fmt.Errorf("read what rule %d names: %w", rule.ID, err)
	}
	return rule, f.Ticket.Routed(rule, actions, f.now)
}

// returns lets the new ticket find who had the customer's last one, whichever channel that came by (E11).
func (f *filing) returns() error {
	before, err := f.tx.Tickets().OfContact(f.Contact.ID)
	if err != nil {
		return fmt.Errorf("read earlier tickets: %w", err)
	}
	var team desk.Team
	if len(before) > 0 && f.Ticket.TeamID != 0 {
		if team, err = f.tx.Teams().Get(f.Ticket.TeamID); err != nil && desk.KindOf(err) != desk.KindNotFound {
			return fmt.Errorf("read team: %w", err)
		}
	}
	f.Ticket.Returns(before, team)
	return nil
}

// referral is where the customer came from with the message in hand, or by the link that they opened the chat with before it.
func (f *filing) referral() *desk.Referral {
	if f.in.Referral != nil {
		return f.in.Referral
	}
	return f.Identity.Standing.CameBy
}
