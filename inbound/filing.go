package inbound

import (
	"fmt"
	"strconv"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// crossing is how much earlier than the last activity a message may be without being called late (G2.2): providers stamp whole
// seconds and take one or two to tell us.
const crossing = 5 * time.Second

// filing is one result of a request on its way into the desk. What it does runs inside a transaction and may run again.
type filing struct {
	call      Call
	endpoint  channel.Endpoint
	workspace desk.ID
	channel   desk.Channel
	spec      channel.Spec
	key       string
	opens     *channel.Opening
	in        channel.Incoming // of a message
	final     bool             // nothing that is missing will come any more
	ownWords  []string         // the workspace's opt-out keywords, where the channel knows any
	is        desk.Keyword     // what the message is nothing but
	inherited desk.Standing    // of somebody who is known from another channel, for their new identity
	answer    desk.SurveyAnswer
	score     int // with a rating

	tx  store.Tx
	now time.Time
	Filed
}

func (f filing) file(tx store.Tx) (Filed, error) {
	f.tx, f.now = tx, tx.Now()
	id := tx.NewID()
	known, seen, err := tx.Seen(f.scope(), f.key, id)
	if err != nil {
		return Filed{}, fmt.Errorf("remember key: %w", err)
	}
	if seen {
		return f.known(known)
	}
	if err := f.findIdentity(f.in.Peer); err != nil {
		return Filed{}, err
	}
	if !f.Identity.BlockedAt.IsZero() {
		return f.hold(id)
	}
	k, word, err := f.keyword()
	if err != nil {
		return Filed{}, err
	}
	if k != "" { // before everything else (B3.7)
		err := f.command(id, k, word)
		return f.Filed, err
	}
	for _, step := range []func() error{f.findConversation, f.proveChannel, f.moveTicket} {
		if err := step(); err != nil {
			return Filed{}, err
		}
	}
	if err := f.say(id); err != nil {
		return Filed{}, err
	}
	if err := f.tellAnswer(); err != nil {
		return Filed{}, err
	}
	if !f.spec.Local {
		if err := f.stand(f.heard(f.Identity.Standing)); err != nil {
			return Filed{}, err
		}
	}
	if f.call.Also != nil {
		if err := f.call.Also(tx, &f.Filed); err != nil {
			return Filed{}, err
		}
	}
	f.Conversation.Follow(f.Ticket)
	f.Conversation.Version++
	if err := tx.WriteConversations().Put(f.Conversation); err != nil {
		return Filed{}, fmt.Errorf("put conversation: %w", err)
	}
	return f.Filed, nil
}

// findConversation holds the identity's one conversation, or begins it (0.1).
func (f *filing) findConversation() error {
	c, err := f.tx.Conversations().ByIdentity(f.Identity.ID)
	if err == nil {
		return f.lock(c.ID)
	}
	if desk.KindOf(err) != desk.KindNotFound {
		return err
	}
	f.Conversation = desk.Conversation{
		ID: f.tx.NewID(), ChannelID: f.channel.ID, IdentityID: f.Identity.ID, ContactID: f.Contact.ID,
		Status: desk.StatusQueued, Priority: desk.PriorityNormal, CreatedAt: f.now, ReplyUntil: f.Identity.Standing.ReplyUntil(),
	}
	if f.spec.Window != nil && f.Conversation.ReplyUntil.IsZero() {
		f.Conversation.ReplyUntil = f.now // nobody wrote to us yet: it begins closed
	}
	if err := f.tx.WriteConversations().Put(f.Conversation); err != nil {
		return fmt.Errorf("put conversation: %w", err)
	}
	f.tx.Emit(desk.Event{Kind: desk.EventConversationCreated, At: f.now, Actor: f.actor(), ConversationID: f.Conversation.ID, SubjectID: f.Contact.ID})
	return nil
}

// moveTicket applies the message to the latest ticket, or opens the next one (0.3, 0.4).
func (f *filing) moveTicket() error {
	var latest *desk.Ticket
	if f.Conversation.TicketID != 0 {
		t, err := f.tx.Tickets().Get(f.Conversation.TicketID)
		if err != nil {
			return fmt.Errorf("read ticket: %w", err)
		}
		if answered, err := f.toSurvey(t); err != nil || answered {
			return err
		}
		latest = &t
	}
	reopenDays := 0 // asked for only where it decides
	if latest != nil && latest.Status.Resolved() {
		w, err := f.tx.Workspaces().Current()
		if err != nil {
			return fmt.Errorf("read workspace: %w", err)
		}
		reopenDays = w.ReopenDays
	}
	was := desk.Ticket{}
	if latest != nil {
		was = *latest
	}
	action := desk.CustomerWrote(latest, f.now, reopenDays)
	f.Began = action != desk.TicketContinues
	if action == desk.TicketNeeded {
		return f.openTicket()
	}
	if err := f.stays(was, latest); err != nil {
		return err
	}
	f.Ticket = *latest
	if was.Status == f.Ticket.Status && was.WaitSince.Equal(f.Ticket.WaitSince) {
		f.Ticket = was // nothing that anybody follows changed: no write, no event
		return nil
	}
	f.Ticket.Version++
	if err := f.tx.WriteTickets().Put(f.Ticket); err != nil {
		return fmt.Errorf("put ticket: %w", err)
	}
	f.tx.Emit(desk.Event{
		Kind: desk.EventTicketChanged, At: f.now, Actor: f.actor(), ConversationID: f.Conversation.ID, TicketID: f.Ticket.ID,
		Changes: f.Ticket.ChangesFrom(was),
	})
	switch {
	case action == desk.TicketReopened:
		return f.reopened(was)
	case was.Status == desk.StatusSnoozed:
		return f.line("woke", map[string]string{"by": ""})
	}
	return nil
}

// stays leaves a case that is taken up again with whom it was with only if they still answer: who deactivates them at this instant waits,
// or is waited for (E11, E16).
func (f *filing) stays(was desk.Ticket, t *desk.Ticket) error {
	if !t.GivenFrom(was) {
		return nil
	}
	answers, err := store.StillAnswers(f.tx, t.Assignee)
	if err != nil || answers {
		return err
	}
	return t.TransferTo(0, f.now)
}

// reopened says that the case is taken up again, and whom it is not with any more.
func (f *filing) reopened(was desk.Ticket) error {
	if err := f.line("reopened", map[string]string{"by": ""}); err != nil || was.Assignee == f.Ticket.Assignee {
		return err
	}
	m, err := f.tx.Members().Get(was.Assignee)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return err
	}
	return f.line("assignee_unavailable", map[string]string{"name": m.ShownName()})
}

