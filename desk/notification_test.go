package desk_test

import (
	"testing"
	"time"

	"madoguchi/desk"
)

// TestWhoHearsOfATemplate is C3.7 and C3.8.
func TestWhoHearsOfATemplate(t *testing.T) {
	t.Parallel()
	ours := desk.Template{Name: "order", Language: "ja", Category: "utility", Status: "pending", CreatedBy: 5}
	theirs := ours
	theirs.CreatedBy = 0
	with := func(from desk.Template, status desk.TemplateStatus, category string) desk.Template {
		from.Status, from.Category = status, category
		return from
	}
	for name, test := range map[string]struct {
		before, after desk.Template
		code          string // "" = nobody is told
		user          desk.ID
		severity      desk.Severity
	}{
		"approved":                  {ours, with(ours, "approved", "utility"), desk.NotifyTemplateStatus, 5, desk.SeverityWarning},
		"rejected":                  {ours, with(ours, "rejected", "utility"), desk.NotifyTemplateStatus, 5, desk.SeverityError},
		"the same":                  {ours, ours, "", 0, ""},
		"made elsewhere":            {theirs, with(theirs, "approved", "utility"), "", 0, ""},
		"made elsewhere and paused": {theirs, with(theirs, "paused", "utility"), desk.NotifyTemplateStatus, 0, desk.SeverityError},
		"deleted":                   {ours, with(ours, "deleted", "utility"), "", 0, ""},
		"another category":          {ours, with(ours, "pending", "marketing"), desk.NotifyTemplateCategory, 0, desk.SeverityWarning},
	} {
		told := test.before.Became(test.after)
		switch {
		case test.code == "" && len(told) != 0:
			t.Errorf("%s: %+v", name, told)
		case test.code == "":
		case len(told) != 1 || told[0].Code != test.code || told[0].UserID != test.user || told[0].Severity != test.severity || told[0].Params["name"] != "order":
			t.Errorf("%s: %+v", name, told)
		}
	}
}

// TestAWaitAlertStandsWhileSomebodyWaits is E19: it is over once somebody has the case, also where the same person waits anew later.
func TestAWaitAlertStandsWhileSomebodyWaits(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, 11, 20, 1, 2, 3, 0, time.UTC)
	told := desk.Notification{Code: desk.NotifyWaitAlert, ConversationID: 7, Params: map[string]string{"since": desk.Instant(since)}}
	for name, test := range map[string]struct {
		about desk.Conversation
		want  bool
	}{
		"waits":        {desk.Conversation{ID: 7, Status: desk.StatusQueued, WaitSince: since}, true},
		"has somebody": {desk.Conversation{ID: 7, Status: desk.StatusOpen, Assignee: 3, WaitSince: since}, false},
		"waits anew":   {desk.Conversation{ID: 7, Status: desk.StatusQueued, WaitSince: since.Add(time.Hour)}, false},
		"resolved":     {desk.Conversation{ID: 7, Status: desk.StatusResolved}, false},
	} {
		if got := told.Stands(desk.Channel{}, test.about, since); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
