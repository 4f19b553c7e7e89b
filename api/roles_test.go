package api_test

import (
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
)

// What the matrix leaves open is granted to one member or to all with a role, and taken back at once (J3, J4).
func TestGrantsOpenWhatTheMatrixLeavesOpen(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	agent, second := c.member(t, owner.space, desk.RoleAgent), c.member(t, owner.space, desk.RoleAgent)
	k := c.talk(t, owner.space)
	assign := func(p *person) answer {
		return p.do("POST", "/api/v1/tickets/"+k.ticket.String()+"/assign", map[string]any{"assignee_id": owner.id})
	}
	assign(agent).wantCode(t, 403, "forbidden")
	grants := map[string]any{"grants": []string{"ticket.assign_others"}}
	agent.do("PATCH", "/api/v1/members/"+agent.id.String(), grants).wantCode(t, 403, "forbidden")
	owner.do("PATCH", "/api/v1/members/"+agent.id.String(), map[string]any{"grants": []string{"channel.manage"}}).wantCode(t, 422, "grant_invalid")
	owner.do("PATCH", "/api/v1/members/"+agent.id.String(), grants).want(t, 200)
	assign(agent).want(t, 200)
	assign(second).wantCode(t, 403, "ticket_of_colleague") // the owner has it
	owner.do("PATCH", "/api/v1/members/"+agent.id.String(), map[string]any{"grants": []string{}}).want(t, 200)
	assign(agent).wantCode(t, 403, "ticket_of_colleague")

	agent.do("PUT", "/api/v1/roles", map[string]any{"role": "agent", "grants": grants["grants"]}).wantCode(t, 403, "forbidden")
	owner.do("PUT", "/api/v1/roles", map[string]any{"role": "agent", "grants": []string{"secret.manage"}}).wantCode(t, 422, "grant_invalid")
	made := owner.do("PUT", "/api/v1/roles", map[string]any{"role": "agent", "grants": grants["grants"]}).want(t, 200)
	if len(made.list("roles")) != 5 || len(made.list("permissions")) != 25 {
		t.Errorf("matrix: %s", made.body)
	}
	assign(second).want(t, 200)
	if got := second.do("GET", "/api/v1/session", nil).list("permissions"); !slices.Contains(got, any("ticket.assign_others")) {
		t.Errorf("the session says %v", got)
	}
	owner.do("PUT", "/api/v1/roles", map[string]any{"role": "agent", "grants": []string{}}).want(t, 200)
	assign(second).wantCode(t, 403, "ticket_of_colleague")
}

