package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// SLAMetric is one of the promises of an SLA policy (E17).
type SLAMetric string

// The metrics.
const (
	SLAFirst      SLAMetric = "first_response" // from the first customer message, once it waits for a person, to the first public human reply
	SLANext       SLAMetric = "next_response"  // later: from each first unanswered customer message to the next public human reply
	SLAResolution SLAMetric = "resolution"     // from the beginning to the end of the case, without what it was pending, snoozed or resolved
)

// SLATargets are how many minutes each metric may take; 0 = nothing is promised.
type SLATargets struct {
	First      int `json:"first_response,omitempty"`
	Next       int `json:"next_response,omitempty"`
	Resolution int `json:"resolution,omitempty"`
}

// Of is the target of one metric.
func (t SLATargets) Of(m SLAMetric) time.Duration {
	minutes := map[SLAMetric]int{SLAFirst: t.First, SLANext: t.Next, SLAResolution: t.Resolution}[m]
	return time.Duration(minutes) * time.Minute
}

// SLAPolicy is what is promised to customers, by priority (E17).
type SLAPolicy struct {
	ID         ID
	Name       string
	Position   int64 // ascending: the first that fits a ticket governs it
	TeamIDs    []ID  // whose tickets it is for, none = everybody's
	ScheduleID ID    // whose time counts, 0 = every hour of every day
	Targets    map[Priority]SLATargets
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

const (
	maxSLAName    = 60
	maxSLAMinutes = 30 * 24 * 60 // at eight hours on five days a week, eighteen weeks: well inside what Schedule.After looks at
)

// Validate refuses a policy that promises nothing, or what no clock can count.
func (p SLAPolicy) Validate() error {
	if name := strings.TrimSpace(p.Name); name == "" || len([]rune(name)) > maxSLAName {
		return Invalid("name", "name_missing", "an SLA policy has a name of at most %d characters", maxSLAName)
	}
	promises := false
	for priority, t := range p.Targets {
		if !slices.Contains(Priorities(), priority) {
			return Invalid("targets", "priority_invalid", "%q is no priority", priority)
		}
		for _, minutes := range []int{t.First, t.Next, t.Resolution} {
			if minutes < 0 || minutes > maxSLAMinutes {
				return Invalid("targets."+string(priority), "sla_target_invalid", "%d is not between 0 and %d minutes", minutes, maxSLAMinutes)
			}
			promises = promises || minutes > 0
		}
	}
	if !promises {
		return Invalid("targets", "sla_targets_missing", "an SLA policy promises something")
	}
	return nil
}

// fits reports whether the policy is for a ticket: its team's, with a promise for its priority.
func (p SLAPolicy) fits(t Ticket) bool {
	return (len(p.TeamIDs) == 0 || slices.Contains(p.TeamIDs, t.TeamID)) && p.Targets[t.Priority] != SLATargets{}
}

// SLAPolicyOf is the policy that governs a ticket: the one that a rule or a person named (Ticket.SLAPolicy), else the first in
// order that fits its team and priority; false if none does.
func SLAPolicyOf(policies []SLAPolicy, t Ticket) (SLAPolicy, bool) {
	if i := slices.IndexFunc(policies, func(p SLAPolicy) bool { return t.SLAPolicy != 0 && p.ID == t.SLAPolicy }); i >= 0 {
		return policies[i], true
	}
	ordered := slices.SortedFunc(slices.Values(policies), func(a, b SLAPolicy) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	for _, p := range ordered {
		if p.fits(t) {
			return p, true
		}
	}
	return SLAPolicy{}, false
}

// SLATerms are what holds for one ticket now. The zero value promises nothing and counts every hour.
type SLATerms struct {
	PolicyID ID
	Targets  SLATargets
	Schedule *Schedule // nil = every hour of every day
}

// Due is when the promise of a metric ends that begins to run at an instant, some of its time spent before; and when three
// quarters of it are over (E17). Zero if nothing is promised, or the schedule has too few hours.
func (t SLATerms) Due(m SLAMetric, from time.Time, spent time.Duration) (warn, due time.Time, err error) {
	target := t.Targets.Of(m)
	if target == 0 {
		return warn, due, nil
	}
	if warn, err = t.after(from, target*3/4-spent); err == nil {
		due, err = t.after(from, target-spent)
	}
	return warn, due, err
}

func (t SLATerms) after(from time.Time, d time.Duration) (time.Time, error) {
	if d <= 0 {
		return from, nil
	}
	if t.Schedule == nil {
		return from.Add(d), nil
	}
	at, found, err := t.Schedule.After(from, d)
	if err != nil || !found {
		return time.Time{}, err
	}
	return at, nil
}

func (t SLATerms) elapsed(from, to time.Time) (time.Duration, error) {
	if t.Schedule == nil {
		return max(to.Sub(from), 0), nil
	}
	return t.Schedule.Elapsed(from, to)
}

// SLAState says how a promise stands.
type SLAState string

// The states of promises. A conversation has the most urgent of its case's, "" = no clock stands.
const (
	SLAOK       SLAState = "ok"
	SLAWarning  SLAState = "warning"  // three quarters are over
	SLABreached SLAState = "breached" // the target has passed
	SLAPaused   SLAState = "paused"   // the customer's turn, or asleep
)

// SLASummary is what a conversation's row knows of its case's promises.
type SLASummary struct {
	State SLAState
	Due   time.Time // of the clock that runs out first, zero while none runs
}
