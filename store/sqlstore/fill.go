package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"modernc.org/sqlite"

	"madoguchi/desk"
	"madoguchi/store"
)

// Snapshot hands fn all records of a database as they are now, and changes nothing: no migration, no node slot. The desk may
// serve meanwhile. "database_missing" (not found) where no desk has been set up, "schema_newer" as for Migrate.
func Snapshot(ctx context.Context, c Config, fn func(store.Snapshot) error) error {
	s := prepare(c)
	var err error
	if s.migrations, err = migrations(); err != nil {
		return err
	}
	if c.URL != "" {
		return s.snapshotPostgres(ctx, fn)
	}
	return s.snapshotSQLite(fn)
}

var errNoDatabase = &desk.Error{Kind: desk.KindNotFound, Code: "database_missing", Message: "there is no desk here: nothing was set up yet"}

func (s *Store) snapshotSQLite(fn func(store.Snapshot) error) (err error) {
	if _, err := os.Stat(s.config.Path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s: %w", s.config.Path, errNoDatabase)
		}
		return err
	}
	c, err := openSQLite(&sqlite.Driver{}, s.config.Path, []string{"busy_timeout = 5000", "query_only = ON", "temp_store = MEMORY"}, s.dialect.statement)
	if err != nil {
		return translateSQLite(err)
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.script("BEGIN"); err != nil {
		return translateSQLite(err)
	}
	view, err := s.openSnapshot(c)
	if err != nil {
		return translateSQLite(err)
	}
	return fn(view)
}

func (s *Store) snapshotPostgres(ctx context.Context, fn func(store.Snapshot) error) (err error) {
	conn, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	view, err := s.openSnapshot(&pgRunner{ctx: ctx, conn: conn, begin: beginView})
	if err != nil {
		return translatePostgres(err)
	}
	return fn(view)
}

func (s *Store) dial(ctx context.Context) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(s.config.URL)
	if err != nil {
		return nil, desk.Errorf(desk.KindInvalid, "database_url_invalid", "the database URL cannot be read: %w", err)
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	return conn, translatePostgres(err)
}

// openSnapshot reads the schema's version, which fixes what the transaction sees.
func (s *Store) openSnapshot(run runner) (*snapshot, error) {
	tables := int64(0)
	if err := run.query(s.dialect.hasTable, []any{"schema_versions"}, func(r row) error { return r.into(&tables) }); err != nil {
		return nil, err
	}
	if tables == 0 {
		return nil, errNoDatabase
	}
	is, err := s.readSchema(run)
	if err != nil {
		return nil, err
	}
	if is.applied == 0 {
		return nil, errNoDatabase
	}
	return s.newSnapshot(run, is.applied)
}

