package api_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"madoguchi/api"
	"madoguchi/audit"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/store"
)

// unaudited are the operations that change something and leave no entry, each with why: J6 does not list them.
var unaudited = map[string]string{
	"accept-offer":     "the assignment itself is in the log; it takes an offer that the desk made",
	"decline-offer":    "nothing is decided by it: the next one is asked",
	"put-availability": "E8: told by the event log; no right changes",
	"put-preferences":  "one's own screen",
	"test-mail":        "it tells whoever asks whether mails go out",
	"sync-templates":   "what the provider has", "post-template": "audit.TestTemplatesAreNoted: it takes a provider", "delete-template": "audit.TestTemplatesAreNoted: it takes a provider", "post-template-message": "the thread itself keeps it (J7)",
	"probe-channel":             "a question to the provider; a state or account that changes with it is in the log as the channel's",
	"subscribe-channel":         "the same address is told to the provider again",
	"use-canned-reply":          "a count",
	"try-routing-rules":         "nothing is changed",
	"try-trigger":               "nothing is changed",
	"count-standing-tickets":    "nothing is changed",
	"preview-survey":            "nothing is kept",
	"put-draft":                 "unsent",
	"post-scheduled-message":    "unsent: the thread keeps it once it is said (J7)",
	"put-scheduled-message":     "unsent",
	"delete-scheduled-message":  "unsent",
	"send-scheduled-message":    "the thread itself keeps it (J7)",
	"put-reminder":              "one's own",
	"order-saved-views":         "an order on screens",
	"put-notification-settings": "one's own",
	"sign-up-push-device":       "one's own; the session that it belongs to is in the log",
	"delete-push-device":        "one's own",
	"test-push-device":          "nothing is kept",
	"delete-reminder":           "one's own",
	"post-conversation":         "the thread tells who began it",
	"preview-message":           "nothing is kept",
	"preview-link":              "what a page says of itself, remembered for a while",
	"put-read":                  "reading",
	"post-message":              "the thread itself keeps what was said (J7)",
	"retry-message":             "the thread itself keeps it (J7)",
	"message-arrived":           "the thread tells who said so",
	"fetch-files":               "nothing is decided by it",
	"put-reaction":              "the thread itself keeps it (J7)",
	"post-template-sample":      "the template that carries it is the deed",
	"upload-file":               "unsent",
	"post-contact-note":         "the record itself keeps it",
	"edit-contact-note":         "the record itself keeps it",
	"delete-contact-note":       "the record itself keeps it",
	"edit-contact":              "customer data stays out of a log that is never erased (J12)",
	"edit-ticket-fields":        "customer data stays out of a log that is never erased (J12)",
	"snooze-ticket":             "the thread tells it; J6 lists assignment and resolving",
	"leave-ticket":              "the thread tells it; J6 lists joining and taking over",
	"wake-ticket":               "the thread tells it; J6 lists assignment and resolving",
	"pending-ticket":            "the thread tells it; J6 lists assignment and resolving",
	"open-ticket":               "the thread tells it; J6 lists assignment and resolving",
	"run-macro":                 "inbox.TestMacroDoesAllOrNothing: each of its actions leaves what the member's own would",
	"preview-macro":             "nothing is kept",
}

// trail performs operations and looks for what they left in the audit log.
type trail struct {
	t     *testing.T
	c     *counter
	owner *person
	done  map[string]bool
}

