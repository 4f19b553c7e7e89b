package survey_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/store"
)

const question = "対応はいかがでしたか。1(不満)〜5(満足)の数字で返信してください。"

func TestAResolvedCaseIsAskedAboutOnce(t *testing.T) { // B4.1, B4.2, B4.8
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "届きません")
		w.replies(t, aoi, f.Conversation.ID, "確認しました")
		w.replies(t, ken, f.Conversation.ID, "今日届きます")
		_, err := w.members.Resolve(t.Context(), member(aoi, "Aoi"), f.Ticket.ID, desk.ReasonManual)
		must(t, err)
		var nodes sync.WaitGroup
		for range 3 {
			node := w.node()
			nodes.Go(func() {
				if err := node.Round(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		w.round(t)
		said, lines := w.thread(t, f.Conversation.ID)
		if len(said) != 1 || said[0].Text() != question || said[0].Purpose != desk.PurposeSurvey || said[0].Status != desk.DeliveryQueued || said[0].TicketID != f.Ticket.ID {
			t.Fatalf("said %+v", said)
		}
		if lines[len(lines)-1] != "survey_sent" {
			t.Errorf("lines %v", lines)
		}
		s := w.survey(t, f.Ticket.ID)
		if s.State != desk.SurveySent || s.AgentID != ken || !s.ExpiresAt.Equal(w.Now().Add(72*time.Hour)) || s.IdentityID != f.Identity.ID {
			t.Errorf("%+v", s)
		}
		if k := w.ticket(t, f.Ticket.ID); k.Status != desk.StatusResolved {
			t.Errorf("the case: %+v", k)
		}
		_, err = w.members.Reopen(t.Context(), member(aoi, "Aoi"), f.Ticket.ID)
		must(t, err)
		w.advance(25 * time.Hour)
		w.resolves(t, f.Ticket.ID, desk.ReasonManual)
		if said, _ := w.thread(t, f.Conversation.ID); len(said) != 1 {
			t.Errorf("asked %d times", len(said))
		}
	})
}

func TestWhoIsNotAsked(t *testing.T) { // 0.5, B4.1
	for name, c := range map[string]struct {
		reason desk.Reason
		before func(*testing.T, *world)
		stands func(*desk.Standing)
		why    string // "" = nothing is kept
	}{
		"spam":            {reason: desk.ReasonSpam},
		"the switch":      {before: func(t *testing.T, w *world) { w.off(t) }},
		"opted out":       {stands: func(s *desk.Standing) { s.OptedOutAt = time.Unix(1, 0) }, why: desk.CodeOptedOut},
		"suspected":       {stands: func(s *desk.Standing) { s.SuspectedAt = time.Unix(1, 0) }, why: desk.CodeSuspected},
		"cannot be found": {stands: func(s *desk.Standing) { s.Unreachable = time.Unix(1, 0) }, why: desk.CodeUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				f := w.hears(t, "届きません")
				if c.before != nil {
					c.before(t, w)
				}
				if c.stands != nil {
					w.stand(t, f, c.stands)
				}
				w.resolves(t, f.Ticket.ID, c.reason)
				said, lines := w.thread(t, f.Conversation.ID)
				s := w.survey(t, f.Ticket.ID)
				if len(said) != 0 || slices.Contains(lines, "survey_sent") || s.Reason != c.why || (c.why != "") != (s.State == desk.SurveySkipped) {
					t.Errorf("said %d, lines %v, %+v", len(said), lines, s)
				}
			})
		})
	}
}

// off turns the channel's switch off.
func (w *world) off(t *testing.T) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		c, err := tx.Channels().Get(number)
		if err != nil {
			return err
		}
		c.Automation.Survey = false
		return tx.WriteChannels().Put(c)
	})
}

