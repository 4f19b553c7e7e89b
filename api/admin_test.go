package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"madoguchi/account"
	"madoguchi/desk"
	"madoguchi/store"
)

func TestInvitationsMakeMembers(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	made := p.do("POST", "/api/v1/invites", map[string]any{"email": "New@Example.test", "role": "agent"}, header("Idempotency-Key", "i1")).want(t, 201)
	link := made.str("link")
	if !strings.HasPrefix(link, publicURL+"/invitations/mdi_") {
		t.Fatalf("link %q", link)
	}
	if made.at("mailed") != false || made.str("not_mailed") != "mail_off" {
		t.Errorf("no mail server, and yet: %s", made.body)
	}
	again := p.do("POST", "/api/v1/invites", map[string]any{"email": "New@Example.test", "role": "agent"}, header("Idempotency-Key", "i1")).want(t, 201)
	if again.num("invite.id") != made.num("invite.id") || again.str("link") != "" {
		t.Errorf("repeated: %s", again.body)
	}
	path := "/api/v1/invitations/" + link[strings.LastIndexByte(link, '/')+1:]
	guest := c.stranger(t)
	seen := guest.do("GET", path, nil).want(t, 200)
	if seen.str("email") != "new@example.test" || seen.str("workspace") != "Sakura" || seen.at("needs_password") != true {
		t.Errorf("invitation: %s", seen.body)
	}
	guest.do("POST", path, map[string]any{"name": "鈴木", "password": "short"}).wantCode(t, 422, "password_too_short")
	guest.become(guest.do("POST", path, map[string]any{"name": "鈴木", "password": password, "locale": "ja"}))
	me := guest.do("GET", "/api/v1/session", nil).want(t, 200)
	if me.str("member.role") != "agent" || me.str("user.locale") != "ja" || me.str("user.name") != "鈴木" {
		t.Errorf("session: %s", me.body)
	}
	guest.do("POST", path, map[string]any{"password": password}).wantCode(t, 404, "invite_not_found")
	p.do("POST", "/api/v1/invites", map[string]any{"email": "new@example.test", "role": "agent"}).wantCode(t, 409, "already_member")
	// A person who is known proves their password; an administrator invites no owner.
	admin := c.member(t, p.space, desk.RoleAdmin)
	admin.do("POST", "/api/v1/invites", map[string]any{"email": "x@example.test", "role": "owner"}).wantCode(t, 403, "forbidden")
	other := c.owner(t, "other@example.test")
	second := other.do("POST", "/api/v1/invites", map[string]any{"email": "new@example.test", "role": "viewer"}).want(t, 201).str("link")
	path = "/api/v1/invitations/" + second[strings.LastIndexByte(second, '/')+1:]
	if seen := guest.do("GET", path, nil).want(t, 200); seen.at("needs_password") != false {
		t.Errorf("invitation of somebody known: %s", seen.body)
	}
	guest.do("POST", path, map[string]any{"password": "wrong password"}).wantCode(t, 422, "credentials_wrong")
	guest.become(guest.do("POST", path, map[string]any{"password": password}))
	both := guest.do("GET", "/api/v1/session", nil).want(t, 200)
	if len(both.list("memberships")) != 2 || both.num("workspace.id") != int64(other.space) {
		t.Errorf("session in both: %s", both.body)
	}
	back := guest.do("PUT", "/api/v1/session/workspace", map[string]any{"workspace_id": p.space}).want(t, 200)
	if back.num("workspace.id") != int64(p.space) || back.str("member.role") != "agent" {
		t.Errorf("back: %s", back.body)
	}
	withdrawn := p.do("POST", "/api/v1/invites", map[string]any{"email": "z@example.test", "role": "agent"}).want(t, 201)
	p.do("DELETE", "/api/v1/invites/"+jsonNumber(withdrawn, "invite.id"), nil).want(t, 204)
	token := withdrawn.str("link")[strings.LastIndexByte(withdrawn.str("link"), '/')+1:]
	guest.do("GET", "/api/v1/invitations/"+token, nil).wantCode(t, 404, "invite_not_found")
}

