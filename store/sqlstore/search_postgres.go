package sqlstore

import (
	"strings"

	"madoguchi/desk"
	"madoguchi/store"
)

// ginWords keeps the tokens as a tsvector that is made of them directly (PostgreSQL's parser never sees a text) under a GIN
// index.
type ginWords struct{}

const (
	insertWords = `INSERT INTO search_words (workspace_id, id, words)
		SELECT $1, $2, array_to_tsvector(string_to_array($3, ' ')) FROM `
	orReplaceWords = ` ON CONFLICT (workspace_id, id) DO UPDATE SET words = excluded.words`
	// The record is held until the index is committed: who deletes it waits, and takes it out of the index afterwards.
	ginPutMessage = insertWords + `(SELECT 1 FROM messages WHERE workspace_id = $1 AND id = $2 FOR KEY SHARE) AS there` + orReplaceWords
	ginPutContact = insertWords + `(SELECT 1 FROM contacts WHERE workspace_id = $1 AND id = $2 FOR KEY SHARE) AS there` + orReplaceWords
	ginPutNote    = insertWords + `(SELECT 1 FROM contact_notes WHERE workspace_id = $1 AND id = $2 FOR KEY SHARE) AS there` + orReplaceWords
	ginRemove     = `DELETE FROM search_words WHERE workspace_id = $1 AND id = $2`

	ginClear = `DELETE FROM search_words WHERE workspace_id = $1`

	// GIN knows no order. So a question is put to the newest entries first, one by one: a common word has its page there.
	ginWalk = `SELECT id FROM (SELECT id, words FROM search_words WHERE workspace_id = $1 AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4) AS newest
		WHERE words @@ $5::tsquery ORDER BY id DESC LIMIT $6`
	ginFloor = `SELECT id FROM search_words WHERE workspace_id = $1 AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT 1 OFFSET $4`
	// What is left is rare enough to be gathered and sorted. The planner may not take the walk again for it.
	ginGather = `WITH hits AS MATERIALIZED (SELECT workspace_id, id FROM search_words WHERE words @@ $1::tsquery)
		SELECT id FROM hits WHERE workspace_id = $2 AND id < $3 AND id >= $4 ORDER BY id DESC LIMIT $5`
)

// ginSample is how many entries are looked at one by one at first; where they show that a page's worth stands within
// ginWalkable, those are looked at as well.
const (
	ginSample   = 500
	ginWalkable = 4000
)

var ginPuts = map[store.SearchKind]string{store.SearchMessage: ginPutMessage, store.SearchContact: ginPutContact, store.SearchContactNote: ginPutNote}

func (ginWords) put(t *tx, e store.SearchEntry) error {
	return t.write(ginPuts[e.Kind], t.workspace, e.ID, strings.Join(e.Tokens, " "))
}

func (ginWords) remove(t *tx, id desk.ID) error { return t.write(ginRemove, t.workspace, id) }

func (ginWords) find(t *tx, q store.SearchQuery) ([]desk.ID, error) {
	match := matchText(q.Sets, " & ", " | ", func(t store.Token) string {
		quoted := "'" + strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(t.Text) + "'"
		if t.Open {
			quoted += ":*"
		}
		return quoted
	})
	found, floor, err := ginNewest(t, q, match, ginSample)
	if err != nil || floor == 0 || len(found) == q.Limit {
		return found, err
	}
	q.Below = floor
	if len(found)*(ginWalkable/ginSample) >= q.Limit { // common enough that the page fills up before long
		more, floor, err := ginNewest(t, remaining(q, found), match, ginWalkable)
		if found = append(found, more...); err != nil || floor == 0 || len(found) == q.Limit {
			return found, err
		}
		q.Below = floor
	}
	rest, err := list(t, readID, ginGather, match, t.workspace, q.Below, q.From, remaining(q, found).Limit)
	return append(found, rest...), err
}

// remaining asks for what is still missing.
func remaining(q store.SearchQuery, found []desk.ID) store.SearchQuery {
	q.Limit -= len(found)
	return q
}

// ginNewest looks at so many of the newest entries one by one; floor is the lowest id among them, 0 if there are no others.
func ginNewest(t *tx, q store.SearchQuery, match string, entries int) (found []desk.ID, floor desk.ID, err error) {
	found, err = list(t, readID, ginWalk, t.workspace, q.Below, q.From, entries, match, q.Limit)
	if err != nil || len(found) == q.Limit {
		return found, 0, err
	}
	_, err = t.value(ginFloor, []any{t.workspace, q.Below, q.From, entries - 1}, &floor)
	return found, floor, err
}

func (ginWords) clear(run runner, workspace desk.ID) error {
	_, err := run.exec(ginClear, []any{int64(workspace)})
	return err
}

func (ginWords) tables() []string { return []string{"search_words"} }

// tidy has nothing to do: autovacuum does it.
func (ginWords) tidy(*tx) (bool, error) { return false, nil }
