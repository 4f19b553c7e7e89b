package security_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"madoguchi/app"
)

var roles = []string{"viewer", "agent", "supervisor", "admin", "owner"}

// levels reads j3: row → role → mark.
func levels(t testing.TB) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(j3)) {
		cells := strings.Split(line, "|")
		row, marks := map[string]string{}, strings.Fields(cells[1])
		for i, role := range roles {
			row[role] = marks[i]
		}
		all[strings.TrimSpace(cells[0])] = row
	}
	return all
}

// schema is as much of JSON Schema as the document uses.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"`
	Enum       []any             `json:"enum"`
	Required   []string          `json:"required"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
	Minimum    float64           `json:"minimum"`
	MinLength  int               `json:"minLength"`
	MinItems   int               `json:"minItems"`
	Format     string            `json:"format"`
}

// operation is one of the document.
type operation struct {
	method, path string
	Permission   string `json:"x-permission"`
	Parameters   []struct {
		Name, In string
	} `json:"parameters"`
	RequestBody struct {
		Content map[string]struct{ Schema schema } `json:"content"`
	} `json:"requestBody"`
}

// document reads the served OpenAPI document.
func (d *desk) document() (ops []operation, named map[string]schema) {
	d.t.Helper()
	a := d.stranger().do("GET", "/api/openapi.json", nil).want(200)
	var doc struct {
		Paths      map[string]map[string]operation
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(a.body, &doc); err != nil {
		d.t.Fatal(err)
	}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(doc.Paths[path])) {
			op := doc.Paths[path][method]
			op.method, op.path = strings.ToUpper(method), path
			ops = append(ops, op)
		}
	}
	return ops, doc.Components.Schemas
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// staff is a desk with somebody of every role, signed in, and programs beside them.
func staff(t *testing.T) (*desk, map[string]*caller) {
	t.Helper()
	d := prepare(t)
	for _, role := range roles[:4] {
		if _, err := app.CreateUser(t.Context(), d.config, app.UserParams{Email: role + "@example.test", Password: password, Role: role}); err != nil {
			t.Fatal(err)
		}
	}
	d.start()
	people := map[string]*caller{}
	for _, role := range roles {
		people[role] = d.signIn(role + "@example.test")
	}
	return d, people
}

// TestEveryRouteAsEveryRole walks the REST API (J3, J4): whoever may not is refused by the API, whatever the screen shows;
// an operation that is not in the table fails.
func TestEveryRouteAsEveryRole(t *testing.T) {
	t.Parallel()
	matrix := levels(t)
	d, people := staff(t)
	programs := map[string]*caller{}
	for _, role := range roles[:4] {
		programs[role] = d.program(people["owner"].do("POST", "/api/v1/api-keys", map[string]any{"name": role, "role": role}).want(201).str("secret"))
	}
	nobody, visitor := d.stranger(), d.visitor()
	table := map[string][]string{}
	for line := range strings.Lines(strings.TrimSpace(routes)) {
		cells := strings.Fields(line)
		table[cells[0]+" "+cells[1]] = cells[2:]
	}
	ops, _ := d.document()
	slices.SortStableFunc(ops, func(a, b operation) int { return order(a) - order(b) })
	for _, op := range ops {
		name := op.method + " " + op.path
		may, known := table[name]
		if !known {
			t.Errorf("%s is not in the table: add it to routes with its row of J3 (it declares %q)", name, op.Permission)
			continue
		}
		delete(table, name)
		path := placeholder.ReplaceAllString(op.path, "42")
		if may[0] == "public" {
			if a := nobody.do(op.method, path, nil); a.StatusCode == 401 {
				t.Errorf("%s is public, but: %d %s", name, a.StatusCode, a.body)
			}
			continue
		}
		if a := nobody.do(op.method, path, nil); a.StatusCode != 401 || a.str("code") != "not_signed_in" {
			t.Errorf("nobody, %s: %d %s", name, a.StatusCode, a.body)
		}
		if a := visitor.do(op.method, path, nil); a.StatusCode != 401 {
			t.Errorf("a visitor, %s: %d %s", name, a.StatusCode, a.body)
		}
		row, isRow := matrix[may[0]]
		if !isRow && may[0] != "member" {
			t.Errorf("%s: %q is no row of J3", name, may[0])
			continue
		}
		for _, role := range roles {
			allowed := !isRow || row[role] == "✓"
			check := func(who string, a answer, code string) {
				t.Helper()
				refused := a.StatusCode == 403 && a.str("code") == code
				if code == "forbidden" {
					refused = refused && (may[0] == "member" || a.str("params.permission") == may[0])
				}
				if refused == allowed && may[0] != "member" || a.StatusCode == 401 || a.StatusCode >= 500 {
					t.Errorf("%s %s, may %v: %d %s", who, name, allowed, a.StatusCode, a.body)
				}
			}
			check(role, people[role].do(op.method, path, nil), "forbidden")
			if programs[role] == nil {
				continue
			}
			a := programs[role].do(op.method, path, nil)
			if len(may) > 1 { // for people
				if a.StatusCode != 403 || a.str("code") != "person_needed" {
					t.Errorf("a program, %s: %d %s", name, a.StatusCode, a.body)
				}
				continue
			}
			check("a program of role "+role, a, "forbidden")
		}
	}
	for name := range table {
		t.Errorf("%s is in the table only", name)
	}
}

// order leaves what ends a session for the end.
func order(op operation) int {
	if op.path == "/api/v1/session" && op.method == "DELETE" {
		return 1
	}
	return 0
}

// TestEveryOtherDoor walks what is no part of the document; a pattern that the source registers and the table does not know
// fails.
func TestEveryOtherDoor(t *testing.T) {
	t.Parallel()
	d, people := staff(t)
	callers := map[string]*caller{"nobody": d.stranger(), "visitor": d.visitor(), "program": d.program(d.setup.APIKey)}
	maps.Copy(callers, people)
	table := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(doors)) {
		cells := strings.Fields(line)
		who := cells[len(cells)-1]
		table[strings.Join(cells[:len(cells)-1], " ")] = who
	}
	for _, pattern := range patterns(t) {
		who, known := table[pattern]
		if !known {
			t.Errorf("%q is not in the table: add it to doors", pattern)
			continue
		}
		delete(table, pattern)
		method, path, found := strings.Cut(pattern, " ")
		if !found {
			method, path = "GET", pattern
		}
		if path == "/widget/" {
			path = "/widget/" + d.setup.ChannelAccount + ".js"
		}
		path = placeholder.ReplaceAllString(path, "42")
		for _, name := range slices.Sorted(maps.Keys(callers)) {
			if path == "/widget/v1/logout" && name == "visitor" {
				continue // its end; see TestLogsHoldNoSecrets
			}
			a := callers[name].do(method, path, nil, with("Accept-Encoding", "identity"))
			in := a.StatusCode != 401 && a.StatusCode != 403
			want := map[string]bool{"everybody": true, "visitor": name == "visitor", "conversation.read": slices.Contains(roles, name) || name == "program", "operator": true}[who]
			switch who {
			case "nobody":
				if a.StatusCode != 404 {
					t.Errorf("%s, %s: %d %s", name, pattern, a.StatusCode, a.body)
				}
			case "link":
				if a.StatusCode != 403 && a.StatusCode != 404 {
					t.Errorf("%s, %s without a signed link: %d %s", name, pattern, a.StatusCode, a.body)
				}
			default:
				if in != want {
					t.Errorf("%s, %s (for %s): %d %s", name, pattern, who, a.StatusCode, a.body)
				}
			}
		}
	}
	for pattern := range table {
		t.Errorf("%q is in the table only", pattern)
	}
}

// patterns reads the source of the API for what it gives to a mux: patterns in calls of Handle and HandleFunc, and keys of
// maps that look like one.
func patterns(t *testing.T) []string {
	t.Helper()
	looksLike := regexp.MustCompile(`^([A-Z]+ )?/[a-z0-9/{}._-]*$`)
	found := map[string]bool{}
	err := fs.WalkDir(os.DirFS("../api"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), "../api/"+name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			var said ast.Expr
			switch n := n.(type) {
			case *ast.CallExpr:
				if call, ok := n.Fun.(*ast.SelectorExpr); ok && (call.Sel.Name == "Handle" || call.Sel.Name == "HandleFunc") && len(n.Args) == 2 {
					said = n.Args[0]
				}
			case *ast.KeyValueExpr:
				said = n.Key
			}
			if pattern := constant(said); looksLike.MatchString(pattern) && (strings.Contains(pattern, " ") || strings.HasPrefix(pattern, "/")) {
				found[pattern] = true
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// The widget's own mux answers below /widget/v1/; within it "/" is what is left.
	found["/widget/v1/"] = true
	return slices.Sorted(maps.Keys(found))
}

// constant is the text of an expression of string literals and rest.Prefix, "" for anything else.
func constant(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		if err == nil && e.Kind == token.STRING {
			return s
		}
	case *ast.BinaryExpr:
		return constant(e.X) + constant(e.Y)
	case *ast.SelectorExpr:
		if e.Sel.Name == "Prefix" {
			return "/api/v1"
		}
	}
	return ""
}

// TestEveryRouteWithAnotherWorkspacesIDs: what is not ours is not there (404), or forbidden, and nothing of it changes.
func TestEveryRouteWithAnotherWorkspacesIDs(t *testing.T) {
	t.Parallel()
	d := prepare(t)
	theirs := d.workspace("Theirs", "theirs@example.test")
	d.start()
	us, them := &records{caller: d.signIn(owner), account: d.setup.ChannelAccount}, &records{caller: d.signIn("theirs@example.test"), account: theirs.ChannelAccount}
	ops, named := d.document()
	us.fill()
	them.fill()
	before := them.snapshot(ops)
	walked := 0
	for _, op := range ops {
		if !strings.Contains(strings.ReplaceAll(op.path, "{kind}", ""), "{") || op.Permission == "public" { // a kind is the program's own
			continue
		}
		walked++
		path := them.address(op.path)
		if path == "" {
			t.Errorf("%s %s: no record of another workspace to try it with: add one to records.fill", op.method, op.path)
			continue
		}
		a := us.do(op.method, path, us.body(op, named))
		if a.StatusCode != http.StatusNotFound && a.StatusCode != http.StatusForbidden {
			t.Errorf("%s %s: %d %s (sent %v)", op.method, path, a.StatusCode, a.body, us.body(op, named))
		}
	}
	if walked < 40 {
		t.Errorf("walked %d operations only", walked)
	}
	us.refer(ops, named, them)
	for path, was := range before {
		if is := them.snapshot(ops)[path]; is != was {
			t.Errorf("%s changed:\n%s\n%s", path, was, is)
		}
	}
	for path, text := range us.snapshot(ops) {
		for kind, id := range them.ids {
			if strings.Contains(text, id) {
				t.Errorf("%s tells of their %s %s: %s", path, kind, id, text)
			}
		}
	}
}
