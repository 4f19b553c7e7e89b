package sqlstore

import (
	"madoguchi/desk"
)

const (
	roleColumns = `id, label, base, permissions, created_at, updated_at, version`
	sqlRoleGet  = `SELECT ` + roleColumns + ` FROM custom_roles WHERE workspace_id = $1 AND id = $2`
	sqlRoleList = `SELECT ` + roleColumns + ` FROM custom_roles WHERE workspace_id = $1 ORDER BY id`
	sqlRolePut  = `INSERT INTO custom_roles (workspace_id, ` + roleColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (workspace_id, id) DO UPDATE SET label = excluded.label, permissions = excluded.permissions,
		updated_at = excluded.updated_at, version = excluded.version`
	sqlRoleDelete = `DELETE FROM custom_roles WHERE workspace_id = $1 AND id = $2`

	// roleHeldColumns are a custom role as whoever has it is read with it: nothing where they have none, or one of another base, left over
	// by a program that knows none.
	roleHeldColumns = `COALESCE(c.id, 0), COALESCE(c.label, ''), COALESCE(c.base, ''), COALESCE(c.permissions, ''), COALESCE(c.created_at, 0), COALESCE(c.updated_at, 0), COALESCE(c.version, 0)`
)

func roleDest(c *desk.CustomRole) []any {
	return []any{&c.ID, asJSON(&c.Label), &c.Base, asJSON(&c.Permissions), &c.CreatedAt, &c.UpdatedAt, &c.Version}
}

func readRole(r row, c *desk.CustomRole) error { return scan(r, roleDest(c)...) }

// roleHeld is what roleHeldColumns say.
func roleHeld(c desk.CustomRole) *desk.CustomRole {
	if c.ID == 0 {
		return nil
	}
	return &c
}

// roleHeldID is what is kept of it.
func roleHeldID(c *desk.CustomRole) desk.ID {
	if c == nil {
		return 0
	}
	return c.ID
}

func (s members) CustomRole(id desk.ID) (desk.CustomRole, error) {
	return get(s.t, "role", readRole, sqlRoleGet, s.t.workspace, id)
}

func (s members) CustomRoles() ([]desk.CustomRole, error) {
	return list(s.t, readRole, sqlRoleList, s.t.workspace)
}

func (s members) PutCustomRole(c desk.CustomRole) error {
	return s.t.write(sqlRolePut, s.t.workspace, c.ID, asJSON(c.Label), c.Base, asJSON(c.Permissions), c.CreatedAt, c.UpdatedAt, c.Version)
}

func (s members) DeleteCustomRole(id desk.ID) error {
	return s.t.write(sqlRoleDelete, s.t.workspace, id)
}
