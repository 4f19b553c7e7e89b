package auth_test

import (
	"slices"
	"strings"
	"testing"

	"madoguchi/auth"
	"madoguchi/desk"
)

var roles = []desk.Role{desk.RoleViewer, desk.RoleAgent, desk.RoleSupervisor, desk.RoleAdmin, desk.RoleOwner}

// j3 is the matrix as the specification prints it: 閲覧, 担当, SV, 管理, オーナー; ✓ always, ○ grantable, – never.
const j3 = `
conversation.read     | ✓ ✓ ✓ ✓ ✓
conversation.reply    | – ✓ ✓ ✓ ✓
ticket.take           | – ✓ ✓ ✓ ✓
ticket.assign_others  | – ○ ✓ ✓ ✓
conversation.monitor  | – – ✓ ✓ ✓
identity.block        | – ✓ ✓ ✓ ✓
contact.merge         | – ○ ✓ ✓ ✓
message.delete        | – – ○ ✓ ✓
template.send         | – ✓ ✓ ✓ ✓
template.manage       | – – ○ ✓ ✓
broadcast.manage      | – – ○ ✓ ✓
proactive.view        | ○ – ✓ ✓ ✓
proactive.manage      | – – ○ ✓ ✓
automation.manage     | – – ○ ✓ ✓
channel.manage        | – – – ✓ ✓
report.own            | – ✓ ✓ ✓ ✓
report.team           | – – ✓ ✓ ✓
report.all            | ○ – ○ ✓ ✓
report.export         | – – ○ ✓ ✓
member.manage         | – – – ✓ ✓
privacy.manage        | – – – ✓ ✓
audit.read            | – – ○ ✓ ✓
secret.manage         | – – – ✓ ✓
workspace.manage      | – – – ✓ ✓
workspace.delete      | – – – – ✓`

// with are the rights of a role with grants.
func with(role desk.Role, grants ...string) auth.Rights {
	return auth.Of(desk.Workspace{}, desk.Member{Role: role, Grants: grants})
}

func TestMatrixIsJ3(t *testing.T) {
	t.Parallel()
	symbols := map[string]auth.Level{"–": auth.Never, "○": auth.Grantable, "✓": auth.Always}
	var named []auth.Permission
	for line := range strings.Lines(strings.TrimSpace(j3)) {
		name, cells, _ := strings.Cut(line, "|")
		p := auth.Permission(strings.TrimSpace(name))
		named = append(named, p)
		for i, symbol := range strings.Fields(cells) {
			role, want := roles[i], symbols[symbol]
			if got := auth.LevelOf(role, p); got != want {
				t.Errorf("%s for %s is %d, want %s", p, role, got, symbol)
			}
			if got := with(role).Can(p); got != (want == auth.Always) {
				t.Errorf("Can(%s, %s) = %v", role, p, got)
			}
			if got := with(role, "x", string(p)).Can(p); got != (want != auth.Never) {
				t.Errorf("Can(%s, granted %s) = %v", role, p, got)
			}
			grantable := auth.CheckGrants(role, []string{string(p)}) == nil
			if grantable != (want == auth.Grantable) {
				t.Errorf("%s grantable to %s: %v", p, role, grantable)
			}
		}
	}
	if all := with(desk.RoleOwner).Permissions(); !slices.Equal(all, named) {
		t.Errorf("an owner may do everything, in J3's order:\n got %v\nwant %v", all, named)
	}
	if got := with(desk.RoleViewer, "report.all", "channel.manage").Permissions(); !slices.Equal(got, []auth.Permission{auth.ConversationRead, auth.ReportAll}) {
		t.Errorf("a viewer with a grant, and one that means nothing: %v", got)
	}
}

func TestTheUnknownIsForbidden(t *testing.T) {
	t.Parallel()
	for _, role := range append(roles, "", "root", "Owner") {
		if with(role, "everything").Can("everything") {
			t.Errorf("%q may do what does not exist", role)
		}
	}
	if with("root", "conversation.read").Can(auth.ConversationRead) {
		t.Error("an unknown role may read")
	}
	wantCode(t, "grant", auth.CheckGrants(desk.RoleAgent, []string{"everything"}), desk.KindInvalid, "grant_invalid")
}

func TestOnlyOwnersTouchOwners(t *testing.T) {
	t.Parallel()
	for _, giver := range roles {
		for _, given := range roles {
			want := slices.Index(roles, giver) >= slices.Index(roles, given)
			err := auth.MayGive(with(giver).Can, with(given))
			if (err == nil) != want {
				t.Errorf("%s gives %s: %v", giver, given, err)
			}
			if err != nil {
				wantCode(t, "refusal", err, desk.KindForbidden, "forbidden")
			}
		}
	}
	wantCode(t, "no such role", auth.MayGive(with(desk.RoleOwner).Can, with("root")), desk.KindInvalid, "role_invalid")
}