func TestNobodyIsAskedTwiceADay(t *testing.T) { // B4.1
	each(t, func(t *testing.T, w *world) {
		first := w.asked(t)
		w.hears(t, "別の件です")
		w.resolves(t, first.Ticket.ID, desk.ReasonSpam) // what follows is another case
		second := w.hears(t, "もう一件")
		if second.Ticket.ID == first.Ticket.ID {
			t.Fatal("the same case")
		}
		w.resolves(t, second.Ticket.ID, desk.ReasonManual)
		if s := w.survey(t, second.Ticket.ID); s.State != desk.SurveySkipped || s.Reason != "survey_recent" {
			t.Errorf("%+v", s)
		}
		w.advance(24 * time.Hour)
		w.hears(t, "まだです")
		w.resolves(t, second.Ticket.ID, desk.ReasonManual) // what was skipped may be asked the next time
		if s := w.survey(t, second.Ticket.ID); s.State != desk.SurveySent || s.Reason != "" || s.AgentID != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestAnAnswerIsThankedFor(t *testing.T) { // B4.5
	each(t, func(t *testing.T, w *world) {
		f := w.asked(t)
		w.hears(t, "5です。助かりました")
		said, lines := w.thread(t, f.Conversation.ID)
		if len(said) != 2 || said[1].Text() != "評価をいただき、ありがとうございました。" {
			t.Fatalf("said %+v", said)
		}
		if s := w.survey(t, f.Ticket.ID); s.Score != 5 || s.Comment != "助かりました" || s.AgentID != aoi || !s.AskedAt.IsZero() {
			t.Errorf("%+v", s)
		}
		if k := w.ticket(t, f.Ticket.ID); k.Status != desk.StatusResolved || k.ReopenedCount != 0 {
			t.Errorf("the case: %+v", k)
		}
		if want := []string{"resolved", "survey_sent", "survey_rated"}; !slices.Equal(lines[len(lines)-3:], want) {
			t.Errorf("lines %v", lines)
		}
	})
}

func TestABareRatingIsAskedFor(t *testing.T) { // B4.5
	each(t, func(t *testing.T, w *world) {
		f := w.asked(t)
		w.hears(t, "2")
		said, _ := w.thread(t, f.Conversation.ID)
		if len(said) != 2 || !strings.Contains(said[1].Text(), "ご意見") || w.survey(t, f.Ticket.ID).AskedAt.IsZero() {
			t.Fatalf("said %+v", said)
		}
		w.hears(t, "4") // overwrites, and is asked about again
		w.advance(23 * time.Hour)
		w.hears(t, "返事が早かった")
		if s := w.survey(t, f.Ticket.ID); s.Score != 4 || s.Comment != "返事が早かった" {
			t.Errorf("%+v", s)
		}
		if said, _ := w.thread(t, f.Conversation.ID); len(said) != 3 || w.ticket(t, f.Ticket.ID).Status != desk.StatusResolved {
			t.Errorf("said %d, the case is %s", len(said), w.ticket(t, f.Ticket.ID).Status)
		}
		w.hears(t, "まだ届きません")
		if k := w.ticket(t, f.Ticket.ID); k.Status != desk.StatusOpen {
			t.Errorf("the case: %+v", k)
		}
	})
}

// Where the thank-you could not ask, nothing is taken for a comment.
func TestNoCommentWithoutTheQuestion(t *testing.T) { // B4.5
	each(t, func(t *testing.T, w *world) {
		f := w.asked(t)
		w.stand(t, f, func(s *desk.Standing) { s.MutedUntil = w.Now().Add(time.Hour) })
		w.hears(t, "5")
		w.hears(t, "まだ届きません")
		if s := w.survey(t, f.Ticket.ID); s.Score != 5 || s.Comment != "" || w.ticket(t, f.Ticket.ID).Status != desk.StatusOpen {
			t.Errorf("%+v", s)
		}
		if said, _ := w.thread(t, f.Conversation.ID); len(said) != 1 {
			t.Errorf("said %+v", said)
		}
	})
}

func TestOneHint(t *testing.T) { // B4.6
	each(t, func(t *testing.T, w *world) {
		f := w.asked(t)
		for _, text := range []string{"10", "0", "55"} {
			w.hears(t, text)
		}
		said, _ := w.thread(t, f.Conversation.ID)
		if len(said) != 2 || said[1].Text() != "1(不満)〜5(満足)の数字1つで返信してください。" || w.ticket(t, f.Ticket.ID).Status != desk.StatusResolved {
			t.Errorf("said %+v", said)
		}
		w.hears(t, "5")
		if s := w.survey(t, f.Ticket.ID); s.Score != 5 {
			t.Errorf("%+v", s)
		}
	})
}

func TestNobodyAnswers(t *testing.T) { // B4.7
	each(t, func(t *testing.T, w *world) {
		f := w.asked(t)
		w.advance(desk.SurveyOpenFor - time.Millisecond)
		must(t, w.surveys.Expire(t.Context()))
		if s := w.survey(t, f.Ticket.ID); s.State != desk.SurveySent {
			t.Fatalf("early: %+v", s)
		}
		w.advance(time.Millisecond)
		for range 2 {
			must(t, w.surveys.Expire(t.Context()))
		}
		_, lines := w.thread(t, f.Conversation.ID)
		if s := w.survey(t, f.Ticket.ID); s.State != desk.SurveyExpired || lines[len(lines)-1] != "survey_expired" || lines[len(lines)-2] != "survey_sent" {
			t.Errorf("%+v, lines %v", s, lines)
		}
		w.hears(t, "5")
		if w.ticket(t, f.Ticket.ID).Status != desk.StatusOpen {
			t.Error("a number after the end is a message like any other")
		}
	})
}

// A case that went on before anybody was asked is not asked about.
func TestWhatWentOnMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "届きません")
		_, err := w.members.Resolve(t.Context(), member(aoi, "Aoi"), f.Ticket.ID, desk.ReasonManual)
		must(t, err)
		_, err = w.members.Reopen(t.Context(), member(aoi, "Aoi"), f.Ticket.ID)
		must(t, err)
		w.round(t)
		if s := w.survey(t, f.Ticket.ID); s.ID != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestInTheirLanguageWithButtonsInsideTheWindow(t *testing.T) { // B4.2, G7.1
	eachOn(t, narrow{testchannel.Connector{}}, func(t *testing.T, w *world) {
		f := w.hears(t, "where is it")
		w.update(t, func(tx store.Tx) error {
			c, err := tx.Contacts().Get(f.Contact.ID)
			c.Locale = "en-GB"
			c.Version++
			if err != nil {
				return err
			}
			return tx.WriteContacts().Put(c)
		})
		w.resolves(t, f.Ticket.ID, desk.ReasonCustomerConfirmed)
		said, _ := w.thread(t, f.Conversation.ID)
		if len(said) != 1 || said[0].Parts[0].Text != "How did we do? Reply with a number from 1 (poor) to 5 (great)." || len(said[0].Parts[0].Choices) != 5 {
			t.Fatalf("said %+v", said)
		}
		w.hears(t, "★★★★") // a button comes as its label
		if s := w.survey(t, f.Ticket.ID); s.Score != 4 {
			t.Errorf("%+v", s)
		}
	})
}

func TestNotOutsideTheWindow(t *testing.T) { // G7.1
	eachOn(t, narrow{testchannel.Connector{}}, func(t *testing.T, w *world) {
		f := w.hears(t, "where is it")
		w.advance(25 * time.Hour)
		w.resolves(t, f.Ticket.ID, desk.ReasonManual)
		if s := w.survey(t, f.Ticket.ID); s.State != desk.SurveySkipped || s.Reason != desk.CodeWindow {
			t.Errorf("%+v", s)
		}
	})
}
