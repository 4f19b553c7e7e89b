package api_test

import (
	"net/url"
	"testing"

	"madoguchi/bus/membus"
	"madoguchi/desk"
	"madoguchi/search"
)

func (c *counter) index(t *testing.T) {
	t.Helper()
	x := search.New(search.Config{Store: c.store, Bus: membus.New(), Log: c.deps.Log})
	for more := true; more; {
		var err error
		if more, err = x.Round(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.jp")
	k := c.talk(t, owner.space)
	c.index(t)

	a := owner.do("GET", "/api/v1/search?q="+url.QueryEscape("返金"), nil).want(t, 200)
	if a.num("conversations.0.row.id") != int64(k.conversation) || a.num("conversations.0.hits.0.seq") != 1 || a.num("conversations.0.hits.0.message_id") != int64(k.message) ||
		a.str("conversations.0.hits.0.text") != "返金してください" || a.num("conversations.0.hits.0.ranges.0.end") != 2 || a.str("next") != "" {
		t.Errorf("found %s", a.body)
	}
	a = owner.do("GET", "/api/v1/search?kind=contact&q="+url.QueryEscape("山"), nil).want(t, 200)
	if a.num("contacts.0.id") != int64(k.contact) || a.num("contacts.0.conversation_id") != int64(k.conversation) || len(a.list("conversations")) != 0 {
		t.Errorf("found %s", a.body)
	}
	if a := owner.do("GET", "/api/v1/search?kind=note,file&q="+url.QueryEscape("返金"), nil).want(t, 200); len(a.list("conversations")) != 0 {
		t.Errorf("found %s", a.body)
	}
	owner.do("GET", "/api/v1/search?q=", nil).want(t, 422)
	owner.do("GET", "/api/v1/search?q=xx&kind=everything", nil).want(t, 422)
	owner.do("GET", "/api/v1/search?q=xx&after=nonsense", nil).wantCode(t, 422, "cursor_invalid")
}

// A member with a narrower scope finds what they may see; only who manages members changes a scope (J2, J3).
func TestSearchRespectsTheScope(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.jp")
	agent := c.member(t, owner.space, desk.RoleAgent)
	k := c.talk(t, owner.space)
	owner.do("POST", "/api/v1/tickets/"+k.ticket.String()+"/assign", map[string]any{"assignee_id": owner.id}).want(t, 200)
	c.index(t)

	found := func() int {
		return len(agent.do("GET", "/api/v1/search?q="+url.QueryEscape("返金"), nil).want(t, 200).list("conversations"))
	}
	if found() != 1 {
		t.Error("who sees all does not find it")
	}
	within := "/api/v1/conversations/" + k.conversation.String() + "/search?q=" + url.QueryEscape("金")
	if a := agent.do("GET", within, nil).want(t, 200); a.num("items.0.seq") != 1 || a.num("next") != 0 {
		t.Errorf("within the conversation: %s", a.body)
	}
	agent.do("PATCH", "/api/v1/members/"+agent.id.String(), map[string]any{"scope": "all"}).wantCode(t, 403, "forbidden")
	owner.do("PATCH", "/api/v1/members/"+agent.id.String(), map[string]any{"scope": "nothing"}).want(t, 422)
	if a := owner.do("PATCH", "/api/v1/members/"+agent.id.String(), map[string]any{"scope": "own"}).want(t, 200); a.str("scope") != "own" {
		t.Errorf("the member is %s", a.body)
	}
	if found() != 0 {
		t.Error("another member's conversation is found")
	}
	agent.do("GET", within, nil).wantCode(t, 404, "conversation_not_found")
}
