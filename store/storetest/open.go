// Package storetest is the meaning of package store as tests, and opens stores for the tests of others.
package storetest

import (
	"path/filepath"
	"testing"

	"madoguchi/store"
	"madoguchi/store/sqlstore"
)

// Option changes how a test's store is opened.
type Option func(*sqlstore.Config)

// SQLite opens an empty store in a file of the test's own.
func SQLite(t testing.TB, options ...Option) store.Store {
	t.Helper()
	c := sqlstore.Config{Path: filepath.Join(t.TempDir(), "madoguchi.db")}
	return open(t, c, options)
}

func open(t testing.TB, c sqlstore.Config, options []Option) *sqlstore.Store {
	t.Helper()
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
