package desk_test

import (
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
)

func TestTicketChanges(t *testing.T) {
	t.Parallel()
	was := desk.Ticket{Status: desk.StatusOpen, Assignee: 7, TagIDs: []desk.ID{1}}
	is := was
	if got := is.ChangesFrom(was); len(got) != 0 {
		t.Errorf("nothing changed, and it says %v", got)
	}
	is.Status, is.Assignee, is.TagIDs = desk.StatusSnoozed, 0, []desk.ID{1, 2}
	is.SnoozedUntil = time.Date(2026, 11, 21, 18, 0, 0, int(5*time.Millisecond), time.FixedZone("JST", 9*3600))
	want := []desk.Change{
		{Field: "status", From: "open", To: "snoozed"}, {Field: "snoozed_until", To: "2026-11-21T09:00:00.005Z"},
		{Field: "assignee_id", From: "7", To: "0"}, {Field: "tag_ids", From: "1", To: "1,2"},
	}
	if got := is.ChangesFrom(was); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestWhatATrialJudgesByToday(t *testing.T) { // E2, E28
	t.Parallel()
	asked := desk.Conditions{Join: desk.JoinAny, Groups: []desk.ConditionGroup{
		{Join: desk.JoinAll, Conditions: []desk.Condition{{Fact: desk.FactLanguage, Op: desk.OpIs, Values: []string{"ja"}}, {Fact: desk.FactStatus, Op: desk.OpIs, Values: []string{"open"}}}},
		{Join: desk.JoinAll, Conditions: []desk.Condition{{Fact: desk.FactHours, Op: desk.OpIs, Values: []string{desk.HoursOfChannel}}, {Fact: desk.FactLanguage, Op: desk.OpSet}}},
	}}
	if got := asked.OfToday(); !slices.Equal(got, []desk.Fact{desk.FactHours, desk.FactLanguage}) {
		t.Errorf("judged by today: %v", got)
	}
	for _, f := range []desk.Fact{desk.FactTag, desk.FactStatus, desk.FactPriority, desk.FactTeam, desk.FactAssignee, desk.FactTicketField, desk.FactWaiting, desk.FactLastAuthor, desk.FactMessage} {
		if f.OfToday() {
			t.Errorf("%s is kept, and judged by today", f)
		}
	}
}

func TestATicketWithoutItsLastChanges(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	was := desk.Ticket{ID: 1, Status: desk.StatusQueued, TeamID: 3, Priority: desk.PriorityLow, TagIDs: []desk.ID{5}, WaitSince: at, Fields: map[string]string{"plan": "a", "old": "x"}}
	is := desk.Ticket{ID: 1, Status: desk.StatusSnoozed, SnoozedUntil: at, Assignee: 2, TeamID: 4, Priority: desk.PriorityHigh, SLAPolicy: 9, Fields: map[string]string{"plan": "b", "new": "y"}}
	if left := is.Undone(is.ChangesFrom(was)).ChangesFrom(was); len(left) > 0 {
		t.Errorf("still different: %+v", left)
	}
	if is.Fields["plan"] != "b" {
		t.Error("the ticket itself was changed")
	}
}
