package inbound_test

import (
	"testing"
	"time"

	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// each runs a test in a world on every database.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) { test(t, worldOn(t, open)) })
}

// hook takes an authentic request of the test channel.
func (w *world) hook(t *testing.T, events ...testchannel.Event) []inbound.Filed {
	t.Helper()
	for i := range events {
		events[i].Account = "a1"
	}
	taken, err := w.service.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: test, Request: testchannel.Webhook(secret, events...)})
	must(t, err)
	return taken.Messages
}

// hello makes u1's conversation.
func (w *world) hello(t *testing.T) inbound.Filed {
	t.Helper()
	return w.hook(t, testchannel.Event{ID: "in1", Type: "message", From: "u1", Name: "Hana", Text: "hello"})[0]
}

// reply writes to a conversation and lets the provider take it under an id, or leaves it waiting with "".
func (w *world) reply(t *testing.T, c desk.ID, external desk.ExternalID) desk.Delivery {
	t.Helper()
	d, err := store.Result(t.Context(), w.store, workspace, func(tx store.Tx) (desk.Delivery, error) {
		row, err := tx.WriteConversations().Lock(c)
		if err != nil {
			return desk.Delivery{}, err
		}
		m := desk.Message{ID: tx.NewID(), ConversationID: c, TicketID: row.TicketID, Author: desk.Author{Kind: desk.AuthorHuman, ID: 7, Name: "A"},
			Parts: []desk.Part{{Kind: desk.PartText, Text: "our answer"}}, Status: desk.DeliveryQueued, At: tx.Now(), ReceivedAt: tx.Now()}
		if err := tx.WriteMessages().Add(&m); err != nil {
			return desk.Delivery{}, err
		}
		row.Said(m)
		row.Version++
		if err := tx.WriteConversations().Put(row); err != nil {
			return desk.Delivery{}, err
		}
		d := desk.Delivery{ID: tx.NewID(), ChannelID: row.ChannelID, ConversationID: c, MessageID: m.ID, Status: desk.DeliveryQueued, NotBefore: tx.Now(), CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		return d, tx.Enqueue(&d)
	})
	must(t, err)
	if external != "" {
		w.sent(t, external)
	}
	return d
}

// sent lets the provider take what waits.
func (w *world) sent(t *testing.T, external desk.ExternalID) {
	t.Helper()
	w.ended(t, store.Outcome{Status: desk.DeliverySent, ExternalID: external})
}

// ended makes an attempt at what waits, which ends so.
func (w *world) ended(t *testing.T, o store.Outcome) {
	t.Helper()
	leased, err := w.store.Queue().Lease(t.Context(), "test", 1, time.Minute)
	must(t, err)
	if len(leased) != 1 {
		t.Fatalf("%d leased", len(leased))
	}
	must(t, w.store.Queue().MarkSending(t.Context(), leased[0], nil))
	must(t, w.store.Queue().Settle(t.Context(), leased[0], o))
}

func (w *world) message(t *testing.T, id desk.ID) (m desk.Message) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) {
		m, err = r.Messages().Get(id)
		return err
	})
	return m
}

func (w *world) identity(t *testing.T, id desk.ID) (i desk.Identity) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) {
		i, err = r.Contacts().Identity(id)
		return err
	})
	return i
}

// lines are the codes of a thread's quiet lines.
func (w *world) lines(t *testing.T, c desk.ID) (codes []string) {
	t.Helper()
	w.view(t, func(r store.Reader) error {
		all, err := r.Messages().After(c, 0, 100)
		for _, m := range all {
			if m.System != nil {
				codes = append(codes, m.System.Code)
			}
		}
		return err
	})
	return codes
}

func TestReactionsEditsAndUnsends(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hello(t)
		about := func(id, kind string, more testchannel.Event) {
			t.Helper()
			more.ID, more.Type, more.From, more.Message = id, kind, "u1", "in1"
			w.hook(t, more)
		}
		about("x1", "reaction", testchannel.Event{Emoji: "👍"})
		about("x2", "reaction", testchannel.Event{Emoji: "🎉"})
		if m := w.message(t, f.Message.ID); len(m.Reactions) != 1 || m.Reactions[0].Emoji != "🎉" || m.Reactions[0].ID != f.Contact.ID {
			t.Errorf("reactions: %+v", m.Reactions)
		}
		about("x3", "reaction", testchannel.Event{})
		about("x4", "edit", testchannel.Event{Text: "hello again"})
		about("x4b", "edit", testchannel.Event{Text: "hello again"}) // nothing changed that anybody sees
		m := w.message(t, f.Message.ID)
		if len(m.Reactions) != 0 || m.Text() != "hello again" || len(m.Editions) != 1 || m.Editions[0].Parts[0].Text != "hello" || m.EditedAt.IsZero() {
			t.Errorf("edited: %+v", m)
		}
		w.view(t, func(r store.Reader) error {
			c, err := r.Conversations().Get(f.Conversation.ID)
			if c.Preview.Text != "hello again" {
				t.Errorf("preview: %+v", c.Preview)
			}
			return err
		})
		about("x5", "unsend", testchannel.Event{})
		about("x6", "edit", testchannel.Event{Text: "too late"})
		m = w.message(t, f.Message.ID)
		if len(m.Parts) != 0 || len(m.Editions) != 0 || m.DeletedAt.IsZero() || m.DeletedBy != 0 || m.Seq != f.Message.Seq {
			t.Errorf("unsent: %+v", m)
		}
		w.view(t, func(r store.Reader) error {
			c, err := r.Conversations().Get(f.Conversation.ID)
			tickets, _ := r.Tickets().OfConversation(c.ID)
			if c.Preview.Text != "" || len(tickets) != 1 {
				t.Errorf("row %+v, %d tickets", c.Preview, len(tickets))
			}
			return err
		})
	})
}

func TestMessagesAnswerChooseAndJoin(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hello(t)
		d := w.reply(t, f.Conversation.ID, "out1")
		again := w.hook(t, testchannel.Event{ID: "in2", Type: "message", From: "u1", Alias: "+81900000001", Text: "Yes", ReplyTo: "out1", Choice: "y"})[0]
		if again.Message.ReplyToID != d.MessageID || again.Message.Choice != "y" {
			t.Errorf("answer: %+v", again.Message)
		}
		joined := w.hook(t, testchannel.Event{ID: "in3", Type: "message", From: "+81900000001", Text: "only by number now"})[0]
		if joined.Identity.ID != f.Identity.ID || joined.Conversation.ID != f.Conversation.ID {
			t.Errorf("F1: %+v is not %+v", joined.Identity, f.Identity)
		}
		if elsewhere := w.hook(t, testchannel.Event{ID: "in4", Type: "message", From: "u1", Text: "?", ReplyTo: "never heard of"})[0]; elsewhere.Message.ReplyToID != 0 {
			t.Errorf("answers %d", elsewhere.Message.ReplyToID)
		}
	})
}

func TestCustomersFilesArePromisedToBeFetched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := w.hook(t, testchannel.Event{ID: "in1", Type: "message", From: "u1", File: "pic"})[0]
	w.hook(t, testchannel.Event{ID: "x1", Type: "edit", From: "u1", Message: "in1", File: "other", Text: "a better one"})
	w.view(t, func(r store.Reader) error {
		due, err := r.Fetches().Due(10)
		if len(due) != 1 || due[0].MessageID != f.Message.ID || due[0].ChannelID != test {
			t.Errorf("promised: %+v", due)
		}
		return err
	})
}
