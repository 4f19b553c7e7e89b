package search_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"madoguchi/bus/membus"
	"madoguchi/desk"
	"madoguchi/search"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

type opener = func(...storetest.Option) store.Store

// world is a workspace with two channels and an indexer.
type world struct {
	t         testing.TB
	s         store.Store
	x         *search.Indexer
	workspace desk.ID
	user      desk.ID
	channels  [2]desk.ID
}

const workspace = desk.ID(7)

func newWorld(t testing.TB, s store.Store) *world {
	t.Helper()
	w := &world{t: t, s: s, workspace: workspace}
	w.x = search.New(search.Config{Store: s, Bus: membus.New(), Log: slog.New(slog.DiscardHandler)})
	w.update(func(tx store.Tx) error {
		w.user = tx.NewID()
		err := all(
			tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "窓口", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", CreatedAt: tx.Now()}),
			tx.WriteAccounts().PutUser(desk.User{ID: w.user, Email: "u@example.jp", CreatedAt: tx.Now()}),
			tx.WriteMembers().Put(desk.Member{UserID: w.user, Role: desk.RoleAgent, Active: true, CreatedAt: tx.Now()}))
		for i := range w.channels {
			w.channels[i] = tx.NewID()
			err = all(err, tx.WriteChannels().Put(desk.Channel{ID: w.channels[i], Kind: "webchat", Account: fmt.Sprint(i), State: desk.ChannelActive, CreatedAt: tx.Now()}))
		}
		return err
	})
	return w
}

// all is the first error.
func all(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *world) update(fn func(tx store.Tx) error) {
	w.t.Helper()
	if err := w.s.Update(w.t.Context(), workspace, fn); err != nil {
		w.t.Fatalf("update: %v", err)
	}
}

// person is a contact with a conversation on a channel.
func (w *world) person(tx store.Tx, channel int, c desk.Contact) (desk.Conversation, error) {
	c.ID, c.CreatedAt, c.Version = tx.NewID(), tx.Now(), 1
	identity := desk.Identity{ID: tx.NewID(), ContactID: c.ID, ChannelID: w.channels[channel], Kind: "webchat", Scope: "x", ExternalID: c.ID.String(), CreatedAt: tx.Now()}
	number, err := tx.WriteWorkspaces().NextTicketNumber()
	row := desk.Conversation{ID: tx.NewID(), ChannelID: w.channels[channel], IdentityID: identity.ID, ContactID: c.ID, CreatedAt: tx.Now(), LastActivityAt: tx.Now(), Version: 1}
	ticket := desk.OpenTicket(tx.NewID(), number, row, 0, tx.Now())
	row.Follow(ticket)
	tx.Emit(desk.Event{Kind: desk.EventContactCreated, At: tx.Now(), SubjectID: c.ID})
	tx.Emit(desk.Event{Kind: desk.EventConversationCreated, At: tx.Now(), ConversationID: row.ID, SubjectID: c.ID})
	return row, all(err, tx.WriteContacts().Put(c), tx.WriteContacts().PutIdentity(identity), tx.WriteConversations().Put(row), tx.WriteTickets().Put(ticket))
}

func (w *world) newPerson(channel int, c desk.Contact) (row desk.Conversation) {
	w.t.Helper()
	w.update(func(tx store.Tx) (err error) {
		row, err = w.person(tx, channel, c)
		return err
	})
	return row
}

// say writes a message of the customer's; change may make another of it.
func (w *world) say(tx store.Tx, row desk.Conversation, text string, change func(*desk.Message)) (desk.Message, error) {
	m := desk.Message{ID: tx.NewID(), ConversationID: row.ID, TicketID: row.TicketID, Author: desk.Author{Kind: desk.AuthorCustomer, ID: row.ContactID},
		Parts: []desk.Part{{Kind: desk.PartText, Text: text}}, At: tx.Now(), ReceivedAt: tx.Now()}
	if change != nil {
		change(&m)
	}
	tx.Emit(desk.Event{Kind: desk.EventMessageCreated, At: tx.Now(), ConversationID: row.ID, MessageID: m.ID})
	return m, tx.WriteMessages().Add(&m)
}

func (w *world) said(row desk.Conversation, text string, change func(*desk.Message)) (m desk.Message) {
	w.t.Helper()
	w.update(func(tx store.Tx) (err error) {
		m, err = w.say(tx, row, text, change)
		return err
	})
	return m
}

func asNote(m *desk.Message) { m.Author = desk.Author{Kind: desk.AuthorNote, ID: 1} }

func at(when time.Time) func(*desk.Message) { return func(m *desk.Message) { m.At = when } }

// index lets the indexer work until there is nothing left.
func (w *world) index() {
	w.t.Helper()
	for {
		more, err := w.x.Round(w.t.Context())
		if err != nil {
			w.t.Fatalf("index: %v", err)
		}
		if !more {
			return
		}
	}
}

func (w *world) find(v search.Viewer, ask search.Request) (found search.Result) {
	w.t.Helper()
	err := w.s.View(w.t.Context(), workspace, func(r store.Reader) (err error) {
		found, err = search.Find(r, v, ask)
		return err
	})
	if err != nil {
		w.t.Fatalf("find %q: %v", ask.Text, err)
	}
	return found
}
