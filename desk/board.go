package desk

import (
	"slices"
	"time"
)

// Share counts unresolved cases that stand alike: of one team, and queued on one channel or open with one member. The board is
// added up from them.
type Share struct {
	Status    TicketStatus // StatusQueued or StatusOpen
	TeamID    ID
	ChannelID ID // of queued ones
	Assignee  ID // of open ones
	Cases     int64
	WaitSince time.Time // of whoever waits longest among them, zero if nobody does
}

// PromiseShare counts unresolved cases of one team and one assignee whose SLA is at risk or breached (E20).
type PromiseShare struct {
	TeamID   ID
	Assignee ID
	State    SLAState // SLAWarning or SLABreached, as the row shows
	Cases    int64
}

// Floor is what the boards of all supervisors are made of, read once for all of them.
type Floor struct {
	Workspace Workspace
	Shares    []Share
	Promises  []PromiseShare
	Loads     map[ID]Load
	Teams     []Team
	Members   []Member
	Presences []Presence
	Channels  []Channel
}

// Board is what a supervisor watches (E20).
type Board struct {
	Teams    []TeamBoard
	Members  []MemberBoard
	Channels []ChannelBoard
}

// TeamBoard is how it stands with a team's cases; TeamID 0 has those of no team.
type TeamBoard struct {
	TeamID    ID
	Waiting   int64     // queued, nobody has them
	WaitSince time.Time // of the queued one that waits longest, zero if none
	Open      int64     // with somebody, our turn
	AtRisk    int64     // unresolved, three quarters of a target are over (E17)
	Breached  int64     // unresolved, a target has passed
}

// MemberBoard is how it stands with a member who answers.
type MemberBoard struct {
	UserID       ID
	Availability Availability
	CustomID     ID        // the workspace's own status that they chose it by, 0 = none
	Since        time.Time // of the availability, zero if nobody noted it
	Open         int64     // cases with them, our turn
	Slots        int       // taken of Capacity (E7), by all their cases: how loaded somebody is, is like their availability no case's
	Capacity     int
}

// ChannelBoard is how it stands with a channel.
type ChannelBoard struct {
	ChannelID ID
	State     ChannelState
	Waiting   int64
	WaitSince time.Time
}

// Board is the floor as a member with a scope sees it (J2): of cases, those that the scope shows; of teams and people, for a
// bounded scope the member's own teams and who is in them.
func (f Floor) Board(viewer ID, scope Scope, now time.Time) Board {
	all := scope == ScopeAll || scope == ""
	mine := f.teamsOf(viewer)
	teams, members, channels := map[ID]*TeamBoard{}, map[ID]*MemberBoard{}, map[ID]*ChannelBoard{}
	b := Board{Teams: make([]TeamBoard, 0, len(f.Teams)+1), Members: []MemberBoard{}, Channels: make([]ChannelBoard, 0, len(f.Channels))}
	for _, t := range append([]Team{{}}, f.Teams...) {
		if all || t.ID == 0 || slices.Contains(mine, t.ID) {
			b.Teams = append(b.Teams, TeamBoard{TeamID: t.ID})
		}
	}
	for _, m := range f.Members {
		if m.Answers() && (all || m.UserID == viewer || f.together(viewer, m.UserID)) {
			b.Members = append(b.Members, f.member(m, now))
		}
	}
	for _, c := range f.Channels {
		b.Channels = append(b.Channels, ChannelBoard{ChannelID: c.ID, State: c.State})
	}
	for i := range b.Teams {
		teams[b.Teams[i].TeamID] = &b.Teams[i]
	}
	for i := range b.Members {
		members[b.Members[i].UserID] = &b.Members[i]
	}
	for i := range b.Channels {
		channels[b.Channels[i].ChannelID] = &b.Channels[i]
	}
	for _, s := range f.Shares {
		if !scope.Sees(viewer, mine, Conversation{Assignee: s.Assignee, TeamID: s.TeamID}) {
			continue
		}
		s.addTo(teams[s.TeamID], members[s.Assignee], channels[s.ChannelID])
	}
	for _, p := range f.Promises {
		t, shown := teams[p.TeamID]
		if shown && scope.Sees(viewer, mine, Conversation{Assignee: p.Assignee, TeamID: p.TeamID}) {
			p.addTo(t)
		}
	}
	return b
}

func (p PromiseShare) addTo(t *TeamBoard) {
	switch p.State {
	case SLAWarning:
		t.AtRisk += p.Cases
	case SLABreached:
		t.Breached += p.Cases
	}
}

// addTo counts the share's cases where they belong, as far as that is shown.
func (s Share) addTo(t *TeamBoard, m *MemberBoard, c *ChannelBoard) {
	if s.Status == StatusQueued {
		if t != nil {
			t.Waiting, t.WaitSince = t.Waiting+s.Cases, sooner(t.WaitSince, s.WaitSince)
		}
		if c != nil {
			c.Waiting, c.WaitSince = c.Waiting+s.Cases, sooner(c.WaitSince, s.WaitSince)
		}
		return
	}
	if t != nil {
		t.Open += s.Cases
	}
	if m != nil {
		m.Open += s.Cases
	}
}

func (f Floor) member(m Member, now time.Time) MemberBoard {
	b := MemberBoard{UserID: m.UserID, Availability: Offline, Slots: f.Loads[m.UserID].Slots, Capacity: f.Workspace.CapacityOr(m.Capacity)}
	i := slices.IndexFunc(f.Presences, func(p Presence) bool { return p.UserID == m.UserID })
	if i >= 0 {
		p := f.Presences[i]
		b.Availability, b.CustomID, b.Since = p.At(now), p.CustomAt(now), p.Since
	}
	return b
}

func (f Floor) teamsOf(member ID) []ID {
	var ids []ID
	for _, t := range f.Teams {
		if slices.Contains(t.MemberIDs, member) {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// together reports whether two members share a team.
func (f Floor) together(a, b ID) bool {
	return slices.ContainsFunc(f.Teams, func(t Team) bool { return slices.Contains(t.MemberIDs, a) && slices.Contains(t.MemberIDs, b) })
}

// sooner is the earlier one of two instants, of which zero says that there is none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
