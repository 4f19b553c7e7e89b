package security_test

import (
	"encoding/json"
	"fmt"
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

// j3 is the matrix of J3 as the specification prints it: 閲覧, 担当, SV, 管理, オーナー; ✓ always, ○ grantable, – never. The
// name in front is what the table of routes calls the row, and the permission that a refusal names.
const j3 = `
conversation.read     | ✓ ✓ ✓ ✓ ✓ | read conversations in scope
conversation.reply    | – ✓ ✓ ✓ ✓ | reply, note, canned, KB insert, shortcuts
ticket.take           | – ✓ ✓ ✓ ✓ | take, transfer own ticket
ticket.assign_others  | – ○ ✓ ✓ ✓ | assign others, bulk, change priority of others
conversation.monitor  | – – ✓ ✓ ✓ | monitor, whisper, join, take over; set agent status
identity.block        | – ✓ ✓ ✓ ✓ | block/unblock identity
contact.merge         | – ○ ✓ ✓ ✓ | merge/undo contacts
message.delete        | – – ○ ✓ ✓ | delete message/ticket
template.send         | – ✓ ✓ ✓ ✓ | send WhatsApp template
template.manage       | – – ○ ✓ ✓ | create templates
broadcast.manage      | – – ○ ✓ ✓ | broadcast
proactive.view        | ○ – ✓ ✓ ✓ | proactive: view
proactive.manage      | – – ○ ✓ ✓ | proactive: change
automation.manage     | – – ○ ✓ ✓ | bots, rules, SLA, schedules
channel.manage        | – – – ✓ ✓ | channels connect/disable/delete
report.own            | – ✓ ✓ ✓ ✓ | reports own
report.team           | – – ✓ ✓ ✓ | reports team
report.all            | ○ – ○ ✓ ✓ | reports all
report.export         | – – ○ ✓ ✓ | reports export
member.manage         | – – – ✓ ✓ | users, roles, scopes
privacy.manage        | – – – ✓ ✓ | privacy requests, retention
audit.read            | – – ○ ✓ ✓ | audit log read/export
secret.manage         | – – – ✓ ✓ | API keys, webhooks, secrets
workspace.manage      | – – – ✓ ✓ | (ours: name, languages, zone, tags)
workspace.delete      | – – – – ✓ | workspace delete, owner change
`

// routes is every operation of the REST API and who may call it: "public", "member" (whoever is signed in), or a row of
// j3; "person" behind it keeps programs out. A new operation needs a line here: look its row up in J3 first.
const routes = `
GET    /api/v1/api-keys                            secret.manage
POST   /api/v1/api-keys                            secret.manage
DELETE /api/v1/api-keys/{id}                       secret.manage
GET    /api/v1/audit                               audit.read
GET    /api/v1/audit/export                        audit.read
POST   /api/v1/audit/verify                        audit.read
PUT    /api/v1/availability                        member person
GET    /api/v1/brands                              member
POST   /api/v1/brands                              workspace.manage
DELETE /api/v1/brands/{id}                         workspace.manage
PATCH  /api/v1/brands/{id}                         workspace.manage
GET    /api/v1/brands/{id}/logo                    member
POST   /api/v1/brands/{id}/logo                    workspace.manage
GET    /api/v1/canned-replies                      conversation.reply
POST   /api/v1/canned-replies                      conversation.reply
DELETE /api/v1/canned-replies/{id}                 conversation.reply
PUT    /api/v1/canned-replies/{id}                 conversation.reply
POST   /api/v1/canned-replies/{id}/uses            conversation.reply
GET    /api/v1/channel-kinds                       member
GET    /api/v1/channel-kinds/{kind}                member
GET    /api/v1/channels                            member
POST   /api/v1/channels                            channel.manage
DELETE /api/v1/channels/{id}                       channel.manage
GET    /api/v1/channels/{id}                       channel.manage
PATCH  /api/v1/channels/{id}                       channel.manage
GET    /api/v1/channels/{id}/health                channel.manage
POST   /api/v1/channels/{id}/identify-secret       channel.manage
DELETE /api/v1/channels/{id}/templates/{template_id} template.manage
GET    /api/v1/channels/{id}/templates             member
POST   /api/v1/channels/{id}/templates             template.manage
POST   /api/v1/channels/{id}/templates/sync        template.manage
POST   /api/v1/conversations/{id}/template-messages template.send
POST   /api/v1/channels/{id}/probe                 channel.manage
POST   /api/v1/channels/{id}/subscription          channel.manage
DELETE /api/v1/contact-notes/{id}                  conversation.reply person
PATCH  /api/v1/contact-notes/{id}                  conversation.reply person
GET    /api/v1/contacts                            conversation.read
DELETE /api/v1/contacts/{id}                       message.delete
GET    /api/v1/contacts/{id}                       conversation.read
PATCH  /api/v1/contacts/{id}                       conversation.reply
GET    /api/v1/contacts/{id}/attachments           conversation.read
GET    /api/v1/contacts/{id}/conversations         conversation.read
GET    /api/v1/contacts/{id}/deletion              message.delete
GET    /api/v1/contacts/{id}/held-messages         identity.block
GET    /api/v1/contacts/{id}/identities            conversation.read
GET    /api/v1/contacts/{id}/notes                 conversation.read
POST   /api/v1/contacts/{id}/notes                 conversation.reply person
GET    /api/v1/contacts/{id}/tickets               conversation.read
GET    /api/v1/contacts/{id}/timeline              conversation.read
GET    /api/v1/conversations                       conversation.read
POST   /api/v1/conversations/bulk                  ticket.assign_others
GET    /api/v1/conversations/counts                conversation.read
GET    /api/v1/conversations/{id}                  conversation.read
PUT    /api/v1/conversations/{id}/draft            conversation.reply person
GET    /api/v1/conversations/{id}/drafts           conversation.read person
GET    /api/v1/conversations/{id}/messages         conversation.read
POST   /api/v1/conversations/{id}/messages         conversation.reply
PUT    /api/v1/conversations/{id}/read             conversation.read person
DELETE /api/v1/demo                                workspace.manage
GET    /api/v1/demo                                member
POST   /api/v1/demo                                workspace.manage
GET    /api/v1/exports                             report.export person
POST   /api/v1/exports                             report.export person
POST   /api/v1/exports/{id}/cancel                 report.export person
GET    /api/v1/exports/{id}/file                   report.export person
GET    /api/v1/fields                              member
POST   /api/v1/fields                              workspace.manage
PUT    /api/v1/fields/order                        workspace.manage
DELETE /api/v1/fields/{id}                         workspace.manage
PATCH  /api/v1/fields/{id}                         workspace.manage
POST   /api/v1/fields/{id}/restore                 workspace.manage
DELETE /api/v1/fields/{id}/values                  workspace.manage
GET    /api/v1/files/{id}                          conversation.read
GET    /api/v1/files/{id}/thumb                    conversation.read
POST   /api/v1/identities/{id}/block               identity.block
POST   /api/v1/identities/{id}/unblock             identity.block
GET    /api/v1/invitations/{token}                 public
POST   /api/v1/invitations/{token}                 public
GET    /api/v1/invites                             member.manage
POST   /api/v1/invites                             member.manage
DELETE /api/v1/invites/{id}                        member.manage
GET    /api/v1/members                             member
GET    /api/v1/notifications                       member person
POST   /api/v1/members/me/avatar                   member person
PATCH  /api/v1/members/{user_id}                   member
GET    /api/v1/members/{user_id}/avatar            member
DELETE /api/v1/members/{user_id}/sessions          member.manage
GET    /api/v1/members/{user_id}/sessions          member.manage
DELETE /api/v1/members/{user_id}/sessions/{id}     member.manage
DELETE /api/v1/messages/{id}                       message.delete
PUT    /api/v1/messages/{id}/reaction              conversation.reply
POST   /api/v1/messages/{id}/retry                 conversation.reply
PUT    /api/v1/preferences                         member person
GET    /api/v1/roles                               member
PUT    /api/v1/roles                               member.manage
GET    /api/v1/schedules                           member
POST   /api/v1/schedules                           automation.manage
DELETE /api/v1/schedules/{id}                      automation.manage
PUT    /api/v1/schedules/{id}                      automation.manage
GET    /api/v1/search                              conversation.read
GET    /api/v1/search                              conversation.read
DELETE /api/v1/session                             member person
GET    /api/v1/session                             member person
PATCH  /api/v1/session                             member person
POST   /api/v1/session                             public
POST   /api/v1/session/password                    member person
PUT    /api/v1/session/workspace                   member person
DELETE /api/v1/sessions                            member person
GET    /api/v1/sessions                            member person
DELETE /api/v1/sessions/{id}                       member person
GET    /api/v1/setup                               public
POST   /api/v1/setup                               public
GET    /api/v1/tags                                member
POST   /api/v1/tags                                conversation.reply
DELETE /api/v1/tags/{id}                           workspace.manage
PATCH  /api/v1/tags/{id}                           workspace.manage
GET    /api/v1/teams                               member
POST   /api/v1/teams                               member.manage
DELETE /api/v1/teams/{id}                          member.manage
PATCH  /api/v1/teams/{id}                          member.manage
DELETE /api/v1/tickets/{id}                        message.delete
GET    /api/v1/tickets/{id}                        conversation.read
PATCH  /api/v1/tickets/{id}                        ticket.take
POST   /api/v1/tickets/{id}/assign                 ticket.take
PATCH  /api/v1/tickets/{id}/fields                 conversation.reply
POST   /api/v1/tickets/{id}/open                   conversation.reply
POST   /api/v1/tickets/{id}/pending                conversation.reply
POST   /api/v1/tickets/{id}/reopen                 conversation.reply
POST   /api/v1/tickets/{id}/resolve                conversation.reply
POST   /api/v1/tickets/{id}/snooze                 conversation.reply
POST   /api/v1/tickets/{id}/take                   ticket.take
POST   /api/v1/tickets/{id}/transfer               ticket.take
POST   /api/v1/tickets/{id}/wake                   conversation.reply
POST   /api/v1/uploads                             conversation.reply
GET    /api/v1/workspace                           member
PATCH  /api/v1/workspace                           workspace.manage
`

// doors are the addresses beside the REST API, as the source registers them, and who may enter: everybody, a visitor (the
// widget's bearer token), whoever has a signed link, whoever may read conversations, the operator (see api.metricsPage),
// or nobody (there is nothing).
const doors = `
GET  /api/docs                        everybody
GET  /api/docs.css                    everybody
GET  /api/openapi.json                everybody
GET  /api/v1/live                     conversation.read
     /api/                            nobody
GET  /healthz                         everybody
GET  /readyz                          everybody
GET  /metrics                         operator
GET  /f/{token}                       link
GET  /try                             everybody
     /                                everybody
     /hooks/                          nobody
     /sim/                            everybody
GET  /hooks/{kind}/{hook}             nobody
POST /hooks/{kind}/{hook}             nobody
     /widget/                         everybody
POST /widget/v1/boot                  everybody
GET  /widget/v1/state                 visitor
GET  /widget/v1/messages              visitor
POST /widget/v1/messages              visitor
POST /widget/v1/uploads               visitor
POST /widget/v1/contact               visitor
PUT  /widget/v1/read                  visitor
POST /widget/v1/typing                visitor
POST /widget/v1/track                 visitor
POST /widget/v1/page                  visitor
POST /widget/v1/identify              visitor
POST /widget/v1/logout                visitor
GET  /widget/v1/files/{id}            link
GET  /widget/v1/files/{id}/thumb      link
GET  /widget/v1/avatars/{id}          link
GET  /widget/v1/logos/{id}            link
GET  /widget/v1/live                  everybody
     /widget/v1/                      nobody
`

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

// records are one workspace's: an id of every kind, under the name by which bodies and queries refer to it.
type records struct {
	*caller
	account string
	ids     map[string]string
}

// at says which record an address below /api/v1 is about.
var at = map[string]string{
	"/conversations/": "conversation_id", "/messages/": "message_id", "/tickets/": "ticket_id", "/contacts/": "contact_id", "/contact-notes/": "note_id",
	"/files/": "attachment_id", "/teams/": "team_id", "/tags/": "tag_id", "/schedules/": "schedule_id", "/channels/": "channel_id", "/invites/": "invite_id",
	"/api-keys/": "api_key_id", "/members/": "user_id", "/sessions/": "session_id", "/fields/": "field_id", "/identities/": "identity_id", "/exports/": "export_id",
	"/brands/": "brand_id", "/canned-replies/": "canned_reply_id", "/templates/": "template_id",
}

// also are further names that refer to a record; what is no reference to a record is "".
var also = map[string]string{
	"assignee_id": "user_id", "member_ids": "user_id", "tag_ids": "tag_id", "team_ids": "team_id", "channel": "channel_id", "assignee": "user_id", "team": "team_id",
	"channel_ids": "channel_id", "tag": "tag_id", "mention_ids": "user_id", "client_id": "", "template_id": "template_id", "header_file": "attachment_id",
}

// fill makes one of everything, as a customer and the owner would.
func (r *records) fill() {
	t := r.d.t
	t.Helper()
	id := func(a answer, path string) string { return number(a.at(path)) }
	customer := r.d.stranger()
	customer.bearer = customer.do("POST", "/widget/v1/boot", map[string]any{"account": r.account}).want(200).str("token")
	customer.do("POST", "/widget/v1/messages", message("c1", "返金してください")).want(201)
	r.ids = map[string]string{}
	row := r.do("GET", "/api/v1/conversations?view=all", nil).want(200)
	r.ids["conversation_id"], r.ids["ticket_id"] = id(row, "items.0.id"), id(row, "items.0.ticket.id")
	r.ids["contact_id"] = id(row, "items.0.contact.id")
	r.ids["message_id"] = id(r.do("GET", "/api/v1/conversations/"+r.ids["conversation_id"]+"/messages", nil).want(200), "items.0.id")
	r.ids["note_id"] = id(r.do("POST", "/api/v1/contacts/"+r.ids["contact_id"]+"/notes", map[string]any{"body": "n"}).want(201), "id")
	r.ids["attachment_id"] = id(r.do("POST", "/api/v1/uploads", form{"a.png", picture(t)}).want(201), "id")
	r.ids["team_id"] = id(r.do("POST", "/api/v1/teams", map[string]any{"name": "team"}).want(201), "id")
	r.ids["tag_id"] = id(r.do("POST", "/api/v1/tags", map[string]any{"name": "tag"}).want(201), "id")
	r.ids["schedule_id"] = id(r.do("POST", "/api/v1/schedules", map[string]any{"name": "hours", "zone": "Asia/Tokyo", "week": week()}).want(201), "id")
	r.ids["channel_id"] = id(r.do("GET", "/api/v1/channels", nil).want(200), "items.0.id")
	r.ids["invite_id"] = id(r.do("POST", "/api/v1/invites", map[string]any{"email": "guest@example.test", "role": "agent"}).want(201), "invite.id")
	r.ids["api_key_id"] = id(r.do("POST", "/api/v1/api-keys", map[string]any{"name": "k", "role": "agent"}).want(201), "api_key.id")
	r.ids["field_id"] = id(r.do("POST", "/api/v1/fields", map[string]any{"subject": "contact", "key": "plan", "label": map[string]string{"en": "Plan"}, "kind": "text"}).want(201), "id")
	r.ids["identity_id"] = id(r.do("GET", "/api/v1/contacts/"+r.ids["contact_id"]+"/identities", nil).want(200), "items.0.id")
	r.ids["export_id"] = id(r.do("POST", "/api/v1/exports", map[string]any{"kind": "contacts", "format": "csv"}).want(201), "id")
	r.do("POST", "/api/v1/exports/"+r.ids["export_id"]+"/cancel", nil).want(200) // it stands still from here on
	r.ids["brand_id"] = id(r.do("GET", "/api/v1/brands", nil).want(200), "items.0.id")
	r.do("POST", "/api/v1/brands/"+r.ids["brand_id"]+"/logo", form{"logo.png", picture(t)}).want(200)
	r.ids["canned_reply_id"] = id(r.do("POST", "/api/v1/canned-replies", cannedReply()).want(201), "id")
	r.ids["session_id"] = id(r.do("GET", "/api/v1/sessions", nil).want(200), "items.0.id")
	session := r.do("GET", "/api/v1/session", nil).want(200)
	r.ids["user_id"], r.ids["workspace_id"] = id(session, "user.id"), id(session, "workspace.id")
	r.do("POST", "/api/v1/members/me/avatar", form{"me.png", picture(t)}).want(200)
	r.ids["template_id"] = r.ids["message_id"] // made at a provider alone: nobody has one here, and the channel before it is refused
	for kind, id := range r.ids {
		if id == "0" {
			t.Fatalf("no %s", kind)
		}
	}
}

func cannedReply() map[string]any {
	return map[string]any{"audience": "workspace", "name": "hello", "texts": map[string]any{"en": "Hello {{contact.name}}"}}
}

func week() []any {
	days := make([]any, 7)
	for i := range days {
		days[i] = []any{}
	}
	return days
}

// address fills a path with this workspace's records; "" where there is none of that kind.
func (r *records) address(path string) string {
	filled := ""
	for {
		head, tail, more := strings.Cut(path, "{")
		filled += head
		if !more {
			return filled
		}
		kind := strings.TrimPrefix(filled, "/api/v1")
		for _, own := range []string{"/sessions/", "/templates/"} {
			if strings.HasSuffix(kind, own) {
				kind = own
			}
		}
		id := r.ids[at[kind]]
		if id == "" {
			return ""
		}
		filled += id
		_, path, _ = strings.Cut(tail, "}")
	}
}

// body makes what an operation takes, so that it is the record that is refused and not the form.
func (r *records) body(op operation, named map[string]schema) any {
	if strings.HasSuffix(op.path, "/avatar") || strings.HasSuffix(op.path, "/logo") || strings.HasSuffix(op.path, "/uploads") {
		return form{"a.png", picture(r.d.t)}
	}
	content, ok := op.RequestBody.Content["application/json"]
	if !ok {
		return nil
	}
	body, _ := r.value(content.Schema, "", named).(map[string]any)
	switch op.path { // what the schema does not say
	case "/api/v1/conversations/{id}/messages":
		return message("c-"+op.method, "x")
	case "/api/v1/conversations/{id}/template-messages":
		body["client_id"] = "c-t"
	case "/api/v1/conversations/{id}/draft":
		return map[string]any{"mode": "reply", "parts": message("", "x")["parts"]}
	case "/api/v1/tickets/{id}":
		return map[string]any{"priority": "high"}
	case "/api/v1/tickets/{id}/assign", "/api/v1/tickets/{id}/transfer":
		return map[string]any{"assignee_id": json.Number(r.ids["user_id"])}
	case "/api/v1/canned-replies", "/api/v1/canned-replies/{id}":
		reply := cannedReply()
		reply["name"] = "hello " + op.method
		if op.method == "PUT" {
			reply["version"] = 1
		}
		return reply
	case "/api/v1/brands/{id}":
		return map[string]any{"name": "x"}
	case "/api/v1/members/{user_id}":
		return map[string]any{"display_name": "x"}
	case "/api/v1/channels/{id}", "/api/v1/contacts/{id}":
		body["name"] = "x"
	}
	return body
}

func (r *records) value(s schema, name string, named map[string]schema) any {
	if s.Ref != "" {
		return r.value(named[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]], name, named)
	}
	if len(s.Enum) > 0 {
		return s.Enum[0]
	}
	kind, _ := s.Type.(string)
	if several, ok := s.Type.([]any); ok {
		kind, _ = several[0].(string)
	}
	switch kind {
	case "object":
		all := map[string]any{}
		for _, property := range s.Required {
			all[property] = r.value(s.Properties[property], property, named)
		}
		return all
	case "array":
		if name == "week" {
			return week()
		}
		all := make([]any, s.MinItems)
		for i := range all {
			all[i] = r.value(*s.Items, name, named)
		}
		return all
	case "integer", "number":
		if id := r.ids[reference(name)]; id != "" {
			return json.Number(id)
		}
		return max(s.Minimum, 1)
	case "boolean":
		return true
	}
	switch {
	case s.Format == "date-time":
		return "2030-01-01T00:00:00Z"
	case name == "zone":
		return "Asia/Tokyo"
	}
	return strings.Repeat("x", max(s.MinLength, 1))
}

