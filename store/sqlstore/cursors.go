package sqlstore

import (
	"hash/fnv"

	"madoguchi/desk"
)

type cursors struct{ t *tx }

const (
	sqlCursorGet   = `SELECT seq FROM cursors WHERE workspace_id = $1 AND reactor = $2`
	sqlCursorBegin = `INSERT INTO cursors (workspace_id, reactor, seq) VALUES ($1, $2, 0) ON CONFLICT (workspace_id, reactor) DO NOTHING`
	sqlCursorHold  = `SELECT seq FROM cursors WHERE workspace_id = $1 AND reactor = $2 FOR NO KEY UPDATE`
	sqlCursorPut   = `INSERT INTO cursors (workspace_id, reactor, seq) VALUES ($1, $2, $3)
		ON CONFLICT (workspace_id, reactor) DO UPDATE SET seq = excluded.seq`
)

func (s cursors) Position(reactor string) (int64, error) {
	var seq int64
	_, err := s.t.value(sqlCursorGet, []any{s.t.workspace, reactor}, &seq)
	return seq, err
}

func (s cursors) Hold(reactor string) (int64, error) {
	return s.t.holdPosition(reactor, sqlCursorBegin, sqlCursorHold)
}

func (s cursors) SetPosition(reactor string, seq int64) error {
	return s.t.write(sqlCursorPut, s.t.workspace, reactor, seq)
}

// holdPosition locks the row that a name has in this workspace, also against those that commit together with this one: to them the
// row's lock is open.
func (t *tx) holdPosition(name, begin, hold string) (at int64, err error) {
	number := fnv.New32a()
	_, _ = number.Write([]byte(name))
	if err := t.fail(t.run.hold(t.workspace, -desk.ID(number.Sum32()))); err != nil { // no conversation's id
		return 0, err
	}
	if err := t.write(begin, t.workspace, name); err != nil {
		return 0, err
	}
	_, err = t.value(hold, []any{t.workspace, name}, &at)
	return at, err
}
