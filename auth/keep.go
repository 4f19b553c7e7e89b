package auth

import (
	"slices"

	"madoguchi/desk"
)

// MayKeepCannedReply says whether a member may make, change or delete a canned reply: one's own, those of one's teams, and
// with WorkspaceManage everybody's but other people's own ("canned_reply_not_found").
func MayKeepCannedReply(c desk.CannedReply, member desk.ID, teams []desk.ID, can func(Permission) bool) error {
	return mayKeep(c.Ownership, "canned_reply", member, teams, can)
}

// MayKeepMacro says whether a member may make, change or delete a macro, as MayKeepCannedReply does ("macro_not_found"). One that
// calls a web service takes SecretManage besides: it makes the server send what customers told us somewhere.
func MayKeepMacro(m desk.Macro, member desk.ID, teams []desk.ID, can func(Permission) bool) error {
	if err := mayKeep(m.Ownership, "macro", member, teams, can); err != nil {
		return err
	}
	return MayKeepActions(m.Actions, can)
}

// MayKeepActions refuses actions that call a web service to whoever may not manage those (J3).
func MayKeepActions(actions []desk.Action, can func(Permission) bool) error {
	calls := slices.ContainsFunc(actions, func(a desk.Action) bool { return a.Kind == desk.ActionWebhook })
	if calls && !can(SecretManage) {
		return forbidden(string(SecretManage))
	}
	return nil
}

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

// mayKeep is the rule of what everybody who replies may keep; kind names it where it is somebody else's own.
func mayKeep(o desk.Ownership, kind string, member desk.ID, teams []desk.ID, can func(Permission) bool) error {
	switch {
	case o.Audience == desk.AudiencePersonal && o.Owner != member:
		return desk.NotFound(kind)
	case o.Audience != desk.AudienceWorkspace && o.For(member, teams), can(WorkspaceManage):
		return nil
	}
	return forbidden(string(WorkspaceManage))
}
