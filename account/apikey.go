package account

import (
	"context"
	"fmt"
	"slices"
	"time"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// KeyParams describe an API key to make.
type KeyParams struct {
	Name        string
	Role        RoleChoice
	Permissions []string  // of what the role may; none = all of it
	ExpiresAt   time.Time // zero = never
	// Repeat is an idempotency key: used before, it answers the first key without its secret.
	Repeat string
}

// CreateAPIKey makes a key with a role's permissions; secret is shown once. No key may do more than its maker (auth.CheckKey),
// none is an owner's ("api_key_role"). "expires_past" (invalid) for an end that is over.
func (s *Service) CreateAPIKey(ctx context.Context, a Actor, p KeyParams) (key desk.APIKey, secret string, err error) {
	if p.Name, err = checkName("name", p.Name); err != nil {
		return key, "", err
	}
	if p.Role.Role == desk.RoleOwner {
		return key, "", ownerKey()
	}
	if !p.ExpiresAt.IsZero() && !s.now().Before(p.ExpiresAt) {
		return key, "", desk.Invalid("expires_at", "expires_past", "%s is over", p.ExpiresAt)
	}
	made, err := result(ctx, s, a, func(tx store.Tx) (newKey, error) {
		role, err := p.Role.find(tx)
		if err != nil {
			return newKey{}, err
		}
		if !slices.Contains(auth.Roles(), role.base) {
			return newKey{}, desk.Invalid("role", "role_invalid", "no role %.40q", string(role.base))
		}
		made := newAPIKey(tx, p.Name, role.base, a.User)
		made.key.Custom = role.custom
		made.key.Permissions, made.key.ExpiresAt = p.Permissions, p.ExpiresAt
		if err := auth.CheckKey(made.key, a.may); err != nil {
			return made, err
		}
		before, seen, err := Once(tx, a, "api_key", p.Repeat, made.key.ID)
		if err != nil {
			return made, err
		}
		if seen {
			known, err := apiKeyByID(tx, before)
			return newKey{known, ""}, err
		}
		return made, tx.WriteAccounts().PutAPIKey(made.key)
	})
	return made.key, made.secret, err
}

// CreateServerAPIKey is CreateAPIKey for the command line: the key acts for the workspace's first owner.
func (s *Service) CreateServerAPIKey(ctx context.Context, workspace desk.ID, p KeyParams) (key desk.APIKey, secret string, err error) {
	if workspace, err = s.workspaceOr(ctx, workspace); err != nil {
		return key, "", err
	}
	a := Actor{Workspace: workspace, By: desk.Actor{Kind: desk.ActorSystem}, Can: everything}
	err = s.store.View(ctx, workspace, func(r store.Reader) error {
		all, err := r.Members().List()
		if err != nil {
			return err
		}
		for _, m := range all {
			if m.Role == desk.RoleOwner && m.Active {
				a.User = m.UserID
				return nil
			}
		}
		return desk.NotFound("workspace")
	})
	if err != nil {
		return key, "", err
	}
	return s.CreateAPIKey(ctx, a, p)
}

func ownerKey() error { return desk.Invalid("role", "api_key_role", "a program is no owner") }

// newKey is a key with its secret, "" once it was shown.
type newKey struct {
	key    desk.APIKey
	secret string
}

func newAPIKey(tx store.Tx, name string, role desk.Role, by desk.ID) newKey {
	id := tx.NewID()
	plain, hash := auth.NewAPIKey(id)
	return newKey{desk.APIKey{ID: id, Name: name, Hash: hash, Role: role, CreatedBy: by, CreatedAt: tx.Now()}, plain}
}

func apiKeyByID(r store.Reader, id desk.ID) (desk.APIKey, error) {
	all, err := r.Accounts().APIKeys()
	if err != nil {
		return desk.APIKey{}, err
	}
	for _, k := range all {
		if k.ID == id {
			return k, nil
		}
	}
	return desk.APIKey{}, desk.NotFound("api_key")
}

// APIKeys lists the keys in force.
func (s *Service) APIKeys(ctx context.Context, a Actor) (keys []desk.APIKey, err error) {
	err = s.store.View(ctx, a.Workspace, func(r store.Reader) error {
		all, err := r.Accounts().APIKeys()
		if err != nil {
			return err
		}
		keys = nil
		for _, k := range all {
			if k.RevokedAt.IsZero() { // expired ones are shown until somebody clears them away
				keys = append(keys, k)
			}
		}
		return nil
	})
	return keys, err
}

// RevokeAPIKey ends a key at once; not_found if there is none in force.
func (s *Service) RevokeAPIKey(ctx context.Context, a Actor, id desk.ID) error {
	return s.update(ctx, a, func(tx store.Tx) error {
		key, err := apiKeyByID(tx, id)
		if err != nil {
			return err
		}
		if !key.RevokedAt.IsZero() {
			return desk.NotFound("api_key")
		}
		key.RevokedAt = tx.Now()
		return tx.WriteAccounts().PutAPIKey(key)
	})
}

const keyTouch = 5 * time.Minute // LastUsedAt need not be more exact

// Key is a program that acts in a workspace.
type Key struct {
	Workspace desk.Workspace
	Key       desk.APIKey
	Maker     desk.Member // whose name it writes under
}

// Actor is the program as who gives commands.
func (k Key) Actor() Actor {
	return Actor{Workspace: k.Workspace.ID, By: desk.Actor{Kind: desk.ActorAPIKey, ID: k.Key.ID}, User: k.Key.CreatedBy, Can: k.Can}
}

// Can reports whether the program has a permission: its key must, and the member who made the key must still, so that who
// loses a right does not keep it in a key.
func (k Key) Can(p auth.Permission) bool {
	return auth.KeyCan(k.Key, p) && auth.Of(k.Workspace, k.Maker).Can(p)
}

// ResolveKey finds what a bearer key stands for: KindUnauthentic "api_key_invalid" when it stands for nothing (any
// more). A key dies with its maker's membership, and does no more than its maker may (Key.Can).
func (s *Service) ResolveKey(ctx context.Context, plain string) (Key, error) {
	if _, err := auth.APIKeyID(plain); err != nil {
		return Key{}, err
	}
	var k Key
	err := s.store.View(ctx, 0, func(r store.Reader) error {
		var err error
		k.Workspace.ID, k.Key, err = r.Accounts().APIKey(auth.APIKeyHash(plain))
		return err
	})
	if desk.KindOf(err) == desk.KindNotFound {
		return Key{}, keyInvalid()
	}
	if err != nil {
		return Key{}, err
	}
	if err := auth.CheckAPIKey(plain, k.Key, s.now()); err != nil {
		return Key{}, err
	}
	err = s.store.View(ctx, k.Workspace.ID, func(r store.Reader) error {
		if k.Workspace, err = r.Workspaces().Current(); err != nil {
			return err
		}
		k.Maker, err = r.Members().Get(k.Key.CreatedBy)
		return err
	})
	if desk.KindOf(err) == desk.KindNotFound || err == nil && !k.Maker.Active {
		return Key{}, keyInvalid()
	}
	if err != nil {
		return Key{}, fmt.Errorf("read API key's maker: %w", err)
	}
	if now := s.now(); now.Sub(k.Key.LastUsedAt) > keyTouch {
		err := s.store.Update(ctx, k.Workspace.ID, func(tx store.Tx) error { return tx.WriteAccounts().TouchAPIKey(k.Key.ID, tx.Now()) })
		if err != nil {
			s.log.WarnContext(ctx, "touch API key", "err", err)
		}
	}
	return k, nil
}

func keyInvalid() error {
	return &desk.Error{Kind: desk.KindUnauthentic, Code: "api_key_invalid", Message: "no such API key"}
}
