package account

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// RoleChoice names a role: a seed role, or with Custom the workspace's own ("role_not_found").
type RoleChoice struct {
	Role   desk.Role
	Custom desk.ID
}

// chosenRole is a role as members, invitations and keys have it.
type chosenRole struct {
	base   desk.Role
	custom *desk.CustomRole
	rights auth.Rights
}

func (c RoleChoice) find(r store.Reader) (found chosenRole, err error) {
	w, err := r.Workspaces().Current()
	if err != nil {
		return found, err
	}
	found.base = c.Role
	if c.Custom != 0 {
		own, err := r.Members().CustomRole(c.Custom)
		if err != nil {
			return found, err
		}
		found.base, found.custom = own.Base, &own
	}
	found.rights = auth.OfRole(w, found.base, found.custom)
	return found, nil
}

// RoleEdit is what a custom role becomes.
type RoleEdit struct {
	Label       desk.Labels
	Permissions []string
	Version     int64 // the version that was seen: "edited_meanwhile" (conflict) if it is older
}

// CreateRole makes a role of the workspace's own; see auth.CheckRole. Like every command about roles it refuses one that may more than
// the actor (auth.MayGive). repeat is an idempotency key.
func (s *Service) CreateRole(ctx context.Context, a Actor, c desk.CustomRole, repeat string) (desk.CustomRole, error) {
	c.Permissions = inOrder(c.Permissions)
	if err := auth.CheckRole(c); err != nil {
		return c, err
	}
	return result(ctx, s, a, func(tx store.Tx) (desk.CustomRole, error) {
		c := c
		c.ID, c.CreatedAt, c.UpdatedAt, c.Version = tx.NewID(), tx.Now(), tx.Now(), 1
		before, seen, err := Once(tx, a, "role", repeat, c.ID)
		if err != nil {
			return c, err
		}
		if seen {
			return tx.Members().CustomRole(before)
		}
		all, err := tx.Members().CustomRoles()
		if err != nil {
			return c, err
		}
		if len(all) >= desk.MaxCustomRoles {
			return c, desk.Invalid("label", "roles_too_many", "%d roles are enough", desk.MaxCustomRoles)
		}
		if err := a.mayGiveRole(tx, c); err != nil {
			return c, err
		}
		return c, putRole(tx, a, c)
	})
}

// EditRole changes what a custom role is called and may do, for everybody who has it at once (J4). Where they answered and may no more,
// their unresolved tickets go back to the queue (E16).
func (s *Service) EditRole(ctx context.Context, a Actor, id desk.ID, e RoleEdit) (desk.CustomRole, error) {
	return result(ctx, s, a, func(tx store.Tx) (desk.CustomRole, error) {
		was, err := tx.Members().CustomRole(id)
		if err != nil {
			return was, err
		}
		if was.Version != e.Version {
			return was, desk.Errorf(desk.KindConflict, "edited_meanwhile", "role %d is at version %d, not %d", id, was.Version, e.Version)
		}
		is := was
		is.Label, is.Permissions, is.UpdatedAt = e.Label, inOrder(e.Permissions), tx.Now()
		is.Version++
		if err := auth.CheckRole(is); err != nil {
			return was, err
		}
		for _, c := range []desk.CustomRole{was, is} {
			if err := a.mayGiveRole(tx, c); err != nil {
				return was, err
			}
		}
		holders, err := holdersOf(tx, id)
		if err != nil {
			return was, err
		}
		for _, m := range holders.members { // whom it concerns: their screens and sockets look again
			tx.Emit(desk.Event{Kind: desk.EventMemberChanged, At: tx.Now(), Actor: a.By, SubjectID: m.UserID})
			answered := m.Answers()
			if m.Custom = &is; answered && !m.Answers() {
				if err := requeue(tx, a, m.UserID); err != nil {
					return was, err
				}
			}
		}
		return is, putRole(tx, a, is)
	})
}

// DeleteRole gives everybody, every key and every open invitation that has a custom role another one, and deletes it; "role_in_use"
// (conflict) where somebody has it and no other is named.
func (s *Service) DeleteRole(ctx context.Context, a Actor, id desk.ID, instead RoleChoice) error {
	return s.update(ctx, a, func(tx store.Tx) error {
		was, err := tx.Members().CustomRole(id)
		if err != nil {
			return err
		}
		if err := a.mayGiveRole(tx, was); err != nil {
			return err
		}
		holders, err := holdersOf(tx, id)
		if err != nil {
			return err
		}
		if holders.count() > 0 {
			if err := replaceRole(tx, a, id, holders, instead); err != nil {
				return err
			}
		}
		changedRoles(tx, a)
		return tx.WriteMembers().DeleteCustomRole(id)
	})
}

