package sqlstore

import (
	"time"

	"madoguchi/store"
)

type fetches struct{ t *tx }

const (
	fetchColumns = `workspace_id, message_id, part, conversation_id, channel_id, attempts, due_at, lease_token`

	sqlFetchDue  = `SELECT ` + fetchColumns + ` FROM media_fetches WHERE due_at <= $1 ORDER BY due_at, workspace_id, message_id, part LIMIT $2`
	sqlFetchNext = `SELECT due_at FROM media_fetches WHERE due_at > 0 ORDER BY due_at LIMIT 1`
	sqlFetchPut  = `INSERT INTO media_fetches (` + fetchColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (workspace_id, message_id, part) DO UPDATE SET attempts = excluded.attempts, due_at = excluded.due_at, lease_token = excluded.lease_token`
	sqlFetchClaim = `UPDATE media_fetches SET due_at = $4, lease_token = $5, attempts = attempts + 1
		WHERE workspace_id = $1 AND message_id = $2 AND part = $3 AND due_at <= $6 RETURNING ` + fetchColumns
	sqlFetchPostpone = `UPDATE media_fetches SET due_at = $4 WHERE workspace_id = $1 AND message_id = $2 AND part = $3 AND lease_token = $5`
	sqlFetchEnd      = `DELETE FROM media_fetches WHERE workspace_id = $1 AND message_id = $2 AND part = $3 AND lease_token = $4`
)

func readFetch(r row, f *store.MediaFetch) error {
	return scan(r, &f.Workspace, &f.MessageID, &f.Part, &f.ConversationID, &f.ChannelID, &f.Attempts, &f.DueAt, &f.Token)
}

func (s fetches) Due(limit int) ([]store.MediaFetch, error) {
	return list(s.t, readFetch, sqlFetchDue, s.t.at, limit)
}

func (s fetches) NextDue() (due time.Time, err error) {
	_, err = s.t.value(sqlFetchNext, nil, &due)
	return due, err
}

func (s fetches) Put(f store.MediaFetch) error {
	return s.t.write(sqlFetchPut, s.t.workspace, f.MessageID, f.Part, f.ConversationID, f.ChannelID, f.Attempts, f.DueAt, f.Token)
}

func (s fetches) Claim(f store.MediaFetch, until time.Time) (claimed store.MediaFetch, found bool, err error) {
	s.t.wrote = true
	err = s.t.each(sqlFetchClaim, []any{s.t.workspace, f.MessageID, f.Part, until, f.Token, s.t.at}, func(r row) error {
		found = true
		return readFetch(r, &claimed)
	})
	return claimed, found, err
}

func (s fetches) Postpone(f store.MediaFetch) (ours bool, err error) {
	n, err := s.t.exec(sqlFetchPostpone, s.t.workspace, f.MessageID, f.Part, f.DueAt, f.Token)
	return n == 1, err
}

func (s fetches) End(f store.MediaFetch) (ours bool, err error) {
	n, err := s.t.exec(sqlFetchEnd, s.t.workspace, f.MessageID, f.Part, f.Token)
	return n == 1, err
}
