package desk

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// TeamMode says how a team's tickets find somebody (E3).
type TeamMode string

// The modes.
const (
	ModeManual     TeamMode = "manual"      // members take them
	ModeRoundRobin TeamMode = "round_robin" // in turn
	ModeSpare      TeamMode = "spare"       // who has the most free slots
)

// Automatic reports whether the desk hands out the team's tickets.
func (m TeamMode) Automatic() bool { return m == ModeRoundRobin || m == ModeSpare }

// AcceptMode says whether a member is asked first (E12).
type AcceptMode string

// The accept modes.
const (
	AcceptAutomatic AcceptMode = "automatic"
	AcceptOffer     AcceptMode = "offer"
)

// Numbers of routing.
const (
	DefaultCapacity       = 6                // slots of a member (E7)
	DefaultIdleMinutes    = 10               // E8
	DefaultRequeueMinutes = 10               // E15
	PendingHolds          = 10 * time.Minute // how long a ticket that waits for the customer still takes its slot (E7)
	OfferFor              = 30 * time.Second // E12
	DeclineCounts         = 5 * time.Minute  // how long who declined a ticket is passed over (E4)
	ReturnsWithin         = 24 * time.Hour   // a new ticket this soon after the last prefers who had that (E11)
	ageStep               = time.Hour        // a ticket that ages climbs one priority each (E10)
)

// Load is what a member has (E7).
type Load struct {
	Slots int // taken of their capacity
	Open  int // tickets in hand, of them
}

// Slots is what the ticket takes of its assignee's capacity (E7).
func (t Ticket) Slots(now time.Time) int {
	holds := t.Status == StatusPending && now.Sub(t.PendingSince) < PendingHolds
	if t.Assignee != 0 && (t.Status == StatusOpen || holds) {
		return 1
	}
	return 0
}

// CapacityOr is how many slots a member has whose own capacity it is given, 0 = none of their own (E7).
func (w Workspace) CapacityOr(own int) int { return cmp.Or(own, w.Capacity, DefaultCapacity) }

// Answers reports whether a member can have cases.
func (m Member) Answers() bool { return m.Active && m.Role != RoleViewer && m.Custom.answers() }

// Serves reports whether the desk gives a member a channel's customers (E4). By hand they can be given anybody's.
func (m Member) Serves(channel ID) bool { return serves(m.ChannelIDs, channel) }

func serves(channels []ID, channel ID) bool {
	return len(channels) == 0 || slices.Contains(channels, channel)
}

// Agent is a member as the choice among them looks at one.
type Agent struct {
	ID       ID
	Online   bool // takes new work: the availability in force is Online (E4)
	Capacity int
	Slots    int  // taken, by tickets and by offers that wait for an answer
	Channels []ID // whose customers they are given, none = every channel's
}

// Serves reports whether the agent is linked to a channel (E4).
func (a Agent) Serves(channel ID) bool { return serves(a.Channels, channel) }

// Free is how many slots are left; less than zero after work was taken by hand (E7).
func (a Agent) Free() int { return a.Capacity - a.Slots }

// Eligible reports whether the agent may be given a ticket, whatever the ticket (E4).
func (a Agent) Eligible() bool { return a.Online && a.Free() >= 1 }

// Turns are when members of one team were last given a ticket automatically, as numbers that climb; one who never was is absent.
type Turns map[ID]int64

// Next is the number after all of them.
func (t Turns) Next() int64 {
	var last int64
	for _, turn := range t {
		last = max(last, turn)
	}
	return last + 1
}

// Choose finds who gets a ticket of the team (E3–E5), 0 if nobody can. Who does not serve its channel or declined it is passed over, who
// let an offer of it run out comes after everybody else; the preferred one has it before all others, of the team or not, and whatever the
// team's mode (E2, E11).
func (t Team) Choose(agents map[ID]Agent, turns Turns, q Queued, answered map[ID]OfferState) ID {
	able := func(user ID) bool {
		a := agents[user]
		return a.Eligible() && a.Serves(q.ChannelID) && answered[user] != OfferDeclined
	}
	if first := q.PreferredAgent; able(first) && answered[first] == "" {
		return first
	}
	if !t.Mode.Automatic() {
		return 0
	}
	var chosen ID
	for _, user := range t.MemberIDs { // the first of equals stays
		if able(user) && (chosen == 0 || t.before(agents[user], agents[chosen], turns, answered)) {
			chosen = user
		}
	}
	return chosen
}

// Declined reports whether everybody declined a ticket whom the team could give it to now or once they have a slot (E12). Who let it run
// out is asked again.
func (t Team) Declined(agents map[ID]Agent, q Queued, answered map[ID]OfferState) bool {
	if !t.Mode.Automatic() {
		return false
	}
	waits := func(user ID) bool {
		a := agents[user]
		return a.Online && a.Serves(q.ChannelID) && answered[user] != OfferDeclined
	}
	declined := func(user ID) bool { return answered[user] == OfferDeclined }
	return slices.ContainsFunc(t.MemberIDs, declined) && !slices.ContainsFunc(t.MemberIDs, waits) &&
		(answered[q.PreferredAgent] != "" || !waits(q.PreferredAgent))
}

