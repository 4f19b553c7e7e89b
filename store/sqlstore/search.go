package sqlstore

import (
	"strings"

	"madoguchi/desk"
	"madoguchi/store"
)

type searches struct{ t *tx }

// wordIndex is how a database keeps the tokens of the search index.
type wordIndex interface {
	// put replaces the tokens of a record that is there; one that is being deleted meanwhile gets none.
	put(t *tx, e store.SearchEntry) error
	remove(t *tx, id desk.ID) error
	find(t *tx, q store.SearchQuery) ([]desk.ID, error)
	tidy(t *tx) (more bool, err error)
	// clear takes a workspace's entries out, before its records go.
	clear(run runner, workspace desk.ID) error
	// tables are those that hold entries, where they are tables like others.
	tables() []string
}

const (
	sqlSearchPosition      = `SELECT position FROM search_positions WHERE workspace_id = $1 AND task = $2`
	sqlSearchPositionBegin = `INSERT INTO search_positions (workspace_id, task, position) VALUES ($1, $2, 0)
		ON CONFLICT (workspace_id, task) DO NOTHING`
	sqlSearchPositionHold = `SELECT position FROM search_positions WHERE workspace_id = $1 AND task = $2 FOR NO KEY UPDATE`
	sqlSearchPositionPut  = `INSERT INTO search_positions (workspace_id, task, position) VALUES ($1, $2, $3)
		ON CONFLICT (workspace_id, task) DO UPDATE SET position = excluded.position`

	sqlMessagesBelow = `SELECT ` + messageColumns + ` FROM messages WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	sqlContactsBelow = `SELECT ` + contactColumns + ` FROM contacts WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	sqlNotesBelow    = `SELECT ` + noteColumns + ` FROM contact_notes WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
)

func (s searches) Position(task string) (at int64, err error) {
	_, err = s.t.value(sqlSearchPosition, []any{s.t.workspace, task}, &at)
	return at, err
}

func (s searches) Hold(task string) (int64, error) {
	return s.t.holdPosition(task, sqlSearchPositionBegin, sqlSearchPositionHold)
}

func (s searches) SetPosition(task string, position int64) error {
	return s.t.write(sqlSearchPositionPut, s.t.workspace, task, position)
}

func (s searches) MessagesBelow(id desk.ID, limit int) ([]desk.Message, error) {
	all, err := list(s.t, readMessage, sqlMessagesBelow, s.t.workspace, id, limit)
	if err != nil {
		return nil, err
	}
	return all, messages{s.t}.attach(all)
}

func (s searches) ContactsBelow(id desk.ID, limit int) ([]desk.Contact, error) {
	return list(s.t, readContact, sqlContactsBelow, s.t.workspace, id, limit)
}

func (s searches) NotesBelow(id desk.ID, limit int) ([]desk.ContactNote, error) {
	return list(s.t, readNote, sqlNotesBelow, s.t.workspace, id, limit)
}

func (s searches) Find(q store.SearchQuery) ([]desk.ID, error) {
	if q.Below == 0 {
		q.Below = 1 << 53
	}
	q.Limit = min(max(q.Limit, 1), 1000)
	sets := q.Sets
	q.Sets = nil
	for _, set := range sets {
		if len(set) > 0 {
			q.Sets = append(q.Sets, set)
		}
	}
	if len(q.Sets) == 0 {
		return nil, nil
	}
	return s.t.store.dialect.words.find(s.t, q)
}

func (s searches) Put(entries ...store.SearchEntry) error {
	for _, e := range entries {
		var err error
		if len(e.Tokens) == 0 {
			err = s.t.unfind(e.ID)
		} else {
			err = s.t.store.dialect.words.put(s.t, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s searches) Tidy() (bool, error) { return s.t.store.dialect.words.tidy(s.t) }

// unfind takes records that were deleted out of the index. It runs after the deletion: on PostgreSQL that waited for an
// indexer that was about to put them in.
func (t *tx) unfind(ids ...desk.ID) error {
	for _, id := range ids {
		if err := t.store.dialect.words.remove(t, id); err != nil {
			return err
		}
	}
	return nil
}

// unfindDeleted runs a deletion that returns ids, and takes them out of the index.
func (t *tx) unfindDeleted(sql string, args ...any) error {
	t.wrote = true
	ids, err := list(t, readID, sql, args...)
	if err != nil {
		return err
	}
	return t.unfind(ids...)
}

// matchText writes sets in a database's language.
func matchText(sets [][]store.Token, and, or string, token func(store.Token) string) string {
	any := make([]string, len(sets))
	for i, set := range sets {
		all := make([]string, len(set))
		for j, t := range set {
			all[j] = token(t)
		}
		any[i] = "(" + strings.Join(all, and) + ")"
	}
	return strings.Join(any, or)
}
