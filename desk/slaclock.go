package desk

import "time"

// SLAClock measures one metric of one ticket. The zero value never ran.
type SLAClock struct {
	StartedAt  time.Time     `json:"started_at,omitzero"`
	Since      time.Time     `json:"since,omitzero"`    // it runs since then; zero while it stands still
	Spent      time.Duration `json:"spent,omitempty"`   // of earlier runs, each counted under the terms in force at its end
	EndedAt    time.Time     `json:"ended_at,omitzero"` // it is over: answered, or resolved
	Target     time.Duration `json:"target,omitempty"`  // 0 = nothing is promised now
	WarnAt     time.Time     `json:"warn_at,omitzero"`
	DueAt      time.Time     `json:"due_at,omitzero"` // as it was last known, once it stands still
	WarnedAt   time.Time     `json:"warned_at,omitzero"`
	BreachedAt time.Time     `json:"breached_at,omitzero"`
}

// Running reports whether time passes on it.
func (c SLAClock) Running() bool { return !c.Since.IsZero() }

// State says how its promise stands; "" where nothing is or was promised.
func (c SLAClock) State() SLAState {
	switch {
	case c.StartedAt.IsZero() || c.Target == 0 && c.BreachedAt.IsZero():
		return ""
	case !c.BreachedAt.IsZero():
		return SLABreached
	case !c.EndedAt.IsZero():
		return SLAOK
	case !c.Running():
		return SLAPaused
	case !c.WarnedAt.IsZero():
		return SLAWarning
	}
	return SLAOK
}

// SLANews is that a clock came to a mark.
type SLANews struct {
	Metric   SLAMetric
	Breached bool      // else three quarters are over
	At       time.Time // when it was due
}

// SLA is the clocks of one ticket, and what of the ticket they follow.
type SLA struct {
	TicketID       ID
	ConversationID ID
	PolicyID       ID        // that governs, 0 = none
	AsOf           time.Time // what happened to the ticket before then is in it

	Status     TicketStatus // the ticket's
	WaitSince  time.Time    // the ticket's
	Replied    bool         // a person answered in public
	First      SLAClock     // of SLAFirst
	Next       SLAClock     // of SLANext, the latest
	Resolution SLAClock     // of SLAResolution
}

// Clock is the clock of one metric.
func (s *SLA) Clock(m SLAMetric) *SLAClock {
	switch m {
	case SLAFirst:
		return &s.First
	case SLANext:
		return &s.Next
	}
	return &s.Resolution
}

// SLAMetrics lists all metrics in the order in which people see them.
func SLAMetrics() []SLAMetric { return []SLAMetric{SLAFirst, SLANext, SLAResolution} }

// BeginSLA makes the clocks of a ticket that has none, from what the ticket knows of itself. What was promised later than the
// ticket began counts from floor: nothing was promised before.
func BeginSLA(t Ticket, terms SLATerms, floor time.Time) (SLA, error) {
	s := SLA{TicketID: t.ID, ConversationID: t.ConversationID, AsOf: t.UpdatedAt, Status: t.Status, WaitSince: t.WaitSince, Replied: !t.RepliedAt.IsZero()}
	if s.waits() {
		waiting, _ := s.response()
		waiting.start(later(t.WaitSince, floor))
	}
	begun := later(t.CreatedAt, floor)
	s.Resolution.start(begun)
	if err := s.Govern(terms); err != nil || s.works() {
		return s, err
	}
	err := s.Resolution.stop(terms, begun) // how long it worked before is not known
	if s.Status.Resolved() {
		s.Resolution.EndedAt = later(t.ResolvedAt, begun)
	}
	return s, err
}

// OpenSLA makes the clocks of a ticket that a customer's message or a member just opened, whatever became of it since.
func OpenSLA(t Ticket, terms SLATerms) (SLA, error) {
	s := SLA{TicketID: t.ID, ConversationID: t.ConversationID, AsOf: t.CreatedAt, Status: StatusQueued, WaitSince: t.CreatedAt}
	s.First.start(t.CreatedAt)
	s.Resolution.start(t.CreatedAt)
	return s, s.Govern(terms)
}

// waits reports whether the customer waits for a person.
func (s *SLA) waits() bool {
	return !s.WaitSince.IsZero() && s.Status != StatusBot && !s.Status.Resolved()
}

// works reports whether the case is in work, so that its resolution counts.
func (s *SLA) works() bool { return s.Status == StatusQueued || s.Status == StatusOpen }

// response are the clocks of answers: the one that runs while the customer waits, and the other.
func (s *SLA) response() (waiting, other *SLAClock) {
	if s.Replied {
		return &s.Next, &s.First
	}
	return &s.First, &s.Next
}

