package inbound_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/store"
)

// surveyed makes u1's conversation, whose case is resolved and about which a survey was sent.
func (w *world) surveyed(t *testing.T) inbound.Filed {
	t.Helper()
	f := w.hello(t)
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		row, err := tx.WriteConversations().Lock(f.Conversation.ID)
		if err != nil {
			return err
		}
		k, err := tx.Tickets().Get(row.TicketID)
		if err != nil {
			return err
		}
		if err := k.Resolve(desk.ReasonManual, tx.Now()); err != nil {
			return err
		}
		k.Version++
		row.Follow(k)
		row.Version++
		if err := tx.WriteTickets().Put(k); err != nil {
			return err
		}
		if err := tx.WriteConversations().Put(row); err != nil {
			return err
		}
		return tx.WriteSurveys().Put(desk.Survey{ID: tx.NewID(), TicketID: k.ID, ConversationID: row.ID, IdentityID: row.IdentityID,
			State: desk.SurveySent, SentAt: tx.Now(), ExpiresAt: tx.Now().Add(desk.SurveyOpenFor)})
	}))
	return f
}

func (w *world) survey(t *testing.T, ticket desk.ID) (s desk.Survey) {
	t.Helper()
	w.view(t, func(r store.Reader) (err error) {
		s, err = r.Surveys().OfTicket(ticket)
		return err
	})
	return s
}

// answers are what the log says that surveys were told.
func (w *world) answers(t *testing.T) (all []string) {
	t.Helper()
	events, err := w.store.Events(t.Context(), workspace, 0, 200)
	must(t, err)
	for _, e := range events {
		for _, c := range e.Changes {
			if e.Kind == desk.EventSurveyChanged && c.Field == desk.SurveyFieldAnswer {
				all = append(all, c.To)
			}
		}
	}
	return all
}

// talk lets u1 write one text after the other and says how the case stands after each.
func (w *world) talk(t *testing.T, ticket desk.ID, texts ...string) (after []desk.TicketStatus) {
	t.Helper()
	for i, text := range texts {
		w.hook(t, testchannel.Event{ID: "talk" + strconv.Itoa(i), Type: "message", From: "u1", Text: text})
		after = append(after, w.ticket(t, ticket).Status)
	}
	return after
}

func TestAnAnswerReopensNothing(t *testing.T) { // B4.5
	each(t, func(t *testing.T, w *world) {
		f := w.surveyed(t)
		w.clock.advance(time.Hour)
		resolved := []desk.TicketStatus{desk.StatusResolved, desk.StatusResolved, desk.StatusResolved, desk.StatusResolved}
		if after := w.talk(t, f.Ticket.ID, "2", "10", "99", "5です。助かりました"); !slices.Equal(after, resolved) {
			t.Errorf("the case is %v", after)
		}
		s := w.survey(t, f.Ticket.ID)
		if s.State != desk.SurveyAnswered || s.Score != 5 || s.Comment != "助かりました" || !s.Hinted || !s.AnsweredAt.Equal(w.clock.Now()) {
			t.Errorf("%+v", s)
		}
		if got := w.answers(t); !slices.Equal(got, []string{"rating", "hint", "off_scale", "rating"}) {
			t.Errorf("the log says %v", got)
		}
		if got := w.lines(t, f.Conversation.ID); !slices.Equal(got, []string{"ticket_opened", "survey_rated", "survey_rated"}) {
			t.Errorf("lines %v", got)
		}
		w.view(t, func(r store.Reader) error {
			row, err := r.Conversations().Get(f.Conversation.ID)
			if row.Status != desk.StatusResolved || row.Preview.Text != "5です。助かりました" || !row.WaitSince.IsZero() {
				t.Errorf("the row: %+v", row)
			}
			return err
		})
		if again := w.hook(t, testchannel.Event{ID: "talk0", Type: "message", From: "u1", Text: "2"})[0]; !again.Duplicate || w.survey(t, f.Ticket.ID).Score != 5 {
			t.Error("the same request again was read again")
		}
	})
}

