package sqlstore_test

import (
	"testing"

	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

func TestStatementsPrepare(t *testing.T) {
	t.Parallel()
	storetest.EachBare(t, func(t *testing.T, c sqlstore.Config) {
		if err := sqlstore.Migrate(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if err := sqlstore.PrepareAll(t, c); err != nil {
			t.Error(err)
		}
	})
}
