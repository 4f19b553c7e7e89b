package survey

import (
	"fmt"
	"strconv"

	"madoguchi/automate"
	"madoguchi/desk"
	"madoguchi/store"
)

// codeRecent is why somebody is not asked again so soon (B4.1).
const codeRecent = "survey_recent"

// ask sends the survey about a case that was resolved, once per case (B4.1). Where that is not allowed now it keeps why; a
// later resolution may ask then, as after a question that did not arrive. wanted asks also where the channel does not by itself (E28, E29).
func (v *visit) ask(ticket desk.ID, wanted bool) error {
	t, err := v.tx.Tickets().Get(ticket)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read ticket: %w", err)
	}
	if t.ID != v.row.TicketID || !t.Status.Resolved() || !t.Reason.Surveyed() { // it may have gone on meanwhile
		return nil
	}
	ch, err := v.tx.Channels().Get(t.ChannelID)
	if err != nil {
		return fmt.Errorf("read channel: %w", err)
	}
	if !ch.Automation.Survey && !wanted {
		return nil
	}
	was, err := v.tx.Surveys().OfTicket(ticket)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return err
	}
	if err == nil && was.State != desk.SurveySkipped && was.State != desk.SurveyFailed {
		return nil
	}
	is := desk.Survey{ID: was.ID, TicketID: ticket, ConversationID: v.row.ID, IdentityID: v.row.IdentityID, SentAt: v.tx.Now()}
	if is.ID == 0 {
		is.ID = v.tx.NewID()
	}
	if is.AgentID, err = lastReplier(v.tx, t); err != nil {
		return err
	}
	key := t.ID.String()
	if was.State == desk.SurveyFailed { // the question of then is not said again
		key += "/" + strconv.FormatInt(v.tx.Now().UnixMilli(), 10)
	}
	if is.Reason, err = v.send(t, ch, key); err != nil {
		return err
	}
	if is.Reason != "" {
		is.State = desk.SurveySkipped
		return v.keep(was, is)
	}
	is.State, is.ExpiresAt = desk.SurveySent, v.tx.Now().Add(desk.SurveyOpenFor)
	if err := v.keep(was, is); err != nil {
		return err
	}
	return v.line(ticket, "survey_sent")
}

// send says the question under a key, unless something forbids it.
func (v *visit) send(t desk.Ticket, ch desk.Channel, key string) (silent string, err error) {
	last, err := v.tx.Surveys().LastSent(v.row.IdentityID)
	if err != nil {
		return "", err
	}
	if !last.IsZero() && v.tx.Now().Before(last.Add(desk.SurveyRestFor)) {
		return codeRecent, nil
	}
	connector, err := v.service.voice.Channels.Get(ch.Kind)
	if err != nil {
		return "", err
	}
	words := automate.Words{
		Purpose: desk.PurposeSurvey, Key: key, Parts: []desk.Part{question(connector.Spec(), ch.Automation.SurveyDesign, v.language)},
	}
	said, err := v.service.voice.Update(v.tx, v.row, t, words, ch.Automation.SurveyDesign.Templates)
	return said.Silent, err
}

const messagesAtOnce = 50

// lastReplier is the member who wrote the last public reply of a case (B4.8), 0 = nobody. What was sent by another program
// is nobody's.
func lastReplier(r store.Reader, t desk.Ticket) (desk.ID, error) {
	if t.RepliedAt.IsZero() {
		return 0, nil
	}
	for before := int64(0); ; {
		page, err := r.Messages().Before(t.ConversationID, before, messagesAtOnce)
		if err != nil {
			return 0, fmt.Errorf("read the thread: %w", err)
		}
		for _, m := range page {
			if m.TicketID == t.ID && m.Author.Kind == desk.AuthorHuman && !m.Elsewhere {
				return m.Author.ID, nil
			}
			before = m.Seq
		}
		if len(page) < messagesAtOnce {
			return 0, nil
		}
	}
}
