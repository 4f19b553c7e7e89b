package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"madoguchi/desk"
)

func TestAConversationFromListToResolved(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	k := c.talk(t, p.space)
	list := p.do("GET", "/api/v1/conversations?view=unassigned&status=queued,open&channel=1,2", nil).want(t, 200)
	if len(list.list("items")) != 0 {
		t.Errorf("filtered by other channels: %s", list.body)
	}
	list = p.do("GET", "/api/v1/conversations?view=unassigned&status=queued,open", nil).want(t, 200)
	if list.num("items.0.id") != int64(k.conversation) || list.num("items.0.unread") != 1 || list.str("items.0.preview.text") != "返金してください" ||
		list.str("items.0.contact.name") != "山田 花子" || list.str("items.0.ticket.status") != "queued" {
		t.Fatalf("list: %s", list.body)
	}
	conversation := "/api/v1/conversations/" + k.conversation.String()
	ticket := "/api/v1/tickets/" + k.ticket.String()
	if read := p.do("PUT", conversation+"/read", `{"seq":1}`).want(t, 200); read.num("unread") != 0 {
		t.Errorf("read: %s", read.body)
	}
	if unread := p.do("PUT", conversation+"/read", `{"seq":0}`).want(t, 200); unread.num("unread") != 1 {
		t.Errorf("unread again: %s", unread.body)
	}
	p.do("PUT", conversation+"/draft", map[string]any{"mode": "reply", "parts": []any{text("書きかけ")}}).want(t, 204)
	if drafts := p.do("GET", conversation+"/drafts", nil).want(t, 200); drafts.str("items.0.parts.0.text") != "書きかけ" {
		t.Errorf("drafts: %s", drafts.body)
	}
	if row := p.do("GET", conversation, nil).want(t, 200); row.at("draft") != true {
		t.Errorf("row: %s", row.body)
	}
	reply := map[string]any{"client_id": "m1", "mode": "reply", "parts": []any{text("承知しました")}}
	first := p.do("POST", conversation+"/messages", reply).want(t, 201)
	second := p.do("POST", conversation+"/messages", reply).want(t, 200)
	if first.num("id") != second.num("id") || first.str("author.kind") != "human" || first.str("client_id") != "m1" {
		t.Errorf("the same client id: %s\n%s", first.body, second.body)
	}
	keyed := map[string]any{"mode": "note", "parts": []any{text("内部メモ")}}
	a := p.do("POST", conversation+"/messages", keyed, header("Idempotency-Key", "n1")).want(t, 201)
	b := p.do("POST", conversation+"/messages", keyed, header("Idempotency-Key", "n1")).want(t, 200)
	if a.num("id") != b.num("id") || a.str("author.kind") != "note" {
		t.Errorf("the same key: %s\n%s", a.body, b.body)
	}
	p.do("POST", conversation+"/messages", keyed).wantCode(t, 422, "client_id_invalid")
	row := p.do("GET", conversation, nil).want(t, 200)
	if row.num("ticket.assignee_id") != int64(p.id) || row.str("ticket.status") != "pending" || row.at("draft") != false {
		t.Errorf("after the reply: %s", row.body)
	}
	for _, step := range []struct{ do, body, status string }{
		{"/open", "", "open"}, {"/pending", "", "pending"},
		{"/snooze", `{"until":"` + time.Now().Add(time.Hour).UTC().Format(time.RFC3339) + `"}`, "snoozed"}, {"/wake", "", "open"},
		{"/resolve", "", "resolved"}, {"/reopen", "", "open"},
	} {
		var body any
		if step.body != "" {
			body = step.body
		}
		if r := p.do("POST", ticket+step.do, body).want(t, 200); r.str("ticket.status") != step.status {
			t.Errorf("%s: %s", step.do, r.body)
		}
	}
	p.do("POST", ticket+"/wake", nil).wantCode(t, 409, "invalid_transition")
	p.do("POST", ticket+"/snooze", `{"until":"2020-01-01T00:00:00Z"}`).wantCode(t, 422, "snooze_in_past")
	conflict := p.do("PATCH", ticket, `{"priority":"high","version":1}`).wantCode(t, 409, "edited_meanwhile")
	if conflict.num("params.current.id") != int64(k.conversation) {
		t.Errorf("conflict: %s", conflict.body)
	}
	p.do("PATCH", ticket, fmt.Sprintf(`{"priority":"urgent","version":%d}`, conflict.num("params.current.version"))).want(t, 200)
	counts := p.do("GET", "/api/v1/conversations/counts", nil).want(t, 200)
	if counts.num("mine") != 1 || counts.num("all") != 1 || counts.num("resolved") != 0 {
		t.Errorf("counts: %s", counts.body)
	}
}

