package api_test

import (
	"fmt"
	"testing"
	"time"

	"madoguchi/desk"
)

// bulk is the body of a bulk action.
func bulk(change map[string]any, conversations ...desk.ID) map[string]any {
	change["conversation_ids"] = conversations
	return map[string]any{"changes": []any{change}}
}

const bulkPath = "/api/v1/conversations/bulk"

func TestABulkActionTellsOfEach(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	ken := c.member(t, p.space, desk.RoleAgent)
	one, two, elsewhere := c.talk(t, p.space), c.talk(t, p.space), c.talk(t, c.owner(t, "other@example.test").space)
	p.do("POST", "/api/v1/tickets/"+two.ticket.String()+"/take", nil).want(t, 200)
	r := p.do("POST", bulkPath, bulk(map[string]any{"status": "pending", "priority": "high", "read": true}, one.conversation, two.conversation, elsewhere.conversation)).want(t, 200)
	got := ""
	for i := range r.list("items") {
		at := fmt.Sprintf("items.%d.", i)
		got += fmt.Sprint(r.num(at+"conversation_id") == int64([]desk.ID{one.conversation, two.conversation, elsewhere.conversation}[i]), " ",
			r.str(at+"outcome"), " ", r.str(at+"problem.code"), " ", r.str(at+"row.ticket.status"), "\n")
	}
	want := "true failed invalid_transition \ntrue changed  pending\ntrue failed conversation_not_found \n"
	if got != want {
		t.Errorf("got\n%swant\n%s%s", got, want, r.body)
	}
	if r.str("items.0.problem.detail") != "The ticket's status does not allow this." || r.num("items.1.row.unread") != 0 {
		t.Errorf("%s", r.body)
	}
	before, _ := r.at("items.1.before").(map[string]any)
	if r := p.do("POST", bulkPath, bulk(before, two.conversation)).want(t, 200); r.str("items.0.row.ticket.status") != "open" ||
		r.str("items.0.row.ticket.priority") != "normal" || r.num("items.0.row.unread") != 1 {
		t.Errorf("taken back with %v: %s", before, r.body)
	}
	// A resolution that is taken back leaves nobody forgotten: the customer waits as long as before.
	waits := func() string {
		return p.do("GET", "/api/v1/conversations/"+two.conversation.String(), nil).want(t, 200).str("ticket.wait_since")
	}
	since := waits()
	r = p.do("POST", bulkPath, bulk(map[string]any{"status": "resolved"}, two.conversation)).want(t, 200)
	if waits() != "" {
		t.Error("who waits for a resolved case?")
	}
	before, _ = r.at("items.0.before").(map[string]any)
	p.do("POST", bulkPath, bulk(before, two.conversation)).want(t, 200)
	if got := waits(); got != since || since == "" {
		t.Errorf("waits since %q, before %q", got, since)
	}
	key := header("Idempotency-Key", "b1")
	give := bulk(map[string]any{"assignee_id": ken.id}, one.conversation)
	if r := p.do("POST", bulkPath, give, key).want(t, 200); r.str("items.0.outcome") != "changed" {
		t.Errorf("first: %s", r.body)
	}
	p.do("POST", "/api/v1/tickets/"+one.ticket.String()+"/assign", map[string]any{"assignee_id": p.id}).want(t, 200)
	if r := p.do("POST", bulkPath, give, key).want(t, 200); r.str("items.0.outcome") != "repeated" || r.num("items.0.row.ticket.assignee_id") != int64(p.id) {
		t.Errorf("again: %s", r.body)
	}
	tomorrow := time.Now().Add(24 * time.Hour).UTC().Format(time.RFC3339)
	if r := p.do("POST", bulkPath, bulk(map[string]any{"status": "snoozed", "snoozed_until": tomorrow}, one.conversation)).want(t, 200); r.str("items.0.row.ticket.status") != "snoozed" {
		t.Errorf("snoozed: %s", r.body)
	}
}

func TestWhoMayChangeInBulk(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	k := c.talk(t, owner.space)
	resolve := func() any { return bulk(map[string]any{"status": "resolved"}, k.conversation) }
	c.member(t, owner.space, desk.RoleAgent).do("POST", bulkPath, resolve()).wantCode(t, 403, "forbidden")
	program := c.stranger(t)
	program.bearer = owner.do("POST", "/api/v1/api-keys", map[string]any{
		"name": "k", "role": "supervisor", "permissions": []string{"conversation.read", "ticket.assign_others", "ticket.take"},
	}).want(t, 201).str("secret")
	// Who may do it in bulk must still be allowed to do it at all.
	if r := program.do("POST", bulkPath, resolve()).wantCode(t, 403, "forbidden"); r.str("params.permission") != "conversation.reply" {
		t.Errorf("%s", r.body)
	}
	program.do("POST", bulkPath, bulk(map[string]any{"read": true}, k.conversation)).wantCode(t, 403, "person_needed")
	program.do("POST", bulkPath, bulk(map[string]any{"priority": "low"}, k.conversation)).want(t, 200)
	supervisor := c.member(t, owner.space, desk.RoleSupervisor)
	supervisor.do("POST", bulkPath, resolve()).want(t, 200)
	supervisor.do("POST", bulkPath, bulk(map[string]any{}, k.conversation)).wantCode(t, 422, "bulk_nothing")
	supervisor.do("POST", bulkPath, bulk(map[string]any{"status": "bot"}, k.conversation)).wantCode(t, 422, "field_invalid")
	supervisor.do("POST", bulkPath, bulk(map[string]any{"status": "open"}, k.conversation, k.conversation)).wantCode(t, 422, "bulk_twice")
	supervisor.do("POST", bulkPath, bulk(map[string]any{"status": "open"}, make([]desk.ID, 201)...)).want(t, 422)
}

// A bulk action stays within the scope (J2), and does not show what it took out of sight.
func TestABulkActionStaysWithinTheScope(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	supervisor, colleague := c.member(t, owner.space, desk.RoleSupervisor), c.member(t, owner.space, desk.RoleAgent)
	theirs, free := c.talk(t, owner.space), c.talk(t, owner.space)
	owner.do("PATCH", "/api/v1/tickets/"+theirs.ticket.String(), map[string]any{"assignee_id": colleague.id}).want(t, 200)
	owner.do("PATCH", "/api/v1/members/"+supervisor.id.String(), map[string]any{"scope": "own"}).want(t, 200)
	r := supervisor.do("POST", bulkPath, bulk(map[string]any{"assignee_id": colleague.id, "read": true}, theirs.conversation, free.conversation)).want(t, 200)
	if r.str("items.0.problem.code") != "conversation_not_found" || r.at("items.0.row") != nil || r.str("items.1.outcome") != "changed" || r.at("items.1.row") != nil {
		t.Errorf("%s", r.body)
	}
}
