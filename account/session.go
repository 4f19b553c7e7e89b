package account

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// Browser is where a session is used from.
type Browser struct {
	IP        netip.Addr
	UserAgent string
}

const maxUserAgent = 300 // bytes kept

// Signed is a signed-in person in a workspace.
type Signed struct {
	Session     desk.Session
	User        desk.User
	Member      desk.Member
	Workspace   desk.Workspace
	Memberships []store.Membership // where the person is active
}

// Rights are what the person may do (J3).
func (s Signed) Rights() auth.Rights { return auth.Of(s.Workspace, s.Member) }

// Actor is the person as who gives commands.
func (s Signed) Actor() Actor {
	return Actor{Workspace: s.Workspace.ID, By: desk.Actor{Kind: desk.ActorUser, ID: s.User.ID}, User: s.User.ID, Can: s.Rights().Can}
}

// SignIn proves e-mail and password and begins a session. workspace 0 is the one used last. What is wrong is not told
// (KindUnauthentic "credentials_wrong"), also not by the time it takes; too many failures are KindLimited "signin_limited".
func (s *Service) SignIn(ctx context.Context, email, password string, workspace desk.ID, b Browser) (token string, signed Signed, err error) {
	email = strings.ToLower(strings.TrimSpace(email))
	var user desk.User
	var last []desk.Session
	err = s.store.View(ctx, 0, func(r store.Reader) error {
		if user, err = r.Accounts().UserByEmail(email); err != nil {
			return err
		}
		last, err = r.Accounts().SessionsOf(user.ID)
		return err
	})
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return "", signed, err
	}
	ok, rehash, err := s.prove(ctx, auth.RateKey(b.IP), email, password, user.PasswordHash)
	if err != nil {
		return "", signed, err
	}
	if !ok {
		return "", signed, desk.Errorf(desk.KindUnauthentic, "credentials_wrong", "e-mail or password is wrong")
	}
	if rehash {
		s.rehash(ctx, user, password)
	}
	if workspace == 0 && len(last) > 0 {
		workspace = last[0].WorkspaceID
	}
	return s.begin(ctx, user.ID, workspace, b)
}

// prove verifies a password and counts failures by address ("" = not) and account: KindLimited "signin_limited" where
// either has none left to make. An attempt is counted before it is looked at, or a thousand at once would all be let
// through; success costs nothing.
func (s *Service) prove(ctx context.Context, address, email, password, stored string) (ok, rehash bool, err error) {
	if address != "" {
		if d := s.byAddress.Take(address, 1); !d.Allowed {
			return false, false, tooMany(d)
		}
	}
	d := s.byEmail.Take(email, 1)
	if d.Allowed {
		ok, rehash, err = s.passwords.Verify(ctx, password, stored)
	} else {
		err = tooMany(d)
	}
	if address != "" && (ok || err != nil) {
		s.byAddress.Return(address, 1)
	}
	if d.Allowed && (ok || err != nil) {
		s.byEmail.Return(email, 1)
	}
	if !ok && err == nil {
		s.noteFailure(ctx, email)
	}
	return ok, rehash, err
}

func tooMany(refused auth.Decision) error {
	e := desk.Errorf(desk.KindLimited, "signin_limited", "too many failed sign-ins")
	e.Params = map[string]string{
		"minutes": strconv.Itoa(int(refused.RetryAfter/time.Minute) + 1), "seconds": strconv.Itoa(int(refused.RetryAfter/time.Second) + 1),
	}
	return e
}

// rehash keeps the password under today's parameters. That it fails is no reason to refuse the sign-in.
func (s *Service) rehash(ctx context.Context, user desk.User, password string) {
	hash, err := s.passwords.Hash(ctx, password)
	if err == nil {
		err = s.store.Update(ctx, 0, func(tx store.Tx) error {
			u, err := tx.Accounts().User(user.ID)
			if err != nil || u.PasswordHash != user.PasswordHash {
				return err
			}
			u.PasswordHash = hash
			return tx.WriteAccounts().PutUser(u)
		})
	}
	if err != nil {
		s.log.WarnContext(ctx, "rehash password", "user", user.ID, "err", err)
	}
}

