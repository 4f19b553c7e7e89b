package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"modernc.org/sqlite"

	"madoguchi/store"
)

// PrepareAll prepares every statement on a migrated database, and those of its own index of words.
func PrepareAll(t *testing.T, c Config) error {
	t.Helper()
	words := "fts"
	if c.URL != "" {
		words = "gin"
	}
	all := append(statements(t, "sql"), statements(t, words)...)
	if len(all) < 500 {
		t.Fatalf("%d statements: the constants are not read right", len(all))
	}
	return prepareEach(t.Context(), c, all)
}

// PrepareTexts prepares statements by name.
func PrepareTexts(ctx context.Context, c Config, texts map[string]string) error {
	var all []statement
	for name, text := range texts {
		all = append(all, statement{name, text})
	}
	return prepareEach(ctx, c, all)
}

func prepareEach(ctx context.Context, c Config, statements []statement) error {
	if c.URL != "" {
		return prepareEachPostgres(ctx, c.URL, statements)
	}
	conn, err := openSQLite(&sqlite.Driver{}, c.Path, nil, sqliteDialect().statement)
	if err != nil {
		return err
	}
	var all error
	for _, s := range statements {
		if _, err := conn.stmt(s.text); err != nil {
			all = errors.Join(all, fmt.Errorf("%s: %w", s.name, err))
		}
	}
	return errors.Join(all, conn.close())
}

func prepareEachPostgres(ctx context.Context, url string, statements []statement) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	var all error
	for _, s := range statements {
		if _, err := conn.Prepare(ctx, s.name, postgresDialect().statement(s.text)); err != nil {
			all = errors.Join(all, fmt.Errorf("%s: %w", s.name, err))
		}
	}
	return errors.Join(all, conn.Close(ctx))
}

// SetSchema pretends that the database has another schema version.
func (s *Store) SetSchema(ctx context.Context, version int64) error {
	return s.update(ctx, 0, func(t *tx) error {
		_, err := t.exec(sqlSchemaNeeds, version, t.at)
		return err
	})
}

// Slot is the node slot that the store makes ids in.
func (s *Store) Slot() int {
	s.slot.mu.Lock()
	defer s.slot.mu.Unlock()
	return s.slot.number
}

// MigrateWith is Migrate of a program that knows one migration more, after which a program must know needs (0 = as before).
func MigrateWith(ctx context.Context, c Config, needs int64, text string) error {
	s := prepare(c)
	known, err := migrations()
	if err != nil {
		return err
	}
	s.migrations = append(known, migration{version: known[len(known)-1].version + 1, needs: needs, text: text})
	if c.URL != "" {
		return s.migratePostgres(ctx)
	}
	return s.migrateSQLite(ctx)
}

// Undecided are the tables of a database that records.go does not name, and the names there that are no tables.
func Undecided(ctx context.Context, c Config) (undecided, missing []string, err error) {
	var known []string
	for _, t := range recordTables {
		known = append(known, t.name)
	}
	known = append(append(known, remadeTables...), processTables...)
	err = Snapshot(ctx, c, func(view store.Snapshot) error {
		known = append(known, view.(*snapshot).store.dialect.words.tables()...)
		tables := `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`
		if c.URL != "" {
			tables = `SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()`
		}
		return view.(*snapshot).run.query(tables, nil, func(r row) error {
			var name string
			if err := r.into(&name); err != nil {
				return err
			}
			i := slices.Index(known, name)
			if i < 0 {
				undecided = append(undecided, name)
				return nil
			}
			known = slices.Delete(known, i, i+1)
			return nil
		})
	})
	return undecided, known, err
}

// RenewSlot prolongs the node slot's lease.
func (s *Store) RenewSlot(ctx context.Context) error { return s.renewSlot(ctx) }

// HoldFile keeps everybody else from writing to a database file until release.
func HoldFile(t *testing.T, c Config) (release func()) {
	t.Helper()
	held, err := openSQLite(&sqlite.Driver{}, c.Path, durablePragmas, sqliteDialect().statement)
	if err == nil {
		err = held.script("BEGIN IMMEDIATE")
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := held.close(); err != nil {
			t.Error(err)
		}
	}
}
