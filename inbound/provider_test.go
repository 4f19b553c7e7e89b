package inbound_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"madoguchi/channel"
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

func TestReceiptsProveOnePiece(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hello(t)
		d := w.reply(t, f.Conversation.ID, "out1")
		w.hook(t, testchannel.Event{ID: "r1", Type: "receipt", Message: "out1", Status: desk.DeliveryRead, Price: "0.05"})
		w.hook(t, testchannel.Event{ID: "r2", Type: "receipt", Message: "out1", Status: desk.DeliveryDelivered}) // late: never backwards
		if m := w.message(t, d.MessageID); m.Status != desk.DeliveryRead {
			t.Errorf("status %s", m.Status)
		}
		second := w.reply(t, f.Conversation.ID, "out2")
		w.hook(t, testchannel.Event{ID: "r3", Type: "receipt", Key: desk.DeliveryKey(second.ID, 0), Status: desk.DeliveryFailed, Code: string(channel.ActBlocked)})
		if m := w.message(t, second.MessageID); m.Status != desk.DeliveryFailed || m.Fault == nil || m.Fault.Code != "test_blocked" {
			t.Errorf("failed later: %+v", m)
		}
		if i := w.identity(t, f.Identity.ID); i.Standing.Unreachable.IsZero() {
			t.Error("blocked, and thought reachable (H5)")
		}
		w.view(t, func(r store.Reader) error {
			first, err := r.Messages().Delivery(d.ID)
			if first.Price == nil || first.Price.Amount != "0.05" {
				t.Errorf("price: %+v", first.Price)
			}
			return err
		})
		w.hook(t, testchannel.Event{ID: "in2", Type: "message", From: "u1", Text: "here I am"})
		if i := w.identity(t, f.Identity.ID); !i.Standing.Unreachable.IsZero() || i.Standing.LastIn != "in2" {
			t.Errorf("a sign of life: %+v", i.Standing)
		}
		before := w.service.Counts().Unrouted
		w.hook(t, testchannel.Event{ID: "r4", Type: "receipt", Message: "nobody's", Status: desk.DeliveryRead})
		w.hook(t, testchannel.Event{ID: "r5", Type: "receipt", Key: "not ours", Status: desk.DeliveryRead})
		if n := w.service.Counts().Unrouted - before; n != 2 {
			t.Errorf("%d unrouted", n)
		}
	})
}

func TestReceiptsUpToAnInstant(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hello(t)
		first := w.reply(t, f.Conversation.ID, "out1")
		w.clock.advance(time.Minute)
		seen := w.clock.Now()
		w.clock.advance(time.Minute)
		second := w.reply(t, f.Conversation.ID, "out2")
		w.hook(t, testchannel.Event{ID: "r1", Type: "receipt", From: "u1", Until: seen.UnixMilli(), Status: desk.DeliveryRead})
		if a, b := w.message(t, first.MessageID).Status, w.message(t, second.MessageID).Status; a != desk.DeliveryRead || b != desk.DeliverySent {
			t.Errorf("%s, %s", a, b)
		}
		w.hook(t, testchannel.Event{ID: "r2", Type: "receipt", From: "u1", Until: w.clock.Now().UnixMilli(), Status: desk.DeliveryDelivered})
		if a, b := w.message(t, first.MessageID).Status, w.message(t, second.MessageID).Status; a != desk.DeliveryRead || b != desk.DeliveryDelivered {
			t.Errorf("%s, %s", a, b)
		}
	})
}

func TestReceiptsOfOneAndAllBefore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hello(t)
		first, second := w.reply(t, f.Conversation.ID, "out1"), w.reply(t, f.Conversation.ID, "out2")
		third := w.reply(t, f.Conversation.ID, "out3")
		w.hook(t, testchannel.Event{ID: "r1", Type: "receipt", Message: "out2", Earlier: true, Status: desk.DeliveryRead})
		for _, want := range []struct {
			d      desk.Delivery
			status desk.DeliveryStatus
		}{{first, desk.DeliveryRead}, {second, desk.DeliveryRead}, {third, desk.DeliverySent}} {
			if got := w.message(t, want.d.MessageID).Status; got != want.status {
				t.Errorf("%s, want %s", got, want.status)
			}
		}
	})
}

