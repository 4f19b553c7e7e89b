package desk

import (
	"testing"
	"time"
)

func TestTheNextDigestIsOnTheMembersClock(t *testing.T) {
	t.Parallel()
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	saturday := time.Date(2026, 11, 21, 9, 0, 0, 0, tokyo)
	for name, c := range map[string]struct {
		digest Digest
		now    time.Time
		want   time.Time
	}{
		"today":             {Digest{DigestDaily, 9*60 + 30, 0}, saturday, saturday.Add(30 * time.Minute)},
		"this very minute":  {Digest{DigestDaily, 9 * 60, 0}, saturday, saturday.AddDate(0, 0, 1)},
		"monday":            {Digest{DigestWeekly, 8 * 60, time.Monday}, saturday, time.Date(2026, 11, 23, 8, 0, 0, 0, tokyo)},
		"a week from today": {Digest{DigestWeekly, 8 * 60, time.Saturday}, saturday, time.Date(2026, 11, 28, 8, 0, 0, 0, tokyo)},
		"no such hour":      {Digest{DigestDaily, 2*60 + 30, 0}, time.Date(2026, 3, 7, 12, 0, 0, 0, newYork), time.Date(2026, 3, 8, 1, 30, 0, 0, newYork)},
		"never":             {Digest{}, saturday, time.Time{}},
	} {
		if got := c.digest.Next(c.now); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
