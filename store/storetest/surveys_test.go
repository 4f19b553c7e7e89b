package storetest_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

func TestSurveys(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		hand := newClock()
		s := open(hand.option())
		w, other := newWorld(t, s), newWorld(t, s)
		c := w.newConversation(t)
		sent := hand.now()
		v := desk.Survey{ID: 1, TicketID: 2, ConversationID: c.ID, IdentityID: c.IdentityID, AgentID: w.user, State: desk.SurveySent,
			SentAt: sent, ExpiresAt: sent.Add(desk.SurveyOpenFor)}
		put := func(tx store.Tx) error { return tx.WriteSurveys().Put(v) }
		get := func(r store.Reader) (desk.Survey, error) { return r.Surveys().Get(v.ID) }
		stored(t, w, other, "survey", put, get, v)
		v.State, v.Score, v.Comment, v.Hinted = desk.SurveyAnswered, 5, "助かりました", true
		v.AnsweredAt, v.AskedAt = sent.Add(time.Hour), sent.Add(2*time.Hour)
		stored(t, w, other, "survey", put, func(r store.Reader) (desk.Survey, error) { return r.Surveys().OfTicket(v.TicketID) }, v)

		skipped := desk.Survey{ID: 3, TicketID: 4, ConversationID: c.ID, IdentityID: c.IdentityID, State: desk.SurveySkipped, Reason: desk.CodeWindow,
			SentAt: sent.Add(time.Hour)}
		failed := skipped
		failed.ID, failed.TicketID, failed.State, failed.Reason = 9, 10, desk.SurveyFailed, "blocked"
		waits := desk.Survey{ID: 5, TicketID: 6, ConversationID: c.ID, IdentityID: 99, State: desk.SurveySent, SentAt: sent, ExpiresAt: sent.Add(time.Minute)}
		update(t, s, w.workspace, func(tx store.Tx) error {
			return all(tx.WriteSurveys().Put(skipped), tx.WriteSurveys().Put(failed), tx.WriteSurveys().Put(waits))
		})
		look := func(workspace desk.ID) (last time.Time, overdue []desk.Survey, of map[desk.ID]desk.Survey) {
			view(t, s, workspace, func(r store.Reader) (err error) {
				if last, err = r.Surveys().LastSent(c.IdentityID); err != nil {
					return err
				}
				if overdue, err = r.Surveys().Overdue(10); err != nil {
					return err
				}
				of, err = r.Surveys().OfTickets([]desk.ID{2, 4, 7})
				return err
			})
			return last, overdue, of
		}
		last, overdue, of := look(w.workspace)
		equal(t, last, sent) // a skipped one was not sent, a failed one did not arrive
		equal(t, overdue, []desk.Survey{})
		equal(t, of, map[desk.ID]desk.Survey{2: v, 4: skipped})
		hand.advance(2 * desk.SurveyOpenFor)
		_, overdue, _ = look(w.workspace)
		equal(t, overdue, []desk.Survey{waits}) // the answered one is done with
		last, overdue, of = look(other.workspace)
		equal(t, last.IsZero(), true)
		equal(t, len(overdue)+len(of), 0)

		second := v
		second.ID = 8
		err := s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteSurveys().Put(second) })
		wantKind(t, err, desk.KindConflict, "survey_exists") // B4.1
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteTickets().Delete(v.TicketID) })
		if _, _, of = look(w.workspace); len(of) != 1 {
			t.Errorf("a ticket's deletion left %v", of)
		}
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteConversations().Delete(c.ID) })
		if _, overdue, of = look(w.workspace); len(overdue)+len(of) != 0 {
			t.Errorf("the conversation's deletion left %v, %v", overdue, of)
		}
	})
}