func TestMembersChangeWithinTheirRank(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	admin := c.member(t, owner.space, desk.RoleAdmin)
	agent := c.member(t, owner.space, desk.RoleAgent)
	of := func(p *person) string { return "/api/v1/members/" + p.id.String() }
	agent.do("PATCH", of(agent), map[string]any{"display_name": "受付 太郎"}).want(t, 200)
	agent.do("PATCH", of(agent), map[string]any{"role": "admin"}).wantCode(t, 403, "forbidden")
	agent.do("PATCH", of(admin), map[string]any{"display_name": "x"}).wantCode(t, 403, "forbidden")
	admin.do("PATCH", of(owner), map[string]any{"role": "agent"}).wantCode(t, 403, "forbidden")
	admin.do("PATCH", of(agent), map[string]any{"role": "owner"}).wantCode(t, 403, "forbidden")
	admin.do("PATCH", of(agent), map[string]any{"role": "supervisor"}).want(t, 200)
	if got := agent.do("GET", "/api/v1/session", nil).want(t, 200).str("member.role"); got != "supervisor" {
		t.Errorf("the new role is in force at once: %s", got)
	}
	owner.do("PATCH", of(owner), map[string]any{"role": "admin"}).wantCode(t, 409, "last_owner")
	owner.do("PATCH", of(owner), map[string]any{"active": false}).wantCode(t, 409, "last_owner")
	owner.do("PATCH", of(admin), map[string]any{"role": "owner"}).want(t, 200)
	owner.do("PATCH", of(owner), map[string]any{"role": "admin"}).want(t, 200)
}

func TestADeactivatedMembersTicketsAreQueuedAgain(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	agent := c.member(t, owner.space, desk.RoleAgent)
	k := c.talk(t, owner.space)
	agent.do("POST", "/api/v1/tickets/"+k.ticket.String()+"/take", nil).want(t, 200)
	owner.do("PATCH", "/api/v1/members/"+agent.id.String(), map[string]any{"active": false}).want(t, 200)
	agent.do("GET", "/api/v1/session", nil).want(t, 401)
	row := owner.do("GET", "/api/v1/conversations/"+k.conversation.String(), nil).want(t, 200)
	if row.num("ticket.assignee_id") != 0 || row.str("ticket.status") != "queued" {
		t.Errorf("E16: %s", row.body)
	}
	messages := owner.do("GET", "/api/v1/conversations/"+k.conversation.String()+"/messages", nil).want(t, 200)
	items := messages.list("items")
	if last := messages.str(fmt.Sprintf("items.%d.system.code", len(items)-1)); last != "unassigned" {
		t.Errorf("the thread ends with %q: %s", last, messages.body)
	}
	counts := owner.do("GET", "/api/v1/conversations/counts", nil).want(t, 200)
	if counts.num("unassigned") != 1 || counts.num("all") != 1 {
		t.Errorf("counts: %s", counts.body)
	}
}

func TestADeactivatedMemberCannotSignIn(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	u, _, err := c.accounts.CreateUser(t.Context(), account.UserParams{Email: "agent@example.test", Password: password, Role: desk.RoleAgent})
	if err != nil {
		t.Fatal(err)
	}
	owner.do("PATCH", "/api/v1/members/"+u.ID.String(), map[string]any{"active": false}).want(t, 200)
	c.stranger(t).do("POST", "/api/v1/session", map[string]any{"email": "agent@example.test", "password": password}).wantCode(t, 401, "member_inactive")
}

// A ticket names the routing rule that filed it, as long as there is one (E2).
func TestATicketNamesItsRoutingRule(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	put := func(state string, items ...any) answer {
		return p.do("PUT", "/api/v1/routing-rules", map[string]any{"state": state, "items": append([]any{}, items...)}).want(t, 200)
	}
	kept := put(desk.RoutingState(nil), map[string]any{
		"name": "返品", "active": true, "conditions": map[string]any{}, "actions": []any{map[string]any{"kind": "priority", "priority": "high"}},
	})
	k := c.talk(t, p.space)
	number, err := store.Result(t.Context(), c.store, p.space, func(tx store.Tx) (desk.ID, error) {
		row, err := tx.Conversations().Get(k.conversation)
		if err != nil {
			return 0, err
		}
		ticket, err := tx.Tickets().Get(row.TicketID)
		ticket.RoutingRule = desk.ID(kept.num("items.0.id"))
		if err != nil {
			return 0, err
		}
		return ticket.ID, tx.WriteTickets().Put(ticket)
	})
	if err != nil {
		t.Fatal(err)
	}
	path := "/api/v1/tickets/" + number.String()
	if got := p.do("GET", path, nil).want(t, 200); got.str("routing_rule") != "返品" || got.num("routing_rule_id") != kept.num("items.0.id") {
		t.Errorf("filed by %s", got.body)
	}
	put(kept.str("state"))
	if got := p.do("GET", path, nil).want(t, 200); got.str("routing_rule") != "" || got.num("routing_rule_id") == 0 {
		t.Errorf("filed by a rule that is gone: %s", got.body)
	}
}

