package madoguchi_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// An update that ended in an error may still be running (store.Store.Update): whoever then looks at a variable that its
// function assigns has a data race. store.Result does not; the rest is held to it here.
func TestNothingOfAFailedUpdateIsLookedAt(t *testing.T) {
	t.Parallel()
	files, folders := token.NewFileSet(), map[string][]*ast.File{}
	for name := range sources(t) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, filepath.FromSlash(name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		folders[path.Dir(name)] = append(folders[path.Dir(name)], file)
	}
	found := 0
	for _, folder := range folders {
		u := updatesOf(files, folder)
		found += u.found
		for _, finding := range u.findings {
			t.Error(finding)
		}
	}
	if found < 50 {
		t.Errorf("only %d updates found: does this test still look for the right name?", found)
	}
}

// Each function of testdata/updates is a case; those whose names begin with racy are to be found, all others not.
func TestLooksAtFailedUpdatesAreFound(t *testing.T) {
	t.Parallel()
	const folder = "testdata/updates"
	files := token.NewFileSet()
	var parsed []*ast.File
	found := map[string]bool{}
	names, err := fs.Glob(os.DirFS(folder), "*.go")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		file, err := parser.ParseFile(files, filepath.Join(folder, name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
	}
	u := updatesOf(files, parsed)
	for _, finding := range u.findings {
		found[finding.function] = true
	}
	for _, file := range parsed {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if racy := strings.HasPrefix(f.Name.Name, "racy"); racy != found[f.Name.Name] {
				t.Errorf("%s: found racy: %v", f.Name.Name, found[f.Name.Name])
			}
		}
	}
}

// finding is a variable that is looked at although the update that assigns it may be running.
type finding struct {
	at                 token.Position
	function, variable string
	why                string
}

func (f finding) String() string {
	return fmt.Sprintf("%s: %s: %s %s; use store.Result, or look only where the error is nil", f.at, f.function, f.variable, f.why)
}

// updates judges one package.
type updates struct {
	files    *token.FileSet
	runs     map[string]bool // functions that run a function of theirs in an update
	changes  map[string]bool // methods of ours with pointer receivers
	found    int
	findings []finding
}

func updatesOf(files *token.FileSet, folder []*ast.File) *updates {
	u := &updates{files: files, runs: map[string]bool{"Update": true, "update": true, "Result": true}, changes: map[string]bool{}}
	var functions []*ast.FuncDecl
	for _, file := range folder {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				functions = append(functions, f)
				if f.Recv != nil && pointer(f.Recv) {
					u.changes[f.Name.Name] = true
				}
			}
		}
	}
	for known := 0; known != len(u.runs); { // one that hands its function to one of these is one of these
		known = len(u.runs)
		for _, f := range functions {
			if u.handsOver(f) {
				u.runs[f.Name.Name] = true
			}
		}
	}
	for _, f := range functions {
		u.judge(f)
	}
	return u
}

// handsOver reports whether a function runs a function that it was given in an update.
func (u *updates) handsOver(f *ast.FuncDecl) (yes bool) {
	given := map[*ast.Object]bool{}
	for _, p := range f.Type.Params.List {
		if _, ok := p.Type.(*ast.FuncType); ok {
			for _, name := range p.Names {
				given[name.Obj] = true
			}
		}
	}
	if len(given) == 0 {
		return false
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || !u.runs[called(call)] {
			return true
		}
		for _, argument := range call.Args {
			ast.Inspect(argument, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				yes = yes || ok && given[id.Obj]
				return true
			})
		}
		return true
	})
	return yes
}

// called is the name of what is called.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.IndexExpr: // with its type
		return called(&ast.CallExpr{Fun: f.X})
	}
	return ""
}

func pointer(receiver *ast.FieldList) bool {
	_, ok := receiver.List[0].Type.(*ast.StarExpr)
	return ok
}

// judge looks at every update in a function.
func (u *updates) judge(f *ast.FuncDecl) {
	var above []ast.Node
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil {
			above = above[:len(above)-1]
			return true
		}
		above = append(above, n)
		call, ok := n.(*ast.CallExpr)
		if !ok || !u.runs[called(call)] {
			return true
		}
		for _, argument := range call.Args {
			if fn, ok := argument.(*ast.FuncLit); ok {
				u.found++
				u.update(f, slices.Clone(above), fn)
			}
		}
		return true
	})
}

