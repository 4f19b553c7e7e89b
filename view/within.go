package view

import (
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
)

// Viewer is whose scope bounds what is read (J2).
type Viewer struct {
	Member desk.ID
	Scope  desk.Scope
	Teams  []desk.ID // the member's
}

// Sees reports whether the viewer sees a conversation.
func (v Viewer) Sees(c desk.Conversation) bool { return v.Scope.Sees(v.Member, v.Teams, c) }

// Within is a reader that shows a member what their scope allows and nothing else: a conversation outside of it, with its
// tickets, messages and files, is not there. Contacts are everybody's, but for what they wrote while they were blocked.
func Within(r store.Reader, member desk.ID, scope desk.Scope) (store.Reader, error) {
	if scope == desk.ScopeAll || scope == "" {
		return r, nil
	}
	teams, err := r.Teams().Of(member)
	return within{r, Viewer{Member: member, Scope: scope, Teams: teams}}, err
}

type within struct {
	store.Reader
	viewer Viewer
}

func (w within) Conversations() store.ConversationReader {
	return seenConversations{w.Reader.Conversations(), w.viewer}
}

func (w within) Tickets() store.TicketReader { return seenTickets{w.Reader.Tickets(), w} }

func (w within) Messages() store.MessageReader { return seenMessages{w.Reader.Messages(), w} }

func (w within) Contacts() store.ContactReader { return seenContacts{w.Reader.Contacts(), w} }

type seenContacts struct {
	store.ContactReader
	w within
}

// HeldOfContact leaves out what would stand in conversations that the viewer does not see.
func (s seenContacts) HeldOfContact(contact desk.ID, limit int) ([]desk.HeldMessage, error) {
	all, err := s.ContactReader.HeldOfContact(contact, limit)
	if err != nil {
		return nil, err
	}
	threads, err := s.w.Conversations().OfContact(contact)
	return slices.DeleteFunc(all, func(m desk.HeldMessage) bool {
		return !slices.ContainsFunc(threads, func(c desk.Conversation) bool { return c.IdentityID == m.IdentityID })
	}), err
}

type seenConversations struct {
	store.ConversationReader
	viewer Viewer
}

func (s seenConversations) seen(c desk.Conversation, err error) (desk.Conversation, error) {
	if err == nil && !s.viewer.Sees(c) {
		return desk.Conversation{}, desk.NotFound("conversation")
	}
	return c, err
}

func (s seenConversations) Get(id desk.ID) (desk.Conversation, error) {
	return s.seen(s.ConversationReader.Get(id))
}

func (s seenConversations) ByIdentity(identity desk.ID) (desk.Conversation, error) {
	return s.seen(s.ConversationReader.ByIdentity(identity))
}

func (s seenConversations) Many(ids []desk.ID) (map[desk.ID]desk.Conversation, error) {
	all, err := s.ConversationReader.Many(ids)
	for id, c := range all {
		if !s.viewer.Sees(c) {
			delete(all, id)
		}
	}
	return all, err
}

func (s seenConversations) OfContact(contact desk.ID) ([]desk.Conversation, error) {
	all, err := s.ConversationReader.OfContact(contact)
	return slices.DeleteFunc(all, func(c desk.Conversation) bool { return !s.viewer.Sees(c) }), err
}

func (s seenConversations) List(q store.ConversationQuery) ([]desk.Conversation, string, error) {
	q.User, q.Scope, q.UserTeams = s.viewer.Member, s.viewer.Scope, s.viewer.Teams
	return s.ConversationReader.List(q)
}

func (s seenConversations) Counts(user desk.ID, teams []desk.ID) (store.ViewCounts, error) {
	return s.ConversationReader.CountsWithin(user, teams, s.viewer.Scope)
}

func (s seenConversations) CountsWithin(user desk.ID, teams []desk.ID, _ desk.Scope) (store.ViewCounts, error) {
	return s.Counts(user, teams)
}

func (s seenConversations) CountsOf(members []store.Sight) ([]store.ViewCounts, error) {
	bounded := slices.Clone(members)
	for i := range bounded {
		bounded[i].Scope = s.viewer.Scope
	}
	return s.ConversationReader.CountsOf(bounded)
}

type seenTickets struct {
	store.TicketReader
	w within
}

func (s seenTickets) seen(t desk.Ticket, err error) (desk.Ticket, error) {
	if err != nil {
		return t, err
	}
	if _, err := s.w.Conversations().Get(t.ConversationID); err != nil {
		return desk.Ticket{}, hidden(err, "ticket")
	}
	return t, nil
}

// hidden names what is not there, instead of the conversation it belongs to.
func hidden(err error, what string) error {
	if desk.KindOf(err) == desk.KindNotFound {
		return desk.NotFound(what)
	}
	return err
}

