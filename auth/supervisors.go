package auth

import (
	"slices"

	"madoguchi/desk"
)

// Supervisors are those who hear that something goes wrong with a conversation of a team (E12, E17, E19): of the team's members who
// may monitor and whose scope has the conversation (J2, J3), or of everybody where the team has none of those, or there is no team,
// so that somebody hears. members are the workspace's, teams too.
func Supervisors(w desk.Workspace, members []desk.Member, teams []desk.Team, team desk.ID, c desk.Conversation) []desk.ID {
	in := map[desk.ID][]desk.ID{} // teams by member
	for _, t := range teams {
		for _, user := range t.MemberIDs {
			in[user] = append(in[user], t.ID)
		}
	}
	var all, own []desk.ID
	for _, m := range members {
		if !m.Active || !Of(w, m).Can(ConversationMonitor) || !m.Scope.Sees(m.UserID, in[m.UserID], c) {
			continue
		}
		all = append(all, m.UserID)
		if slices.Contains(in[m.UserID], team) {
			own = append(own, m.UserID)
		}
	}
	if len(own) > 0 {
		return own
	}
	return all
}
