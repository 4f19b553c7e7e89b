package sqlstore

import (
	"strings"

	"madoguchi/desk"
	"madoguchi/store"
)

// ftsWords keeps the tokens in an FTS5 table of its own: no content, no positions, one row per record. FTS5 walks a
// question's rows by rowid, so the newest come first without sorting. Its tokenizer "ascii" parts words at ASCII
// punctuation only, which tokens have none of: it never cuts them again.
type ftsWords struct{}

const (
	ftsPutMessage = `INSERT OR REPLACE INTO search_words (rowid, words) SELECT $1, $2 WHERE EXISTS
		(SELECT 1 FROM messages WHERE workspace_id = $3 AND id = $4)`
	ftsPutContact = `INSERT OR REPLACE INTO search_words (rowid, words) SELECT $1, $2 WHERE EXISTS
		(SELECT 1 FROM contacts WHERE workspace_id = $3 AND id = $4)`
	ftsPutNote = `INSERT OR REPLACE INTO search_words (rowid, words) SELECT $1, $2 WHERE EXISTS
		(SELECT 1 FROM contact_notes WHERE workspace_id = $3 AND id = $4)`
	ftsRemove        = `DELETE FROM search_words WHERE rowid = $1`
	ftsClearMessages = `DELETE FROM search_words WHERE rowid IN (SELECT id + $2 FROM messages WHERE workspace_id = $1)`
	ftsClearContacts = `DELETE FROM search_words WHERE rowid IN (SELECT id + $2 FROM contacts WHERE workspace_id = $1)`
	ftsClearNotes    = `DELETE FROM search_words WHERE rowid IN (SELECT id + $2 FROM contact_notes WHERE workspace_id = $1)`

	ftsFind = `SELECT rowid FROM search_words WHERE search_words MATCH $1 AND rowid < $2 AND rowid >= $3 ORDER BY rowid DESC LIMIT $4`
	// Merges so many pages of segments that have gathered; a step that changes less than two rows had nothing to do.
	ftsTidy    = `INSERT INTO search_words (search_words, rank) VALUES ('merge', 64)`
	ftsChanges = `SELECT total_changes()`
)

var ftsPut = map[store.SearchKind]string{store.SearchMessage: ftsPutMessage, store.SearchContact: ftsPutContact, store.SearchContactNote: ftsPutNote}

// idBits is how many bits an id has.
const idBits = 53

// ftsRow gives every workspace a range of rowids of its own (of 512: two that share one are told apart by their records),
// so that one does not wade through the other's rows.
func ftsRow(workspace, id desk.ID) int64 {
	part := (uint64(workspace) * 0x9e3779b97f4a7c15) >> 55
	return int64(part<<idBits + uint64(id))
}

func (ftsWords) put(t *tx, e store.SearchEntry) error {
	return t.write(ftsPut[e.Kind], ftsRow(t.workspace, e.ID), strings.Join(e.Tokens, " "), t.workspace, e.ID)
}

func (ftsWords) remove(t *tx, id desk.ID) error {
	return t.write(ftsRemove, ftsRow(t.workspace, id))
}

func (ftsWords) find(t *tx, q store.SearchQuery) ([]desk.ID, error) {
	return list(t, func(r row, id *desk.ID) error {
		err := scan(r, id)
		*id &= 1<<idBits - 1
		return err
	}, ftsFind, ftsMatch(q.Sets), ftsRow(t.workspace, q.Below), ftsRow(t.workspace, q.From), q.Limit)
}

// ftsMatch writes sets in FTS5's language: ("a" AND "b" *) OR ("c").
func ftsMatch(sets [][]store.Token) string {
	return matchText(sets, " AND ", " OR ", func(t store.Token) string {
		quoted := `"` + strings.ReplaceAll(t.Text, `"`, `""`) + `"`
		if t.Open {
			quoted += " *"
		}
		return quoted
	})
}

// clear goes by the records: a range of rowids may be another workspace's too.
func (ftsWords) clear(run runner, workspace desk.ID) error {
	for _, sql := range []string{ftsClearMessages, ftsClearContacts, ftsClearNotes} {
		if _, err := run.exec(sql, []any{int64(workspace), ftsRow(workspace, 0)}); err != nil {
			return err
		}
	}
	return nil
}

func (ftsWords) tables() []string { return nil }

func (ftsWords) tidy(t *tx) (bool, error) {
	var before, after int64
	if _, err := t.value(ftsChanges, nil, &before); err != nil {
		return false, err
	}
	if err := t.write(ftsTidy); err != nil {
		return false, err
	}
	_, err := t.value(ftsChanges, nil, &after)
	return after-before >= 2, err
}