// update judges one update: above is the way from the declaration down to its call.
func (u *updates) update(f *ast.FuncDecl, above []ast.Node, fn *ast.FuncLit) {
	results := resultsAbove(above)
	report := func(v *ast.Object, at token.Pos, why string) {
		u.findings = append(u.findings, finding{at: u.files.Position(at), function: f.Name.Name, variable: v.Name, why: why})
	}
	assigned := u.assigned(fn)
	for v := range mentioned(fn) {
		switch {
		case v.Kind != ast.Var || !outside(v, fn):
		case results[v]:
			report(v, fn.Pos(), "is a named result, which every return assigns, and the update's function uses it")
		case assigned[v] && (outside(v, innermost(above, function)) || pointing(v)):
			report(v, fn.Pos(), "is somebody else's too, and the update assigns it")
		case assigned[v]:
			if at := (guard{v: v}).after(above); at != token.NoPos {
				report(v, at, "is looked at though the update that assigns it may be running")
			}
		default:
			if at := (guard{v: v, assigned: true}).after(above); at != token.NoPos {
				report(v, at, "is assigned though the update that looks at it may be running")
			}
		}
	}
}

// resultsAbove are the named results of the functions that a call stands in.
func resultsAbove(above []ast.Node) map[*ast.Object]bool {
	results := map[*ast.Object]bool{}
	for _, n := range above {
		var t *ast.FuncType
		switch n := n.(type) {
		case *ast.FuncDecl:
			t = n.Type
		case *ast.FuncLit:
			t = n.Type
		default:
			continue
		}
		if t.Results == nil {
			continue
		}
		for _, r := range t.Results.List {
			for _, name := range r.Names {
				if name.Name != "_" {
					results[name.Obj] = true
				}
			}
		}
	}
	return results
}

// mentioned are the variables that a node uses.
func mentioned(n ast.Node) map[*ast.Object]bool {
	all, names := map[*ast.Object]bool{}, fieldNames(n)
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Obj != nil && !names[id] {
			all[id.Obj] = true
		}
		return true
	})
	return all
}

// fieldNames are the names of fields in literals, which the parser takes for variables where there are any of that name.
func fieldNames(n ast.Node) map[ast.Node]bool {
	names := map[ast.Node]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if _, ok := literal.Type.(*ast.MapType); ok {
			return true
		}
		for _, e := range literal.Elts {
			if pair, ok := e.(*ast.KeyValueExpr); ok {
				names[pair.Key] = true
			}
		}
		return true
	})
	return names
}

// assigned are the variables from outside that a function assigns, or may through their address or a method of theirs.
func (u *updates) assigned(fn *ast.FuncLit) map[*ast.Object]bool {
	all := map[*ast.Object]bool{}
	note := func(e ast.Expr) {
		if v := root(e); v != nil && v.Kind == ast.Var && (v.Pos() < fn.Pos() || fn.End() < v.Pos()) {
			all[v] = true
		}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				note(e)
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.RangeStmt:
			note(n.Key)
			note(n.Value)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(n.X)
			}
		case *ast.CallExpr:
			if m, ok := n.Fun.(*ast.SelectorExpr); ok && u.changes[m.Sel.Name] {
				if v := root(m.X); v != nil && !parameter(v) {
					note(m.X)
				}
			}
		}
		return true
	})
	return all
}

// parameter reports whether a variable is a parameter or receiver: a pointer or an interface, mostly, and so never assigned
// by calling its methods.
func parameter(v *ast.Object) bool {
	_, ok := v.Decl.(*ast.Field)
	return ok
}

// root is the variable that an expression is a part of.
func root(e ast.Expr) *ast.Object {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Obj
	case *ast.SelectorExpr:
		return root(e.X)
	case *ast.IndexExpr:
		return root(e.X)
	case *ast.StarExpr:
		return root(e.X)
	case *ast.ParenExpr:
		return root(e.X)
	}
	return nil
}
