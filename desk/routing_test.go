package desk_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
)

// crew is a team of one mode whose members are all there.
func crew(mode desk.TeamMode, capacity int, ids ...desk.ID) (desk.Team, map[desk.ID]desk.Agent) {
	agents := map[desk.ID]desk.Agent{}
	for _, id := range ids {
		agents[id] = desk.Agent{ID: id, Online: true, Capacity: capacity}
	}
	return desk.Team{ID: 1, Mode: mode, MemberIDs: ids}, agents
}

// shift hands out tickets one after the other.
type shift struct {
	team   desk.Team
	agents map[desk.ID]desk.Agent
	turns  desk.Turns
}

func (s *shift) next(preferred desk.ID, answered map[desk.ID]desk.OfferState) desk.ID {
	return s.give(desk.Queued{ChannelID: 1, PreferredAgent: preferred}, answered)
}

func (s *shift) give(q desk.Queued, answered map[desk.ID]desk.OfferState) desk.ID {
	to := s.team.Choose(s.agents, s.turns, q, answered)
	if to != 0 {
		s.turns[to] = s.turns.Next()
		a := s.agents[to]
		a.Slots++
		s.agents[to] = a
	}
	return to
}

func (s *shift) there(id desk.ID, online bool) {
	a := s.agents[id]
	a.Online = online
	s.agents[id] = a
}

func newShift(mode desk.TeamMode, capacity int, ids ...desk.ID) *shift {
	team, agents := crew(mode, capacity, ids...)
	return &shift{team: team, agents: agents, turns: desk.Turns{}}
}

// E6: A,B,C online, capacity 2, six tickets in a row → A,B,C,A,B,C; the seventh stays queued.
func TestRoundRobin(t *testing.T) {
	t.Parallel()
	const a, b, c desk.ID = 11, 12, 13
	s := newShift(desk.ModeRoundRobin, 2, a, b, c)
	var got []desk.ID
	for range 7 {
		got = append(got, s.next(0, nil))
	}
	if want := []desk.ID{a, b, c, a, b, c, 0}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}

	s = newShift(desk.ModeRoundRobin, 9, a, b, c)
	s.next(0, nil)
	s.next(0, nil)
	s.there(b, false) // B goes away after two tickets → C next, then A
	got = []desk.ID{s.next(0, nil), s.next(0, nil)}
	s.there(b, true) // B back → B next
	got = append(got, s.next(0, nil))
	if want := []desk.ID{c, a, b}; !slices.Equal(got, want) {
		t.Errorf("with an absence: got %v, want %v", got, want)
	}
}

// E3: with most spare capacity whoever has the most free slots is next, equals in turn.
func TestMostSpareCapacity(t *testing.T) {
	t.Parallel()
	s := newShift(desk.ModeSpare, 4, 1, 2, 3)
	s.agents[2] = desk.Agent{ID: 2, Online: true, Capacity: 6, Slots: 1}
	var got []desk.ID
	for range 5 {
		got = append(got, s.next(0, nil))
	}
	if want := []desk.ID{2, 1, 3, 2, 1}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// E4, E11, E12: who does not serve the channel or declined is passed over, who let an offer run out comes last, a preferred agent first, if able.
func TestWhoIsPassedOver(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		preferred desk.ID
		answered  map[desk.ID]desk.OfferState
		away      desk.ID
		want      desk.ID
	}{
		{"the first in order", 0, nil, 0, 1},
		{"preferred serves other channels", 4, nil, 0, 1},
		{"declined", 0, map[desk.ID]desk.OfferState{1: desk.OfferDeclined}, 0, 2},
		{"ran out", 0, map[desk.ID]desk.OfferState{1: desk.OfferExpired, 2: desk.OfferDeclined}, 0, 3},
		{"ran out, and nobody else", 0, map[desk.ID]desk.OfferState{1: desk.OfferExpired, 2: desk.OfferDeclined, 3: desk.OfferDeclined}, 0, 1},
		{"everybody declined", 0, map[desk.ID]desk.OfferState{1: desk.OfferDeclined, 2: desk.OfferDeclined, 3: desk.OfferDeclined}, 0, 0},
		{"preferred", 3, nil, 0, 3},
		{"preferred is away", 3, nil, 3, 1},
		{"preferred declined", 3, map[desk.ID]desk.OfferState{3: desk.OfferDeclined}, 0, 1},
		{"preferred let it run out", 3, map[desk.ID]desk.OfferState{3: desk.OfferExpired}, 0, 1},
		{"preferred is in another team", 9, nil, 0, 9},
	} {
		s := newShift(desk.ModeRoundRobin, 1, 4, 1, 2, 3)
		s.agents[4] = desk.Agent{ID: 4, Online: true, Capacity: 1, Channels: []desk.ID{2, 3}}
		s.agents[9] = desk.Agent{ID: 9, Online: true, Capacity: 1}
		if test.away != 0 {
			s.there(test.away, false)
		}
		if got := s.next(test.preferred, test.answered); got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
}

// E4, E5 as a property, on two channels that not everybody serves: among members who were able to get every one of some tickets,
// nobody got two more than another; whoever is chosen is able, and nobody is chosen only when nobody is able.
func TestRoundRobinIsFair(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 5))
		ids := make([]desk.ID, 2+random.IntN(6))
		for i := range ids {
			ids[i] = desk.ID(i + 1)
		}
		s := newShift(desk.ModeRoundRobin, 1+random.IntN(4), ids...)
		since := map[desk.ID]map[desk.ID]int{} // what each got in a row while the other was able too
		for _, id := range ids {
			since[id] = map[desk.ID]int{}
		}
		for range 200 {
			s.happens(random, ids)
			channel := desk.ID(1 + random.IntN(2))
			able := s.able(ids, channel)
			to := s.give(desk.Queued{ChannelID: channel}, nil)
			if (to == 0) != (len(able) == 0) || to != 0 && !slices.Contains(able, to) {
				t.Fatalf("seed %d: %d was chosen of %v", seed, to, able)
			}
			if err := fair(since, ids, able, to); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
	}
}

