package account

import (
	"context"
	"time"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
)

const inviteLifetime = 7 * 24 * time.Hour

// Invite makes an invitation; token goes into the link and is shown once. An earlier, unanswered one to the same
// address is replaced. key is an idempotency key: repeated, it answers the first invitation with an empty token.
func (s *Service) Invite(ctx context.Context, a Actor, email string, role RoleChoice, key string) (invite desk.Invite, token string, err error) {
	if email, err = checkEmail(email); err != nil {
		return desk.Invite{}, "", err
	}
	plain, hash := auth.NewToken(auth.InviteToken)
	made, err := result(ctx, s, a, func(tx store.Tx) (desk.Invite, error) {
		chosen, err := role.find(tx)
		if err != nil {
			return desk.Invite{}, err
		}
		if err := auth.MayGive(a.may, chosen.rights); err != nil {
			return desk.Invite{}, err
		}
		invites, err := tx.Accounts().Invites()
		if err != nil {
			return desk.Invite{}, err
		}
		id := tx.NewID()
		before, seen, err := Once(tx, a, "invite", key, id)
		if err != nil {
			return desk.Invite{}, err
		}
		for _, i := range invites {
			if seen && i.ID == before {
				return i, nil
			}
		}
		if err := noMember(tx, email); err != nil {
			return desk.Invite{}, err
		}
		for _, i := range invites {
			if i.Email == email && i.AcceptedAt.IsZero() {
				if err := tx.WriteAccounts().DeleteInvite(i.ID); err != nil {
					return desk.Invite{}, err
				}
			}
		}
		fresh := desk.Invite{
			ID: id, Email: email, Role: chosen.base, Custom: chosen.custom, TokenHash: hash, InvitedBy: a.User,
			CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(inviteLifetime),
		}
		return fresh, tx.WriteAccounts().PutInvite(fresh)
	})
	if err != nil {
		return desk.Invite{}, "", err
	}
	if made.TokenHash != hash { // the first request's, whose token was shown then
		plain = ""
	}
	return made, plain, nil
}

// noMember refuses an address whose person works here already.
func noMember(r store.Reader, email string) error {
	user, err := r.Accounts().UserByEmail(email)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	m, err := r.Members().Get(user.ID)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err == nil && m.Active {
		return desk.Errorf(desk.KindConflict, "already_member", "%s is a member already", email)
	}
	return err
}

// Once makes a creating command idempotent: it records an actor's key and answers the record that the key made before.
// An empty key is never seen.
func Once(tx store.Tx, a Actor, what, key string, id desk.ID) (before desk.ID, seen bool, err error) {
	if key == "" {
		return 0, false, nil
	}
	return tx.Seen("create/"+what+"/"+string(a.By.Kind)+"/"+a.By.ID.String(), key, id)
}

// Invites lists the unanswered invitations.
func (s *Service) Invites(ctx context.Context, a Actor) (open []desk.Invite, err error) {
	err = s.store.View(ctx, a.Workspace, func(r store.Reader) error {
		all, err := r.Accounts().Invites()
		if err != nil {
			return err
		}
		open = nil
		for _, i := range all {
			if i.AcceptedAt.IsZero() && s.now().Before(i.ExpiresAt) {
				open = append(open, i)
			}
		}
		return nil
	})
	return open, err
}

// DeleteInvite withdraws an invitation; not_found if there is none.
func (s *Service) DeleteInvite(ctx context.Context, a Actor, id desk.ID) error {
	return s.update(ctx, a, func(tx store.Tx) error {
		all, err := tx.Accounts().Invites()
		if err != nil {
			return err
		}
		for _, i := range all {
			if i.ID == id && i.AcceptedAt.IsZero() {
				return tx.WriteAccounts().DeleteInvite(id)
			}
		}
		return desk.NotFound("invite")
	})
}

// Invitation is what a link invites to.
type Invitation struct {
	Email     string
	Workspace desk.Workspace
	Known     bool // the address has a password already: it is asked for, not chosen
}

// Invitation reads what a link invites to: "invite_not_found", or "invite_expired" (conflict).
func (s *Service) Invitation(ctx context.Context, token string) (found Invitation, err error) {
	workspace, invite, err := s.openInvite(ctx, token)
	if err != nil {
		return found, err
	}
	found.Email = invite.Email
	err = s.store.View(ctx, workspace, func(r store.Reader) error {
		if found.Workspace, err = r.Workspaces().Current(); err != nil {
			return err
		}
		user, err := r.Accounts().UserByEmail(invite.Email)
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return err
		}
		found.Known = err == nil && user.PasswordHash != ""
		return nil
	})
	return found, err
}

