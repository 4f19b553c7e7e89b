package sqlstore_test

import (
	"os"
	"path/filepath"
	"testing"

	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// Whoever adds a table says whether backup, restore and move carry it.
func TestEveryTableIsDecidedOn(t *testing.T) {
	t.Parallel()
	storetest.EachBare(t, func(t *testing.T, c sqlstore.Config) {
		if err := sqlstore.Migrate(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		undecided, missing, err := sqlstore.Undecided(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range undecided {
			t.Errorf("say in records.go what becomes of the table %s: is it recordTables, remadeTables or processTables?", name)
		}
		for _, name := range missing {
			t.Errorf("records.go names %s, which is no table", name)
		}
		err = sqlstore.Snapshot(t.Context(), c, func(s store.Snapshot) error {
			for _, table := range s.Tables() {
				if err := s.Rows(table.Name, 7, func(store.Row) error { return nil }); err != nil {
					t.Errorf("%s: %v", table.Name, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestAPlaceIsKnownByAnyName(t *testing.T) {
	t.Parallel()
	storetest.EachBare(t, func(t *testing.T, c sqlstore.Config) {
		if err := sqlstore.Migrate(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		alias := c
		other := sqlstore.Config{Path: filepath.Join(t.TempDir(), "madoguchi.db")}
		if c.URL != "" {
			alias.URL += "&application_name=alias"
			other = sqlstore.Config{URL: storetest.NewDatabase(t)}
		} else if alias.Path = filepath.Join(t.TempDir(), "alias"); os.Symlink(c.Path, alias.Path) != nil {
			t.Fatal("no symbolic links")
		}
		if err := sqlstore.Migrate(t.Context(), other); err != nil {
			t.Fatal(err)
		}
		for want, b := range map[bool]sqlstore.Config{true: alias, false: other} {
			if same, err := sqlstore.SamePlace(t.Context(), c, b); same != want || err != nil {
				t.Errorf("%v is %v: %v, %v", c, b, same, err)
			}
		}
	})
}
