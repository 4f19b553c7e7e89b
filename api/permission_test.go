package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"madoguchi/api"
	"madoguchi/auth"
	"madoguchi/desk"
)

// declared is one operation of the document.
type declared struct {
	method, path, permission string
	personOnly               bool
}

func operations(t *testing.T) []declared {
	t.Helper()
	document, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Paths map[string]map[string]struct {
			Permission string                `json:"x-permission"`
			Security   []map[string][]string `json:"security"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(document, &d); err != nil {
		t.Fatal(err)
	}
	var all []declared
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			op := d.Paths[path][method]
			all = append(all, declared{
				method: strings.ToUpper(method), path: path, permission: op.Permission,
				personOnly: op.Permission != "public" && len(op.Security) == 1,
			})
		}
	}
	return all
}

func TestEveryOperationDeclaresItsPermission(t *testing.T) {
	t.Parallel()
	known := append(auth.OfRole(desk.Workspace{}, desk.RoleOwner, nil).Permissions(), "public", "signedin")
	public := []string{}
	all := operations(t)
	if len(all) < 60 {
		t.Fatalf("only %d operations", len(all))
	}
	for _, op := range all {
		if !slices.Contains(known, auth.Permission(op.permission)) {
			t.Errorf("%s %s declares %q", op.method, op.path, op.permission)
		}
		if op.permission == "public" {
			public = append(public, op.method+" "+op.path)
		}
	}
	want := []string{"GET /api/v1/invitations/{token}", "POST /api/v1/invitations/{token}", "POST /api/v1/session", "GET /api/v1/setup", "POST /api/v1/setup"}
	if !slices.Equal(public, want) {
		t.Errorf("open to everybody: %v", public)
	}
}

// concrete fills a path's parameters with what is nowhere.
func concrete(path string) string {
	return strings.NewReplacer("{id}", "42", "{user_id}", "42", "{token}", "x").Replace(path)
}

func TestKeysCannotDoWhatIsForPeople(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	made := owner.do("POST", "/api/v1/api-keys", map[string]any{"name": "script", "role": "admin"}).want(t, 201)
	program := c.stranger(t)
	program.bearer = made.str("secret")
	if !strings.HasPrefix(program.bearer, "mdg_") {
		t.Fatalf("secret %q", program.bearer)
	}
	program.do("GET", "/api/v1/conversations", nil).want(t, 200)
	people := 0
	for _, op := range operations(t) {
		if op.personOnly {
			people++
			program.do(op.method, concrete(op.path), nil).wantCode(t, 403, "person_needed")
		}
	}
	if people < 8 {
		t.Errorf("only %d operations are for people", people)
	}
	id := fmt.Sprint(made.num("api_key.id"))
	owner.do("DELETE", "/api/v1/api-keys/"+id, nil).want(t, 204)
	program.do("GET", "/api/v1/conversations", nil).wantCode(t, 401, "api_key_invalid")
	owner.do("DELETE", "/api/v1/api-keys/"+id, nil).wantCode(t, 404, "api_key_not_found")
	program.bearer = "mdg_1_nonsense"
	program.do("GET", "/api/v1/conversations", nil).wantCode(t, 401, "api_key_invalid")
}

func text(s string) map[string]any { return map[string]any{"kind": "text", "text": s} }
