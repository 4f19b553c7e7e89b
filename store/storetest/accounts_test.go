package storetest_test

import (
	"fmt"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

func checkMember(t *testing.T, w, other *world) {
	u := desk.User{ID: 91, Email: "m@" + w.workspace.String(), Name: "鈴木"}
	m := desk.Member{UserID: u.ID, Role: desk.RoleAgent, Grants: []string{"export"}, DisplayName: "すずき", AvatarKey: "av/1", Active: true, CreatedAt: at(1), UpdatedAt: at(2), Scope: desk.ScopeTeam, Capacity: 3, ChannelIDs: []desk.ID{4, 9}}
	want := m
	want.Name, want.Email = u.Name, u.Email
	stored(t, w, other, "member", func(tx store.Tx) error { return all(tx.WriteAccounts().PutUser(u), tx.WriteMembers().Put(m)) },
		func(r store.Reader) (desk.Member, error) { return r.Members().Get(u.ID) }, want)
	p := desk.Presence{UserID: u.ID, Chosen: desk.Online, Idle: true, LeaseUntil: at(3)}
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		return all(tx.WriteMembers().PutPresence(p), tx.WriteMembers().PutPreferences(u.ID, []byte(`{"density":"compact"}`)),
			tx.WriteMembers().RenewPresence([]desk.ID{u.ID, w.user}, at(4)), tx.WriteMembers().Put(m))
	})
	p.LeaseUntil = at(4)
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.Members().Presence(u.ID)
		if got.Since.IsZero() {
			t.Error("nobody noted since when the member is there")
		}
		p.Since = got.Since
		equal(t, got, p)
		every, err2 := r.Members().Presences()
		equal(t, every, []desk.Presence{p}) // E27: renewing makes no rows
		preferences, err3 := r.Members().Preferences(u.ID)
		equal(t, string(preferences), `{"density":"compact"}`) // Put leaves them alone
		none, err4 := r.Members().Preferences(w.user)
		equal(t, none, nil)
		return all(err, err2, err3, err4)
	})
	err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteMembers().PutPreferences(u.ID, make([]byte, 64<<10+1)) })
	wantKind(t, err, desk.KindInvalid, "too_long")
	view(t, w.s, 0, func(r store.Reader) error {
		got, err := r.Accounts().Memberships(u.ID)
		equal(t, len(got), 1)
		equal(t, got[0].Member, want)
		equal(t, got[0].Workspace.ID, w.workspace)
		return err
	})
}

// Two nodes with sockets of the same member renew one lease: the later one counts.
func TestTheLaterLeaseOfAPresenceCounts(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		lease := func(wrote func(tx store.Tx) error, want time.Time) {
			t.Helper()
			update(t, w.s, w.workspace, wrote)
			view(t, w.s, w.workspace, func(r store.Reader) error {
				p, err := r.Members().Presence(w.user)
				equal(t, p.LeaseUntil, want)
				return err
			})
		}
		put := func(until time.Time) func(store.Tx) error {
			return func(tx store.Tx) error {
				return tx.WriteMembers().PutPresence(desk.Presence{UserID: w.user, Chosen: desk.Online, LeaseUntil: until})
			}
		}
		renew := func(until time.Time) func(store.Tx) error {
			return func(tx store.Tx) error { return tx.WriteMembers().RenewPresence([]desk.ID{w.user}, until) }
		}
		lease(put(at(3)), at(3))
		lease(renew(at(5)), at(5))
		lease(renew(at(4)), at(5)) // the other node heard of them before
		lease(put(time.Time{}), time.Time{})
		lease(renew(at(6)), time.Time{}) // that they are gone was told
	})
}

