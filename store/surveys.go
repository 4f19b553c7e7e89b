package store

import (
	"time"

	"madoguchi/desk"
)

// SurveyReader reads surveys (B4).
type SurveyReader interface {
	Get(id desk.ID) (desk.Survey, error)
	OfTicket(ticket desk.ID) (desk.Survey, error)
	// OfTickets are the surveys of many tickets, by ticket: a statement per fifty. One without is not in the map.
	OfTickets(tickets []desk.ID) (map[desk.ID]desk.Survey, error)
	// LastSent is when an identity was last sent one that arrived as far as anybody knows, zero if never.
	LastSent(identity desk.ID) (time.Time, error)
	// Overdue are those that were sent and whose time is over by now, longest first.
	Overdue(limit int) ([]desk.Survey, error)
}

// SurveyWriter changes surveys.
type SurveyWriter interface {
	Put(desk.Survey) error // "survey_exists" (conflict) for a second one of a ticket (B4.1)
}

// InterruptSurvey ends a case's open survey because the conversation goes on (B4.6, B4.7), and reports whether it was unanswered:
// the thread says so then.
func InterruptSurvey(tx Tx, ticket desk.ID, by desk.Actor) (unanswered bool, err error) {
	s, err := tx.Surveys().OfTicket(ticket)
	if desk.KindOf(err) == desk.KindNotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	was := s
	if !s.Interrupt(tx.Now()) {
		return false, nil
	}
	if err := tx.WriteSurveys().Put(s); err != nil {
		return false, err
	}
	tx.Emit(desk.SurveyEvent(was, s, "", by, tx.Now()))
	return s.State == desk.SurveyInterrupted, nil
}
