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
	// Expected is what was expected last of a ticket that nobody has yet; the zero one where nothing was.
	Expected(ticket desk.ID) (desk.Estimate, error)
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
func QueueOf(r Reader, t desk.Ticket, now time.Time) (desk.Queue, error) {
	return QueuesAt(r, now).Of(t)
}

// Queues are those of a workspace at one instant: what several tickets see of them in common is read once.
type Queues struct {
	r      Reader
	now    time.Time
	online map[desk.ID]slots // by member; nil = not read
	teams  map[served]teamQueue
	open   map[desk.ID]bool // by channel
}

// slots are those of one member, and for whom.
type slots struct {
	agent     desk.Agent
	free, all int
}

// served is a team on a channel: not everybody in it serves that (E4).
type served struct{ team, channel desk.ID }

// teamQueue is what all tickets of one channel see of their team's queue.
type teamQueue struct {
	seen desk.Queue
	aged bool
}

// QueuesAt reads nothing yet.
func QueuesAt(r Reader, now time.Time) *Queues {
	return &Queues{r: r, now: now, teams: map[served]teamQueue{}, open: map[desk.ID]bool{}}
}

// Of is QueueOf.
func (s *Queues) Of(t desk.Ticket) (desk.Queue, error) {
	if t.Status != desk.StatusQueued {
		return desk.Queue{}, nil
	}
	team, err := s.team(served{t.TeamID, t.ChannelID})
	if err != nil {
		return desk.Queue{}, err
	}
	q := team.seen
	if q.Open, err = s.openOn(t.ChannelID); err != nil {
		return q, err
	}
	q.Ahead, err = s.r.Routing().Ahead(t.InQueue(), team.aged, s.now, q.Matters())
	return q, err
}

// team reads a team's queue on a channel but for who waits in it; no team's is everybody's.
func (s *Queues) team(at served) (q teamQueue, err error) {
	if q, known := s.teams[at]; known {
		return q, nil
	}
	if s.online == nil {
		if s.online, err = onlineSlots(s.r, s.now); err != nil {
			return q, err
		}
	}
	of := s.online
	if at.team != 0 {
		team, err := s.r.Teams().Get(at.team)
		if err != nil {
			return q, err
		}
		q.aged, of = team.Ageing, map[desk.ID]slots{}
		for _, user := range team.MemberIDs {
			of[user] = s.online[user]
		}
	}
	for _, one := range of {
		if !one.agent.Serves(at.channel) {
			continue
		}
		q.seen.Free += one.free
		q.seen.Slots += one.all
	}
	q.seen.Mean, q.seen.Samples, err = s.r.Waits().Mean(at.team)
	if err == nil {
		s.teams[at] = q
	}
	return q, err
}

// onlineSlots are the slots of those members who are online, free where neither a ticket nor an open offer holds them (E4, E7, E12).
func onlineSlots(r Reader, now time.Time) (map[desk.ID]slots, error) {
	all := map[desk.ID]slots{}
	presences, err := r.Members().Presences()
	if err != nil {
		return nil, err
	}
	online := slices.DeleteFunc(presences, func(p desk.Presence) bool { return p.At(now) != desk.Online })
	if len(online) == 0 {
		return all, nil
	}
	w, err := r.Workspaces().Current()
	if err != nil {
		return nil, err
	}
	loads, err := r.Tickets().Loads()
	if err != nil {
		return nil, err
	}
	asked, err := askedOf(r, now)
	if err != nil {
		return nil, err
	}
	agents, err := r.Members().Agents()
	for _, p := range online {
		if a, answers := agents[p.UserID]; answers {
			capacity := w.CapacityOr(a.Capacity)
			all[p.UserID] = slots{agent: a, free: max(capacity-loads[p.UserID].Slots-asked[p.UserID], 0), all: capacity}
		}
	}
	return all, err
}

// askedOf is how many tickets each member is being offered.
func askedOf(r Reader, now time.Time) (map[desk.ID]int, error) {
	offers, err := r.Routing().Offers()
	asked := map[desk.ID]int{}
	for _, o := range offers {
		if o.Open(now) {
			asked[o.UserID]++
		}
	}
	return asked, err
}

// openOn reports whether a channel's hours are now; without hours they always are.
func (s *Queues) openOn(channel desk.ID) (bool, error) {
	if open, known := s.open[channel]; known {
		return open, nil
	}
	c, err := s.r.Channels().Get(channel)
	if err != nil {
		return false, err
	}
	open := true
	if c.ScheduleID != 0 {
		hours, err := s.r.Schedules().Get(c.ScheduleID)
		if err == nil {
			open, err = hours.OpenAt(s.now)
		}
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return false, err
		}
	}
	s.open[channel] = open
	return open, nil
}
