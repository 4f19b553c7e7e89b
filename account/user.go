package account

import (
	"context"
	"fmt"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
)

// UserParams describe a person to make a member of a workspace.
type UserParams struct {
	WorkspaceID desk.ID // 0 = the first
	Email       string
	Name        string // "" = from the address
	Password    string // "" = one is made
	Role        desk.Role
}

// CreateUser makes a person and their membership, for the command line. A person who exists already gets the membership
// and keeps their password. made is the password where one was made, "" otherwise.
func (s *Service) CreateUser(ctx context.Context, p UserParams) (user desk.User, made string, err error) {
	if p.Email, err = checkEmail(p.Email); err != nil {
		return desk.User{}, "", err
	}
	if p.Name, err = checkName("name", nameOf(p.Name, p.Email)); err != nil {
		return desk.User{}, "", err
	}
	if err := auth.MayGive(everything, auth.OfRole(desk.Workspace{}, p.Role, nil)); err != nil {
		return desk.User{}, "", err
	}
	if p.Password == "" {
		p.Password = NewPassword()
		made = p.Password
	}
	hash, err := s.passwords.Hash(ctx, p.Password)
	if err != nil {
		return desk.User{}, "", err
	}
	workspace, err := s.workspaceOr(ctx, p.WorkspaceID)
	if err != nil {
		return desk.User{}, "", err
	}
	type person struct {
		desk.User
		known bool
	}
	found, err := result(ctx, s, Actor{Workspace: workspace}, func(tx store.Tx) (person, error) {
		w, err := tx.Workspaces().Current()
		if err != nil {
			return person{}, err
		}
		user, err := tx.Accounts().UserByEmail(p.Email)
		known := err == nil
		if desk.KindOf(err) == desk.KindNotFound {
			user = desk.User{ID: tx.NewID(), Email: p.Email, Name: p.Name, PasswordHash: hash, Locale: w.Locale, CreatedAt: tx.Now()}
			err = tx.WriteAccounts().PutUser(user)
		}
		if err != nil {
			return person{}, err
		}
		return person{user, known}, join(tx, user, chosenRole{base: p.Role}, desk.Actor{Kind: desk.ActorSystem})
	})
	if err != nil {
		return desk.User{}, "", err
	}
	if found.known {
		made = ""
	}
	return found.User, made, nil
}

// join makes somebody a member: "already_member" (conflict) for an active one; a deactivated one comes back.
func join(tx store.Tx, user desk.User, role chosenRole, by desk.Actor) error {
	m, err := tx.Members().Get(user.ID)
	switch {
	case err == nil && m.Active:
		return desk.Errorf(desk.KindConflict, "already_member", "%s is a member already", user.Email)
	case desk.KindOf(err) == desk.KindNotFound:
		m = desk.Member{UserID: user.ID, DisplayName: user.Name, CreatedAt: tx.Now()}
	case err != nil:
		return err
	}
	m.Role, m.Custom, m.Active, m.UpdatedAt = role.base, role.custom, true, tx.Now()
	if err := tx.WriteMembers().Put(m); err != nil {
		return fmt.Errorf("put member: %w", err)
	}
	tx.Emit(desk.Event{Kind: desk.EventMemberChanged, At: tx.Now(), Actor: by, SubjectID: user.ID})
	return nil
}

// workspaceOr answers the first workspace for 0.
func (s *Service) workspaceOr(ctx context.Context, id desk.ID) (desk.ID, error) {
	if id != 0 {
		return id, nil
	}
	err := s.store.View(ctx, 0, func(r store.Reader) error {
		all, err := r.Workspaces().All()
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return desk.NotFound("workspace")
		}
		id = all[0].ID
		return nil
	})
	return id, err
}

// ResetPassword gives a person a new password and ends all their sessions, for the command line. made is the password
// where none was given.
func (s *Service) ResetPassword(ctx context.Context, email, password string) (made string, err error) {
	if email, err = checkEmail(email); err != nil {
		return "", err
	}
	if password == "" {
		password = NewPassword()
		made = password
	}
	hash, err := s.passwords.Hash(ctx, password)
	if err != nil {
		return "", err
	}
	err = s.store.Update(ctx, 0, func(tx store.Tx) error {
		user, err := tx.Accounts().UserByEmail(email)
		if err != nil {
			return err
		}
		user.PasswordHash = hash
		if err := tx.WriteAccounts().PutUser(user); err != nil {
			return err
		}
		if err := tx.WriteAccounts().DeleteSessionsOf(user.ID, ""); err != nil {
			return err
		}
		_, err = noteEverywhere(tx, sessionDeed("password.reset", desk.Actor{Kind: desk.ActorSystem}, user))
		return err
	})
	if err != nil {
		return "", err
	}
	return made, nil
}

// ChangePassword gives the person of a session a new password and ends their other sessions. A wrong present password
// is KindInvalid "password_wrong" and counts as a failed sign-in.
func (s *Service) ChangePassword(ctx context.Context, signed Signed, current, next string) error {
	if err := auth.CheckNewPassword(next); err != nil {
		return err
	}
	ok, _, err := s.prove(ctx, "", signed.User.Email, current, signed.User.PasswordHash)
	if err != nil {
		return err
	}
	if !ok {
		return desk.Invalid("current", "password_wrong", "the present password is wrong")
	}
	hash, err := s.passwords.Hash(ctx, next)
	if err != nil {
		return err
	}
	return s.store.Update(ctx, 0, func(tx store.Tx) error {
		user, err := tx.Accounts().User(signed.User.ID)
		if err != nil {
			return err
		}
		user.PasswordHash = hash
		if err := tx.WriteAccounts().PutUser(user); err != nil {
			return err
		}
		if err := tx.WriteAccounts().DeleteSessionsOf(user.ID, signed.Session.TokenHash); err != nil {
			return err
		}
		_, err = noteEverywhere(tx, sessionDeed("password.changed", signed.Actor().By, user))
		return err
	})
}

// Profile is what a person changes about themselves; nil leaves it alone.
type Profile struct {
	Locale *desk.Locale
	Zone   *string // IANA, "" = the browser's
	Name   *string
}

// EditProfile changes a person's own record.
func (s *Service) EditProfile(ctx context.Context, signed Signed, p Profile) (Signed, error) {
	if p.Name != nil {
		name, err := checkName("name", *p.Name)
		if err != nil {
			return Signed{}, err
		}
		p.Name = &name
	}
	if p.Locale != nil {
		if err := locale.Check("locale", *p.Locale); err != nil {
			return Signed{}, err
		}
	}
	if p.Zone != nil && *p.Zone != "" {
		if err := checkZone(*p.Zone); err != nil {
			return Signed{}, err
		}
	}
	user, err := store.Result(ctx, s.store, signed.Workspace.ID, func(tx store.Tx) (desk.User, error) {
		user, err := tx.Accounts().User(signed.User.ID)
		if err != nil {
			return user, err
		}
		if p.Locale != nil {
			user.Locale = *p.Locale
		}
		if p.Zone != nil {
			user.Zone = *p.Zone
		}
		if p.Name != nil && user.Name != *p.Name {
			user.Name = *p.Name
			tx.Emit(desk.Event{Kind: desk.EventMemberChanged, At: tx.Now(), Actor: signed.Actor().By, SubjectID: user.ID})
		}
		return user, tx.WriteAccounts().PutUser(user)
	})
	if err != nil {
		return Signed{}, err
	}
	signed.User, signed.Member.Name = user, user.Name
	return signed, nil
}
