package desk

import (
	"testing"
	"time"
)

func TestCheckActions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		actions []Action
		allowed []ActionKind
		code    string
	}{
		{"none", nil, MacroActions(), "actions_missing"},
		{"too many", make([]Action, MaxActions+1), MacroActions(), "actions_too_many"},
		{"fine", []Action{{Kind: ActionAssign}, {Kind: ActionSnooze}, {Kind: ActionSurvey}}, TriggerActions(), ""},
		{"a rule does not reply", []Action{{Kind: ActionReply, Texts: map[Locale]string{LocaleEN: "x"}}}, RoutingActions(), "action_invalid"},
		{"a trigger is nobody who takes", []Action{{Kind: ActionTake}}, TriggerActions(), "action_invalid"},
		{"no tag", []Action{{Kind: ActionAddTag}}, MacroActions(), "action_incomplete"},
		{"no status of people", []Action{{Kind: ActionStatus, Status: StatusBot}}, MacroActions(), "action_incomplete"},
		{"priority", []Action{{Kind: ActionPriority, Priority: "asap"}}, MacroActions(), "action_incomplete"},
		{"snooze", []Action{{Kind: ActionSnooze, Minutes: -1}}, MacroActions(), "action_incomplete"},
		{"no text", []Action{{Kind: ActionReply}}, MacroActions(), "text_missing"},
		{"blank note", []Action{{Kind: ActionNote, Text: " "}}, MacroActions(), "text_missing"},
		{"variable", []Action{{Kind: ActionReply, Texts: map[Locale]string{LocaleJA: "{{contact.secret}}"}}}, MacroActions(), "canned_variable_unknown"},
		{"language", []Action{{Kind: ActionReply, Texts: map[Locale]string{"fr": "x"}}}, MacroActions(), "locale_unknown"},
		{"credentials in an address", []Action{{Kind: ActionWebhook, URL: "https://a:b@example.com"}}, MacroActions(), "url_invalid"},
		{"file", []Action{{Kind: ActionWebhook, URL: "file:///etc/passwd"}}, MacroActions(), "url_invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := CheckActions(c.actions, c.allowed)
			if code := CodeOf(err); err == nil && c.code != "" || err != nil && code != c.code {
				t.Errorf("CheckActions = %v, want %q", err, c.code)
			}
		})
	}
}

func TestActionsEditATicket(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	const me, you = ID(7), ID(8)
	ticket := OpenTicket(1, 1, Conversation{ID: 2}, 0, now)
	apply := func(a Action) string {
		t.Helper()
		err := a.Apply(&ticket, me, now)
		if err == nil {
			return ""
		}
		return CodeOf(err)
	}
	for _, step := range []struct {
		action   Action
		code     string
		status   TicketStatus
		assignee ID
	}{
		{Action{Kind: ActionStatus, Status: StatusOpen}, "", StatusQueued, 0}, // open is queued for a case that nobody has
		{Action{Kind: ActionStatus, Status: StatusPending}, "invalid_transition", StatusQueued, 0},
		{Action{Kind: ActionTake}, "", StatusOpen, me},
		{Action{Kind: ActionAssign, MemberID: you}, "", StatusOpen, you},
		{Action{Kind: ActionStatus, Status: StatusPending}, "", StatusPending, you},
		{Action{Kind: ActionAssign, MemberID: you}, "", StatusPending, you},
		{Action{Kind: ActionStatus, Status: StatusOpen}, "", StatusOpen, you},
		{Action{Kind: ActionStatus, Status: StatusResolved}, "", StatusResolved, you},
		{Action{Kind: ActionStatus, Status: StatusResolved}, "", StatusResolved, you},
		{Action{Kind: ActionAssign}, "invalid_transition", StatusResolved, you},
		{Action{Kind: ActionStatus, Status: StatusPending}, "", StatusPending, you}, // E11
		{Action{Kind: ActionAssign}, "", StatusQueued, 0},
	} {
		if code := apply(step.action); code != step.code || ticket.Status != step.status || ticket.Assignee != step.assignee {
			t.Fatalf("%+v: %q, ticket %s with %d", step.action, code, ticket.Status, ticket.Assignee)
		}
	}
	for _, step := range []struct { // a team's queue is where what somebody has goes (E13), a team without a change is none
		action   Action
		team     ID
		assignee ID
	}{
		{Action{Kind: ActionTeam, TeamID: 7}, 7, 0}, {Action{Kind: ActionTake}, 7, me}, {Action{Kind: ActionTeam, TeamID: 7}, 7, me}, {Action{Kind: ActionTeam}, 0, 0},
	} {
		if code := apply(step.action); code != "" || ticket.TeamID != step.team || ticket.Assignee != step.assignee || (step.assignee == 0) != (ticket.Status == StatusQueued) {
			t.Errorf("%+v: %q, %+v", step.action, code, ticket)
		}
	}
	for range 2 {
		apply(Action{Kind: ActionAddTag, TagID: 5})
	}
	apply(Action{Kind: ActionAddTag, TagID: 4})
	apply(Action{Kind: ActionRemoveTag, TagID: 5})
	apply(Action{Kind: ActionTeam, TeamID: 3})
	apply(Action{Kind: ActionPriority, Priority: PriorityHigh})
	if len(ticket.TagIDs) != 1 || ticket.TagIDs[0] != 4 || ticket.TeamID != 3 || ticket.Priority != PriorityHigh {
		t.Errorf("ticket %+v", ticket)
	}
}

func TestFillCanned(t *testing.T) {
	t.Parallel()
	values := map[string]string{"contact.name": "花子", "ticket.number": "12"}
	for _, c := range []struct{ text, want, missing string }{
		{"{{contact.name}}様 {{ ticket.number }}", "花子様 12", ""},
		{"{{contact.email|メール}} {{contact.name|お客}}", "メール 花子", ""},
		{"{{contact.phone}} {{contact.phone}}", " ", "contact.phone"},
	} {
		got, missing := FillCanned(c.text, values)
		if got != c.want || c.missing == "" && missing != nil || c.missing != "" && (len(missing) != 1 || missing[0] != c.missing) {
			t.Errorf("FillCanned(%q) = %q, %q", c.text, got, missing)
		}
	}
}