// Clocks that run are counted anew in opening hours that were edited (E17).
func TestEditedHoursReachRunningClocks(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	hours := map[string]any{"name": "平日", "zone": "Asia/Tokyo", "week": [7][]any{{}, {}, {}, {}, {}, {}, {}}}
	path := "/api/v1/schedules/" + jsonNumber(p.do("POST", "/api/v1/schedules", hours).want(t, 201), "id")
	k := c.talk(t, p.space)
	err := c.store.Update(t.Context(), p.space, func(tx store.Tx) error {
		clocks, err := desk.OpenSLA(desk.Ticket{ID: 7, ConversationID: k.conversation, CreatedAt: tx.Now()}, desk.SLATerms{PolicyID: 1, Targets: desk.SLATargets{Resolution: 600}})
		if err != nil {
			return err
		}
		return tx.WriteSLA().Put(clocks)
	})
	if err != nil {
		t.Fatal(err)
	}
	p.do("PUT", path, hours).want(t, 200)
	var due []store.SLADue
	err = c.store.View(t.Context(), p.space, func(r store.Reader) (err error) {
		due, err = r.SLA().Due(1)
		return err
	})
	if err != nil || len(due) != 1 || due[0].At.After(time.Now()) {
		t.Errorf("due %v, %v", due, err)
	}
}

func TestTeamsTagsSchedules(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	team := p.do("POST", "/api/v1/teams", map[string]any{"name": " 返品\tチーム ", "member_ids": []desk.ID{p.id, p.id}}, header("Idempotency-Key", "k")).want(t, 201)
	if team.str("name") != "返品 チーム" || len(team.list("member_ids")) != 1 {
		t.Errorf("team: %s", team.body)
	}
	again := p.do("POST", "/api/v1/teams", map[string]any{"name": "other"}, header("Idempotency-Key", "k")).want(t, 201)
	if again.num("id") != team.num("id") {
		t.Errorf("the same key made another: %s", again.body)
	}
	tag := p.do("POST", "/api/v1/tags", map[string]any{"name": " ＶＩＰ  顧客 ", "color": "red"}).want(t, 201)
	if tag.str("name") != "vip 顧客" {
		t.Errorf("tag: %s", tag.body)
	}
	p.do("POST", "/api/v1/tags", map[string]any{"name": "VIP 顧客"}).wantCode(t, 409, "tag_taken")
	p.do("POST", "/api/v1/tags", map[string]any{"name": strings.Repeat("あ", 41)}).wantCode(t, 422, "tag_name_invalid")
	week := make([][]map[string]int, 7)
	for i := range week {
		week[i] = []map[string]int{{"start": 540, "end": 1080}}
	}
	hours := map[string]any{"name": "平日", "zone": "Asia/Tokyo", "week": week, "closed": []string{"2026-11-23"}}
	schedule := p.do("POST", "/api/v1/schedules", hours).want(t, 201)
	if schedule.num("week.1.0.start") != 540 || schedule.str("closed.0") != "2026-11-23" || schedule.at("special") == nil {
		t.Errorf("schedule: %s", schedule.body)
	}
	hours["closed"] = []string{"2026-13-45"}
	p.do("POST", "/api/v1/schedules", hours).wantCode(t, 422, "date_invalid")
	hours["closed"], hours["zone"] = nil, "Nowhere/None"
	delete(hours, "closed")
	p.do("PUT", "/api/v1/schedules/"+jsonNumber(schedule, "id"), hours).want(t, 422)
	channel := p.do("GET", "/api/v1/channels", nil).want(t, 200)
	path := "/api/v1/channels/" + jsonNumber(channel, "items.0.id")
	changed := p.do("PATCH", path, fmt.Sprintf(`{"version":1,"schedule_id":%d,"team_id":%d,"settings":{"color":"#ff0000","origins":["https://shop.example"]}}`, schedule.num("id"), team.num("id"))).want(t, 200)
	if changed.num("version") != 2 || changed.str("settings.color") != "#ff0000" {
		t.Errorf("channel: %s", changed.body)
	}
	conflict := p.do("PATCH", path, `{"version":1,"name":"x"}`).wantCode(t, 409, "edited_meanwhile")
	if conflict.num("params.current.version") != 2 {
		t.Errorf("conflict: %s", conflict.body)
	}
	p.do("PATCH", path, `{"version":2,"settings":{"origins":["javascript:alert(1)"]}}`).wantCode(t, 422, "origin_invalid")
	p.do("PATCH", path, `{"version":2,"settings":[1]}`).wantCode(t, 422, "settings_invalid")
	replaceSchedule(t, p, schedule, path)
	p.do("DELETE", "/api/v1/teams/"+jsonNumber(team, "id"), nil).want(t, 204)
	if got := p.do("GET", path, nil).want(t, 200).num("team_id"); got != 0 {
		t.Errorf("the channel's team is gone, yet %d", got)
	}
	agent := c.member(t, p.space, desk.RoleAgent)
	if seen := agent.do("GET", "/api/v1/channels", nil).want(t, 200); seen.str("items.0.settings.color") != "" || seen.str("items.0.snippet") != "" {
		t.Errorf("an agent sees settings: %s", seen.body)
	}
	kinds := p.do("GET", "/api/v1/channel-kinds", nil).want(t, 200)
	if kinds.str("items.0.kind") != "webchat" || len(kinds.list("items.0.settings")) == 0 {
		t.Errorf("kinds: %s", kinds.body)
	}
	p.do("POST", "/api/v1/channels", map[string]any{"kind": "fax", "name": "x"}).wantCode(t, 404, "channel_kind_not_found")
	second := p.do("POST", "/api/v1/channels", map[string]any{"kind": "webchat", "name": "店舗"}).want(t, 201)
	p.do("DELETE", "/api/v1/channels/"+jsonNumber(second, "id"), nil).want(t, 204)
	p.do("GET", "/api/v1/channels/"+jsonNumber(second, "id"), nil).wantCode(t, 404, "channel_not_found")
}

