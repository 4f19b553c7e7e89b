package auth

import "madoguchi/desk"

// MayKeepSavedView says whether a member may make, change or delete a saved view: one's own, those of one's teams with
// TicketAssignOthers (who leads a team's work says what it looks at), and everybody's with that or WorkspaceManage. Other
// people's own are not there ("saved_view_not_found").
func MayKeepSavedView(v desk.SavedView, member desk.ID, teams []desk.ID, can func(Permission) bool) error {
	switch {
	case v.Audience == desk.AudiencePersonal && v.Owner != member:
		return desk.NotFound("saved_view")
	case v.Audience == desk.AudiencePersonal, can(WorkspaceManage), can(TicketAssignOthers) && v.For(member, teams):
		return nil
	}
	return forbidden(string(TicketAssignOthers))
}
