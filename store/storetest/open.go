// Package storetest is the meaning of package store as tests, and opens stores for the tests of others.
package storetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"madoguchi/store"
	"madoguchi/store/sqlstore"
)

// Option changes how a test's store is opened.
type Option func(*sqlstore.Config)

// SQLite opens an empty store in a file of the test's own.
func SQLite(t testing.TB, options ...Option) store.Store {
	t.Helper()
	return Open(t, sqlstore.Config{Path: readyFile(t)}, options...)
}

// Postgres opens an empty store in a schema that is the test's alone. MADOGUCHI_TEST_POSTGRES names the database, a URL
// whose role is a superuser.
func Postgres(t testing.TB, options ...Option) store.Store {
	t.Helper()
	return Open(t, sqlstore.Config{URL: readyDatabase(t)}, options...)
}

// Each runs a test on SQLite, and on PostgreSQL when MADOGUCHI_TEST_POSTGRES names a server. Where that server is
// required (MADOGUCHI_TEST_ALL=1) and missing, the test fails.
func Each(t *testing.T, test func(t *testing.T, open func(...Option) store.Store)) {
	t.Helper()
	EachConfig(t, func(t *testing.T, c sqlstore.Config) {
		test(t, func(o ...Option) store.Store { return Open(t, c, o...) })
	})
}

// EachConfig is Each for tests that open the store themselves, perhaps several times.
func EachConfig(t *testing.T, test func(t *testing.T, c sqlstore.Config)) {
	t.Helper()
	eachOf(t, test, readyFile, readyDatabase)
}

// OnPostgres is EachConfig for what SQLite cannot have: two who write at the same time, a connection that is lost.
func OnPostgres(t *testing.T, test func(t *testing.T, c sqlstore.Config)) {
	t.Helper()
	onPostgres(t, test, readyDatabase)
}

// EachBare is EachConfig for tests of migrating itself: the databases have no tables yet.
func EachBare(t *testing.T, test func(t *testing.T, c sqlstore.Config)) {
	t.Helper()
	eachOf(t, test, bareFile, NewDatabase)
}

func eachOf(t *testing.T, test func(t *testing.T, c sqlstore.Config), file, database func(testing.TB) string) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, sqlstore.Config{Path: file(t)})
	})
	onPostgres(t, test, database)
}

func onPostgres(t *testing.T, test func(t *testing.T, c sqlstore.Config), database func(testing.TB) string) {
	t.Helper()
	if !havePostgres(t) {
		return
	}
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, sqlstore.Config{URL: database(t)})
	})
}

func bareFile(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "madoguchi.db")
}

func havePostgres(t *testing.T) bool {
	t.Helper()
	if os.Getenv("MADOGUCHI_TEST_POSTGRES") != "" {
		return true
	}
	if os.Getenv("MADOGUCHI_TEST_ALL") == "1" {
		t.Fatal("MADOGUCHI_TEST_POSTGRES must name a PostgreSQL server")
	}
	return false
}

// NewDatabase makes an empty schema of a PostgreSQL database, which goes with the test, and returns the URL of a
// connection that sees it alone. (A database for every test would cost a checkpoint each.)
func NewDatabase(t testing.TB) string {
	t.Helper()
	server := os.Getenv("MADOGUCHI_TEST_POSTGRES")
	var b [8]byte
	_, _ = rand.Read(b[:])
	name := "test_" + hex.EncodeToString(b[:])
	onServer(t, server, "CREATE SCHEMA "+name)
	t.Cleanup(func() { onServer(t, server, "DROP SCHEMA "+name+" CASCADE") })
	return inSchema(t, server, name)
}

// inSchema is the URL of a connection that sees one schema alone.
func inSchema(t testing.TB, server, name string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("MADOGUCHI_TEST_POSTGRES: %v", err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func onServer(t testing.TB, server, sql string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("connect to the test server: %v", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// Open opens a store that is closed with the test.
func Open(t testing.TB, c sqlstore.Config, options ...Option) *sqlstore.Store {
	t.Helper()
	c.Log = slog.New(slog.DiscardHandler)
	for _, o := range options {
		o(&c)
	}
	s, err := sqlstore.Open(t.Context(), c)
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return s
}
