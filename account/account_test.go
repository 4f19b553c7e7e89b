package account_test

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"madoguchi/account"
	"madoguchi/auth"
	"madoguchi/auth/authtest"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

const password = "correct horse battery"

var here = account.Browser{IP: netip.MustParseAddr("192.0.2.7"), UserAgent: "test\r\nX: y"}

func setup(t *testing.T, s *account.Service) account.SetupResult {
	t.Helper()
	made, err := s.Setup(t.Context(), account.SetupParams{Workspace: "Sakura", Email: "owner@example.test", Password: password, Locale: "ja", Zone: "Asia/Tokyo"})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func service(t *testing.T, s store.Store, now desk.Clock) *account.Service {
	t.Helper()
	return account.New(account.Config{Store: s, Passwords: authtest.Passwords(), Now: now})
}

// together runs fn n times at once and returns the errors.
func together(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = fn(i) })
	}
	wg.Wait()
	return errs
}

// oneWins checks that all but one failed with a code.
func oneWins(t *testing.T, errs []error, codes ...string) {
	t.Helper()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		known := false
		for _, code := range codes {
			known = known || desk.CodeOf(err) == code
		}
		if !known {
			t.Errorf("lost with %v, want %v", err, codes)
		}
	}
	if won != 1 {
		t.Errorf("%d won", won)
	}
}

func TestOneSetupWins(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		s := service(t, open(), nil)
		oneWins(t, together(8, func(i int) error {
			_, err := s.Setup(t.Context(), account.SetupParams{
				Workspace: fmt.Sprint("w", i), Email: fmt.Sprintf("o%d@example.test", i), Password: password, Locale: "ja", Zone: "Asia/Tokyo",
			})
			return err
		}), "setup_done")
	})
}

func TestAnInvitationIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		s := service(t, open(), nil)
		made := setup(t, s)
		owner := account.Actor{Workspace: made.WorkspaceID, By: desk.Actor{Kind: desk.ActorUser, ID: made.User.ID}, User: made.User.ID, Can: can(desk.RoleOwner)}
		_, token, err := s.Invite(t.Context(), owner, "new@example.test", account.RoleChoice{Role: desk.RoleAgent}, "")
		if err != nil {
			t.Fatal(err)
		}
		oneWins(t, together(6, func(i int) error {
			_, _, err := s.Accept(t.Context(), token, account.Acceptance{Name: fmt.Sprint("n", i), Password: password}, here)
			return err
		}), "invite_not_found")

		// It opens no second time, also not for who had to leave and kept the link.
		inactive := false
		_, signed, err := s.SignIn(t.Context(), "new@example.test", password, 0, here)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.EditMember(t.Context(), owner, true, signed.User.ID, account.MemberEdit{Active: &inactive}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Accept(t.Context(), token, account.Acceptance{Password: password}, here); desk.CodeOf(err) != "invite_not_found" {
			t.Errorf("a second time: %v", err)
		}
	})
}

func TestOneOwnerRemains(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		s := service(t, open(), nil)
		made := setup(t, s)
		owners := []desk.ID{made.User.ID}
		for i := range 3 {
			u, _, err := s.CreateUser(t.Context(), account.UserParams{Email: fmt.Sprintf("o%d@example.test", i), Role: desk.RoleOwner})
			if err != nil {
				t.Fatal(err)
			}
			owners = append(owners, u.ID)
		}
		agent := desk.RoleAgent
		errs := together(len(owners), func(i int) error {
			a := account.Actor{Workspace: made.WorkspaceID, By: desk.Actor{Kind: desk.ActorUser, ID: owners[i]}, User: owners[i], Can: can(desk.RoleOwner)}
			_, err := s.EditMember(t.Context(), a, true, owners[i], account.MemberEdit{Role: &account.RoleChoice{Role: agent}})
			return err
		})
		refused := 0
		for _, err := range errs {
			if err != nil {
				refused++
				if desk.CodeOf(err) != "last_owner" {
					t.Error(err)
				}
			}
		}
		if refused != 1 {
			t.Errorf("%d of %d owners stayed", refused, len(owners))
		}
	})
}

