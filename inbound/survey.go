package inbound

import (
	"cmp"
	"fmt"
	"strconv"

	"madoguchi/desk"
	"madoguchi/store"
)

// toSurvey takes the message in hand for an answer to the survey about its case, if one is open and it is one (B4.3 to B4.6): it
// comes after keywords (B3.7) and moves no case. Any other message ends the survey.
func (f *filing) toSurvey(t desk.Ticket) (bool, error) {
	if t.ResolvedAt.IsZero() { // surveys follow a resolution
		return false, nil
	}
	s, err := f.tx.Surveys().OfTicket(t.ID)
	if desk.KindOf(err) == desk.KindNotFound {
		return false, nil
	}
	if err != nil || !s.Open(f.now) {
		return false, err
	}
	was := s
	if !f.suspicious(f.Identity.Standing) { // a person reads it (B3.6)
		text := onlyText(f.in.Parts)
		f.answer = s.Hear(cmp.Or(desk.ChosenRating(f.in.Choice), f.channel.Automation.SurveyDesign.Picked(text), text), f.now)
	}
	f.Ticket = t
	if f.answer == "" {
		return false, f.interrupt()
	}
	if err := f.tx.WriteSurveys().Put(s); err != nil {
		return false, fmt.Errorf("put survey: %w", err)
	}
	f.tx.Emit(desk.SurveyEvent(was, s, f.answer, f.actor(), f.now))
	f.score = s.Score
	return true, nil
}

// onlyText is what a message without anything else says.
func onlyText(parts []desk.Part) string {
	for _, p := range parts {
		if p.Kind != desk.PartText {
			return ""
		}
	}
	return desk.Message{Parts: parts}.Text()
}

// interrupt ends the survey of the case in hand.
func (f *filing) interrupt() error {
	unanswered, err := store.InterruptSurvey(f.tx, f.Ticket.ID, f.actor())
	if err != nil || !unanswered {
		return err
	}
	return f.line("survey_interrupted", nil)
}

// tellAnswer says in the thread what the message was taken for: a case that stays resolved needs a reason.
func (f *filing) tellAnswer() error {
	switch f.answer {
	case desk.AnswerRating:
		return f.line("survey_rated", map[string]string{"score": strconv.Itoa(f.score)})
	case desk.AnswerComment:
		return f.line("survey_commented", nil)
	}
	return nil
}
