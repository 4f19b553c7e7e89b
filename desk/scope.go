package desk

import "slices"

// Scope says which conversations a member may see (J2). It holds wherever conversations come out: lists, search, exports,
// live patches.
type Scope string

// The scopes. "" is ScopeAll.
const (
	ScopeAll  Scope = "all"
	ScopeTeam Scope = "team" // my teams', mine, and unassigned ones
	ScopeOwn  Scope = "own"  // mine and unassigned ones
)

// Valid reports whether s is a scope that a member can be given.
func (s Scope) Valid() bool { return s == ScopeAll || s == ScopeTeam || s == ScopeOwn }

// Sees reports whether a member with this scope and in these teams sees a conversation. Unassigned is what nobody has and
// what waits for no other team: a team's queue is that team's own (as in G2.7). An unknown scope sees what ScopeOwn sees.
func (s Scope) Sees(member ID, teams []ID, c Conversation) bool {
	if s == ScopeAll || s == "" || member != 0 && c.Assignee == member {
		return true
	}
	ours := slices.Contains(teams, c.TeamID)
	if c.Assignee == 0 {
		return c.TeamID == 0 || ours
	}
	return s == ScopeTeam && ours
}

// Concerns reports whether what a customer writes in a conversation is news to a member in these teams (G2.7): it is theirs,
// it waits for nobody in particular or for one of their teams, or a note there named them.
func (c Conversation) Concerns(member ID, teams []ID) bool {
	if c.Status.Resolved() {
		return false
	}
	return c.Assignee == member || c.Assignee == 0 && (c.TeamID == 0 || slices.Contains(teams, c.TeamID)) || slices.Contains(c.MentionedIDs, member)
}
