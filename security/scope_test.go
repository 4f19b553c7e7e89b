package security_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"madoguchi/app"
)

// ofConversation are paths that name something that lies in a conversation.
var ofConversation = regexp.MustCompile(`/(conversations|tickets|messages|scheduled-messages|files)/\{`)

// within are questions that an operation's bare path does not ask. What people said is looked for in search.TestFindRespectsScope.
var within = []string{
	"/api/v1/conversations?view=all", "/api/v1/conversations?view=all&sort=waiting", "/api/v1/conversations?view=resolved",
	"/api/v1/search?kind=ticket&q=1",
}

// TestEveryRouteStaysWithinTheScope (J2): to somebody who may do everything and sees their own conversations alone, a colleague's is
// nowhere, whatever is asked for and whatever is done to it.
func TestEveryRouteStaysWithinTheScope(t *testing.T) {
	t.Parallel()
	const narrow = "narrow@example.test"
	d := prepare(t)
	if _, err := app.CreateUser(t.Context(), d.config, app.UserParams{Email: narrow, Password: password, Role: "owner"}); err != nil {
		t.Fatal(err)
	}
	d.start()
	colleague := &records{caller: d.signIn(owner), account: d.setup.ChannelAccount}
	colleague.fill()
	conversation, ticket := "/api/v1/conversations/"+colleague.ids["conversation_id"], "/api/v1/tickets/"+colleague.ids["ticket_id"]
	colleague.do("POST", ticket+"/take", nil).want(200)
	colleague.do("PUT", conversation+"/reminder", map[string]any{"at": later("")["send_at"]}).want(200)
	colleague.do("PUT", conversation+"/draft", map[string]any{"mode": "reply", "parts": message("", "返金します")["parts"]}).want(204)
	seer := &records{caller: d.signIn(narrow), account: colleague.account, ids: colleague.ids}
	me := number(seer.do("GET", "/api/v1/session", nil).want(200).at("user.id"))
	sees := func(path string, a answer) {
		t.Helper()
		for _, kind := range []string{"conversation_id", "ticket_id", "message_id", "scheduled_message_id"} {
			if strings.Contains(string(a.body), colleague.ids[kind]) {
				t.Errorf("%s tells of a colleague's %s: %s", path, kind, a.body)
			}
		}
		if strings.Contains(string(a.body), "返金") {
			t.Errorf("%s tells what was said to a colleague: %s", path, a.body)
		}
	}
	rules := map[string]any{"rules": []any{map[string]any{"name": "all", "active": true, "conditions": map[string]any{}, "actions": []any{map[string]any{"kind": "priority", "priority": "high"}}}}}
	told := []answer{seer.do("GET", "/api/v1/conversations?view=all", nil), seer.do("POST", "/api/v1/routing-rules/trial", rules)}
	told = append(told, seer.do("PUT", conversation+"/reminder", map[string]any{"at": later("")["send_at"]}), seer.do("GET", "/api/v1/reminders", nil))
	for _, a := range told {
		if a.want(200); !strings.Contains(string(a.body), colleague.ids["conversation_id"]) {
			t.Errorf("with all in sight: %s", a.body)
		}
	}
	colleague.do("PATCH", "/api/v1/members/"+me, map[string]any{"scope": "own"}).want(200)

	ops, named := d.document()
	walked := 0
	for _, op := range ops {
		path := seer.address(op.path)
		switch {
		case op.Permission == "public" || path == "" || strings.HasPrefix(op.path, "/api/v1/audit"): // the log says what was done, no words (J5)
		case ofConversation.MatchString(op.path):
			walked++
			if a := seer.do(op.method, path, seer.body(op, named)); a.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s: %d %s", op.method, op.path, a.StatusCode, a.body)
			}
		case op.method == "GET":
			sees(op.path, seer.do("GET", path, nil))
		}
	}
	if walked < 40 {
		t.Errorf("walked %d operations only", walked)
	}
	for _, path := range within {
		sees(path, seer.do("GET", path, nil).want(200))
	}
	sees("what routing rules would have done", seer.do("POST", "/api/v1/routing-rules/trial", rules).want(200))
	change := map[string]any{"conversation_ids": []any{json.Number(colleague.ids["conversation_id"])}, "status": "resolved"}
	if a := seer.do("POST", "/api/v1/conversations/bulk", map[string]any{"changes": []any{change}}).want(200); a.str("items.0.problem.code") != "conversation_not_found" {
		t.Errorf("in bulk: %s", a.body)
	}
	begun := seer.do("POST", "/api/v1/contacts/"+colleague.ids["contact_id"]+"/conversations", map[string]any{"identity_id": json.Number(colleague.ids["identity_id"])})
	if begun.StatusCode/100 != 4 {
		t.Errorf("begun anew: %d %s", begun.StatusCode, begun.body)
	}
	sees("a conversation begun anew", begun)
	if status := colleague.do("GET", ticket, nil).want(200).str("status"); status != "open" {
		t.Errorf("the colleague's case is %s", status)
	}
}