func (s *Service) openInvite(ctx context.Context, token string) (workspace desk.ID, invite desk.Invite, err error) {
	hash, err := auth.TokenHash(auth.InviteToken, token)
	if err != nil {
		return 0, invite, desk.NotFound("invite")
	}
	err = s.store.View(ctx, 0, func(r store.Reader) error {
		workspace, invite, err = r.Accounts().Invite(hash)
		return err
	})
	if err != nil {
		return 0, invite, err
	}
	return workspace, invite, s.store.View(ctx, workspace, func(r store.Reader) error { return s.checkInvite(r, invite) })
}

// checkInvite refuses an invitation that was answered, whose time is over, or whose maker could not make it any more: who
// loses the right to let people in must not keep a door of their own.
func (s *Service) checkInvite(r store.Reader, i desk.Invite) error {
	if !i.AcceptedAt.IsZero() {
		return desk.NotFound("invite")
	}
	host, err := r.Members().Get(i.InvitedBy)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return err
	}
	if err != nil || !host.Active {
		return desk.NotFound("invite")
	}
	w, err := r.Workspaces().Current()
	if err != nil {
		return err
	}
	if may := auth.Of(w, host); !may.Can(auth.MemberManage) || auth.MayGive(may.Can, auth.OfRole(w, i.Role, i.Custom)) != nil {
		return desk.NotFound("invite")
	}
	if !s.now().Before(i.ExpiresAt) {
		return desk.Errorf(desk.KindConflict, "invite_expired", "the invitation ended at %s", i.ExpiresAt)
	}
	return nil
}

// Acceptance is how somebody answers an invitation.
type Acceptance struct {
	Name     string // new people only
	Password string // new people choose it, others prove it
	Locale   desk.Locale
	Zone     string
}

// Accept answers an invitation and begins a session in its workspace.
func (s *Service) Accept(ctx context.Context, token string, a Acceptance, b Browser) (cookie string, signed Signed, err error) {
	workspace, invite, err := s.openInvite(ctx, token)
	if err != nil {
		return "", signed, err
	}
	hash, err := s.proveOrHash(ctx, invite.Email, &a, b)
	if err != nil {
		return "", signed, err
	}
	var user desk.User
	err = s.store.Update(ctx, workspace, func(tx store.Tx) error {
		if err := InOrder(tx); err != nil {
			return err
		}
		_, now, err := tx.Accounts().Invite(invite.TokenHash) // again: somebody else may have the link
		if err != nil {
			return err
		}
		if err := s.checkInvite(tx, now); err != nil {
			return err
		}
		if user, err = personOf(tx, invite.Email, hash, a); err != nil {
			return err
		}
		if err := join(tx, user, chosenRole{base: now.Role, custom: now.Custom}, desk.Actor{Kind: desk.ActorUser, ID: user.ID}); err != nil {
			return err
		}
		now.AcceptedAt = tx.Now()
		return tx.WriteAccounts().PutInvite(now)
	})
	if err != nil {
		return "", signed, err
	}
	return s.begin(ctx, user.ID, workspace, b)
}

// proveOrHash checks the password of somebody known, or makes the hash of a new one's.
func (s *Service) proveOrHash(ctx context.Context, email string, a *Acceptance, b Browser) (hash string, err error) {
	var user desk.User
	err = s.store.View(ctx, 0, func(r store.Reader) error {
		user, err = r.Accounts().UserByEmail(email)
		return err
	})
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return "", err
	}
	if user.PasswordHash == "" {
		if a.Name, err = checkName("name", nameOf(a.Name, email)); err != nil {
			return "", err
		}
		if a.Locale != "" {
			if err := locale.Check("locale", a.Locale); err != nil {
				return "", err
			}
		}
		if a.Zone != "" {
			if err := checkZone(a.Zone); err != nil {
				return "", err
			}
		}
		return s.passwords.Hash(ctx, a.Password)
	}
	ok, _, err := s.prove(ctx, auth.RateKey(b.IP), email, a.Password, user.PasswordHash)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", desk.Invalid("password", "credentials_wrong", "wrong password")
	}
	return "", nil
}

// personOf finds or makes the invited person. hash "" means that they proved their password.
func personOf(tx store.Tx, email, hash string, a Acceptance) (desk.User, error) {
	user, err := tx.Accounts().UserByEmail(email)
	if err == nil && user.PasswordHash != "" {
		if hash != "" { // they got a password between our look and now
			return user, desk.NotFound("invite")
		}
		return user, nil
	}
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return user, err
	}
	if hash == "" {
		return user, desk.NotFound("user")
	}
	if user.ID == 0 {
		user = desk.User{ID: tx.NewID(), Email: email, CreatedAt: tx.Now()}
	}
	w, err := tx.Workspaces().Current()
	if err != nil {
		return user, err
	}
	user.Name, user.PasswordHash, user.Zone, user.Locale = a.Name, hash, a.Zone, a.Locale
	if user.Locale == "" {
		user.Locale = w.Locale
	}
	return user, tx.WriteAccounts().PutUser(user)
}
