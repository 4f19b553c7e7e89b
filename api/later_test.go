package api_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"madoguchi/desk"
)

// A reply that waits is seen, with its file, by those who see its conversation, and by nobody else (J2).
func TestScheduledRepliesAreSeenWithTheirConversation(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	colleague, stranger := c.member(t, owner.space, desk.RoleAgent), c.member(t, owner.space, desk.RoleAgent)
	k := c.talk(t, owner.space)
	conversation := "/api/v1/conversations/" + k.conversation.String()
	owner.do("POST", "/api/v1/tickets/"+fmt.Sprint(owner.do("GET", conversation, nil).want(t, 200).num("ticket.id"))+"/take", nil).want(t, 200)
	owner.do("PATCH", "/api/v1/members/"+stranger.id.String(), map[string]any{"scope": "own"}).want(t, 200)
	up := owner.do("POST", "/api/v1/uploads", form{name: "a.png", content: picture(t)}).want(t, 201)
	body := map[string]any{
		"client_id": "l1", "send_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339), "unless_answered": true,
		"parts": []any{text("あとで"), map[string]any{"kind": "image", "attachment_id": json.Number(jsonNumber(up, "id"))}},
	}
	kept := owner.do("POST", conversation+"/scheduled-messages", body).want(t, 201)
	if again := owner.do("POST", conversation+"/scheduled-messages", body).want(t, 200); again.num("id") != kept.num("id") {
		t.Errorf("again: %s", again.body)
	}
	seen := colleague.do("GET", conversation+"/scheduled-messages", nil).want(t, 200)
	if seen.num("items.0.id") != kept.num("id") || seen.str("items.0.parts.1.attachment.url") != up.str("url") {
		t.Errorf("seen: %s", seen.body)
	}
	colleague.do("GET", up.str("url"), nil).want(t, 200)
	stranger.do("GET", conversation+"/scheduled-messages", nil).wantCode(t, 404, "conversation_not_found")
	stranger.do("GET", up.str("url"), nil).wantCode(t, 404, "attachment_not_found")
	at := fmt.Sprintf("/api/v1/scheduled-messages/%d", kept.num("id"))
	stranger.do("DELETE", at, nil).wantCode(t, 404, "scheduled_message_not_found")
	colleague.do("PUT", at, map[string]any{"version": 1, "unless_answered": false}).wantCode(t, 403, "not_yours")
	colleague.do("POST", at+"/send", nil).wantCode(t, 403, "not_yours")
	sent := owner.do("POST", at+"/send", nil).want(t, 200)
	if sent.str("client_id") != "l1" || sent.str("parts.1.attachment.name") != "a.png" {
		t.Errorf("sent: %s", sent.body)
	}
	owner.do("DELETE", at, nil).wantCode(t, 404, "scheduled_message_not_found")

	// What a colleague takes back is its writer's to decide about.
	body["client_id"], body["parts"] = "l2", []any{text("また今度")}
	at = fmt.Sprintf("/api/v1/scheduled-messages/%d", owner.do("POST", conversation+"/scheduled-messages", body).want(t, 201).num("id"))
	if back := colleague.do("DELETE", at, nil).want(t, 200); back.str("returned_at") == "" || back.str("reason") != "scheduled_taken_back" {
		t.Errorf("taken back: %s", back.body)
	}
	colleague.do("DELETE", at, nil).wantCode(t, 403, "not_yours")
	seen = colleague.do("GET", conversation+"/scheduled-messages", nil).want(t, 200)
	if seen.str("items.0.reason") != "scheduled_taken_back" || seen.str("items.0.parts.0.text") != "また今度" || seen.at("items.0.orphaned") != nil {
		t.Errorf("came back: %s", seen.body)
	}
	if row := owner.do("GET", conversation, nil).want(t, 200); row.at("draft") != true {
		t.Errorf("its writer has nothing unsent there: %s", row.body)
	}
	owner.do("DELETE", at, nil).want(t, 200)

	when := map[string]any{"at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339), "note": "在庫"}
	stranger.do("PUT", conversation+"/reminder", when).wantCode(t, 404, "conversation_not_found")
	colleague.do("PUT", conversation+"/reminder", when).want(t, 200)
	if mine := colleague.do("GET", "/api/v1/reminders", nil).want(t, 200); mine.str("items.0.note") != "在庫" {
		t.Errorf("reminders: %s", mine.body)
	}
	if others := owner.do("GET", "/api/v1/reminders", nil).want(t, 200).list("items"); len(others) != 0 {
		t.Errorf("another's reminders: %v", others)
	}
}
