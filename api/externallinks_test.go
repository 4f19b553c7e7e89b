package api_test

import (
	"testing"

	"madoguchi/store"
)

func TestExternalLinks(t *testing.T) { // G3.1, J6
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	type object = map[string]any
	const crm = "https://crm.example/?q={{contact.external_id}}"
	set := func(links ...any) answer {
		if links == nil {
			links = []any{} // null changes nothing
		}
		return p.do("PATCH", "/api/v1/workspace", object{"external_links": links})
	}
	got := set(object{"name": " 顧客\t台帳 ", "url": " " + crm}).want(t, 200)
	if got.str("external_links.0.name") != "顧客 台帳" || got.str("external_links.0.url") != crm {
		t.Errorf("kept %s", got.body)
	}
	set(object{"name": "CRM", "url": "http://crm.example/"}).wantCode(t, 422, "external_link_invalid")
	set(object{"name": "CRM", "url": "https://crm.example/{{contact.secret}}"}).wantCode(t, 422, "external_link_variable_unknown")
	p.do("PATCH", "/api/v1/workspace", object{"reopen_days": 3}).want(t, 200)
	if got := p.do("GET", "/api/v1/session", nil).want(t, 200); len(got.list("workspace.external_links")) != 1 {
		t.Errorf("another change took it away: %s", got.body)
	}
	if got := set().want(t, 200); len(got.list("external_links")) != 0 {
		t.Errorf("none: %s", got.body)
	}
	found := 0
	for _, entry := range c.entries(t, p.space, store.AuditQuery{Action: "workspace.changed"}) {
		for _, change := range entry.Changes {
			if change.Field == "external_links" {
				found++
			}
		}
	}
	if found != 2 {
		t.Errorf("%d changes of the links are in the audit log", found)
	}
}

// Of two who save the list at one instant the second is told, and shown what is there by then.
func TestExternalLinksAreNotOverwritten(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	type object = map[string]any
	save := func(name string) answer {
		links := []any{object{"name": name, "url": "https://crm.example/"}}
		return p.do("PATCH", "/api/v1/workspace", object{"external_links": links, "external_links_seen": []any{}})
	}
	answers := make(chan answer, 2)
	for _, name := range []string{"a", "b"} {
		go func() { answers <- save(name) }()
	}
	first, second := <-answers, <-answers
	if first.StatusCode != 200 {
		first, second = second, first
	}
	kept := first.want(t, 200).str("external_links.0.name")
	if got := second.wantCode(t, 409, "edited_meanwhile").str("params.current.external_links.0.name"); got != kept {
		t.Errorf("the second is shown %q, kept is %q", got, kept)
	}
}
