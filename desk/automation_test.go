package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"madoguchi/desk"
)

func TestAutomationsAreChecked(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("あ", desk.MaxAutomationText)
	for name, test := range map[string]struct {
		a    desk.Automation
		code string
	}{
		"nothing":           {desk.Automation{}, ""},
		"as long as may be": {desk.Automation{AckTexts: map[desk.Locale]string{"ja": long}, AnswerMinutes: desk.MaxAnswerMinutes}, ""},
		"the mark":          {desk.Automation{AckTexts: map[desk.Locale]string{"en": "a {{answer_time}} b {{answer_time}}"}}, ""},
		"too long":          {desk.Automation{HelpTexts: map[desk.Locale]string{"ja": long + "あ"}}, "text_too_long"},
		"another mark":      {desk.Automation{AckTexts: map[desk.Locale]string{"en": "{{name}}"}}, "mark_unknown"},
		"a mark in help":    {desk.Automation{HelpTexts: map[desk.Locale]string{"en": "{{answer_time}}"}}, "mark_unknown"},
		"another language":  {desk.Automation{HelpTexts: map[desk.Locale]string{"fr": "oui"}}, "locale_unknown"},
		"too late":          {desk.Automation{AnswerMinutes: desk.MaxAnswerMinutes + 1}, "answer_minutes_invalid"},
		"before":            {desk.Automation{AnswerMinutes: -1}, "answer_minutes_invalid"},
	} {
		err := test.a.Validate()
		if (err == nil) != (test.code == "") || err != nil && desk.CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %q", name, err, test.code)
		}
	}
}

func TestKeywordsOfAllLanguagesCount(t *testing.T) { // B3.3
	t.Parallel()
	w := desk.Workspace{OptOutWords: map[desk.Locale][]string{"ja": {"もう結構"}, "en": {"no more", "enough"}}}
	if got := w.Keywords(); !slices.Equal(got, []string{"no more", "enough", "もう結構"}) {
		t.Errorf("%q", got)
	}
}

func TestPeopleGetWhatMachinesHad(t *testing.T) { // B6.2
	t.Parallel()
	for _, test := range []struct {
		status   desk.TicketStatus
		assignee desk.ID
		want     desk.TicketStatus
	}{
		{desk.StatusBot, 0, desk.StatusQueued}, {desk.StatusPending, 0, desk.StatusQueued}, {desk.StatusPending, 7, desk.StatusPending},
		{desk.StatusOpen, 7, desk.StatusOpen}, {desk.StatusQueued, 0, desk.StatusQueued}, {desk.StatusResolved, 0, desk.StatusResolved},
		{desk.StatusSnoozed, 7, desk.StatusSnoozed},
	} {
		ticket := desk.Ticket{Status: test.status, Assignee: test.assignee}
		if moved := ticket.NeedsPeople(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)); ticket.Status != test.want || moved != (test.status != test.want) || ticket.Assignee != test.assignee {
			t.Errorf("%s of %d: %s of %d, moved %v", test.status, test.assignee, ticket.Status, ticket.Assignee, moved)
		}
	}
}
