package inbound_test

import (
	"slices"
	"testing"

	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/store"
)

func (w *world) ticket(t *testing.T, id desk.ID) (ticket desk.Ticket) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) {
		ticket, err = r.Tickets().Get(id)
		return err
	})
	return ticket
}

func TestKeywordsEndAndBegin(t *testing.T) { // B3.7, B3.8, B3.14
	each(t, func(t *testing.T, w *world) {
		say := func(id, text string) { w.hook(t, testchannel.Event{ID: id, Type: "message", From: "u1", Text: text}) }
		f := w.hello(t)
		standing := func() desk.Standing { return w.identity(t, f.Identity.ID).Standing }
		say("k1", "ＳＴＯＰ")
		if s := standing(); s.OptedOutAt.IsZero() || s.OptOutBy != "stop" || s.Marketing != desk.MarketingStopped || s.LastIn != "k1" {
			t.Errorf("opted out: %+v", s)
		}
		if k := w.ticket(t, f.Ticket.ID); k.Status != desk.StatusResolved || k.Reason != desk.ReasonOptOut {
			t.Errorf("the case: %+v", k)
		}
		say("k2", "停止")
		if s := standing(); s.OptOutBy != "stop" {
			t.Errorf("the first time counts: %+v", s)
		}
		say("k3", "HELP")
		say("k4", "yes") // opts in who is out
		if s := standing(); !s.OptedOutAt.IsZero() {
			t.Errorf("opted in: %+v", s)
		}
		if k := w.ticket(t, f.Ticket.ID); k.Status != desk.StatusResolved || k.ReopenedCount != 0 {
			t.Errorf("a keyword reopened the case: %+v", k)
		}
		want := []string{"ticket_opened", "opted_out", "resolved", "opted_in"}
		if got := w.lines(t, f.Conversation.ID); !slices.Equal(got, want) {
			t.Errorf("lines %v", got)
		}
		w.view(t, func(r store.Reader) error {
			all, err := r.Messages().After(f.Conversation.ID, 0, 100)
			c, _ := r.Conversations().Get(f.Conversation.ID)
			if len(all) != 5+len(want) || c.Status != desk.StatusResolved || c.Preview.Text != "yes" || c.LastSeq != int64(len(all)) {
				t.Errorf("%d in the thread, row %+v", len(all), c)
			}
			return err
		})
		say("k5", "yes") // an answer like any other now
		if k := w.ticket(t, f.Ticket.ID); k.Status == desk.StatusResolved {
			t.Error("an answer was taken for a keyword")
		}
		say("k6", "STOP please")
		if s := standing(); s.SuspectedAt.IsZero() || !s.OptedOutAt.IsZero() {
			t.Errorf("in other words (B3.6): %+v", s)
		}
	})
}

func TestKeywordsOpenNothing(t *testing.T) { // B3.9
	each(t, func(t *testing.T, w *world) {
		for range 2 {
			w.hook(t, testchannel.Event{ID: "k1", Type: "message", From: "u9", Text: "stop"})
		}
		if rows := w.conversations(t); len(rows) != 0 {
			t.Errorf("opened: %+v", rows)
		}
		f := w.hook(t, testchannel.Event{ID: "in1", Type: "message", From: "u9", Text: "one more question"})[0]
		if f.Ticket.Status != desk.StatusQueued || f.Identity.Standing.OptedOutAt.IsZero() {
			t.Errorf("B3.17: %+v, %+v", f.Ticket, f.Identity.Standing)
		}
		before := w.service.Counts()
		w.hook(t, testchannel.Event{ID: "s1", Type: "standing", From: "u9", Is: "opted_out"})
		if after := w.service.Counts(); after.News != before.News+1 || w.ticket(t, f.Ticket.ID).Reason != desk.ReasonOptOut {
			t.Errorf("the provider's word: %+v", w.ticket(t, f.Ticket.ID))
		}
	})
}

// TestAnOptOutHoldsOnTheBrandsOtherNumbers is B3.10, whether the person wrote there before or only afterwards.
func TestAnOptOutHoldsOnTheBrandsOtherNumbers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		say := func(id, account, from, text string) inbound.Filed {
			t.Helper()
			taken, err := w.service.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: test, Request: testchannel.Webhook(secret,
				testchannel.Event{ID: id, Account: account, Type: "message", From: from, Text: text, World: true})})
			must(t, err)
			if len(taken.Messages) != 1 {
				t.Fatalf("%d messages", len(taken.Messages))
			}
			return taken.Messages[0]
		}
		say("1", "a1", "+81901", "to the first")
		second := say("2", "a2", "+81901", "to the second")
		say("3", "a1", "+81901", "STOP")
		if s := w.identity(t, second.Identity.ID).Standing; s.OptedOutAt.IsZero() || s.OptOutBy != "stop" {
			t.Errorf("the number they had written to: %+v", s)
		}
		other := say("4", "a2", "+81902", "somebody else")
		if s := w.identity(t, other.Identity.ID).Standing; !s.OptedOutAt.IsZero() {
			t.Errorf("somebody else: %+v", s)
		}
		say("5", "a1", "+81903", "hello")
		say("6", "a1", "+81903", "STOP")
		later := say("7", "a2", "+81903", "one more question")
		if s := w.identity(t, later.Identity.ID).Standing; s.OptedOutAt.IsZero() {
			t.Errorf("a number they had not written to: %+v", s)
		}
	})
}
