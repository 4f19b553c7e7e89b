package view

import (
	"fmt"
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
)

// Rows reads what the list's rows need beside the conversations, in a handful of statements however many rows there are.
// ReadSeq, Unread, Concerns and Draft are the member's; member 0 leaves them zero.
func Rows(r store.Reader, member desk.ID, conversations []desk.Conversation) ([]Row, error) {
	rows, err := neutralRows(r, conversations)
	if err != nil || member == 0 || len(rows) == 0 {
		return rows, err
	}
	ids := make([]desk.ID, len(conversations))
	for i, c := range conversations {
		ids[i] = c.ID
	}
	reads, err := r.Conversations().Reads(member, ids)
	if err != nil {
		return nil, fmt.Errorf("read reads: %w", err)
	}
	unread, err := r.Conversations().Unread(member, ids)
	if err != nil {
		return nil, fmt.Errorf("count unread: %w", err)
	}
	teams, err := r.Teams().Of(member)
	if err != nil {
		return nil, fmt.Errorf("read teams: %w", err)
	}
	drafts, err := Drafted(r, member)
	if err != nil {
		return nil, err
	}
	for i, c := range conversations {
		rows[i].ReadSeq, rows[i].Concerns, rows[i].Draft = reads[c.ID].Seq, c.Concerns(member, teams), drafts[c.ID]
		if rows[i].Concerns {
			rows[i].Unread = min(unread[c.ID], MaxUnread)
		}
	}
	return rows, nil
}

// Drafted are the conversations in which a member has unsent text: a draft, or a reply that waited and came back (G4.10).
func Drafted(r store.Reader, member desk.ID) (map[desk.ID]bool, error) {
	drafts, err := r.Drafts().All(member)
	if err != nil {
		return nil, fmt.Errorf("read drafts: %w", err)
	}
	found := make(map[desk.ID]bool, len(drafts))
	for _, d := range drafts {
		found[d.ConversationID] = true
	}
	returned, err := r.Scheduled().ReturnedTo(member)
	if err != nil {
		return nil, fmt.Errorf("read returned replies: %w", err)
	}
	for _, conversation := range returned {
		found[conversation] = true
	}
	return found, nil
}

// neutralRows reads what every member sees of rows; never nil.
func neutralRows(r store.Reader, conversations []desk.Conversation) ([]Row, error) {
	if len(conversations) == 0 {
		return []Row{}, nil
	}
	var contactIDs, ticketIDs []desk.ID
	for _, c := range conversations {
		contactIDs = append(contactIDs, c.ContactID)
		if c.Status == desk.StatusResolved || c.Status == desk.StatusSnoozed {
			ticketIDs = append(ticketIDs, c.TicketID) // only these carry more than the row does
		}
	}
	contactIDs = unique(contactIDs)
	contacts, err := r.Contacts().Many(contactIDs)
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	identities, err := r.Contacts().IdentitiesOf(contactIDs)
	if err != nil {
		return nil, fmt.Errorf("read identities: %w", err)
	}
	people := map[desk.ID]desk.Identity{}
	for _, of := range identities {
		for _, i := range of {
			people[i.ID] = i
		}
	}
	var tickets map[desk.ID]desk.Ticket
	if len(ticketIDs) > 0 {
		if tickets, err = r.Tickets().Many(ticketIDs); err != nil {
			return nil, fmt.Errorf("read tickets: %w", err)
		}
	}
	kinds := map[desk.ID]string{}
	rows := make([]Row, 0, len(conversations))
	for _, c := range conversations {
		kind, ok := kinds[c.ChannelID]
		if !ok {
			ch, err := r.Channels().Get(c.ChannelID)
			if err != nil {
				return nil, fmt.Errorf("read channel %d: %w", c.ChannelID, err)
			}
			kind = ch.Kind
			kinds[c.ChannelID] = kind
		}
		row := RowOf(c, contacts[c.ContactID], kind, tickets[c.TicketID])
		row.Contact.Blocked = !people[c.IdentityID].BlockedAt.IsZero()
		row.Standing = StandingOf(people[c.IdentityID].Standing)
		rows = append(rows, row)
	}
	return rows, nil
}

func unique(ids []desk.ID) []desk.ID {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// ReadContact reads what a contact's shape is made of.
func ReadContact(r store.Reader, c desk.Contact) (Contact, error) {
	identities, err := r.Contacts().Identities(c.ID)
	if err != nil {
		return Contact{}, fmt.Errorf("read identities: %w", err)
	}
	visitors, err := r.Visitors().ByContact(c.ID)
	if err != nil {
		return Contact{}, fmt.Errorf("read visitors: %w", err)
	}
	v := ContactOf(c, identities, visitors)
	for i, identity := range identities {
		if v.Identities[i].Reach, err = reach(r, identity, visitors); err != nil {
			return Contact{}, err
		}
	}
	return v, sawLast(r, v)
}

// sawLast fills in when people last wrote on our own channels, whose standing does not say it.
func sawLast(r store.Reader, v Contact) error {
	if !slices.ContainsFunc(v.Identities, func(i Identity) bool { return i.LastInAt.IsZero() }) {
		return nil
	}
	threads, err := r.Conversations().OfContact(v.ID)
	if err != nil {
		return fmt.Errorf("read conversations: %w", err)
	}
	for _, c := range threads {
		n := slices.IndexFunc(v.Identities, func(i Identity) bool { return i.ID == c.IdentityID })
		if n < 0 || c.LastInboundSeq == 0 || !v.Identities[n].LastInAt.IsZero() {
			continue
		}
		newest, err := r.Messages().Before(c.ID, c.LastInboundSeq+1, 1)
		if err != nil {
			return fmt.Errorf("read the last message: %w", err)
		}
		for _, m := range newest {
			v.Identities[n].LastInAt = At(m.At)
		}
	}
	return nil
}

// reach says whether a reply to an identity would arrive (F11).
func reach(r store.Reader, i desk.Identity, visitors []desk.Visitor) (string, error) {
	if !i.BlockedAt.IsZero() {
		return "blocked", nil
	}
	ch, err := r.Channels().Get(i.ChannelID)
	if err != nil {
		return "", fmt.Errorf("read channel %d: %w", i.ChannelID, err)
	}
	if ch.State == desk.ChannelDisabled || ch.State == desk.ChannelDeleted {
		return "channel_off", nil
	}
	if !i.Standing.OptedOutAt.IsZero() {
		return "opted_out", nil
	}
	if !i.Standing.Unreachable.IsZero() {
		return "unreachable", nil
	}
	known := false
	for _, v := range visitors {
		if v.IdentityID == i.ID {
			if v.EndedAt.IsZero() {
				return "reachable", nil
			}
			known = true
		}
	}
	if known {
		return "left", nil
	}
	return "reachable", nil
}
