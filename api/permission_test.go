package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
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
	known := append(auth.Permissions(desk.RoleOwner, nil), "public", "signedin")
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

// TestEveryOperationIsRefusedWithoutItsPermission walks the matrix: what a role may not, the API refuses (J4).
func TestEveryOperationIsRefusedWithoutItsPermission(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	roles := map[desk.Role]*person{desk.RoleOwner: owner}
	for _, role := range []desk.Role{desk.RoleViewer, desk.RoleAgent, desk.RoleSupervisor, desk.RoleAdmin} {
		roles[role] = c.member(t, owner.space, role)
	}
	stranger := c.stranger(t)
	for _, op := range operations(t) {
		if op.permission == "public" || op.method == "DELETE" && op.path == "/api/v1/session" {
			continue
		}
		stranger.do(op.method, concrete(op.path), nil).wantCode(t, 401, "not_signed_in")
		for role, p := range roles {
			allowed := op.permission == "signedin" || auth.Can(role, nil, auth.Permission(op.permission))
			r := p.do(op.method, concrete(op.path), nil)
			refused := r.StatusCode == 403 && r.str("code") == "forbidden"
			if !allowed && (!refused || r.str("params.permission") != op.permission) {
				t.Errorf("%s may not %s %s, but: %d %s", role, op.method, op.path, r.StatusCode, r.body)
			}
			if allowed && (refused && op.path != "/api/v1/members/{user_id}" || r.StatusCode == 401) {
				t.Errorf("%s may %s %s, but: %d %s", role, op.method, op.path, r.StatusCode, r.body)
			}
		}
	}
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

// TestOtherWorkspacesAreNotThere calls every operation on a record with a record of another workspace.
func TestOtherWorkspacesAreNotThere(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	other := c.owner(t, "other@example.test")
	k := c.talk(t, other.space)
	id := func(r answer) string { return fmt.Sprint(r.num("id")) }
	team := id(other.do("POST", "/api/v1/teams", map[string]any{"name": "theirs"}).want(t, 201))
	tag := id(other.do("POST", "/api/v1/tags", map[string]any{"name": "theirs"}).want(t, 201))
	week := [7][]any{}
	for i := range week {
		week[i] = []any{}
	}
	hours := map[string]any{"name": "theirs", "zone": "Asia/Tokyo", "week": week}
	schedule := id(other.do("POST", "/api/v1/schedules", hours).want(t, 201))
	channel := fmt.Sprint(other.do("GET", "/api/v1/channels", nil).want(t, 200).num("items.0.id"))
	invite := fmt.Sprint(other.do("POST", "/api/v1/invites", map[string]any{"email": "new@example.test", "role": "agent"}).want(t, 201).num("invite.id"))
	key := fmt.Sprint(other.do("POST", "/api/v1/api-keys", map[string]any{"name": "k", "role": "agent"}).want(t, 201).num("api_key.id"))
	note := id(other.do("POST", "/api/v1/contacts/"+k.contact.String()+"/notes", map[string]any{"body": "theirs"}).want(t, 201))
	file := id(other.do("POST", "/api/v1/uploads", form{name: "a.png", content: picture(t)}).want(t, 201))
	other.do("POST", "/api/v1/members/me/avatar", form{name: "a.png", content: picture(t)}).want(t, 200)

	identity := fmt.Sprint(other.do("GET", "/api/v1/contacts/"+k.contact.String()+"/identities", nil).want(t, 200).num("items.0.id"))
	field := id(other.do("POST", "/api/v1/fields", map[string]any{"subject": "contact", "key": "x", "kind": "text", "label": map[string]any{"en": "X"}}).want(t, 201))

	brand := fmt.Sprint(other.do("GET", "/api/v1/brands", nil).want(t, 200).num("items.0.id"))
	reply := map[string]any{"audience": "workspace", "name": "theirs", "texts": map[string]any{"en": "x"}, "version": 1}
	canned := id(other.do("POST", "/api/v1/canned-replies", map[string]any{"audience": "workspace", "name": "theirs", "texts": map[string]any{"en": "x"}}).want(t, 201))

	ids := map[string]string{
		"/brands/{id}": brand, "/canned-replies/{id}": canned,
		"/identities/{id}": identity, "/fields/{id}": field,
		"/conversations/{id}": k.conversation.String(), "/messages/{id}": k.message.String(), "/tickets/{id}": k.ticket.String(),
		"/contacts/{id}": k.contact.String(), "/contact-notes/{id}": note, "/files/{id}": file, "/teams/{id}": team, "/tags/{id}": tag,
		"/schedules/{id}": schedule, "/channels/{id}": channel, "/invites/{id}": invite, "/api-keys/{id}": key, "/members/{user_id}": other.id.String(),
	}
	bodies := map[string]any{
		"PUT /conversations/{id}/read": map[string]any{"seq": 1}, "PUT /conversations/{id}/draft": map[string]any{"mode": "reply", "parts": []any{text("x")}},
		"POST /conversations/{id}/messages": map[string]any{"client_id": "x", "mode": "reply", "parts": []any{text("x")}},
		"POST /identities/{id}/block":       map[string]any{"reason": "x"}, "PATCH /fields/{id}": map[string]any{"required": true, "version": 1},
		"PATCH /brands/{id}": map[string]any{"name": "x"}, "PUT /canned-replies/{id}": reply,
		"PATCH /tickets/{id}/fields": map[string]any{"fields": map[string]any{}, "version": 1},
		"PATCH /tickets/{id}":        map[string]any{"priority": "high"}, "POST /tickets/{id}/assign": map[string]any{"assignee_id": owner.id},
		"POST /tickets/{id}/transfer": map[string]any{"assignee_id": owner.id}, "POST /tickets/{id}/snooze": map[string]any{"until": "2030-01-01T00:00:00Z"},
		"PATCH /contacts/{id}": map[string]any{"name": "x", "version": 1}, "POST /contacts/{id}/notes": map[string]any{"body": "x"},
		"PATCH /contact-notes/{id}": map[string]any{"body": "x"}, "PATCH /teams/{id}": map[string]any{"name": "x"}, "PATCH /tags/{id}": map[string]any{"name": "x"},
		"PUT /schedules/{id}": hours, "PATCH /channels/{id}": map[string]any{"name": "x", "version": 1}, "PATCH /members/{user_id}": map[string]any{"display_name": "x"},
	}
	walked := 0
	for _, op := range operations(t) {
		short := strings.TrimPrefix(op.path, "/api/v1")
		for pattern, found := range ids {
			rest, ok := strings.CutPrefix(short, pattern)
			if !ok || rest != "" && rest[0] != '/' {
				continue
			}
			walked++
			path := "/api/v1" + strings.NewReplacer("{id}", found, "{user_id}", found).Replace(short)
			r := owner.do(op.method, path, bodies[op.method+" "+short])
			if r.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s of another workspace: %d %s", op.method, path, r.StatusCode, r.body)
			}
		}
	}
	if walked < 43 {
		t.Errorf("walked %d operations only", walked)
	}
	// References inside bodies are no way around it.
	mine := c.talk(t, owner.space)
	ticket := "/api/v1/tickets/" + mine.ticket.String()
	for body, status := range map[string]int{
		`{"tag_ids":[` + tag + `]}`: 404, `{"team_id":` + team + `}`: 404, `{"assignee_id":` + other.id.String() + `}`: 422,
	} {
		owner.do("PATCH", ticket, body).want(t, status)
	}
	owner.do("POST", "/api/v1/teams", map[string]any{"name": "mixed", "member_ids": []desk.ID{other.id}}).wantCode(t, 404, "member_not_found")
	own := fmt.Sprint(owner.do("GET", "/api/v1/channels", nil).num("items.0.id"))
	owner.do("PATCH", "/api/v1/channels/"+own, `{"version":1,"schedule_id":`+schedule+`}`).wantCode(t, 404, "schedule_not_found")
	owner.do("PUT", "/api/v1/session/workspace", map[string]any{"workspace_id": other.space}).wantCode(t, 404, "workspace_not_found")
	owner.do("POST", "/api/v1/conversations/"+mine.conversation.String()+"/messages", map[string]any{
		"client_id": "x", "mode": "reply", "parts": []any{map[string]any{"kind": "image", "attachment_id": json.Number(file)}},
	}).wantCode(t, 422, "attachment_not_yours")
	// Nothing of theirs in the lists.
	for path, want := range map[string]int{"/conversations": 1, "/contacts": 1, "/tags": 0, "/schedules": 0, "/invites": 0, "/members": 1} {
		if got := len(owner.do("GET", "/api/v1"+path, nil).want(t, 200).list("items")); got != want {
			t.Errorf("%s has %d items, want %d", path, got, want)
		}
	}
}

func text(s string) map[string]any { return map[string]any{"kind": "text", "text": s} }
