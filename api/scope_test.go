package api_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
)

// A member with a scope meets a conversation outside of it nowhere (J2).
func TestConversationsOutsideOfTheScopeAreNotThere(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	agent, colleague := c.member(t, owner.space, desk.RoleAgent), c.member(t, owner.space, desk.RoleAgent)
	team := owner.do("POST", "/api/v1/teams", map[string]any{"name": "返品", "member_ids": []any{agent.id}}).want(t, 201).num("id")
	k := c.talk(t, owner.space)
	conversation, ticket := "/api/v1/conversations/"+k.conversation.String(), "/api/v1/tickets/"+k.ticket.String()
	file := fmt.Sprint(owner.do("POST", "/api/v1/uploads", form{name: "a.png", content: picture(t)}).want(t, 201).num("id"))
	owner.do("POST", conversation+"/messages", map[string]any{"client_id": "1", "mode": "note", "parts": []any{map[string]any{"kind": "image", "attachment_id": json.Number(file)}}}).want(t, 201)
	err := c.store.Update(t.Context(), owner.space, func(tx store.Tx) error {
		return tx.WriteContacts().PutHeld(desk.HeldMessage{ID: tx.NewID(), IdentityID: k.identity, ContactID: k.contact, ClientID: "h", Parts: []desk.Part{{Kind: desk.PartText, Text: "while blocked"}}, At: tx.Now(), ReceivedAt: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	scope := func(s string) {
		t.Helper()
		owner.do("PATCH", "/api/v1/members/"+agent.id.String(), map[string]any{"scope": s}).want(t, 200)
	}
	place := func(assignee desk.ID, team int64) {
		t.Helper()
		owner.do("PATCH", ticket, map[string]any{"assignee_id": assignee, "team_id": team}).want(t, 200)
	}
	sees := func(want bool) {
		t.Helper()
		status, n := 404, 0
		if want {
			status, n = 200, 1
		}
		for _, path := range []string{conversation, conversation + "/messages", conversation + "/drafts", ticket, "/api/v1/files/" + file} {
			if got := agent.do("GET", path, nil).StatusCode; got != status {
				t.Errorf("GET %s: %d, want %d", path, got, status)
			}
		}
		for _, path := range []string{"/api/v1/conversations?view=all", "/api/v1/conversations?view=all&sort=waiting", "/api/v1/contacts/" + k.contact.String() + "/conversations",
			"/api/v1/contacts/" + k.contact.String() + "/tickets", "/api/v1/contacts/" + k.contact.String() + "/attachments",
			"/api/v1/contacts/" + k.contact.String() + "/held-messages"} {
			if got := len(agent.do("GET", path, nil).want(t, 200).list("items")); got != n {
				t.Errorf("GET %s: %d, want %d", path, got, n)
			}
		}
		counts := agent.do("GET", "/api/v1/conversations/counts", nil).want(t, 200)
		if got := counts.num("all"); got != int64(n) {
			t.Errorf("counts: %s", counts.body)
		}
		for path, body := range map[string]any{
			"PUT " + conversation + "/read": map[string]any{"seq": 1}, "PUT " + conversation + "/draft": map[string]any{"mode": "note", "parts": []any{text("x")}},
			"PATCH " + ticket: map[string]any{"tag_ids": []any{}},
		} {
			var method, address string
			_, _ = fmt.Sscan(path, &method, &address)
			if got := agent.do(method, address, body).StatusCode; (got == 404) == want {
				t.Errorf("%s: %d", path, got)
			}
		}
	}
	sees(true)
	place(colleague.id, 0)
	sees(true) // everybody's scope is all at first
	scope("own")
	sees(false)
	agent.do("POST", conversation+"/messages", map[string]any{"client_id": "9", "mode": "note", "parts": []any{text("x")}}).wantCode(t, 404, "conversation_not_found")
	agent.do("POST", ticket+"/resolve", nil).wantCode(t, 404, "conversation_not_found")
	place(0, 0)
	sees(true)
	place(agent.id, 0)
	sees(true)
	place(colleague.id, team)
	sees(false)
	scope("team")
	sees(true)
	owner.do("PATCH", "/api/v1/teams/"+fmt.Sprint(team), map[string]any{"member_ids": []any{}}).want(t, 200)
	sees(false)
	place(0, team) // another team's queue
	sees(false)
	// What takes a case out of one's sight is answered as it was left.
	place(agent.id, 0)
	scope("own")
	sees(true)
	agent.do("POST", ticket+"/transfer", map[string]any{"team_id": team}).want(t, 200)
	sees(false)
}

// A program sees all while its maker could let themselves see all, and then what they see.
func TestAProgramSeesNoMoreThanItsMaker(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	admin, colleague := c.member(t, owner.space, desk.RoleAdmin), c.member(t, owner.space, desk.RoleAgent)
	k := c.talk(t, owner.space)
	owner.do("POST", "/api/v1/tickets/"+k.ticket.String()+"/assign", map[string]any{"assignee_id": colleague.id}).want(t, 200)
	program := c.stranger(t)
	program.bearer = admin.do("POST", "/api/v1/api-keys", map[string]any{"name": "k", "role": "agent"}).want(t, 201).str("secret")
	sees := func(want bool) {
		t.Helper()
		status, n := 404, 0
		if want {
			status, n = 200, 1
		}
		program.do("GET", "/api/v1/conversations/"+k.conversation.String(), nil).want(t, status)
		if got := len(program.do("GET", "/api/v1/conversations?view=all", nil).want(t, 200).list("items")); got != n {
			t.Errorf("listed %d", got)
		}
		if got := len(program.do("GET", "/api/v1/search?kind=message&q=%E8%BF%94%E9%87%91", nil).want(t, 200).list("conversations")); got > n {
			t.Errorf("found %d", got)
		}
	}
	owner.do("PATCH", "/api/v1/members/"+admin.id.String(), map[string]any{"scope": "own"}).want(t, 200)
	sees(true)
	owner.do("PATCH", "/api/v1/members/"+admin.id.String(), map[string]any{"role": "agent"}).want(t, 200)
	sees(false)
	owner.do("PATCH", "/api/v1/members/"+admin.id.String(), map[string]any{"scope": "all"}).want(t, 200)
	sees(true)
}

// A trigger's log names no case that whoever reads it does not see (J2).
func TestRunsOfTriggersStayWithinTheScope(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	admin := c.member(t, owner.space, desk.RoleAdmin)
	k := c.talk(t, owner.space)
	owner.do("POST", "/api/v1/tickets/"+k.ticket.String()+"/take", nil).want(t, 200)
	made := owner.do("POST", "/api/v1/triggers", map[string]any{"name": "a", "enabled": true, "on": "rated", "actions": []any{map[string]any{"kind": "survey"}}}).want(t, 201)
	err := c.store.Update(t.Context(), owner.space, func(tx store.Tx) error {
		_, err := tx.WriteTriggers().AddRun(desk.TriggerRun{ID: tx.NewID(), TriggerID: desk.ID(made.num("id")), TicketID: k.ticket, ConversationID: k.conversation, Occurrence: "x", At: tx.Now(), Depth: 1})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	logged := func() int {
		t.Helper()
		return len(admin.do("GET", fmt.Sprint("/api/v1/triggers/", made.num("id"), "/runs"), nil).want(t, 200).list("items"))
	}
	if n := logged(); n != 1 {
		t.Errorf("with all in sight: %d runs", n)
	}
	owner.do("PATCH", "/api/v1/members/"+admin.id.String(), map[string]any{"scope": "own"}).want(t, 200)
	if n := logged(); n != 0 {
		t.Errorf("a colleague's case: %d runs", n)
	}
}

// Who does not stand on a supervisor's board is not there for them (J2, E23); to read along leaves a trace without the socket (J6).
func TestASupervisorsReach(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	supervisor, agent := c.member(t, owner.space, desk.RoleSupervisor), c.member(t, owner.space, desk.RoleAgent)
	k := c.talk(t, owner.space)
	agent.do("POST", "/api/v1/tickets/"+k.ticket.String()+"/take", nil).want(t, 200)
	for range 2 {
		supervisor.do("GET", "/api/v1/conversations/"+k.conversation.String()+"/messages", nil).want(t, 200)
	}
	owner.do("GET", "/api/v1/messages/"+k.message.String(), nil).want(t, 200)
	events, err := c.store.Events(t.Context(), owner.space, 0, 200)
	if err != nil {
		t.Fatal(err)
	}
	watched := map[desk.ID]int{}
	for _, e := range events {
		if e.Kind == desk.EventMonitored && e.SubjectID == k.conversation {
			watched[e.Actor.ID]++
		}
	}
	if watched[supervisor.id] != 1 || watched[owner.id] != 1 {
		t.Errorf("written down for whom, how often: %v", watched)
	}
	status, away := "/api/v1/members/"+agent.id.String()+"/availability", map[string]any{"availability": "away"}
	supervisor.do("PUT", status, away).want(t, 204)
	owner.do("PATCH", "/api/v1/members/"+supervisor.id.String(), map[string]any{"scope": "team"}).want(t, 200)
	supervisor.do("PUT", status, away).wantCode(t, 404, "member_not_found")
	owner.do("POST", "/api/v1/teams", map[string]any{"name": "t", "member_ids": []desk.ID{supervisor.id, agent.id}}).want(t, 201)
	supervisor.do("PUT", status, away).want(t, 204)
}
