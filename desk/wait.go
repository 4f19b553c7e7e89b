package desk

import "time"

// Limits of the estimated wait (E24–E26, E30).
const (
	WaitSamples    = 100                // finished assignments that a team's mean is taken over
	WaitSampleAge  = 7 * 24 * time.Hour // how old they may be
	waitFewSamples = 10                 // below it the mean is unknown
	waitMeanGuess  = 5 * time.Minute    // and taken to be this
	waitMeanLeast  = time.Second        // who answers and resolves in one step occupies a slot for no time at all
	waitExpected   = 24 * time.Hour     // nobody is told more than that it takes over an hour; this far it is scored
	// WaitToldEvery is how often at most somebody who waits is told anew.
	WaitToldEvery = time.Minute
	// QueuePositionMost is the last position that is told (E30).
	QueuePositionMost = 50
)

// Queue is how it stands with a team's queue as one ticket in it sees it (E24).
type Queue struct {
	Ahead   int           // queued tickets of the same or a higher priority before it, of more than Matters only so many
	Free    int           // slots of online eligible members that nothing occupies
	Slots   int           // all their slots
	Mean    time.Duration // how long an assignment occupies a slot, over Samples of them
	Samples int
	Open    bool // inside the opening hours of the ticket's channel
}

// Position is where the ticket stands in its team's order (E30); 0 past the last position that is told, and outside opening hours,
// when no number is (E26).
func (q Queue) Position() int {
	if !q.Open || q.Ahead+1 > QueuePositionMost {
		return 0
	}
	return q.Ahead + 1
}

// Matters is how many tickets ahead are worth counting: more change neither the position that is told nor an estimate of up to a day.
func (q Queue) Matters() int {
	if !q.Open || q.Slots <= 0 {
		return QueuePositionMost
	}
	return max(QueuePositionMost, q.Free+int(waitExpected*time.Duration(q.Slots)/q.mean()))
}

// mean is how long an assignment occupies a slot as far as that is known.
func (q Queue) mean() time.Duration {
	if q.Samples < waitFewSamples {
		return waitMeanGuess
	}
	return max(q.Mean, waitMeanLeast)
}

// Wait is how long somebody will wait as far as it can be known: soon, about an hour at most, or unknown.
type Wait struct {
	Known bool
	Soon  bool          // a slot is free for them
	Time  time.Duration // with neither Soon nor unknown
}

// Wait estimates how long the ticket waits from now on (E24). Outside opening hours nothing is known (E26).
func (q Queue) Wait() Wait {
	switch {
	case !q.Open || q.Slots <= 0:
		return Wait{}
	case q.Free > q.Ahead:
		return Wait{Known: true, Soon: true}
	}
	return Wait{Known: true, Time: time.Duration(q.Ahead-q.Free+1) * q.mean() / time.Duration(q.Slots)}
}

// Later is the estimate for somebody of whom something was expected before: what is left of that, not below a minute (E26), or the
// estimate made anew where the queue moves more slowly than was thought. That one already knows who left the queue meanwhile, so no
// time is taken off it.
func (w Wait) Later(before Estimate, now time.Time) Wait {
	if w.Known && !w.Soon {
		w.Time = max(w.Time, before.Wait-now.Sub(before.At), time.Minute)
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
	return min(minutes, 60), minutes >= 60
}

// Estimate is what was expected of a ticket when it came into the queue, and what became of it: the score of Wait.
type Estimate struct {
	TicketID   ID
	TeamID     ID
	At         time.Time
	Wait       time.Duration // 0 = soon
	AssignedAt time.Time     // zero while it waits
}

// Off is by how much longer the ticket waited than was expected; below zero it was shorter.
func (e Estimate) Off() time.Duration { return e.AssignedAt.Sub(e.At) - e.Wait }

// Kept reports whether it went as expected: off by no more than a fifth, or two minutes.
func (e Estimate) Kept() bool { return e.Off().Abs() <= max(e.Wait/5, 2*time.Minute) }

// SlotUse is for how long an assignment has occupied a slot (E24): while the ticket is open, and at most PendingHolds each time
// that it waits for the customer (E7).
type SlotUse struct {
	TicketID ID
	TeamID   ID
	Assignee ID
	Since    time.Time // occupied from here on, zero while it is not
	Until    time.Time // the slot is free from here on at the latest, zero while that is open
	Held     time.Duration
}

// minSlotUse is the least that counts as an assignment: what is handed on at once is none.
const minSlotUse = time.Second

// Step follows what became of the ticket at an instant. It reports whether the assignment so far is over and how long it occupied
// a slot; the use that it gives is the next one's, with Assignee 0 if there is none.
func (u SlotUse) Step(t Ticket, at time.Time) (next SlotUse, held time.Duration, finished bool) {
	until := u.Until
	if until.IsZero() || until.After(at) {
		until = at
	}
	if !u.Since.IsZero() && until.After(u.Since) {
		u.Held += until.Sub(u.Since)
	}
	u.Since = time.Time{}
	holds := t.Assignee != 0 && (t.Status == StatusOpen || t.Status == StatusPending || t.Status == StatusSnoozed)
	if u.Assignee != 0 && (!holds || t.Assignee != u.Assignee) {
		held, finished = u.Held, u.Held >= minSlotUse
		u = SlotUse{}
	}
	if !holds {
		return SlotUse{TicketID: t.ID}, held, finished
	}
	u.TicketID, u.TeamID, u.Assignee = t.ID, t.TeamID, t.Assignee
	switch t.Status {
	case StatusOpen:
		u.Since, u.Until = at, time.Time{}
	case StatusPending:
		if u.Until.IsZero() {
			u.Until = at.Add(PendingHolds)
		}
		if u.Until.After(at) {
			u.Since = at
		}
	default:
		u.Until = time.Time{}
	}
	return u, held, finished
}

// WaitScore is how a team's estimates of late did.
type WaitScore struct {
	TeamID    ID
	Estimates int
	Kept      int
	Off       time.Duration // the middle one of how far they were off, either way
}
