package sqlstore

import (
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

type audits struct{ t *tx }

const (
	auditColumns = `id, at, actor_kind, actor_id, ip, action, object_kind, object_id, object_name, changes, request_id`

	sqlAuditIntend = `INSERT INTO audit_intents (workspace_id, ` + auditColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`
	sqlAuditIntents = `SELECT ` + auditColumns + ` FROM audit_intents WHERE workspace_id = $1 ORDER BY id LIMIT $2`
	sqlAuditWaiting = `SELECT DISTINCT workspace_id FROM audit_intents ORDER BY workspace_id`
	sqlAuditLinked  = `DELETE FROM audit_intents WHERE workspace_id = $1 AND id = $2`

	sqlAuditAppend = `INSERT INTO audit_entries (workspace_id, ` + auditColumns + `, seq, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
	sqlAuditAfter = `SELECT ` + auditColumns + `, seq, hash FROM audit_entries WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`
	sqlAuditList  = `SELECT ` + auditColumns + `, seq, hash FROM audit_entries WHERE workspace_id = $1 AND seq < $2
		AND at >= $3 AND at < $4 AND ($5 = '' OR actor_kind = $5) AND (CAST($6 AS BIGINT) = 0 OR actor_id = $6) AND ($7 = '' OR action = $7)
		AND ($8 = '' OR object_kind = $8) AND (CAST($9 AS BIGINT) = 0 OR object_id = $9) ORDER BY seq DESC LIMIT $10`

	sqlAuditHead     = `SELECT seq, hash, sealed FROM audit_heads WHERE workspace_id = $1`
	sqlAuditHeadMake = `INSERT INTO audit_heads (workspace_id, seq) VALUES ($1, 0) ON CONFLICT (workspace_id) DO NOTHING`
	sqlAuditHeadLock = `SELECT seq, hash, sealed FROM audit_heads WHERE workspace_id = $1 FOR NO KEY UPDATE`
	sqlAuditHeadPut  = `UPDATE audit_heads SET seq = $2, hash = $3, sealed = $4 WHERE workspace_id = $1`
)

func auditArgs(workspace desk.ID, e desk.AuditEntry, more ...any) []any {
	return append([]any{workspace, e.ID, e.At, e.Actor.Kind, e.Actor.ID, e.IP, e.Action, e.Object.Kind, e.Object.ID, e.Object.Name, asJSON(e.Changes), e.RequestID}, more...)
}

func auditDest(e *desk.AuditEntry, more ...any) []any {
	return append([]any{&e.ID, &e.At, &e.Actor.Kind, &e.Actor.ID, &e.IP, &e.Action, &e.Object.Kind, &e.Object.ID, &e.Object.Name, asJSON(&e.Changes), &e.RequestID}, more...)
}

func readIntent(r row, e *desk.AuditEntry) error { return scan(r, auditDest(e)...) }

func readAuditEntry(r row, e *desk.AuditEntry) error {
	return scan(r, auditDest(e, &e.Seq, &e.Hash)...)
}

func readAuditHead(r row, h *store.AuditHead) error { return scan(r, &h.Seq, &h.Hash, &h.Sealed) }

func (s audits) Intend(workspace desk.ID, e desk.AuditEntry) error {
	if workspace != s.t.workspace && s.t.workspace != 0 {
		return desk.Errorf(desk.KindForbidden, "server_only", "a deed of workspace %d, noted in %d", workspace, s.t.workspace)
	}
	e.ID = s.t.NewID()
	if e.At.IsZero() {
		e.At = s.t.at
	}
	return s.t.write(sqlAuditIntend, auditArgs(workspace, e)...)
}

func (s audits) Intents(limit int) ([]desk.AuditEntry, error) {
	return list(s.t, readIntent, sqlAuditIntents, s.t.workspace, limit)
}

func (s audits) Waiting() ([]desk.ID, error) {
	if s.t.workspace != 0 {
		return nil, desk.Errorf(desk.KindForbidden, "server_only", "only the server itself knows which workspaces wait")
	}
	return list(s.t, readID, sqlAuditWaiting)
}

func (s audits) Head() (store.AuditHead, error) {
	h, err := get(s.t, "audit_head", readAuditHead, sqlAuditHead, s.t.workspace)
	if desk.KindOf(err) == desk.KindNotFound {
		return store.AuditHead{}, nil
	}
	return h, err
}

func (s audits) LockHead() (store.AuditHead, error) {
	if err := s.t.write(sqlAuditHeadMake, s.t.workspace); err != nil {
		return store.AuditHead{}, err
	}
	return get(s.t, "audit_head", readAuditHead, sqlAuditHeadLock, s.t.workspace)
}

func (s audits) Link(entries []desk.AuditEntry, head store.AuditHead) error {
	for _, e := range entries {
		if err := s.t.write(sqlAuditAppend, auditArgs(s.t.workspace, e, e.Seq, e.Hash)...); err != nil {
			return err
		}
		if err := s.t.write(sqlAuditLinked, s.t.workspace, e.ID); err != nil {
			return err
		}
	}
	return s.PutHead(head)
}

func (s audits) PutHead(h store.AuditHead) error {
	return s.t.write(sqlAuditHeadPut, s.t.workspace, h.Seq, h.Hash, h.Sealed)
}

func (s audits) After(seq int64, limit int) ([]desk.AuditEntry, error) {
	return list(s.t, readAuditEntry, sqlAuditAfter, s.t.workspace, seq, limit)
}

func (s audits) List(q store.AuditQuery) ([]desk.AuditEntry, string, error) {
	below, err := newestFirst(q.Page.After, "audit")
	if err != nil {
		return nil, "", err
	}
	until := int64(maxKey)
	if !q.Until.IsZero() {
		until = millis(q.Until)
	}
	n := limit(q.Page)
	rows, err := list(s.t, readAuditEntry, sqlAuditList, s.t.workspace, below, millis(sinceOr(q.Since)), until,
		q.Actor.Kind, q.Actor.ID, q.Action, q.ObjectKind, q.ObjectID, n+1)
	if err != nil || len(rows) <= n {
		return rows, "", err
	}
	return rows[:n], encodeCursor("audit", rows[n-1].Seq), nil
}

// sinceOr keeps an instant before 1970 from meaning "from the end".
func sinceOr(t time.Time) time.Time {
	if t.UnixMilli() < 0 {
		return time.Time{}
	}
	return t
}
