package desk_test

import (
	"testing"
	"time"

	"madoguchi/desk"
)

func TestSpansOfDaysBeginAtAMidnight(t *testing.T) {
	t.Parallel()
	york, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 9, 3, 30, 0, 0, time.UTC) // the evening of the 8th there, a day of 23 hours
	for days, want := range map[int]time.Time{
		1: time.Date(2026, 3, 8, 5, 0, 0, 0, time.UTC),
		2: time.Date(2026, 3, 7, 5, 0, 0, 0, time.UTC),
	} {
		got := desk.ListFilter{WithinDays: days}.In(york, now)
		if !got.Since.Equal(want) || got.WithinDays != 0 {
			t.Errorf("%d days: %+v, want since %v", days, got, want)
		}
	}
	later := now.Add(-time.Hour)
	if got := (desk.ListFilter{WithinDays: 7, Since: later}).In(york, now); !got.Since.Equal(later) {
		t.Errorf("the later of both begins it, not %v", got.Since)
	}
	if got := (desk.ListFilter{Since: later}).In(york, now); !got.Since.Equal(later) {
		t.Errorf("without a span: %v", got.Since)
	}
}
