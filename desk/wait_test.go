package desk_test

import (
	"testing"
	"time"

	"madoguchi/desk"
)

// TestWaits are the vectors of E25, and what E24 and E26 say of queues that tell nothing.
func TestWaits(t *testing.T) {
	t.Parallel()
	queue := func(ahead, free, slots, mean int) desk.Queue {
		return desk.Queue{Ahead: ahead, Free: free, Slots: slots, Mean: time.Duration(mean) * time.Minute, Samples: 100, Open: true}
	}
	for name, test := range map[string]struct {
		queue desk.Queue
		want  desk.Wait
	}{
		"nobody ahead":            {queue(0, 0, 6, 5), desk.Wait{Known: true, Time: 50 * time.Second}},
		"eleven ahead":            {queue(11, 0, 6, 5), desk.Wait{Known: true, Time: 10 * time.Minute}},
		"a slot is free":          {queue(1, 2, 6, 5), desk.Wait{Known: true, Soon: true}},
		"as many free as ahead":   {queue(2, 2, 6, 5), desk.Wait{Known: true, Time: 50 * time.Second}},
		"longer assignments":      {queue(5, 0, 4, 10), desk.Wait{Known: true, Time: 15 * time.Minute}},
		"nobody there":            {queue(5, 0, 0, 5), desk.Wait{}},
		"outside of hours":        {desk.Queue{Free: 2, Slots: 2, Mean: time.Minute, Samples: 100}, desk.Wait{}},
		"too few samples":         {desk.Queue{Slots: 6, Mean: time.Hour, Samples: 9, Open: true}, desk.Wait{Known: true, Time: 50 * time.Second}},
		"just enough samples":     {desk.Queue{Slots: 6, Mean: time.Hour, Samples: 10, Open: true}, desk.Wait{Known: true, Time: 10 * time.Minute}},
		"more free than there is": {queue(0, 6, 6, 5), desk.Wait{Known: true, Soon: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.queue.Wait(); got != test.want {
				t.Errorf("%+v waits %+v, not %+v", test.queue, got, test.want)
			}
		})
	}
}

func TestWaitsAsTheyAreTold(t *testing.T) {
	t.Parallel()
	for given, want := range map[time.Duration]int{
		0: 1, 50 * time.Second: 1, time.Minute: 1, 61 * time.Second: 2, 9 * time.Minute: 9, 9*time.Minute + 1: 10, 10*time.Minute + 1: 15,
		12 * time.Minute: 15, 15 * time.Minute: 15, 56 * time.Minute: 60, 3 * time.Hour: 60,
	} {
		got, over := desk.Wait{Known: true, Time: given}.Minutes()
		if got != want || over != (given > 55*time.Minute) {
			t.Errorf("%s is told as %d minutes (an hour and more: %t), not %d", given, got, over, want)
		}
	}
	at := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	told := desk.Estimate{At: at, Wait: 10 * time.Minute}
	for name, test := range map[string]struct {
		anew, since, want time.Duration
	}{
		"as was thought":           {6 * time.Minute, 4 * time.Minute, 6 * time.Minute},
		"sooner than was thought":  {2 * time.Minute, 4 * time.Minute, 6 * time.Minute},
		"the queue does not move":  {10 * time.Minute, 9 * time.Minute, 10 * time.Minute},
		"any moment now":           {10 * time.Second, time.Hour, time.Minute},
		"there were never so many": {20 * time.Minute, time.Hour, 20 * time.Minute},
	} {
		if got := (desk.Wait{Known: true, Time: test.anew}).Later(told, at.Add(test.since)).Time; got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	if soon := (desk.Wait{Known: true, Soon: true}); soon.Later(told, at) != soon {
		t.Error("soon stays soon")
	}
}

// More tickets ahead than matter change nothing that anybody is told.
func TestWhatMatters(t *testing.T) {
	t.Parallel()
	for want, queue := range map[int]desk.Queue{
		desk.QueuePositionMost: {Free: 3, Slots: 0, Open: true},
		51 + 14:                {Free: 51, Slots: 60, Mean: 100 * time.Hour, Samples: 100, Open: true},
		2 + 6*24*12:            {Free: 2, Slots: 6, Open: true},
		6 * 24:                 {Slots: 6, Mean: time.Hour, Samples: 100, Open: true},
		24 * 3600:              {Slots: 1, Samples: 100, Open: true}, // who answers and resolves in one step holds no slot
	} {
		if queue.Matters() != want {
			t.Errorf("of %+v %d matter, not %d", queue, queue.Matters(), want)
		}
		queue.Ahead = want
		if wait := queue.Wait(); queue.Position() != 0 || wait.Known && wait.Time < time.Hour {
			t.Errorf("at %d of %+v: position %d, wait %+v", want, queue, queue.Position(), wait)
		}
	}
}

func TestPositions(t *testing.T) {
	t.Parallel()
	for ahead, want := range map[int]int{0: 1, 49: 50, 50: 0} {
		if got := (desk.Queue{Ahead: ahead, Open: true}).Position(); got != want {
			t.Errorf("%d ahead make position %d, not %d", ahead, got, want)
		}
	}
	if got := (desk.Queue{Ahead: 2}).Position(); got != 0 {
		t.Errorf("outside opening hours: position %d", got)
	}
}

// TestKeptEstimates holds the score to its bounds.
func TestKeptEstimates(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		told, waited time.Duration
		kept         bool
	}{
		{0, 2 * time.Minute, true}, {0, 2*time.Minute + 1, false},
		{20 * time.Minute, 24 * time.Minute, true}, {20 * time.Minute, 25 * time.Minute, false}, {20 * time.Minute, 15 * time.Minute, false},
	} {
		told := desk.Estimate{At: at, Wait: test.told, AssignedAt: at.Add(test.waited)}
		if told.Kept() != test.kept || told.Off() != test.waited-test.told {
			t.Errorf("told %s, waited %s: kept %t, off by %s", test.told, test.waited, told.Kept(), told.Off())
		}
	}
}

