package desk

import (
	"testing"
	"time"
)

// What a supervisor's board shows follows their scope (J2): numbers of other teams are not in it.
func TestBoardStaysWithinTheScope(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	long, short := now.Add(-time.Hour), now.Add(-time.Minute)
	f := Floor{
		Shares: []Share{
			{Status: StatusQueued, TeamID: 0, ChannelID: 7, Cases: 1, WaitSince: short},
			{Status: StatusQueued, TeamID: 1, ChannelID: 7, Cases: 2, WaitSince: short},
			{Status: StatusQueued, TeamID: 2, ChannelID: 7, Cases: 4, WaitSince: long},
			{Status: StatusOpen, TeamID: 1, Assignee: 12, Cases: 8, WaitSince: short},
			{Status: StatusOpen, TeamID: 2, Assignee: 12, Cases: 16},
			{Status: StatusOpen, TeamID: 2, Assignee: 13, Cases: 32},
		},
		Promises: []PromiseShare{
			{TeamID: 0, State: SLAWarning, Cases: 1}, {TeamID: 1, Assignee: 12, State: SLAWarning, Cases: 2}, {TeamID: 1, State: SLABreached, Cases: 4},
			{TeamID: 2, Assignee: 12, State: SLABreached, Cases: 8}, {TeamID: 2, Assignee: 13, State: SLABreached, Cases: 16},
		},
		Teams: []Team{{ID: 1, MemberIDs: []ID{11, 12}}, {ID: 2, MemberIDs: []ID{13, 12}}},
		Members: []Member{
			{UserID: 11, Role: RoleSupervisor, Active: true}, {UserID: 12, Role: RoleAgent, Active: true},
			{UserID: 13, Role: RoleAgent, Active: true}, {UserID: 14, Role: RoleViewer, Active: true}, {UserID: 15, Role: RoleAgent},
		},
		Presences: []Presence{
			{UserID: 12, Chosen: Online, CustomID: 31, LeaseUntil: now.Add(time.Minute), Since: long},
			{UserID: 13, Chosen: Away, CustomID: 32, LeaseUntil: long}, // gone: what they chose is not in force
		},
		Channels: []Channel{{ID: 7, State: ChannelDegraded}},
	}
	type team struct{ waiting, open, risk, breached int64 }
	for scope, want := range map[Scope]struct {
		teams   map[ID]team
		members map[ID]int64
		waiting int64
		since   time.Time
	}{
		ScopeAll:  {map[ID]team{0: {1, 0, 1, 0}, 1: {2, 8, 2, 4}, 2: {4, 48, 0, 24}}, map[ID]int64{11: 0, 12: 24, 13: 32}, 7, long},
		ScopeTeam: {map[ID]team{0: {1, 0, 1, 0}, 1: {2, 8, 2, 4}}, map[ID]int64{11: 0, 12: 8}, 3, short},
		ScopeOwn:  {map[ID]team{0: {1, 0, 1, 0}, 1: {2, 0, 0, 4}}, map[ID]int64{11: 0, 12: 0}, 3, short},
	} {
		b := f.Board(11, scope, now)
		if len(b.Teams) != len(want.teams) || len(b.Members) != len(want.members) || len(b.Channels) != 1 {
			t.Errorf("%s: %+v", scope, b)
		}
		for _, got := range b.Teams {
			if (team{got.Waiting, got.Open, got.AtRisk, got.Breached}) != want.teams[got.TeamID] {
				t.Errorf("%s: team %d is %+v, want %+v", scope, got.TeamID, got, want.teams[got.TeamID])
			}
		}
		for _, got := range b.Members {
			if got.Open != want.members[got.UserID] || (got.Availability == Online) != (got.UserID == 12) || (got.CustomID == 31) != (got.UserID == 12) || got.UserID != 12 && got.CustomID != 0 {
				t.Errorf("%s: member %+v, want %d open", scope, got, want.members[got.UserID])
			}
		}
		if got := b.Channels[0]; got.Waiting != want.waiting || !got.WaitSince.Equal(want.since) || got.State != ChannelDegraded {
			t.Errorf("%s: channel %+v, want %d since %s", scope, got, want.waiting, want.since)
		}
	}
}
