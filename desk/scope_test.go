package desk

import "testing"

func TestScopeSees(t *testing.T) {
	t.Parallel()
	const me, other, mine, theirs = ID(1), ID(2), ID(10), ID(20)
	for _, c := range []struct {
		name            string
		assignee, team  ID
		own, team_, all bool
	}{
		{"mine", me, 0, true, true, true},
		{"mine in another team", me, theirs, true, true, true},
		{"unassigned", 0, 0, true, true, true},
		{"in my team's queue", 0, mine, true, true, true},
		{"in another team's queue", 0, theirs, false, false, true},
		{"a colleague's", other, 0, false, false, true},
		{"a colleague's in my team", other, mine, false, true, true},
		{"a colleague's in another team", other, theirs, false, false, true},
	} {
		row := Conversation{Assignee: c.assignee, TeamID: c.team}
		for scope, want := range map[Scope]bool{ScopeOwn: c.own, ScopeTeam: c.team_, ScopeAll: c.all, "": c.all, "unheard-of": c.own} {
			if got := scope.Sees(me, []ID{mine}, row); got != want {
				t.Errorf("%s: scope %q sees it: %v, want %v", c.name, scope, got, want)
			}
		}
	}
	if ScopeOwn.Sees(0, nil, Conversation{Assignee: other}) {
		t.Error("nobody sees a colleague's conversation")
	}
	if Scope("").Valid() || !ScopeTeam.Valid() {
		t.Error("Valid knows the three scopes")
	}
}
