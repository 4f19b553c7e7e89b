package sqlstore

import "madoguchi/desk"

const (
	customColumns = `id, name, means, reassigns, position, created_at`
	sqlCustomGet  = `SELECT ` + customColumns + ` FROM availabilities WHERE workspace_id = $1 AND id = $2`
	sqlCustomList = `SELECT ` + customColumns + ` FROM availabilities WHERE workspace_id = $1 ORDER BY position, id`
	sqlCustomPut  = `INSERT INTO availabilities (workspace_id, ` + customColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, means = excluded.means, reassigns = excluded.reassigns,
		position = excluded.position`
	sqlCustomDelete = `DELETE FROM availabilities WHERE workspace_id = $1 AND id = $2`
	sqlCustomLeave  = `UPDATE presences SET custom_id = 0 WHERE workspace_id = $1 AND custom_id = $2`
)

func readCustom(r row, c *desk.CustomAvailability) error {
	return scan(r, &c.ID, &c.Name, &c.Means, &c.Reassigns, &c.Position, &c.CreatedAt)
}

func (s members) CustomAvailability(id desk.ID) (desk.CustomAvailability, error) {
	return get(s.t, "availability", readCustom, sqlCustomGet, s.t.workspace, id)
}

func (s members) CustomAvailabilities() ([]desk.CustomAvailability, error) {
	return list(s.t, readCustom, sqlCustomList, s.t.workspace)
}

func (s members) PutCustomAvailability(c desk.CustomAvailability) error {
	return s.t.write(sqlCustomPut, s.t.workspace, c.ID, c.Name, c.Means, c.Reassigns, c.Position, c.CreatedAt)
}

func (s members) DeleteCustomAvailability(id desk.ID) error {
	if err := s.t.write(sqlCustomLeave, s.t.workspace, id); err != nil {
		return err
	}
	return s.t.write(sqlCustomDelete, s.t.workspace, id)
}
