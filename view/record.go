package view

import (
	"cmp"
	"encoding/json"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// ContactOf maps a contact; visitors are its browsers, of which the one seen last is shown.
func ContactOf(c desk.Contact, identities []desk.Identity, visitors []desk.Visitor) Contact {
	v := Contact{
		ID: c.ID, Name: c.Name, Email: c.Email, Phone: c.Phone, Locale: c.Locale, Zone: c.Zone, ExternalID: c.ExternalID,
		Fields: c.Fields, CreatedAt: At(c.CreatedAt), UpdatedAt: At(c.UpdatedAt), Version: c.Version,
		Identities: make([]Identity, 0, len(identities)),
	}
	if v.Fields == nil {
		v.Fields = map[string]string{}
	}
	for _, i := range identities {
		v.Identities = append(v.Identities, Identity{
			ID: i.ID, Kind: i.Kind, ChannelID: i.ChannelID, Name: i.Name, ExternalID: i.ExternalID, Alias: i.Alias, LastInAt: At(i.Standing.LastInAt),
			Blocked:   !i.BlockedAt.IsZero(),
			BlockedAt: At(i.BlockedAt), BlockedBy: i.BlockedBy, Reason: i.BlockReason,
			Standing: StandingOf(i.Standing),
		})
	}
	var last desk.Visitor
	for _, b := range visitors {
		if last.ID == 0 || b.SeenAt.After(last.SeenAt) {
			last = b
		}
	}
	if last.ID != 0 {
		v.Visitor = &Visitor{
			PageURL: last.PageURL, PageTitle: last.PageTitle, UserAgent: last.UserAgent, SeenAt: At(last.SeenAt), Locale: last.Locale,
		}
	}
	return v
}

// ContactNoteOf maps a contact's note.
func ContactNoteOf(n desk.ContactNote) ContactNote {
	return ContactNote{
		ID: n.ID, ContactID: n.ContactID, AuthorID: n.AuthorID, Body: n.Body,
		CreatedAt: At(n.CreatedAt), UpdatedAt: At(n.UpdatedAt),
	}
}

// MemberOf maps a member with the availability in force now (E8).
func MemberOf(m desk.Member, p desk.Presence, now time.Time, links Links) Member {
	v := Member{
		UserID: m.UserID, Role: m.Role, CustomRole: CustomRoleID(m.Custom), Answers: m.Answers(), Name: m.Name, DisplayName: m.DisplayName, Email: m.Email,
		AvatarURL: links.avatar(m), Active: m.Active, Scope: cmp.Or(m.Scope, desk.ScopeAll), Grants: append([]string{}, m.Grants...), Availability: p.At(now), Capacity: m.Capacity,
		CustomID:   p.CustomAt(now),
		ChannelIDs: m.ChannelIDs,
	}
	if !m.Active {
		v.Availability, v.CustomID = desk.Offline, 0
	}
	return v
}

// CustomRoleID is which of the workspace's own roles somebody has, 0 = none.
func CustomRoleID(c *desk.CustomRole) desk.ID {
	if c == nil {
		return 0
	}
	return c.ID
}

// TeamOf maps a team.
func TeamOf(t desk.Team) Team {
	v := Team{
		ID: t.ID, Name: t.Name, MemberIDs: t.MemberIDs,
		Mode: cmp.Or(t.Mode, desk.ModeManual), Accept: cmp.Or(t.Accept, desk.AcceptAutomatic), Ageing: t.Ageing,
	}
	if v.MemberIDs == nil {
		v.MemberIDs = []desk.ID{}
	}
	return v
}

// OfferOf maps an offer.
func OfferOf(o desk.Offer) Offer {
	return Offer{ID: o.ID, TicketID: o.TicketID, ConversationID: o.ConversationID, State: o.State, MadeAt: At(o.MadeAt), Until: At(o.Until)}
}

// CustomAvailabilityOf maps a status of the workspace's own.
func CustomAvailabilityOf(c desk.CustomAvailability) CustomAvailability {
	return CustomAvailability{ID: c.ID, Name: c.Name, Means: c.Means, Reassigns: c.Reassigns, Position: c.Position}
}

// TagOf maps a tag.
func TagOf(t desk.Tag) Tag { return Tag{ID: t.ID, Name: t.Name, Color: t.Color} }

// ChannelOf maps a channel without its settings and snippet: those who administer channels get them added (J3).
func ChannelOf(c desk.Channel) Channel {
	return Channel{
		Settings: json.RawMessage("null"),
		ID:       c.ID, Kind: c.Kind, Name: c.Name, Account: c.Account, State: c.State, TeamID: c.TeamID, ScheduleID: c.ScheduleID,
		LastSeenAt: At(c.LastSeenAt), LastSeenOn: c.LastSeenOn, Version: c.Version, Health: HealthOf(c.Health, false),
	}
}

// HealthOf maps what was seen of a channel, for everybody or (all) for those who manage channels.
func HealthOf(h desk.ChannelHealth, all bool) ChannelHealth {
	v := ChannelHealth{Title: h.Title, Reason: h.Reason, Since: At(h.Since), Until: At(h.Until)}
	if !all {
		return v
	}
	v.Detail, v.FailedCode, v.Checks = h.Detail, h.FailedCode, h.Checks
	v.HookAt, v.ForgedAt, v.SentAt, v.FailedAt = At(h.HookAt), At(h.ForgedAt), At(h.SentAt), At(h.FailedAt)
	v.ProbedAt, v.TokenExpires = At(h.ProbedAt), At(h.TokenExpires)
	for _, f := range h.Facts {
		v.Facts = append(v.Facts, ChannelHealthFact{Name: f[0], Value: f[1]})
	}
	return v
}

func ticketOf(t desk.Ticket) Ticket {
	v := Ticket{
		ID: t.ID, Number: t.Number, ConversationID: t.ConversationID, ChannelID: t.ChannelID, ContactID: t.ContactID,
		Status: t.Status, Reason: t.Reason, Priority: t.Priority, AssigneeID: t.Assignee, TeamID: t.TeamID, TagIDs: t.TagIDs,
		SnoozedUntil: At(t.SnoozedUntil), WaitSince: At(t.WaitSince), CreatedAt: At(t.CreatedAt), ResolvedAt: At(t.ResolvedAt),
		ReopenedCount: t.ReopenedCount, MergedIntoID: t.MergedInto, RoutingRuleID: t.RoutingRule, Version: t.Version, Fields: t.Fields,
	}
	if v.Fields == nil {
		v.Fields = map[string]string{}
	}
	if v.TagIDs == nil {
		v.TagIDs = []desk.ID{}
	}
	return v
}

// Tickets maps tickets with what became of their surveys.
func Tickets(r store.Reader, tickets ...desk.Ticket) ([]Ticket, error) {
	ids := make([]desk.ID, len(tickets))
	for i, t := range tickets {
		ids[i] = t.ID
	}
	surveys, err := r.Surveys().OfTickets(ids)
	if err != nil {
		return nil, err
	}
	all := make([]Ticket, len(tickets))
	for i, t := range tickets {
		all[i] = ticketOf(t)
		if s, asked := surveys[t.ID]; asked {
			all[i].Survey = &Survey{
				State: s.State, Reason: s.Reason, Score: s.Score, Comment: s.Comment, AgentID: s.AgentID, SentAt: At(s.SentAt), AnsweredAt: At(s.AnsweredAt),
			}
		}
	}
	return all, nil
}

// TicketWhole is Tickets for one, with what is promised of it and the name of the rule that filed it.
func TicketWhole(r store.Reader, t desk.Ticket) (Ticket, error) {
	all, err := Tickets(r, t)
	if err != nil {
		return Ticket{}, err
	}
	v := all[0]
	if v.RoutingRule, err = ruleName(r, t.RoutingRule); err != nil {
		return v, err
	}
	clocks, err := r.SLA().OfTicket(t.ID)
	if desk.KindOf(err) == desk.KindNotFound {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	v.SLA = slaOf(clocks)
	if v.SLA == nil {
		return v, nil
	}
	p, err := r.SLA().Policy(v.SLA.PolicyID)
	if desk.KindOf(err) == desk.KindNotFound {
		err = nil
	}
	v.SLA.Policy = p.Name
	return v, err
}

// ruleName is what a routing rule is called, "" where there is none any more.
func ruleName(r store.Reader, id desk.ID) (string, error) {
	if id == 0 {
		return "", nil
	}
	rule, err := r.RoutingRules().Get(id)
	if desk.KindOf(err) == desk.KindNotFound {
		return "", nil
	}
	return rule.Name, err
}

// slaOf maps the clocks that something is or was promised of; nil if nothing was.
func slaOf(s desk.SLA) *SLA {
	v := SLA{PolicyID: s.PolicyID}
	for _, m := range desk.SLAMetrics() {
		c := s.Clock(m)
		state := c.State()
		if state == "" {
			continue
		}
		shown := SLAClock{Metric: m, State: state, Minutes: int(c.Target.Minutes()), EndedAt: At(c.EndedAt), BreachedAt: At(c.BreachedAt)}
		if c.Running() {
			shown.DueAt = At(c.DueAt)
		}
		v.Clocks = append(v.Clocks, shown)
	}
	if len(v.Clocks) == 0 {
		return nil
	}
	return &v
}

// DraftOf maps a draft.
func DraftOf(d desk.Draft, links Links) Draft {
	return Draft{ConversationID: d.ConversationID, Mode: d.Mode, Parts: PartsOf(d.Body, links), ReplyToID: d.ReplyToID, UpdatedAt: At(d.UpdatedAt)}
}

// CountsOf maps the sizes of the views.
func CountsOf(c store.ViewCounts) Counts {
	v := Counts{
		Mine: c.Mine, MineUnread: c.MineUnread, Unassigned: c.Unassigned, UnassignedUnread: c.UnassignedUnread, Unread: c.Unread,
		All: c.All, Waiting: c.Waiting, Replied: c.Replied, Snoozed: c.Snoozed, Resolved: c.Resolved,
		Mentions: c.Mentions, MentionsUnread: c.MentionsUnread, Failed: c.Failed, Blocked: c.Blocked,
		WaitingUnread: c.WaitingUnread, RepliedUnread: c.RepliedUnread, SnoozedUnread: c.SnoozedUnread, FailedUnread: c.FailedUnread, BlockedUnread: c.BlockedUnread,
		Teams: make(map[string]int64, len(c.Teams)), TeamsUnread: make(map[string]int64, len(c.TeamsUnread)),
	}
	for team, n := range c.Teams {
		v.Teams[team.String()] = n
	}
	for team, n := range c.TeamsUnread {
		v.TeamsUnread[team.String()] = n
	}
	return v
}

// FieldOf maps the definition of a custom field.
func FieldOf(f desk.Field) Field {
	v := Field{
		ID: f.ID, Subject: f.Subject, Key: f.Key, Kind: f.Kind, Label: f.Label, Options: f.Options, Required: f.Required, Position: f.Position,
		RetiredAt: At(f.RetiredAt), Version: f.Version,
	}
	if v.Options == nil {
		v.Options = []desk.FieldOption{}
	}
	return v
}

// HeldMessageOf maps what a blocked person wrote.
func HeldMessageOf(m desk.HeldMessage, links Links) HeldMessage {
	return HeldMessage{
		ID: m.ID, IdentityID: m.IdentityID, ChannelID: m.ChannelID, Parts: PartsOf(m.Parts, links), At: At(m.At),
		GoesAt: At(m.ReceivedAt.Add(desk.HeldFor)),
	}
}