// What was said on a channel that is deleted stays, and with it the channel's name to find it by (H3, G1.4).
func TestADeletedChannelKeepsItsName(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	k := c.talk(t, p.space)
	channel := p.do("GET", "/api/v1/channels", nil).want(t, 200)
	p.do("PATCH", "/api/v1/channels/"+jsonNumber(channel, "items.0.id"), map[string]any{"version": channel.num("items.0.version"), "name": "旧店舗"}).want(t, 200)
	unused := p.do("POST", "/api/v1/channels", map[string]any{"kind": "webchat", "name": "使わなかった"}).want(t, 201)
	for _, gone := range []string{jsonNumber(channel, "items.0.id"), jsonNumber(unused, "id")} {
		p.do("DELETE", "/api/v1/channels/"+gone, nil).want(t, 204)
	}
	if list := p.do("GET", "/api/v1/channels", nil).want(t, 200); len(list.list("items")) != 0 {
		t.Errorf("deleted channels among the others: %s", list.body)
	}
	agent := c.member(t, p.space, desk.RoleAgent)
	for _, who := range []*person{p, agent} {
		list := who.do("GET", "/api/v1/channels?deleted=true", nil).want(t, 200)
		if len(list.list("items")) != 1 || list.str("items.0.name") != "旧店舗" || list.str("items.0.state") != "deleted" || list.str("items.0.snippet") != "" {
			t.Errorf("a deleted channel with conversations: %s", list.body)
		}
	}
	rows := p.do("GET", "/api/v1/conversations?view=all&channel="+jsonNumber(channel, "items.0.id"), nil).want(t, 200)
	if rows.num("items.0.id") != int64(k.conversation) {
		t.Errorf("its conversations: %s", rows.body)
	}
}

func TestWorkspaceAndProfile(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	w := p.do("PATCH", "/api/v1/workspace", map[string]any{"name": "新しい店", "reopen_days": 0, "zone": "Europe/Paris"}).want(t, 200)
	if w.str("name") != "新しい店" || w.num("reopen_days") != 0 || w.str("locale") != "en" {
		t.Errorf("workspace: %s", w.body)
	}
	p.do("PATCH", "/api/v1/workspace", map[string]any{"reopen_days": 31}).want(t, 422)
	p.do("PATCH", "/api/v1/session", map[string]any{"locale": "ja", "zone": "", "name": "佐藤"}).want(t, 200)
	if detail := p.do("GET", "/api/v1/contacts/42", nil, header("Accept-Language", "en")).want(t, 404).str("detail"); detail != "この連絡先は見つかりません。" {
		t.Errorf("errors follow the person's language: %q", detail)
	}
	p.do("PUT", "/api/v1/preferences", `{"theme":"dark","panes":{"left":320}}`).want(t, 204)
	if got := p.do("GET", "/api/v1/session", nil).want(t, 200); got.num("preferences.panes.left") != 320 || got.str("user.name") != "佐藤" {
		t.Errorf("session: %s", got.body)
	}
	p.do("PUT", "/api/v1/preferences", `[1]`).wantCode(t, 422, "preferences_invalid")
	p.do("PUT", "/api/v1/preferences", `{"x":"`+strings.Repeat("x", 70_000)+`"}`).wantCode(t, 413, "body_too_large")
	p.do("PUT", "/api/v1/availability", map[string]any{"availability": "online"}).want(t, 204)
	if got := p.do("GET", "/api/v1/members", nil).want(t, 200).str("items.0.availability"); got != "online" {
		t.Errorf("availability %q", got)
	}
	events, err := c.store.Events(t.Context(), p.space, 0, 200)
	if err != nil {
		t.Fatal(err)
	}
	if last := events[len(events)-1]; last.Kind != desk.EventAvailabilityChanged || last.SubjectID != p.id {
		t.Errorf("last event %+v", last)
	}
}