// happens lets somebody come, go, serve other channels or finish a ticket.
func (s *shift) happens(random *rand.Rand, ids []desk.ID) {
	id := ids[random.IntN(len(ids))]
	switch a := s.agents[id]; random.IntN(5) {
	case 0:
		s.there(id, !a.Online)
	case 1:
		a.Channels = [][]desk.ID{nil, {1}, {2}, {1, 2}}[random.IntN(4)]
		s.agents[id] = a
	default:
		a.Slots = max(a.Slots-1-random.IntN(2), 0)
		s.agents[id] = a
	}
}

func (s *shift) able(ids []desk.ID, channel desk.ID) (able []desk.ID) {
	for _, id := range ids {
		if a := s.agents[id]; a.Eligible() && (len(a.Channels) == 0 || slices.Contains(a.Channels, channel)) {
			able = append(able, id)
		}
	}
	return able
}

// fair counts, for each pair, how far one is ahead of the other since both became able.
func fair(ahead map[desk.ID]map[desk.ID]int, ids, able []desk.ID, to desk.ID) error {
	for _, a := range ids {
		for _, b := range ids {
			switch {
			case !slices.Contains(able, a) || !slices.Contains(able, b):
				ahead[a][b] = 0
			case to == a && a != b:
				ahead[a][b] = max(ahead[a][b], 0) + 1
				ahead[b][a] = 0
			}
			if ahead[a][b] > 1 {
				return fmt.Errorf("%d got %d in a row while %d was able", a, ahead[a][b], b)
			}
		}
	}
	return nil
}

// E10: priority, then who waited longest; a ticket that ages climbs one level an hour, and no higher than urgent.
func TestQueueOrder(t *testing.T) {
	t.Parallel()
	queue := []desk.Queued{
		{TicketID: 1, Priority: desk.PriorityLow, Since: noon.Add(-3 * time.Hour)},
		{TicketID: 2, Priority: desk.PriorityNormal, Since: noon.Add(-time.Minute)},
		{TicketID: 3, Priority: desk.PriorityNormal, Since: noon.Add(-59 * time.Minute)},
		{TicketID: 4, Priority: desk.PriorityUrgent, Since: noon},
		{TicketID: 5, Priority: desk.PriorityHigh, Since: noon.Add(-2 * time.Minute)},
	}
	order := func(aged map[desk.ID]bool) (ids []desk.ID) {
		sorted := slices.Clone(queue)
		desk.SortQueue(sorted, aged, noon)
		for _, q := range sorted {
			ids = append(ids, q.TicketID)
		}
		return ids
	}
	if got, want := order(nil), []desk.ID{4, 5, 3, 2, 1}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := order(map[desk.ID]bool{0: true}), []desk.ID{1, 4, 5, 3, 2}; !slices.Equal(got, want) {
		t.Errorf("ageing: got %v, want %v", got, want)
	}
}

