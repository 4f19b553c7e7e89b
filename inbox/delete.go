package inbox

import (
	"context"
	"fmt"
	"strconv"

	"madoguchi/desk"
	"madoguchi/store"
)

// Going is what goes with a contact.
type Going struct {
	Conversations, Tickets, OpenTickets, Messages, Notes int64
}

// WhatGoes counts what a deletion of a contact takes along, before anybody confirms it.
func WhatGoes(r store.Reader, contact desk.ID) (g Going, err error) {
	if _, err := r.Contacts().Get(contact); err != nil {
		return g, err
	}
	threads, err := r.Conversations().OfContact(contact)
	if err != nil {
		return g, err
	}
	tickets, err := r.Tickets().OfContact(contact)
	if err != nil {
		return g, err
	}
	notes, err := r.Contacts().Notes(contact)
	g = Going{Conversations: int64(len(threads)), Tickets: int64(len(tickets)), Notes: int64(len(notes))}
	for _, t := range tickets {
		if !t.Status.Resolved() {
			g.OpenTickets++
		}
	}
	for _, c := range threads {
		g.Messages += c.LastSeq
	}
	return g, err
}

// DeleteContact deletes a person with all that was said: conversations, cases, files, notes, browsers. "contact_has_open_tickets"
// (conflict) while a case is open, unless open says that it may go too. What reports and the log need stays without words.
func (s *Service) DeleteContact(ctx context.Context, a Actor, contact desk.ID, open bool) error {
	err := s.store.Update(ctx, a.Workspace, func(tx store.Tx) error {
		going, err := WhatGoes(tx, contact)
		if err != nil {
			return err
		}
		if going.OpenTickets > 0 && !open {
			e := desk.Errorf(desk.KindConflict, "contact_has_open_tickets", "contact %d has %d open cases", contact, going.OpenTickets)
			e.Params = map[string]string{"count": strconv.FormatInt(going.OpenTickets, 10)}
			return e
		}
		return eraseContact(tx, a, contact)
	})
	if err != nil {
		return fmt.Errorf("delete contact: %w", err)
	}
	return nil
}

func eraseContact(tx store.Tx, a Actor, contact desk.ID) error {
	threads, err := tx.Conversations().OfContact(contact)
	if err != nil {
		return err
	}
	for _, c := range threads {
		if err := tx.WriteConversations().Delete(c.ID); err != nil {
			return fmt.Errorf("delete conversation %d: %w", c.ID, err)
		}
		tx.Emit(desk.Event{Kind: desk.EventConversationDeleted, At: tx.Now(), Actor: a.By, SubjectID: c.ID})
	}
	identities, err := tx.Contacts().Identities(contact)
	if err != nil {
		return err
	}
	for _, i := range identities {
		if err := tx.WriteContacts().DeleteIdentity(i.ID); err != nil {
			return fmt.Errorf("delete identity %d: %w", i.ID, err)
		}
	}
	if err := tx.WriteContacts().Delete(contact); err != nil {
		return err
	}
	tx.Emit(desk.Event{Kind: desk.EventContactDeleted, At: tx.Now(), Actor: a.By, SubjectID: contact})
	return nil
}

// DeleteMessage takes a message's words and files away; its place in the thread stays, so that everybody sees that
// something was said. What a provider has delivered already stays with the customer. System lines are history and stay;
// "message_on_its_way" (conflict) for one that is being sent.
func (s *Service) DeleteMessage(ctx context.Context, a Actor, message desk.ID) (desk.Message, error) {
	m, err := store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Message, error) {
		v, m, err := openMessage(tx, a, message)
		if err != nil || !m.DeletedAt.IsZero() {
			return m, err
		}
		switch {
		case m.Author.Kind == desk.AuthorSystem:
			return m, desk.Errorf(desk.KindConflict, "message_immutable", "message %d is a system line", m.ID)
		case m.Status == desk.DeliveryQueued || m.Status == desk.DeliverySending:
			return m, desk.Errorf(desk.KindConflict, "message_on_its_way", "message %d is being sent", m.ID)
		}
		err = v.forget(&m)
		return m, err
	})
	if err != nil {
		return m, fmt.Errorf("delete message: %w", err)
	}
	return m, nil
}

// forget empties a message and, if the row shows it, the row's preview.
func (v *visit) forget(m *desk.Message) error {
	m.Parts, m.Fault = nil, nil
	m.DeletedAt, m.DeletedBy = v.now, v.actor.User
	if err := v.tx.WriteMessages().DeleteAttachmentsOf(m.ID); err != nil {
		return err
	}
	if err := v.tx.WriteMessages().Update(m); err != nil {
		return err
	}
	v.tx.Emit(desk.Event{
		Kind: desk.EventMessageChanged, At: v.now, Actor: v.actor.By,
		ConversationID: v.row.ID, TicketID: m.TicketID, MessageID: m.ID, MessageSeq: m.Seq,
		Changes: []desk.Change{{Field: "deleted", To: "true"}},
	})
	if v.row.Preview.Seq != m.Seq {
		return nil
	}
	preview, err := store.LastSaid(v.tx, v.row.ID)
	if err != nil {
		return err
	}
	v.row.Preview = preview
	v.row.Version++
	return v.tx.WriteConversations().Put(v.row)
}

// DeleteTicket deletes a case with everything said in it. The conversation goes on with the case before it; without one it
// goes too.
func (s *Service) DeleteTicket(ctx context.Context, a Actor, ticket desk.ID) error {
	err := s.store.Update(ctx, a.Workspace, func(tx store.Tx) error {
		t, err := tx.Tickets().Get(ticket)
		if err != nil {
			return err
		}
		v, err := openVisit(tx, a, t.ConversationID)
		if err != nil {
			return err
		}
		return v.drop(ticket)
	})
	if err != nil {
		return fmt.Errorf("delete ticket: %w", err)
	}
	return nil
}

func (v *visit) drop(ticket desk.ID) error {
	all, err := v.tx.Tickets().OfConversation(v.row.ID)
	if err != nil {
		return err
	}
	if len(all) <= 1 {
		if err := v.tx.WriteConversations().Delete(v.row.ID); err != nil {
			return err
		}
		v.tx.Emit(desk.Event{Kind: desk.EventConversationDeleted, At: v.now, Actor: v.actor.By, SubjectID: v.row.ID})
		return nil
	}
	if err := v.tx.WriteTickets().Delete(ticket); err != nil {
		return err
	}
	for _, t := range all { // newest first
		if t.ID != ticket {
			v.row.Follow(t)
			break
		}
	}
	preview, err := store.LastSaid(v.tx, v.row.ID)
	if err != nil {
		return err
	}
	v.row.Preview = preview
	v.row.Version++
	if err := v.tx.WriteConversations().Put(v.row); err != nil {
		return err
	}
	v.tx.Emit(desk.Event{Kind: desk.EventTicketDeleted, At: v.now, Actor: v.actor.By, ConversationID: v.row.ID, SubjectID: ticket})
	return nil
}