func TestTimesAreUTCWithMilliseconds(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	at := p.do("GET", "/api/v1/session", nil).want(t, http.StatusOK).str("server.time")
	if _, err := time.Parse("2006-01-02T15:04:05.000Z", at); err != nil || len(at) != len("2026-11-21T02:30:00.123Z") {
		t.Errorf("time %q: %v", at, err)
	}
}

// replaceSchedule deletes a schedule that a channel, and a routing rule's condition, go by (0.10).
func replaceSchedule(t *testing.T, p *person, schedule answer, channel string) {
	t.Helper()
	id := jsonNumber(schedule, "id")
	rule := fmt.Sprintf(`{"state":%q,"items":[{"name":"closed","active":true,"conditions":{"groups":[{"conditions":[{"fact":"hours","op":"is_not","values":[%q]}]}]},"actions":[{"kind":"priority","priority":"high"}]}]}`, desk.RoutingState(nil), id)
	p.do("PUT", "/api/v1/routing-rules", rule).want(t, 200)
	users := p.do("GET", "/api/v1/schedules/"+id+"/users", nil).want(t, 200)
	if users.str("items.0.kind") != "channel" || users.str("items.1.name") != "closed" || len(users.list("items")) != 2 {
		t.Errorf("users: %s", users.body)
	}
	p.do("DELETE", "/api/v1/schedules/"+id, nil).wantCode(t, 409, "schedule_in_use")
	p.do("DELETE", "/api/v1/schedules/"+id+"?replacement="+id, nil).wantCode(t, 409, "schedule_in_use")
	p.do("DELETE", "/api/v1/schedules/"+id+"?replacement=99", nil).want(t, 404)
	other := p.do("POST", "/api/v1/schedules", `{"name":"other","zone":"UTC","week":[[],[],[],[],[],[],[]]}`).want(t, 201)
	p.do("DELETE", "/api/v1/schedules/"+id+"?replacement="+jsonNumber(other, "id"), nil).want(t, 204)
	if got := p.do("GET", channel, nil).want(t, 200); got.num("schedule_id") != other.num("id") {
		t.Errorf("the channel goes by %s", got.body)
	}
	rules := p.do("GET", "/api/v1/routing-rules", nil).want(t, 200)
	if rules.str("items.0.conditions.groups.0.conditions.0.values.0") != jsonNumber(other, "id") {
		t.Errorf("the rule goes by %s", rules.body)
	}
	p.do("DELETE", "/api/v1/schedules/"+jsonNumber(other, "id")+"?always_open=true", nil).want(t, 204)
	if got := p.do("GET", channel, nil).want(t, 200); got.num("schedule_id") != 0 {
		t.Errorf("the channel is not always open: %s", got.body)
	}
	rules = p.do("GET", "/api/v1/routing-rules", nil).want(t, 200)
	if rules.str("items.0.conditions.groups.0.conditions.0.values.0") != desk.HoursAlways {
		t.Errorf("the rule asks for %s", rules.body)
	}
}

func TestATeamWithUnresolvedCasesStays(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	team := p.do("POST", "/api/v1/teams", map[string]any{"name": "返品"}).want(t, 201)
	ticket := "/api/v1/tickets/" + c.talk(t, p.space).ticket.String()
	p.do("POST", ticket+"/transfer", map[string]any{"team_id": team.num("id")}).want(t, 200)
	path := "/api/v1/teams/" + jsonNumber(team, "id")
	p.do("DELETE", path, nil).wantCode(t, 409, "team_has_cases")
	p.do("POST", ticket+"/resolve", nil).want(t, 200)
	p.do("DELETE", path, nil).want(t, 204)
}
