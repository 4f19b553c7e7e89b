package sqlstore

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"madoguchi/desk"
	"madoguchi/store"
)

// belonging says how the rows of a table belong to a workspace.
type belonging int

const (
	byWorkspaceID belonging = iota // they name it
	itself                         // they are workspaces
	byMembership                   // they are people, who may be members of several
)

// recordTables are the tables of records, each after those it refers to: what backup, restore and move carry. A test fails for a
// table that is neither here nor in remadeTables nor in processTables: whoever adds one decides.
var recordTables = []struct {
	name    string
	belongs belonging
}{
	{"workspaces", itself}, {"users", byMembership},
	{"brands", byWorkspaceID}, {"custom_roles", byWorkspaceID}, {"sessions", byWorkspaceID}, {"api_keys", byWorkspaceID}, {"invites", byWorkspaceID}, {"members", byWorkspaceID},
	{"presences", byWorkspaceID}, {"teams", byWorkspaceID}, {"team_members", byWorkspaceID}, {"team_turns", byWorkspaceID}, {"availabilities", byWorkspaceID}, {"tags", byWorkspaceID}, {"canned_replies", byWorkspaceID}, {"saved_views", byWorkspaceID}, {"schedules", byWorkspaceID}, {"fields", byWorkspaceID}, {"routing_rules", byWorkspaceID},
	{"channels", byWorkspaceID}, {"contacts", byWorkspaceID}, {"identities", byWorkspaceID}, {"contact_notes", byWorkspaceID},
	{"visitors", byWorkspaceID}, {"conversations", byWorkspaceID}, {"conversation_tags", byWorkspaceID}, {"conversation_mentions", byWorkspaceID}, {"counters", byWorkspaceID},
	{"member_reads", byWorkspaceID}, {"customer_reads", byWorkspaceID}, {"tickets", byWorkspaceID}, {"messages", byWorkspaceID},
	{"attachments", byWorkspaceID}, {"drafts", byWorkspaceID}, {"scheduled_messages", byWorkspaceID}, {"reminders", byWorkspaceID},
	{"event_heads", byWorkspaceID}, {"events", byWorkspaceID},
	{"cursors", byWorkspaceID}, {"lanes", byWorkspaceID}, {"deliveries", byWorkspaceID}, {"channel_pauses", byWorkspaceID},
	{"seen", byWorkspaceID}, {"held_messages", byWorkspaceID}, {"exports", byWorkspaceID}, {"demo_records", byWorkspaceID},
	{"raw_requests", byWorkspaceID}, {"media_fetches", byWorkspaceID}, {"rate_marks", byWorkspaceID}, {"fault_counts", byWorkspaceID},
	{"templates", byWorkspaceID}, {"surveys", byWorkspaceID}, {"notifications", byWorkspaceID}, {"offers", byWorkspaceID},
	{"slot_uses", byWorkspaceID}, {"slot_samples", byWorkspaceID}, {"wait_estimates", byWorkspaceID}, {"sla_policies", byWorkspaceID}, {"sla_clocks", byWorkspaceID}, {"wait_alerts", byWorkspaceID},
	{"macros", byWorkspaceID}, {"triggers", byWorkspaceID}, {"trigger_runs", byWorkspaceID}, {"trigger_timers", byWorkspaceID}, {"trigger_catch_ups", byWorkspaceID}, {"webhook_calls", byWorkspaceID}, {"mails", byWorkspaceID},
	{"audit_intents", byWorkspaceID}, {"audit_entries", byWorkspaceID}, {"audit_heads", byWorkspaceID},
}

// remadeTables lead with workspace_id and are made again after a restore or a move: from records, from the web, or by the browsers,
// which subscribe anew to the key of the installation that they find.
var remadeTables = []string{"search_positions", "link_previews", "pushes", "push_devices"}

// processTables tell of this database and the processes on it.
var processTables = []string{"schema_versions", "migrations", "node_slots", "installation", "duties"}

// keyedTable is a table of records and how to read it.
type keyedTable struct {
	store.Table
	belongs belonging
	key     []string // the primary key's columns, in its order
}

const (
	columnsOfSQLite = `SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid`
	// indkey counts from 0; the answer is like SQLite's: 0 = not in the key, 1 = its first column.
	columnsOfPostgres = `SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), (coalesce(array_position(i.indkey::int2[], a.attnum), -1) + 1)::bigint
		FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
		WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`
)

var errColumnType = errors.New("a column of a type that is one database's own")