func TestEchoesProveOrShow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hello(t)
		d := w.reply(t, f.Conversation.ID, "out1")
		w.hook(t, testchannel.Event{ID: "e1", Type: "echo", From: "u1", Message: "out1", Text: "our answer"})
		w.hook(t, testchannel.Event{ID: "e2", Type: "echo", From: "u1", Message: "x", Key: desk.DeliveryKey(d.ID, 0), Text: "our answer"})
		w.hook(t, testchannel.Event{ID: "e3", Type: "echo", From: "u1", Message: "phone1", Text: "from my phone"})
		w.hook(t, testchannel.Event{ID: "e4", Type: "echo", From: "u1", Message: "phone1", Text: "from my phone"}) // told twice
		w.hook(t, testchannel.Event{ID: "e5", Type: "echo", From: "u1", Message: "out9", Is: "ours", Text: "unknown"})
		w.hook(t, testchannel.Event{ID: "e6", Type: "echo", From: "stranger", Message: "out10", Text: "to nobody"})
		w.view(t, func(r store.Reader) error {
			all, err := r.Messages().After(f.Conversation.ID, f.Message.Seq, 100)
			if len(all) != 2 || all[0].Elsewhere || !all[1].Elsewhere || all[1].Text() != "from my phone" || all[1].Status != desk.DeliverySent {
				t.Errorf("thread: %+v", all)
			}
			c, _ := r.Conversations().Get(f.Conversation.ID)
			if c.Preview.Text != "from my phone" || c.WaitSince.IsZero() {
				t.Errorf("row: %+v", c)
			}
			return err
		})
		if n := w.service.Counts().Unrouted; n != 2 {
			t.Errorf("%d unrouted", n)
		}
	})
}

// TestAnEchoWithoutAKeyProvesWhatNobodyKnew: it has the words of a reply of which nobody knows whether it arrived.
func TestAnEchoWithoutAKeyProvesWhatNobodyKnew(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hello(t)
		d := w.reply(t, f.Conversation.ID, "")
		w.ended(t, store.Outcome{Status: desk.DeliveryUnknown})
		w.hook(t, testchannel.Event{ID: "e1", Type: "echo", From: "u1", Message: "other", Text: "other words"})
		if m := w.message(t, d.MessageID); m.Status != desk.DeliveryUnknown {
			t.Errorf("other words made it %s", m.Status)
		}
		w.hook(t, testchannel.Event{ID: "e2", Type: "echo", From: "u1", Message: "out1", Text: "our answer"})
		if m := w.message(t, d.MessageID); m.Status != desk.DeliverySent || m.ExternalID != "out1" {
			t.Errorf("%s as %q", m.Status, m.ExternalID)
		}
		w.hook(t, testchannel.Event{ID: "e3", Type: "echo", From: "u1", Message: "phone1", Text: "our answer"}) // the same again, by hand
		w.view(t, func(r store.Reader) error {
			all, err := r.Messages().After(f.Conversation.ID, f.Message.Seq, 100)
			if len(all) != 3 || all[0].Elsewhere || !all[1].Elsewhere || !all[2].Elsewhere {
				t.Errorf("thread: %+v", all)
			}
			return err
		})
	})
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

