package survey_test

import (
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

var (
	refused = store.Outcome{Status: desk.DeliveryFailed, Fault: &desk.MessageFault{Kind: "blocked", Code: "131026"}}
	went    = store.Outcome{Status: desk.DeliverySent, ExternalID: "x"}
)

// settles ends the attempts at what waits to go out with these outcomes, in order, and lets what follows from them happen.
func (w *world) settles(t *testing.T, outcomes ...store.Outcome) {
	t.Helper()
	for _, o := range outcomes {
		leased, err := w.store.Queue().Lease(t.Context(), "w", 1, time.Minute)
		if err != nil || len(leased) != 1 {
			t.Fatalf("leased %d: %v", len(leased), err)
		}
		must(t, w.store.Queue().Settle(t.Context(), leased[0], o))
	}
	w.round(t)
}

// again is what a member does about the last thing that an automation said.
func (w *world) again(t *testing.T, conversation desk.ID) {
	t.Helper()
	said, _ := w.thread(t, conversation)
	_, err := w.members.Retry(t.Context(), member(aoi, "Aoi"), said[len(said)-1].ID)
	must(t, err)
	w.round(t)
}

func TestAQuestionThatDidNotArrive(t *testing.T) { // B4.1, G7.2
	each(t, func(t *testing.T, w *world) {
		f := w.asked(t)
		w.settles(t, went, refused)
		if s := w.survey(t, f.Ticket.ID); s.State != desk.SurveyFailed || s.Reason != "blocked" {
			t.Fatalf("%+v", s)
		}
		w.view(t, func(r store.Reader) error {
			if last, err := r.Surveys().LastSent(f.Identity.ID); err != nil || !last.IsZero() {
				t.Errorf("counts as asked at %s: %v", last, err)
			}
			return nil
		})
		w.advance(desk.SurveyOpenFor)
		must(t, w.surveys.Expire(t.Context()))
		w.hears(t, "5") // answers nothing that they know of
		_, lines := w.thread(t, f.Conversation.ID)
		if s := w.survey(t, f.Ticket.ID); s.State != desk.SurveyFailed || s.Score != 0 || slices.Contains(lines, "survey_expired") || slices.Contains(lines, "survey_interrupted") {
			t.Errorf("%+v, lines %v", s, lines)
		}
		w.resolves(t, f.Ticket.ID, desk.ReasonManual)
		if said, _ := w.thread(t, f.Conversation.ID); len(said) != 2 || said[1].Text() != question || w.survey(t, f.Ticket.ID).State != desk.SurveySent {
			t.Errorf("said %+v, %+v", said, w.survey(t, f.Ticket.ID))
		}
	})
}

func TestAQuestionThatGoesAgain(t *testing.T) { // G2.3
	each(t, func(t *testing.T, w *world) {
		f := w.asked(t)
		w.settles(t, went, store.Outcome{Status: desk.DeliveryFailed, Fault: &desk.MessageFault{Kind: "fail", Code: "expired"}})
		if s := w.survey(t, f.Ticket.ID); s.State != desk.SurveyFailed || s.Reason != "expired" {
			t.Fatalf("%+v", s)
		}
		w.advance(time.Hour)
		w.again(t, f.Conversation.ID)
		if s := w.survey(t, f.Ticket.ID); s.State != desk.SurveySent || s.Reason != "" || !s.ExpiresAt.Equal(w.Now().Add(desk.SurveyOpenFor)) {
			t.Fatalf("%+v", s)
		}
		w.settles(t, refused)
		w.again(t, f.Conversation.ID)
		w.settles(t, went)
		w.hears(t, "4")
		if s := w.survey(t, f.Ticket.ID); s.Score != 4 {
			t.Errorf("%+v", s)
		}
	})
}

// What goes wrong about another message than the question, or about one that was answered, leaves the survey as it is.
func TestWhatSaysNothingAboutTheQuestion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.asked(t)
		w.settles(t, refused, went)
		if s := w.survey(t, f.Ticket.ID); s.State != desk.SurveySent {
			t.Fatalf("the reply before it: %+v", s)
		}
		w.hears(t, "10")
		w.settles(t, refused)
		if s := w.survey(t, f.Ticket.ID); s.State != desk.SurveySent {
			t.Fatalf("the hint: %+v", s)
		}
		w.hears(t, "3")
		w.settles(t, refused)
		if s := w.survey(t, f.Ticket.ID); s.State != desk.SurveyAnswered || s.Score != 3 {
			t.Fatalf("the thank-you: %+v", s)
		}
	})
}
