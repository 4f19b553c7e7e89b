package sqlstore

import "madoguchi/desk"

type workspaces struct{ t *tx }

const (
	workspaceColumns = `id, name, locale, zone, reopen_days, created_at, role_grants, files, opt_out_words, capacity, idle_minutes, requeue_minutes, hide_monitoring, external_links`

	sqlWorkspaceGet  = `SELECT ` + workspaceColumns + ` FROM workspaces WHERE id = $1`
	sqlWorkspaceList = `SELECT ` + workspaceColumns + ` FROM workspaces ORDER BY id`
	sqlWorkspacePut  = `INSERT INTO workspaces (` + workspaceColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, locale = excluded.locale, zone = excluded.zone,
		reopen_days = excluded.reopen_days, role_grants = excluded.role_grants, files = excluded.files, opt_out_words = excluded.opt_out_words,
		capacity = excluded.capacity, idle_minutes = excluded.idle_minutes, requeue_minutes = excluded.requeue_minutes, hide_monitoring = excluded.hide_monitoring,
		external_links = excluded.external_links`
	sqlWorkspaceLock       = `SELECT id FROM workspaces WHERE id = $1 FOR NO KEY UPDATE`
	sqlWorkspaceNextTicket = `UPDATE workspaces SET ticket_number = ticket_number + $2 WHERE id = $1 RETURNING ticket_number`
	// how many rules are in force comes along: who has none pays for none
	sqlWorkspaceNextRouted = `UPDATE workspaces SET ticket_number = ticket_number + 1 WHERE id = $1 RETURNING ticket_number,
		(SELECT COUNT(*) FROM routing_rules WHERE workspace_id = $1 AND active = 1)`

	brandColumns = `id, name, sender_name, locale, logo_key, created_at`
	sqlBrandGet  = `SELECT ` + brandColumns + ` FROM brands WHERE workspace_id = $1 AND id = $2`
	sqlBrandList = `SELECT ` + brandColumns + ` FROM brands WHERE workspace_id = $1 ORDER BY id`
	sqlBrandPut  = `INSERT INTO brands (workspace_id, ` + brandColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, sender_name = excluded.sender_name,
		locale = excluded.locale, logo_key = excluded.logo_key`
	sqlBrandDelete = `DELETE FROM brands WHERE workspace_id = $1 AND id = $2`
)

func readWorkspace(r row, w *desk.Workspace) error {
	return scan(r, workspaceDest(w)...)
}

func workspaceDest(w *desk.Workspace) []any {
	return []any{&w.ID, &w.Name, &w.Locale, &w.Zone, &w.ReopenDays, &w.CreatedAt, asJSON(&w.RoleGrants), asJSON(&w.Files), asJSON(&w.OptOutWords),
		&w.Capacity, &w.IdleMinutes, &w.RequeueMinutes, &w.HideMonitoring, asJSON(&w.ExternalLinks)}
}

func readBrand(r row, b *desk.Brand) error {
	return scan(r, &b.ID, &b.Name, &b.SenderName, &b.Locale, &b.LogoKey, &b.CreatedAt)
}

func (s workspaces) Current() (desk.Workspace, error) {
	return get(s.t, "workspace", readWorkspace, sqlWorkspaceGet, s.t.workspace)
}

func (s workspaces) All() ([]desk.Workspace, error) {
	if s.t.workspace != 0 {
		return nil, desk.Errorf(desk.KindForbidden, "server_only", "only the server itself lists workspaces")
	}
	return list(s.t, readWorkspace, sqlWorkspaceList)
}

func (s workspaces) Brand(id desk.ID) (desk.Brand, error) {
	return get(s.t, "brand", readBrand, sqlBrandGet, s.t.workspace, id)
}

func (s workspaces) Brands() ([]desk.Brand, error) {
	return list(s.t, readBrand, sqlBrandList, s.t.workspace)
}

func (s workspaces) Put(w desk.Workspace) error {
	if s.t.workspace != 0 && s.t.workspace != w.ID {
		return desk.NotFound("workspace")
	}
	return s.t.write(sqlWorkspacePut, w.ID, w.Name, w.Locale, w.Zone, w.ReopenDays, w.CreatedAt, asJSON(w.RoleGrants), asJSON(w.Files), asJSON(w.OptOutWords),
		w.Capacity, w.IdleMinutes, w.RequeueMinutes, w.HideMonitoring, asJSON(w.ExternalLinks))
}

func (s workspaces) Lock() error {
	const itself = desk.ID(0) // no conversation's id
	if err := s.t.fail(s.t.run.hold(s.t.workspace, itself)); err != nil {
		return err
	}
	var id desk.ID
	_, err := s.t.value(sqlWorkspaceLock, []any{s.t.workspace}, &id)
	return err
}

func (s workspaces) PutBrand(b desk.Brand) error {
	return s.t.write(sqlBrandPut, s.t.workspace, b.ID, b.Name, b.SenderName, b.Locale, b.LogoKey, b.CreatedAt)
}

func (s workspaces) DeleteBrand(id desk.ID) error {
	return s.t.write(sqlBrandDelete, s.t.workspace, id)
}

func (s workspaces) NextTicketNumber() (int64, error) { return s.NextTicketNumbers(1) }

func (s workspaces) NextTicketNumbers(n int) (int64, error) {
	var last int64
	found, err := s.t.drawn(sqlWorkspaceNextTicket, []any{s.t.workspace, n}, &last)
	if err == nil && !found {
		err = desk.NotFound("workspace")
	}
	return last - int64(n) + 1, err
}

func (s workspaces) NextTicketOfCustomer() (number int64, routed bool, err error) {
	var rules int64
	found, err := s.t.drawn(sqlWorkspaceNextRouted, []any{s.t.workspace}, &number, &rules)
	if err == nil && !found {
		err = desk.NotFound("workspace")
	}
	return number, rules > 0, err
}
