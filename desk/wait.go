package desk

import "time"

// Limits of the estimated wait (E24–E26, E30).
const (
	WaitSamples    = 100                // finished assignments that a team's mean is taken over
	WaitSampleAge  = 7 * 24 * time.Hour // how old they may be
	waitFewSamples = 10                 // below it the mean is unknown
	waitMeanGuess  = 5 * time.Minute    // and taken to be this
	// WaitToldEvery is how often at most somebody who waits is told anew.
	WaitToldEvery = time.Minute
	// QueuePositionMost is the last position that is told (E30).
	QueuePositionMost = 50
)

// Queue is how it stands with a team's queue as one ticket in it sees it (E24).
type Queue struct {
	Ahead   int           // queued tickets of the same or a higher priority before it
	Free    int           // slots of online eligible members that nothing occupies
	Slots   int           // all their slots
	Mean    time.Duration // how long an assignment occupies a slot, over Samples of them
	Samples int
	Open    bool // inside the opening hours of the ticket's channel
}

// Position is where the ticket stands in its team's order (E30); 0 past the last position that is told.
func (q Queue) Position() int {
	if q.Ahead+1 > QueuePositionMost {
		return 0
	}
	return q.Ahead + 1
}

// Wait is how long somebody will wait as far as it can be known: soon, about an hour at most, or unknown.
type Wait struct {
	Known bool
	Soon  bool          // a slot is free for them
	Time  time.Duration // with neither Soon nor unknown
}

// Wait estimates how long the ticket waits from now on (E24). Outside opening hours nothing is known (E26).
func (q Queue) Wait() Wait {
	mean := q.Mean
	if q.Samples < waitFewSamples {
		mean = waitMeanGuess
	}
	switch {
	case !q.Open || q.Slots <= 0:
		return Wait{}
	case q.Free > q.Ahead:
		return Wait{Known: true, Soon: true}
	}
	return Wait{Known: true, Time: time.Duration(q.Ahead-q.Free+1) * mean / time.Duration(q.Slots)}
}

// Later is an estimate told before, at a later instant: the time since is taken off, not below a minute (E26).
func (w Wait) Later(since time.Duration) Wait {
	if w.Known && !w.Soon {
		w.Time = max(w.Time-since, time.Minute)
	}
	return w
}

// Minutes are what people are told of the time: whole minutes rounded up, from ten on in fives; an hour and more is
// over (E26). Only with Known and not Soon.
func (w Wait) Minutes() (minutes int, over bool) {
	minutes = max(int((w.Time+time.Minute-1)/time.Minute), 1)
	if minutes >= 10 {
		minutes = (minutes + 4) / 5 * 5
	}
	return min(minutes, 60), w.Time >= time.Hour
}

// Told is an estimate that a customer was told, and what became of it: the score of E24's estimates.
type Told struct {
	TicketID   ID
	TeamID     ID
	At         time.Time
	Wait       time.Duration // 0 = soon
	AssignedAt time.Time     // zero while they wait
}

// Off is by how much the customer waited longer (or, below zero, shorter) than they were told.
func (t Told) Off() time.Duration { return t.AssignedAt.Sub(t.At) - t.Wait }

// Kept reports whether the estimate held: off by no more than a fifth of it, or two minutes.
func (t Told) Kept() bool { return t.Off().Abs() <= max(t.Wait/5, 2*time.Minute) }
