package api_test

import (
	"fmt"
	"slices"
	"testing"

	"madoguchi/desk"
)

func TestSavedViewsAreForTheirAudience(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	agent, supervisor := c.member(t, owner.space, desk.RoleAgent), c.member(t, owner.space, desk.RoleSupervisor)
	team := owner.do("POST", "/api/v1/teams", map[string]any{"name": "返品", "member_ids": []any{agent.id, supervisor.id}}).want(t, 201).num("id")
	other := owner.do("POST", "/api/v1/teams", map[string]any{"name": "技術", "member_ids": []any{}}).want(t, 201).num("id")
	const path = "/api/v1/saved-views"
	body := func(audience, name string, team int64, more ...any) map[string]any {
		b := map[string]any{"audience": audience, "name": name, "team_id": team, "filter": map[string]any{"view": "all", "languages": []any{"ja"}, "within_days": 7}, "sort": "waiting"}
		for i := 0; i < len(more); i += 2 {
			b[more[i].(string)] = more[i+1]
		}
		return b
	}
	at := func(r answer) string { return path + "/" + fmt.Sprint(r.num("id")) }
	own := agent.do("POST", path, body("personal", "自分の返金", 0), header("Idempotency-Key", "k")).want(t, 201)
	if again := agent.do("POST", path, body("personal", "自分の返金", 0), header("Idempotency-Key", "k")).want(t, 201); again.num("id") != own.num("id") {
		t.Errorf("repeated: %s", again.body)
	}
	if own.at("filter.within_days") != float64(7) || own.str("icon") != "bookmark" || own.at("mine") != true {
		t.Errorf("kept: %s", own.body)
	}
	agent.do("POST", path, body("workspace", "x", 0)).wantCode(t, 403, "forbidden")
	agent.do("POST", path, body("team", "x", team)).wantCode(t, 403, "forbidden")
	supervisor.do("POST", path, body("team", "x", other)).wantCode(t, 403, "forbidden")
	ours := supervisor.do("POST", path, body("team", "チーム", team)).want(t, 201)
	everybodys := supervisor.do("POST", path, body("workspace", "全員", 0)).want(t, 201)
	owner.do("POST", path, body("workspace", "x", 0, "icon", "skull")).wantCode(t, 422, "saved_view_icon_invalid")
	owner.do("POST", path, body("team", "x", 999)).wantCode(t, 404, "team_not_found")

	names := func(p *person) (found []string) {
		for _, one := range p.do("GET", path, nil).want(t, 200).list("items") {
			found = append(found, one.(map[string]any)["name"].(string))
		}
		return found
	}
	wants := func(p *person, want ...string) {
		t.Helper()
		if got := names(p); !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	wants(agent, "自分の返金", "チーム", "全員")
	supervisor.do("POST", path+"/order", map[string]any{"ids": []any{everybodys.num("id"), ours.num("id")}}).want(t, 204)
	wants(agent, "自分の返金", "全員", "チーム")
	agent.do("POST", path+"/order", map[string]any{"ids": []any{everybodys.num("id")}}).wantCode(t, 403, "forbidden")

	supervisor.do("PUT", at(own), body("personal", "x", 0, "version", 1)).wantCode(t, 404, "saved_view_not_found")
	agent.do("DELETE", at(ours), nil).wantCode(t, 403, "forbidden")
	changed := supervisor.do("PUT", at(ours), body("workspace", "皆の", 0, "version", ours.num("version"))).want(t, 200)
	if changed.str("audience") != "workspace" || changed.num("team_id") != 0 {
		t.Errorf("changed: %s", changed.body)
	}
	supervisor.do("PUT", at(ours), body("workspace", "皆の", 0, "version", 1)).wantCode(t, 409, "edited_meanwhile")
	supervisor.do("DELETE", at(ours), nil).want(t, 204)
	supervisor.do("DELETE", at(ours), nil).wantCode(t, 404, "saved_view_not_found")
	wants(owner, "全員")

	// Another order does not make it a later version: who edits it meanwhile is not stopped by that.
	supervisor.do("PUT", at(everybodys), body("workspace", "全員", 0, "version", everybodys.num("version"))).want(t, 200)
}
