package live

import (
	"encoding/json"
	"fmt"
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// maxInbound is how many of a conversation's customer messages are looked at to count unread ones.
const maxInbound = view.MaxUnread + 1

// hydration reads what a batch of events is about, each record once, from one snapshot.
type hydration struct {
	hub       *Hub
	reader    store.Reader
	workspace desk.ID
	customers view.Links

	messages map[desk.ID]desk.Message
	contacts map[desk.ID]desk.Contact
	people   map[desk.ID]*desk.Member
	rows     map[desk.ID]*row
	teams    map[desk.ID][]desk.ID // members of those whose queues are in it
}

// row is a conversation's row, encoded for nobody in particular.
type row struct {
	conversation desk.Conversation
	json         []byte
	ownership    ownership
}

// hydrate makes the patches of a batch, in the batch's order.
func (h *Hub) hydrate(r store.Reader, workspace desk.ID, events []desk.Event) ([]patch, error) {
	y := &hydration{
		hub: h, reader: r, workspace: workspace, customers: h.config.CustomerLinks(workspace),
		people: map[desk.ID]*desk.Member{}, rows: map[desk.ID]*row{}, teams: map[desk.ID][]desk.ID{},
	}
	if err := y.collect(events); err != nil {
		return nil, err
	}
	patches := make([]patch, len(events))
	for i, e := range events {
		p, err := y.patch(e)
		if err != nil {
			return nil, fmt.Errorf("read what event %d (%s) is about: %w", e.Seq, e.Kind, err)
		}
		patches[i] = p
	}
	return patches, nil
}

// collect reads messages, contacts and rows of the whole batch at once.
func (y *hydration) collect(events []desk.Event) error {
	var messageIDs, contactIDs, rowIDs []desk.ID
	for _, e := range events {
		if e.ConversationID != 0 && e.Kind != desk.EventVisitorTracked && !slices.Contains(rowIDs, e.ConversationID) {
			rowIDs = append(rowIDs, e.ConversationID)
		}
		if e.MessageID != 0 {
			messageIDs = append(messageIDs, e.MessageID)
		}
		if isContact(e.Kind) && e.SubjectID != 0 {
			contactIDs = append(contactIDs, e.SubjectID)
		}
	}
	y.messages = make(map[desk.ID]desk.Message, len(messageIDs))
	if len(messageIDs) > 0 {
		messages, err := y.reader.Messages().Many(messageIDs)
		if err != nil {
			return fmt.Errorf("read messages: %w", err)
		}
		for _, m := range messages {
			y.messages[m.ID] = m
		}
	}
	if len(contactIDs) > 0 {
		var err error
		if y.contacts, err = y.reader.Contacts().Many(contactIDs); err != nil {
			return fmt.Errorf("read contacts: %w", err)
		}
	}
	return y.readRows(rowIDs)
}

func isContact(k desk.EventKind) bool {
	switch k {
	case desk.EventContactCreated, desk.EventContactChanged, desk.EventContactNoteChanged, desk.EventIdentityBlocked, desk.EventIdentityUnblocked,
		desk.EventIdentityOptedOut, desk.EventIdentityOptedIn, desk.EventOptOutDismissed:
		return true
	}
	return false
}

func (y *hydration) patch(e desk.Event) (patch, error) {
	p := patch{seq: e.Seq, event: e}
	v := patchJSON{Type: "patch", Seq: e.Seq, Kind: e.Kind, SubjectID: e.SubjectID}
	rowOf := e.ConversationID
	var err error
	switch e.Kind {
	case desk.EventMessageCreated, desk.EventMessageChanged:
		err = y.message(&p, &v)
	case desk.EventConversationCreated:
		err = y.born(&p)
	case desk.EventContactCreated, desk.EventContactChanged, desk.EventContactNoteChanged, desk.EventIdentityBlocked, desk.EventIdentityUnblocked,
		desk.EventIdentityOptedOut, desk.EventIdentityOptedIn, desk.EventOptOutDismissed:
		rowOf, err = y.contact(&v)
	case desk.EventConversationRead:
		p.only = e.UserID
		v.Read = &readJSON{e.ConversationID, e.UserID, e.MessageSeq}
		err = y.memberRead(&p)
	case desk.EventCustomerRead:
		v.Seen, err = y.customerRead(e)
	case desk.EventDraftChanged:
		p.only = e.UserID
		v.Draft = &draftJSON{ConversationID: e.ConversationID}
		for _, c := range e.Changes {
			v.Draft.Mode = c.To
		}
	case desk.EventReminderChanged, desk.EventSavedViewChanged:
		p.only = e.UserID
	case desk.EventOfferChanged:
		p.only = e.UserID
		err = y.offer(&v)
	case desk.EventNotified:
		p.only = e.UserID // what it says is asked for: who may read it, the answer decides
	case desk.EventMonitored, desk.EventVisitorTracked, desk.EventExportRequested, desk.EventExportEnded, desk.EventExportDownloaded:
		p.only = nobody // frequent, and no screen shows it live
		return p, nil
	default:
		err = y.subject(&v)
	}
	if err != nil {
		return p, err
	}
	if rowOf != 0 {
		if err := y.attach(&p, &v, rowOf); err != nil {
			return p, err
		}
	}
	return p, p.encode(v)
}

// attach adds a conversation's row as it is now; one that is gone leaves the patch without.
func (y *hydration) attach(p *patch, v *patchJSON, conversation desk.ID) error {
	found, err := y.row(conversation)
	if err != nil || found == nil {
		return err
	}
	v.Conversation, p.row = found.json, &found.ownership
	return nil
}

// row is a conversation's, read with its batch; nil if the conversation is gone.
func (y *hydration) row(id desk.ID) (*row, error) {
	if _, known := y.rows[id]; !known {
		if err := y.readRows([]desk.ID{id}); err != nil {
			return nil, err
		}
	}
	return y.rows[id], nil
}

func (y *hydration) readRows(ids []desk.ID) error {
	found, err := y.reader.Conversations().Many(ids)
	if err != nil {
		return fmt.Errorf("read conversations: %w", err)
	}
	conversations := make([]desk.Conversation, 0, len(found))
	for _, id := range ids {
		y.rows[id] = nil
		if c, ok := found[id]; ok && c.TicketID != 0 { // no list has one before its first case
			conversations = append(conversations, c)
		}
	}
	views, err := view.Rows(y.reader, 0, conversations)
	if err != nil {
		return err
	}
	for i, c := range conversations {
		made := &row{conversation: c, ownership: ownership{conversation: c.ID, shown: c}}
		if made.json, err = json.Marshal(views[i]); err != nil {
			return fmt.Errorf("encode row: %w", err)
		}
		if err := y.own(&made.ownership); err != nil {
			return err
		}
		y.rows[c.ID] = made
	}
	return nil
}

// own reads what each member's part of a row is counted from.
func (y *hydration) own(o *ownership) (err error) {
	if o.inbound, err = y.reader.Conversations().InboundSeqs(o.conversation, maxInbound); err != nil {
		return fmt.Errorf("read inbound sequence: %w", err)
	}
	if o.shown.Assignee == 0 && o.shown.TeamID != 0 {
		if o.queue, err = y.team(o.shown.TeamID); err != nil {
			return err
		}
	}
	reads, err := y.reader.Conversations().ReadsOf(o.conversation)
	if err != nil {
		return fmt.Errorf("read reads: %w", err)
	}
	o.reads = make(map[desk.ID]int64, len(reads))
	for _, r := range reads {
		o.reads[r.UserID] = r.Seq
	}
	return nil
}

// team are a team's members, none of one that is gone.
func (y *hydration) team(id desk.ID) ([]desk.ID, error) {
	if members, known := y.teams[id]; known {
		return members, nil
	}
	t, err := y.reader.Teams().Get(id)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return nil, fmt.Errorf("read team: %w", err)
	}
	y.teams[id] = t.MemberIDs
	return t.MemberIDs, nil
}