func TestSessionsRunOut(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	advance := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); now = now.Add(d) }
	s := service(t, storetest.SQLite(t, at(clock)), clock)
	setup(t, s)
	token, signed, err := s.SignIn(t.Context(), "OWNER@example.test ", password, 0, here)
	if err != nil || signed.Session.UserAgent != "test X: y" {
		t.Fatalf("%v, kept %q", err, signed.Session.UserAgent)
	}
	for range 4 { // each use keeps it for another while
		advance(10 * 24 * time.Hour)
		if _, err := s.Resolve(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	advance(15 * 24 * time.Hour)
	if _, err := s.Resolve(t.Context(), token); desk.CodeOf(err) != "not_signed_in" {
		t.Errorf("after two weeks without use: %v", err)
	}
}

// A request that was let in just before its session ended must not bring the session back.
func TestAnEndedSessionStaysEnded(t *testing.T) {
	t.Parallel()
	s := service(t, storetest.SQLite(t), nil)
	made, err := s.Setup(t.Context(), account.SetupParams{Workspace: "A", Email: "a@example.test", Password: "correct horse battery", Locale: "ja", Zone: "Asia/Tokyo"})
	if err != nil {
		t.Fatal(err)
	}
	token, signed, err := s.SignIn(t.Context(), "a@example.test", "correct horse battery", 0, account.Browser{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.EnterWorkspace(t.Context(), signed.Session, made.WorkspaceID); err != nil {
		t.Fatal(err)
	}
	if err := s.SignOut(t.Context(), signed); err != nil {
		t.Fatal(err)
	}
	if _, err := s.EnterWorkspace(t.Context(), signed.Session, made.WorkspaceID); desk.CodeOf(err) != "not_signed_in" {
		t.Errorf("entering with an ended session: %v", err)
	}
	if _, err := s.Resolve(t.Context(), token); desk.CodeOf(err) != "not_signed_in" {
		t.Errorf("the session lives: %v", err)
	}
}

func TestAnExpiredInvitationSaysSo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	st := storetest.SQLite(t, at(func() time.Time { return now }))
	s := service(t, st, func() time.Time { return now })
	made := setup(t, s)
	a := account.Actor{Workspace: made.WorkspaceID, By: desk.Actor{Kind: desk.ActorUser, ID: made.User.ID}, User: made.User.ID, Can: can(desk.RoleOwner)}
	_, token, err := s.Invite(t.Context(), a, "new@example.test", account.RoleChoice{Role: desk.RoleAgent}, "")
	if err != nil {
		t.Fatal(err)
	}
	later := service(t, st, func() time.Time { return now.Add(8 * 24 * time.Hour) })
	if _, err := later.Invitation(t.Context(), token); desk.CodeOf(err) != "invite_expired" {
		t.Error(err)
	}
	if open, err := later.Invites(t.Context(), a); err != nil || len(open) != 0 {
		t.Errorf("%v, %v", open, err)
	}
}

func TestAKeyDiesWithItsMaker(t *testing.T) {
	t.Parallel()
	s := service(t, storetest.SQLite(t), nil)
	made := setup(t, s)
	u, temporary, err := s.CreateUser(t.Context(), account.UserParams{Email: "admin@example.test", Role: desk.RoleAdmin})
	if err != nil || len(temporary) < 20 {
		t.Fatalf("%q, %v", temporary, err)
	}
	a := account.Actor{Workspace: made.WorkspaceID, By: desk.Actor{Kind: desk.ActorUser, ID: u.ID}, User: u.ID, Can: can(desk.RoleAdmin)}
	_, secret, err := s.CreateAPIKey(t.Context(), a, account.KeyParams{Name: "script", Role: account.RoleChoice{Role: desk.RoleAgent}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.CreateAPIKey(t.Context(), a, account.KeyParams{Name: "script", Role: account.RoleChoice{Role: desk.RoleOwner}}); desk.CodeOf(err) != "api_key_role" {
		t.Error(err)
	}
	if _, err := s.ResolveKey(t.Context(), secret); err != nil {
		t.Error(err)
	}
	owner := account.Actor{Workspace: made.WorkspaceID, By: desk.Actor{Kind: desk.ActorUser, ID: made.User.ID}, User: made.User.ID, Can: can(desk.RoleOwner)}
	gone := false
	if _, err := s.EditMember(t.Context(), owner, true, u.ID, account.MemberEdit{Active: &gone}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ResolveKey(t.Context(), secret); desk.CodeOf(err) != "api_key_invalid" {
		t.Error(err)
	}
	_, server, err := s.CreateServerAPIKey(t.Context(), 0, account.KeyParams{Name: "script", Role: account.RoleChoice{Role: desk.RoleAdmin}})
	if err != nil {
		t.Fatal(err)
	}
	if k, err := s.ResolveKey(context.WithoutCancel(t.Context()), server); err != nil || k.Key.CreatedBy != made.User.ID {
		t.Errorf("%+v, %v", k, err)
	}
}

// TestWhoLosesARightKeepsItNowhere: neither in a key nor in an invitation that they made while they had it.
func TestWhoLosesARightKeepsItNowhere(t *testing.T) {
	t.Parallel()
	s := service(t, storetest.SQLite(t), nil)
	made := setup(t, s)
	owner := account.Actor{Workspace: made.WorkspaceID, By: desk.Actor{Kind: desk.ActorUser, ID: made.User.ID}, User: made.User.ID, Can: can(desk.RoleOwner)}
	u, _, err := s.CreateUser(t.Context(), account.UserParams{Email: "admin@example.test", Role: desk.RoleAdmin})
	if err != nil {
		t.Fatal(err)
	}
	admin := account.Actor{Workspace: made.WorkspaceID, By: desk.Actor{Kind: desk.ActorUser, ID: u.ID}, User: u.ID, Can: can(desk.RoleAdmin)}
	_, secret, err := s.CreateAPIKey(t.Context(), admin, account.KeyParams{Name: "back door", Role: account.RoleChoice{Role: desk.RoleAdmin}})
	if err != nil {
		t.Fatal(err)
	}
	may := func(p auth.Permission) bool {
		t.Helper()
		k, err := s.ResolveKey(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		return k.Can(p)
	}
	_, token, err := s.Invite(t.Context(), admin, "other-self@example.test", account.RoleChoice{Role: desk.RoleAdmin}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Invitation(t.Context(), token); err != nil || !may(auth.MemberManage) || !may(auth.ReportExport) {
		t.Fatalf("before: %v", err)
	}
	be := func(role desk.Role) {
		t.Helper()
		if _, err := s.EditMember(t.Context(), owner, true, u.ID, account.MemberEdit{Role: &account.RoleChoice{Role: role}}); err != nil {
			t.Fatal(err)
		}
	}
	be(desk.RoleSupervisor)
	if may(auth.MemberManage) || may(auth.ReportExport) || !may(auth.ConversationReply) {
		t.Error("the key does what its maker may not, or not what they may")
	}
	if _, err := s.Invitation(t.Context(), token); desk.CodeOf(err) != "invite_not_found" {
		t.Errorf("the invitation: %v", err)
	}
	if _, _, err := s.Accept(t.Context(), token, account.Acceptance{Name: "x", Password: password}, here); desk.CodeOf(err) != "invite_not_found" {
		t.Errorf("accepted: %v", err)
	}
	granted := []string{string(auth.ReportExport)}
	if _, err := s.EditMember(t.Context(), owner, true, u.ID, account.MemberEdit{Grants: &granted}); err != nil || !may(auth.ReportExport) {
		t.Errorf("what was granted to its maker: %v", err)
	}
	be(desk.RoleAdmin)
	if _, _, err := s.Accept(t.Context(), token, account.Acceptance{Name: "x", Password: password}, here); err != nil || !may(auth.MemberManage) {
		t.Errorf("back again: %v", err)
	}
}

// at gives the store a clock.
func at(now desk.Clock) storetest.Option {
	return func(c *sqlstore.Config) { c.Clock = now }
}

// can is what somebody with a seed role may do.
func can(role desk.Role) func(auth.Permission) bool {
	return auth.OfRole(desk.Workspace{}, role, nil).Can
}
