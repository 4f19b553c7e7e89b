package sqlstore

import (
	"time"

	"madoguchi/desk"
)

type reminders struct{ t *tx }

const (
	reminderColumns = `id, user_id, conversation_id, note, due_at, unless_answered, seen_seq, fired_at, created_at`

	sqlReminderGet   = `SELECT ` + reminderColumns + ` FROM reminders WHERE workspace_id = $1 AND id = $2`
	sqlReminderPlace = `SELECT ` + reminderColumns + ` FROM reminders WHERE workspace_id = $1 AND conversation_id = $2 AND user_id = $3`
	sqlReminderOf    = `SELECT ` + reminderColumns + ` FROM reminders WHERE workspace_id = $1 AND user_id = $2 ORDER BY due_at, id`
	sqlReminderDue   = `SELECT ` + reminderColumns + ` FROM reminders WHERE workspace_id = $1 AND fired_at = 0 AND due_at < $2 ORDER BY due_at, id LIMIT $3`
	sqlReminderPut   = `INSERT INTO reminders (workspace_id, ` + reminderColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (workspace_id, id) DO UPDATE SET note = excluded.note, due_at = excluded.due_at, unless_answered = excluded.unless_answered,
		seen_seq = excluded.seen_seq, fired_at = excluded.fired_at`
	sqlEraseReminders       = `DELETE FROM reminders WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseMemberReminders = `DELETE FROM reminders WHERE workspace_id = $1 AND user_id = $2`
	sqlReminderDelete       = `DELETE FROM reminders WHERE workspace_id = $1 AND id = $2`
)

func readReminder(r row, v *desk.Reminder) error {
	return scan(r, &v.ID, &v.UserID, &v.ConversationID, &v.Note, &v.DueAt, &v.UnlessAnswered, &v.SeenSeq, &v.FiredAt, &v.CreatedAt)
}

func (s reminders) Get(id desk.ID) (desk.Reminder, error) {
	return get(s.t, "reminder", readReminder, sqlReminderGet, s.t.workspace, id)
}

func (s reminders) Of(user, conversation desk.ID) (desk.Reminder, error) {
	return get(s.t, "reminder", readReminder, sqlReminderPlace, s.t.workspace, conversation, user)
}

func (s reminders) OfMember(user desk.ID) ([]desk.Reminder, error) {
	return list(s.t, readReminder, sqlReminderOf, s.t.workspace, user)
}

func (s reminders) Due(before time.Time, limit int) ([]desk.Reminder, error) {
	return list(s.t, readReminder, sqlReminderDue, s.t.workspace, before, limit)
}

func (s reminders) Put(v desk.Reminder) error {
	return s.t.write(sqlReminderPut, s.t.workspace, v.ID, v.UserID, v.ConversationID, v.Note, v.DueAt, v.UnlessAnswered, v.SeenSeq, v.FiredAt, v.CreatedAt)
}

func (s reminders) Delete(id desk.ID) error { return s.t.write(sqlReminderDelete, s.t.workspace, id) }
