package sqlstore

type cursors struct{ t *tx }

const (
	sqlCursorGet = `SELECT seq FROM cursors WHERE workspace_id = $1 AND reactor = $2`
	sqlCursorPut = `INSERT INTO cursors (workspace_id, reactor, seq) VALUES ($1, $2, $3)
		ON CONFLICT (workspace_id, reactor) DO UPDATE SET seq = excluded.seq`
)

func (s cursors) Position(reactor string) (int64, error) {
	var seq int64
	_, err := s.t.value(sqlCursorGet, []any{s.t.workspace, reactor}, &seq)
	return seq, err
}

func (s cursors) SetPosition(reactor string, seq int64) error {
	return s.t.write(sqlCursorPut, s.t.workspace, reactor, seq)
}
