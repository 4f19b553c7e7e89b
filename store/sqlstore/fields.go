package sqlstore

import "madoguchi/desk"

type fields struct{ t *tx }

const (
	fieldColumns = `id, subject, field_key, kind, label, options, required, position, created_at, updated_at, retired_at, version`

	sqlFieldGet  = `SELECT ` + fieldColumns + ` FROM fields WHERE workspace_id = $1 AND id = $2`
	sqlFieldList = `SELECT ` + fieldColumns + ` FROM fields WHERE workspace_id = $1 ORDER BY subject, position, id`
	sqlFieldPut  = `INSERT INTO fields (workspace_id, ` + fieldColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (workspace_id, id) DO UPDATE SET kind = excluded.kind, label = excluded.label, options = excluded.options,
		required = excluded.required, position = excluded.position, updated_at = excluded.updated_at, retired_at = excluded.retired_at,
		version = excluded.version`
	sqlFieldDelete = `DELETE FROM fields WHERE workspace_id = $1 AND id = $2`
)

func readField(r row, f *desk.Field) error {
	return scan(r, &f.ID, &f.Subject, &f.Key, &f.Kind, asJSON(&f.Label), asJSON(&f.Options), &f.Required, &f.Position, &f.CreatedAt,
		&f.UpdatedAt, &f.RetiredAt, &f.Version)
}

func (s fields) Get(id desk.ID) (desk.Field, error) {
	return get(s.t, "field", readField, sqlFieldGet, s.t.workspace, id)
}

func (s fields) List() ([]desk.Field, error) {
	return list(s.t, readField, sqlFieldList, s.t.workspace)
}

func (s fields) Put(f desk.Field) error {
	_, err := s.t.exec(sqlFieldPut, s.t.workspace, f.ID, f.Subject, f.Key, f.Kind, asJSON(f.Label), asJSON(f.Options), f.Required, f.Position,
		f.CreatedAt, f.UpdatedAt, f.RetiredAt, f.Version)
	return err
}

func (s fields) Delete(id desk.ID) error { return s.t.write(sqlFieldDelete, s.t.workspace, id) }