func TestAgentsHandOnTheirOwnTicketsOnly(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	a, b := c.member(t, owner.space, desk.RoleAgent), c.member(t, owner.space, desk.RoleAgent)
	supervisor := c.member(t, owner.space, desk.RoleSupervisor)
	k := c.talk(t, owner.space)
	ticket := "/api/v1/tickets/" + k.ticket.String()
	give := func(to *person) map[string]any { return map[string]any{"assignee_id": to.id} }
	a.do("POST", ticket+"/assign", give(b)).wantCode(t, 403, "forbidden") // nobody's yet: it may only be taken
	a.do("POST", ticket+"/take", nil).want(t, 200)
	b.do("POST", ticket+"/take", nil).wantCode(t, 409, "taken_already")
	b.do("POST", ticket+"/transfer", map[string]any{"assignee_id": b.id}).wantCode(t, 409, "taken_already")
	for _, change := range []map[string]any{{"priority": "urgent"}, {"assignee_id": 0}, {"team_id": 0}} {
		b.do("PATCH", ticket, change).wantCode(t, 403, "ticket_of_colleague")
	}
	for _, do := range []string{"/resolve", "/pending", "/open", "/wake"} {
		b.do("POST", ticket+do, nil).wantCode(t, 403, "ticket_of_colleague")
	}
	b.do("POST", ticket+"/snooze", map[string]any{"until": time.Now().Add(time.Hour)}).wantCode(t, 403, "ticket_of_colleague")
	conversation := "/api/v1/conversations/" + k.conversation.String() + "/messages"
	note := map[string]any{"client_id": "n", "mode": "note", "and_then": "resolve", "parts": []any{text("済み")}}
	b.do("POST", conversation, note).wantCode(t, 403, "ticket_of_colleague")
	a.do("PATCH", ticket, map[string]any{"priority": "urgent"}).want(t, 200)
	a.do("POST", ticket+"/transfer", map[string]any{"assignee_id": b.id, "note": "お願いします"}).want(t, 200)
	if r := supervisor.do("POST", ticket+"/assign", give(a)).want(t, 200); r.num("ticket.assignee_id") != int64(a.id) {
		t.Errorf("assigned: %s", r.body)
	}
	viewer := c.member(t, owner.space, desk.RoleViewer)
	supervisor.do("POST", ticket+"/assign", give(viewer)).wantCode(t, 422, "assignee_cannot_reply")
}

