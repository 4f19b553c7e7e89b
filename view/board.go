package view

import (
	"fmt"

	"madoguchi/desk"
	"madoguchi/store"
)

// Board is what a supervisor watches live (E20): ids and numbers, whose names the rest of the API tells.
type Board struct {
	Teams    []BoardTeam    `json:"teams" doc:"Those that the supervisor sees; id 0 has the cases of no team"`
	Members  []BoardMember  `json:"members" doc:"Those who can answer"`
	Channels []BoardChannel `json:"channels"`
}

// BoardTeam is how it stands with a team's cases.
type BoardTeam struct {
	ID        desk.ID `json:"id"`
	Waiting   int64   `json:"waiting" doc:"Queued: nobody has them"`
	WaitSince Time    `json:"wait_since,omitzero" format:"date-time" doc:"Since when the longest of them waits for an answer"`
	Open      int64   `json:"open" doc:"With somebody, our turn"`
	AtRisk    int64   `json:"at_risk" doc:"Unresolved with an SLA of which three quarters are over; the list shows them by sla=warning"`
	Breached  int64   `json:"breached" doc:"Unresolved with an SLA that has passed; the list shows them by sla=breached"`
}

// BoardMember is how it stands with a member.
type BoardMember struct {
	ID           desk.ID           `json:"id"`
	Availability desk.Availability `json:"availability" enum:"online,transfer_only,away,offline"`
	CustomID     desk.ID           `json:"custom_availability_id,omitempty" doc:"The status of the workspace's own that they chose, while it is in force"`
	Since        Time              `json:"since,omitzero" format:"date-time" doc:"Of the availability, as far as known"`
	Open         int64             `json:"open" doc:"Cases with them, our turn, as far as the supervisor's scope goes"`
	Slots        int               `json:"slots" doc:"Taken of their capacity, by all their cases"`
	Capacity     int               `json:"capacity"`
	LooksAt      []BoardLook       `json:"looks_at,omitempty" doc:"On the live socket: the conversations on their screens now"`
}

// BoardLook is a conversation that somebody looks at.
type BoardLook struct {
	ConversationID desk.ID `json:"conversation_id"`
	TicketNumber   int64   `json:"ticket_number"`
}

// BoardChannel is how it stands with a channel.
type BoardChannel struct {
	ID        desk.ID           `json:"id"`
	State     desk.ChannelState `json:"state" enum:"setup_incomplete,setup_failed,awaiting_test,active,degraded,rate_limited,auth_expired,suspended,disabled,deleted"`
	Waiting   int64             `json:"waiting"`
	WaitSince Time              `json:"wait_since,omitzero" format:"date-time"`
}

// ReadFloor reads what the boards of all supervisors are made of.
func ReadFloor(r store.Reader) (f desk.Floor, err error) {
	if f.Workspace, err = r.Workspaces().Current(); err != nil {
		return f, fmt.Errorf("read workspace: %w", err)
	}
	if f.Loads, err = r.Tickets().Loads(); err != nil {
		return f, fmt.Errorf("read loads: %w", err)
	}
	if f.Shares, err = r.Conversations().Shares(); err != nil {
		return f, fmt.Errorf("read shares: %w", err)
	}
	if f.Promises, err = r.Conversations().PromiseShares(); err != nil {
		return f, fmt.Errorf("read promises: %w", err)
	}
	if f.Teams, err = r.Teams().List(); err != nil {
		return f, fmt.Errorf("read teams: %w", err)
	}
	if f.Members, err = r.Members().List(); err != nil {
		return f, fmt.Errorf("read members: %w", err)
	}
	if f.Presences, err = r.Members().Presences(); err != nil {
		return f, fmt.Errorf("read presences: %w", err)
	}
	if f.Channels, err = r.Channels().List(); err != nil {
		return f, fmt.Errorf("read channels: %w", err)
	}
	return f, nil
}

// BoardOf maps a board.
func BoardOf(b desk.Board) Board {
	v := Board{
		Teams: make([]BoardTeam, len(b.Teams)), Members: make([]BoardMember, len(b.Members)), Channels: make([]BoardChannel, len(b.Channels)),
	}
	for i, t := range b.Teams {
		v.Teams[i] = BoardTeam{ID: t.TeamID, Waiting: t.Waiting, WaitSince: At(t.WaitSince), Open: t.Open, AtRisk: t.AtRisk, Breached: t.Breached}
	}
	for i, m := range b.Members {
		v.Members[i] = BoardMember{ID: m.UserID, Availability: m.Availability, CustomID: m.CustomID, Since: At(m.Since), Open: m.Open, Slots: m.Slots, Capacity: m.Capacity}
	}
	for i, c := range b.Channels {
		v.Channels[i] = BoardChannel{ID: c.ChannelID, State: c.State, Waiting: c.Waiting, WaitSince: At(c.WaitSince)}
	}
	return v
}
