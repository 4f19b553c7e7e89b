package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"madoguchi/store/sqlstore"
)

// Most tests want a database with its tables and nothing in them. Migrating costs more than most of them do, so they get
// a copy of one migrated file, or a PostgreSQL schema that an earlier test has given back.

// migrated is an empty SQLite database after every migration.
var migrated = sync.OnceValues(func() (file []byte, err error) {
	folder, err := os.MkdirTemp("", "madoguchi-migrated-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	c := sqlstore.Config{Path: filepath.Join(folder, "madoguchi.db"), Log: slog.New(slog.DiscardHandler)}
	if err := sqlstore.Migrate(context.Background(), c); err != nil {
		return nil, err
	}
	return os.ReadFile(c.Path)
})

func readyFile(t testing.TB) string {
	t.Helper()
	path := bareFile(t)
	Lay(t, path)
	return path
}

// Lay writes an empty SQLite database with its tables, for a program that will find it there.
func Lay(t testing.TB, path string) {
	t.Helper()
	file, err := migrated()
	if err != nil {
		t.Fatalf("migrate a database: %v", err)
	}
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
}

// readyDatabase lends the test a migrated, empty schema of a PostgreSQL database, and returns the URL of a connection
// that sees it alone. Whoever holds a schema's advisory lock has it: the lock goes with the connection, and with the
// process where that is killed.
func readyDatabase(t testing.TB) string {
	t.Helper()
	server := os.Getenv("MADOGUCHI_TEST_POSTGRES")
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("connect to the test server: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close(ctx) })
	name, err := takeSchema(ctx, conn)
	if err != nil {
		t.Fatalf("take a schema of the test server: %v", err)
	}
	url := inSchema(t, server, name)
	if err := ready(ctx, conn, name, url); err != nil {
		t.Fatalf("ready the schema %s: %v", name, err)
	}
	return url
}

// takeSchema names the first schema that nobody has, there or not. Its name says which migrations it was made with.
func takeSchema(ctx context.Context, conn *pgx.Conn) (string, error) {
	version, err := migrationsDigest()
	if err != nil {
		return "", err
	}
	for i := 0; ; i++ {
		name, taken := fmt.Sprintf("ready_%s_%d", version, i), false
		if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", name).Scan(&taken); err != nil || taken {
			return name, err
		}
	}
}

func migrationsDigest() (string, error) {
	_, file, _, _ := runtime.Caller(0)
	names, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(file)), "sqlstore", "migrations", "*.sql"))
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		h.Write(text)
	}
	return hex.EncodeToString(h.Sum(nil)[:6]), nil
}

// shape is a digest of a schema's columns, indexes and triggers: a test may have changed them.
const shape = `SELECT md5(string_agg(line, ';' ORDER BY line)) FROM (
	SELECT format('%s %s %s %s %s %s', c.relname, c.relkind, a.attname, a.atttypid, a.attnotnull, a.atthasdef) AS line
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE c.relnamespace = to_regnamespace($1)
	UNION ALL SELECT format('%s %s %s', c.relname, r.tgname, r.tgenabled)
		FROM pg_trigger r JOIN pg_class c ON c.oid = r.tgrelid WHERE c.relnamespace = to_regnamespace($1) AND NOT r.tgisinternal) AS lines`

// empty removes what the last test left. In this role no trigger stops it and no reference is looked at.
const empty = `SET LOCAL session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
	FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = '%[1]s' AND tablename NOT IN ('schema_versions', 'migrations') LOOP
		EXECUTE format('DELETE FROM %[1]s.%%I', name);
	END LOOP;
END $$`

// ready makes the schema what a migration of nothing makes. Its comment is the shape it had then.
func ready(ctx context.Context, conn *pgx.Conn, name, url string) error {
	var was, is *string
	if err := conn.QueryRow(ctx, "SELECT obj_description(to_regnamespace($1), 'pg_namespace')", name).Scan(&was); err != nil {
		return err
	}
	if err := conn.QueryRow(ctx, shape, name).Scan(&is); err != nil {
		return err
	}
	if was != nil && is != nil && *was == *is {
		_, err := conn.PgConn().Exec(ctx, "BEGIN; "+fmt.Sprintf(empty, name)+"; COMMIT").ReadAll()
		return err
	}
	_, err := conn.PgConn().Exec(ctx, fmt.Sprintf("DROP SCHEMA IF EXISTS %[1]s CASCADE; CREATE SCHEMA %[1]s", name)).ReadAll()
	if err != nil {
		return err
	}
	if err := sqlstore.Migrate(ctx, sqlstore.Config{URL: url, Log: slog.New(slog.DiscardHandler)}); err != nil {
		return err
	}
	if err := conn.QueryRow(ctx, shape, name).Scan(&is); err != nil {
		return err
	}
	_, err = conn.PgConn().Exec(ctx, fmt.Sprintf("COMMENT ON SCHEMA %s IS '%s'", name, *is)).ReadAll()
	return err
}
