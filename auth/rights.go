package auth

import (
	"slices"

	"madoguchi/desk"
)

// Rights is what somebody may do (J3): what their role has, and what was granted beyond it.
type Rights struct {
	role   desk.Role
	custom *desk.CustomRole
	grants []string
}

// Of are a member's rights. Grants to everybody with a seed role are not for the roles based on it, which say themselves what they have.
func Of(w desk.Workspace, m desk.Member) Rights {
	if m.Custom != nil {
		return Rights{m.Role, m.Custom, m.Grants}
	}
	return Rights{m.Role, nil, append(slices.Clone(m.Grants), w.RoleGrants[m.Role]...)}
}

// OfRole are the rights of whoever has a seed role, or with custom the workspace's own.
func OfRole(w desk.Workspace, role desk.Role, custom *desk.CustomRole) Rights {
	return Of(w, desk.Member{Role: role, Custom: custom})
}

// Can reports whether a permission is among the rights. What the role can never have is not, whatever says so: grants and
// permissions left over from another role count for nothing.
func (r Rights) Can(p Permission) bool {
	switch level := LevelOf(r.role, p); {
	case level == Never:
		return false
	case level == Grantable && slices.Contains(r.grants, string(p)):
		return true
	case r.custom != nil:
		return slices.Contains(r.custom.Permissions, string(p))
	default:
		return level == Always
	}
}

// Permissions lists the rights in the order of J3.
func (r Rights) Permissions() []Permission {
	return slices.DeleteFunc(All(), func(p Permission) bool { return !r.Can(p) })
}

// MayGive says whether somebody may invite as, promote to or make a key with some rights, or change who has them: nobody gives
// what they do not have, nor takes it from those above them ("forbidden"). So owners are left to owners (J3).
func MayGive(giver func(Permission) bool, given Rights) error {
	if !slices.Contains(Roles(), given.role) {
		return desk.Invalid("role", "role_invalid", "no role %.40q", string(given.role))
	}
	for _, p := range All() {
		if given.Can(p) && !giver(p) {
			return forbidden(string(p))
		}
	}
	return nil
}

// CheckRole refuses a role of the workspace's own that has what J3 never lets its base have ("permission_invalid"), that is based on
// the owner's ("role_base_invalid"), or that may not even read ("role_reads_nothing"): scopes say what somebody sees (J2).
func CheckRole(c desk.CustomRole) error {
	if err := c.CheckLabel(); err != nil {
		return err
	}
	if c.Base == desk.RoleOwner || !slices.Contains(Roles(), c.Base) {
		return desk.Invalid("base", "role_base_invalid", "no role is based on %.40q", string(c.Base))
	}
	for _, name := range c.Permissions {
		if LevelOf(c.Base, Permission(name)) == Never {
			return permissionInvalid(c.Base, name)
		}
	}
	if !slices.Contains(c.Permissions, string(ConversationRead)) {
		return desk.Invalid("permissions", "role_reads_nothing", "a role without %s", ConversationRead)
	}
	return nil
}

// KeyCan reports whether an API key has a permission: its role, and where the key names permissions, one of them.
func KeyCan(k desk.APIKey, p Permission) bool {
	return OfRole(desk.Workspace{}, k.Role, k.Custom).Can(p) && (len(k.Permissions) == 0 || slices.Contains(k.Permissions, string(p)))
}

// KeyScope is which conversations a program sees (J2): all, as its maker could let themselves; once they may manage no
// members any more, what they see.
func KeyScope(maker desk.Member) desk.Scope {
	if OfRole(desk.Workspace{}, maker.Role, maker.Custom).Can(MemberManage) {
		return desk.ScopeAll
	}
	return maker.Scope
}

// CheckKey refuses permissions that a key's role does not have (desk.KindInvalid "permission_invalid") and those that the
// maker does not have (desk.KindForbidden "forbidden"): nobody makes a key that may do more than they.
func CheckKey(k desk.APIKey, maker func(Permission) bool) error {
	role := OfRole(desk.Workspace{}, k.Role, k.Custom)
	for _, name := range k.Permissions {
		if !role.Can(Permission(name)) {
			return permissionInvalid(k.Role, name)
		}
	}
	for _, p := range All() {
		if KeyCan(k, p) && !maker(p) {
			return forbidden(string(p))
		}
	}
	return nil
}

func permissionInvalid(role desk.Role, name string) error {
	e := desk.Invalid("permissions", "permission_invalid", "role %s has no %.60q", role, name)
	e.Params = map[string]string{"name": name}
	return e
}
