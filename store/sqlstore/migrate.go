package sqlstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sort"
	"strconv"
	"strings"

	"modernc.org/sqlite"

	"madoguchi/desk"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

const (
	sqlSchemaTable   = `CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)`
	sqlSchemaVersion = `SELECT version FROM schema_versions ORDER BY version`
	sqlSchemaApplied = `INSERT INTO schema_versions (version, applied_at) VALUES ($1, $2)`
)

type migration struct {
	version int64
	text    string
}

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
	}
	return all, nil
}

// Migrate brings the schema up to date, forward only, under a lock; a schema of a newer program is refused with
// "schema_newer". An SQLite file that exists is copied first, beside it, as <path>.before-<version>.
func Migrate(ctx context.Context, c Config) error {
	s := prepare(c)
	var err error
	if s.migrations, err = migrations(); err != nil {
		return err
	}
	if c.URL != "" {
		err = s.migratePostgres(ctx)
	} else {
		err = s.migrateSQLite()
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func (s *Store) migrateSQLite() (err error) {
	c, err := openSQLite(&sqlite.Driver{}, s.config.Path, durablePragmas, s.dialect.statement)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.script(sqlSchemaTable); err != nil {
		return err
	}
	version, todo, err := s.pending(c)
	if err != nil || len(todo) == 0 {
		return err
	}
	if version > 0 {
		if err := s.copySQLite(c, version); err != nil {
			return fmt.Errorf("copy the database before migrating: %w", err)
		}
	}
	if err := c.script("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := s.apply(c, c.script); err != nil {
		return errors.Join(err, c.script("ROLLBACK"))
	}
	if err := writeStatistics(c); err != nil {
		return errors.Join(err, c.script("ROLLBACK"))
	}
	return c.script("COMMIT")
}

// copySQLite keeps the database as it was; a copy that is there already was made by an attempt that did not end.
func (s *Store) copySQLite(c *sqliteConn, version int64) error {
	path := fmt.Sprintf("%s.before-%d", s.config.Path, version+1)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return c.script("VACUUM INTO '" + strings.ReplaceAll(path, "'", "''") + "'")
}

// pending says which migrations are missing; another process may have applied them by the time we hold the lock.
func (s *Store) pending(run runner) (version int64, todo []migration, err error) {
	all := s.migrations
	applied := map[int64]bool{} // not only the newest: numbers are given before work ends, so a lower one may come later
	err = run.query(sqlSchemaVersion, nil, func(r row) error {
		err := scan(r, &version)
		applied[version] = true
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	if newest := all[len(all)-1].version; version > newest {
		return version, nil, desk.Errorf(desk.KindConflict, "schema_newer",
			"the database has schema %d, this program knows %d: use the newer program", version, newest)
	}
	for _, m := range all {
		if !applied[m.version] {
			todo = append(todo, m)
		}
	}
	return version, todo, nil
}

// apply runs the missing migrations; the caller holds the lock and the transaction.
func (s *Store) apply(run runner, script func(string) error) error {
	_, todo, err := s.pending(run)
	if err != nil {
		return err
	}
	for _, m := range todo {
		if err := script(s.dialect.schema(m.text)); err != nil {
			return fmt.Errorf("migration %d: %w", m.version, err)
		}
		args, err := bind([]any{m.version, s.now()})
		if err != nil {
			return err
		}
		if _, err := run.exec(sqlSchemaApplied, args); err != nil {
			return err
		}
	}
	return nil
}
