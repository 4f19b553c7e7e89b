package sqlstore

import "madoguchi/desk"

type drafts struct{ t *tx }

const (
	draftColumns = `user_id, conversation_id, mode, body, updated_at, reply_to_id`

	sqlDraftOf  = `SELECT ` + draftColumns + ` FROM drafts WHERE workspace_id = $1 AND user_id = $2 AND conversation_id = $3 ORDER BY mode`
	sqlDraftAll = `SELECT ` + draftColumns + ` FROM drafts WHERE workspace_id = $1 AND user_id = $2 ORDER BY conversation_id, mode`
	sqlDraftPut = `INSERT INTO drafts (workspace_id, ` + draftColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, user_id, conversation_id, mode) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at, reply_to_id = excluded.reply_to_id`
	sqlDraftDelete = `DELETE FROM drafts WHERE workspace_id = $1 AND user_id = $2 AND conversation_id = $3 AND mode = $4`
)

func readDraft(r row, d *desk.Draft) error {
	return scan(r, &d.UserID, &d.ConversationID, &d.Mode, asJSON(&d.Body), &d.UpdatedAt, &d.ReplyToID)
}

func (s drafts) Of(user, conversation desk.ID) ([]desk.Draft, error) {
	return list(s.t, readDraft, sqlDraftOf, s.t.workspace, user, conversation)
}

func (s drafts) All(user desk.ID) ([]desk.Draft, error) {
	return list(s.t, readDraft, sqlDraftAll, s.t.workspace, user)
}

func (s drafts) Put(d desk.Draft) error {
	if len(d.Body) == 0 {
		return s.t.write(sqlDraftDelete, s.t.workspace, d.UserID, d.ConversationID, d.Mode)
	}
	return s.t.write(sqlDraftPut, s.t.workspace, d.UserID, d.ConversationID, d.Mode, asJSON(d.Body), d.UpdatedAt, d.ReplyToID)
}
