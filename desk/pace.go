package desk

import "time"

// Pace is how fast something may be done: once Every, and Burst times at once after a pause (GCRA). Its state is one instant,
// the arrival: when the next turn would be due if they came evenly.
type Pace struct {
	Every time.Duration
	Burst int // at least 1
}

// lead is how much earlier than its arrival a turn may begin.
func (p Pace) lead() time.Duration { return time.Duration(p.Burst-1) * p.Every }

// Latest is the latest arrival from which n turns all begin by an instant.
func (p Pace) Latest(n int, by time.Time) time.Time {
	return by.Add(p.lead() - time.Duration(n-1)*p.Every)
}

// After is the arrival after n turns that were taken at an instant.
func (p Pace) After(arrival, now time.Time, n int) time.Time {
	if arrival.Before(now) {
		arrival = now
	}
	return arrival.Add(time.Duration(n) * p.Every)
}

// Turns are the instants from which the n turns may be had that end with this arrival.
func (p Pace) Turns(after, now time.Time, n int) []time.Time {
	turns := make([]time.Time, n)
	for i := range turns {
		turns[i] = p.Free(after.Add(-time.Duration(n-i) * p.Every))
		if turns[i].Before(now) {
			turns[i] = now
		}
	}
	return turns
}

// Free is when the next turn may be had.
func (p Pace) Free(arrival time.Time) time.Time { return arrival.Add(-p.lead()) }
