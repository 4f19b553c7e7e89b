package sla

import (
	"fmt"
	"slices"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// visit is one case under its conversation's lock in one transaction.
type visit struct {
	tx       store.Tx
	row      desk.Conversation
	ticket   desk.Ticket
	policies []desk.SLAPolicy // that were there already
}

var system = desk.Actor{Kind: desk.ActorSystem}

// open locks a case; nil if it is gone.
func open(tx store.Tx, conversation, ticket desk.ID) (*visit, error) {
	row, err := tx.WriteConversations().Lock(conversation)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	t, err := tx.Tickets().Get(ticket)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read ticket: %w", err)
	}
	return &visit{tx: tx, row: row, ticket: t}, nil
}

// terms are what holds for the case at an instant. A policy promises nothing for the time before it was made.
func (v *visit) terms(at time.Time) (desk.SLATerms, error) {
	all, err := v.tx.SLA().Policies()
	if err != nil {
		return desk.SLATerms{}, fmt.Errorf("read SLA policies: %w", err)
	}
	v.policies = slices.DeleteFunc(all, func(p desk.SLAPolicy) bool { return p.CreatedAt.After(at) })
	p, found := desk.SLAPolicyOf(v.policies, v.ticket)
	if !found {
		return desk.SLATerms{}, nil
	}
	terms := desk.SLATerms{PolicyID: p.ID, Targets: p.Targets[v.ticket.Priority]}
	if p.ScheduleID == 0 {
		return terms, nil
	}
	hours, err := v.tx.Schedules().Get(p.ScheduleID)
	if err != nil {
		return terms, fmt.Errorf("read the schedule of SLA policy %s: %w", p.ID, err)
	}
	if hours, err = hours.Located(); err != nil {
		return terms, fmt.Errorf("locate the schedule of SLA policy %s: %w", p.ID, err)
	}
	terms.Schedule = &hours
	return terms, nil
}

// promisedSince is when the first policy was made.
func (v *visit) promisedSince() time.Time {
	first := v.policies[0].CreatedAt
	for _, p := range v.policies {
		if p.CreatedAt.Before(first) {
			first = p.CreatedAt
		}
	}
	return first
}

// keep puts the clocks and what the row shows of them, and tells the news.
func (v *visit) keep(clocks desk.SLA, news []desk.SLANews) error {
	if err := v.tx.WriteSLA().Put(clocks); err != nil {
		return fmt.Errorf("put SLA clocks: %w", err)
	}
	for _, n := range news {
		if err := v.tell(clocks, n, news); err != nil {
			return err
		}
	}
	shown := v.row.SLA
	if v.row.TicketID == v.ticket.ID {
		v.row.SLA = clocks.Summary()
	}
	changed := v.row.SLA.State != shown.State || !v.row.SLA.Due.Equal(shown.Due)
	if !changed && len(news) == 0 {
		return nil
	}
	v.row.Version++
	if err := v.tx.WriteConversations().Put(v.row); err != nil {
		return fmt.Errorf("put conversation: %w", err)
	}
	if len(news) == 0 {
		v.tx.Emit(desk.Event{Kind: desk.EventSLAChanged, At: v.tx.Now(), Actor: system, ConversationID: v.row.ID, TicketID: v.ticket.ID})
	}
	return nil
}
