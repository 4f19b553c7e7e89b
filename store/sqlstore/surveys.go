package sqlstore

import (
	"time"

	"madoguchi/desk"
)

type surveys struct{ t *tx }

const (
	surveyColumns = `id, ticket_id, conversation_id, identity_id, agent_id, state, reason, score, comment, hinted, sent_at, answered_at, asked_at, expires_at`

	sqlSurveyGet      = `SELECT ` + surveyColumns + ` FROM surveys WHERE workspace_id = $1 AND id = $2`
	sqlSurveyOfTicket = `SELECT ` + surveyColumns + ` FROM surveys WHERE workspace_id = $1 AND ticket_id = $2`
	sqlSurveyMany     = `SELECT ` + surveyColumns + ` FROM surveys WHERE workspace_id = $1 AND ticket_id IN (` + inList2 + `)`
	sqlSurveyLast     = `SELECT sent_at FROM surveys WHERE workspace_id = $1 AND identity_id = $2 AND state NOT IN ('skipped', 'failed') ORDER BY sent_at DESC LIMIT 1`
	sqlSurveyOverdue  = `SELECT ` + surveyColumns + ` FROM surveys WHERE workspace_id = $1 AND state = 'sent' AND expires_at <= $2 ORDER BY expires_at LIMIT $3`
	sqlSurveyPut      = `INSERT INTO surveys (workspace_id, ` + surveyColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (workspace_id, id) DO UPDATE SET agent_id = excluded.agent_id, state = excluded.state, reason = excluded.reason,
		score = excluded.score, comment = excluded.comment, hinted = excluded.hinted, sent_at = excluded.sent_at,
		answered_at = excluded.answered_at, asked_at = excluded.asked_at, expires_at = excluded.expires_at`
)

func readSurvey(r row, v *desk.Survey) error {
	return scan(r, &v.ID, &v.TicketID, &v.ConversationID, &v.IdentityID, &v.AgentID, &v.State, &v.Reason, &v.Score, &v.Comment, &v.Hinted,
		&v.SentAt, &v.AnsweredAt, &v.AskedAt, &v.ExpiresAt)
}

func (s surveys) Get(id desk.ID) (desk.Survey, error) {
	return get(s.t, "survey", readSurvey, sqlSurveyGet, s.t.workspace, id)
}

func (s surveys) OfTicket(ticket desk.ID) (desk.Survey, error) {
	return get(s.t, "survey", readSurvey, sqlSurveyOfTicket, s.t.workspace, ticket)
}

func (s surveys) OfTickets(tickets []desk.ID) (map[desk.ID]desk.Survey, error) {
	all := map[desk.ID]desk.Survey{}
	err := in(tickets, []any{s.t.workspace}, func(args []any) error {
		return s.t.each(sqlSurveyMany, args, func(r row) error {
			var v desk.Survey
			err := readSurvey(r, &v)
			all[v.TicketID] = v
			return err
		})
	})
	return all, err
}

func (s surveys) LastSent(identity desk.ID) (at time.Time, err error) {
	_, err = s.t.value(sqlSurveyLast, []any{s.t.workspace, identity}, &at)
	return at, err
}

func (s surveys) Overdue(limit int) ([]desk.Survey, error) {
	return list(s.t, readSurvey, sqlSurveyOverdue, s.t.workspace, s.t.at, limit)
}

func (s surveys) Put(v desk.Survey) error {
	return s.t.write(sqlSurveyPut, s.t.workspace, v.ID, v.TicketID, v.ConversationID, v.IdentityID, v.AgentID, v.State, v.Reason, v.Score, v.Comment,
		v.Hinted, v.SentAt, v.AnsweredAt, v.AskedAt, v.ExpiresAt)
}
