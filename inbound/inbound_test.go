package inbound_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

func TestFirstMessageOpensEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := w.write(t, written("v1", "c1", "返金してください"))
	if f.Duplicate || !f.Began || f.Ticket.Number != 1 || f.Ticket.Status != desk.StatusQueued || f.Ticket.TeamID != team {
		t.Errorf("filed: %+v", f)
	}
	w.view(t, func(r store.Reader) error {
		c, err := r.Conversations().Get(f.Conversation.ID)
		must(t, err)
		if c.TicketID != f.Ticket.ID || c.LastSeq != 2 || c.LastInboundSeq != 2 || c.Preview.Text != "返金してください" || !c.Waiting() || c.TeamID != team {
			t.Errorf("row: %+v", c)
		}
		messages, err := r.Messages().After(c.ID, 0, 10)
		must(t, err)
		if len(messages) != 2 || messages[0].System == nil || messages[0].System.Code != "ticket_opened" || messages[0].System.Params["number"] != "1" {
			t.Fatalf("thread: %+v", messages)
		}
		m := messages[1]
		if m.Author.Kind != desk.AuthorCustomer || m.Author.ID != f.Contact.ID || m.ClientID != "c1" || m.Text() != "返金してください" || m.Status != "" || m.Late {
			t.Errorf("message: %+v", m)
		}
		return nil
	})
	events, err := w.store.Events(t.Context(), workspace, 0, 100)
	must(t, err)
	var kinds []desk.EventKind
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	want := []desk.EventKind{desk.EventContactCreated, desk.EventConversationCreated, desk.EventTicketCreated, desk.EventMessageCreated, desk.EventMessageCreated}
	if fmt.Sprint(kinds) != fmt.Sprint(want) {
		t.Errorf("events %v, want %v", kinds, want)
	}
}

func TestSameKeyIsTheSameMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.write(t, written("v1", "c1", "hello"))
	again := w.write(t, written("v1", "c1", "hello"))
	if !again.Duplicate || again.Message.ID != first.Message.ID || again.Message.Seq != first.Message.Seq {
		t.Errorf("again: %+v", again.Message)
	}
	elsewhere := w.write(t, written("v2", "c1", "hello")) // another visitor may mint the same id
	if elsewhere.Duplicate || elsewhere.Conversation.ID == first.Conversation.ID {
		t.Errorf("another visitor: %+v", elsewhere)
	}
	if c := w.service.Counts(); c.Messages != 2 || c.Duplicates != 1 {
		t.Errorf("counts: %+v", c)
	}
}

// TestRacesEndInOneContact is F3 and the unique keys of 0.1 under load: 16 callers, each message sent twice.
func TestRacesEndInOneContact(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		racesEndInOneContact(t, worldOn(t, open))
	})
}

func racesEndInOneContact(t *testing.T, w *world) {
	var wg sync.WaitGroup
	ids := make([]desk.ID, 32)
	for i := range ids {
		wg.Go(func() {
			taken, err := w.service.Accept(t.Context(), written("v1", fmt.Sprint("c", i/2), fmt.Sprint("text ", i/2)))
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = taken.Messages[0].Message.ID
		})
	}
	wg.Wait()
	distinct := map[desk.ID]bool{}
	for i, id := range ids {
		distinct[id] = true
		if id != ids[i^1] {
			t.Errorf("message %d has two ids", i/2)
		}
	}
	if len(distinct) != 16 {
		t.Errorf("%d messages, want 16", len(distinct))
	}
	w.view(t, func(r store.Reader) error {
		contacts, _, err := r.Contacts().List(store.ContactQuery{})
		must(t, err)
		rows, _, err := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewAll}})
		must(t, err)
		if len(contacts) != 1 || len(rows) != 1 || rows[0].LastSeq != 17 {
			t.Errorf("%d contacts, %d conversations: %+v", len(contacts), len(rows), rows)
		}
		return nil
	})
}

