package sqlstore

import (
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

type raws struct{ t *tx }

const (
	rawColumns = `workspace_id, id, channel_id, received_at, sealed, filed_at, attempts, due_at, fault`
	rawListed  = `workspace_id, id, channel_id, received_at, filed_at, attempts, due_at, fault`

	sqlRawGet  = `SELECT ` + rawColumns + ` FROM raw_requests WHERE workspace_id = $1 AND id = $2`
	sqlRawDue  = `SELECT ` + rawListed + ` FROM raw_requests WHERE due_at > 0 AND due_at <= $1 ORDER BY due_at, workspace_id, id LIMIT $2`
	sqlRawNext = `SELECT due_at FROM raw_requests WHERE due_at > 0 ORDER BY due_at LIMIT 1`
	sqlRawOf   = `SELECT ` + rawListed + ` FROM raw_requests WHERE workspace_id = $1 AND channel_id = $2 AND id > $3 AND received_at >= $4
		ORDER BY id LIMIT $5`
	sqlRawPut   = `INSERT INTO raw_requests (` + rawColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	sqlRawClaim = `UPDATE raw_requests SET due_at = $3, attempts = attempts + 1 WHERE workspace_id = $1 AND id = $2 AND due_at > 0 AND due_at <= $4
		RETURNING ` + rawColumns
	sqlRawSettle = `UPDATE raw_requests SET filed_at = $3, due_at = $4, fault = $5 WHERE workspace_id = $1 AND id = $2`
	sqlRawOld    = `SELECT workspace_id, id FROM raw_requests WHERE received_at < $1 ORDER BY received_at LIMIT $2`
	sqlRawDelete = `DELETE FROM raw_requests WHERE workspace_id = $1 AND id = $2`
)

func readRaw(r row, q *store.RawRequest) error {
	return scan(r, &q.Workspace, &q.ID, &q.ChannelID, &q.ReceivedAt, &q.Sealed, &q.FiledAt, &q.Attempts, &q.DueAt, &q.Fault)
}

func readRawListed(r row, q *store.RawRequest) error {
	return scan(r, &q.Workspace, &q.ID, &q.ChannelID, &q.ReceivedAt, &q.FiledAt, &q.Attempts, &q.DueAt, &q.Fault)
}

func (s raws) Get(id desk.ID) (store.RawRequest, error) {
	return get(s.t, "request", readRaw, sqlRawGet, s.t.workspace, id)
}

func (s raws) Due(limit int) ([]store.RawRequest, error) {
	return list(s.t, readRawListed, sqlRawDue, s.t.at, limit)
}

func (s raws) NextDue() (due time.Time, err error) {
	_, err = s.t.value(sqlRawNext, nil, &due)
	return due, err
}

func (s raws) Of(channel, after desk.ID, since time.Time, limit int) ([]store.RawRequest, error) {
	return list(s.t, readRawListed, sqlRawOf, s.t.workspace, channel, after, since, limit)
}

func (s raws) Put(q store.RawRequest) error {
	return s.t.write(sqlRawPut, s.t.workspace, q.ID, q.ChannelID, q.ReceivedAt, q.Sealed, q.FiledAt, q.Attempts, q.DueAt, q.Fault)
}

func (s raws) Claim(id desk.ID, until time.Time) (q store.RawRequest, found bool, err error) {
	s.t.wrote = true
	err = s.t.each(sqlRawClaim, []any{s.t.workspace, id, until, s.t.at}, func(r row) error {
		found = true
		return readRaw(r, &q)
	})
	return q, found, err
}

func (s raws) Settle(q store.RawRequest) error {
	return s.t.write(sqlRawSettle, s.t.workspace, q.ID, q.FiledAt, q.DueAt, q.Fault)
}

// sweepRaw deletes a batch of requests whose time is over and says how many.
func (t *tx) sweepRaw() (int, error) {
	type place struct{ workspace, id desk.ID }
	old, err := list(t, func(r row, p *place) error { return scan(r, &p.workspace, &p.id) }, sqlRawOld, t.at.Add(-store.RawKeptFor), seenBatch)
	if err != nil {
		return 0, err
	}
	for _, p := range old {
		if err := t.write(sqlRawDelete, p.workspace, p.id); err != nil {
			return 0, err
		}
	}
	return len(old), nil
}