// E7: an open ticket takes a slot, a pending one for ten minutes, a sleeping one none.
func TestSlotsOfTickets(t *testing.T) {
	t.Parallel()
	ticket := desk.OpenTicket(7, 1, desk.Conversation{ID: 3}, 9, noon)
	steps := []struct {
		do    func() error
		after time.Duration
		want  int
	}{
		{func() error { return nil }, 0, 0},
		{func() error { return ticket.AssignTo(5, noon) }, 0, 1},
		{func() error { return ticket.SetPending(noon) }, 0, 1},
		{func() error { return nil }, desk.PendingHolds - 1, 1},
		{func() error { return nil }, desk.PendingHolds, 0},
		{func() error { return ticket.SetOpen(noon) }, desk.PendingHolds, 1},
		{func() error { return ticket.Snooze(noon.Add(time.Hour), noon) }, 0, 0},
	}
	for i, s := range steps {
		if err := s.do(); err != nil {
			t.Fatal(err)
		}
		if got := ticket.Slots(noon.Add(s.after)); got != s.want {
			t.Errorf("step %d: %s takes %d, want %d", i, ticket.Status, got, s.want)
		}
	}
}

// E11: a new ticket within 24 h prefers who had the last one, else who had the one before.
func TestReturningCustomers(t *testing.T) {
	t.Parallel()
	last := desk.Ticket{Status: desk.StatusResolved, Reason: desk.ReasonManual, Assignee: 5, ResolvedAt: noon.Add(-desk.ReturnsWithin + 2)}
	earlier := desk.Ticket{Status: desk.StatusResolved, Assignee: 7, ResolvedAt: noon.Add(-desk.ReturnsWithin + 1)}
	for name, test := range map[string]struct {
		last func(t *desk.Ticket)
		want desk.ID
	}{
		"within a day":     {func(*desk.Ticket) {}, 5},
		"still open":       {func(t *desk.Ticket) { t.Status, t.UpdatedAt = desk.StatusPending, t.ResolvedAt }, 5},
		"not of the team":  {func(t *desk.Ticket) { t.Assignee = 4 }, 7},
		"a day":            {func(t *desk.Ticket) { t.ResolvedAt = noon.Add(-desk.ReturnsWithin) }, 7},
		"closed by nobody": {func(t *desk.Ticket) { t.Assignee, t.LastAssignee = 0, 6 }, 6},
		"spam":             {func(t *desk.Ticket) { t.Reason = desk.ReasonSpam }, 7},
		"none":             {func(t *desk.Ticket) { *t = desk.Ticket{} }, 7},
	} {
		before := last
		test.last(&before)
		ticket := desk.OpenTicket(7, 1, desk.Conversation{ID: 3}, 9, noon)
		ticket.Returns([]desk.Ticket{earlier, before}, desk.Team{ID: 9, MemberIDs: []desk.ID{5, 6, 7}})
		if ticket.PreferredAgent != test.want {
			t.Errorf("%s: prefers %d, want %d", name, ticket.PreferredAgent, test.want)
		}
	}
}

// E15: a ticket goes back when its assignee is offline and the customer waited long enough, or at once by their own status.
func TestWhatIsLeftBehind(t *testing.T) {
	t.Parallel()
	waited := desk.Awaited{TicketID: 1, Assignee: 5, Since: noon.Add(-9 * time.Minute)}
	online := desk.Presence{UserID: 5, Chosen: desk.Online, LeaseUntil: noon.Add(time.Minute)}
	lunch := desk.CustomAvailability{ID: 3, Means: desk.Away, Reassigns: true}
	atLunch := desk.Presence{UserID: 5, Chosen: desk.Away, CustomID: 3, LeaseUntil: noon.Add(time.Minute)}
	for name, test := range map[string]struct {
		minutes  int
		presence desk.Presence
		custom   desk.CustomAvailability
		left     bool
		due      time.Time
	}{
		"online":                {10, online, desk.CustomAvailability{}, false, time.Time{}},
		"offline, not so long":  {10, desk.Presence{}, desk.CustomAvailability{}, false, noon.Add(time.Minute)},
		"offline":               {9, desk.Presence{}, desk.CustomAvailability{}, true, noon},
		"offline, switched off": {0, desk.Presence{}, desk.CustomAvailability{}, false, time.Time{}},
		"reassigning":           {10, atLunch, lunch, true, time.Time{}},
		"back from lunch":       {10, online, lunch, false, time.Time{}},
	} {
		left, due := waited.Left(desk.Workspace{RequeueMinutes: test.minutes}, test.presence, test.custom, noon)
		if left != test.left || !due.Equal(test.due) {
			t.Errorf("%s: %t, %v", name, left, due)
		}
	}
}