// reference is the kind of record that a name refers to.
func reference(name string) string {
	if kind, ok := also[name]; ok {
		return kind
	}
	return name
}

// refer tries their records inside our bodies and queries, where each name that ends like a reference must be known.
func (r *records) refer(ops []operation, named map[string]schema, them *records) {
	t := r.d.t
	t.Helper()
	tried := 0
	for _, op := range ops {
		if op.Permission == "public" || op.path == "/api/v1/session/workspace" {
			continue
		}
		for _, p := range op.Parameters {
			if theirs := them.ids[reference(p.Name)]; p.In == "query" && theirs != "" {
				tried++
				a := r.do(op.method, r.address(op.path)+"?"+p.Name+"="+theirs, nil)
				for kind, id := range them.ids {
					if id != theirs && strings.Contains(string(a.body), id) {
						t.Errorf("%s %s?%s=: tells of their %s: %s", op.method, op.path, p.Name, kind, a.body)
					}
				}
			}
		}
		s := op.RequestBody.Content["application/json"].Schema
		if s.Ref != "" {
			s = named[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
		}
		for property, of := range s.Properties {
			if !strings.HasSuffix(property, "_id") && !strings.HasSuffix(property, "_ids") {
				continue
			}
			kind := reference(property)
			theirs, known := them.ids[kind]
			if !known {
				if kind != "" {
					t.Errorf("%s %s: whose record is %q? Add it to also", op.method, op.path, property)
				}
				continue
			}
			body, _ := r.body(op, named).(map[string]any)
			body[property] = json.Number(theirs)
			if strings.HasSuffix(property, "_ids") {
				body[property] = []any{json.Number(theirs)}
			}
			if _, ok := of.Type.(string); !ok && of.Type == nil && of.Ref != "" {
				continue
			}
			tried++
			if op.path == "/api/v1/tickets/{id}/transfer" && property == "team_id" {
				delete(body, "assignee_id")
			}
			a := r.do(op.method, r.address(op.path), body)
			if a.StatusCode/100 != 4 {
				t.Errorf("%s %s with their %s: %d %s (sent %v)", op.method, op.path, property, a.StatusCode, a.body, body)
			}
		}
	}
	if tried < 10 {
		t.Errorf("tried %d references only", tried)
	}
	r.referInBulk(them)
	r.do("PUT", "/api/v1/session/workspace", map[string]any{"workspace_id": json.Number(them.ids["workspace_id"])}).want(404)
	a := r.do("POST", "/api/v1/conversations/"+r.ids["conversation_id"]+"/messages", map[string]any{
		"client_id": "a", "mode": "reply", "parts": []any{map[string]any{"kind": "image", "attachment_id": json.Number(them.ids["attachment_id"])}},
	})
	if a.StatusCode/100 != 4 {
		t.Errorf("their file in our message: %d %s", a.StatusCode, a.body)
	}
}

// referInBulk tries their records in a bulk action, which answers 200 and tells of each conversation by itself.
func (r *records) referInBulk(them *records) {
	t := r.d.t
	t.Helper()
	bulk := func(conversation string, change map[string]any) string {
		change["conversation_ids"] = []any{json.Number(conversation)}
		a := r.do("POST", "/api/v1/conversations/bulk", map[string]any{"changes": []any{change}}).want(200)
		return a.str("items.0.outcome") + " " + a.str("items.0.problem.code")
	}
	if got := bulk(them.ids["conversation_id"], map[string]any{"status": "resolved"}); got != "failed conversation_not_found" {
		t.Errorf("their conversation in our bulk action: %s", got)
	}
	for code, change := range map[string]map[string]any{
		"assignee_unknown": {"assignee_id": json.Number(them.ids["user_id"])}, "team_not_found": {"team_id": json.Number(them.ids["team_id"])},
		"tag_not_found": {"add_tag_ids": []any{json.Number(them.ids["tag_id"])}},
	} {
		if got := bulk(r.ids["conversation_id"], change); got != "failed "+code {
			t.Errorf("theirs in our bulk action: %s, want %s", got, code)
		}
	}
}

// requestID is the one part of a refusal that differs each time.
var requestID = regexp.MustCompile(`"request_id":"[^"]*"`)

// snapshot is everything that can be read of this workspace; but for its own session, and the audit log, in which every look
// at an export leaves an entry and others arrive a moment later.
func (r *records) snapshot(ops []operation) map[string]string {
	r.d.t.Helper()
	all := map[string]string{}
	for _, op := range ops {
		path := r.address(op.path)
		if op.method != "GET" || op.Permission == "public" || path == "" || strings.HasPrefix(op.path, "/api/v1/session") || strings.HasPrefix(op.path, "/api/v1/audit") {
			continue
		}
		a := r.do("GET", path, nil)
		all[path] = fmt.Sprint(a.StatusCode, " ", requestID.ReplaceAllString(string(a.body), ""))
	}
	return all
}