func (y *hydration) message(p *patch, v *patchJSON) error {
	m, ok := y.messages[p.event.MessageID]
	if !ok {
		return nil // erased since
	}
	author, err := y.member(m.Author)
	if err != nil {
		return err
	}
	shown := view.MessageOf(m, author, y.hub.config.MemberLinks)
	v.Message = &shown
	p.quiet = p.event.Kind == desk.EventMessageCreated && m.Author.Kind.Spoken()
	seen, ok := view.WMessageOf(m, author, y.customers)
	if !ok {
		return nil
	}
	frame, err := encodeFrame(customerMessageJSON{"message", seen})
	p.seen = append(p.seen, customerNews{at: p.seq, conversation: m.ConversationID, message: m.ID, seq: m.Seq, version: m.Version, frame: frame})
	return err
}

// member finds the face of who wrote, if that is one of us.
func (y *hydration) member(a desk.Author) (view.People, error) {
	if a.ID == 0 || a.Kind != desk.AuthorHuman && a.Kind != desk.AuthorNote {
		return nil, nil
	}
	known, ok := y.people[a.ID]
	if !ok {
		m, err := y.reader.Members().Get(a.ID)
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return nil, fmt.Errorf("read member: %w", err)
		}
		if err == nil {
			known = &m
		}
		y.people[a.ID] = known
	}
	if known == nil {
		return nil, nil
	}
	return view.People{a.ID: *known}, nil
}