func TestStandingsAndTheirLines(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.hook(t, testchannel.Event{ID: "s0", Type: "standing", From: "stranger", Is: string(channel.StandingBlocked)})
		f := w.hello(t)
		for i, is := range []channel.StandingKind{channel.StandingBlocked, channel.StandingUnblocked, channel.StandingFollowed, channel.StandingMarketingStopped, channel.StandingOptedOut} {
			w.hook(t, testchannel.Event{ID: "s1" + string(is), Type: "standing", From: "u1", Is: string(is)})
			s := w.identity(t, f.Identity.ID).Standing
			if (i == 0) == s.Unreachable.IsZero() || (i >= 3) != (s.Marketing != "") || (i >= 4) == s.OptedOutAt.IsZero() {
				t.Errorf("after %s: %+v", is, s)
			}
		}
		w.hook(t, testchannel.Event{ID: "s2", Type: "standing", From: "u1", Is: string(channel.StandingMoved), To: "u2"})
		w.hook(t, testchannel.Event{ID: "in2", Type: "message", From: "u2", Text: "my new number"})
		want := []string{"ticket_opened", "customer_blocked_us", "customer_unblocked_us", "customer_followed", "marketing_stopped", "opted_out", "resolved", "customer_moved", "reopened"}
		if got := w.lines(t, f.Conversation.ID); !slices.Equal(got, want) {
			t.Errorf("lines %v", got)
		}
		w.view(t, func(r store.Reader) error {
			n, err := r.Contacts().Count()
			if n != 1 {
				t.Errorf("%d contacts", n)
			}
			return err
		})
		w.hook(t, testchannel.Event{ID: "s3", Type: "standing", From: "u3", Is: string(channel.StandingFollowed)})
		w.view(t, func(r store.Reader) error {
			_, err := r.Contacts().IdentityByKey(testchannel.Kind, "a1", "u3")
			rows, _, _ := r.Conversations().List(store.ConversationQuery{View: store.ViewAll})
			if len(rows) != 1 {
				t.Errorf("%d conversations: a follow opened one", len(rows))
			}
			return err
		})
	})
}

// TestWhereTheyCameFrom: who opens the chat by a link and writes later came by that link, with their first message only.
func TestWhereTheyCameFrom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.hook(t, testchannel.Event{ID: "s1", Type: "standing", From: "u1", Is: string(channel.StandingStarted), Link: "ref_abc"})
		first := w.hook(t, testchannel.Event{ID: "in1", Type: "message", From: "u1", Text: "hello"})[0].Message
		second := w.hook(t, testchannel.Event{ID: "in2", Type: "message", From: "u1", Text: "and"})[0].Message
		if first.Referral == nil || first.Referral.ID != "ref_abc" || second.Referral != nil {
			t.Errorf("%+v, then %+v", first.Referral, second.Referral)
		}
	})
}

// TestTheSamePersonWithANewNumber: what stays of their ids finds them, and the new number is where we write from now on.
func TestTheSamePersonWithANewNumber(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hook(t, testchannel.Event{ID: "in1", Type: "message", From: "u1", Alias: "8190", Text: "hello"})[0]
		w.hook(t, testchannel.Event{ID: "s1", Type: "standing", From: "u1", Alias: "8190", Is: string(channel.StandingMoved), To: "u1", ToAlias: "8191"})
		if now := w.identity(t, f.Identity.ID); now.ExternalID != "u1" || now.Alias != "8191" {
			t.Errorf("known as %q and %q", now.ExternalID, now.Alias)
		}
		if again := w.hook(t, testchannel.Event{ID: "in2", Type: "message", From: "8191", Text: "it is me"})[0]; again.Identity.ID != f.Identity.ID {
			t.Errorf("the new number is somebody else: %+v", again.Identity)
		}
	})
}

func TestNoticesAndTheFirstMessage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		state := func() desk.Channel {
			var c desk.Channel
			w.view(t, func(r store.Reader) (err error) {
				c, err = r.Channels().Get(test)
				return err
			})
			return c
		}
		must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
			c, err := tx.Channels().Get(test)
			c.State = desk.ChannelAwaitingTest
			c.Version++
			if err == nil {
				err = tx.WriteChannels().Put(c)
			}
			return err
		}))
		w.hello(t)
		if c := state(); c.State != desk.ChannelActive {
			t.Errorf("after the test message: %s (B1.7)", c.State)
		}
		for i, step := range []struct {
			is   channel.NoticeKind
			want desk.ChannelState
			code string
		}{
			{channel.NoticeRestricted, desk.ChannelDegraded, "c0"}, {channel.NoticeSuspended, desk.ChannelSuspended, "c1"},
			{channel.NoticeRestricted, desk.ChannelSuspended, "c2"}, {channel.NoticeInfo, desk.ChannelSuspended, "c2"}, {channel.NoticeRestored, desk.ChannelActive, ""},
		} {
			w.hook(t, testchannel.Event{ID: "n" + string(rune('0'+i)), Type: "notice", Is: string(step.is), Code: "c" + string(rune('0'+i))})
			if c := state(); c.State != step.want || c.Health.Reason != step.code {
				t.Errorf("after %s: %s because of %q", step.is, c.State, c.Health.Reason)
			}
		}
		w.hook(t, testchannel.Event{ID: "n9", Type: "notice", Is: string(channel.NoticeError), Code: "e1"})
		if c := state(); c.Health.FailedCode != "e1" || c.State != desk.ChannelActive {
			t.Errorf("an error: %+v", c)
		}
	})
}

