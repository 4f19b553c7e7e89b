package store

import (
	"slices"
	"time"

	"madoguchi/desk"
)

// WaitReader reads how long people wait (E24).
type WaitReader interface {
	// SlotUse is for how long a ticket's assignment has occupied a slot; the zero one where nothing is known.
	SlotUse(ticket desk.ID) (desk.SlotUse, error)
	// Mean is how long assignments of a team occupied a slot: of the newest desk.WaitSamples of desk.WaitSampleAge.
	Mean(team desk.ID) (mean time.Duration, samples int, err error)
	// Scores are how estimates did whose tickets were assigned since an instant, by team.
	Scores(since time.Time) ([]desk.WaitScore, error)
}

// WaitWriter notes how long people wait.
type WaitWriter interface {
	PutSlotUse(desk.SlotUse) error // without an assignee it is forgotten
	AddSample(team desk.ID, held time.Duration) error
	// PutEstimate keeps what was expected of a ticket from an instant on, once each.
	PutEstimate(desk.Estimate) error
	// EndEstimates notes that a ticket was assigned, for what was expected of it and is still open.
	EndEstimates(ticket desk.ID, at time.Time) error
}

// QueueOf is how it stands with its team's queue as a queued ticket sees it (E24, E30); the zero Queue for one that is not queued.
func QueueOf(r Reader, t desk.Ticket, now time.Time) (q desk.Queue, err error) {
	if t.Status != desk.StatusQueued {
		return q, nil
	}
	members, aged, err := teamOf(r, t.TeamID)
	if err != nil {
		return q, err
	}
	if q.Free, q.Slots, err = slotsOf(r, members, now); err != nil {
		return q, err
	}
	if q.Mean, q.Samples, err = r.Waits().Mean(t.TeamID); err != nil {
		return q, err
	}
	if q.Open, err = openOn(r, t.ChannelID, now); err != nil {
		return q, err
	}
	q.Ahead, err = r.Routing().Ahead(t.InQueue(), aged, now, q.Matters())
	return q, err
}

// teamOf are who takes a queue's tickets, and whether these age; no team's queue is everybody's.
func teamOf(r Reader, team desk.ID) (members func(desk.ID) bool, aged bool, err error) {
	if team == 0 {
		return func(desk.ID) bool { return true }, false, nil
	}
	t, err := r.Teams().Get(team)
	return func(user desk.ID) bool { return slices.Contains(t.MemberIDs, user) }, t.Ageing, err
}

// slotsOf are the slots of those members who are online (E4, E7).
func slotsOf(r Reader, among func(desk.ID) bool, now time.Time) (free, all int, err error) {
	w, err := r.Workspaces().Current()
	if err != nil {
		return 0, 0, err
	}
	online := map[desk.ID]bool{}
	presences, err := r.Members().Presences()
	if err != nil {
		return 0, 0, err
	}
	for _, p := range presences {
		online[p.UserID] = p.At(now) == desk.Online
	}
	loads, err := r.Tickets().Loads()
	if err != nil {
		return 0, 0, err
	}
	capacities, err := r.Members().Capacities()
	for user, own := range capacities {
		if online[user] && among(user) {
			capacity := w.CapacityOr(own)
			all += capacity
			free += max(capacity-loads[user].Slots, 0)
		}
	}
	return free, all, err
}

// openOn reports whether a channel's hours are now; without hours they always are.
func openOn(r Reader, channel desk.ID, now time.Time) (bool, error) {
	c, err := r.Channels().Get(channel)
	if err != nil || c.ScheduleID == 0 {
		return err == nil, err
	}
	s, err := r.Schedules().Get(c.ScheduleID)
	if desk.KindOf(err) == desk.KindNotFound {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return s.OpenAt(now)
}
