package security_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// mayFetch are the folders that open connections of their own, and why each may. Everything else gets its client from app,
// which makes it in package guard; what guard refuses is tested there.
var mayFetch = map[string]string{
	"guard":          "is the guarded client",
	"bench":          "measures the desk, on this machine",
	"store/sqlstore": "the database that the operator named",
	"bus/natsbus":    "the NATS servers that the operator named",
	"blob/s3blob":    "the S3 server that the operator named",
	"smtp":           "the mail server that the operator named",
	"sim":            "pretends providers, which call the desk; app gives it the guarded client",
	"testserver":     "starts servers for tests; a rule of arch_test.go keeps it out of the program",
}

// fetches are the names of the standard library that reach out.
var fetches = map[string][]string{
	"net/http":   {"Get", "Post", "PostForm", "Head", "DefaultClient", "DefaultTransport", "Client", "Transport"},
	"net":        {"Dial", "DialTimeout", "DialTCP", "DialUDP", "Dialer"},
	"net/smtp":   {"SendMail", "Dial", "NewClient"},
	"crypto/tls": {"Dial", "DialWithDialer", "Dialer"},
}

// TestEveryFetchIsGuarded reads the whole program: a client made anywhere else would follow an outsider's address inside.
func TestEveryFetchIsGuarded(t *testing.T) {
	t.Parallel()
	looked := 0
	err := fs.WalkDir(os.DirFS(".."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata" || name != "." && strings.HasPrefix(entry.Name(), ".")) {
			return fs.SkipDir
		}
		if entry.IsDir() {
			if _, err := os.Stat("../" + name + "/go.mod"); err == nil && name != "." {
				return fs.SkipDir // a module of its own is no part of the program
			}
		}
		folder := path.Dir(name)
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || mayFetch[folder] != "" || strings.HasSuffix(folder, "test") {
			return nil
		}
		looked++
		file, err := parser.ParseFile(token.NewFileSet(), "../"+name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		called := map[string]string{} // by what name a package is imported
		for _, spec := range file.Imports {
			imported := strings.Trim(spec.Path.Value, `"`)
			called[path.Base(imported)] = imported
			if spec.Name != nil {
				called[spec.Name.Name] = imported
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			var made ast.Expr
			switch n := n.(type) {
			case *ast.CompositeLit: // http.Client{…}, not the type alone: clients are handed around
				made = n.Type
			case *ast.CallExpr:
				made = n.Fun
				if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "new" && len(n.Args) == 1 {
					made = n.Args[0]
				}
			case *ast.ValueSpec:
				made = n.Type
			case *ast.SelectorExpr:
				if strings.HasPrefix(n.Sel.Name, "Default") {
					made = n
				}
			}
			selector, ok := made.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if id, ok := selector.X.(*ast.Ident); ok && slices.Contains(fetches[called[id.Name]], selector.Sel.Name) {
				t.Errorf("%s reaches out by itself (%s.%s): take a client from package guard", name, id.Name, selector.Sel.Name)
			}
			return true
		})
		return nil
	})
	if err != nil || looked < 100 {
		t.Errorf("looked at %d files: %v", looked, err)
	}
}
