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
)

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
			rows, _, _ := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewAll}})
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