func TestThreadsPageBothWays(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	k := c.talk(t, p.space)
	path := "/api/v1/conversations/" + k.conversation.String() + "/messages"
	for i := range 6 {
		p.do("POST", path, map[string]any{"client_id": fmt.Sprint(i), "mode": "note", "parts": []any{text(fmt.Sprint(i))}}).want(t, 201)
	}
	seqs := func(r answer) (all []int64) {
		for i := range r.list("items") {
			all = append(all, r.num(fmt.Sprintf("items.%d.seq", i)))
		}
		return all
	}
	newest := p.do("GET", path+"?limit=3", nil).want(t, 200)
	if got := fmt.Sprint(seqs(newest)); got != "[5 6 7]" || newest.at("more") != true {
		t.Errorf("newest %s", newest.body)
	}
	oldest := p.do("GET", path+"?limit=4&before=5", nil).want(t, 200)
	if got := fmt.Sprint(seqs(oldest)); got != "[1 2 3 4]" || oldest.at("more") != false {
		t.Errorf("before 5: %s", got)
	}
	after := p.do("GET", path+"?limit=2&after=3", nil).want(t, 200)
	if got := fmt.Sprint(seqs(after)); got != "[4 5]" || after.at("more") != true {
		t.Errorf("after 3: %s", got)
	}
	begins := p.do("GET", path+"?limit=2&from_ticket="+k.ticket.String(), nil).want(t, 200)
	if got := fmt.Sprint(seqs(begins)); got != "[1 2]" || begins.at("more") != true {
		t.Errorf("from its ticket: %s", got)
	}
	elsewhere := c.talk(t, p.space)
	if none := p.do("GET", path+"?from_ticket="+elsewhere.ticket.String(), nil).want(t, 200); len(none.list("items")) != 0 {
		t.Errorf("from another conversation's ticket: %s", none.body)
	}
	p.do("GET", path+"?after=1&from_ticket=1", nil).want(t, 422)
	p.do("GET", path+"?limit=500", nil).want(t, 422)
	p.do("GET", path+"?before=1&after=1", nil).want(t, 422)
}

func TestContactsAreEditedWithBothValuesInSight(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	k := c.talk(t, p.space)
	path := "/api/v1/contacts/" + k.contact.String()
	edited := p.do("PATCH", path, `{"version":1,"name":"山田 花","email":"hana@example.jp","phone":"+81 90-1234-5678","fields":{"会員番号":"A-1"}}`).want(t, 200)
	if edited.num("version") != 2 || edited.str("phone") != "+819012345678" || edited.str("fields.会員番号") != "A-1" || edited.num("identities.0.id") != int64(k.identity) {
		t.Errorf("edited: %s", edited.body)
	}
	conflict := p.do("PATCH", path, `{"version":1,"name":"x"}`).wantCode(t, 409, "edited_meanwhile")
	if conflict.str("params.current.name") != "山田 花" {
		t.Errorf("conflict: %s", conflict.body)
	}
	if r := p.do("PATCH", path, `{"version":2,"email":"no address"}`).wantCode(t, 422, "email_invalid"); r.str("field") != "email" {
		t.Errorf("field: %s", r.body)
	}
	if r := p.do("PATCH", path, `{"version":2,"fields":{"会員番号":null}}`).want(t, 200); r.at("fields.会員番号") != nil {
		t.Errorf("a field is deleted by null: %s", r.body)
	}
	if r := p.do("GET", "/api/v1/contacts?q=hana", nil).want(t, 200); len(r.list("items")) != 1 {
		t.Errorf("found: %s", r.body)
	}
	note := p.do("POST", path+"/notes", map[string]any{"body": "常連さん"}, header("Idempotency-Key", "n")).want(t, 201)
	if again := p.do("POST", path+"/notes", map[string]any{"body": "常連さん"}, header("Idempotency-Key", "n")).want(t, 201); again.num("id") != note.num("id") {
		t.Errorf("the same key made another: %s", again.body)
	}
	colleague := c.member(t, p.space, desk.RoleAgent)
	notePath := "/api/v1/contact-notes/" + jsonNumber(note, "id")
	colleague.do("PATCH", notePath, map[string]any{"body": "x"}).wantCode(t, 403, "not_author")
	p.do("PATCH", notePath, map[string]any{"body": "大切な常連さん"}).want(t, 200)
	if r := colleague.do("GET", path+"/notes", nil).want(t, 200); r.str("items.0.body") != "大切な常連さん" {
		t.Errorf("notes: %s", r.body)
	}
	p.do("DELETE", notePath, nil).want(t, 204)
	if r := p.do("GET", path+"/tickets", nil).want(t, 200); r.num("items.0.number") != 1 {
		t.Errorf("tickets: %s", r.body)
	}
	if r := p.do("GET", path+"/conversations", nil).want(t, 200); r.num("items.0.id") != int64(k.conversation) {
		t.Errorf("conversations: %s", r.body)
	}
}

