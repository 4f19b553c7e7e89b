package desk

import "slices"

// Ownership says whose something is that members keep to use it: one member's own, a team's, or everybody's. Canned replies (G4.5),
// macros (E29) and saved views (G1.3) have one.
type Ownership struct {
	Audience Audience
	Owner    ID // whose it is, with AudiencePersonal
	TeamID   ID // whose it is, with AudienceTeam
}

// Audience is who something that is kept is for.
type Audience string

// The audiences.
const (
	AudiencePersonal  Audience = "personal"
	AudienceTeam      Audience = "team"
	AudienceWorkspace Audience = "workspace"
)

// For reports whether a member in these teams may use what is kept.
func (o Ownership) For(member ID, teams []ID) bool {
	switch o.Audience {
	case AudiencePersonal:
		return o.Owner == member
	case AudienceTeam:
		return slices.Contains(teams, o.TeamID)
	case AudienceWorkspace:
		return true
	}
	return false
}

// check refuses an ownership that says nothing, or two things, with the code and the field that is wrong.
func (o Ownership) check(code string) error {
	personal, team := o.Audience == AudiencePersonal, o.Audience == AudienceTeam
	switch {
	case !personal && !team && o.Audience != AudienceWorkspace:
		return Invalid("audience", code, "no audience %.40q", string(o.Audience))
	case personal != (o.Owner != 0) || team != (o.TeamID != 0):
		return Invalid("team_id", code, "owner %d and team %d do not fit %q", o.Owner, o.TeamID, o.Audience)
	}
	return nil
}