// Fill hands fn a database to put records into, in one transaction: all of it is there afterwards, or nothing. A database that is
// not there yet is made with the given schema (0 = this program's) and brought to this program's when fn has ended; one
// that is there must have it ("schema_differs"). A new SQLite file gets its name only when it is whole and flushed.
func Fill(ctx context.Context, c Config, schema int64, fn func(store.Filler) error) error {
	s := prepare(c)
	known, err := migrations()
	if err != nil {
		return err
	}
	newest := known[len(known)-1].version
	if schema == 0 {
		schema = newest
	}
	if schema > newest {
		return desk.Errorf(desk.KindConflict, "schema_newer", "the records have schema %d, this program knows %d: use the newer program", schema, newest)
	}
	f := filling{Store: s, known: known, schema: schema, fn: fn}
	switch {
	case c.URL != "":
		err = f.postgres(ctx)
	case exists(c.Path):
		err = f.sqlite()
	default:
		err = f.newSQLite()
	}
	return err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// filling is one Fill.
type filling struct {
	*Store
	known  []migration
	schema int64
	fn     func(store.Filler) error
}

// through brings the schema to where the records fit, fills, and brings it to the newest.
func (f filling) through(run runner, script func(string) error, put func(store.Table, []store.Row) error) error {
	f.migrations = f.known
	is, err := f.readSchema(run)
	if err != nil {
		return err
	}
	if is.applied > 0 && is.applied != f.schema {
		return desk.Errorf(desk.KindConflict, "schema_differs", "the records have schema %d, the database has %d already: give an empty one", f.schema, is.applied)
	}
	for i, m := range f.known {
		if m.version <= f.schema {
			f.migrations = f.known[:i+1]
		}
	}
	if err := f.apply(run, script); err != nil {
		return err
	}
	view, err := f.newSnapshot(run, f.schema)
	if err != nil {
		return err
	}
	if err := f.fn(filler{snapshot: view, put: put}); err != nil {
		return err
	}
	f.migrations = f.known
	return f.apply(run, script)
}

// sqlite fills a file that is there.
func (f filling) sqlite() (err error) {
	c, err := openSQLite(&sqlite.Driver{}, f.config.Path, durablePragmas, f.dialect.statement)
	if err != nil {
		return translateSQLite(err)
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.script("BEGIN IMMEDIATE; " + schemaTables); err != nil {
		return translateSQLite(err)
	}
	if err := f.through(c, c.script, c.insert); err != nil {
		return errors.Join(translateSQLite(err), c.script("ROLLBACK"))
	}
	return translateSQLite(c.script("COMMIT"))
}

// newSQLite fills a file under another name: until it is whole nothing needs to be durable, or to be rolled back.
func (f filling) newSQLite() (err error) {
	unfinished := f.config.Path + ".unfinished"
	forget := func() error {
		err := os.Remove(unfinished)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	if err := forget(); err != nil { // what an attempt left that was killed
		return err
	}
	for _, ending := range []string{"-wal", "-journal"} {
		if exists(f.config.Path + ending) { // SQLite would take it for part of the new file
			return desk.Errorf(desk.KindConflict, "database_exists", "%s%s is left of another database: move it away first", f.config.Path, ending)
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, forget())
		}
	}()
	if err := f.write(unfinished); err != nil {
		return translateSQLite(err)
	}
	if err := flush(unfinished); err != nil {
		return err
	}
	if exists(f.config.Path) {
		return desk.Errorf(desk.KindConflict, "database_exists", "%s was made meanwhile", f.config.Path)
	}
	if err := os.Rename(unfinished, f.config.Path); err != nil {
		return err
	}
	return flush(filepath.Dir(f.config.Path))
}

func (f filling) write(path string) (err error) {
	pragmas := []string{"journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "foreign_keys = ON", "temp_store = MEMORY", "cache_size = -64000"}
	c, err := openSQLite(&sqlite.Driver{}, path, pragmas, f.dialect.statement)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.script("BEGIN; " + schemaTables); err != nil {
		return err
	}
	if err := f.through(c, c.script, c.insert); err != nil {
		return err
	}
	if err := writeStatistics(c); err != nil {
		return err
	}
	return c.script("COMMIT")
}

// flush makes a file or a folder's names durable.
func flush(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// insert writes rows one by one: the statement stays prepared.
func (c *sqliteConn) insert(t store.Table, rows []store.Row) error {
	places := make([]string, len(t.Columns))
	for i := range places {
		places[i] = "$" + strconv.Itoa(i+1)
	}
	sql := "INSERT INTO " + t.Name + " (" + columnNames(t) + ") VALUES (" + strings.Join(places, ", ") + ")"
	for _, r := range rows {
		if _, err := c.exec(sql, r); err != nil {
			return err
		}
	}
	return nil
}

func (f filling) postgres(ctx context.Context) (err error) {
	conn, err := f.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	script := func(text string) error {
		_, err := conn.PgConn().Exec(ctx, text).ReadAll()
		return err
	}
	if err := script(fmt.Sprintf("BEGIN; SELECT pg_advisory_xact_lock(%d); %s", migrationLock, schemaTables)); err != nil {
		return translatePostgres(err)
	}
	put := func(t store.Table, rows []store.Row) error {
		names := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			names[i] = c.Name
		}
		_, err := conn.CopyFrom(ctx, pgx.Identifier{t.Name}, names, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) { return rows[i], nil }))
		return err
	}
	if err := f.through(&pgRunner{ctx: ctx, conn: conn, begun: true}, script, put); err != nil {
		return translatePostgres(err) // closing the connection rolls back
	}
	if err := script("COMMIT"); err != nil {
		return uncertain(err)
	}
	return script("ANALYZE")
}