// holders are who has a custom role.
type holders struct {
	members []desk.Member
	keys    []desk.APIKey
	invites []desk.Invite // not accepted yet, those whose time is over too
}

func (h holders) count() int { return len(h.members) + len(h.keys) + len(h.invites) }

func holdersOf(r store.Reader, role desk.ID) (h holders, err error) {
	has := func(c *desk.CustomRole) bool { return c != nil && c.ID == role }
	members, err := r.Members().List()
	if err != nil {
		return h, fmt.Errorf("read members: %w", err)
	}
	keys, err := r.Accounts().APIKeys()
	if err != nil {
		return h, fmt.Errorf("read API keys: %w", err)
	}
	invites, err := r.Accounts().Invites()
	if err != nil {
		return h, fmt.Errorf("read invitations: %w", err)
	}
	h.members = slices.DeleteFunc(members, func(m desk.Member) bool { return !has(m.Custom) })
	h.keys = slices.DeleteFunc(keys, func(k desk.APIKey) bool { return !has(k.Custom) })
	h.invites = slices.DeleteFunc(invites, func(i desk.Invite) bool { return !i.AcceptedAt.IsZero() || !has(i.Custom) })
	return h, nil
}

func replaceRole(tx store.Tx, a Actor, id desk.ID, h holders, instead RoleChoice) error {
	if instead.Role == "" && instead.Custom == 0 || instead.Custom == id {
		e := desk.Errorf(desk.KindConflict, "role_in_use", "%d members, keys and invitations have role %d", h.count(), id)
		e.Params = map[string]string{"count": strconv.Itoa(h.count())}
		return e
	}
	next, err := instead.find(tx)
	if err != nil {
		return err
	}
	if err := auth.MayGive(a.may, next.rights); err != nil {
		return err
	}
	if len(h.keys) > 0 && next.base == desk.RoleOwner {
		return ownerKey()
	}
	for _, was := range h.members {
		m := was
		m.Role, m.Custom, m.UpdatedAt = next.base, next.custom, tx.Now()
		if err := changeMember(tx, a, was, m); err != nil {
			return err
		}
	}
	for _, k := range h.keys {
		k.Role, k.Custom = next.base, next.custom
		if err := tx.WriteAccounts().PutAPIKey(k); err != nil {
			return fmt.Errorf("put API key: %w", err)
		}
	}
	for _, i := range h.invites {
		i.Role, i.Custom = next.base, next.custom
		if err := tx.WriteAccounts().PutInvite(i); err != nil {
			return fmt.Errorf("put invitation: %w", err)
		}
	}
	return nil
}

// mayGiveRole refuses to make, change or take away a role that may more than the actor.
func (a Actor) mayGiveRole(r store.Reader, c desk.CustomRole) error {
	w, err := r.Workspaces().Current()
	if err != nil {
		return err
	}
	return auth.MayGive(a.may, auth.OfRole(w, c.Base, &c))
}

func putRole(tx store.Tx, a Actor, c desk.CustomRole) error {
	changedRoles(tx, a)
	if err := tx.WriteMembers().PutCustomRole(c); err != nil {
		return fmt.Errorf("put role: %w", err)
	}
	return nil
}

// changedRoles has open screens read anew who may do what.
func changedRoles(tx store.Tx, a Actor) {
	tx.Emit(desk.Event{Kind: desk.EventWorkspaceChanged, At: tx.Now(), Actor: a.By, SubjectID: a.Workspace})
}

// inOrder puts permissions in the order of J3, each once; those unknown last, for auth.CheckRole to refuse.
func inOrder(names []string) []string {
	place := func(name string) int {
		if i := slices.Index(auth.All(), auth.Permission(name)); i >= 0 {
			return i
		}
		return len(auth.All())
	}
	names = slices.Clone(names)
	slices.SortFunc(names, func(x, y string) int {
		if d := place(x) - place(y); d != 0 {
			return d
		}
		return strings.Compare(x, y)
	})
	return slices.Compact(names)
}
