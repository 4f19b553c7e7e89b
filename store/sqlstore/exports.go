package sqlstore

import (
	"time"

	"madoguchi/desk"
)

type exports struct{ t *tx }

const (
	exportColumns = `id, kind, format, options, state, requested_by, done, total, attempts, failure, name, blob_key, size, lease_token, lease_until,
		created_at, ended_at, expires_at`

	sqlExportGet = `SELECT ` + exportColumns + ` FROM exports WHERE workspace_id = $1 AND id = $2`
	sqlExportOf  = `SELECT ` + exportColumns + ` FROM exports WHERE workspace_id = $1 AND requested_by = $2 ORDER BY id DESC LIMIT $3`
	sqlExportPut = `INSERT INTO exports (workspace_id, ` + exportColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`
	sqlExportDue   = `SELECT workspace_id FROM exports WHERE lease_until <= $1 AND state IN ('queued', 'running') ORDER BY lease_until, workspace_id, id LIMIT 1`
	sqlExportClaim = `UPDATE exports SET state = 'running', lease_token = $2, lease_until = $3, attempts = attempts + 1, done = 0
		WHERE workspace_id = $1 AND id = (SELECT id FROM exports WHERE workspace_id = $1 AND lease_until <= $4
			AND state IN ('queued', 'running') ORDER BY lease_until, workspace_id, id LIMIT 1)
		AND lease_until <= $4 AND state IN ('queued', 'running') RETURNING ` + exportColumns
	sqlExportRenew = `UPDATE exports SET done = $4, total = $5, lease_until = $6
		WHERE workspace_id = $1 AND id = $2 AND lease_token = $3 AND state = 'running'`
	sqlExportEnd = `UPDATE exports SET state = $4, failure = $5, name = $6, blob_key = $7, size = $8, done = $9, lease_until = 0, ended_at = $10,
		expires_at = $11 WHERE workspace_id = $1 AND id = $2 AND lease_token = $3 AND state = 'running'`
	sqlExportCancel = `UPDATE exports SET state = 'cancelled', lease_until = 0, ended_at = $3
		WHERE workspace_id = $1 AND id = $2 AND state IN ('queued', 'running')`
	sqlExportOld    = `SELECT workspace_id, id, blob_key FROM exports WHERE expires_at <= $1 AND state = 'done' ORDER BY expires_at, workspace_id, id LIMIT $2`
	sqlExportExpire = `UPDATE exports SET state = 'expired', blob_key = '' WHERE workspace_id = $1 AND id = $2 AND state = 'done'`
)

func readExport(r row, e *desk.Export) error {
	return scan(r, &e.ID, &e.Kind, &e.Format, asJSON(&e.Options), &e.State, &e.RequestedBy, &e.Done, &e.Total, &e.Attempts, &e.Failure, &e.Name,
		&e.Key, &e.Size, &e.LeaseToken, &e.LeaseUntil, &e.CreatedAt, &e.EndedAt, &e.ExpiresAt)
}

func (s exports) Get(id desk.ID) (desk.Export, error) {
	return get(s.t, "export", readExport, sqlExportGet, s.t.workspace, id)
}

func (s exports) Of(user desk.ID, limit int) ([]desk.Export, error) {
	return list(s.t, readExport, sqlExportOf, s.t.workspace, user, limit)
}

func (s exports) Due() (workspace desk.ID, err error) {
	_, err = s.t.value(sqlExportDue, []any{s.t.at}, &workspace)
	return workspace, err
}

func (s exports) Put(e desk.Export) error {
	return s.t.write(sqlExportPut, s.t.workspace, e.ID, e.Kind, e.Format, asJSON(e.Options), e.State, e.RequestedBy, e.Done, e.Total, e.Attempts,
		e.Failure, e.Name, e.Key, e.Size, e.LeaseToken, e.LeaseUntil, e.CreatedAt, e.EndedAt, e.ExpiresAt)
}

func (s exports) Claim(token string, until time.Time) (e desk.Export, found bool, err error) {
	s.t.wrote = true
	err = s.t.each(sqlExportClaim, []any{s.t.workspace, token, until, s.t.at}, func(r row) error {
		found = true
		return readExport(r, &e)
	})
	return e, found, err
}

func (s exports) Renew(e desk.Export) (ours bool, err error) {
	n, err := s.t.exec(sqlExportRenew, s.t.workspace, e.ID, e.LeaseToken, e.Done, e.Total, e.LeaseUntil)
	return n == 1, err
}

func (s exports) End(e desk.Export) (ours bool, err error) {
	n, err := s.t.exec(sqlExportEnd, s.t.workspace, e.ID, e.LeaseToken, e.State, e.Failure, e.Name, e.Key, e.Size, e.Done, e.EndedAt, e.ExpiresAt)
	return n == 1, err
}

func (s exports) Cancel(id desk.ID) (running bool, err error) {
	n, err := s.t.exec(sqlExportCancel, s.t.workspace, id, s.t.at)
	return n == 1, err
}

func (s exports) Old(limit int) ([]desk.Export, []desk.ID, error) {
	var all []desk.Export
	var workspaces []desk.ID
	err := s.t.each(sqlExportOld, []any{s.t.at, limit}, func(r row) error {
		var e desk.Export
		var workspace desk.ID
		err := scan(r, &workspace, &e.ID, &e.Key)
		all, workspaces = append(all, e), append(workspaces, workspace)
		return err
	})
	return all, workspaces, err
}

func (s exports) Expire(id desk.ID) error { return s.t.write(sqlExportExpire, s.t.workspace, id) }