// A workspace's own role has what it says, within what J3 lets its base have; grants to everybody with the base are not its own.
func TestCustomRolesStayWithinTheirBase(t *testing.T) {
	t.Parallel()
	read := string(auth.ConversationRead)
	role := func(base desk.Role, permissions ...string) desk.CustomRole {
		return desk.CustomRole{ID: 9, Label: desk.Labels{JA: "夜間"}, Base: base, Permissions: permissions}
	}
	night := role(desk.RoleAgent, read, "conversation.reply", "contact.merge", "channel.manage")
	w := desk.Workspace{RoleGrants: map[desk.Role][]string{desk.RoleAgent: {"ticket.assign_others"}}}
	got := auth.OfRole(w, desk.RoleAgent, &night).Permissions()
	if want := []auth.Permission{auth.ConversationRead, auth.ConversationReply, auth.ContactMerge}; !slices.Equal(got, want) {
		t.Errorf("a custom role has %v, want %v", got, want)
	}
	granted := auth.Of(w, desk.Member{Role: desk.RoleAgent, Custom: &night, Grants: []string{"ticket.assign_others", "ticket.take"}})
	if !granted.Can(auth.TicketAssignOthers) || granted.Can(auth.TicketTake) {
		t.Error("a member's grant opens what the matrix leaves open, and gives back nothing that the role took away")
	}
	for _, base := range roles {
		for _, p := range auth.All() {
			err := auth.CheckRole(role(base, read, string(p)))
			if may := base != desk.RoleOwner && auth.LevelOf(base, p) != auth.Never; (err == nil) != may {
				t.Errorf("%s in a role based on %s: %v", p, base, err)
			}
		}
	}
	wantCode(t, "without reading", auth.CheckRole(role(desk.RoleAgent, "conversation.reply")), desk.KindInvalid, "role_reads_nothing")
	wantCode(t, "of an owner", auth.CheckRole(role(desk.RoleOwner, read)), desk.KindInvalid, "role_base_invalid")
	wantCode(t, "what it may not", auth.CheckRole(night), desk.KindInvalid, "permission_invalid")
	nameless := role(desk.RoleAgent, read)
	nameless.Label = desk.Labels{}
	wantCode(t, "nameless", auth.CheckRole(nameless), desk.KindInvalid, "field_label_missing")
}

// Nobody gives what they do not have, whichever role they are based on.
func TestNobodyGivesWhatTheyDoNotHave(t *testing.T) {
	t.Parallel()
	staff := desk.CustomRole{Base: desk.RoleAdmin, Permissions: []string{"conversation.read", "conversation.reply", "member.manage"}}
	giver := auth.OfRole(desk.Workspace{}, desk.RoleAdmin, &staff).Can
	wantCode(t, "an administrator", auth.MayGive(giver, with(desk.RoleAdmin)), desk.KindForbidden, "forbidden")
	wantCode(t, "an agent, who may take", auth.MayGive(giver, with(desk.RoleAgent)), desk.KindForbidden, "forbidden")
	wantCode(t, "a grant", auth.MayGive(giver, with(desk.RoleViewer, "report.all")), desk.KindForbidden, "forbidden")
	for what, given := range map[string]auth.Rights{"a viewer": with(desk.RoleViewer), "its own role": auth.OfRole(desk.Workspace{}, desk.RoleAdmin, &staff)} {
		if err := auth.MayGive(giver, given); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A macro does to a colleague's case what its runner could do by hand (J3).
func TestMacrosLeaveColleaguesCasesAlone(t *testing.T) {
	t.Parallel()
	const me, you desk.ID = 1, 2
	kinds := map[desk.ActionKind]bool{ // who may only do so with their own
		desk.ActionStatus: true, desk.ActionSnooze: true, desk.ActionAssign: true, desk.ActionTake: true, desk.ActionTeam: true, desk.ActionPriority: true,
		desk.ActionNote: false, desk.ActionReply: false, desk.ActionAddTag: false,
	}
	for kind, own := range kinds {
		for holder, refused := range map[desk.ID]bool{0: false, me: false, you: own} {
			ticket := desk.Ticket{Status: desk.StatusOpen, Assignee: holder}
			err := auth.MayAct(desk.Action{Kind: kind}, ticket, me, with(desk.RoleAgent).Can)
			if (err != nil) != refused {
				t.Errorf("%s with %d: %v", kind, holder, err)
			}
			if err := auth.MayAct(desk.Action{Kind: kind}, ticket, me, with(desk.RoleSupervisor).Can); err != nil {
				t.Errorf("%s by a supervisor: %v", kind, err)
			}
		}
	}
}