// born tells the customer's browser that its conversation is there.
func (y *hydration) born(p *patch) error {
	found, err := y.row(p.event.ConversationID)
	if err != nil || found == nil {
		return err
	}
	identity, err := y.reader.Contacts().Identity(found.conversation.IdentityID)
	if err != nil {
		return fmt.Errorf("read identity: %w", err)
	}
	p.seen = append(p.seen, customerNews{at: p.seq, conversation: found.conversation.ID, born: &identity})
	return nil
}

// contact adds a contact and names the conversation it was active in last: its row shows the name.
func (y *hydration) contact(v *patchJSON) (rowOf desk.ID, err error) {
	c, ok := y.contacts[v.SubjectID]
	if !ok {
		return 0, nil
	}
	shown, err := view.ReadContact(y.reader, c)
	if err != nil {
		return 0, err
	}
	v.Contact = &shown
	threads, err := y.reader.Conversations().OfContact(c.ID)
	if err != nil || len(threads) == 0 {
		return 0, err
	}
	return threads[0].ID, nil
}

// offer adds an offer as it is; one of a ticket that waits no more is gone.
func (y *hydration) offer(v *patchJSON) error {
	o, err := y.reader.Routing().Offer(v.SubjectID)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read offer: %w", err)
	}
	shown := view.OfferOf(o)
	v.Offer = &shown
	return nil
}

// memberRead tells the customer's browser when who has the case reads (G2.8).
func (y *hydration) memberRead(p *patch) error {
	found, err := y.row(p.event.ConversationID)
	if err != nil || found == nil || found.conversation.Assignee != p.event.UserID {
		return err
	}
	frame, err := encodeFrame(map[string]any{"type": "read", "seq": p.event.MessageSeq})
	p.seen = append(p.seen, customerNews{at: p.seq, conversation: p.event.ConversationID, frame: frame})
	return err
}

func (y *hydration) customerRead(e desk.Event) (*seenJSON, error) {
	read, err := y.reader.Conversations().CustomerRead(e.ConversationID)
	if err != nil {
		return nil, fmt.Errorf("read how far the customer read: %w", err)
	}
	return &seenJSON{e.ConversationID, read.Seq}, nil
}

// subject adds the member, team, tag or channel that an event is about; a deleted one leaves subject_id alone.
func (y *hydration) subject(v *patchJSON) error {
	var err error
	switch v.Kind {
	case desk.EventMemberChanged, desk.EventAvailabilityChanged:
		var m desk.Member
		var p desk.Presence
		if m, err = y.reader.Members().Get(v.SubjectID); err == nil {
			if p, err = y.reader.Members().Presence(v.SubjectID); err == nil {
				shown := view.MemberOf(m, p, y.hub.now(), y.hub.config.MemberLinks)
				v.Member = &shown
			}
		}
	case desk.EventTeamChanged:
		var t desk.Team
		if t, err = y.reader.Teams().Get(v.SubjectID); err == nil {
			shown := view.TeamOf(t)
			v.Team = &shown
		}
	case desk.EventTagChanged:
		var t desk.Tag
		if t, err = y.reader.Tags().Get(v.SubjectID); err == nil {
			shown := view.TagOf(t)
			v.Tag = &shown
		}
	case desk.EventFieldChanged:
		var f desk.Field
		if f, err = y.reader.Fields().Get(v.SubjectID); err == nil {
			shown := view.FieldOf(f)
			v.Field = &shown
		}
	case desk.EventChannelChanged:
		var c desk.Channel
		if c, err = y.reader.Channels().Get(v.SubjectID); err == nil {
			shown := view.ChannelOf(c)
			shown.FilesAsLinks = y.hub.config.Channels.FilesAsLinks(c)
			v.Channel = &shown
		}
	}
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	return err
}