func (f *filing) openTicket() error {
	number, routed, err := f.tx.WriteWorkspaces().NextTicketOfCustomer()
	if err != nil {
		return fmt.Errorf("draw ticket number: %w", err)
	}
	f.Ticket = desk.OpenTicket(f.tx.NewID(), number, f.Conversation, f.channel.TeamID, f.now)
	f.Ticket.Version = 1
	rule := desk.RoutingRule{}
	if routed {
		if rule, err = f.directed(); err != nil {
			return err
		}
	}
	if err := f.returns(); err != nil {
		return err
	}
	if err := f.tx.WriteTickets().Put(f.Ticket); err != nil {
		return fmt.Errorf("put ticket: %w", err)
	}
	f.tx.Emit(desk.Event{Kind: desk.EventTicketCreated, At: f.now, Actor: f.actor(), ConversationID: f.Conversation.ID, TicketID: f.Ticket.ID})
	if err := f.line("ticket_opened", map[string]string{"number": strconv.FormatInt(number, 10)}); err != nil || rule.ID == 0 {
		return err
	}
	return f.line("routed", map[string]string{"rule": rule.Name})
}

// say adds the message itself, in its place on the screen (G2.2), with its files.
func (f *filing) say(id desk.ID) error {
	received := f.now
	if !f.spec.Local && f.endpoint.Received.Before(received) {
		received = f.endpoint.Received.Truncate(time.Millisecond)
	}
	m := desk.Message{
		ID: id, ConversationID: f.Conversation.ID, TicketID: f.Ticket.ID,
		Author: desk.Author{Kind: desk.AuthorCustomer, ID: f.Contact.ID, Name: f.Contact.Name},
		Parts:  f.in.Parts, ClientID: f.in.ClientID, ExternalID: string(f.in.ExternalID), Choice: f.in.Choice, Referral: f.referral(), QuoteRef: f.in.QuoteRef,
		Keyword: f.is, Quiet: f.in.Quiet || f.in.Keyword != "",
		At: desk.OrderTime(f.in.At, received), ProviderAt: f.in.At, ReceivedAt: received,
	}
	m.Late = !f.in.At.IsZero() && m.At.Add(crossing).Before(f.Conversation.LastActivityAt)
	var err error
	if m.ReplyToID, err = f.answered(f.in.ReplyTo); err != nil {
		return err
	}
	files, err := f.files(&m)
	if err != nil {
		return err
	}
	if err := f.tx.WriteMessages().Add(&m); err != nil {
		return fmt.Errorf("add message: %w", err)
	}
	for i := range files {
		if err := f.tx.WriteMessages().PutAttachment(files[i]); err != nil {
			return fmt.Errorf("file attachment: %w", err)
		}
	}
	f.Message = m
	f.said(m, f.actor())
	return f.fetches()
}

