package desk

import (
	"fmt"
	"slices"
	"time"
)

// Minute is a local wall-clock time in minutes since midnight, 0..1440 (24:00).
type Minute int

const dayEnd Minute = 24 * 60

// Interval is a local interval [Start, End) inside one day; over midnight it is stored as two (0.8).
type Interval struct {
	Start Minute `json:"start"`
	End   Minute `json:"end"`
}

// Date is a local calendar date, "2026-11-23".
type Date string

// Schedule says when a team is there (0.7). Precedence: closed date, then special date, then the week.
type Schedule struct {
	ID        ID
	Name      string
	Zone      string              // IANA
	Week      [7][]Interval       // by time.Weekday (Sunday = 0)
	Closed    []Date              // closed all day
	Special   map[Date][]Interval // other hours on that day
	CreatedAt time.Time
	UpdatedAt time.Time

	zone *time.Location // Zone's, once Located
}

// searchDays is how far ahead the next opening is looked for.
const searchDays = 400

// Validate refuses an unknown zone, a malformed date, and intervals that are empty, outside the day or overlapping.
func (s Schedule) Validate() error {
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "" {
		return Invalid("zone", "zone_unknown", "no time zone %q", s.Zone)
	}
	for day, intervals := range s.Week {
		if err := validIntervals(fmt.Sprintf("week.%d", day), intervals); err != nil {
			return err
		}
	}
	for _, d := range s.Closed {
		if err := d.validate("closed"); err != nil {
			return err
		}
	}
	for d, intervals := range s.Special {
		if err := d.validate("special"); err != nil {
			return err
		}
		if err := validIntervals("special."+string(d), intervals); err != nil {
			return err
		}
	}
	return nil
}

func (d Date) validate(field string) error {
	if _, err := time.Parse(time.DateOnly, string(d)); err != nil {
		return Invalid(field, "date_invalid", "%q is not a date like 2026-11-23", string(d))
	}
	return nil
}

func validIntervals(field string, intervals []Interval) error {
	last := Minute(0)
	for i, iv := range intervals {
		if iv.Start < 0 || iv.End > dayEnd || iv.Start >= iv.End {
			return Invalid(field, "interval_invalid", "interval %d is not inside one day", i)
		}
		if i > 0 && iv.Start < last {
			return Invalid(field, "interval_overlaps", "interval %d begins before the one before it ends", i)
		}
		last = iv.End
	}
	return nil
}

// on returns the intervals of one local day.
func (s Schedule) on(day time.Time) []Interval {
	date := Date(day.Format(time.DateOnly))
	if slices.Contains(s.Closed, date) {
		return nil
	}
	if special, ok := s.Special[date]; ok {
		return special
	}
	return s.Week[day.Weekday()]
}

// OpenAt reports whether an instant is inside opening hours, by the local wall clock (0.9); the end instant is outside.
func (s Schedule) OpenAt(t time.Time) (bool, error) {
	zone, err := s.location()
	if err != nil {
		return false, err
	}
	local := t.In(zone)
	minute := Minute(local.Hour()*60 + local.Minute())
	for _, iv := range s.on(local) {
		if iv.Start <= minute && minute < iv.End {
			return true, nil
		}
	}
	return false, nil
}

// NextOpen returns the first instant at or after t that is inside opening hours; false if there is none within 400 days.
func (s Schedule) NextOpen(t time.Time) (time.Time, bool, error) {
	var next time.Time
	found := false
	err := s.spans(t, t.AddDate(0, 0, searchDays), func(start, _ time.Time) bool {
		next, found = start, true
		return false
	})
	return next.UTC(), found, err
}

// NextOpening returns the first instant after t at which opening hours begin, also if they are open at t; false if there is none
// within 400 days. Hours that go on over midnight begin once.
func (s Schedule) NextOpening(t time.Time) (time.Time, bool, error) {
	var next, ended time.Time
	found := false
	err := s.spans(t, t.AddDate(0, 0, searchDays), func(start, end time.Time) bool {
		found = start.After(t) && !start.Equal(ended)
		next, ended = start, end
		return !found
	})
	return next.UTC(), found, err
}

