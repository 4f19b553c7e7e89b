package sqlstore

import (
	"time"

	"madoguchi/desk"
)

type scheduled struct{ t *tx }

// never is when what came back is due, for a program that does not know of coming back.
var never = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

const (
	scheduledColumns = `id, conversation_id, user_id, client_id, undoable, parts, reply_to_id, and_then, snooze_until, due_at, unless_answered,
		seen_seq, created_at, version, returned_at, reason, was_due_at`

	sqlScheduledGet    = `SELECT ` + scheduledColumns + ` FROM scheduled_messages WHERE workspace_id = $1 AND id = $2`
	sqlScheduledClient = `SELECT ` + scheduledColumns + ` FROM scheduled_messages
		WHERE workspace_id = $1 AND conversation_id = $2 AND user_id = $3 AND client_id = $4`
	sqlScheduledOf       = `SELECT ` + scheduledColumns + ` FROM scheduled_messages WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY due_at, id`
	sqlScheduledNext     = `SELECT ` + scheduledColumns + ` FROM scheduled_messages WHERE workspace_id = $1 AND returned_at = 0 ORDER BY due_at, id LIMIT $2`
	sqlScheduledReturned = `SELECT conversation_id FROM scheduled_messages WHERE workspace_id = $1 AND user_id = $2 AND returned_at > 0`
	sqlScheduledPut      = `INSERT INTO scheduled_messages (workspace_id, ` + scheduledColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
		ON CONFLICT (workspace_id, id) DO UPDATE SET undoable = excluded.undoable, parts = excluded.parts, reply_to_id = excluded.reply_to_id,
		and_then = excluded.and_then, snooze_until = excluded.snooze_until, due_at = excluded.due_at,
		unless_answered = excluded.unless_answered, seen_seq = excluded.seen_seq, created_at = excluded.created_at,
		version = excluded.version, returned_at = excluded.returned_at, reason = excluded.reason, was_due_at = excluded.was_due_at`
	sqlEraseScheduledFiles = `DELETE FROM attachments WHERE workspace_id = $1 AND message_id > 0 AND message_id IN
		(SELECT id FROM scheduled_messages WHERE workspace_id = $1 AND conversation_id = $2)`
	sqlEraseScheduled            = `DELETE FROM scheduled_messages WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseMemberScheduledFiles = `DELETE FROM attachments WHERE workspace_id = $1 AND message_id > 0 AND message_id IN
		(SELECT id FROM scheduled_messages WHERE workspace_id = $1 AND user_id = $2)`
	sqlEraseMemberScheduled = `DELETE FROM scheduled_messages WHERE workspace_id = $1 AND user_id = $2`
	sqlScheduledDelete      = `DELETE FROM scheduled_messages WHERE workspace_id = $1 AND id = $2`
)

func readScheduled(r row, v *desk.Scheduled) error {
	var wasDue time.Time
	err := scan(r, &v.ID, &v.ConversationID, &v.UserID, &v.ClientID, &v.Undo, asJSON(&v.Parts), &v.ReplyToID, &v.Then, &v.SnoozeUntil, &v.DueAt,
		&v.UnlessAnswered, &v.SeenSeq, &v.CreatedAt, &v.Version, &v.ReturnedAt, &v.Reason, &wasDue)
	if v.Returned() {
		v.DueAt = wasDue
	}
	return err
}

func (s scheduled) Get(id desk.ID) (desk.Scheduled, error) {
	return get(s.t, "scheduled_message", readScheduled, sqlScheduledGet, s.t.workspace, id)
}

func (s scheduled) ByClientID(conversation, user desk.ID, clientID string) (desk.Scheduled, error) {
	return get(s.t, "scheduled_message", readScheduled, sqlScheduledClient, s.t.workspace, conversation, user, clientID)
}

func (s scheduled) OfConversation(conversation desk.ID) ([]desk.Scheduled, error) {
	return list(s.t, readScheduled, sqlScheduledOf, s.t.workspace, conversation)
}

func (s scheduled) Next(limit int) ([]desk.Scheduled, error) {
	return list(s.t, readScheduled, sqlScheduledNext, s.t.workspace, limit)
}

func (s scheduled) ReturnedTo(user desk.ID) ([]desk.ID, error) {
	return list(s.t, readID, sqlScheduledReturned, s.t.workspace, user)
}

func (s scheduled) Put(v desk.Scheduled) error {
	var wasDue time.Time
	if v.Returned() {
		v.DueAt, wasDue = never, v.DueAt
	}
	return s.t.write(sqlScheduledPut, s.t.workspace, v.ID, v.ConversationID, v.UserID, v.ClientID, v.Undo, asJSON(withoutFiles(v.Parts)), v.ReplyToID,
		v.Then, v.SnoozeUntil, v.DueAt, v.UnlessAnswered, v.SeenSeq, v.CreatedAt, v.Version,
		v.ReturnedAt, v.Reason, wasDue)
}

func (s scheduled) Delete(id desk.ID) error { return s.t.write(sqlScheduledDelete, s.t.workspace, id) }
