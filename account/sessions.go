package account

import (
	"context"
	"slices"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// Sessions lists a person's own sessions that still count, in whichever workspace, the one used last first.
func (s *Service) Sessions(ctx context.Context, user desk.ID) (alive []desk.Session, err error) {
	err = s.store.View(ctx, 0, func(r store.Reader) error {
		alive, err = s.alive(r, user)
		return err
	})
	return alive, err
}

func (s *Service) alive(r store.Reader, user desk.ID) ([]desk.Session, error) {
	all, err := r.Accounts().SessionsOf(user)
	return slices.DeleteFunc(all, func(v desk.Session) bool { return !auth.SessionAlive(v, s.now()) }), err
}

// EndSessions ends one of a person's own sessions ("browser_session_not_found" if it is none of theirs), or with id 0 all but the present one.
// It gives the sessions that it ended.
func (s *Service) EndSessions(ctx context.Context, signed Signed, id desk.ID) ([]desk.Session, error) {
	return store.Result(ctx, s.store, 0, func(tx store.Tx) ([]desk.Session, error) {
		all, err := s.alive(tx, signed.User.ID)
		if err != nil {
			return nil, err
		}
		ended := slices.DeleteFunc(all, func(v desk.Session) bool {
			return v.ID != id && (id != 0 || v.TokenHash == signed.Session.TokenHash)
		})
		return ended, endSessions(tx, signed.Actor().By, signed.User, id, ended)
	})
}

// MemberSessions lists a member's sessions in the actor's workspace; where else they are signed in is not told.
func (s *Service) MemberSessions(ctx context.Context, a Actor, user desk.ID) (here []desk.Session, err error) {
	err = s.store.View(ctx, a.Workspace, func(r store.Reader) error {
		if _, err := r.Members().Get(user); err != nil {
			return err
		}
		here, err = s.aliveHere(r, a, user)
		return err
	})
	return here, err
}

func (s *Service) aliveHere(r store.Reader, a Actor, user desk.ID) ([]desk.Session, error) {
	all, err := s.alive(r, user)
	return slices.DeleteFunc(all, func(v desk.Session) bool { return v.WorkspaceID != a.Workspace }), err
}

// EndMemberSessions ends one of a member's sessions in the actor's workspace, or with id 0 all of them. Nobody ends the
// sessions of somebody above them ("forbidden").
func (s *Service) EndMemberSessions(ctx context.Context, a Actor, user, id desk.ID) error {
	return s.update(ctx, a, func(tx store.Tx) error {
		m, err := tx.Members().Get(user)
		if err != nil {
			return err
		}
		if err := a.mayChange(tx, m, m); err != nil {
			return err
		}
		person, err := tx.Accounts().User(user)
		if err != nil {
			return err
		}
		ended, err := s.aliveHere(tx, a, user)
		if err != nil {
			return err
		}
		if id != 0 {
			ended = slices.DeleteFunc(ended, func(v desk.Session) bool { return v.ID != id })
		}
		return endSessions(tx, a.By, person, id, ended)
	})
}

func endSessions(tx store.Tx, by desk.Actor, person desk.User, id desk.ID, ended []desk.Session) error {
	if id != 0 && len(ended) == 0 {
		return desk.NotFound("browser_session")
	}
	for _, v := range ended {
		if err := tx.WriteAccounts().DeleteSession(v.TokenHash); err != nil {
			return err
		}
		deed := sessionDeed("session.revoked", by, person)
		deed.Changes = []desk.Change{{Field: "browser", From: v.UserAgent}, {Field: "ip", From: v.IP}}
		if err := tx.WriteAudit().Intend(v.WorkspaceID, deed); err != nil {
			return err
		}
	}
	return nil
}

// sessionDeed is an audit entry about a person's sessions or password (J6).
func sessionDeed(action desk.AuditAction, by desk.Actor, person desk.User) desk.AuditEntry {
	return desk.AuditEntry{Action: action, Actor: by, Object: desk.AuditObject{Kind: "user", ID: person.ID, Name: person.Email}}
}

// noteEverywhere notes a deed about a person in every workspace where they are active.
func noteEverywhere(tx store.Tx, deed desk.AuditEntry) (noted int, err error) {
	all, err := tx.Accounts().Memberships(deed.Object.ID)
	if err != nil {
		return 0, err
	}
	for _, m := range all {
		if !m.Member.Active {
			continue
		}
		noted++
		if err := tx.WriteAudit().Intend(m.Workspace.ID, deed); err != nil {
			return noted, err
		}
	}
	return noted, nil
}

// noteFailure notes a password that was wrong: where the person is a member, or for a stranger with the server itself. What
// was typed as an address is kept only if it is one. That it cannot be noted is no reason to answer differently.
func (s *Service) noteFailure(ctx context.Context, email string) {
	if _, err := checkEmail(email); err != nil {
		email = ""
	}
	err := s.store.Update(ctx, 0, func(tx store.Tx) error {
		person, err := tx.Accounts().UserByEmail(email)
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return err
		}
		person.Email = email
		deed := sessionDeed("session.failed", desk.Actor{Kind: desk.ActorUser, ID: person.ID}, person)
		noted, err := noteEverywhere(tx, deed)
		if err == nil && noted == 0 {
			err = tx.WriteAudit().Intend(0, deed)
		}
		return err
	})
	if err != nil {
		s.log.WarnContext(ctx, "note a failed sign-in", "err", err)
	}
}
