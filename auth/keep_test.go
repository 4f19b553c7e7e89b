package auth_test

import (
	"slices"
	"testing"

	"madoguchi/auth"
	"madoguchi/desk"
)

func TestWhoKeepsWhatHasAnOwner(t *testing.T) {
	t.Parallel()
	const me, colleague, myTeam, another = 1, 2, 6, 7
	kinds := map[string]func(o desk.Ownership, can func(auth.Permission) bool) error{
		"canned_reply": func(o desk.Ownership, can func(auth.Permission) bool) error {
			return auth.MayKeepCannedReply(desk.CannedReply{Ownership: o}, me, []desk.ID{myTeam}, can)
		},
		"macro": func(o desk.Ownership, can func(auth.Permission) bool) error {
			return auth.MayKeepMacro(desk.Macro{Ownership: o}, me, []desk.ID{myTeam}, can)
		},
		"saved_view": func(o desk.Ownership, can func(auth.Permission) bool) error {
			return auth.MayKeepSavedView(desk.SavedView{Ownership: o}, me, []desk.ID{myTeam}, can)
		},
	}
	mine, theirs := desk.Ownership{Audience: desk.AudiencePersonal, Owner: me}, desk.Ownership{Audience: desk.AudiencePersonal, Owner: colleague}
	ours, others := desk.Ownership{Audience: desk.AudienceTeam, TeamID: myTeam}, desk.Ownership{Audience: desk.AudienceTeam, TeamID: another}
	everybodys := desk.Ownership{Audience: desk.AudienceWorkspace}
	manager, leader := auth.WorkspaceManage, auth.TicketAssignOthers
	for _, c := range []struct {
		kinds []string
		of    desk.Ownership
		has   []auth.Permission
		want  string // a code; "hidden" = "<kind>_not_found"
	}{
		{[]string{"canned_reply", "macro", "saved_view"}, mine, nil, ""},
		{[]string{"canned_reply", "macro", "saved_view"}, theirs, []auth.Permission{manager, leader}, "hidden"},
		{[]string{"canned_reply", "macro"}, ours, nil, ""},
		{[]string{"saved_view"}, ours, nil, "forbidden"},
		{[]string{"saved_view"}, ours, []auth.Permission{leader}, ""},
		{[]string{"canned_reply", "macro"}, others, []auth.Permission{leader}, "forbidden"},
		{[]string{"saved_view"}, others, []auth.Permission{leader}, "forbidden"},
		{[]string{"canned_reply", "macro", "saved_view"}, others, []auth.Permission{manager}, ""},
		{[]string{"canned_reply", "macro"}, everybodys, []auth.Permission{leader}, "forbidden"},
		{[]string{"saved_view"}, everybodys, []auth.Permission{leader}, ""},
		{[]string{"canned_reply", "macro", "saved_view"}, everybodys, nil, "forbidden"},
		{[]string{"canned_reply", "macro", "saved_view"}, everybodys, []auth.Permission{manager}, ""},
	} {
		for _, kind := range c.kinds {
			want := c.want
			if want == "hidden" {
				want = kind + "_not_found"
			}
			err := kinds[kind](c.of, func(p auth.Permission) bool { return slices.Contains(c.has, p) })
			if desk.CodeOf(err) != want {
				t.Errorf("%s of %+v with %v: %v, want %q", kind, c.of, c.has, err, want)
			}
		}
	}
}

func TestAMacroThatCallsAWebServiceTakesMore(t *testing.T) {
	t.Parallel()
	m := desk.Macro{Ownership: desk.Ownership{Audience: desk.AudiencePersonal, Owner: 1}, Actions: []desk.Action{{Kind: desk.ActionWebhook}}}
	if err := auth.MayKeepMacro(m, 1, nil, func(p auth.Permission) bool { return p == auth.WorkspaceManage }); desk.CodeOf(err) != "forbidden" {
		t.Errorf("a webhook without secret.manage: %v", err)
	}
	if err := auth.MayKeepMacro(m, 1, nil, func(p auth.Permission) bool { return p == auth.SecretManage }); err != nil {
		t.Error(err)
	}
}