// hostile is what somebody may write to harm whoever reads it. It is kept and told as it is, as JSON, and means nothing.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `javascript:alert(1)`, `</script><script>alert(1)</script>`,
	`{{constructor.constructor('alert(1)')()}}`, `${7*7}`, `'; DROP TABLE messages; --`, `' OR '1'='1`, `%00%0d%0aSet-Cookie: a=b`,
	"\u202Egnp.exe\u202C", "\u2028x\u2029", `{"__proto__":{"admin":true}}`, "👩‍👩‍👧‍👦🏳️‍🌈", strings.Repeat("z̷̢̛", 500), "‮‮x‮",
	"data:text/html,<script>alert(1)</script>", `[click](javascript:alert(1))`, "＜script＞", "\\u003cscript\\u003e", "\t\n line two",
}

func TestHostileTextIsOnlyText(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	k := c.talk(t, p.space)
	path := "/api/v1/conversations/" + k.conversation.String() + "/messages"
	for i, s := range hostile {
		r := p.do("POST", path, map[string]any{"client_id": fmt.Sprint(i), "mode": "note", "parts": []any{text(s)}}).want(t, 201)
		if got := r.str("parts.0.text"); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
		if kind := r.Header.Get("Content-Type"); kind != "application/json" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("told as %s", kind)
		}
		p.do("PATCH", "/api/v1/contacts/"+k.contact.String(), map[string]any{"version": i + 1, "name": fmt.Sprintf("%d %.50s", i, s)}).want(t, 200)
		p.do("GET", "/api/v1/contacts?q="+queryEscape(firstRunes(s, 200)), nil).want(t, 200)
	}
	for _, bad := range []string{`javascript:alert(1)`, `data:text/html,x`, `vbscript:x`, "java\tscript:alert(1)", `//evil.example`, `file:///etc/passwd`} {
		part := map[string]any{"kind": "text", "text": "link", "marks": []any{map[string]any{"kind": "link", "start": 0, "end": 4, "href": bad}}}
		p.do("POST", path, map[string]any{"client_id": bad, "mode": "reply", "parts": []any{part}}).want(t, 422)
	}
	for _, body := range []string{
		`{"client_id":"0","mode":"note","parts":[{"kind":"text","text":"\u202e\u200b"}]}`,
		`{"client_id":"a","mode":"reply","parts":[{"kind":"text","text":"x","evil":1}]}`, `{"client_id":"b","mode":"shout","parts":[]}`,
		`{"client_id":"c","mode":"reply","parts":[]}`, `{`, `[]`, `null`, ``, `{"client_id":1}`, strings.Repeat(`[`, 100_000),
		`{"client_id":"d","mode":"reply","parts":[{"kind":"text","text":"x"}],"__proto__":{}}`,
		"{\"client_id\":\"e\",\"mode\":\"reply\",\"parts\":[{\"kind\":\"text\",\"text\":\"\xff\xfe\"}],\"x\":1}",
	} {
		r := p.do("POST", path, body)
		if r.StatusCode != 422 && r.StatusCode != 400 || r.str("code") == "" || r.str("detail") == "" || r.str("request_id") == "" {
			t.Errorf("%.60q: %d %s", body, r.StatusCode, r.body)
		}
	}
	p.do("POST", path, `{"client_id":"big","mode":"note","parts":[{"kind":"text","text":"`+strings.Repeat("x", 2<<20)+`"}]}`).wantCode(t, 413, "body_too_large")
	p.do("GET", "/api/v1/conversations?after="+queryEscape("' OR 1=1 --"), nil).wantCode(t, 422, "cursor_invalid")
	p.do("GET", "/api/v1/conversations?view=everything", nil).want(t, 422)
	p.do("GET", "/api/v1/conversations/9223372036854775807", nil).want(t, 422)
	p.do("GET", "/api/v1/conversations/-1", nil).want(t, 422)
}

func firstRunes(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(n, len(runes))])
}
