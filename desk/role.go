package desk

import (
	"slices"
	"time"
)

// MaxCustomRoles bounds a workspace's own roles.
const MaxCustomRoles = 50

// ReplyPermission is what makes somebody able to have cases; auth has the rest of J3.
const ReplyPermission = "conversation.reply"

// CustomRole is a role of the workspace's own: one of the five (J1) with other permissions. What it may have, auth.CheckRole says.
type CustomRole struct {
	ID          ID
	Label       Labels
	Base        Role     // never changes, never RoleOwner
	Permissions []string // all that it may
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Version     int64
}

// answers reports whether who has the role can have cases.
func (c *CustomRole) answers() bool {
	return c == nil || slices.Contains(c.Permissions, ReplyPermission)
}

// CheckLabel refuses a role without a name.
func (c CustomRole) CheckLabel() error { return c.Label.check("label") }