// before reports whether a comes strictly before b.
func (t Team) before(a, b Agent, turns Turns, answered map[ID]OfferState) bool {
	if late, other := answered[a.ID] != "", answered[b.ID] != ""; late != other {
		return other
	}
	if t.Mode == ModeSpare && a.Free() != b.Free() {
		return a.Free() > b.Free()
	}
	return turns[a.ID] < turns[b.ID]
}

// Queued is a ticket in the queue, as far as its order and its choice go.
type Queued struct {
	TicketID       ID
	ConversationID ID
	ChannelID      ID
	TeamID         ID
	Priority       Priority
	Since          time.Time // the earliest unanswered customer message, else when it was queued
	PreferredAgent ID
}

// InQueue is the ticket as its queue sees it.
func (t Ticket) InQueue() Queued {
	q := Queued{
		TicketID: t.ID, ConversationID: t.ConversationID, ChannelID: t.ChannelID, TeamID: t.TeamID, Priority: t.Priority,
		Since: t.WaitSince, PreferredAgent: t.PreferredAgent,
	}
	if q.Since.IsZero() {
		q.Since = t.QueuedAt
	}
	return q
}

// Rank is the ticket's priority in the queue: with ageing it climbs with time (E10).
func (q Queued) Rank(now time.Time, ageing bool) int {
	rank := q.Priority.Rank()
	if ageing {
		rank += max(int(now.Sub(q.Since)/ageStep), 0)
	}
	return min(rank, PriorityUrgent.Rank())
}

// SortQueue puts tickets in the order of E10: by rank, then who waited longest. aged are the teams whose tickets age.
func SortQueue(queue []Queued, aged map[ID]bool, now time.Time) {
	slices.SortFunc(queue, func(a, b Queued) int {
		return cmp.Or(
			cmp.Compare(b.Rank(now, aged[b.TeamID]), a.Rank(now, aged[a.TeamID])),
			a.Since.Compare(b.Since),
			cmp.Compare(a.TicketID, b.TicketID),
		)
	})
}

// WaitBound ends a part of those who wait: it holds who has waited since before an instant, and since that very one with a lower id.
// The zero one holds nobody.
type WaitBound struct {
	Since    time.Time
	TicketID ID
}

// boundless holds everybody.
var boundless = WaitBound{Since: time.UnixMilli(math.MaxInt64)}

func (b WaitBound) compare(other WaitBound) int {
	return cmp.Or(b.Since.Compare(other.Since), cmp.Compare(b.TicketID, other.TicketID))
}

// AheadOf bounds, of the tickets of one priority in the ticket's queue, those that come before it: in the order of E10 they are those
// who have waited longest, with ageing too.
func (q Queued) AheadOf(p Priority, now time.Time, ageing bool) WaitBound {
	rank := q.Rank(now, ageing)
	same := WaitBound{Since: q.Since, TicketID: q.TicketID}
	if ranked := p.reaches(rank, now, ageing); ranked.compare(same) < 0 {
		same = ranked
	}
	higher := p.reaches(rank+1, now, ageing)
	if higher.compare(same) > 0 {
		return higher
	}
	return same
}

// reaches bounds the tickets of the priority that have a rank or a higher one.
func (p Priority) reaches(rank int, now time.Time, ageing bool) WaitBound {
	climb := rank - p.Rank()
	switch {
	case rank > PriorityUrgent.Rank():
		return WaitBound{}
	case climb <= 0:
		return boundless
	case !ageing:
		return WaitBound{}
	}
	return WaitBound{Since: now.Add(-time.Duration(climb) * ageStep).Truncate(time.Millisecond).Add(time.Millisecond)}
}

// Awaited is an open ticket whose customer waits for its assignee.
type Awaited struct {
	TicketID       ID
	ConversationID ID
	TeamID         ID
	Assignee       ID
	Since          time.Time // the earliest unanswered customer message
}

// Left reports whether a ticket goes back to the queue because of how its assignee is there (E15), and else when it would: zero if
// never as things stand. custom is the status that they chose, zero if none of the workspace's own.
func (a Awaited) Left(w Workspace, p Presence, custom CustomAvailability, now time.Time) (bool, time.Time) {
	if custom.Reassigns && p.Chosen == custom.Means {
		return true, time.Time{}
	}
	if p.At(now) != Offline || w.RequeueMinutes == 0 {
		return false, time.Time{}
	}
	due := a.Since.Add(time.Duration(w.RequeueMinutes) * time.Minute)
	return !now.Before(due), due
}

// Returns makes a new ticket prefer who had the customer's last one, on this channel or another, if that is open or ended within a
// day, and they answer for the ticket's team (E4, E11). What something else said before stays.
func (t *Ticket) Returns(before []Ticket, team Team) {
	if t.PreferredAgent != 0 {
		return
	}
	var last time.Time
	for _, b := range before {
		who, at := cmp.Or(b.Assignee, b.LastAssignee), b.UpdatedAt
		if b.Status.Resolved() {
			at = b.ResolvedAt
		}
		if who != 0 && b.Reason != ReasonSpam && t.CreatedAt.Sub(at) < ReturnsWithin && at.After(last) && ReturnsTo(who, team) {
			t.PreferredAgent, last = who, at
		}
	}
}

// ReturnsTo reports whether a returning customer goes to a member for what a team answers: it is theirs, or nobody's in particular
// (E4, E11).
func ReturnsTo(user ID, t Team) bool { return t.ID == 0 || slices.Contains(t.MemberIDs, user) }
