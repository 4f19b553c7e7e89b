package sqlstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"madoguchi/desk"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// schema_versions says which version a program must know to work on this database, migrations which files were applied.
// They differ because nodes of two releases work on one database while an upgrade goes through them.
const (
	sqlSchemaTable      = `CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)`
	sqlSchemaVersion    = `SELECT version FROM schema_versions ORDER BY version`
	sqlSchemaNeeds      = `INSERT INTO schema_versions (version, applied_at) VALUES ($1, $2)`
	sqlMigrationTable   = `CREATE TABLE IF NOT EXISTS migrations (version BIGINT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)`
	sqlMigrationList    = `SELECT version FROM migrations ORDER BY version`
	sqlMigrationApplied = `INSERT INTO migrations (version, applied_at) VALUES ($1, $2)`
)

const schemaTables = sqlSchemaTable + "; " + sqlMigrationTable

// migration is one numbered file. Programs that know the schema up to needs go on working after it; 0 = what worked before
// it. A file that takes something away says so in a line "-- needs N".
type migration struct {
	version int64
	needs   int64
	text    string
}

var migrationNeeds = regexp.MustCompile(`(?m)^-- needs (\d+)$`)

func migrations() ([]migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	all := make([]migration, len(names))
	for i, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s has no number: %w", name, err)
		}
		all[i] = migration{version: version, text: string(text)}
		if said := migrationNeeds.FindSubmatch(text); said != nil {
			if all[i].needs, err = strconv.ParseInt(string(said[1]), 10, 64); err != nil {
				return nil, fmt.Errorf("migration %s: %w", name, err)
			}
		}
	}
	all[0].needs = all[0].version
	return all, nil
}

// Migrate brings the schema up to date, forward only, under a lock; a schema that only a newer program can work with is
// refused with "schema_newer". An SQLite file that exists is copied first, beside it, as <path>.before-<version>.
func Migrate(ctx context.Context, c Config) error {
	s := prepare(c)
	var err error
	if s.migrations, err = migrations(); err != nil {
		return err
	}
	if c.URL != "" {
		err = s.migratePostgres(ctx)
	} else {
		err = s.migrateSQLite(ctx)
	}
	if err != nil {
		if desk.KindOf(err) == desk.KindInternal { // not translated yet
			err = s.dialect.translate(err)
		}
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// filePause is the time between tries while another program has the file.
const filePause = 50 * time.Millisecond

// migrateSQLite waits for a program that has the file, such as one that migrates it, for as long as ctx allows: a large desk
// takes minutes.
func (s *Store) migrateSQLite(ctx context.Context) error {
	for told := false; ; told = true {
		err := s.tryMigrateSQLite()
		if !fileTaken(err) {
			return err
		}
		if !told {
			s.log.WarnContext(ctx, "another program works on the database file: this one waits for it", "path", s.config.Path)
		}
		select {
		case <-time.After(filePause):
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		}
	}
}

// fileTaken reports that another program had the file: nothing happened.
func fileTaken(err error) bool {
	var se *sqlite.Error
	return errors.As(err, &se) && se.Code()&0xff == sqlite3.SQLITE_BUSY
}

func (s *Store) tryMigrateSQLite() (err error) {
	c, err := openSQLite(&sqlite.Driver{}, s.config.Path, impatientPragmas, s.dialect.statement)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.script(schemaTables); err != nil {
		return err
	}
	is, err := s.readSchema(c)
	if err != nil || len(is.missing) == 0 {
		return err
	}
	if err := c.script("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := s.migrateHeld(c); err != nil {
		return errors.Join(err, c.script("ROLLBACK"))
	}
	return c.script("COMMIT")
}

// migrateHeld copies the file and migrates it; nobody else writes meanwhile.
func (s *Store) migrateHeld(c *sqliteConn) error {
	is, err := s.readSchema(c)
	if err != nil || len(is.missing) == 0 {
		return err
	}
	if is.applied > 0 {
		if err := s.copySQLite(is.applied); err != nil {
			return fmt.Errorf("copy the database before migrating: %w", err)
		}
	}
	if err := s.apply(c, c.script); err != nil {
		return err
	}
	return writeStatistics(c)
}

// copySQLite keeps the database as it was; a copy that is there already was made by an attempt that did not end.
// It is made beside the connection that holds the file, as no transaction may be open where it is.
func (s *Store) copySQLite(version int64) (err error) {
	path := fmt.Sprintf("%s.before-%d", s.config.Path, version+1)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	c, err := openSQLite(&sqlite.Driver{}, s.config.Path, durablePragmas, s.dialect.statement)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	return c.script("VACUUM INTO '" + strings.ReplaceAll(path, "'", "''") + "'")
}

// schema is what a database says about itself, and what it lacks.
type schema struct {
	needs   int64 // what a program must know
	applied int64 // the newest migration
	missing []migration
}

// readSchema finds what is to be done; another process may have done it by the time we hold the lock.
func (s *Store) readSchema(run runner) (schema, error) {
	var is schema
	applied := map[int64]bool{} // not only the newest: numbers are given before work ends, so a lower one may come later
	err := run.query(sqlSchemaVersion, nil, func(r row) error {
		err := scan(r, &is.needs)
		applied[is.needs] = true
		return err
	})
	if err != nil {
		return is, err
	}
	if newest := s.migrations[len(s.migrations)-1].version; is.needs > newest {
		return is, desk.Errorf(desk.KindConflict, "schema_newer",
			"the database has schema %d, this program knows %d: use the newer program", is.needs, newest)
	}
	is.applied = is.needs
	noted := int64(0) // a database of the first schema that is only looked at has no such table
	if err := run.query(s.dialect.hasTable, []any{"migrations"}, func(r row) error { return r.into(&noted) }); err != nil {
		return is, err
	}
	if noted > 0 {
		err := run.query(sqlMigrationList, nil, func(r row) error {
			var v int64
			err := scan(r, &v)
			applied[v], is.applied = true, max(is.applied, v)
			return err
		})
		if err != nil {
			return is, err
		}
	}
	for _, m := range s.migrations {
		if !applied[m.version] {
			is.missing = append(is.missing, m)
		}
	}
	return is, nil
}

// apply runs the missing migrations; the caller holds the lock and the transaction.
func (s *Store) apply(run runner, script func(string) error) error {
	is, err := s.readSchema(run)
	if err != nil {
		return err
	}
	note := func(sql string, version int64) error {
		args, err := bind([]any{version, s.now()})
		if err != nil {
			return err
		}
		_, err = run.exec(sql, args)
		return err
	}
	needs := is.needs
	for _, m := range is.missing {
		if err := script(s.dialect.schema(m.text)); err != nil {
			return fmt.Errorf("migration %d: %w", m.version, err)
		}
		if err := note(sqlMigrationApplied, m.version); err != nil {
			return err
		}
		needs = max(needs, m.needs)
	}
	if needs == is.needs {
		return nil
	}
	return note(sqlSchemaNeeds, needs)
}
