package sqlstore

import (
	"time"

	"madoguchi/desk"
)

type macros struct{ t *tx }

const (
	macroColumns = `id, audience, owner_id, team_id, name, reading, actions, uses, last_used_at, created_at, updated_at, version`

	sqlMacroGet  = `SELECT ` + macroColumns + ` FROM macros WHERE workspace_id = $1 AND id = $2`
	sqlMacroList = `SELECT ` + macroColumns + ` FROM macros WHERE workspace_id = $1 ORDER BY id`
	sqlMacroPut  = `INSERT INTO macros (workspace_id, ` + macroColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (workspace_id, id) DO UPDATE SET audience = excluded.audience, owner_id = excluded.owner_id, team_id = excluded.team_id,
		name = excluded.name, reading = excluded.reading, actions = excluded.actions, updated_at = excluded.updated_at, version = excluded.version`
	sqlMacroDelete = `DELETE FROM macros WHERE workspace_id = $1 AND id = $2`
	sqlMacroUsed   = `UPDATE macros SET uses = uses + 1, last_used_at = $3 WHERE workspace_id = $1 AND id = $2`
)

func readMacro(r row, m *desk.Macro) error {
	return scan(r, &m.ID, &m.Audience, &m.Owner, &m.TeamID, &m.Name, &m.Reading, asJSON(&m.Actions), &m.Uses, &m.LastUsedAt, &m.CreatedAt, &m.UpdatedAt, &m.Version)
}

func (s macros) Get(id desk.ID) (desk.Macro, error) {
	return get(s.t, "macro", readMacro, sqlMacroGet, s.t.workspace, id)
}

func (s macros) List() ([]desk.Macro, error) {
	return list(s.t, readMacro, sqlMacroList, s.t.workspace)
}

func (s macros) Put(m desk.Macro) error {
	return s.t.write(sqlMacroPut, s.t.workspace, m.ID, m.Audience, m.Owner, m.TeamID, m.Name, m.Reading, asJSON(m.Actions), m.Uses, m.LastUsedAt,
		m.CreatedAt, m.UpdatedAt, m.Version)
}

func (s macros) Delete(id desk.ID) error { return s.t.write(sqlMacroDelete, s.t.workspace, id) }

func (s macros) Used(id desk.ID, at time.Time) error {
	n, err := s.t.exec(sqlMacroUsed, s.t.workspace, id, at)
	if err == nil && n == 0 {
		err = desk.NotFound("macro")
	}
	return err
}
