package sqlstore

import (
	"madoguchi/desk"
	"madoguchi/store"
)

type sla struct{ t *tx }

const (
	slaPolicyColumns = `id, name, position, team_ids, schedule_id, targets, created_at, updated_at`

	sqlSLAPolicyGet  = `SELECT ` + slaPolicyColumns + ` FROM sla_policies WHERE workspace_id = $1 AND id = $2`
	sqlSLAPolicyList = `SELECT ` + slaPolicyColumns + ` FROM sla_policies WHERE workspace_id = $1 ORDER BY position, id`
	sqlSLAPolicyPut  = `INSERT INTO sla_policies (workspace_id, ` + slaPolicyColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, position = excluded.position, team_ids = excluded.team_ids,
		schedule_id = excluded.schedule_id, targets = excluded.targets, updated_at = excluded.updated_at`
	sqlSLAPolicyDelete = `DELETE FROM sla_policies WHERE workspace_id = $1 AND id = $2`

	sqlSLAOfTicket = `SELECT ticket_id, conversation_id, policy_id, as_of, clocks FROM sla_clocks WHERE workspace_id = $1 AND ticket_id = $2`
	sqlSLADue      = `SELECT ticket_id, conversation_id, next_at FROM sla_clocks WHERE workspace_id = $1 AND next_at > 0 ORDER BY next_at LIMIT $2`
	sqlSLAPut      = `INSERT INTO sla_clocks (workspace_id, ticket_id, conversation_id, policy_id, as_of, next_at, clocks)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, ticket_id) DO UPDATE SET policy_id = excluded.policy_id, next_at = excluded.next_at, clocks = excluded.clocks`
	sqlSLARecheck = `UPDATE sla_clocks SET next_at = $2 WHERE workspace_id = $1 AND next_at > 0 AND next_at > $2`

	sqlWaitAlertGet = `SELECT minutes, conversation_id, since, told, told_at FROM wait_alerts WHERE workspace_id = $1 AND team_id = $2`
	sqlWaitAlertPut = `INSERT INTO wait_alerts (workspace_id, team_id, minutes, conversation_id, since, told, told_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, team_id) DO UPDATE SET minutes = excluded.minutes, conversation_id = excluded.conversation_id,
		since = excluded.since, told = excluded.told, told_at = excluded.told_at`
	sqlLongestWaiting = `SELECT ` + conversationColumns + ` FROM conversations c WHERE c.workspace_id = $1 AND c.team_id = $2
		AND c.status = 'queued' AND c.wait_since > 0 ORDER BY c.wait_since, c.id LIMIT 1`
)

// slaClocks are the clocks of a ticket as they are stored together.
type slaClocks struct {
	Status     desk.TicketStatus `json:"status"`
	WaitSince  int64             `json:"wait_since,omitempty"` // milliseconds
	Replied    bool              `json:"replied,omitempty"`
	First      desk.SLAClock     `json:"first_response,omitzero"`
	Next       desk.SLAClock     `json:"next_response,omitzero"`
	Resolution desk.SLAClock     `json:"resolution,omitzero"`
}

func readSLAPolicy(r row, v *desk.SLAPolicy) error {
	return scan(r, &v.ID, &v.Name, &v.Position, asJSON(&v.TeamIDs), &v.ScheduleID, asJSON(&v.Targets), &v.CreatedAt, &v.UpdatedAt)
}

func (s sla) Policy(id desk.ID) (desk.SLAPolicy, error) {
	return get(s.t, "policy", readSLAPolicy, sqlSLAPolicyGet, s.t.workspace, id)
}

func (s sla) Policies() ([]desk.SLAPolicy, error) {
	return list(s.t, readSLAPolicy, sqlSLAPolicyList, s.t.workspace)
}

func (s sla) PutPolicy(v desk.SLAPolicy) error {
	return s.t.write(sqlSLAPolicyPut, s.t.workspace, v.ID, v.Name, v.Position, asJSON(v.TeamIDs), v.ScheduleID, asJSON(v.Targets), v.CreatedAt, v.UpdatedAt)
}

func (s sla) DeletePolicy(id desk.ID) error {
	return s.t.write(sqlSLAPolicyDelete, s.t.workspace, id)
}

func readSLA(r row, v *desk.SLA) error {
	var c slaClocks
	err := scan(r, &v.TicketID, &v.ConversationID, &v.PolicyID, &v.AsOf, asJSON(&c))
	v.Status, v.Replied, v.First, v.Next, v.Resolution = c.Status, c.Replied, c.First, c.Next, c.Resolution
	v.WaitSince = instant(c.WaitSince)
	return err
}

func (s sla) OfTicket(ticket desk.ID) (desk.SLA, error) {
	return get(s.t, "sla", readSLA, sqlSLAOfTicket, s.t.workspace, ticket)
}

func (s sla) Due(limit int) ([]store.SLADue, error) {
	return list(s.t, func(r row, v *store.SLADue) error { return scan(r, &v.TicketID, &v.ConversationID, &v.At) }, sqlSLADue, s.t.workspace, limit)
}

func (s sla) Put(v desk.SLA) error {
	c := slaClocks{v.Status, millis(v.WaitSince), v.Replied, v.First, v.Next, v.Resolution}
	return s.t.write(sqlSLAPut, s.t.workspace, v.TicketID, v.ConversationID, v.PolicyID, v.AsOf, v.NextAt(), asJSON(c))
}

func (s sla) Recheck() error { return s.t.write(sqlSLARecheck, s.t.workspace, s.t.at) }

func (s sla) WaitAlert(team desk.ID) (desk.WaitAlert, error) {
	a := desk.WaitAlert{TeamID: team, Minutes: desk.DefaultWaitAlert}
	_, err := s.t.value(sqlWaitAlertGet, []any{s.t.workspace, team}, &a.Minutes, &a.ConversationID, &a.Since, &a.Told, &a.ToldAt)
	return a, err
}

func (s sla) PutWaitAlert(a desk.WaitAlert) error {
	return s.t.write(sqlWaitAlertPut, s.t.workspace, a.TeamID, a.Minutes, a.ConversationID, a.Since, a.Told, a.ToldAt)
}

func (s sla) LongestWaiting(team desk.ID) (desk.Conversation, error) {
	return get(s.t, "conversation", readConversation, sqlLongestWaiting, s.t.workspace, team)
}