// fetches promises to get the files of the message in hand that the provider still keeps.
func (f *filing) fetches() error {
	for i, p := range f.Message.Parts {
		if p.MediaRef == "" || p.Media != desk.MediaFetching {
			continue
		}
		err := f.tx.WriteFetches().Put(store.MediaFetch{
			MessageID: f.Message.ID, Part: i, ConversationID: f.Conversation.ID, ChannelID: f.channel.ID, DueAt: f.now,
		})
		if err != nil {
			return fmt.Errorf("promise to fetch a file: %w", err)
		}
	}
	return nil
}

// answered is the message that the provider's id names, 0 where we do not have it.
func (f *filing) answered(external desk.ExternalID) (desk.ID, error) {
	if external == "" {
		return 0, nil
	}
	m, err := f.tx.Messages().ByExternalID(f.Conversation.ID, external)
	if desk.KindOf(err) == desk.KindNotFound {
		return 0, nil
	}
	return m.ID, err
}

// files takes the writer's own uploads that the parts name. Their kind is what the bytes are, not what the part says.
func (f *filing) files(m *desk.Message) ([]desk.Attachment, error) {
	var files []desk.Attachment
	m.Parts = append([]desk.Part(nil), m.Parts...) // the closure may run again
	for i := range m.Parts {
		if m.Parts[i].AttachmentID == 0 {
			continue
		}
		a, err := f.tx.Messages().Attachment(m.Parts[i].AttachmentID)
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return nil, err
		}
		if err != nil || a.MessageID != 0 || a.UploadedBy != f.call.Uploader {
			return nil, desk.Invalid("parts", "attachment_not_found", "no unsent upload %d of this writer", m.Parts[i].AttachmentID)
		}
		a.MessageID, a.ConversationID = m.ID, m.ConversationID
		m.Parts[i].Kind, m.Parts[i].Attachment = a.Kind, &a
		files = append(files, a)
	}
	return files, nil
}

// Line adds a system line to the thread of a filed message, after it; for Call.Also.
func (f *Filed) Line(tx store.Tx, code string, params map[string]string) error {
	m := desk.Message{
		TicketID: f.Ticket.ID, Author: desk.Author{Kind: desk.AuthorSystem}, System: &desk.SystemLine{Code: code, Params: params},
	}
	return store.AddMessage(tx, &f.Conversation, &m, desk.Actor{Kind: desk.ActorSystem})
}

func (f *filing) line(code string, params map[string]string) error {
	return f.Line(f.tx, code, params)
}

func (f *filing) said(m desk.Message, actor desk.Actor) {
	var changes []desk.Change
	if m.Keyword != "" { // automations answer by it
		changes = []desk.Change{{Field: "keyword", To: string(m.Keyword)}}
	}
	f.Conversation.Said(m)
	f.tx.Emit(desk.Event{
		Kind: desk.EventMessageCreated, At: f.now, Actor: actor,
		ConversationID: f.Conversation.ID, TicketID: f.Ticket.ID, MessageID: m.ID, MessageSeq: m.Seq, Changes: changes,
	})
}

func (f *filing) actor() desk.Actor {
	return desk.Actor{Kind: desk.ActorCustomer, ID: f.Contact.ID}
}

// scope is where the channel's dedupe keys are kept.
func (f *filing) scope() string { return "in/" + f.channel.ID.String() }
