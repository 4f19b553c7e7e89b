package view

import "madoguchi/desk"

// MaxUnread caps the unread count of a row (shown as 99+).
const MaxUnread = 99

// RowOf maps a conversation for no member in particular: ReadSeq, Unread, Concerns and Draft are whose asks (see Rows). kind is the
// channel's. The ticket fills what the conversation does not carry (reason, snoozed_until); its zero value leaves that out.
func RowOf(c desk.Conversation, contact desk.Contact, kind string, t desk.Ticket) Row {
	v := Row{
		ID: c.ID, ChannelID: c.ChannelID, ChannelKind: kind, IdentityID: c.IdentityID,
		Contact: RowContact{ID: c.ContactID, Name: contact.Name},
		Ticket: RowTicket{
			ID: c.TicketID, Number: c.TicketNo, Status: c.Status, Priority: c.Priority,
			AssigneeID: c.Assignee, TeamID: c.TeamID, TagIDs: c.TagIDs, JoinedIDs: c.JoinedIDs, WaitSince: At(c.WaitSince),
			SLA: c.SLA.State, SLADue: At(c.SLA.Due),
		},
		Preview:        Preview{Author: c.Preview.Author, Name: c.Preview.Name, Kind: c.Preview.Kind, Text: c.Preview.Text},
		LastActivityAt: At(c.LastActivityAt), LastSeq: c.LastSeq, LastInboundSeq: c.LastInboundSeq,
		Language: c.Language, Existing: c.Existing, Attached: c.Attached, MentionedIDs: c.MentionedIDs,
		Failed: c.Preview.Failed, ReplyUntil: At(c.ReplyUntil), Version: c.Version,
	}
	if v.Ticket.TagIDs == nil {
		v.Ticket.TagIDs = []desk.ID{}
	}
	if t.ID == c.TicketID {
		v.Ticket.Reason, v.Ticket.SnoozedUntil = t.Reason, At(t.SnoozedUntil)
	}
	return v
}
