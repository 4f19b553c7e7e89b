package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Examination is what a database says of itself, without anything being changed.
type Examination struct {
	Postgres bool
	Version  string            // the server's, or SQLite's
	Major    int               // PostgreSQL's
	Damage   []string          // what SQLite found broken in the file, at most 20 lines
	Settings map[string]string // PostgreSQL's that durability and text rest on
	Clock    time.Time         // PostgreSQL's, zero on SQLite
	Pending  int               // migrations that this program would apply
}

// PostgreSQL's settings that matter; a test of doctor names what each should be.
const (
	examineVersion  = `SELECT current_setting('server_version'), current_setting('server_version_num')::bigint / 10000`
	examineSettings = `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'server_encoding', 'zero_damaged_pages')`
	examineClock    = `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint`
	examineFile     = `PRAGMA integrity_check(20)`
	examineQuickly  = `PRAGMA quick_check(20)`
	examineSQLite   = `SELECT sqlite_version()`
)

// Examine looks at a database: thorough reads every page and index of a SQLite file. KindNotFound "database_missing" where
// there is none; errors of the connection as they are.
func Examine(ctx context.Context, c Config, thorough bool) (Examination, error) {
	s := prepare(c)
	var err error
	if s.migrations, err = migrations(); err != nil {
		return Examination{}, err
	}
	if c.URL != "" {
		return s.examinePostgres(ctx)
	}
	return s.examineSQLite(thorough)
}

func (s *Store) examineSQLite(thorough bool) (x Examination, err error) {
	if _, err := os.Stat(s.config.Path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return x, fmt.Errorf("%s: %w", s.config.Path, errNoDatabase)
		}
		return x, err
	}
	c, err := openSQLite(&sqlite.Driver{}, s.config.Path, []string{"busy_timeout = 5000", "query_only = ON"}, s.dialect.statement)
	if err != nil {
		return x, translateSQLite(err)
	}
	defer func() { err = errors.Join(err, c.close()) }()
	err = c.query(examineSQLite, nil, func(r row) error { return r.into(&x.Version) })
	if damaged(err) {
		x.Damage = append(x.Damage, err.Error())
		return x, nil
	}
	if err != nil {
		return x, translateSQLite(err)
	}
	check := examineQuickly
	if thorough {
		check = examineFile
	}
	err = c.query(check, nil, func(r row) error {
		var line string
		err := r.into(&line)
		if line != "ok" {
			x.Damage = append(x.Damage, line)
		}
		return err
	})
	if damaged(err) {
		x.Damage = append(x.Damage, err.Error())
		return x, nil
	}
	if err != nil || len(x.Damage) > 0 {
		return x, translateSQLite(err)
	}
	x.Pending, err = s.countPending(c)
	return x, err
}

// damaged reports that a file is so broken that it cannot even be looked at.
func damaged(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_CORRUPT || e.Code()&0xff == sqlite3.SQLITE_NOTADB)
}

func (s *Store) examinePostgres(ctx context.Context) (x Examination, err error) {
	x.Postgres, x.Settings = true, map[string]string{}
	conn, err := pgx.Connect(ctx, s.config.URL)
	if err != nil {
		return x, translatePostgres(err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	run := &pgRunner{ctx: ctx, conn: conn, begin: beginView}
	defer run.rollback()
	var major, clock int64
	err = errors.Join(
		run.query(examineVersion, nil, func(r row) error { return r.into(&x.Version, &major) }),
		run.query(examineClock, nil, func(r row) error { return r.into(&clock) }),
		run.query(examineSettings, nil, func(r row) error {
			var name, value string
			err := r.into(&name, &value)
			x.Settings[name] = value
			return err
		}),
	)
	if err != nil {
		return x, translatePostgres(err)
	}
	x.Major, x.Clock = int(major), time.UnixMilli(clock).UTC()
	x.Pending, err = s.countPending(run)
	return x, err
}

// countPending is how many migrations are missing; all of them where there is no schema yet. A newer schema is "schema_newer".
func (s *Store) countPending(run runner) (int, error) {
	is, err := s.readSchema(run)
	return len(is.missing), err
}
