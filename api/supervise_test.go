package api_test

import (
	"slices"
	"strings"
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// A program that answers the customer of somebody else's case joins it as its maker (E21): the customer sees one name, in the line that
// announces it and above what is said; the log says that the program did it. A key that may not monitor joins nothing, as a colleague.
func TestAKeysPublicReplyJoinsAsItsMaker(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	boss, agent := c.member(t, owner.space, desk.RoleAdmin), c.member(t, owner.space, desk.RoleAgent)
	k := c.talk(t, owner.space)
	ticket, thread := "/api/v1/tickets/"+k.ticket.String(), "/api/v1/conversations/"+k.conversation.String()
	agent.do("POST", ticket+"/take", nil).want(t, 200)
	program := func(role string) (p *person, id int64) {
		made := boss.do("POST", "/api/v1/api-keys", map[string]any{"name": "bot", "role": role}).want(t, 201)
		p = c.stranger(t)
		p.bearer = made.str("secret")
		return p, made.num("api_key.id")
	}
	says := func(p *person, client string) answer {
		return p.do("POST", thread+"/messages", map[string]any{"mode": "reply", "client_id": client, "parts": []any{map[string]any{"kind": "text", "text": "失礼します"}}}).want(t, 201)
	}

	small, _ := program("agent")
	if m := says(small, "1"); m.str("author.name") != "admin" {
		t.Errorf("a small key speaks as %s", m.str("author.name"))
	}
	if joined := owner.do("GET", thread, nil).want(t, 200).list("ticket.joined_ids"); len(joined) != 0 {
		t.Errorf("a key that may not monitor joined: %v", joined)
	}

	key, id := program("supervisor")
	m := says(key, "2")
	row := owner.do("GET", thread, nil).want(t, 200)
	if m.str("author.name") != "admin" || m.num("author.id") != int64(boss.id) || row.num("ticket.joined_ids.0") != int64(boss.id) || row.num("ticket.assignee_id") != int64(agent.id) {
		t.Errorf("said %s, then %s", m.body, row.body)
	}
	var seen []string
	err := c.store.View(t.Context(), owner.space, func(r store.Reader) error {
		said, err := r.Messages().After(k.conversation, 0, 50)
		for _, m := range said {
			if shown, ok := view.WMessageOf(m, nil, view.Links{}); ok && shown.System != nil {
				seen = append(seen, shown.System.Code+" "+shown.System.Params["name"])
			} else if ok && !shown.Mine {
				seen = append(seen, shown.Author.Name+": "+shown.Parts[0].Text)
			}
		}
		return err
	})
	if want := []string{"agent_joined agent", "admin: 失礼します", "agent_joined admin", "admin: 失礼します"}; err != nil || !slices.Equal(seen, want) {
		t.Errorf("the customer sees %q, want %q, %v", seen, want, err)
	}
	says(key, "3")
	key.do("POST", ticket+"/leave", nil).want(t, 200)
	if joined := owner.do("GET", thread, nil).want(t, 200).list("ticket.joined_ids"); len(joined) != 0 {
		t.Errorf("after it left: %v", joined)
	}

	key.do("POST", ticket+"/take-over", nil).want(t, 200)
	for _, action := range []desk.AuditAction{"ticket.joined", "ticket.taken_over"} {
		deeds := c.entries(t, owner.space, store.AuditQuery{Action: action})
		if by := (desk.Actor{Kind: desk.ActorAPIKey, ID: desk.ID(id)}); len(deeds) != 1 || deeds[0].Actor != by {
			t.Errorf("%s in the log: %+v", action, deeds)
		}
	}
	if said := owner.do("GET", thread+"/messages", nil).want(t, 200); !strings.Contains(string(said.body), `"taken_over"`) {
		t.Errorf("nobody was told of the take-over: %s", said.body)
	}
}
