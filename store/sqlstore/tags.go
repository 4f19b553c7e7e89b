package sqlstore

import "madoguchi/desk"

type tags struct{ t *tx }

const (
	sqlTagGet  = `SELECT id, name, color, created_at FROM tags WHERE workspace_id = $1 AND id = $2`
	sqlTagList = `SELECT id, name, color, created_at FROM tags WHERE workspace_id = $1 ORDER BY name, id`
	sqlTagPut  = `INSERT INTO tags (workspace_id, id, name, color, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, color = excluded.color`
	sqlTagDelete = `DELETE FROM tags WHERE workspace_id = $1 AND id = $2`
	sqlTagUnlist = `DELETE FROM conversation_tags WHERE workspace_id = $1 AND tag_id = $2`
)

func readTag(r row, v *desk.Tag) error { return scan(r, &v.ID, &v.Name, &v.Color, &v.CreatedAt) }

func (s tags) Get(id desk.ID) (desk.Tag, error) {
	return get(s.t, "tag", readTag, sqlTagGet, s.t.workspace, id)
}

func (s tags) List() ([]desk.Tag, error) { return list(s.t, readTag, sqlTagList, s.t.workspace) }

func (s tags) Put(v desk.Tag) error {
	_, err := s.t.exec(sqlTagPut, s.t.workspace, v.ID, v.Name, v.Color, v.CreatedAt)
	return err
}

// Delete leaves the id in the TagIDs of old tickets: readers pass over ids that List does not know.
func (s tags) Delete(id desk.ID) error {
	if err := s.t.write(sqlTagUnlist, s.t.workspace, id); err != nil {
		return err
	}
	return s.t.write(sqlTagDelete, s.t.workspace, id)
}
