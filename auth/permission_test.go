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
			if got := auth.Can(role, nil, p); got != (want == auth.Always) {
				t.Errorf("Can(%s, %s) = %v", role, p, got)
			}
			if got := auth.Can(role, []string{"x", string(p)}, p); got != (want != auth.Never) {
				t.Errorf("Can(%s, granted %s) = %v", role, p, got)
			}
			grantable := auth.CheckGrants(role, []string{string(p)}) == nil
			if grantable != (want == auth.Grantable) {
				t.Errorf("%s grantable to %s: %v", p, role, grantable)
			}
		}
	}
	if all := auth.Permissions(desk.RoleOwner, nil); !slices.Equal(all, named) {
		t.Errorf("an owner may do everything, in J3's order:\n got %v\nwant %v", all, named)
	}
	if got := auth.Permissions(desk.RoleViewer, []string{"report.all", "channel.manage"}); !slices.Equal(got, []auth.Permission{auth.ConversationRead, auth.ReportAll}) {
		t.Errorf("a viewer with a grant, and one that means nothing: %v", got)
	}
}

func TestTheUnknownIsForbidden(t *testing.T) {
	t.Parallel()
	for _, role := range append(roles, "", "root", "Owner") {
		if auth.Can(role, []string{"everything"}, "everything") {
			t.Errorf("%q may do what does not exist", role)
		}
	}
	if auth.Can("root", []string{"conversation.read"}, auth.ConversationRead) {
		t.Error("an unknown role may read")
	}
	wantCode(t, "grant", auth.CheckGrants(desk.RoleAgent, []string{"everything"}), desk.KindInvalid, "grant_invalid")
}

func TestOnlyOwnersTouchOwners(t *testing.T) {
	t.Parallel()
	for _, giver := range roles {
		for _, given := range roles {
			want := giver == desk.RoleOwner || giver == desk.RoleAdmin && given != desk.RoleOwner
			err := auth.MayGiveRole(giver, given)
			if (err == nil) != want {
				t.Errorf("%s gives %s: %v", giver, given, err)
			}
			if err != nil {
				wantCode(t, "refusal", err, desk.KindForbidden, "forbidden")
			}
			// Neither raising to what may not be given, nor lowering one who may not be touched.
			for _, target := range roles {
				want := auth.MayGiveRole(giver, target) == nil && auth.MayGiveRole(giver, given) == nil
				if got := auth.MayChangeMember(giver, target, given) == nil; got != want {
					t.Errorf("%s turns %s into %s: %v", giver, target, given, got)
				}
			}
		}
	}
	wantCode(t, "no such role", auth.MayGiveRole(desk.RoleOwner, "root"), desk.KindInvalid, "role_invalid")
}