func TestSlotsAreHeldWhileWorkIsOursAndAWhileLonger(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	type step struct {
		minute   int
		status   desk.TicketStatus
		assignee desk.ID
		held     int // minutes of the assignment that ended with it, -1 = none did
	}
	for name, steps := range map[string][]step{
		"answered and resolved":         {{0, desk.StatusOpen, 7, -1}, {4, desk.StatusPending, 7, -1}, {6, desk.StatusResolved, 7, 6}},
		"pending for long":              {{0, desk.StatusOpen, 7, -1}, {1, desk.StatusPending, 7, -1}, {60, desk.StatusOpen, 7, -1}, {61, desk.StatusResolved, 7, 12}},
		"something else while pending":  {{0, desk.StatusPending, 7, -1}, {5, desk.StatusPending, 7, -1}, {40, desk.StatusPending, 7, -1}, {50, desk.StatusResolved, 7, 10}},
		"asleep meanwhile":              {{0, desk.StatusOpen, 7, -1}, {3, desk.StatusSnoozed, 7, -1}, {600, desk.StatusOpen, 7, -1}, {601, desk.StatusQueued, 0, 4}},
		"handed on":                     {{0, desk.StatusOpen, 7, -1}, {3, desk.StatusOpen, 8, 3}, {5, desk.StatusResolved, 8, 2}},
		"taken and at once handed on":   {{0, desk.StatusOpen, 7, -1}, {0, desk.StatusOpen, 8, -1}, {5, desk.StatusResolved, 8, 5}},
		"never anybody's":               {{0, desk.StatusQueued, 0, -1}, {9, desk.StatusResolved, 0, -1}},
		"resolved, and taken up by her": {{0, desk.StatusOpen, 7, -1}, {2, desk.StatusResolved, 7, 2}, {90, desk.StatusOpen, 7, -1}, {91, desk.StatusResolved, 7, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var use desk.SlotUse
			for _, s := range steps {
				var held time.Duration
				var finished bool
				use, held, finished = use.Step(desk.Ticket{ID: 1, TeamID: 2, Status: s.status, Assignee: s.assignee}, at.Add(time.Duration(s.minute)*time.Minute))
				if finished != (s.held >= 0) || finished && held != time.Duration(s.held)*time.Minute {
					t.Errorf("at minute %d: finished %t after %s, want %d minutes", s.minute, finished, held, s.held)
				}
			}
		})
	}
}
