package api_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"madoguchi/api"
	"madoguchi/bus"
	"madoguchi/bus/membus"
	"madoguchi/desk"
	"madoguchi/live"
)

// Whatever takes a right away tells the sockets at once (J4); the sweep that finds it without is tested in live.
func TestWhatEndsASessionTellsTheSockets(t *testing.T) {
	t.Parallel()
	hints := membus.New()
	c := open(t, func(d *api.Deps) { d.Hub = live.New(live.Config{Store: d.Store, Bus: hints, Log: d.Log}) })
	heard, err := hints.Subscribe(t.Context(), bus.TopicSessions)
	if err != nil {
		t.Fatal(err)
	}
	owner := c.owner(t, "owner@example.test")
	agent, other := c.member(t, owner.space, desk.RoleAgent), c.member(t, owner.space, desk.RoleAgent)
	key := owner.do("POST", "/api/v1/api-keys", map[string]any{"name": "k", "role": "agent"}).want(t, 201)
	for _, step := range []struct {
		by           *person
		method, path string
		body         map[string]any
		user         desk.ID
	}{
		{owner, "PATCH", "/members/" + agent.id.String(), map[string]any{"role": "viewer"}, agent.id},
		{owner, "PATCH", "/members/" + agent.id.String(), map[string]any{"active": false}, agent.id},
		{owner, "DELETE", "/api-keys/" + fmt.Sprint(key.num("api_key.id")), nil, 0},
		{owner, "POST", "/session/password", map[string]any{"current": password, "new": "another long password"}, owner.id},
		{owner, "PUT", "/session/workspace", map[string]any{"workspace_id": owner.space}, owner.id},
		{other, "DELETE", "/session", nil, other.id},
	} {
		if r := step.by.do(step.method, "/api/v1"+step.path, step.body); r.StatusCode/100 != 2 {
			t.Fatalf("%s %s: %d %s", step.method, step.path, r.StatusCode, r.body)
		}
		hint := <-heard
		var who struct {
			User desk.ID `json:"user_id"`
		}
		if err := json.Unmarshal(hint.Data, &who); err != nil || hint.Workspace != owner.space || who.User != step.user {
			t.Errorf("%s %s: hint %s in workspace %d, want user %d (%v)", step.method, step.path, hint.Data, hint.Workspace, step.user, err)
		}
	}
}
