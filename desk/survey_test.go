package desk_test

import (
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
)

func TestWhatASurveyHears(t *testing.T) {
	t.Parallel()
	sent := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	type said struct {
		after time.Duration // since it was sent
		text  string
		asked bool // the thank-you before it asked for a comment
		want  desk.SurveyAnswer
	}
	for name, c := range map[string]struct {
		says    []said
		state   desk.SurveyState
		score   int
		comment string
	}{
		"a bare rating":                        {[]said{{text: "5", want: desk.AnswerRating}}, desk.SurveyAnswered, 5, ""},
		"with a comment (B4.4)":                {[]said{{text: "5です。助かりました", want: desk.AnswerRating}}, desk.SurveyAnswered, 5, "助かりました"},
		"the second overwrites (B4.5)":         {[]said{{text: "2", want: desk.AnswerRating}, {after: 71 * time.Hour, text: "星4", want: desk.AnswerRating}}, desk.SurveyAnswered, 4, ""},
		"and keeps what was said":              {[]said{{text: "2, slow", want: desk.AnswerRating}, {text: "3", want: desk.AnswerRating}}, desk.SurveyAnswered, 3, "slow"},
		"a comment that was asked for":         {[]said{{text: "5", want: desk.AnswerRating}, {after: 23 * time.Hour, text: "早かった", asked: true, want: desk.AnswerComment}}, desk.SurveyAnswered, 5, "早かった"},
		"only one":                             {[]said{{text: "5", want: desk.AnswerRating}, {text: "早かった", asked: true, want: desk.AnswerComment}, {text: "あと一つ"}}, desk.SurveyAnswered, 5, "早かった"},
		"not asked for":                        {[]said{{text: "5", want: desk.AnswerRating}, {text: "早かった"}}, desk.SurveyAnswered, 5, ""},
		"24 hours later":                       {[]said{{text: "5", want: desk.AnswerRating}, {after: 24 * time.Hour, text: "早かった", asked: true}}, desk.SurveyAnswered, 5, ""},
		"after numbers are over":               {[]said{{after: 71 * time.Hour, text: "5", want: desk.AnswerRating}, {after: 80 * time.Hour, text: "4", asked: true, want: desk.AnswerComment}}, desk.SurveyAnswered, 5, "4"},
		"off the scale, one hint (B4.6)":       {[]said{{text: "10", want: desk.AnswerHint}, {text: "0", want: desk.AnswerOffScale}, {text: "4", want: desk.AnswerRating}}, desk.SurveyAnswered, 4, ""},
		"something else (B4.6)":                {[]said{{text: "まだ届きません"}}, desk.SurveySent, 0, ""},
		"no text":                              {[]said{{text: "5", want: desk.AnswerRating}, {text: "", asked: true}}, desk.SurveyAnswered, 5, ""},
		"when it expired, though nobody noted": {[]said{{after: desk.SurveyOpenFor, text: "5"}}, desk.SurveySent, 0, ""},
	} {
		s := desk.Survey{State: desk.SurveySent, SentAt: sent, ExpiresAt: sent.Add(desk.SurveyOpenFor)}
		for _, said := range c.says {
			now := sent.Add(said.after)
			if said.asked && !s.AskForComment(s.AnsweredAt) {
				t.Errorf("%s: no comment asked for", name)
			}
			if got := s.Hear(said.text, now); got != said.want {
				t.Errorf("%s: %q is %q, want %q", name, said.text, got, said.want)
			}
		}
		if s.State != c.state || s.Score != c.score || s.Comment != c.comment {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestHowASurveyEnds(t *testing.T) { // B4.7
	t.Parallel()
	sent := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	over := sent.Add(desk.SurveyOpenFor)
	fresh := desk.Survey{State: desk.SurveySent, SentAt: sent, ExpiresAt: over}
	s := fresh
	if s.Expire(over.Add(-time.Millisecond)) || !s.Open(over.Add(-time.Millisecond)) {
		t.Error("it expired early")
	}
	if !s.Expire(over) || s.State != desk.SurveyExpired || s.Expire(over) || s.Open(sent) {
		t.Errorf("expired: %+v", s)
	}
	s = fresh
	if !s.Interrupt(sent) || s.State != desk.SurveyInterrupted || s.Interrupt(sent) || s.Expire(over) || s.Hear("5", sent) != "" {
		t.Errorf("interrupted: %+v", s)
	}
	s = fresh
	s.Hear("5", sent)
	s.AskForComment(sent)
	if !s.Interrupt(sent) || s.State != desk.SurveyAnswered || s.Hear("2", sent) != "" || s.Hear("a comment", sent) != "" || s.Score != 5 {
		t.Errorf("a rating that was followed by something else: %+v", s)
	}
	skipped := desk.Survey{State: desk.SurveySkipped, Reason: desk.CodeWindow, SentAt: sent}
	if skipped.Open(sent) || skipped.Interrupt(sent) || skipped.Expire(over) || skipped.AskForComment(sent) {
		t.Errorf("one that was not sent: %+v", skipped)
	}
	with := desk.Survey{State: desk.SurveyAnswered, Score: 5, Comment: "good", AnsweredAt: sent}
	if with.AskForComment(sent) {
		t.Error("a comment was asked for twice")
	}
}

func TestSurveyEvent(t *testing.T) {
	t.Parallel()
	was := desk.Survey{ID: 1, TicketID: 2, ConversationID: 3, State: desk.SurveySent}
	is := was
	is.State, is.Score = desk.SurveyAnswered, 4
	e := desk.SurveyEvent(was, is, desk.AnswerRating, desk.Actor{Kind: desk.ActorCustomer, ID: 9}, time.Time{})
	want := []desk.Change{{Field: "state", From: "sent", To: "answered"}, {Field: "score", To: "4"}, {Field: "answer", To: "rating"}}
	if !slices.Equal(e.Changes, want) || e.SubjectID != 1 || e.TicketID != 2 || e.ConversationID != 3 {
		t.Errorf("%+v", e)
	}
	if again := desk.SurveyEvent(is, is, "", desk.Actor{}, time.Time{}); len(again.Changes) != 0 {
		t.Errorf("%+v", again.Changes)
	}
}
