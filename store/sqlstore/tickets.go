package sqlstore

import (
	"time"

	"madoguchi/desk"
)

type tickets struct{ t *tx }

const (
	ticketColumns = `id, ticket_number, conversation_id, channel_id, contact_id, status, reason, snoozed_until, assignee_id,
		last_assignee_id, team_id, priority, tag_ids, wait_since, created_at, queued_at, assigned_at, replied_at, resolved_at,
		reopened_count, updated_at, version, fields, pending_since, preferred_agent_id, sla_policy_id, merged_into, routing_rule_id, joined_ids`

	sqlTicketGet            = `SELECT ` + ticketColumns + ` FROM tickets WHERE workspace_id = $1 AND id = $2`
	sqlTicketMany           = `SELECT ` + ticketColumns + ` FROM tickets WHERE workspace_id = $1 AND id IN (` + inList2 + `)`
	sqlTicketByNumber       = `SELECT ` + ticketColumns + ` FROM tickets WHERE workspace_id = $1 AND ticket_number = $2`
	sqlTicketOfConversation = `SELECT ` + ticketColumns + ` FROM tickets WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY id DESC`
	sqlTicketOfContact      = `SELECT ` + ticketColumns + ` FROM tickets WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id DESC`
	sqlTicketUnresolvedOf   = `SELECT ` + ticketColumns + ` FROM tickets WHERE workspace_id = $1 AND assignee_id = $2
		AND assignee_id > 0 AND status <> 'resolved' ORDER BY id`
	sqlTicketSleeping = `SELECT ` + ticketColumns + ` FROM tickets WHERE workspace_id = $1 AND snoozed_until < $2
		AND status = 'snoozed' ORDER BY snoozed_until, id LIMIT $3`
	sqlTicketMade       = `SELECT ` + ticketColumns + ` FROM tickets WHERE workspace_id = $1 AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4`
	sqlTicketUnresolved = `SELECT ` + ticketColumns + ` FROM tickets WHERE workspace_id = $1 AND conversation_id > $2 AND status <> 'resolved'
		ORDER BY conversation_id LIMIT $3`
	sqlTicketResolved = `SELECT ` + ticketColumns + ` FROM tickets WHERE workspace_id = $1 AND (resolved_at, id) > ($2, $3) AND status = 'resolved'
		ORDER BY resolved_at, id LIMIT $4`
	sqlTicketChanges = `SELECT ` + eventColumns + ` FROM events WHERE workspace_id = $1 AND ticket_id = $2 AND seq > $3
		AND kind = 'ticket.changed' ORDER BY seq DESC LIMIT $4`
	sqlTicketPut = `INSERT INTO tickets (workspace_id, ` + ticketColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)
		ON CONFLICT (workspace_id, id) DO UPDATE SET contact_id = excluded.contact_id, status = excluded.status,
		reason = excluded.reason, snoozed_until = excluded.snoozed_until, assignee_id = excluded.assignee_id,
		last_assignee_id = excluded.last_assignee_id, team_id = excluded.team_id, priority = excluded.priority, tag_ids = excluded.tag_ids,
		wait_since = excluded.wait_since, queued_at = excluded.queued_at, assigned_at = excluded.assigned_at,
		replied_at = excluded.replied_at, resolved_at = excluded.resolved_at, reopened_count = excluded.reopened_count,
		updated_at = excluded.updated_at, version = excluded.version, fields = excluded.fields,
		pending_since = excluded.pending_since, preferred_agent_id = excluded.preferred_agent_id,
		sla_policy_id = excluded.sla_policy_id,
		merged_into = excluded.merged_into, routing_rule_id = excluded.routing_rule_id, joined_ids = excluded.joined_ids`
	// Read at each decision: from an index of nothing but what people work on, and the few that just became the customer's turn.
	sqlTicketWorked = `SELECT assignee_id, count(*) FROM tickets WHERE workspace_id = $1 AND assignee_id > 0 AND status = 'open'
		GROUP BY assignee_id`
	sqlTicketHeld = `SELECT assignee_id FROM tickets WHERE workspace_id = $1 AND assignee_id > 0 AND status = 'pending' AND pending_since > $2`
)

func readTicket(r row, t *desk.Ticket) error {
	return scan(r, &t.ID, &t.Number, &t.ConversationID, &t.ChannelID, &t.ContactID, &t.Status, &t.Reason, &t.SnoozedUntil, &t.Assignee,
		&t.LastAssignee, &t.TeamID, &t.Priority, asJSON(&t.TagIDs), &t.WaitSince, &t.CreatedAt, &t.QueuedAt, &t.AssignedAt, &t.RepliedAt, &t.ResolvedAt,
		&t.ReopenedCount, &t.UpdatedAt, &t.Version, asJSON(&t.Fields), &t.PendingSince, &t.PreferredAgent, &t.SLAPolicy, &t.MergedInto, &t.RoutingRule, asJSON(&t.JoinedIDs))
}

func (s tickets) Get(id desk.ID) (desk.Ticket, error) {
	return get(s.t, "ticket", readTicket, sqlTicketGet, s.t.workspace, id)
}

func (s tickets) Many(ids []desk.ID) (map[desk.ID]desk.Ticket, error) {
	all := make(map[desk.ID]desk.Ticket, len(ids))
	err := in(ids, []any{s.t.workspace}, func(args []any) error {
		return s.t.each(sqlTicketMany, args, func(r row) error {
			var v desk.Ticket
			err := readTicket(r, &v)
			all[v.ID] = v
			return err
		})
	})
	return all, err
}

func (s tickets) ByNumber(n int64) (desk.Ticket, error) {
	return get(s.t, "ticket", readTicket, sqlTicketByNumber, s.t.workspace, n)
}

func (s tickets) OfConversation(conversation desk.ID) ([]desk.Ticket, error) {
	return list(s.t, readTicket, sqlTicketOfConversation, s.t.workspace, conversation)
}

func (s tickets) OfContact(contact desk.ID) ([]desk.Ticket, error) {
	return list(s.t, readTicket, sqlTicketOfContact, s.t.workspace, contact)
}

func (s tickets) UnresolvedOf(assignee desk.ID) ([]desk.Ticket, error) {
	return list(s.t, readTicket, sqlTicketUnresolvedOf, s.t.workspace, assignee)
}

func (s tickets) Sleeping(before time.Time, limit int) ([]desk.Ticket, error) {
	return list(s.t, readTicket, sqlTicketSleeping, s.t.workspace, before, limit)
}

func (s tickets) Made(before, since desk.ID, limit int) ([]desk.Ticket, error) {
	return list(s.t, readTicket, sqlTicketMade, s.t.workspace, before, since, limit)
}

func (s tickets) Unresolved(after desk.TicketPlace, limit int) ([]desk.Ticket, error) {
	return list(s.t, readTicket, sqlTicketUnresolved, s.t.workspace, after.ID, limit)
}

func (s tickets) Resolved(after desk.TicketPlace, limit int) ([]desk.Ticket, error) {
	return list(s.t, readTicket, sqlTicketResolved, s.t.workspace, after.At, after.ID, limit)
}

func (s tickets) Changes(ticket desk.ID, after int64, limit int) ([]desk.Event, error) {
	return list(s.t, readEvent, sqlTicketChanges, s.t.workspace, ticket, after, limit)
}

func (s tickets) Loads() (map[desk.ID]desk.Load, error) {
	all := map[desk.ID]desk.Load{}
	err := s.t.each(sqlTicketWorked, []any{s.t.workspace}, func(r row) error {
		var user desk.ID
		var open int
		err := scan(r, &user, &open)
		all[user] = desk.Load{Slots: open, Open: open}
		return err
	})
	if err != nil {
		return nil, err
	}
	err = s.t.each(sqlTicketHeld, []any{s.t.workspace, s.t.at.Add(-desk.PendingHolds)}, func(r row) error {
		var user desk.ID
		err := scan(r, &user)
		held := all[user]
		held.Slots++
		all[user] = held
		return err
	})
	return all, err
}

func (s tickets) Put(v desk.Ticket) error {
	return s.t.write(sqlTicketPut, s.t.workspace, v.ID, v.Number, v.ConversationID, v.ChannelID, v.ContactID, v.Status, v.Reason, v.SnoozedUntil, v.Assignee,
		v.LastAssignee, v.TeamID, v.Priority, asJSON(v.TagIDs), v.WaitSince, v.CreatedAt, v.QueuedAt, v.AssignedAt, v.RepliedAt, v.ResolvedAt,
		v.ReopenedCount, v.UpdatedAt, v.Version, asJSON(v.Fields), v.PendingSince, v.PreferredAgent, v.SLAPolicy, v.MergedInto, v.RoutingRule, asJSON(v.JoinedIDs))
}
