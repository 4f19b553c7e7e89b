package desk

import "time"

// DigestEvery is how often a member gets a digest.
type DigestEvery string

// How often; "" = never.
const (
	DigestDaily  DigestEvery = "daily"
	DigestWeekly DigestEvery = "weekly"
)

// Digest is when a member is mailed what they have unread and waiting (G7.5), on their clock.
type Digest struct {
	Every   DigestEvery  `json:"every,omitempty"`
	At      Minute       `json:"at"`      // of the day
	Weekday time.Weekday `json:"weekday"` // of the weekly one
}

func (d Digest) check() error {
	known := d.Every == "" || d.Every == DigestDaily || d.Every == DigestWeekly
	if !known || d.At < 0 || d.At >= minutesOfDay || d.Weekday < time.Sunday || d.Weekday > time.Saturday {
		return Invalid("digest", "digest_invalid", "%q at minute %d on weekday %d", d.Every, d.At, d.Weekday)
	}
	return nil
}

// Next is the first digest after an instant, which is given on the member's clock; zero if they get none. An hour that a change of
// the clocks leaves out is taken by the clock of before or after it.
func (d Digest) Next(local time.Time) time.Time {
	if d.Every == "" {
		return time.Time{}
	}
	for day := 0; ; day++ {
		next := time.Date(local.Year(), local.Month(), local.Day()+day, int(d.At)/60, int(d.At)%60, 0, 0, local.Location())
		if next.After(local) && (d.Every == DigestDaily || next.Weekday() == d.Weekday) {
			return next
		}
	}
}
