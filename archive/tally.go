package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
)

// TableSum is what one table's rows add up to.
type TableSum struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"` // of the rows as lines, in the order of the primary key
}

// FileSum is what the files add up to.
type FileSum struct {
	Count  int64  `json:"count"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // of "<workspace>/<key>" and the bytes of each, in the order of the archive; "" where not all was read
}

// File names the bytes of a blob.
type File struct {
	Workspace desk.ID `json:"workspace"`
	Key       string  `json:"key"`
}

// Sums are what an archive or a database holds, in numbers: two that agree hold the same.
type Sums struct {
	Tables    []TableSum        `json:"tables"`
	Positions map[desk.ID]int64 `json:"positions"` // of each workspace's newest event
	Files     FileSum           `json:"files"`
	// Missing are files that rows name and that were not there: damage that was there before.
	Missing []File `json:"missing"`
}

// Rows is the number of all rows.
func (s Sums) Rows() (n int64) {
	for _, t := range s.Tables {
		n += t.Rows
	}
	return n
}

// tally adds rows up as they go by.
type tally struct {
	tables  map[string]*tableTally
	order   []string
	heads   map[desk.ID]int64 // as event_heads says
	last    map[desk.ID]int64 // as the events say
	named   map[File]bool     // files that rows name
	line    []byte
	without map[string][]string // columns by table that are left out of the sums
}

type tableTally struct {
	rows int64
	sum  hash.Hash
}

func newTally() *tally {
	return &tally{tables: map[string]*tableTally{}, heads: map[desk.ID]int64{}, last: map[desk.ID]int64{}, named: map[File]bool{}}
}

// fileColumns hold keys of blobs, "" = none.
var fileColumns = []string{"blob_key", "thumb_key", "avatar_key", "logo_key"}

// begin makes a table known even if it stays empty.
func (t *tally) begin(table store.Table) {
	if t.tables[table.Name] == nil {
		t.tables[table.Name] = &tableTally{sum: sha256.New()}
		t.order = append(t.order, table.Name)
	}
}

// add counts a row and gives its line, which stays valid until the next.
func (t *tally) add(table store.Table, r store.Row) ([]byte, error) {
	line, err := appendRow(t.line[:0], table, r)
	if err != nil {
		return nil, err
	}
	t.line = line
	return line, t.count(table, r, line)
}

// count counts a row that has a line already, with its newline.
func (t *tally) count(table store.Table, r store.Row, line []byte) error {
	sum := t.tables[table.Name]
	sum.rows++
	if left := t.without[table.Name]; left != nil {
		r = slices.Clone(r)
		for _, name := range left {
			r[table.Column(name)] = nil
		}
		var err error
		if line, err = appendRow(nil, table, r); err != nil {
			return err
		}
	}
	sum.sum.Write(line) // a hash never fails
	at := table.Column("workspace_id")
	if at < 0 {
		return nil
	}
	id, _ := r[at].(int64)
	workspace := desk.ID(id)
	switch table.Name {
	case "event_heads":
		t.heads[workspace], _ = r[table.Column("seq")].(int64)
	case "events":
		seq, _ := r[table.Column("seq")].(int64)
		t.last[workspace] = max(t.last[workspace], seq)
	}
	for _, name := range fileColumns {
		if at := table.Column(name); at >= 0 {
			if key, _ := r[at].(string); key != "" {
				t.named[File{workspace, key}] = true
			}
		}
	}
	return nil
}

// sums is the result. The positions must hold what was counted: a follower of the log goes on from them.
func (t *tally) sums() (Sums, error) {
	s := Sums{Positions: t.heads, Missing: []File{}}
	for _, name := range t.order {
		sum := t.tables[name]
		s.Tables = append(s.Tables, TableSum{Name: name, Rows: sum.rows, SHA256: hex.EncodeToString(sum.sum.Sum(nil))})
	}
	for workspace, last := range t.last {
		if last > t.heads[workspace] {
			return s, desk.Errorf(desk.KindInternal, "positions_wrong", "workspace %d has an event at %d after its log's end at %d", workspace, last, t.heads[workspace])
		}
	}
	return s, nil
}

// compare says in words where two databases differ, nil if nowhere. What is written where in Files is not compared.
func (s Sums) compare(other Sums) error {
	if len(s.Tables) != len(other.Tables) {
		return fmt.Errorf("%d tables, not %d", len(other.Tables), len(s.Tables))
	}
	for i, a := range s.Tables {
		if b := other.Tables[i]; a != b {
			return fmt.Errorf("table %s: %d rows (SHA-256 %.12s…), not %d (%.12s…)", a.Name, b.Rows, b.SHA256, a.Rows, a.SHA256)
		}
	}
	if !maps.Equal(s.Positions, other.Positions) {
		return fmt.Errorf("event positions %v, not %v", other.Positions, s.Positions)
	}
	return nil
}
