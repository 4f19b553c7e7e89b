package demo

import (
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// shop is where the made-up customers come from; the domain is reserved for examples.
const shop = "https://shop.example"

// thread is one story on its way into the desk: the ticket moves by the desk's own rules.
type thread struct {
	*stage
	story    story
	contact  desk.Contact
	visitor  desk.Visitor
	row      desk.Conversation
	ticket   desk.Ticket
	number   int64 // of the first ticket
	at       time.Time
	inbound  []int64 // seqs of the customer's messages
	answered bool
}

// age is how long ago the story began.
func (s story) age() time.Duration {
	age := s.Ago
	for _, step := range s.Thread {
		age += step.After
	}
	return time.Duration(age)
}

func (st *stage) play(s story, number int64) error {
	t := &thread{stage: st, story: s, number: number, at: st.now.Add(-s.age())}
	if err := t.arrive(); err != nil {
		return err
	}
	for i, step := range s.Thread {
		t.at = t.at.Add(time.Duration(step.After))
		if err := t.perform(step); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return t.finish()
}

// arrive makes the customer, their browser and the empty conversation.
func (t *thread) arrive() error {
	c := t.story.Customer
	t.contact = desk.Contact{
		ID: t.tx.NewID(), Name: c.Name, Email: c.Email, Phone: c.Phone, Locale: c.Locale, Zone: c.Zone, Fields: c.Fields,
		CreatedAt: t.at, UpdatedAt: t.at, Version: 1,
	}
	identity := desk.Identity{
		ID: t.tx.NewID(), ContactID: t.contact.ID, ChannelID: t.channel.ID, Kind: t.channel.Kind, Scope: t.channel.ID.String(),
		ExternalID: "demo-" + t.contact.ID.String(), Name: c.Name, CreatedAt: t.at,
	}
	t.visitor = desk.Visitor{
		ID: t.tx.NewID(), ChannelID: t.channel.ID, Key: identity.ExternalID, TokenHash: rand.Text(), IdentityID: identity.ID, ContactID: t.contact.ID,
		Locale: c.Locale, UserAgent: userAgent(c.Device), PageURL: shop + c.Page, PageTitle: c.Title, CreatedAt: t.at, SeenAt: t.at,
	}
	t.row = desk.Conversation{
		ID: t.tx.NewID(), ChannelID: t.channel.ID, IdentityID: identity.ID, ContactID: t.contact.ID,
		Status: desk.StatusQueued, Priority: desk.PriorityNormal, CreatedAt: t.at, Version: 1,
	}
	for _, step := range []func() error{
		func() error { return t.tx.WriteContacts().Put(t.contact) },
		func() error { return t.tx.WriteContacts().PutIdentity(identity) },
		func() error { return t.tx.WriteVisitors().Put(t.visitor) },
		func() error { return t.tx.WriteConversations().Put(t.row) },
		func() error { return t.remember(store.DemoContact, t.contact.ID) },
		t.noteContact,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (t *thread) noteContact() error {
	if t.story.Customer.Note == "" {
		return nil
	}
	return t.tx.WriteContacts().PutNote(desk.ContactNote{
		ID: t.tx.NewID(), ContactID: t.contact.ID, AuthorID: t.people[t.texts.Colleagues[0].Key].id, Body: t.story.Customer.Note,
		CreatedAt: t.at, UpdatedAt: t.at,
	})
}

func (t *thread) perform(s step) error {
	who, ours := t.people[s.Who]
	switch {
	case s.Who == "bot":
		return t.greet(s)
	case !ours && s.Who != "" && s.Who != "customer":
		return fmt.Errorf("nobody is called %q", s.Who)
	case !ours:
		return t.ask(s)
	case s.Notes != "":
		note := s
		note.Says = s.Notes
		return t.say(note, desk.Author{Kind: desk.AuthorNote, ID: who.id, Name: who.name})
	case s.Does != "":
		return t.act(s, who)
	default:
		return t.answer(s, who)
	}
}

// greet is a bot's message; a story may begin with one.
func (t *thread) greet(s step) error {
	if t.ticket.ID == 0 {
		if err := t.open(); err != nil {
			return err
		}
	}
	t.ticket.Status, t.ticket.WaitSince = desk.StatusBot, time.Time{}
	return t.say(s, desk.Author{Kind: desk.AuthorBot, Name: t.channel.Name})
}

// ask is a customer's message.
func (t *thread) ask(s step) error {
	latest := &t.ticket
	if t.ticket.ID == 0 {
		latest = nil
	}
	was := t.ticket.Status
	switch desk.CustomerWrote(latest, t.at, t.workspace.ReopenDays) {
	case desk.TicketNeeded:
		if err := t.open(); err != nil {
			return err
		}
	case desk.TicketReopened:
		if err := t.line("reopened", "by", ""); err != nil {
			return err
		}
	default:
		if was == desk.StatusSnoozed {
			if err := t.line("woke", "by", ""); err != nil {
				return err
			}
		}
	}
	return t.say(s, desk.Author{Kind: desk.AuthorCustomer, ID: t.contact.ID, Name: t.contact.Name})
}

func (t *thread) open() error {
	number := t.number
	if t.ticket.ID != 0 {
		if err := t.keepTicket(); err != nil {
			return err
		}
		var err error
		if number, err = t.tx.WriteWorkspaces().NextTicketNumber(); err != nil {
			return err
		}
	}
	team, known := t.teams[t.story.Team]
	if !known && t.story.Team != "" {
		return fmt.Errorf("no team %q", t.story.Team)
	}
	t.ticket = desk.OpenTicket(t.tx.NewID(), number, t.row, team.ID, t.at)
	if t.story.Priority != "" {
		t.ticket.Priority = desk.Priority(t.story.Priority)
	}
	for _, key := range t.story.Tags {
		id, known := t.tags[key]
		if !known {
			return fmt.Errorf("no tag %q", key)
		}
		t.ticket.TagIDs = append(t.ticket.TagIDs, id)
	}
	if err := t.keepTicket(); err != nil {
		return err
	}
	return t.line("ticket_opened", "number", strconv.FormatInt(number, 10))
}

func (t *thread) keepTicket() error {
	t.ticket.Version++
	return t.tx.WriteTickets().Put(t.ticket)
}

// answer is a public reply of a member.
func (t *thread) answer(s step, who person) error {
	assigned, err := t.ticket.HumanReplied(who.id, t.at)
	if err != nil {
		return err
	}
	if assigned {
		if err := t.assigned(who, who); err != nil {
			return err
		}
	}
	t.answered = true
	return t.say(s, desk.Author{Kind: desk.AuthorHuman, ID: who.id, Name: who.name})
}

func (t *thread) assigned(to, by person) error {
	return t.line("assigned", "assignee_id", to.id.String(), "name", to.name, "by", by.name)
}

// act is what a member does without words.
func (t *thread) act(s step, who person) error {
	switch s.Does {
	case "take":
		if err := t.ticket.AssignTo(who.id, t.at); err != nil {
			return err
		}
		return t.assigned(who, who)
	case "assign":
		to := t.people[s.To]
		if err := t.ticket.AssignTo(to.id, t.at); err != nil {
			return err
		}
		return t.assigned(to, who)
	case "transfer":
		team := t.teams[s.To]
		if err := t.ticket.TransferTo(team.ID, t.at); err != nil {
			return err
		}
		return t.line("transferred", "team_id", team.ID.String(), "name", team.Name, "by", who.name)
	case "snooze":
		until := t.now.Add(time.Duration(s.For))
		if err := t.ticket.Snooze(until, t.at); err != nil {
			return err
		}
		return t.line("snoozed", "until", until.Format("2006-01-02T15:04:05.000Z"), "by", who.name)
	case "resolve":
		if err := t.ticket.Resolve(desk.ReasonManual, t.at); err != nil {
			return err
		}
		return t.line("resolved", "by", who.name, "reason", string(desk.ReasonManual))
	}
	return fmt.Errorf("nobody knows how to %q", s.Does)
}

// say adds what somebody said, with its picture.
func (t *thread) say(s step, author desk.Author) error {
	m := desk.Message{Author: author}
	if s.Says != "" {
		m.Parts = append(m.Parts, desk.Part{Kind: desk.PartText, Text: s.Says})
	}
	file, pictured := t.pictures[s.Image]
	if pictured {
		file.ID, file.CreatedAt, file.ConversationID, file.UploadedBy = t.tx.NewID(), t.at, t.row.ID, t.visitor.ID
		m.Parts = append(m.Parts, desk.Part{Kind: file.Kind, AttachmentID: file.ID, Attachment: &file})
	}
	if len(m.Parts) == 0 { // a picture alone, and nobody to keep it
		return nil
	}
	switch {
	case author.Kind.Inbound() || author.Kind == desk.AuthorNote:
	case s.Fails != "":
		m.Status, m.Fault = desk.DeliveryFailed, &desk.MessageFault{Kind: "fail", Code: s.Fails}
	default:
		m.Status = desk.DeliverySent
	}
	if err := t.add(&m); err != nil || !pictured {
		return err
	}
	file.MessageID = m.ID
	return t.tx.WriteMessages().PutAttachment(file)
}

// line adds a system line; params come in pairs.
func (t *thread) line(code string, params ...string) error {
	values := map[string]string{}
	for i := 0; i+1 < len(params); i += 2 {
		values[params[i]] = params[i+1]
	}
	return t.add(&desk.Message{Author: desk.Author{Kind: desk.AuthorSystem}, System: &desk.SystemLine{Code: code, Params: values}})
}

func (t *thread) add(m *desk.Message) error {
	m.ID, m.ConversationID, m.TicketID = t.tx.NewID(), t.row.ID, t.ticket.ID
	m.At, m.ReceivedAt = t.at, t.at
	if m.Author.Kind.Spoken() || m.Author.Kind == desk.AuthorNote {
		m.ClientID = "demo-" + m.ID.String()
	}
	if err := t.tx.WriteMessages().Add(m); err != nil {
		return err
	}
	t.row.Said(*m)
	if m.Author.Kind.Inbound() {
		t.inbound = append(t.inbound, m.Seq)
	}
	return nil
}

// finish keeps ticket and row, who read how far, and tells the open inboxes. Nobody wrote just now, so no message
// events are emitted: they would ring at every counter.
func (t *thread) finish() error {
	if err := t.keepTicket(); err != nil {
		return err
	}
	t.row.Follow(t.ticket)
	t.row.Version++
	if err := t.tx.WriteConversations().Put(t.row); err != nil {
		return err
	}
	read := t.row.LastSeq
	if n := len(t.inbound); t.story.Unread > 0 && n > 0 {
		read = t.inbound[max(n-t.story.Unread, 0)] - 1
	}
	if err := t.tx.WriteConversations().PutRead(desk.Read{UserID: t.params.By, ConversationID: t.row.ID, Seq: read, At: t.now}); err != nil {
		return err
	}
	if seen := t.row.LastInboundSeq; t.answered && seen > 0 {
		if err := t.tx.WriteConversations().PutCustomerRead(desk.CustomerRead{ConversationID: t.row.ID, Seq: seen, At: t.at}); err != nil {
			return err
		}
	}
	t.tx.Emit(desk.Event{Kind: desk.EventContactCreated, At: t.now, Actor: t.actor(), SubjectID: t.contact.ID})
	t.tx.Emit(desk.Event{Kind: desk.EventConversationCreated, At: t.now, Actor: t.actor(), ConversationID: t.row.ID, SubjectID: t.contact.ID})
	t.tx.Emit(desk.Event{Kind: desk.EventTicketCreated, At: t.now, Actor: t.actor(), ConversationID: t.row.ID, TicketID: t.ticket.ID})
	return nil
}

func userAgent(device string) string {
	switch device {
	case "iphone":
		return "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1"
	case "android":
		return "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
	case "mac":
		return "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15"
	default:
		return "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
	}
}
