package locale_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"madoguchi/desk"
	"madoguchi/locale"
)

func catalogue(t *testing.T, l desk.Locale) map[string]string {
	t.Helper()
	b, err := os.ReadFile(string(l) + ".json")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(b, &texts); err != nil {
		t.Fatalf("%s: %v", l, err)
	}
	return texts
}

var mark = regexp.MustCompile(`\{[a-z_]+\}`)

func TestCataloguesHaveEqualKeysAndMarks(t *testing.T) {
	t.Parallel()
	en, ja := catalogue(t, desk.LocaleEN), catalogue(t, desk.LocaleJA)
	for key, text := range en {
		other, ok := ja[key]
		if !ok || other == "" || text == "" {
			t.Errorf("%s: en %q, ja %q", key, text, other)
			continue
		}
		a, b := mark.FindAllString(text, -1), mark.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
			t.Errorf("%s: marks %v in en, %v in ja", key, a, b)
		}
	}
	for key := range ja {
		if _, ok := en[key]; !ok {
			t.Errorf("%s is in ja only", key)
		}
	}
}

func TestEveryKeyIsATextOrSentence(t *testing.T) {
	t.Parallel()
	known := []string{string(locale.FirstChannel), string(locale.FirstTeam), string(locale.OptOutNotice), string(locale.AskAgain)}
	for _, key := range append(locale.AutomationTexts(), locale.CloseNotice, locale.SurveyQuestion, locale.SurveyThanks, locale.SurveyComment, locale.SurveyHint) {
		known = append(known, string(key))
	}
	for key := range catalogue(t, desk.LocaleEN) {
		if !strings.HasPrefix(key, "error.") && !strings.HasPrefix(key, "push.") && !strings.HasPrefix(key, "mail.") && !strings.HasPrefix(key, "kind.") && !strings.HasPrefix(key, "doctor.") && !slices.Contains(known, key) {
			t.Errorf("nothing uses the text %q", key)
		}
	}
	for _, key := range known {
		if _, ok := catalogue(t, desk.LocaleEN)[key]; !ok {
			t.Errorf("no text for %q", key)
		}
	}
}

// TestEveryErrorCodeHasASentence reads the whole code base: a person may meet any code that it makes.
func TestEveryErrorCodeHasASentence(t *testing.T) {
	t.Parallel()
	codes := codesInUse(t, os.DirFS(".."))
	if len(codes) < 20 {
		t.Fatalf("found only %d codes: the search is broken", len(codes))
	}
	for _, l := range locale.Locales() {
		texts := catalogue(t, l)
		for code, where := range codes {
			if texts["error."+code] == "" {
				t.Errorf("%s: no sentence for %q in %s", where, code, l)
			}
		}
	}
}

// codesInUse finds the codes given to desk.Errorf, Invalid, NotFound and Error{Code: …}, and where.
func codesInUse(t *testing.T, root fs.FS) map[string]string {
	t.Helper()
	codes := map[string]string{}
	packages := map[string][]*ast.File{}
	set := token.NewFileSet()
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && name != "." && (entry.Name() == "node_modules" || entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".")) {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.Contains(path.Dir(name), "test") {
			return nil
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(set, name, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		packages[path.Dir(name)] = append(packages[path.Dir(name)], file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	constants := map[string]map[string]string{} // package name → constant → value
	for dir, files := range packages {
		constants[path.Base(dir)] = stringConstants(files)
	}
	for dir, files := range packages {
		for _, file := range files {
			ast.Inspect(file, func(n ast.Node) bool {
				for _, code := range codesOf(n, path.Base(dir), constants) {
					codes[code] = set.Position(n.Pos()).String()
				}
				return true
			})
		}
	}
	return codes
}

func stringConstants(files []*ast.File) map[string]string {
	found := map[string]string{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok {
				for i, name := range spec.Names {
					if i < len(spec.Values) {
						if lit, ok := spec.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
							found[name.Name], _ = strconv.Unquote(lit.Value)
						}
					}
				}
			}
			return true
		})
	}
	return found
}

func codesOf(n ast.Node, pkg string, constants map[string]map[string]string) []string {
	value := func(e ast.Expr) []string {
		switch e := e.(type) {
		case *ast.BasicLit:
			if e.Kind == token.STRING {
				s, _ := strconv.Unquote(e.Value)
				return []string{s}
			}
		case *ast.Ident:
			if s, ok := constants[pkg][e.Name]; ok {
				return []string{s}
			}
		case *ast.SelectorExpr:
			if x, ok := e.X.(*ast.Ident); ok {
				if s, ok := constants[x.Name][e.Sel.Name]; ok {
					return []string{s}
				}
			}
		}
		return nil
	}
	switch n := n.(type) {
	case *ast.CallExpr:
		name := callee(n, pkg)
		switch {
		case (name == "Errorf" || name == "Invalid") && len(n.Args) > 1:
			return value(n.Args[1])
		case name == "NotFound" && len(n.Args) == 1:
			for _, what := range value(n.Args[0]) {
				return []string{what + "_not_found"}
			}
		}
	case *ast.CompositeLit:
		if !isDeskError(n.Type, pkg) {
			return nil
		}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "Code" {
					return value(kv.Value)
				}
			}
		}
	}
	return nil
}

func callee(call *ast.CallExpr, pkg string) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok && x.Name == "desk" {
			return f.Sel.Name
		}
	case *ast.Ident:
		if pkg == "desk" {
			return f.Name
		}
	}
	return ""
}

func isDeskError(e ast.Expr, pkg string) bool {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		return ok && x.Name == "desk" && e.Sel.Name == "Error"
	case *ast.Ident:
		return pkg == "desk" && e.Name == "Error"
	}
	return false
}

func TestChoose(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]desk.Locale{
		"": "en", "ja": "ja", "ja-JP,ja;q=0.9,en;q=0.8": "ja", "en-GB,ja;q=0.5": "en", "fr,ja;q=0.3": "ja",
		"fr-FR": "en", "\x00;;;": "en", strings.Repeat("ja,", 10_000): "ja",
	} {
		if got := locale.Choose(accept); got != want {
			t.Errorf("Choose(%.40q) = %s, want %s", accept, got, want)
		}
	}
}

func TestErrorFillsItsMarks(t *testing.T) {
	t.Parallel()
	e := &desk.Error{Kind: desk.KindInvalid, Code: "origin_invalid", Params: map[string]string{"origin": "{origin}x{host}", "host": "h"}}
	if got := locale.Error("en", e); !strings.Contains(got, "{origin}x{host}") {
		t.Errorf("a value was filled again or not at all: %q", got)
	}
	unknown := &desk.Error{Kind: desk.KindConflict, Code: "never_heard_of_it"}
	if got := locale.Error("ja", unknown); got == "" || strings.Contains(got, "never") {
		t.Errorf("an unknown code says %q", got)
	}
}
