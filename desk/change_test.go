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
