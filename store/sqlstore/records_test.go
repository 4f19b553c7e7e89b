package sqlstore_test

import (
	"testing"

	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// Whoever adds a table says whether backup, restore and move carry it.
func TestEveryTableIsDecidedOn(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, c sqlstore.Config) {
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