// Elapsed is the business time between two instants: the sum of real seconds inside opening hours (0.9).
func (s Schedule) Elapsed(from, to time.Time) (time.Duration, error) {
	var sum time.Duration
	err := s.spans(from, to, func(start, end time.Time) bool {
		sum += end.Sub(start)
		return true
	})
	return sum, err
}

// After returns the instant at which d of business time has passed since t; false if that is not within 400 days.
func (s Schedule) After(t time.Time, d time.Duration) (time.Time, bool, error) {
	var due time.Time
	found := false
	err := s.spans(t, t.AddDate(0, 0, searchDays), func(start, end time.Time) bool {
		if span := end.Sub(start); span < d {
			d -= span
			return true
		}
		due, found = start.Add(d), true
		return false
	})
	return due.UTC(), found, err
}

// OfficeHours are nine to six on five days of a week, as examples have it where every hour counts.
func OfficeHours(zone string) Schedule {
	s := Schedule{Zone: zone}
	for day := time.Monday; day <= time.Friday; day++ {
		s.Week[day] = []Interval{{9 * 60, 18 * 60}}
	}
	return s
}

// closingSoon is how long before the end of the hours an example begins.
const closingSoon = 10 * time.Minute

// BeforeClosing is ten minutes before the hours end on the next Friday that is open, else the next open day; now where none is.
func (s Schedule) BeforeClosing(now time.Time) (time.Time, error) {
	zone, err := s.location()
	if err != nil {
		return now, err
	}
	at, friday := now, time.Time{}
	err = s.spans(now, now.AddDate(0, 0, searchDays), func(_, end time.Time) bool {
		if at == now {
			at = end.Add(-closingSoon)
		}
		if end.Add(-time.Second).In(zone).Weekday() != time.Friday {
			return friday.IsZero()
		}
		friday = end.Add(-closingSoon)
		return end.In(zone).Weekday() == time.Friday // the last hours of the day count; those that end at midnight are the last
	})
	if !friday.IsZero() {
		at = friday
	}
	return at, err
}

// Located is the schedule with its zone in hand, for whoever asks it more than once: finding a zone reads a file.
func (s Schedule) Located() (_ Schedule, err error) {
	s.zone, err = s.location()
	return s, err
}

func (s Schedule) location() (*time.Location, error) {
	if s.zone != nil && s.zone.String() == s.Zone {
		return s.zone, nil
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil || s.Zone == "" {
		return nil, Invalid("zone", "zone_unknown", "no time zone %q", s.Zone)
	}
	return zone, nil
}

// spans yields the open spans inside [from, to) in order. It walks stretches of constant offset from UTC, inside which
// the wall clock runs straight, so hours that a clock change repeats or skips count as they really pass.
func (s Schedule) spans(from, to time.Time, yield func(start, end time.Time) bool) error {
	zone, err := s.location()
	if err != nil {
		return err
	}
	for at := from.In(zone); at.Before(to); {
		stretchEnd := to
		if _, change := at.ZoneBounds(); !change.IsZero() && change.Before(to) {
			stretchEnd = change
		}
		_, offset := at.Zone()
		straight := time.FixedZone("", offset)
		local := at.In(straight)
		for day := midnight(local); day.Before(stretchEnd); day = day.AddDate(0, 0, 1) {
			for _, iv := range s.on(day) {
				start := later(day.Add(time.Duration(iv.Start)*time.Minute), at)
				end := earlier(day.Add(time.Duration(iv.End)*time.Minute), stretchEnd)
				if start.Before(end) && !yield(start, end) {
					return nil
				}
			}
		}
		at = stretchEnd.In(zone)
	}
	return nil
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
