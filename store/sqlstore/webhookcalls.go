package sqlstore

import (
	"time"

	"madoguchi/desk"
)

type webhookCalls struct{ t *tx }

const (
	callColumns = `id, conversation_id, url, body, attempts, not_before, created_at`

	sqlCallAdd   = `INSERT INTO webhook_calls (workspace_id, ` + callColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	sqlCallNext  = `SELECT not_before FROM webhook_calls WHERE workspace_id = $1 ORDER BY not_before LIMIT 1`
	sqlCallClaim = `UPDATE webhook_calls SET attempts = attempts + 1, not_before = $2 WHERE workspace_id = $1 AND not_before <= $3
		AND id = (SELECT id FROM webhook_calls WHERE workspace_id = $1 AND not_before <= $3 ORDER BY not_before LIMIT 1) RETURNING ` + callColumns
	sqlCallRetry = `UPDATE webhook_calls SET not_before = $3 WHERE workspace_id = $1 AND id = $2`
	sqlCallDone  = `DELETE FROM webhook_calls WHERE workspace_id = $1 AND id = $2`
)

func (s webhookCalls) Add(c desk.WebhookCall) error {
	return s.t.write(sqlCallAdd, s.t.workspace, c.ID, c.ConversationID, c.URL, c.Body, c.Attempts, c.NotBefore, c.CreatedAt)
}

func (s webhookCalls) Next() (at time.Time, err error) {
	_, err = s.t.value(sqlCallNext, []any{s.t.workspace}, &at)
	return at, err
}

func (s webhookCalls) Claim(until time.Time) (c desk.WebhookCall, found bool, err error) {
	s.t.wrote = true
	err = s.t.each(sqlCallClaim, []any{s.t.workspace, until, s.t.at}, func(r row) error {
		found = true
		return scan(r, &c.ID, &c.ConversationID, &c.URL, &c.Body, &c.Attempts, &c.NotBefore, &c.CreatedAt)
	})
	return c, found, err
}

func (s webhookCalls) Retry(id desk.ID, at time.Time) error {
	return s.t.write(sqlCallRetry, s.t.workspace, id, at)
}

func (s webhookCalls) Done(id desk.ID) error { return s.t.write(sqlCallDone, s.t.workspace, id) }
