package api_test

import (
	"fmt"
	"slices"
	"testing"

	"madoguchi/desk"
)

func TestCannedRepliesAreForTheirAudience(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	agent, colleague := c.member(t, owner.space, desk.RoleAgent), c.member(t, owner.space, desk.RoleAgent)
	viewer := c.member(t, owner.space, desk.RoleViewer)
	team := owner.do("POST", "/api/v1/teams", map[string]any{"name": "返品", "member_ids": []any{agent.id}}).want(t, 201).num("id")
	body := func(audience, name string, more ...any) map[string]any {
		b := map[string]any{"audience": audience, "name": name, "texts": map[string]any{"ja": "{{contact.name|お客様}} 様", "en": " "}}
		for i := 0; i < len(more); i += 2 {
			b[more[i].(string)] = more[i+1]
		}
		return b
	}
	const path = "/api/v1/canned-replies"
	own := agent.do("POST", path, body("personal", "あいさつ", "reading", "あいさつ"), header("Idempotency-Key", "k")).want(t, 201)
	if again := agent.do("POST", path, body("personal", "あいさつ"), header("Idempotency-Key", "k")).want(t, 201); again.num("id") != own.num("id") {
		t.Errorf("repeated: %s", again.body)
	}
	if own.at("texts.en") != nil || own.str("texts.ja") == "" || own.at("mine") != true {
		t.Errorf("kept: %s", own.body)
	}
	agent.do("POST", path, body("personal", "あいさつ")).wantCode(t, 409, "canned_name_taken")
	colleague.do("POST", path, body("personal", "あいさつ")).want(t, 201) // their own
	ours := agent.do("POST", path, body("team", "返品", "team_id", team)).want(t, 201)
	colleague.do("POST", path, body("team", "返品2", "team_id", team)).wantCode(t, 403, "forbidden")
	owner.do("POST", path, body("team", "返品", "team_id", 999)).wantCode(t, 404, "team_not_found")
	agent.do("POST", path, body("workspace", "営業時間")).wantCode(t, 403, "forbidden")
	all := owner.do("POST", path, body("workspace", "営業時間")).want(t, 201)
	owner.do("POST", path, body("workspace", "x", "texts", map[string]any{"ja": "{{contact.secret}}"})).wantCode(t, 422, "canned_variable_unknown")
	owner.do("POST", path, body("workspace", "x", "texts", map[string]any{})).wantCode(t, 422, "text_missing")

	names := func(p *person) (found []string) {
		for _, one := range p.do("GET", path, nil).want(t, 200).list("items") {
			found = append(found, one.(map[string]any)["name"].(string))
		}
		return found
	}
	for _, see := range []struct {
		who  *person
		want []string
	}{{agent, []string{"あいさつ", "営業時間", "返品"}}, {colleague, []string{"あいさつ", "営業時間"}}, {owner, []string{"営業時間", "返品"}}} {
		if got := names(see.who); !slices.Equal(got, see.want) {
			t.Errorf("%v, want %v", got, see.want)
		}
	}
	viewer.do("GET", path, nil).wantCode(t, 403, "forbidden")

	at := func(r answer) string { return path + "/" + fmt.Sprint(r.num("id")) }
	colleague.do("POST", at(own)+"/uses", nil).wantCode(t, 404, "canned_reply_not_found")
	owner.do("DELETE", at(own), nil).wantCode(t, 404, "canned_reply_not_found") // other people's own are nobody's business
	colleague.do("DELETE", at(all), nil).wantCode(t, 403, "forbidden")
	colleague.do("POST", at(all)+"/uses", nil).want(t, 200)
	agent.do("POST", at(all)+"/uses", nil).want(t, 200)
	edit := body("workspace", "時間", "version", 1)
	changed := owner.do("PUT", at(all), edit).want(t, 200)
	if changed.num("uses") != 2 || changed.num("version") != 2 || changed.str("name") != "時間" {
		t.Errorf("changed: %s", changed.body)
	}
	if old := owner.do("PUT", at(all), edit); old.StatusCode != 409 || old.str("params.current.name") != "時間" {
		t.Errorf("edited meanwhile: %s", old.body)
	}
	// Nobody takes a shared one away by making it their own without the right to the shared one.
	colleague.do("PUT", at(all), body("personal", "mine", "version", 2)).wantCode(t, 403, "forbidden")
	agent.do("PUT", at(ours), body("workspace", "返品", "version", 1)).wantCode(t, 403, "forbidden")
	agent.do("DELETE", at(ours), nil).want(t, 204)
}

// A canned reply keeps its files: each message gets its own, and what is taken out of the reply goes.
func TestCannedRepliesGiveTheirFilesAnew(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	agent := c.member(t, owner.space, desk.RoleAgent)
	upload := func(p *person) int64 {
		return p.do("POST", "/api/v1/uploads", form{name: "地図.png", content: picture(t)}).want(t, 201).num("id")
	}
	const path = "/api/v1/canned-replies"
	body := map[string]any{"audience": "workspace", "name": "地図", "folder": " 案内 ", "texts": map[string]any{"ja": "こちらです"}, "files": []any{upload(owner)}}
	kept := owner.do("POST", path, body).want(t, 201)
	if kept.str("folder") != "案内" || kept.str("files.0.name") != "地図.png" {
		t.Errorf("kept: %s", kept.body)
	}
	at, file := path+"/"+fmt.Sprint(kept.num("id")), fmt.Sprintf("/api/v1/files/%d", kept.num("files.0.id"))
	agent.do("GET", file, nil).want(t, 200)
	first, second := agent.do("POST", at+"/uses", nil).want(t, 200), agent.do("POST", at+"/uses", nil).want(t, 200)
	if ids := []int64{kept.num("files.0.id"), first.num("files.0.id"), second.num("files.0.id")}; ids[0] == ids[1] || ids[1] == ids[2] {
		t.Errorf("given twice: %v", ids)
	}
	body["version"], body["files"] = 1, []any{upload(agent)}
	owner.do("PUT", at, body).wantCode(t, 422, "attachment_not_yours")
	body["files"] = []any{}
	owner.do("PUT", at, body).want(t, 200)
	agent.do("GET", file, nil).wantCode(t, 404, "attachment_not_found")
	agent.do("GET", fmt.Sprintf("/api/v1/files/%d", first.num("files.0.id")), nil).want(t, 200) // what was given stays
	owner.do("GET", fmt.Sprintf("/api/v1/files/%d", first.num("files.0.id")), nil).wantCode(t, 404, "attachment_not_found")
}
