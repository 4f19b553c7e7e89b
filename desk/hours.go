package desk

import "time"

// Minute is a local wall-clock time in minutes since midnight, 0..1440 (24:00).
type Minute int

// Interval is a local interval [Start, End) inside one day; over midnight it is stored as two (0.8).
type Interval struct {
	Start Minute `json:"start"`
	End   Minute `json:"end"`
}

// Date is a local calendar date, "2026-11-23".
type Date string

// Schedule says when a team is there (0.7). Precedence: closed date, then special date, then the week.
type Schedule struct {
	ID      ID
	Name    string
	Zone    string              // IANA
	Week    [7][]Interval       // by time.Weekday (Sunday = 0)
	Closed  []Date              // closed all day
	Special map[Date][]Interval // other hours on that day
	Created time.Time
	Updated time.Time
}
