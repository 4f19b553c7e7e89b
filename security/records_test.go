package security_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
)

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
	"/offers/": "offer_id", "/sla-policies/": "sla_policy_id", "/availabilities/": "availability_id",
	"/brands/": "brand_id", "/canned-replies/": "canned_reply_id", "/templates/": "template_id", "/scheduled-messages/": "scheduled_message_id",
	"/push-devices/": "push_device_id", "/roles/": "role_id", "/saved-views/": "saved_view_id",
	"/macros/": "macro_id", "/triggers/": "trigger_id",
}

// also are further names that refer to a record; what is no reference to a record is "".
var also = map[string]string{
	"assignee_id": "user_id", "member_ids": "user_id", "tag_ids": "tag_id", "team_ids": "team_id", "channel": "channel_id", "assignee": "user_id", "team": "team_id",
	"channel_ids": "channel_id", "tag": "tag_id", "mention_ids": "user_id", "client_id": "", "reply_to_id": "message_id", "template_id": "template_id", "header_file": "attachment_id",
	"into_id": "ticket_id", "custom_id": "availability_id", "custom_role_id": "role_id",
	"policy_id": "",
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
	r.ids["sla_policy_id"] = id(r.do("POST", "/api/v1/sla-policies", slaPolicy()).want(201), "id")
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
	r.ids["scheduled_message_id"] = id(r.do("POST", "/api/v1/conversations/"+r.ids["conversation_id"]+"/scheduled-messages", later("c-later")).want(201), "id")
	r.ids["push_device_id"] = id(r.do("POST", "/api/v1/push-devices", pushDevice(r.account)).want(201), "id")
	r.ids["macro_id"] = id(r.do("POST", "/api/v1/macros", macro(r.ids["tag_id"])).want(201), "id")
	r.ids["trigger_id"] = id(r.do("POST", "/api/v1/triggers", tagger(r.ids["tag_id"])).want(201), "id")
	r.ids["saved_view_id"] = id(r.do("POST", "/api/v1/saved-views", savedView()).want(201), "id")
	r.ids["session_id"] = id(r.do("GET", "/api/v1/sessions", nil).want(200), "items.0.id")
	session := r.do("GET", "/api/v1/session", nil).want(200)
	r.ids["user_id"], r.ids["workspace_id"] = id(session, "user.id"), id(session, "workspace.id")
	r.do("POST", "/api/v1/members/me/avatar", form{"me.png", picture(t)}).want(200)
	r.ids["template_id"] = r.ids["message_id"] // made at a provider alone: nobody has one here, and the channel before it is refused
	r.ids["availability_id"] = id(r.do("POST", "/api/v1/availabilities", map[string]any{"name": "昼休み", "means": "away"}).want(201), "id")
	r.ids["role_id"] = id(r.do("POST", "/api/v1/roles", customRole()).want(201), "id")
	r.ids["offer_id"] = r.ids["message_id"] // the desk makes them: nobody was asked here
	for kind, id := range r.ids {
		if id == "0" {
			t.Fatalf("no %s", kind)
		}
	}
}

// pushDevice is a browser's subscription; its keys are those of RFC 8291's example.
func pushDevice(name string) map[string]any {
	return map[string]any{"endpoint": "https://push.example.test/" + name, "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "auth": "BTBZMqHH6r4Tts7J_aSIgg"}
}

func customRole() map[string]any {
	return map[string]any{"label": map[string]any{"en": "Night"}, "base": "agent", "permissions": []string{"conversation.read"}}
}

func slaPolicy() map[string]any {
	return map[string]any{"name": "standard", "schedule_id": 0, "targets": map[string]any{"normal": map[string]any{"first_response": 60}}}
}

func cannedReply() map[string]any {
	return map[string]any{"audience": "workspace", "name": "hello", "texts": map[string]any{"en": "Hello {{contact.name}}"}}
}

// later is a reply that goes out in an hour.
func later(client string) map[string]any {
	return map[string]any{"client_id": client, "parts": message("", "x")["parts"], "send_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}
}

func tagger(tag string) map[string]any {
	return map[string]any{"name": "tag", "enabled": true, "on": "rated", "actions": macro(tag)["actions"]}
}

func macro(tag string) map[string]any {
	return map[string]any{"audience": "workspace", "name": "tidy", "actions": []any{map[string]any{"kind": "add_tag", "tag_id": json.Number(tag)}}}
}

func savedView() map[string]any {
	return map[string]any{"audience": "workspace", "name": "refunds", "filter": map[string]any{"view": "all"}}
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
		for _, own := range []string{"/sessions/", "/templates/", "/macros/"} {
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
	case "/api/v1/conversations/{id}/preview":
		return map[string]any{"parts": message("", "x")["parts"]}
	case "/api/v1/conversations/{id}/scheduled-messages":
		return later("c-" + op.method)
	case "/api/v1/scheduled-messages/{id}":
		return map[string]any{"version": 1}
	case "/api/v1/conversations/{id}/reminder":
		return map[string]any{"at": later("")["send_at"]}
	case "/api/v1/contacts/{id}/conversations":
		return map[string]any{"identity_id": json.Number(r.ids["identity_id"])}
	case "/api/v1/conversations/{id}/template-messages":
		body["client_id"] = "c-t"
	case "/api/v1/conversations/{id}/draft":
		return map[string]any{"mode": "reply", "parts": message("", "x")["parts"]}
	case "/api/v1/tickets/{id}":
		return map[string]any{"priority": "high"}
	case "/api/v1/tickets/{id}/assign", "/api/v1/tickets/{id}/transfer":
		return map[string]any{"assignee_id": json.Number(r.ids["user_id"])}
	case "/api/v1/sla-policies", "/api/v1/sla-policies/{id}":
		policy := slaPolicy()
		policy["schedule_id"] = body["schedule_id"]
		return policy
	case "/api/v1/canned-replies", "/api/v1/canned-replies/{id}":
		reply := cannedReply()
		reply["name"] = "hello " + op.method
		if op.method == "PUT" {
			reply["version"] = 1
		}
		return reply
	case "/api/v1/conversations/{id}/macros/{macro_id}":
		return map[string]any{"client_id": "m"}
	case "/api/v1/triggers", "/api/v1/triggers/{id}":
		trigger := tagger(r.ids["tag_id"])
		if op.method == "PUT" {
			trigger["version"] = 1
		}
		return trigger
	case "/api/v1/triggers/order":
		return map[string]any{"ids": []any{json.Number(r.ids["trigger_id"])}}
	case "/api/v1/macros", "/api/v1/macros/{id}":
		m := macro(r.ids["tag_id"])
		m["name"] = "tidy " + op.method
		if op.method == "PUT" {
			m["version"] = 1
		}
		return m
	case "/api/v1/routing-rules":
		return map[string]any{"state": "e3b0c44298fc1c14", "items": []any{}} // of no rules
	case "/api/v1/saved-views", "/api/v1/saved-views/{id}":
		kept := savedView()
		if op.method == "PUT" {
			kept["version"] = 1
		}
		return kept
	case "/api/v1/saved-views/order":
		return map[string]any{"ids": []any{json.Number(r.ids["saved_view_id"])}}
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