// begin makes a session for a person whose right to it is proven.
func (s *Service) begin(ctx context.Context, user, workspace desk.ID, b Browser) (token string, signed Signed, err error) {
	token, fresh := auth.NewSession(s.now().UTC().Truncate(time.Millisecond))
	fresh.UserID, fresh.IP, fresh.UserAgent = user, b.IP.String(), clip(b.UserAgent, maxUserAgent)
	signed, err = store.Result(ctx, s.store, 0, func(tx store.Tx) (Signed, error) {
		begun := Signed{Session: fresh}
		if err := begun.fill(tx, user, workspace, true); err != nil {
			return begun, err
		}
		begun.Session.ID, begun.Session.WorkspaceID = tx.NewID(), begun.Workspace.ID
		if err := tx.WriteAccounts().PutSession(begun.Session); err != nil {
			return begun, err
		}
		return begun, tx.WriteAudit().Intend(begun.Workspace.ID, sessionDeed("session.started", begun.Actor().By, begun.User))
	})
	if err != nil {
		return "", Signed{}, err
	}
	return token, signed, nil
}

// fill reads the person and picks the workspace; any says that another one than asked for will do.
func (s *Signed) fill(r store.Reader, user, workspace desk.ID, any bool) (err error) {
	if s.User, err = r.Accounts().User(user); err != nil {
		return err
	}
	all, err := r.Accounts().Memberships(user)
	if err != nil {
		return fmt.Errorf("read memberships: %w", err)
	}
	found := false
	for _, m := range all {
		if !m.Member.Active {
			continue
		}
		s.Memberships = append(s.Memberships, m)
		if m.Workspace.ID == workspace {
			s.Workspace, s.Member, found = m.Workspace, m.Member, true
		}
	}
	if !found && any && len(s.Memberships) > 0 {
		s.Workspace, s.Member, found = s.Memberships[0].Workspace, s.Memberships[0].Member, true
	}
	if !found {
		return desk.Errorf(desk.KindUnauthentic, "member_inactive", "user %d is no active member here", user)
	}
	return nil
}

// Resolve finds who a session cookie stands for: KindUnauthentic "not_signed_in" when it stands for nobody (any more).
func (s *Service) Resolve(ctx context.Context, token string) (signed Signed, err error) {
	hash, err := auth.TokenHash(auth.SessionToken, token)
	if err != nil {
		return signed, notSignedIn()
	}
	err = s.store.View(ctx, 0, func(r store.Reader) error {
		signed = Signed{}
		session, err := r.Accounts().Session(hash)
		if err != nil {
			return err
		}
		signed.Session = session
		return signed.fill(r, session.UserID, session.WorkspaceID, false)
	})
	if desk.KindOf(err) == desk.KindNotFound || err == nil && !auth.SessionAlive(signed.Session, s.now()) {
		return Signed{}, notSignedIn()
	}
	if err != nil {
		return Signed{}, err
	}
	if auth.SessionNeedsTouch(signed.Session, s.now()) {
		err := s.store.Update(ctx, 0, func(tx store.Tx) error { return tx.WriteAccounts().TouchSession(hash, tx.Now()) })
		if err != nil {
			s.log.WarnContext(ctx, "touch session", "err", err)
		}
	}
	return signed, nil
}

func notSignedIn() error { return desk.Errorf(desk.KindUnauthentic, "not_signed_in", "no session") }

// SignOut ends a session.
func (s *Service) SignOut(ctx context.Context, signed Signed) error {
	return s.store.Update(ctx, 0, func(tx store.Tx) error {
		if err := tx.WriteAccounts().DeleteSession(signed.Session.TokenHash); err != nil {
			return err
		}
		return tx.WriteAudit().Intend(signed.Session.WorkspaceID, sessionDeed("session.ended", signed.Actor().By, signed.User))
	})
}

// EnterWorkspace moves a session to another workspace of its person; not_found for one that is not theirs,
// "not_signed_in" (unauthentic) when the session ended since it was resolved: it must not come back to life.
func (s *Service) EnterWorkspace(ctx context.Context, session desk.Session, workspace desk.ID) (Signed, error) {
	return store.Result(ctx, s.store, 0, func(tx store.Tx) (Signed, error) {
		signed := Signed{Session: session}
		if err := signed.fill(tx, session.UserID, workspace, false); err != nil {
			return signed, desk.NotFound("workspace")
		}
		signed.Session.WorkspaceID = workspace
		err := tx.WriteAccounts().MoveSession(session.TokenHash, workspace)
		if desk.KindOf(err) == desk.KindNotFound {
			return signed, notSignedIn()
		}
		if err != nil {
			return signed, err
		}
		return signed, tx.WriteAudit().Intend(workspace, sessionDeed("session.entered", signed.Actor().By, signed.User))
	})
}

func clip(s string, n int) string {
	s = desk.CleanName(s)
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return s
}
