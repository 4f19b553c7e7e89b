package account_test

import (
	"slices"
	"testing"

	"madoguchi/account"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// Roles of the workspace's own: nobody makes one above them, deleting one names another for whoever has it, and two who edit one
// see each other.
func TestRolesOfTheWorkspacesOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		st := open()
		s := service(t, st, nil)
		made := setup(t, s)
		owner := account.Actor{Workspace: made.WorkspaceID, By: desk.Actor{Kind: desk.ActorUser, ID: made.User.ID}, User: made.User.ID, Can: can(desk.RoleOwner)}
		read, reply := string(auth.ConversationRead), string(auth.ConversationReply)
		staffing := desk.CustomRole{Label: desk.Labels{JA: "人事"}, Base: desk.RoleAdmin, Permissions: []string{string(auth.MemberManage), read, read}}
		staff, err := s.CreateRole(t.Context(), owner, staffing, "once")
		if err != nil || !slices.Equal(staff.Permissions, []string{read, string(auth.MemberManage)}) {
			t.Fatalf("made %+v, %v", staff, err)
		}
		if again, err := s.CreateRole(t.Context(), owner, staffing, "once"); err != nil || again.ID != staff.ID {
			t.Errorf("repeated: %+v, %v", again, err)
		}
		mei, _, err := s.CreateUser(t.Context(), account.UserParams{Email: "mei@example.test", Role: desk.RoleAdmin})
		if err != nil {
			t.Fatal(err)
		}
		edit := func(a account.Actor, user desk.ID, to account.RoleChoice) (desk.Member, error) {
			return s.EditMember(t.Context(), a, true, user, account.MemberEdit{Role: &to})
		}
		m, err := edit(owner, mei.ID, account.RoleChoice{Custom: staff.ID})
		if err != nil || m.Role != desk.RoleAdmin || m.Custom.ID != staff.ID {
			t.Fatalf("given: %+v, %v", m, err)
		}
		program := desk.APIKey{}
		if program, _, err = s.CreateAPIKey(t.Context(), owner, account.KeyParams{Name: "k", Role: account.RoleChoice{Custom: staff.ID}}); err != nil || program.Custom.ID != staff.ID {
			t.Fatalf("key: %+v, %v", program, err)
		}

		// Mei may manage members, and nothing else: nobody gets more from her, herself included.
		boss := account.Actor{Workspace: made.WorkspaceID, By: desk.Actor{Kind: desk.ActorUser, ID: mei.ID}, User: mei.ID, Can: auth.Of(desk.Workspace{}, m).Can}
		more := account.RoleEdit{Label: staff.Label, Permissions: append(staff.Permissions, reply), Version: staff.Version}
		_, own := edit(boss, mei.ID, account.RoleChoice{Role: desk.RoleAdmin})
		_, above := edit(boss, made.User.ID, account.RoleChoice{Role: desk.RoleViewer})
		_, widened := s.EditRole(t.Context(), boss, staff.ID, more)
		_, another := s.CreateRole(t.Context(), boss, desk.CustomRole{Label: desk.Labels{EN: "x"}, Base: desk.RoleAgent, Permissions: []string{read, reply}}, "")
		_, _, invited := s.Invite(t.Context(), boss, "friend@example.test", account.RoleChoice{Role: desk.RoleAgent}, "")
		for what, err := range map[string]error{"her own role": own, "somebody above her": above, "a wider role": widened, "another role": another, "an invitation": invited} {
			if desk.CodeOf(err) != "forbidden" {
				t.Errorf("%s: %v", what, err)
			}
		}

		if _, err := s.EditRole(t.Context(), owner, staff.ID, more); err != nil {
			t.Fatal(err)
		}
		if _, err := s.EditRole(t.Context(), owner, staff.ID, more); desk.CodeOf(err) != "edited_meanwhile" {
			t.Errorf("edited twice: %v", err)
		}
		for what, to := range map[string]account.RoleChoice{"nothing": {}, "itself": {Custom: staff.ID}} {
			if err := s.DeleteRole(t.Context(), owner, staff.ID, to); desk.CodeOf(err) != "role_in_use" {
				t.Errorf("deleted for %s: %v", what, err)
			}
		}
		if err := s.DeleteRole(t.Context(), owner, staff.ID, account.RoleChoice{Role: desk.RoleOwner}); desk.CodeOf(err) != "api_key_role" {
			t.Errorf("a key became an owner: %v", err)
		}
		if err := s.DeleteRole(t.Context(), owner, staff.ID, account.RoleChoice{Role: desk.RoleViewer}); err != nil {
			t.Fatal(err)
		}
		err = st.View(t.Context(), made.WorkspaceID, func(r store.Reader) error {
			m, err := r.Members().Get(mei.ID)
			if m.Role != desk.RoleViewer || m.Custom != nil {
				t.Errorf("left: %+v", m)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		keys, err := s.APIKeys(t.Context(), owner)
		if err != nil || keys[0].Role != desk.RoleViewer || keys[0].Custom != nil {
			t.Errorf("keys left: %+v, %v", keys, err)
		}
	})
}

// Somebody is invited to a role of the workspace's own by whoever may give it, and gets what it is when they come; a role that goes is
// replaced in the invitations too.
func TestAnInvitationToARoleOfTheWorkspacesOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		s := service(t, open(), nil)
		made := setup(t, s)
		owner := account.Actor{Workspace: made.WorkspaceID, By: desk.Actor{Kind: desk.ActorUser, ID: made.User.ID}, User: made.User.ID, Can: can(desk.RoleOwner)}
		read, reply := string(auth.ConversationRead), string(auth.ConversationReply)
		role := func(permissions ...string) desk.CustomRole {
			t.Helper()
			c, err := s.CreateRole(t.Context(), owner, desk.CustomRole{Label: desk.Labels{JA: "夜勤"}, Base: desk.RoleAgent, Permissions: permissions}, "")
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		invite := func(a account.Actor, email string, to desk.ID) (string, error) {
			i, token, err := s.Invite(t.Context(), a, email, account.RoleChoice{Custom: to}, "")
			if err == nil && (i.Role != desk.RoleAgent || i.Custom == nil || i.Custom.ID != to) {
				t.Errorf("invited to %+v", i)
			}
			return token, err
		}
		accept := func(token string) desk.Member {
			t.Helper()
			_, signed, err := s.Accept(t.Context(), token, account.Acceptance{Name: "n", Password: password}, here)
			if err != nil {
				t.Fatal(err)
			}
			return signed.Member
		}
		night, brief := role(read, reply), role(read)
		first, err := invite(owner, "first@example.test", night.ID)
		if err != nil {
			t.Fatal(err)
		}
		second, err := invite(owner, "second@example.test", brief.ID)
		if err != nil {
			t.Fatal(err)
		}
		reader := owner
		reader.Can = func(p auth.Permission) bool { return p == auth.MemberManage || p == auth.ConversationRead }
		if _, err := invite(reader, "third@example.test", night.ID); desk.CodeOf(err) != "forbidden" {
			t.Errorf("invited to more than one has: %v", err)
		}
		if _, err := invite(owner, "third@example.test", 404); desk.CodeOf(err) != "role_not_found" {
			t.Errorf("invited to nothing: %v", err)
		}
		edit := account.RoleEdit{Label: night.Label, Permissions: []string{read}, Version: night.Version}
		if _, err := s.EditRole(t.Context(), owner, night.ID, edit); err != nil {
			t.Fatal(err)
		}
		if m := accept(first); m.Role != desk.RoleAgent || m.Custom == nil || m.Custom.ID != night.ID || auth.Of(desk.Workspace{}, m).Can(auth.ConversationReply) {
			t.Errorf("came as %+v", m)
		}
		if err := s.DeleteRole(t.Context(), owner, brief.ID, account.RoleChoice{}); desk.CodeOf(err) != "role_in_use" {
			t.Errorf("deleted under an invitation: %v", err)
		}
		if err := s.DeleteRole(t.Context(), owner, brief.ID, account.RoleChoice{Role: desk.RoleViewer}); err != nil {
			t.Fatal(err)
		}
		if m := accept(second); m.Role != desk.RoleViewer || m.Custom != nil {
			t.Errorf("came as %+v after the role went", m)
		}
	})
}