func TestKeysMayDoLessThanTheirRole(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	key := func(p *person, more map[string]any) answer {
		body := map[string]any{"name": "script", "role": "admin"}
		for name, value := range more {
			body[name] = value
		}
		return p.do("POST", "/api/v1/api-keys", body)
	}
	program := c.stranger(t)
	made := key(owner, map[string]any{"permissions": []string{"conversation.read", "secret.manage"}, "expires_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}).want(t, 201)
	if made.str("api_key.expires_at") == "" {
		t.Errorf("made: %s", made.body)
	}
	program.bearer = made.str("secret")
	program.do("GET", "/api/v1/conversations", nil).want(t, 200)
	program.do("POST", "/api/v1/teams", map[string]any{"name": "x"}).wantCode(t, 403, "forbidden")
	// It makes keys, but none that may do more than itself.
	key(program, nil).wantCode(t, 403, "forbidden")
	key(program, map[string]any{"permissions": []string{"conversation.read"}}).want(t, 201)
	key(owner, map[string]any{"role": "viewer", "permissions": []string{"conversation.reply"}}).wantCode(t, 422, "permission_invalid")
	key(owner, map[string]any{"expires_at": "2020-01-01T00:00:00Z"}).wantCode(t, 422, "expires_past")
}

// The policy is told before an upload and kept at it, whoever sends.
func TestTheFilePolicyHolds(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	agent := c.member(t, owner.space, desk.RoleAgent)
	send := func(name, content string) answer {
		return agent.do("POST", "/api/v1/uploads", form{name: name, content: []byte(content)})
	}
	send("a.csv", "a,b").want(t, 201)
	policy := map[string]any{"files": map[string]any{"types": []string{"pdf", "txt"}, "kinds": []any{
		map[string]any{"kind": "image", "taken": false, "max_bytes": 0}, map[string]any{"kind": "file", "taken": true, "max_bytes": 10},
	}}}
	agent.do("PATCH", "/api/v1/workspace", policy).wantCode(t, 403, "forbidden")
	owner.do("PATCH", "/api/v1/workspace", policy).want(t, 200)
	told := agent.do("GET", "/api/v1/session", nil).want(t, 200)
	if told.at("workspace.files.kinds.0.taken") != false || told.num("workspace.files.kinds.3.max_bytes") != 10 {
		t.Errorf("the session says %s", told.body)
	}
	send("a.csv", "a,b").wantCode(t, 422, "file_type_refused")
	send("a.txt", "0123456789").want(t, 201)
	send("a.txt", "0123456789x").wantCode(t, 422, "file_over_policy")
	agent.do("POST", "/api/v1/uploads", form{name: "a.txt", content: picture(t)}).wantCode(t, 422, "file_kind_refused") // the bytes decide
	owner.do("PATCH", "/api/v1/workspace", map[string]any{"files": map[string]any{"types": []string{".pdf"}, "kinds": []any{}}}).wantCode(t, 422, "file_type_invalid")
}

func TestBrandsAreFacesOfChannels(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	first := owner.do("GET", "/api/v1/brands", nil).want(t, 200)
	firstPath := "/api/v1/brands/" + jsonNumber(first, "items.0.id")
	channel := first.num("items.0.channel_ids.0")
	owner.do("DELETE", firstPath, nil).wantCode(t, 409, "brand_in_use")
	made := owner.do("POST", "/api/v1/brands", map[string]any{"name": "青空", "sender_name": "青空サポート", "locale": "en", "channel_ids": []any{channel}}).want(t, 201)
	path := "/api/v1/brands/" + jsonNumber(made, "id")
	if made.num("channel_ids.0") != channel {
		t.Errorf("made: %s", made.body)
	}
	owner.do("DELETE", firstPath, nil).want(t, 204)
	owner.do("PATCH", path, map[string]any{"name": " "}).wantCode(t, 422, "name_missing")
	owner.do("POST", path+"/logo", form{name: "a.txt", content: []byte("no picture")}).wantCode(t, 422, "avatar_invalid")
	withLogo := owner.do("POST", path+"/logo", form{name: "a.png", content: picture(t)}).want(t, 200)
	owner.do("GET", withLogo.str("logo_url"), nil).want(t, 200)
	owner.do("PATCH", path, map[string]any{"remove_logo": true}).want(t, 200)
	owner.do("GET", path+"/logo", nil).wantCode(t, 404, "logo_not_found")
}

// A role of the workspace's own is in force on open sessions at once (J4), for members and for programs.
func TestCustomRolesOverHTTP(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	agent := c.member(t, owner.space, desk.RoleAgent)
	role := map[string]any{"label": map[string]any{"ja": "夜間担当", "en": "Night"}, "base": "agent", "permissions": []string{"conversation.read", "conversation.reply", "contact.merge"}}
	agent.do("POST", "/api/v1/roles", role).wantCode(t, 403, "forbidden")
	made := owner.do("POST", "/api/v1/roles", role).want(t, 201)
	path := "/api/v1/roles/" + jsonNumber(made, "id")
	given := owner.do("PATCH", "/api/v1/members/"+agent.id.String(), map[string]any{"custom_role_id": made.num("id")}).want(t, 200)
	if given.str("role") != "agent" || given.num("custom_role_id") != made.num("id") || given.at("answers") != true {
		t.Errorf("given: %s", given.body)
	}
	may := func() []any { return agent.do("GET", "/api/v1/session", nil).want(t, 200).list("permissions") }
	if got := may(); !slices.Equal(got, []any{"conversation.read", "conversation.reply", "contact.merge"}) {
		t.Errorf("may %v", got)
	}
	canned := func(p *person) answer { return p.do("GET", "/api/v1/canned-replies", nil) }
	program := c.stranger(t)
	key := owner.do("POST", "/api/v1/api-keys", map[string]any{"name": "script", "custom_role_id": made.num("id")}).want(t, 201)
	program.bearer = key.str("secret")
	canned(agent).want(t, 200)
	canned(program).want(t, 200)
	less := map[string]any{"label": role["label"], "permissions": []string{"conversation.read"}, "version": 1}
	owner.do("PUT", path, less).want(t, 200)
	canned(agent).wantCode(t, 403, "forbidden")
	canned(program).wantCode(t, 403, "forbidden")
	if len(owner.do("GET", "/api/v1/roles", nil).want(t, 200).list("custom")) != 1 {
		t.Error("the role is not listed")
	}
	k := c.talk(t, owner.space)
	owner.do("POST", "/api/v1/tickets/"+k.ticket.String()+"/assign", map[string]any{"assignee_id": agent.id}).wantCode(t, 422, "assignee_cannot_reply")
	owner.do("PUT", path, less).wantCode(t, 409, "edited_meanwhile")
	less["permissions"], less["version"] = []string{"conversation.read", "channel.manage"}, 2
	owner.do("PUT", path, less).wantCode(t, 422, "permission_invalid")
	owner.do("DELETE", path, nil).wantCode(t, 409, "role_in_use")
	owner.do("DELETE", path+"?role=agent", nil).want(t, 204)
	canned(agent).want(t, 200)
	canned(program).want(t, 200)
	owner.do("PATCH", "/api/v1/members/"+agent.id.String(), map[string]any{"custom_role_id": made.num("id")}).wantCode(t, 404, "role_not_found")
}

// E4: a member's channels are set by those who manage members, are there, and cannot be deleted ones newly chosen.
func TestChannelsThatMembersServe(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	agent := c.member(t, owner.space, desk.RoleAgent)
	channelOf := func(p *person) desk.ID {
		return desk.ID(p.do("GET", "/api/v1/channels", nil).want(t, 200).num("items.0.id"))
	}
	here, elsewhere := channelOf(owner), channelOf(c.owner(t, "another@example.test"))
	serve := func(p *person, ids ...desk.ID) answer {
		return p.do("PATCH", "/api/v1/members/"+agent.id.String(), map[string]any{"channel_ids": append([]desk.ID{}, ids...)})
	}
	serve(agent, here).wantCode(t, 403, "forbidden")
	serve(owner, here, elsewhere).wantCode(t, 404, "channel_not_found")
	if got := serve(owner, here, here).want(t, 200).list("channel_ids"); len(got) != 1 {
		t.Errorf("serves %v", got)
	}
	owner.do("DELETE", "/api/v1/channels/"+here.String(), nil).want(t, 204)
	serve(owner, here).want(t, 200)
	if got := serve(owner).want(t, 200).list("channel_ids"); len(got) != 0 {
		t.Errorf("serves %v", got)
	}
	serve(owner, here).wantCode(t, 404, "channel_not_found")
}

// E16: whose role lets them answer nobody any more leaves their open cases to the queue, whether the role changed or they got another.
func TestWhoAnswersNoMoreLeavesTheirCases(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	agent := c.member(t, owner.space, desk.RoleAgent)
	role := func(permissions ...string) map[string]any {
		return map[string]any{"label": map[string]string{"ja": "夜勤"}, "base": "agent", "permissions": permissions}
	}
	made := owner.do("POST", "/api/v1/roles", role("conversation.read", "conversation.reply", "ticket.take")).want(t, 201)
	night := desk.ID(made.num("id"))
	member := func(body map[string]any) {
		t.Helper()
		owner.do("PATCH", "/api/v1/members/"+agent.id.String(), body).want(t, 200)
	}
	narrow := role("conversation.read")
	narrow["version"] = made.num("version")
	delete(narrow, "base")
	for what, leave := range map[string]func(){
		"the role changes": func() {
			member(map[string]any{"custom_role_id": night})
			owner.do("PUT", "/api/v1/roles/"+night.String(), narrow).want(t, 200)
		},
		"another role": func() { member(map[string]any{"role": "viewer"}) },
	} {
		member(map[string]any{"role": "agent"})
		k := c.talk(t, owner.space)
		owner.do("POST", "/api/v1/tickets/"+k.ticket.String()+"/assign", map[string]any{"assignee_id": agent.id}).want(t, 200)
		leave()
		got := owner.do("GET", "/api/v1/conversations/"+k.conversation.String(), nil).want(t, 200)
		if got.str("ticket.status") != "queued" || got.num("ticket.assignee_id") != 0 {
			t.Errorf("%s: %s of %d", what, got.str("ticket.status"), got.num("ticket.assignee_id"))
		}
	}
}
