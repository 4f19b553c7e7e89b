package live

import (
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/account"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// signedOut reports whether the socket was told that it is signed out.
func (c *tab) signedOut() bool {
	c.t.Helper()
	for _, f := range c.heardNow() {
		if f.Type == "bye" && f.Code == "signed_out" {
			return c.link.closedWith() == closeNotAllowed
		}
	}
	return false
}

// key is one that a member made.
func (o *office) key(hash string, maker int) Session {
	o.t.Helper()
	user := o.agents[maker].User
	o.update(func(tx store.Tx) error {
		return tx.WriteAccounts().PutAPIKey(desk.APIKey{ID: tx.NewID(), Name: hash, Hash: hash, Role: desk.RoleAgent, CreatedBy: user, CreatedAt: tx.Now()})
	})
	return Session{Workspace: o.workspace, User: user, KeyHash: hash}
}

// A thousand sockets, of which many lose their right in ways that nobody tells of: within 5 s they are gone, and no other.
func TestManySessionsThatEndUntold(t *testing.T) {
	inBubble(t, 1000, func(t *testing.T, o *office) {
		var tabs []*tab
		for i := range o.agents {
			tabs = append(tabs, o.sits(o.hub, o.session(i)).hello(0))
		}
		kept, revoked := o.sits(o.hub, o.key("kept", 1)).hello(0), o.sits(o.hub, o.key("revoked", 1)).hello(0)
		left := o.sits(o.hub, o.key("left by its maker", 7)).hello(0)
		time.Sleep(2 * checkEvery)
		synctest.Wait()
		for i, c := range tabs {
			if c.signedOut() {
				t.Fatalf("socket %d is signed out for nothing", i)
			}
		}
		ends := func(i int) bool { return i%3 == 0 || i%7 == 0 || i%11 == 0 }
		for workspace, fn := range map[desk.ID]func(store.Tx) error{
			0: func(tx store.Tx) error {
				for i := range o.agents {
					if i%3 == 0 {
						if err := tx.WriteAccounts().DeleteSession(o.session(i).TokenHash); err != nil {
							return err
						}
					}
				}
				return nil
			},
			o.workspace: func(tx store.Tx) error { // without an event
				keys, err := tx.Accounts().APIKeys()
				if err != nil {
					return err
				}
				for _, k := range keys {
					if k.Hash == "revoked" {
						k.RevokedAt = tx.Now()
						err = tx.WriteAccounts().PutAPIKey(k)
					}
				}
				for i, a := range o.agents {
					if err == nil && i%7 == 0 {
						var m desk.Member
						if m, err = tx.Members().Get(a.User); err == nil {
							m.Active = false
							err = tx.WriteMembers().Put(m)
						}
					}
					if err == nil && i%11 == 0 { // looks at another workspace now
						var s desk.Session
						if s, err = tx.Accounts().Session(o.session(i).TokenHash); err == nil {
							s.WorkspaceID++
							err = tx.WriteAccounts().PutSession(s)
						} else if desk.KindOf(err) == desk.KindNotFound {
							err = nil
						}
					}
				}
				return err
			},
		} {
			if err := o.store.Update(t.Context(), workspace, fn); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(5 * time.Second)
		for i, c := range tabs {
			if got := c.signedOut(); got != ends(i) {
				t.Errorf("socket %d: signed out %v", i, got)
			}
		}
		if !revoked.signedOut() || !left.signedOut() || kept.signedOut() {
			t.Error("the socket of a revoked key lives, or of one whose maker left, or another's does not")
		}
	})
}

// What another process does (the command line) is heard of by the event log at once or found within 5 s; a change that
// takes no right away ends nothing.
func TestAccountsChangedElsewhere(t *testing.T) {
	inBubble(t, 4, func(t *testing.T, o *office) {
		elsewhere := account.New(account.Config{Store: o.store})
		owner := account.Actor{Workspace: o.workspace, By: desk.Actor{Kind: desk.ActorSystem}, Can: auth.OfRole(desk.Workspace{}, desk.RoleOwner, nil).Can}
		var tabs []*tab
		for i := range o.agents {
			tabs = append(tabs, o.sits(o.hub, o.session(i)).hello(0))
		}
		if _, err := elsewhere.ResetPassword(t.Context(), "a0@example.com", "correct horse battery"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		tabs[0].wantBye("signed_out")
		inactive, role := false, account.RoleChoice{Role: desk.RoleViewer}
		if _, err := elsewhere.EditMember(t.Context(), owner, true, o.agents[1].User, account.MemberEdit{Active: &inactive}); err != nil {
			t.Fatal(err)
		}
		tabs[1].wantBye("signed_out") // the event log said so
		if _, err := elsewhere.EditMember(t.Context(), owner, true, o.agents[2].User, account.MemberEdit{Role: &role}); err != nil {
			t.Fatal(err)
		}
		session := desk.Session{TokenHash: o.session(3).TokenHash}
		if err := elsewhere.SignOut(t.Context(), account.Signed{Session: session}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		tabs[3].wantBye("signed_out")
		if tabs[2].signedOut() {
			t.Error("another role is no end")
		}
	})
}