// TestNewsOfTemplates reach every channel that has the template, and nothing older undoes what is known.
func TestNewsOfTemplates(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ours := desk.Template{ID: 71, ChannelID: test, ExternalID: "9", Name: "promo", Language: "ja", Category: "utility", Status: "pending", Body: "b", CreatedBy: 5, UpdatedAt: w.clock.Now()}
		beside := ours
		beside.ID, beside.ChannelID = 72, second
		must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
			return errors.Join(tx.WriteTemplates().Put(ours), tx.WriteTemplates().Put(beside))
		}))
		status := func(id desk.ID) (now desk.Template) {
			w.view(t, func(r store.Reader) (err error) {
				now, err = r.Templates().Get(id)
				return err
			})
			return now
		}
		tell := func(id string, at time.Time, news desk.Template) {
			w.hook(t, testchannel.Event{ID: id, Type: "notice", Is: string(channel.NoticeTemplate), At: at.UnixMilli(), Template: &news})
		}
		tell("t1", w.clock.Now(), desk.Template{ExternalID: "9", Name: "promo", Language: "ja", Status: "approved"})
		for _, id := range []desk.ID{ours.ID, beside.ID} {
			if now := status(id); now.Status != "approved" || now.Body != "b" {
				t.Errorf("approved: %+v", now)
			}
		}
		tell("t2", w.clock.Now().Add(-time.Hour), desk.Template{ExternalID: "9", Name: "promo", Language: "ja", Status: "rejected"})
		tell("t3", w.clock.Now(), desk.Template{ExternalID: "10", Name: "another", Language: "ja", Status: "approved"})
		tell("t4", w.clock.Now(), desk.Template{ExternalID: "9", Name: "promo", Language: "ja", Category: "marketing"})
		if now := status(ours.ID); now.Status != "approved" || now.Category != "marketing" {
			t.Errorf("after old news, a stranger's and a new category: %+v", now)
		}
		w.view(t, func(r store.Reader) error {
			author, err := r.Notifications().Newest(5, false, 10)
			if err != nil {
				return err
			}
			admins, err := r.Notifications().Newest(6, true, 10)
			if len(author) != 2 || author[0].Code != desk.NotifyTemplateStatus || author[0].Params["status"] != "approved" { // C3.7: once for each channel
				t.Errorf("the author was told %+v", author)
			}
			if len(admins) != 2 || admins[0].Code != desk.NotifyTemplateCategory || admins[0].Params["to"] != "marketing" { // C3.8
				t.Errorf("admins were told %+v", admins)
			}
			return err
		})
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

// TestOnePersonTwoAccounts is 0.1 and F1 where ids are the world's: a conversation with each account, one contact.
func TestOnePersonTwoAccounts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		taken, err := w.service.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: test, Request: testchannel.Webhook(secret,
			testchannel.Event{ID: "1", Account: "a1", Type: "message", From: "+819012345678", Text: "to the first", World: true},
			testchannel.Event{ID: "2", Account: "a2", Type: "message", From: "+819012345678", Text: "to the second", World: true},
			testchannel.Event{ID: "3", Account: "a1", Type: "message", From: "+819012345678", Text: "again", World: true},
		)})
		must(t, err)
		if len(taken.Messages) != 3 {
			t.Fatalf("%d messages", len(taken.Messages))
		}
		first, second, again := taken.Messages[0], taken.Messages[1], taken.Messages[2]
		if first.Conversation.ID == second.Conversation.ID || first.Conversation.ID != again.Conversation.ID || first.Conversation.ChannelID == second.Conversation.ChannelID {
			t.Errorf("conversations %d (channel %d), %d (channel %d), %d", first.Conversation.ID, first.Conversation.ChannelID, second.Conversation.ID, second.Conversation.ChannelID, again.Conversation.ID)
		}
		if first.Contact.ID != second.Contact.ID {
			t.Errorf("one person became two contacts: %d, %d", first.Contact.ID, second.Contact.ID)
		}
	})
}
