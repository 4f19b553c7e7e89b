package desk

import (
	"slices"
	"strconv"
	"time"
)

// SurveyState is how far a survey came (B4).
type SurveyState string

// The states.
const (
	SurveySent        SurveyState = "sent"
	SurveyAnswered    SurveyState = "answered"
	SurveyInterrupted SurveyState = "interrupted" // the conversation went on without an answer (B4.6, B4.7)
	SurveyExpired     SurveyState = "expired"
	SurveySkipped     SurveyState = "skipped" // it was not sent; Reason says why
	SurveyFailed      SurveyState = "failed"  // it was sent and did not arrive; Reason says why
)

// How long a survey is answered (B4.1, B4.5, B4.7).
const (
	SurveyOpenFor    = 72 * time.Hour // numbers are answers
	SurveyCommentFor = 24 * time.Hour // after a bare rating, a text is its comment
	SurveyRestFor    = 24 * time.Hour // between two surveys to one identity
)

// Survey asks how a case was handled, and keeps the answer (B4).
type Survey struct {
	ID             ID
	TicketID       ID
	ConversationID ID
	IdentityID     ID
	AgentID        ID // whom the score is of: the member of the last public human reply (B4.8), 0 = nobody
	State          SurveyState
	Reason         string // with SurveySkipped: the code of what forbade it; with SurveyFailed: the kind of the refusal, or its code if it is of none
	Score          int    // 1 to 5, 0 = none
	Comment        string
	Hinted         bool      // they were told the scale (B4.6)
	SentAt         time.Time // when it was decided to skip it, if it was
	AnsweredAt     time.Time // of the newest rating
	AskedAt        time.Time // the thank-you asked for a comment; zero once that is over
	ExpiresAt      time.Time // until when numbers are answers
}

// SurveyAnswer is what a customer's message means to a survey.
type SurveyAnswer string

// The answers. "" is a message that has nothing to do with the survey.
const (
	AnswerRating   SurveyAnswer = "rating"
	AnswerComment  SurveyAnswer = "comment"
	AnswerHint     SurveyAnswer = "hint"      // a number off the scale, for the first time: they are told the scale
	AnswerOffScale SurveyAnswer = "off_scale" // and again: nothing happens (B4.6)
)

// Open reports whether a message may still mean something to the survey.
func (s Survey) Open(now time.Time) bool { return s.rates(now) || s.awaitsComment(now) }

func (s Survey) rates(now time.Time) bool {
	return (s.State == SurveySent || s.State == SurveyAnswered) && now.Before(s.ExpiresAt)
}

func (s Survey) awaitsComment(now time.Time) bool {
	return s.State == SurveyAnswered && s.Comment == "" && !s.AskedAt.IsZero() && now.Before(s.AnsweredAt.Add(SurveyCommentFor))
}

// Hear reads a customer's text (B4.3, B4.5, B4.6). One that is no answer leaves the survey as it is: the caller interrupts it.
func (s *Survey) Hear(text string, now time.Time) SurveyAnswer {
	r := ReadRating(text)
	switch {
	case r.Score > 0 && s.rates(now):
		s.State, s.Score, s.AnsweredAt = SurveyAnswered, r.Score, now
		if r.Comment != "" {
			s.Comment = r.Comment
		}
		return AnswerRating
	case r.OutOfRange && s.rates(now) && s.Hinted:
		return AnswerOffScale
	case r.OutOfRange && s.rates(now):
		s.Hinted = true
		return AnswerHint
	case text != "" && s.awaitsComment(now):
		s.Comment, s.AskedAt = text, time.Time{}
		return AnswerComment
	}
	return ""
}

// AskForComment notes that the thank-you asks for a comment, and reports whether it is to: after a bare rating only (B4.5).
func (s *Survey) AskForComment(now time.Time) bool {
	if s.State != SurveyAnswered || s.Comment != "" || !s.rates(now) {
		return false
	}
	s.AskedAt = now
	return true
}

// Interrupt ends the survey because the conversation goes on (B4.6, B4.7), and reports whether it was open. A rating stays.
func (s *Survey) Interrupt(now time.Time) bool {
	if !s.Open(now) {
		return false
	}
	if s.State == SurveySent {
		s.State = SurveyInterrupted
	}
	s.ExpiresAt, s.AskedAt = now, time.Time{}
	return true
}

// Fail notes that the question did not arrive, and why, and reports whether that is news: who answered it has it.
func (s *Survey) Fail(reason string) bool {
	if s.State != SurveySent || s.Hinted {
		return false
	}
	s.State, s.Reason = SurveyFailed, reason
	return true
}

// Revive notes that a question that did not arrive is on its way again, or arrived after all, and reports whether that is news.
// There is the whole time to answer it again.
func (s *Survey) Revive(now time.Time) bool {
	if s.State != SurveyFailed {
		return false
	}
	s.State, s.Reason, s.ExpiresAt = SurveySent, "", now.Add(SurveyOpenFor)
	return true
}

// Expire ends the survey when its time is over, and reports whether it did (B4.7).
func (s *Survey) Expire(now time.Time) bool {
	if s.State != SurveySent || now.Before(s.ExpiresAt) {
		return false
	}
	s.State = SurveyExpired
	return true
}

// The fields of a survey's changes in the event log. SurveyFieldAnswer has a SurveyAnswer as its new value.
const (
	SurveyFieldState  = "state"
	SurveyFieldScore  = "score"
	SurveyFieldAnswer = "answer"
)

// SurveyEvent says what became of a survey; answer is what it was told, if anything.
func SurveyEvent(was, is Survey, answer SurveyAnswer, by Actor, at time.Time) Event {
	e := Event{
		Kind: EventSurveyChanged, At: at, Actor: by, ConversationID: is.ConversationID, TicketID: is.TicketID, SubjectID: is.ID,
		Changes: []Change{
			{Field: SurveyFieldState, From: string(was.State), To: string(is.State)},
			{Field: SurveyFieldScore, From: score(was.Score), To: score(is.Score)},
			{Field: SurveyFieldAnswer, To: string(answer)},
		},
	}
	e.Changes = slices.DeleteFunc(e.Changes, func(c Change) bool { return c.From == c.To })
	return e
}

func score(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
