package sqlstore

import (
	"errors"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// statement is a constant that holds one.
type statement struct{ name, text string }

// statements are the constants whose names begin like this, as the compiler puts them together, in the order of their names:
// nobody keeps a list of them.
func statements(t *testing.T, prefix string) (all []statement) {
	t.Helper()
	defined := &types.Info{Defs: map[*ast.Ident]types.Object{}}
	set := token.NewFileSet()
	read := types.Config{Importer: unread{}, Error: func(error) {}} // what needs other packages is no statement
	_, _ = read.Check("sqlstore", set, sources(t, set), defined)
	for name, is := range defined.Defs {
		if c, ok := is.(*types.Const); ok && strings.HasPrefix(name.Name, prefix) && c.Val().Kind() == constant.String {
			all = append(all, statement{name.Name, constant.StringVal(c.Val())})
		}
	}
	slices.SortFunc(all, func(x, y statement) int { return strings.Compare(x.name, y.name) })
	return all
}

func sources(t *testing.T, set *token.FileSet) (parsed []*ast.File) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, f)
	}
	return parsed
}

// unread is where imports come from: nowhere.
type unread struct{}

func (unread) Import(string) (*types.Package, error) { return nil, errors.New("not read") }
