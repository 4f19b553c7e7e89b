package desk_test

import (
	"testing"
	"time"

	"madoguchi/desk"
)

var jst = time.FixedZone("JST", 9*60*60)

func weekdays(t testing.TB) desk.Schedule {
	t.Helper()
	s := desk.Schedule{ID: 1, Name: "平日", Zone: "Asia/Tokyo", Closed: []desk.Date{"2026-11-23"}}
	for day := time.Monday; day <= time.Friday; day++ {
		s.Week[day] = []desk.Interval{{Start: 9 * 60, End: 18 * 60}}
	}
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	return s
}

// E18.
func TestFirstResponseIsDueAfterTheHoliday(t *testing.T) {
	t.Parallel()
	hours := weekdays(t)
	friday := time.Date(2026, 11, 20, 17, 50, 0, 0, jst)
	s, err := desk.OpenSLA(desk.Ticket{ID: 1, CreatedAt: friday}, desk.SLATerms{PolicyID: 1, Targets: desk.SLATargets{First: 60}, Schedule: &hours})
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2026, 11, 24, 9, 50, 0, 0, jst); !s.First.DueAt.Equal(want) {
		t.Errorf("due %s, want %s", s.First.DueAt.In(jst), want)
	}
	if want := time.Date(2026, 11, 24, 9, 35, 0, 0, jst); !s.First.WarnAt.Equal(want) || !s.NextAt().Equal(want) {
		t.Errorf("warns at %s, next at %s, want %s", s.First.WarnAt.In(jst), s.NextAt().In(jst), want)
	}
}

func TestPolicyOf(t *testing.T) {
	t.Parallel()
	normal := map[desk.Priority]desk.SLATargets{desk.PriorityNormal: {First: 5}}
	vip := desk.SLAPolicy{ID: 1, Position: 2, TeamIDs: []desk.ID{7}, Targets: normal}
	all := desk.SLAPolicy{ID: 2, Position: 3, Targets: normal}
	urgent := desk.SLAPolicy{ID: 3, Position: 1, Targets: map[desk.Priority]desk.SLATargets{desk.PriorityUrgent: {First: 1}, desk.PriorityNormal: {}}}
	policies := []desk.SLAPolicy{all, vip, urgent}
	for name, test := range map[string]struct {
		ticket desk.Ticket
		want   desk.ID
	}{
		"the team's goes first":         {desk.Ticket{TeamID: 7, Priority: desk.PriorityNormal}, vip.ID},
		"another team":                  {desk.Ticket{TeamID: 8, Priority: desk.PriorityNormal}, all.ID},
		"a promise for the priority":    {desk.Ticket{TeamID: 7, Priority: desk.PriorityUrgent}, urgent.ID},
		"none for the priority":         {desk.Ticket{TeamID: 7, Priority: desk.PriorityLow}, 0},
		"named by a rule":               {desk.Ticket{TeamID: 7, Priority: desk.PriorityNormal, SLAPolicy: all.ID}, all.ID},
		"named by a rule, gone by now":  {desk.Ticket{TeamID: 7, Priority: desk.PriorityNormal, SLAPolicy: 99}, vip.ID},
		"named, no promise for this":    {desk.Ticket{Priority: desk.PriorityLow, SLAPolicy: all.ID}, all.ID},
		"no team, and none for no team": {desk.Ticket{Priority: desk.PriorityNormal}, all.ID},
	} {
		if got, _ := desk.SLAPolicyOf(policies, test.ticket); got.ID != test.want {
			t.Errorf("%s: policy %d, want %d", name, got.ID, test.want)
		}
	}
}

func TestPolicyIsChecked(t *testing.T) {
	t.Parallel()
	good := desk.SLAPolicy{Name: "標準", Targets: map[desk.Priority]desk.SLATargets{desk.PriorityNormal: {First: 60}}}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for want, spoil := range map[string]func(*desk.SLAPolicy){
		"name_missing":        func(p *desk.SLAPolicy) { p.Name = " " },
		"sla_targets_missing": func(p *desk.SLAPolicy) { p.Targets = map[desk.Priority]desk.SLATargets{desk.PriorityLow: {}} },
		"sla_target_invalid":  func(p *desk.SLAPolicy) { p.Targets = map[desk.Priority]desk.SLATargets{desk.PriorityLow: {Next: -1}} },
		"priority_invalid":    func(p *desk.SLAPolicy) { p.Targets = map[desk.Priority]desk.SLATargets{"whenever": {Next: 1}} },
	} {
		p := good
		spoil(&p)
		if err := p.Validate(); desk.CodeOf(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestWarnsAndBreachesOnce(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 20, 1, 0, 0, 0, time.UTC)
	s, err := desk.OpenSLA(desk.Ticket{CreatedAt: start}, desk.SLATerms{PolicyID: 1, Targets: desk.SLATargets{First: 60}})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		minutes int
		news    int
		state   desk.SLAState
	}{{45, 0, desk.SLAOK}, {46, 1, desk.SLAWarning}, {60, 0, desk.SLAWarning}, {61, 1, desk.SLABreached}, {90, 0, desk.SLABreached}} {
		if news := s.Pass(start.Add(time.Duration(step.minutes) * time.Minute)); len(news) != step.news || s.Summary().State != step.state {
			t.Errorf("after %d minutes: %d news, %s; want %d, %s", step.minutes, len(news), s.Summary().State, step.news, step.state)
		}
	}
	if !s.Summary().Due.Equal(start.Add(time.Hour)) || !s.NextAt().IsZero() {
		t.Errorf("shows %+v, next at %s", s.Summary(), s.NextAt())
	}
}

func TestWaitAlert(t *testing.T) {
	t.Parallel()
	hours := weekdays(t)
	since := time.Date(2026, 11, 20, 17, 58, 0, 0, jst) // Monday is a holiday
	a := desk.WaitAlert{Minutes: 5}
	c := desk.Conversation{ID: 1, WaitSince: since}
	due := func(c desk.Conversation) time.Time {
		t.Helper()
		at, err := a.Due(c, &hours)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	told := time.Date(2026, 11, 24, 9, 3, 0, 0, jst)
	for range 3 {
		if at := due(c); !at.Equal(told) {
			t.Errorf("due %s, want %s", at.In(jst), told)
		}
		a.Tell(c, told)
		told = told.Add(5 * time.Minute)
	}
	if at := due(c); !at.IsZero() {
		t.Errorf("told of a fourth time at %s", at.In(jst))
	}
	next := desk.Conversation{ID: 2, WaitSince: since.Add(time.Minute)} // the first was taken
	if at := due(next); !at.Equal(told) {
		t.Errorf("of the next one at %s, want %s", at.In(jst), told)
	}
	if a.Minutes = 0; !due(next).IsZero() {
		t.Error("told although it is switched off")
	}
}