func TestACommentAfterABareRating(t *testing.T) { // B4.5
	each(t, func(t *testing.T, w *world) {
		f := w.surveyed(t)
		w.talk(t, f.Ticket.ID, "4")
		must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
			s, err := tx.Surveys().OfTicket(f.Ticket.ID)
			if err != nil {
				return err
			}
			s.AskForComment(tx.Now())
			return tx.WriteSurveys().Put(s)
		}))
		w.clock.advance(23 * time.Hour)
		w.hook(t, testchannel.Event{ID: "c1", Type: "message", From: "u1", Text: "早かったです"})
		if s := w.survey(t, f.Ticket.ID); s.Comment != "早かったです" || w.ticket(t, f.Ticket.ID).Status != desk.StatusResolved {
			t.Errorf("%+v", s)
		}
		w.hook(t, testchannel.Event{ID: "c2", Type: "message", From: "u1", Text: "ところで返品できますか"})
		w.hook(t, testchannel.Event{ID: "c3", Type: "message", From: "u1", Text: "2"}) // two things to send back, not a rating any more
		if s := w.survey(t, f.Ticket.ID); s.State != desk.SurveyAnswered || s.Score != 4 || s.Comment != "早かったです" {
			t.Errorf("what came after: %+v", s)
		}
		if k := w.ticket(t, f.Ticket.ID); k.Status != desk.StatusQueued || k.ReopenedCount != 1 {
			t.Errorf("a message like any other: %+v", k)
		}
		want := []string{"ticket_opened", "survey_rated", "survey_commented", "reopened"}
		if got := w.lines(t, f.Conversation.ID); !slices.Equal(got, want) {
			t.Errorf("lines %v", got)
		}
	})
}

func TestWhatInterruptsASurvey(t *testing.T) { // B4.6, B4.7, B3.6 to B3.8
	for name, c := range map[string]struct {
		event  testchannel.Event
		after  time.Duration
		status desk.TicketStatus
		state  desk.SurveyState
		lines  []string
	}{
		"another message": {testchannel.Event{Type: "message", Text: "まだ届きません"}, 0, desk.StatusQueued, desk.SurveyInterrupted, []string{"survey_interrupted", "reopened"}},
		"a picture":       {testchannel.Event{Type: "message", Text: "5", File: "a.png"}, 0, desk.StatusQueued, desk.SurveyInterrupted, []string{"survey_interrupted", "reopened"}},
		"an opt-out in other words": {testchannel.Event{Type: "message", Text: "1. stop texting me"}, 0, desk.StatusQueued, desk.SurveyInterrupted,
			[]string{"survey_interrupted", "reopened"}},
		"a keyword that ends it":  {testchannel.Event{Type: "message", Text: "STOP"}, 0, desk.StatusResolved, desk.SurveyInterrupted, []string{"opted_out", "survey_interrupted"}},
		"a keyword that does not": {testchannel.Event{Type: "message", Text: "HELP"}, 0, desk.StatusResolved, desk.SurveySent, nil},
		"one of ours, elsewhere":  {testchannel.Event{Type: "echo", Message: "x1", Text: "from the phone"}, 0, desk.StatusResolved, desk.SurveyInterrupted, []string{"survey_interrupted"}},
		"a number too late":       {testchannel.Event{Type: "message", Text: "5"}, desk.SurveyOpenFor, desk.StatusQueued, desk.SurveySent, []string{"reopened"}},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				f := w.surveyed(t)
				w.clock.advance(c.after)
				event := c.event // the databases' tests run side by side
				event.ID, event.From = "next", "u1"
				w.hook(t, event)
				if s, k := w.survey(t, f.Ticket.ID), w.ticket(t, f.Ticket.ID); s.State != c.state || k.Status != c.status || s.Score != 0 {
					t.Errorf("%+v, the case is %s", s, k.Status)
				}
				if got := w.lines(t, f.Conversation.ID); !slices.Equal(got[1:], c.lines) {
					t.Errorf("lines %v", got)
				}
			})
		})
	}
}
