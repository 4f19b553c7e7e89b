package desk_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
)

// historiesFrom is two days before New York's clocks change, three weeks before a holiday in Tokyo.
var historiesFrom = time.Date(2026, 10, 30, 12, 0, 0, 0, time.UTC)

// slaStep is one thing that happened to a ticket, and the terms that hold from then on.
type slaStep struct {
	at     time.Time
	ticket desk.Ticket
	terms  desk.SLATerms
}

// The clocks equal what is counted afterwards, from the whole history and without them (E17).
func TestClocksEqualAStraightforwardComputation(t *testing.T) {
	t.Parallel()
	zones := []desk.Schedule{weekdays(t), newYork(t)}
	count := counted{zones[0].ID: minutesOf(t, zones[0]), zones[1].ID: minutesOf(t, zones[1])}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 17))
		steps := randomHistory(t, r, zones)
		end := steps[len(steps)-1].at.Add(time.Duration(r.IntN(72)) * time.Hour)
		s, told := follow(t, steps, end, r)
		for _, m := range desk.SLAMetrics() {
			want := count.afterwards(m, steps, end)
			if got := told[m]; !got.equal(want) {
				t.Fatalf("seed %d, %s: the clocks say\n%+v, counted\n%+v\nclock %+v\nhistory %+v", seed, m, got, want, *s.Clock(m), steps)
			}
		}
	}
}

// newYork has hours at night and all of Sunday, when its clocks change in November, and a day with hours of its own.
func newYork(t testing.TB) desk.Schedule {
	t.Helper()
	s := desk.Schedule{ID: 2, Name: "New York", Zone: "America/New_York", Special: map[desk.Date][]desk.Interval{"2026-11-03": {{Start: 600, End: 615}}}}
	for day := range s.Week {
		s.Week[day] = []desk.Interval{{Start: 0, End: 3 * 60}, {Start: 22 * 60, End: 24 * 60}}
	}
	s.Week[time.Sunday] = []desk.Interval{{Start: 0, End: 24 * 60}}
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	return s
}

func randomTerms(r *rand.Rand, zones []desk.Schedule) desk.SLATerms {
	t := desk.SLATerms{PolicyID: desk.ID(r.IntN(3))}
	if t.PolicyID == 0 {
		return t
	}
	t.Targets = desk.SLATargets{First: r.IntN(3) * 40, Next: r.IntN(300), Resolution: r.IntN(2000)}
	if n := r.IntN(3); n < 2 {
		t.Schedule = &zones[n]
	}
	return t
}

// randomHistory moves a ticket as people and customers do, by its own rules.
func randomHistory(t *testing.T, r *rand.Rand, zones []desk.Schedule) []slaStep {
	t.Helper()
	now := historiesFrom.Add(time.Duration(r.IntN(20*24*60)) * time.Minute)
	ticket := desk.OpenTicket(1, 1, desk.Conversation{ID: 1}, 0, now)
	terms := randomTerms(r, zones)
	steps := []slaStep{{now, ticket, terms}}
	for range 2 + r.IntN(12) {
		now = now.Add(time.Duration(1+r.IntN([]int{20, 600, 60 * 72}[r.IntN(3)])) * time.Minute)
		switch r.IntN(9) {
		case 0, 1, 2:
			if desk.CustomerWrote(&ticket, now, 30) == desk.TicketNeeded {
				return steps
			}
		case 3, 4:
			if _, err := ticket.HumanReplied(5, now); err != nil {
				t.Fatal(err)
			}
		case 5:
			_ = ticket.Snooze(now.Add(time.Hour), now) // where the rules allow it; else nothing happened
		case 6:
			_ = ticket.Resolve(desk.ReasonManual, now)
		case 7:
			_ = ticket.TransferTo(9, now)
		case 8:
			terms = randomTerms(r, zones) // the priority changed, say
		}
		steps = append(steps, slaStep{now, ticket, terms})
	}
	return steps
}

// slaTold is what one metric's clock told of, and what its latest run is.
type slaTold struct {
	started, due     time.Time // of a run that is not over
	warned, breached int
}

func (a slaTold) equal(b slaTold) bool {
	return a.started.Equal(b.started) && a.due.Equal(b.due) && a.warned == b.warned && a.breached == b.breached
}

