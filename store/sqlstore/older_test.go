package sqlstore_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// The release before goes on while an upgrade goes through the nodes: its statements fit the newer schema. When a
// migration says that it needs a newer program (contract, after expand), the file of the release it leaves behind goes.
func TestOlderStatementsFitTheNewerSchema(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "statements-1.sql"))
	if err != nil {
		t.Fatal(err)
	}
	older := map[string]string{}
	for _, part := range strings.Split(string(text), "\n-- ")[1:] {
		name, statement, _ := strings.Cut(part, "\n")
		older[name] = statement
	}
	if len(older) < 100 {
		t.Fatalf("%d statements: the file is not read right", len(older))
	}
	storetest.EachBare(t, func(t *testing.T, c sqlstore.Config) {
		if err := sqlstore.Migrate(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if err := sqlstore.PrepareTexts(t.Context(), c, older); err != nil {
			t.Error(err)
		}
	})
}

var (
	takesAway  = regexp.MustCompile(`(?i)\b(DROP\s+(TABLE|COLUMN|INDEX)|RENAME)\b`)
	addsColumn = regexp.MustCompile(`(?i)ADD\s+COLUMN[^;]*;`)
)

// What preparing does not show: an older INSERT does not name the new columns, so they have a default.
func TestMigrationsOnlyAdd(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(files) < 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := takesAway.Find(text); found != nil && !strings.Contains(string(text), "-- needs ") {
			t.Errorf("%s: %q takes something from the release before; say which release it needs", file, found)
		}
		for _, line := range addsColumn.FindAllString(string(text), -1) {
			if strings.Contains(line, "NOT NULL") && !strings.Contains(line, "DEFAULT") {
				t.Errorf("%s: %q has no default: the release before cannot insert", file, line)
			}
		}
	}
}