// entries reads the audit log of a workspace, newest first.
func (c *counter) entries(t *testing.T, workspace desk.ID, q store.AuditQuery) (all []desk.AuditEntry) {
	t.Helper()
	if err := audit.NewChainer(c.store, c.deps.Sealer, c.deps.Log).LinkAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := c.store.View(t.Context(), workspace, func(r store.Reader) (err error) {
		all, _, err = r.Audit().List(q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// leaves checks that a request left an entry with an action, with who, from where, and the request's id.
func (tr *trail) leaves(op string, action desk.AuditAction, r answer) answer {
	tr.t.Helper()
	tr.done[op] = true
	if r.StatusCode >= 400 && op != "sign-in" {
		tr.t.Fatalf("%s: %d %s", op, r.StatusCode, r.body)
	}
	id := r.Header.Get("X-Request-Id")
	for _, e := range tr.c.entries(tr.t, tr.owner.space, store.AuditQuery{Action: action}) {
		if e.RequestID != id {
			continue
		}
		if e.IP != "127.0.0.1" || e.Actor.Kind != desk.ActorUser || id == "" {
			tr.t.Errorf("%s left %+v", op, e)
		}
		return r
	}
	tr.t.Errorf("%s left no %s", op, action)
	return r
}

// TestEveryChangeLeavesAnEntry performs every operation of the document that changes something (J6). An operation that is
// neither here nor in unaudited fails it.
func TestEveryChangeLeavesAnEntry(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	tr := &trail{t: t, c: c, owner: owner, done: map[string]bool{}}
	tr.administration()
	tr.people()
	tr.counter()
	tr.done["set-up"] = true // tried in TestSetUpLeavesEntries: it runs once
	for id := range changing(t) {
		if _, ok := unaudited[id]; !ok && !tr.done[id] {
			t.Errorf("%s changes something: perform it here, or say in unaudited why it leaves no entry", id)
		}
		if _, ok := unaudited[id]; ok && tr.done[id] {
			t.Errorf("%s leaves an entry: take it out of unaudited", id)
		}
	}
	for _, e := range c.entries(t, owner.space, store.AuditQuery{Page: store.Page{Limit: 200}}) {
		if !slices.Contains(audit.Actions(), e.Action) || !slices.Contains(audit.Objects(), e.Object.Kind) {
			t.Errorf("nobody has words for %s of a %s", e.Action, e.Object.Kind)
		}
	}
	v, err := audit.Verify(t.Context(), c.store, c.deps.Sealer, owner.space)
	if err != nil || !v.Whole() || v.Entries < 40 {
		t.Errorf("%+v, %v", v, err)
	}
}

// changing are the ids of the operations that are no reads.
func changing(t *testing.T) map[string]bool {
	t.Helper()
	document, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Paths map[string]map[string]struct {
			ID string `json:"operationId"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(document, &d); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for methods := range maps.Values(d.Paths) {
		for method, op := range methods {
			if method != "get" {
				ids[op.ID] = true
			}
		}
	}
	return ids
}

func recordID(r answer) string { return fmt.Sprint(int64(r.num("id"))) }

func (tr *trail) administration() {
	do, leaves := tr.owner.do, tr.leaves
	type object = map[string]any
	key := leaves("post-api-key", "api_key.created", do("POST", "/api/v1/api-keys", object{"name": "script", "role": "agent"}))
	leaves("delete-api-key", "api_key.revoked", do("DELETE", fmt.Sprint("/api/v1/api-keys/", int64(key.num("api_key.id"))), nil))
	channel := leaves("post-channel", "channel.created", do("POST", "/api/v1/channels", object{"kind": "webchat", "name": "second", "settings": object{}}))
	path := "/api/v1/channels/" + recordID(channel)
	changed := leaves("edit-channel", "channel.disabled", do("PATCH", path, object{"state": "disabled", "version": channel.num("version")}))
	leaves("edit-channel", "channel.enabled", do("PATCH", path, object{"state": "active", "version": changed.num("version")}))
	leaves("rotate-identify-secret", "channel.changed", do("POST", path+"/identify-secret", nil))
	leaves("delete-channel", "channel.deleted", do("DELETE", path, nil))
	week := [7][]any{{}, {}, {}, {}, {}, {}, {}}
	hours := leaves("post-schedule", "schedule.created", do("POST", "/api/v1/schedules", object{"name": "a", "zone": "Asia/Tokyo", "week": week}))
	leaves("put-schedule", "schedule.changed", do("PUT", "/api/v1/schedules/"+recordID(hours), object{"name": "b", "zone": "Asia/Tokyo", "week": week}))
	path = "/api/v1/sla-policies"
	targets := object{"normal": object{"first_response": 60}}
	policy := leaves("post-sla-policy", "sla_policy.created", do("POST", path, object{"name": "a", "schedule_id": 0, "targets": targets}))
	leaves("put-sla-policy", "sla_policy.changed", do("PUT", path+"/"+recordID(policy), object{"name": "b", "schedule_id": hours.num("id"), "targets": targets}))
	if r := do("DELETE", "/api/v1/schedules/"+recordID(hours), nil); r.StatusCode != 409 || r.str("code") != "schedule_in_use" { // 0.10
		tr.t.Errorf("a policy's hours were deleted: %d %s", r.StatusCode, r.body)
	}
	last := do("POST", path, object{"name": "c", "schedule_id": 0, "targets": targets}).want(tr.t, 201)
	leaves("order-sla-policies", "sla_policy.changed", do("PUT", path+"/order", object{"ids": []any{last.num("id"), policy.num("id")}}))
	leaves("delete-sla-policy", "sla_policy.deleted", do("DELETE", path+"/"+recordID(policy), nil))
	leaves("put-wait-alerts", "wait_alert.changed", do("PUT", "/api/v1/wait-alerts", object{"items": []any{object{"team_id": 0, "minutes": 9}}}))
	leaves("delete-schedule", "schedule.deleted", do("DELETE", "/api/v1/schedules/"+recordID(hours), nil))
	rules := object{"state": desk.RoutingState(nil), "items": []any{object{
		"name": "all", "active": true, "conditions": object{}, "actions": []any{object{"kind": "priority", "priority": "high"}},
	}}}
	leaves("put-routing-rules", "routing_rule.created", do("PUT", "/api/v1/routing-rules", rules))
	tag := leaves("post-tag", "tag.created", do("POST", "/api/v1/tags", object{"name": "a"}))
	leaves("edit-tag", "tag.changed", do("PATCH", "/api/v1/tags/"+recordID(tag), object{"name": "b"}))
	leaves("delete-tag", "tag.deleted", do("DELETE", "/api/v1/tags/"+recordID(tag), nil))
	status := leaves("post-availability", "availability.created", do("POST", "/api/v1/availabilities", object{"name": "a", "means": "away"}))
	leaves("put-custom-availability", "availability.changed", do("PUT", "/api/v1/availabilities/"+recordID(status), object{"name": "b", "means": "away"}))
	leaves("delete-availability", "availability.deleted", do("DELETE", "/api/v1/availabilities/"+recordID(status), nil))
	team := leaves("post-team", "team.created", do("POST", "/api/v1/teams", object{"name": "a"}))
	leaves("edit-team", "team.changed", do("PATCH", "/api/v1/teams/"+recordID(team), object{"name": "b"}))
	leaves("delete-team", "team.deleted", do("DELETE", "/api/v1/teams/"+recordID(team), nil))
	field := leaves("post-field", "field.created", do("POST", "/api/v1/fields", object{"subject": "contact", "key": "rank", "kind": "text", "label": object{"en": "Rank"}}))
	second := do("POST", "/api/v1/fields", object{"subject": "contact", "key": "size", "kind": "text", "label": object{"en": "Size"}}).want(tr.t, 201)
	path = "/api/v1/fields/" + recordID(field)
	leaves("edit-field", "field.changed", do("PATCH", path, object{"label": object{"en": "Grade"}, "version": field.num("version")}))
	leaves("order-fields", "field.changed", do("PUT", "/api/v1/fields/order", object{"subject": "contact", "ids": []any{second.num("id"), field.num("id")}}))
	leaves("delete-field", "field.changed", do("DELETE", path, nil))
	leaves("restore-field", "field.changed", do("POST", path+"/restore", nil))
	do("DELETE", path, nil)
	leaves("erase-field", "field.deleted", do("DELETE", path+"/values", nil))
	brand := leaves("post-brand", "brand.created", do("POST", "/api/v1/brands", object{"name": "a"}))
	path = "/api/v1/brands/" + recordID(brand)
	leaves("edit-brand", "brand.changed", do("PATCH", path, object{"name": "b"}))
	leaves("post-brand-logo", "brand.changed", do("POST", path+"/logo", form{name: "a.png", content: picture(tr.t)}))
	leaves("delete-brand", "brand.deleted", do("DELETE", path, nil))
	reply := leaves("post-canned-reply", "canned_reply.created", do("POST", "/api/v1/canned-replies", object{"audience": "workspace", "name": "a", "texts": object{"en": "x"}}))
	path = "/api/v1/canned-replies/" + recordID(reply)
	leaves("put-canned-reply", "canned_reply.changed", do("PUT", path, object{"audience": "workspace", "name": "b", "texts": object{"en": "x"}, "version": reply.num("version")}))
	leaves("delete-canned-reply", "canned_reply.deleted", do("DELETE", path, nil))
	macro := object{"audience": "workspace", "name": "a", "actions": []any{object{"kind": "survey"}}}
	kept := leaves("post-macro", "macro.created", do("POST", "/api/v1/macros", macro))
	path = "/api/v1/macros/" + recordID(kept)
	macro["name"], macro["version"] = "b", kept.num("version")
	leaves("put-macro", "macro.changed", do("PUT", path, macro))
	leaves("delete-macro", "macro.deleted", do("DELETE", path, nil))
	rule := object{"name": "a", "enabled": true, "on": "rated", "actions": []any{object{"kind": "note", "text": "x"}}}
	kept = leaves("post-trigger", "trigger.created", do("POST", "/api/v1/triggers", rule))
	other := do("POST", "/api/v1/triggers", object{"name": "b", "enabled": true, "on": "rated", "actions": []any{object{"kind": "survey"}}})
	leaves("order-triggers", "trigger.changed", do("PUT", "/api/v1/triggers/order", object{"ids": []any{other.num("id"), kept.num("id")}}))
	path = "/api/v1/triggers/" + recordID(kept)
	rule["name"], rule["version"] = "c", kept.num("version")
	leaves("put-trigger", "trigger.changed", do("PUT", path, rule))
	leaves("delete-trigger", "trigger.deleted", do("DELETE", path, nil))
	shared := object{"audience": "workspace", "name": "VIP", "filter": object{"unread": true}}
	path = "/api/v1/saved-views/" + recordID(leaves("post-saved-view", "saved_view.created", do("POST", "/api/v1/saved-views", shared)))
	shared["name"], shared["version"] = "Waiting VIP", 1
	leaves("put-saved-view", "saved_view.changed", do("PUT", path, shared))
	leaves("delete-saved-view", "saved_view.deleted", do("DELETE", path, nil))
	leaves("put-role", "workspace.changed", do("PUT", "/api/v1/roles", object{"role": "supervisor", "grants": []string{"audit.read"}}))
	role := leaves("post-custom-role", "role.created", do("POST", "/api/v1/roles", object{"label": object{"en": "Night"}, "base": "agent", "permissions": []string{"conversation.read"}}))
	path = "/api/v1/roles/" + recordID(role)
	leaves("put-custom-role", "role.changed", do("PUT", path, object{"label": object{"en": "Day"}, "permissions": []string{"conversation.read"}, "version": 1}))
	leaves("delete-custom-role", "role.deleted", do("DELETE", path, nil))
	leaves("edit-workspace", "workspace.changed", do("PATCH", "/api/v1/workspace", object{"name": "Ume"}))
	leaves("load-demo", "demo.loaded", do("POST", "/api/v1/demo", nil))
	leaves("remove-demo", "demo.removed", do("DELETE", "/api/v1/demo", nil))
	export := leaves("post-export", "export.requested", do("POST", "/api/v1/exports", object{"kind": "contacts", "format": "csv"}))
	leaves("cancel-export", "export.ended", do("POST", "/api/v1/exports/"+recordID(export)+"/cancel", nil))
	leaves("verify-audit", "audit.verified", do("POST", "/api/v1/audit/verify", nil))
	leaves("export-audit", "audit.exported", do("GET", "/api/v1/audit/export", nil))
}

func (tr *trail) people() {
	t, c, leaves := tr.t, tr.c, tr.leaves
	type object = map[string]any
	invite := leaves("post-invite", "invite.created", tr.owner.do("POST", "/api/v1/invites", object{"email": "a@example.test", "role": "agent"}))
	leaves("delete-invite", "invite.deleted", tr.owner.do("DELETE", fmt.Sprint("/api/v1/invites/", int64(invite.num("invite.id"))), nil))
	invite = tr.owner.do("POST", "/api/v1/invites", object{"email": "a@example.test", "role": "agent"}).want(t, 201)
	_, token, _ := strings.Cut(invite.str("link"), "/invitations/")
	joined := c.stranger(t)
	r := joined.do("POST", "/api/v1/invitations/"+token, object{"name": "A", "password": password})
	id := r.Header.Get("X-Request-Id")
	joined.become(r)
	tr.done["accept-invitation"] = true
	var actions []string
	for _, e := range c.entries(t, tr.owner.space, store.AuditQuery{}) {
		if e.RequestID == id {
			actions = append(actions, string(e.Action))
			if e.Actor != (desk.Actor{Kind: desk.ActorUser, ID: joined.id}) {
				t.Errorf("%s was done by %+v, not by who joined", e.Action, e.Actor)
			}
		}
	}
	if slices.Sort(actions); fmt.Sprint(actions) != "[invite.accepted member.created session.started user.created]" {
		t.Errorf("joining left %v", actions)
	}
	leaves("edit-profile", "user.changed", joined.do("PATCH", "/api/v1/session", object{"name": "B"}))
	leaves("change-password", "password.changed", joined.do("POST", "/api/v1/session/password", object{"current": password, "new": password + "!"}))
	leaves("sign-in", "session.failed", c.stranger(t).do("POST", "/api/v1/session", object{"email": "a@example.test", "password": "no"}).want(t, 401))
	signed := func() *person {
		p := c.stranger(t)
		p.become(leaves("sign-in", "session.started", p.do("POST", "/api/v1/session", object{"email": "a@example.test", "password": password + "!"})))
		return p
	}
	signed()
	leaves("end-other-sessions", "session.revoked", joined.do("DELETE", "/api/v1/sessions", nil))
	signed()
	mine := joined.do("GET", "/api/v1/sessions", nil).want(t, 200)
	leaves("end-session", "session.revoked", joined.do("DELETE", fmt.Sprint("/api/v1/sessions/", int64(mine.num("items.0.id"))), nil))
	signed()
	member := "/api/v1/members/" + joined.id.String()
	theirs := tr.owner.do("GET", member+"/sessions", nil).want(t, 200)
	leaves("end-member-session", "session.revoked", tr.owner.do("DELETE", fmt.Sprint(member, "/sessions/", int64(theirs.num("items.0.id"))), nil))
	signed()
	leaves("end-member-sessions", "session.revoked", tr.owner.do("DELETE", member+"/sessions", nil))
	leaves("put-member-availability", "member.availability_set", tr.owner.do("PUT", member+"/availability", object{"availability": "away"}))
	leaves("edit-member", "member.changed", tr.owner.do("PATCH", member, object{"role": "supervisor"}))
	leaves("post-my-avatar", "member.changed", tr.owner.do("POST", "/api/v1/members/me/avatar", form{name: "a.png", content: picture(t)}))
	again := signed()
	leaves("enter-workspace", "session.entered", again.do("PUT", "/api/v1/session/workspace", object{"workspace_id": tr.owner.space}))
	leaves("sign-out", "session.ended", again.do("DELETE", "/api/v1/session", nil))
}

func (tr *trail) counter() {
	leaves := tr.leaves
	type object = map[string]any
	k := tr.c.talk(tr.t, tr.owner.space)
	ticket := "/api/v1/tickets/" + k.ticket.String()
	post := func(op, verb string, action desk.AuditAction, body any) {
		leaves(op, action, tr.owner.do("POST", ticket+"/"+verb, body))
	}
	post("take-ticket", "take", "ticket.assigned", nil)
	said := tr.owner.do("POST", "/api/v1/conversations/"+k.conversation.String()+"/messages", object{"client_id": "m", "mode": "reply", "parts": []any{text("承知しました")}}).want(tr.t, 201)
	tr.owner.do("POST", ticket+"/resolve", nil).want(tr.t, 200)
	split := leaves("split-ticket", "ticket.split", tr.owner.do("POST", ticket+"/split", object{"from_seq": said.num("seq")}))
	leaves("merge-ticket", "ticket.merged", tr.owner.do("POST", fmt.Sprint("/api/v1/tickets/", int64(split.num("ticket.id")), "/merge"), object{"into_id": k.ticket}))
	post("resolve-ticket", "resolve", "ticket.resolved", nil)
	post("reopen-ticket", "reopen", "ticket.reopened", nil)
	leaves("edit-ticket", "ticket.assigned", tr.owner.do("PATCH", ticket, object{"assignee_id": 0}))
	post("assign-ticket", "assign", "ticket.assigned", object{"assignee_id": tr.owner.id})
	colleague := tr.c.member(tr.t, tr.owner.space, desk.RoleAgent)
	post("assign-ticket", "assign", "ticket.assigned", object{"assignee_id": colleague.id})
	post("join-ticket", "join", "ticket.joined", nil)
	post("take-over-ticket", "take-over", "ticket.taken_over", nil)
	team := tr.owner.do("POST", "/api/v1/teams", object{"name": "t"}).want(tr.t, 201)
	post("transfer-ticket", "transfer", "ticket.assigned", object{"team_id": team.num("id")})
	leaves("edit-conversations", "ticket.resolved", tr.owner.do("POST", "/api/v1/conversations/bulk", object{
		"changes": []object{{"conversation_ids": []desk.ID{k.conversation}, "status": "resolved"}},
	}))
	identity := "/api/v1/identities/" + k.identity.String()
	leaves("block-identity", "identity.blocked", tr.owner.do("POST", identity+"/block", object{"reason": "spam"}))
	leaves("unblock-identity", "identity.unblocked", tr.owner.do("POST", identity+"/unblock", nil))
	texts := tr.texts()
	leaves("opt-out-conversation", "identity.opted_out", tr.owner.do("POST", texts+"/opt-out", nil))
	leaves("opt-in-conversation", "identity.opted_in", tr.owner.do("POST", texts+"/opt-in", object{"reason": "wrong number"}))
	leaves("dismiss-opt-out", "identity.opt_out_dismissed", tr.owner.do("POST", tr.texts()+"/opt-out/dismiss", nil))
	leaves("delete-message", "message.deleted", tr.owner.do("DELETE", "/api/v1/messages/"+k.message.String(), nil))
	leaves("delete-ticket", "ticket.deleted", tr.owner.do("DELETE", fmt.Sprint("/api/v1/tickets/", int64(split.num("ticket.id"))), nil))
	leaves("delete-ticket", "conversation.deleted", tr.owner.do("DELETE", ticket, nil))
	leaves("delete-contact", "contact.deleted", tr.owner.do("DELETE", "/api/v1/contacts/"+k.contact.String(), nil))
}

// texts is the path of a conversation on a channel whose customers can opt out, and where one may have.
func (tr *trail) texts() string {
	k := tr.c.talk(tr.t, tr.owner.space)
	err := tr.c.store.Update(tr.t.Context(), tr.owner.space, func(tx store.Tx) error {
		i, err := tx.Contacts().Identity(k.identity)
		if err != nil {
			return err
		}
		i.Kind, i.Standing.SuspectedAt = testchannel.Kind, tx.Now()
		return tx.WriteContacts().PutIdentity(i)
	})
	if err != nil {
		tr.t.Fatal(err)
	}
	return "/api/v1/conversations/" + k.conversation.String()
}

func TestSetUpLeavesEntries(t *testing.T) {
	t.Parallel()
	c := open(t)
	r := c.stranger(t).do("POST", "/api/v1/setup", map[string]any{
		"workspace": "Sakura", "name": "O", "email": "o@example.test", "password": password, "locale": "en", "zone": "Asia/Tokyo",
	}, func(r *http.Request) { r.Host = "localhost" }).want(t, 201)
	var actions []string
	for _, e := range c.entries(t, desk.ID(r.num("workspace.id")), store.AuditQuery{}) {
		actions = append(actions, string(e.Action))
	}
	slices.Sort(actions)
	want := []string{"brand.created", "channel.created", "member.created", "session.started", "team.created", "user.created", "workspace.created"}
	if !slices.Equal(actions, want) {
		t.Errorf("left %v", actions)
	}
}

func TestAStrangersFailureIsTheServersOwn(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	before := len(c.entries(t, owner.space, store.AuditQuery{}))
	for _, email := range []string{"nobody@example.test", "my password, typed in the wrong field"} {
		c.stranger(t).do("POST", "/api/v1/session", map[string]any{"email": email, "password": "wrong"}).want(t, 401)
	}
	if after := len(c.entries(t, owner.space, store.AuditQuery{})); after != before {
		t.Errorf("the workspace heard of %d", after-before)
	}
	got := c.entries(t, 0, store.AuditQuery{Action: "session.failed"})
	if len(got) != 2 || got[0].Object.Name != "" || got[1].Object.Name != "nobody@example.test" {
		t.Errorf("the server noted %+v", got)
	}
}

func TestTheAuditLogIsReadVerifiedAndExported(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	owner.do("POST", "/api/v1/tags", map[string]any{"name": `=HYPERLINK("x")`}).want(t, 201)
	owner.do("POST", "/api/v1/tags", map[string]any{"name": "|calc"}).want(t, 201)
	owner.do("POST", "/api/v1/tags", map[string]any{"name": "refund"}).want(t, 201)
	c.entries(t, owner.space, store.AuditQuery{})
	page := owner.do("GET", "/api/v1/audit?object_kind=tag&limit=1", nil).want(t, 200)
	if page.str("items.0.object.name") != "refund" || page.str("items.0.actor.name") != "Owner" || page.str("next") == "" {
		t.Errorf("page %s", page.body)
	}
	page = owner.do("GET", "/api/v1/audit?object_kind=tag&limit=1&after="+page.str("next"), nil).want(t, 200)
	if page.str("items.0.object.name") != "|calc" || page.str("next") == "" {
		t.Errorf("page %s", page.body)
	}
	page = owner.do("GET", "/api/v1/audit?object_kind=tag&limit=1&after="+page.str("next"), nil).want(t, 200)
	if !strings.Contains(page.str("items.0.object.name"), "hyperlink") || page.str("next") != "" {
		t.Errorf("page %s", page.body)
	}
	verdict := owner.do("POST", "/api/v1/audit/verify", nil).want(t, 200)
	if verdict.str("fault") != "" || verdict.num("entries") < 5 || len(verdict.str("hash")) != 64 {
		t.Errorf("verdict %s", verdict.body)
	}
	sheet := owner.do("GET", "/api/v1/audit/export?object_kind=tag", nil).want(t, 200)
	if got := sheet.Header.Get("Content-Disposition"); got != `attachment; filename="audit.csv"` {
		t.Errorf("the file is called %s", got)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(sheet.body), "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != 4 || rows[2][9] != "'|calc" || rows[3][9][0] != '\'' {
		t.Errorf("sheet %q, %v", rows, err)
	}
	lines := owner.do("GET", "/api/v1/audit/export?format=json&object_kind=tag", nil).want(t, 200)
	if got := strings.Count(string(lines.body), "\n"); got != 3 {
		t.Errorf("%d lines: %s", got, lines.body)
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	admin := c.member(t, owner.space, desk.RoleAdmin)
	second := c.session(t, admin.id, admin.space)
	mine := admin.do("GET", "/api/v1/sessions", nil).want(t, 200)
	if got := strings.Count(string(mine.body), `"current":true`); got != 1 || strings.Count(string(mine.body), `"user_agent"`) != 2 {
		t.Errorf("mine %s", mine.body)
	}
	admin.do("DELETE", "/api/v1/sessions", nil).want(t, 204)
	second.do("GET", "/api/v1/session", nil).wantCode(t, 401, "not_signed_in")
	admin.do("GET", "/api/v1/session", nil).want(t, 200)
	admin.do("DELETE", "/api/v1/sessions/42", nil).wantCode(t, 404, "browser_session_not_found")
	admin.do("DELETE", "/api/v1/members/"+owner.id.String()+"/sessions", nil).wantCode(t, 403, "forbidden")
	owner.do("GET", "/api/v1/session", nil).want(t, 200)
	owner.do("DELETE", "/api/v1/members/"+admin.id.String()+"/sessions", nil).want(t, 204)
	admin.do("GET", "/api/v1/session", nil).wantCode(t, 401, "not_signed_in")
	other := c.owner(t, "other@example.test")
	other.do("GET", "/api/v1/members/"+owner.id.String()+"/sessions", nil).want(t, 404)
	other.do("DELETE", "/api/v1/members/"+owner.id.String()+"/sessions", nil).want(t, 404)
}
