package auth

import "madoguchi/desk"

// Permission is something a member may or may not do (J3). The names travel to the browser, which hides what is not
// allowed; the API refuses it all the same (J4).
type Permission string

// The permissions, in the order of J3.
const (
	ConversationRead    Permission = "conversation.read"    // within the member's scope (J2)
	ConversationReply   Permission = desk.ReplyPermission   // reply, note, canned replies, KB insert, shortcuts; contact fields, tags
	TicketTake          Permission = "ticket.take"          // take, transfer one's own, and what its holder does with it
	TicketAssignOthers  Permission = "ticket.assign_others" // assign others, bulk, change priority of others'
	ConversationMonitor Permission = "conversation.monitor" // monitor, whisper, join, take over; set a member's status
	IdentityBlock       Permission = "identity.block"
	ContactMerge        Permission = "contact.merge"
	MessageDelete       Permission = "message.delete" // messages and tickets
	TemplateSend        Permission = "template.send"
	TemplateManage      Permission = "template.manage"
	BroadcastManage     Permission = "broadcast.manage"
	ProactiveView       Permission = "proactive.view"
	ProactiveManage     Permission = "proactive.manage"
	AutomationManage    Permission = "automation.manage" // bots, rules, SLA, schedules
	ChannelManage       Permission = "channel.manage"    // connect, change, disable, delete
	ReportOwn           Permission = "report.own"
	ReportTeam          Permission = "report.team"
	ReportAll           Permission = "report.all"
	ReportExport        Permission = "report.export"
	MemberManage        Permission = "member.manage" // users, roles, scopes, teams; see MayGive
	PrivacyManage       Permission = "privacy.manage"
	AuditRead           Permission = "audit.read"
	SecretManage        Permission = "secret.manage"    // API keys, webhooks, secrets
	WorkspaceManage     Permission = "workspace.manage" // name, languages, zone, tags; not in J3, goes with channels
	WorkspaceDelete     Permission = "workspace.delete" // and change of owners
)

// Level is one cell of the matrix.
type Level int8

// The levels.
const (
	Never     Level = iota // – : not even by a grant
	Grantable              // ○ : if an administrator granted it to this member
	Always                 // ✓
)

// row is one line of J3: what each role has, from the least role to the owner.
type row struct {
	permission                              Permission
	viewer, agent, supervisor, admin, owner Level
}

// matrix is J3. It is the only place where roles and permissions meet.
var matrix = []row{
	{ConversationRead, Always, Always, Always, Always, Always},
	{ConversationReply, Never, Always, Always, Always, Always},
	{TicketTake, Never, Always, Always, Always, Always},
	{TicketAssignOthers, Never, Grantable, Always, Always, Always},
	{ConversationMonitor, Never, Never, Always, Always, Always},
	{IdentityBlock, Never, Always, Always, Always, Always},
	{ContactMerge, Never, Grantable, Always, Always, Always},
	{MessageDelete, Never, Never, Grantable, Always, Always},
	{TemplateSend, Never, Always, Always, Always, Always},
	{TemplateManage, Never, Never, Grantable, Always, Always},
	{BroadcastManage, Never, Never, Grantable, Always, Always},
	{ProactiveView, Grantable, Never, Always, Always, Always},
	{ProactiveManage, Never, Never, Grantable, Always, Always},
	{AutomationManage, Never, Never, Grantable, Always, Always},
	{ChannelManage, Never, Never, Never, Always, Always},
	{ReportOwn, Never, Always, Always, Always, Always},
	{ReportTeam, Never, Never, Always, Always, Always},
	{ReportAll, Grantable, Never, Grantable, Always, Always},
	{ReportExport, Never, Never, Grantable, Always, Always},
	{MemberManage, Never, Never, Never, Always, Always},
	{PrivacyManage, Never, Never, Never, Always, Always},
	{AuditRead, Never, Never, Grantable, Always, Always},
	{SecretManage, Never, Never, Never, Always, Always},
	{WorkspaceManage, Never, Never, Never, Always, Always},
	{WorkspaceDelete, Never, Never, Never, Never, Always},
}

func (r row) level(role desk.Role) Level {
	switch role {
	case desk.RoleViewer:
		return r.viewer
	case desk.RoleAgent:
		return r.agent
	case desk.RoleSupervisor:
		return r.supervisor
	case desk.RoleAdmin:
		return r.admin
	case desk.RoleOwner:
		return r.owner
	}
	return Never
}

// LevelOf returns the cell for a role and permission; unknown ones are Never.
func LevelOf(role desk.Role, p Permission) Level {
	for _, r := range matrix {
		if r.permission == p {
			return r.level(role)
		}
	}
	return Never
}

// CheckGrants refuses grants that are not ○ for the role: desk.KindInvalid with code "grant_invalid".
func CheckGrants(role desk.Role, grants []string) error {
	for _, g := range grants {
		if LevelOf(role, Permission(g)) != Grantable {
			return desk.Invalid("grants", "grant_invalid", "%.60q cannot be granted to role %s", g, role)
		}
	}
	return nil
}

// All lists the permissions in the order of J3.
func All() []Permission {
	all := make([]Permission, len(matrix))
	for i, r := range matrix {
		all[i] = r.permission
	}
	return all
}

// Roles lists the roles from least to most.
func Roles() []desk.Role {
	return []desk.Role{desk.RoleViewer, desk.RoleAgent, desk.RoleSupervisor, desk.RoleAdmin, desk.RoleOwner}
}

// MayAct says whether a member may do an action of a macro to a ticket as it is (J3): who has others' tickets, how urgent they are and
// where they stand is decided only with TicketAssignOthers, and to whom those go that nobody has, except to oneself.
func MayAct(a desk.Action, t desk.Ticket, member desk.ID, can func(Permission) bool) error {
	needs, decides := ConversationReply, a.Kind == desk.ActionStatus || a.Kind == desk.ActionSnooze
	switch a.Kind {
	case desk.ActionTemplate:
		needs = TemplateSend
	case desk.ActionAssign, desk.ActionTake, desk.ActionTeam, desk.ActionPriority:
		needs, decides = TicketTake, true
	}
	if !can(needs) {
		return forbidden(string(needs))
	}
	away := a.Kind == desk.ActionAssign && a.MemberID != 0 && a.MemberID != member && t.Assignee != member
	if decides && (t.WithAnother(member) || away) && !can(TicketAssignOthers) {
		return forbidden(string(TicketAssignOthers))
	}
	return nil
}

func forbidden(what string) error {
	return &desk.Error{Kind: desk.KindForbidden, Code: "forbidden", Params: map[string]string{"permission": what}, Message: "not allowed: " + what}
}