func (s seenTickets) Get(id desk.ID) (desk.Ticket, error) { return s.seen(s.TicketReader.Get(id)) }
func (s seenTickets) ByNumber(n int64) (desk.Ticket, error) {
	return s.seen(s.TicketReader.ByNumber(n))
}
func (s seenTickets) Many(ids []desk.ID) (map[desk.ID]desk.Ticket, error) {
	all, err := s.TicketReader.Many(ids)
	if err != nil {
		return nil, err
	}
	var list []desk.Ticket
	for _, t := range all {
		list = append(list, t)
	}
	list, err = s.filter(list)
	kept := make(map[desk.ID]desk.Ticket, len(list))
	for _, t := range list {
		kept[t.ID] = t
	}
	return kept, err
}

func (s seenTickets) OfConversation(conversation desk.ID) ([]desk.Ticket, error) {
	if _, err := s.w.Conversations().Get(conversation); err != nil {
		return nil, err
	}
	return s.TicketReader.OfConversation(conversation)
}

func (s seenTickets) OfContact(contact desk.ID) ([]desk.Ticket, error) {
	all, err := s.TicketReader.OfContact(contact)
	if err != nil {
		return nil, err
	}
	return s.filter(all)
}

func (s seenTickets) filter(all []desk.Ticket) ([]desk.Ticket, error) {
	seen, err := s.w.threads(len(all), func(i int) desk.ID { return all[i].ConversationID })
	return slices.DeleteFunc(all, func(t desk.Ticket) bool { return !seen[t.ConversationID] }), err
}

// threads says which of the conversations that n things belong to are seen.
func (w within) threads(n int, of func(int) desk.ID) (map[desk.ID]bool, error) {
	ids := make([]desk.ID, 0, n)
	for i := range n {
		ids = append(ids, of(i))
	}
	slices.Sort(ids)
	found, err := w.Conversations().Many(slices.Compact(ids))
	seen := make(map[desk.ID]bool, len(found))
	for id := range found {
		seen[id] = true
	}
	return seen, err
}

type seenMessages struct {
	store.MessageReader
	w within
}

func (s seenMessages) Get(id desk.ID) (desk.Message, error) {
	m, err := s.MessageReader.Get(id)
	if err != nil {
		return m, err
	}
	if _, err := s.w.Conversations().Get(m.ConversationID); err != nil {
		return desk.Message{}, hidden(err, "message")
	}
	return m, nil
}

func (s seenMessages) First(ticket desk.ID) (desk.Message, error) {
	m, err := s.MessageReader.First(ticket)
	if err != nil {
		return m, err
	}
	if _, err := s.w.Conversations().Get(m.ConversationID); err != nil {
		return desk.Message{}, hidden(err, "message")
	}
	return m, nil
}

func (s seenMessages) Many(ids []desk.ID) ([]desk.Message, error) {
	all, err := s.MessageReader.Many(ids)
	if err != nil {
		return nil, err
	}
	seen, err := s.w.threads(len(all), func(i int) desk.ID { return all[i].ConversationID })
	return slices.DeleteFunc(all, func(m desk.Message) bool { return !seen[m.ConversationID] }), err
}

func (s seenMessages) Before(conversation desk.ID, before int64, limit int) ([]desk.Message, error) {
	if _, err := s.w.Conversations().Get(conversation); err != nil {
		return nil, err
	}
	return s.MessageReader.Before(conversation, before, limit)
}

func (s seenMessages) After(conversation desk.ID, after int64, limit int) ([]desk.Message, error) {
	if _, err := s.w.Conversations().Get(conversation); err != nil {
		return nil, err
	}
	return s.MessageReader.After(conversation, after, limit)
}

// Attachment shows one that no conversation shows yet to whoever knows its id: whose it is, is for the caller to say.
func (s seenMessages) Attachment(id desk.ID) (desk.Attachment, error) {
	a, err := s.MessageReader.Attachment(id)
	if err != nil || a.MessageID == 0 || a.ConversationID == 0 {
		return a, err
	}
	if _, err := s.w.Conversations().Get(a.ConversationID); err != nil {
		return desk.Attachment{}, hidden(err, "attachment")
	}
	return a, nil
}

func (s seenMessages) AttachmentsOf(contact desk.ID, q store.AttachmentQuery) ([]desk.Attachment, string, error) {
	all, next, err := s.MessageReader.AttachmentsOf(contact, q)
	if err != nil {
		return nil, "", err
	}
	seen, err := s.w.threads(len(all), func(i int) desk.ID { return all[i].ConversationID })
	return slices.DeleteFunc(all, func(a desk.Attachment) bool { return !seen[a.ConversationID] }), next, err
}
