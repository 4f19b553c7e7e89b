package store

import "madoguchi/desk"

// What backup, restore and move need of a store: every record as a plain row, the same on every database.

// ColumnKind is what a column holds.
type ColumnKind string

// The kinds of columns. Every other type is one database's own, and not for records.
const (
	ColumnInteger ColumnKind = "integer" // int64
	ColumnText    ColumnKind = "text"    // string
	ColumnBytes   ColumnKind = "bytes"   // []byte
)

// Column is one column of a Table.
type Column struct {
	Name string     `json:"name"`
	Kind ColumnKind `json:"kind"`
}

// Table is one table of records with its columns, in the order of its rows' values.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
}

// Column is the position of a named column, -1 if there is none.
func (t Table) Column(name string) int {
	for i, c := range t.Columns {
		if c.Name == name {
			return i
		}
	}
	return -1
}

// Row is one record: a value per column, int64, string, []byte or nil.
type Row []any

// Snapshot is all records of a store at one instant, whoever writes meanwhile. What can be made again from other records
// (indexes, counters of searches) and what belongs to one process (node slots) is not in it.
type Snapshot interface {
	// Schema is the number of the newest migration applied.
	Schema() int64
	// Tables are those with records, each after the tables that it refers to.
	Tables() []Table
	// Count is how many rows of a table belong to a workspace, 0 = all of them.
	Count(table string, workspace desk.ID) (int64, error)
	// Rows hands out the rows of a table that belong to a workspace (0 = all), in the order of the primary key, text by
	// its bytes: the same on every database. each keeps the Row it is given. The users of a workspace are its members.
	Rows(table string, workspace desk.ID, each func(Row) error) error
}

// Filler is a store being filled with records, in one transaction; as a Snapshot it shows what is in it already.
type Filler interface {
	Snapshot
	// Put adds rows to a table, which has exactly these columns, in any order. A row that is there already, or one whose
	// reference is missing, ends the transaction with a desk.KindConflict.
	Put(t Table, rows []Row) error
	// Remove deletes everything that belongs to a workspace but its people, who may be members elsewhere.
	Remove(workspace desk.ID) error
}