// follow hands the history to the clocks, time passing in between at instants of its own.
func follow(t *testing.T, steps []slaStep, end time.Time, r *rand.Rand) (desk.SLA, map[desk.SLAMetric]slaTold) {
	t.Helper()
	s, err := desk.OpenSLA(steps[0].ticket, steps[0].terms)
	if err != nil {
		t.Fatal(err)
	}
	told := map[desk.SLAMetric]slaTold{}
	hear := func(news []desk.SLANews) {
		for _, n := range news {
			one := told[n.Metric]
			if n.Breached {
				one.breached++
			} else {
				one.warned++
			}
			told[n.Metric] = one
		}
	}
	for i, step := range steps[1:] {
		if between := steps[i].at.Add(time.Duration(r.IntN(90)) * time.Minute); between.Before(step.at) {
			hear(s.Pass(between))
		}
		news, err := s.Follow(step.ticket.ChangesFrom(steps[i].ticket), step.at, step.terms)
		if err != nil {
			t.Fatal(err)
		}
		hear(news)
	}
	hear(s.Pass(end))
	for _, m := range desk.SLAMetrics() {
		if c := s.Clock(m); c.Running() {
			one := told[m]
			one.started, one.due = c.StartedAt, c.DueAt
			told[m] = one
		}
	}
	return s, told
}

// afterwards walks the history once for one metric and counts minutes one by one.
func (c counted) afterwards(m desk.SLAMetric, steps []slaStep, end time.Time) (told slaTold) {
	counts := func(i int) bool {
		k := steps[i].ticket
		switch waits := !k.WaitSince.IsZero(); m {
		case desk.SLAFirst:
			return waits && k.RepliedAt.IsZero()
		case desk.SLANext:
			return waits && !k.RepliedAt.IsZero()
		}
		return k.Status == desk.StatusQueued || k.Status == desk.StatusOpen
	}
	var spent time.Duration // of earlier runs
	var begun, run time.Time
	warned, breached := false, false
	for i := range steps {
		if !counts(i) {
			if !run.IsZero() {
				spent, run = spent+c.minutesIn(steps[i].terms, run, steps[i].at), time.Time{}
			}
			continue
		}
		if run.IsZero() {
			run = steps[i].at
			if m != desk.SLAResolution || begun.IsZero() {
				begun, spent, warned, breached = run, 0, false, false
			}
		}
		until := end
		if i+1 < len(steps) {
			until = steps[i+1].at
		}
		target := steps[i].terms.Targets.Of(m)
		told.due = time.Time{}
		if target == 0 {
			continue
		}
		// A promise is broken when its last minute is over and time goes on, in hours or not.
		if over := c.after(steps[i].terms, run, target*3/4-spent).Before(until); over && !warned {
			warned = true
			told.warned++
		}
		if over := c.after(steps[i].terms, run, target-spent).Before(until); over && !breached {
			breached = true
			told.breached++
		}
	}
	if !run.IsZero() {
		told.started = begun
		last := steps[len(steps)-1].terms
		if target := last.Targets.Of(m); target > 0 {
			told.due = c.after(last, run, target-spent)
		}
	}
	return told
}

// minutes counts how many minutes inside a schedule's hours lie before each minute: histories move by whole minutes.
type minutes []int

// minutesOf looks at the wall clock's face in each minute of 90 days, by nothing that the desk computes itself.
func minutesOf(t *testing.T, s desk.Schedule) minutes {
	t.Helper()
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		t.Fatal(err)
	}
	m := make(minutes, 90*24*60)
	for i := range m[1:] {
		face := historiesFrom.Add(time.Duration(i) * time.Minute).In(zone)
		date := desk.Date(face.Format(time.DateOnly))
		hours, special := s.Special[date]
		if !special {
			hours = s.Week[face.Weekday()]
		}
		minute := desk.Minute(60*face.Hour() + face.Minute())
		open := slices.ContainsFunc(hours, func(h desk.Interval) bool { return h.Start <= minute && minute < h.End })
		if m[i+1] = m[i]; open && !slices.Contains(s.Closed, date) {
			m[i+1]++
		}
	}
	return m
}

func place(at time.Time) int { return int(at.Sub(historiesFrom) / time.Minute) }

// counted is a schedule's minutes, by its id.
type counted map[desk.ID]minutes

func (c counted) minutesIn(terms desk.SLATerms, from, to time.Time) time.Duration {
	if terms.Schedule == nil {
		return to.Sub(from)
	}
	m := c[terms.Schedule.ID]
	return time.Duration(m[place(to)]-m[place(from)]) * time.Minute
}

// after is when so much time has passed inside the hours.
func (c counted) after(terms desk.SLATerms, from time.Time, left time.Duration) time.Time {
	if terms.Schedule == nil || left <= 0 {
		return from.Add(max(left, 0))
	}
	m := c[terms.Schedule.ID]
	whole := int((left - 1) / time.Minute) // before the minute that it ends in, or with
	last, _ := slices.BinarySearch(m, m[place(from)]+whole+1)
	return historiesFrom.Add(time.Duration(last-1)*time.Minute + left - time.Duration(whole)*time.Minute)
}
