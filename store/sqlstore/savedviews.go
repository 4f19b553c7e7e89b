package sqlstore

import "madoguchi/desk"

type savedViews struct{ t *tx }

const (
	savedViewColumns = `id, audience, owner_id, team_id, name, icon, color, place, filter, sort, created_at, updated_at, version`

	sqlSavedViewGet  = `SELECT ` + savedViewColumns + ` FROM saved_views WHERE workspace_id = $1 AND id = $2`
	sqlSavedViewList = `SELECT ` + savedViewColumns + ` FROM saved_views WHERE workspace_id = $1 ORDER BY place, id`
	sqlSavedViewPut  = `INSERT INTO saved_views (workspace_id, ` + savedViewColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (workspace_id, id) DO UPDATE SET audience = excluded.audience, owner_id = excluded.owner_id, team_id = excluded.team_id,
		name = excluded.name, icon = excluded.icon, color = excluded.color, place = excluded.place, filter = excluded.filter, sort = excluded.sort,
		updated_at = excluded.updated_at, version = excluded.version`
	sqlSavedViewDelete = `DELETE FROM saved_views WHERE workspace_id = $1 AND id = $2`
	sqlSavedViewLeave  = `DELETE FROM saved_views WHERE workspace_id = $1 AND owner_id = $2 AND owner_id > 0`
)

func readSavedView(r row, v *desk.SavedView) error {
	return scan(r, &v.ID, &v.Audience, &v.Owner, &v.TeamID, &v.Name, &v.Icon, &v.Color, &v.Place, asJSON(&v.Filter), &v.Sort, &v.CreatedAt, &v.UpdatedAt, &v.Version)
}

func (s savedViews) Get(id desk.ID) (desk.SavedView, error) {
	return get(s.t, "saved_view", readSavedView, sqlSavedViewGet, s.t.workspace, id)
}

func (s savedViews) List() ([]desk.SavedView, error) {
	return list(s.t, readSavedView, sqlSavedViewList, s.t.workspace)
}

func (s savedViews) Put(v desk.SavedView) error {
	return s.t.write(sqlSavedViewPut, s.t.workspace, v.ID, v.Audience, v.Owner, v.TeamID, v.Name, v.Icon, v.Color, v.Place, asJSON(v.Filter), v.Sort,
		v.CreatedAt, v.UpdatedAt, v.Version)
}

func (s savedViews) Delete(id desk.ID) error { return s.t.write(sqlSavedViewDelete, s.t.workspace, id) }
