package storetest_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

func TestSmoke(t *testing.T) {
	t.Parallel()
	storetest.Each(t, smoke)
}

func smoke(t *testing.T, open func(...storetest.Option) store.Store) {
	s := open()
	var ws, conv desk.ID
	err := s.Update(t.Context(), 0, func(tx store.Tx) error {
		ws = tx.NewID()
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: ws, Name: "窓口", Locale: "ja", Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), ws, func(tx store.Tx) error {
		now := tx.Now()
		ch := desk.Channel{ID: tx.NewID(), Kind: "webchat", Account: "k", State: desk.ChannelActive, CreatedAt: now}
		ct := desk.Contact{ID: tx.NewID(), Name: "客", CreatedAt: now, Version: 1}
		id := desk.Identity{ID: tx.NewID(), ContactID: ct.ID, ChannelID: ch.ID, Kind: "webchat", Scope: "s", ExternalID: "e"}
		c := desk.Conversation{ID: tx.NewID(), ChannelID: ch.ID, IdentityID: id.ID, ContactID: ct.ID, Status: desk.StatusQueued, Priority: desk.PriorityNormal, WaitSince: now, LastActivityAt: now, CreatedAt: now, Version: 1}
		conv = c.ID
		m := desk.Message{ID: tx.NewID(), ConversationID: c.ID, Author: desk.Author{Kind: desk.AuthorCustomer, ID: ct.ID}, Parts: []desk.Part{{Kind: desk.PartText, Text: "hi"}}, ClientID: "x", At: now, ReceivedAt: now}
		for _, f := range []func() error{
			func() error { return tx.WriteChannels().Put(ch) },
			func() error { return tx.WriteContacts().Put(ct) },
			func() error { return tx.WriteContacts().PutIdentity(id) },
			func() error { return tx.WriteConversations().Put(c) },
			func() error { return tx.WriteMessages().Add(&m) },
			func() error {
				return tx.Enqueue(&desk.Delivery{ID: tx.NewID(), ChannelID: ch.ID, ConversationID: c.ID, MessageID: m.ID, CreatedAt: now})
			},
		} {
			if err := f(); err != nil {
				return err
			}
		}
		tx.Emit(desk.Event{Kind: desk.EventMessageCreated, At: now, MessageID: m.ID})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []store.View{"", "mine", "unassigned", "all", "waiting", "replied", "snoozed", "resolved", "team"} {
		for _, sort := range []store.ConversationSort{"activity", "waiting", "priority"} {
			err = s.View(t.Context(), ws, func(r store.Reader) error {
				rows, _, err := r.Conversations().List(store.ConversationQuery{View: v, Sort: sort, Tags: []desk.ID{1, 2}[:len(v)%2]})
				t.Log(v, sort, len(rows))
				if err != nil {
					return err
				}
				_, err = r.Conversations().Unread(4, []desk.ID{conv})
				if err != nil {
					return err
				}
				n, err := r.Conversations().Counts(0, nil)
				t.Logf("%+v", n)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	l, err := s.Queue().Lease(t.Context(), "w", 10, time.Minute)
	if err != nil || len(l) != 1 {
		t.Fatal(l, err)
	}
	if err := s.Queue().MarkSending(t.Context(), l[0]); err != nil {
		t.Fatal(err)
	}
	if err := s.Queue().Settle(t.Context(), l[0], store.Outcome{Status: desk.DeliverySent}); err != nil {
		t.Fatal(err)
	}
	ev, err := s.Events(t.Context(), ws, 0, 10)
	t.Log(ev, err)
}