func TestTicketFollowsTheCustomer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.write(t, written("v1", "c1", "hello"))
	codes := func() (list []string) {
		w.view(t, func(r store.Reader) error {
			messages, err := r.Messages().After(first.Conversation.ID, 0, 100)
			for _, m := range messages {
				if m.System != nil {
					list = append(list, m.System.Code)
				}
			}
			return err
		})
		return list
	}
	change := func(fn func(*desk.Ticket) error) {
		must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
			c, err := tx.WriteConversations().Lock(first.Conversation.ID)
			must(t, err)
			ticket, err := tx.Tickets().Get(c.TicketID)
			must(t, err)
			must(t, fn(&ticket))
			ticket.Version++
			must(t, tx.WriteTickets().Put(ticket))
			c.Follow(ticket)
			c.Version++
			return tx.WriteConversations().Put(c)
		}))
	}
	seven := func(active bool) {
		must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
			return tx.WriteMembers().Put(desk.Member{UserID: 7, Role: desk.RoleAgent, DisplayName: "七海", Active: active, CreatedAt: tx.Now()})
		}))
	}
	must(t, w.store.Update(t.Context(), 0, func(tx store.Tx) error {
		return tx.WriteAccounts().PutUser(desk.User{ID: 7, Email: "7@example.test", CreatedAt: tx.Now()})
	}))
	seven(true)
	// 0.3: pending and snoozed go to open, the assignee stays.
	change(func(ticket *desk.Ticket) error { _, err := ticket.HumanReplied(7, w.clock.Now()); return err })
	f := w.write(t, written("v1", "c2", "more"))
	if f.Ticket.Status != desk.StatusOpen || f.Ticket.Assignee != 7 || f.Began || !f.Conversation.Waiting() {
		t.Errorf("pending: %+v", f.Ticket)
	}
	change(func(ticket *desk.Ticket) error { return ticket.Snooze(w.clock.Now().Add(time.Hour), w.clock.Now()) })
	if f = w.write(t, written("v1", "c3", "wake up")); f.Ticket.Status != desk.StatusOpen || f.Began {
		t.Errorf("snoozed: %+v", f.Ticket)
	}
	// 0.4: resolved reopens within seven days, to its last assignee.
	change(func(ticket *desk.Ticket) error { return ticket.Resolve(desk.ReasonManual, w.clock.Now()) })
	w.clock.advance(6 * 24 * time.Hour)
	if f = w.write(t, written("v1", "c4", "again")); f.Ticket.ID != first.Ticket.ID || f.Ticket.Status != desk.StatusOpen || !f.Began || f.Ticket.ReopenedCount != 1 {
		t.Errorf("reopened: %+v", f.Ticket)
	}
	// E11: … if they still answer.
	change(func(ticket *desk.Ticket) error { return ticket.Resolve(desk.ReasonManual, w.clock.Now()) })
	seven(false)
	if f = w.write(t, written("v1", "c4b", "once more")); f.Ticket.Status != desk.StatusQueued || f.Ticket.Assignee != 0 || f.Ticket.LastAssignee != 7 {
		t.Errorf("reopened, with whom it was with gone: %+v", f.Ticket)
	}
	// … and is followed by a new one later.
	change(func(ticket *desk.Ticket) error { return ticket.Resolve(desk.ReasonManual, w.clock.Now()) })
	w.clock.advance(8 * 24 * time.Hour)
	f = w.write(t, written("v1", "c5", "something else"))
	if f.Ticket.ID == first.Ticket.ID || f.Ticket.Number != 2 || f.Ticket.Status != desk.StatusQueued || f.Conversation.ID != first.Conversation.ID || !f.Began {
		t.Errorf("next case: %+v", f.Ticket)
	}
	if got := fmt.Sprint(codes()); got != "[ticket_opened woke reopened reopened assignee_unavailable ticket_opened]" {
		t.Errorf("system lines %s", got)
	}
}

func TestOrderAndLateness(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := w.clock.Now()
	send := func(id, text string, at time.Time) desk.Message {
		t.Helper()
		taken, err := w.service.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: test,
			Request: testchannel.Webhook(secret, testchannel.Event{ID: id, Account: "a1", Type: "message", From: "u1", Name: "太郎", Text: text, At: at.UnixMilli()})})
		must(t, err)
		return taken.Messages[0].Message
	}
	if m := send("1", "now", now); m.Late || !m.At.Equal(now) || m.Author.Name != "太郎" {
		t.Errorf("in time: %+v", m)
	}
	if m := send("1a", "crossed ours", now.Add(-3*time.Second)); m.Late || !m.At.Equal(now.Add(-3*time.Second)) {
		t.Errorf("crossed: %+v", m)
	}
	if m := send("2", "late", now.Add(-4*time.Minute)); !m.Late || !m.At.Equal(now.Add(-4*time.Minute)) {
		t.Errorf("within five minutes, before the last one: %+v", m)
	}
	w.clock.advance(time.Second)
	if m := send("3", "wrong clock", now.Add(-6*time.Minute)); m.Late || !m.At.Equal(w.clock.Now()) || !m.ProviderAt.Equal(now.Add(-6*time.Minute)) {
		t.Errorf("a clock that is off does not order: %+v", m)
	}
	w.view(t, func(r store.Reader) error {
		rows, _, err := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewAll}})
		must(t, err)
		if rows[0].Preview.Text != "wrong clock" || rows[0].LastInboundSeq != 5 {
			t.Errorf("row: %+v", rows[0])
		}
		return nil
	})
}

func TestOneBatchManyAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	batch := testchannel.Webhook(secret,
		testchannel.Event{ID: "1", Account: "a1", Type: "message", From: "u1", Text: "first account"},
		testchannel.Event{ID: "1", Account: "a2", Type: "message", From: "u1", Text: "second account"},
		testchannel.Event{ID: "1", Account: "b1", Type: "message", From: "u1", Text: "another workspace"},
		testchannel.Event{ID: "2", Account: "nobody", Type: "message", From: "u1", Text: "no such account"},
		testchannel.Event{ID: "3", Account: "a1", Type: "dance"},
	)
	for range 2 {
		taken, err := w.service.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: test, Request: batch})
		must(t, err)
		if len(taken.Messages) != 3 {
			t.Fatalf("%d messages", len(taken.Messages))
		}
	}
	if c := w.service.Counts(); c.Messages != 3 || c.Duplicates != 3 || c.Unknown != 2 || c.Unrouted != 2 {
		t.Errorf("counts: %+v", c)
	}
	for ws, want := range map[desk.ID]int{workspace: 2, other: 1} {
		must(t, w.store.View(t.Context(), ws, func(r store.Reader) error {
			rows, _, err := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewAll}})
			if len(rows) != want {
				t.Errorf("workspace %d has %d conversations, want %d", ws, len(rows), want)
			}
			return err
		}))
	}
	forged := batch
	forged.Header = http.Header{}
	if _, err := w.service.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: test, Request: forged}); desk.CodeOf(err) != "forged" {
		t.Errorf("forged: %v", err)
	}
}

func TestClosedChannelsAndBlockedPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := w.write(t, written("v1", "c1", "hello"))
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		f.Identity.BlockedAt = tx.Now()
		return tx.WriteContacts().PutIdentity(f.Identity)
	}))
	w.staysHidden(t, f)
	disable := func(id desk.ID) {
		must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
			c, err := tx.Channels().Get(id)
			must(t, err)
			c.State = desk.ChannelDisabled
			c.Version++
			return tx.WriteChannels().Put(c)
		}))
	}
	disable(chat)
	if _, err := w.service.Accept(t.Context(), written("v3", "c1", "hello")); desk.CodeOf(err) != "channel_disabled" {
		t.Errorf("disabled web chat: %v", err)
	}
	disable(test) // H2: a provider is acknowledged, nothing is stored
	taken, err := w.service.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: test,
		Request: testchannel.Webhook(secret, testchannel.Event{ID: "1", Account: "a1", Type: "message", From: "u1", Text: "hello"})})
	if err != nil || len(taken.Messages) != 0 || w.service.Counts().Discarded != 1 {
		t.Errorf("disabled: %+v, %v", taken, err)
	}
}

// staysHidden writes as somebody who is blocked: taken as ever, as far as they can tell, and heard of by nobody (F12).
func (w *world) staysHidden(t *testing.T, f inbound.Filed) {
	t.Helper()
	head, err := w.store.Head(t.Context(), workspace)
	must(t, err)
	taken, err := w.service.Accept(t.Context(), written("v1", "c2", "let me in"))
	if err != nil || len(taken.Messages) != 1 || !taken.Messages[0].Held || taken.Messages[0].Message.Text() != "let me in" {
		t.Fatalf("blocked: %+v, %v", taken, err)
	}
	again, err := w.service.Accept(t.Context(), written("v1", "c2", "let me in"))
	if err != nil || !again.Messages[0].Duplicate || again.Messages[0].Message.ID != taken.Messages[0].Message.ID {
		t.Errorf("a retry of a blocked message: %+v, %v", again, err)
	}
	must(t, w.store.View(t.Context(), workspace, func(r store.Reader) error {
		c, err := r.Conversations().Get(f.Conversation.ID)
		must(t, err)
		messages, err := r.Messages().Before(c.ID, 0, 10)
		must(t, err)
		held, err := r.Contacts().HeldOfContact(c.ContactID, 10)
		must(t, err)
		if c.Version != f.Conversation.Version || len(messages) != int(f.Conversation.LastSeq) || len(held) != 1 || held[0].Parts[0].Text != "let me in" {
			t.Errorf("row %+v, %d messages, held %+v", c, len(messages), held)
		}
		return nil
	}))
	if now, err := w.store.Head(t.Context(), workspace); err != nil || now != head {
		t.Errorf("the log heard of it: %d, was %d (%v)", now, head, err)
	}
}

func TestUnknownWorkspaceOrChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := written("v1", "c1", "x")
	c.Channel = foreign
	if _, err := w.service.Accept(context.WithoutCancel(t.Context()), c); desk.KindOf(err) != desk.KindNotFound {
		t.Errorf("another workspace's channel: %v", err)
	}
}