func checkAccount(t *testing.T, w, other *world) {
	token := w.workspace.String()
	session := desk.Session{ID: 92, TokenHash: "s" + token, CSRF: "c", UserID: w.user, WorkspaceID: w.workspace, CreatedAt: at(1), LastSeenAt: at(2), ExpiresAt: at(3), IP: "::1", UserAgent: "ua"}
	second := session
	second.ID, second.TokenHash, second.LastSeenAt = 93, "t"+token, at(1)
	key := desk.APIKey{ID: 94, Name: "CI", Hash: "k" + token, Role: desk.RoleAdmin, CreatedBy: w.user, CreatedAt: at(1), RevokedAt: at(2)}
	invite := desk.Invite{ID: 95, Email: "New@example.jp", Role: desk.RoleViewer, TokenHash: "i" + token, InvitedBy: w.user, CreatedAt: at(1), ExpiresAt: at(2), AcceptedAt: at(3)}
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		write := tx.WriteAccounts()
		return all(write.PutSession(session), write.PutSession(second), write.TouchSession(session.TokenHash, at(7)),
			write.PutAPIKey(key), write.TouchAPIKey(key.ID, at(8)), write.PutInvite(invite))
	})
	session.LastSeenAt, key.LastUsedAt, invite.Email = at(7), at(8), "new@example.jp"
	view(t, w.s, 0, func(r store.Reader) error {
		sessions, err := r.Accounts().SessionsOf(w.user)
		equal(t, sessions, []desk.Session{session, second})
		workspace, k, err2 := r.Accounts().APIKey(key.Hash)
		equal(t, workspace, w.workspace)
		equal(t, k, key)
		workspace, i, err3 := r.Accounts().Invite(invite.TokenHash)
		equal(t, workspace, w.workspace)
		equal(t, i, invite)
		return all(err, err2, err3)
	})
	for workspace, want := range map[desk.ID]int{w.workspace: 1, other.workspace: 0} {
		view(t, w.s, workspace, func(r store.Reader) error {
			keys, err := r.Accounts().APIKeys()
			invites, err2 := r.Accounts().Invites()
			equal(t, len(keys), want)
			equal(t, len(invites), want)
			return all(err, err2)
		})
	}
	update(t, w.s, 0, func(tx store.Tx) error { return tx.WriteAccounts().DeleteSessionsOf(w.user, session.TokenHash) })
	view(t, w.s, 0, func(r store.Reader) error {
		_, gone := r.Accounts().Session(second.TokenHash)
		wantKind(t, gone, desk.KindNotFound, "session_not_found")
		_, err := r.Accounts().Session(session.TokenHash)
		return err
	})
	moved := func(token string) error {
		return w.s.Update(t.Context(), 0, func(tx store.Tx) error { return tx.WriteAccounts().MoveSession(token, other.workspace) })
	}
	equal(t, moved(session.TokenHash), nil)
	wantKind(t, moved(second.TokenHash), desk.KindNotFound, "session_not_found") // what ended is not revived
	view(t, w.s, 0, func(r store.Reader) error {
		got, err := r.Accounts().Session(session.TokenHash)
		equal(t, got.WorkspaceID, other.workspace)
		_, gone := r.Accounts().Session(second.TokenHash)
		wantKind(t, gone, desk.KindNotFound, "session_not_found")
		return err
	})
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		return all(tx.WriteAccounts().DeleteSession(session.TokenHash), tx.WriteAccounts().DeleteInvite(invite.ID))
	})
}

func TestAFreshServerHasNoUser(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		any := func(want bool) {
			view(t, s, 0, func(r store.Reader) error {
				got, err := r.Accounts().AnyUser()
				equal(t, got, want)
				return err
			})
		}
		any(false)
		w := newWorld(t, s)
		any(true)
		view(t, s, 0, func(r store.Reader) error {
			every, err := r.Workspaces().All()
			equal(t, len(every), 1)
			u, err2 := r.Accounts().User(w.user)
			same, err3 := r.Accounts().UserByEmail("U" + u.Email[1:])
			equal(t, same, u)
			return all(err, err2, err3)
		})
	})
}

func TestSessionsOfMany(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		var users []desk.ID
		want := map[string]desk.Session{}
		update(t, w.s, 0, func(tx store.Tx) error {
			users, want = nil, map[string]desk.Session{}
			for i := range 60 { // more than one statement takes
				u := desk.User{ID: tx.NewID(), Email: fmt.Sprint("many", i, "@", w.workspace), CreatedAt: tx.Now()}
				users = append(users, u.ID)
				if err := tx.WriteAccounts().PutUser(u); err != nil {
					return err
				}
				for n := range 2 {
					s := desk.Session{ID: tx.NewID(), TokenHash: fmt.Sprint("many ", u.ID, n), UserID: u.ID, WorkspaceID: w.workspace,
						CreatedAt: tx.Now(), LastSeenAt: tx.Now(), ExpiresAt: tx.Now().Add(time.Hour)}
					if n == 1 && i%2 == 0 {
						s.ExpiresAt = tx.Now()
					} else if i > 0 {
						want[s.TokenHash] = s
					}
					if err := tx.WriteAccounts().PutSession(s); err != nil {
						return err
					}
				}
			}
			return nil
		})
		view(t, w.s, w.workspace, func(r store.Reader) error {
			got, err := r.Accounts().SessionsOfMany(users[1:])
			equal(t, got, want)
			none, err2 := r.Accounts().SessionsOfMany(nil)
			equal(t, len(none), 0)
			return all(err, err2)
		})
	})
}