// Follow lets the clocks follow what changed on the ticket at an instant, under the terms that hold from then on, and says what they
// came to before. What is in them already changes nothing.
func (s *SLA) Follow(changes []Change, at time.Time, terms SLATerms) ([]SLANews, error) {
	if at.Before(s.AsOf) {
		return nil, nil
	}
	news := s.Pass(at)
	for _, c := range changes {
		switch c.Field {
		case "status":
			s.Status = TicketStatus(c.To)
		case "wait_since":
			s.WaitSince, _ = time.Parse(time.RFC3339, c.To) // as Instant writes it, "" for none
		case "replied_at":
			s.Replied = c.To != ""
		}
	}
	if err := s.turn(at, terms); err != nil {
		return nil, err
	}
	return news, s.Govern(terms)
}

// Behind is what the clocks do not know yet of a ticket as it is now, nil if nothing.
func (s *SLA) Behind(t Ticket) []Change {
	if s.Status == t.Status && s.WaitSince.Equal(t.WaitSince) && s.Replied == !t.RepliedAt.IsZero() {
		return nil
	}
	return t.ChangesFrom(Ticket{Status: s.Status, WaitSince: s.WaitSince})
}

// turn starts and stops the clocks as the ticket now stands.
func (s *SLA) turn(at time.Time, terms SLATerms) error {
	waiting, other := s.response()
	for _, c := range []*SLAClock{waiting, other} {
		switch {
		case c == waiting && s.waits():
			if !c.Running() {
				c.start(at)
			}
		case c.Running():
			c.EndedAt = at
			if err := c.stop(terms, at); err != nil {
				return err
			}
		}
	}
	c := &s.Resolution
	switch {
	case !s.Status.Resolved():
		c.EndedAt = time.Time{}
	case c.EndedAt.IsZero():
		c.EndedAt = at
	}
	switch {
	case s.works() && !c.Running():
		c.Since = at
	case !s.works() && c.Running():
		return c.stop(terms, at)
	}
	return nil
}

// start begins a clock anew.
func (c *SLAClock) start(at time.Time) { *c = SLAClock{StartedAt: at, Since: at} }

// stop keeps what its run took.
func (c *SLAClock) stop(terms SLATerms, at time.Time) error {
	took, err := terms.elapsed(c.Since, at)
	c.Spent, c.Since = c.Spent+took, time.Time{}
	return err
}

// Govern puts the running clocks under terms.
func (s *SLA) Govern(terms SLATerms) (err error) {
	s.PolicyID = terms.PolicyID
	for _, m := range SLAMetrics() {
		c := s.Clock(m)
		if !c.Running() {
			continue
		}
		c.Target = terms.Targets.Of(m)
		if c.WarnAt, c.DueAt, err = terms.Due(m, c.Since, c.Spent); err != nil {
			return err
		}
	}
	return nil
}

// Pass lets time pass: each mark that a running clock came to before now is news, once.
func (s *SLA) Pass(now time.Time) (news []SLANews) {
	for _, m := range SLAMetrics() {
		c := s.Clock(m)
		if c.passed(c.WarnAt, c.WarnedAt, now) {
			c.WarnedAt = now
			news = append(news, SLANews{Metric: m, At: c.WarnAt})
		}
		if c.passed(c.DueAt, c.BreachedAt, now) {
			c.BreachedAt = now
			news = append(news, SLANews{Metric: m, Breached: true, At: c.DueAt})
		}
	}
	return news
}

// NextAt is the mark that a clock comes to next, zero if none does.
func (s *SLA) NextAt() (next time.Time) {
	for _, m := range SLAMetrics() {
		c := s.Clock(m)
		for _, mark := range [][2]time.Time{{c.WarnAt, c.WarnedAt}, {c.DueAt, c.BreachedAt}} {
			if c.Running() && !mark[0].IsZero() && mark[1].IsZero() && (next.IsZero() || mark[0].Before(next)) {
				next = mark[0]
			}
		}
	}
	return next
}

// passed reports whether a mark that was not told yet lies behind.
func (c *SLAClock) passed(mark, told, now time.Time) bool {
	return c.Running() && !mark.IsZero() && told.IsZero() && mark.Before(now)
}

// Summary is what the conversation's row shows: the most urgent of what stands, and what runs out first.
func (s *SLA) Summary() (sum SLASummary) {
	rank := map[SLAState]int{SLAPaused: 1, SLAOK: 2, SLAWarning: 3, SLABreached: 4}
	for _, m := range SLAMetrics() {
		c := s.Clock(m)
		state := c.State()
		if !c.EndedAt.IsZero() || c.Target == 0 || state == "" {
			continue
		}
		if !c.Running() {
			state = SLAPaused
		} else if !c.DueAt.IsZero() && (sum.Due.IsZero() || c.DueAt.Before(sum.Due)) {
			sum.Due = c.DueAt
		}
		if rank[state] > rank[sum.State] {
			sum.State = state
		}
	}
	return sum
}