// readTables finds the columns of every table of records that this database has: an older schema has fewer.
func readTables(d dialect, run runner) ([]keyedTable, error) {
	var all []keyedTable
	for _, known := range recordTables {
		t := keyedTable{Table: store.Table{Name: known.name}, belongs: known.belongs}
		key := map[int64]string{}
		err := run.query(d.columns, []any{known.name}, func(r row) error {
			var name, kind string
			var place int64
			if err := r.into(&name, &kind, &place); err != nil {
				return err
			}
			c := store.Column{Name: name, Kind: columnKinds[strings.ToLower(kind)]}
			if c.Kind == "" {
				return fmt.Errorf("%s.%s is %s: %w", known.name, name, kind, errColumnType)
			}
			if place > 0 {
				key[place] = name
			}
			t.Columns = append(t.Columns, c)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read the columns of %s: %w", known.name, err)
		}
		for place := range int64(len(key)) {
			t.key = append(t.key, key[place+1])
		}
		if len(t.Columns) > 0 {
			all = append(all, t)
		}
	}
	return all, nil
}

var columnKinds = map[string]store.ColumnKind{
	"bigint": store.ColumnInteger, "text": store.ColumnText, "blob": store.ColumnBytes, "bytea": store.ColumnBytes,
}

// snapshot reads records inside one transaction.
type snapshot struct {
	store  *Store
	run    runner
	schema int64
	tables []keyedTable
}

var _ store.Snapshot = (*snapshot)(nil)

func (s *Store) newSnapshot(run runner, schema int64) (*snapshot, error) {
	tables, err := readTables(s.dialect, run)
	return &snapshot{store: s, run: run, schema: schema, tables: tables}, err
}

func (s *snapshot) Schema() int64 { return s.schema }

func (s *snapshot) Tables() []store.Table {
	all := make([]store.Table, len(s.tables))
	for i, t := range s.tables {
		all[i] = t.Table
	}
	return all
}

func (s *snapshot) table(name string) (keyedTable, error) {
	i := slices.IndexFunc(s.tables, func(t keyedTable) bool { return t.Name == name })
	if i < 0 {
		return keyedTable{}, desk.Errorf(desk.KindInvalid, "table_unknown", "this database has no records in a table %q", name)
	}
	return s.tables[i], nil
}

// of is the condition for the rows of a workspace.
func (t keyedTable) of(workspace desk.ID) (where string, args []any) {
	if workspace == 0 {
		return "", nil
	}
	args = []any{int64(workspace)}
	switch t.belongs {
	case itself:
		return " WHERE id = $1", args
	case byMembership:
		return " WHERE id IN (SELECT user_id FROM members WHERE workspace_id = $1)", args
	}
	return " WHERE workspace_id = $1", args
}

func (s *snapshot) Count(table string, workspace desk.ID) (n int64, err error) {
	t, err := s.table(table)
	if err != nil {
		return 0, err
	}
	where, args := t.of(workspace)
	err = s.run.query("SELECT count(*) FROM "+t.Name+where, args, func(r row) error { return r.into(&n) })
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", table, s.store.dialect.translate(err))
	}
	return n, nil
}

func (s *snapshot) Rows(table string, workspace desk.ID, each func(store.Row) error) error {
	t, err := s.table(table)
	if err != nil {
		return err
	}
	where, args := t.of(workspace)
	order := make([]string, len(t.key))
	for i, name := range t.key {
		order[i] = name
		if t.Columns[t.Column(name)].Kind == store.ColumnText {
			order[i] += s.store.dialect.byBytes
		}
	}
	sql := "SELECT " + columnNames(t.Table) + " FROM " + t.Name + where + " ORDER BY " + strings.Join(order, ", ")
	var refused error
	err = s.run.query(sql, args, func(r row) error {
		values, err := r.(valuer).values()
		if err == nil {
			refused = each(values)
			err = refused
		}
		return err
	})
	if refused != nil {
		return refused
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", table, s.store.dialect.translate(err))
	}
	return nil
}

func columnNames(t store.Table) string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

// valuer is a row of any columns; the values are the caller's to keep.
type valuer interface{ values() (store.Row, error) }

func (values sqliteRow) values() (store.Row, error) {
	r := make(store.Row, len(values))
	for i, v := range values {
		r[i] = v
	}
	return r, nil
}

func (r pgRow) values() (store.Row, error) {
	v, err := r.rows.Values()
	return store.Row(v), err
}

// filler is a snapshot that is written to.
type filler struct {
	*snapshot
	put func(t store.Table, rows []store.Row) error
}

var _ store.Filler = filler{}

func (f filler) Put(t store.Table, rows []store.Row) error {
	ours, err := f.table(t.Name)
	if err != nil {
		return err
	}
	if !slices.Equal(t.Columns, ours.Columns) {
		return desk.Errorf(desk.KindInvalid, "columns_differ", "table %s has other columns here: %s, not %s", t.Name, columnNames(ours.Table), columnNames(t))
	}
	if err := f.put(t, rows); err != nil {
		return fmt.Errorf("fill %s: %w", t.Name, f.store.dialect.translate(err))
	}
	return nil
}

func (f filler) Remove(workspace desk.ID) error {
	if err := f.store.dialect.words.clear(f.run, workspace); err != nil {
		return fmt.Errorf("remove from the search index: %w", f.store.dialect.translate(err))
	}
	for _, name := range remadeTables {
		if err := f.remove(name, "workspace_id", workspace); err != nil {
			return err
		}
	}
	for _, t := range slices.Backward(f.tables) {
		column := "workspace_id"
		switch t.belongs {
		case itself:
			column = "id"
		case byMembership:
			continue
		}
		if err := f.remove(t.Name, column, workspace); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes a workspace's rows, though triggers may forbid it (of the audit log, say): a workspace leaves as a whole, and it was read
// again elsewhere before.
func (f filler) remove(table, column string, workspace desk.ID) error {
	guards := map[string]string{} // by name, how each is made
	err := f.run.query(f.store.dialect.triggers, []any{table}, func(r row) error {
		var name, text string
		err := r.into(&name, &text)
		guards[name] = text
		return err
	})
	for name := range guards {
		err = errors.Join(err, f.execute(fmt.Sprintf(f.store.dialect.lift, name, table)))
	}
	if err == nil {
		_, err = f.run.exec("DELETE FROM "+table+" WHERE "+column+" = $1", []any{int64(workspace)})
	}
	for _, text := range guards {
		if err == nil {
			err = f.execute(text)
		}
	}
	if err != nil {
		return fmt.Errorf("remove from %s: %w", table, f.store.dialect.translate(err))
	}
	return nil
}

func (f filler) execute(sql string) error {
	_, err := f.run.exec(sql, nil)
	return err
}
