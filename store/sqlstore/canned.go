package sqlstore

import (
	"time"

	"madoguchi/desk"
)

type canned struct{ t *tx }

const (
	cannedColumns = `id, audience, owner_id, team_id, name, reading, folder, texts, files, uses, last_used_at, created_at, updated_at, version`

	sqlCannedGet  = `SELECT ` + cannedColumns + ` FROM canned_replies WHERE workspace_id = $1 AND id = $2`
	sqlCannedList = `SELECT ` + cannedColumns + ` FROM canned_replies WHERE workspace_id = $1 ORDER BY id`
	sqlCannedPut  = `INSERT INTO canned_replies (workspace_id, ` + cannedColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (workspace_id, id) DO UPDATE SET audience = excluded.audience, owner_id = excluded.owner_id, team_id = excluded.team_id,
		name = excluded.name, reading = excluded.reading, folder = excluded.folder, texts = excluded.texts, files = excluded.files, updated_at = excluded.updated_at, version = excluded.version`
	sqlCannedDelete = `DELETE FROM canned_replies WHERE workspace_id = $1 AND id = $2`
	sqlCannedUsed   = `UPDATE canned_replies SET uses = uses + 1, last_used_at = $3 WHERE workspace_id = $1 AND id = $2`
)

func readCanned(r row, c *desk.CannedReply) error {
	return scan(r, &c.ID, &c.Audience, &c.Owner, &c.TeamID, &c.Name, &c.Reading, &c.Folder, asJSON(&c.Texts), asJSON(&c.Files), &c.Uses, &c.LastUsedAt, &c.CreatedAt, &c.UpdatedAt, &c.Version)
}

func (s canned) Get(id desk.ID) (desk.CannedReply, error) {
	return get(s.t, "canned_reply", readCanned, sqlCannedGet, s.t.workspace, id)
}

func (s canned) List() ([]desk.CannedReply, error) {
	return list(s.t, readCanned, sqlCannedList, s.t.workspace)
}

func (s canned) Put(c desk.CannedReply) error {
	_, err := s.t.exec(sqlCannedPut, s.t.workspace, c.ID, c.Audience, c.Owner, c.TeamID, c.Name, c.Reading, c.Folder, asJSON(c.Texts), asJSON(c.Files), c.Uses, c.LastUsedAt,
		c.CreatedAt, c.UpdatedAt, c.Version)
	return err
}

func (s canned) Delete(id desk.ID) error { return s.t.write(sqlCannedDelete, s.t.workspace, id) }

func (s canned) Used(id desk.ID, at time.Time) error {
	n, err := s.t.exec(sqlCannedUsed, s.t.workspace, id, at)
	if err == nil && n == 0 {
		err = desk.NotFound("canned_reply")
	}
	return err
}
