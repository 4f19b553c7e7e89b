package assign

import (
	"fmt"
	"slices"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// floor is who is there and what they have, at one instant.
type floor struct {
	reader    store.Reader
	now       time.Time
	workspace desk.Workspace
	teams     map[desk.ID]desk.Team
	agents    map[desk.ID]desk.Agent
	presences map[desk.ID]desk.Presence
	customs   map[desk.ID]desk.CustomAvailability
	loads     map[desk.ID]desk.Load
	offers    []desk.Offer
}

// read looks around.
func read(r store.Reader, now time.Time) (*floor, error) {
	f := &floor{reader: r, now: now, teams: map[desk.ID]desk.Team{}}
	teams, err := r.Teams().List()
	if err != nil {
		return nil, fmt.Errorf("read teams: %w", err)
	}
	for _, t := range teams {
		f.teams[t.ID] = t
	}
	if f.offers, err = r.Routing().Offers(); err != nil {
		return nil, fmt.Errorf("read offers: %w", err)
	}
	if f.workspace, err = r.Workspaces().Current(); err != nil {
		return nil, fmt.Errorf("read workspace: %w", err)
	}
	if f.loads, err = r.Tickets().Loads(); err != nil {
		return nil, fmt.Errorf("read loads: %w", err)
	}
	if err := f.readPresences(); err != nil {
		return nil, err
	}
	return f, f.readAgents()
}

func (f *floor) readPresences() error {
	rows, err := f.reader.Members().Presences()
	if err != nil {
		return fmt.Errorf("read presences: %w", err)
	}
	f.presences = make(map[desk.ID]desk.Presence, len(rows))
	custom := false
	for _, p := range rows {
		f.presences[p.UserID] = p
		custom = custom || p.CustomID != 0
	}
	if !custom {
		return nil
	}
	all, err := f.reader.Members().CustomAvailabilities()
	if err != nil {
		return fmt.Errorf("read custom availabilities: %w", err)
	}
	f.customs = make(map[desk.ID]desk.CustomAvailability, len(all))
	for _, c := range all {
		f.customs[c.ID] = c
	}
	return nil
}

func (f *floor) readAgents() (err error) {
	if f.agents, err = f.reader.Members().Agents(); err != nil {
		return fmt.Errorf("read members: %w", err)
	}
	for user, a := range f.agents {
		a.Online, a.Capacity, a.Slots = f.presences[user].At(f.now) == desk.Online, f.workspace.CapacityOr(a.Capacity), f.loads[user].Slots
		f.agents[user] = a
	}
	return nil
}

// hold takes a slot of an agent, or with -1 gives it back.
func (f *floor) hold(user desk.ID, slots int) {
	a := f.agents[user]
	a.Slots += slots
	f.agents[user] = a
}

// full reports whether nobody takes any more work, and whether somebody would if they had less.
func (f *floor) full() (full, busy bool) {
	full = true
	for _, a := range f.agents {
		if a.Eligible() {
			full = false
		} else if a.Online {
			busy = true
		}
	}
	return full, busy
}

// able are the teams that hand out work and that somebody of takes some now.
func (f *floor) able() []desk.ID {
	var ids []desk.ID
	for id, t := range f.teams {
		if t.Mode.Automatic() && slices.ContainsFunc(t.MemberIDs, f.takes) {
			ids = append(ids, id)
		}
	}
	return ids
}

// takes reports whether a member takes work now.
func (f *floor) takes(user desk.ID) bool { return f.agents[user].Eligible() }

// free are those who take work now.
func (f *floor) free() (users []desk.ID) {
	for user := range f.agents {
		if f.takes(user) {
			users = append(users, user)
		}
	}
	slices.Sort(users)
	return users
}

// gone are those who have tickets and are not there for them (E15).
func (f *floor) gone() (users []desk.ID) {
	for user, load := range f.loads {
		if load.Open > 0 && (f.presences[user].At(f.now) == desk.Offline || f.custom(user).Reassigns) {
			users = append(users, user)
		}
	}
	slices.Sort(users)
	return users
}

// wants reports whether a ticket still asks for a member whom it was offered to: it prefers them, or its team hands out work to them.
func (f *floor) wants(t desk.Ticket, user desk.ID) bool {
	if a := f.agents[user]; t.Status != desk.StatusQueued || !a.Online || !a.Serves(t.ChannelID) {
		return false
	}
	team := f.teams[t.TeamID]
	return t.PreferredAgent == user || team.Mode.Automatic() && slices.Contains(team.MemberIDs, user)
}

// custom is the workspace's own status that somebody chose, the zero one if none.
func (f *floor) custom(user desk.ID) desk.CustomAvailability {
	return f.customs[f.presences[user].CustomID]
}
