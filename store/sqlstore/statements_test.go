package sqlstore_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// Every constant that holds a statement is listed, so that the tests below see it.
func TestStatementsAreListed(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{}
	for _, name := range sqlstore.StatementNames() {
		listed[name] = true
	}
	for _, name := range statementConstants(t) {
		if !listed[name] {
			t.Errorf("%s is not in statements()", name)
		}
		delete(listed, name)
	}
	for name := range listed {
		t.Errorf("statements() lists %s, which is no constant", name)
	}
}

func statementConstants(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				for _, id := range spec.Names {
					if strings.HasPrefix(id.Name, "sql") && len(spec.Values) > 0 {
						names = append(names, id.Name)
					}
				}
			}
			return true
		})
	}
	return names
}

func TestStatementsPrepare(t *testing.T) {
	t.Parallel()
	storetest.EachBare(t, func(t *testing.T, c sqlstore.Config) {
		if err := sqlstore.Migrate(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if err := sqlstore.PrepareAll(t.Context(), c); err != nil {
			t.Error(err)
		}
	})
}
