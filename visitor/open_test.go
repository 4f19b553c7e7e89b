package visitor_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
	"madoguchi/visitor"
)

// TestOpen is who counts as being there: inside the hours, online, in the channel's team.
func TestOpen(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC) // 12:00 in Tokyo
	office := desk.Schedule{ID: 50, Name: "office", Zone: "Asia/Tokyo", Week: [7][]desk.Interval{1: {{Start: 540, End: 1080}}}, CreatedAt: monday, UpdatedAt: monday}
	for name, test := range map[string]struct {
		presence desk.Presence // of the only member, user 7
		serves   []desk.ID
		team     desk.ID
		members  []desk.ID
		schedule desk.ID
		at       time.Time
		want     bool
	}{
		"online":                   {desk.Presence{Chosen: desk.Online, LeaseUntil: monday.Add(time.Hour)}, nil, 0, nil, 0, monday, true},
		"lease over":               {desk.Presence{Chosen: desk.Online, LeaseUntil: monday}, nil, 0, nil, 0, monday, false},
		"idle":                     {desk.Presence{Chosen: desk.Online, Idle: true, LeaseUntil: monday.Add(time.Hour)}, nil, 0, nil, 0, monday, false},
		"transfers only":           {desk.Presence{Chosen: desk.TransferOnly, LeaseUntil: monday.Add(time.Hour)}, nil, 0, nil, 0, monday, false},
		"in the team":              {desk.Presence{Chosen: desk.Online, LeaseUntil: monday.Add(time.Hour)}, nil, 60, []desk.ID{7}, 0, monday, true},
		"in another team":          {desk.Presence{Chosen: desk.Online, LeaseUntil: monday.Add(time.Hour)}, nil, 60, nil, 0, monday, false},
		"serves it":                {desk.Presence{Chosen: desk.Online, LeaseUntil: monday.Add(time.Hour)}, []desk.ID{9, 10}, 0, nil, 0, monday, true},
		"serves others":            {desk.Presence{Chosen: desk.Online, LeaseUntil: monday.Add(time.Hour)}, []desk.ID{9}, 60, []desk.ID{7}, 0, monday, false},
		"the team is gone":         {desk.Presence{Chosen: desk.Online, LeaseUntil: monday.Add(time.Hour)}, nil, 61, nil, 0, monday, true},
		"inside the hours":         {desk.Presence{Chosen: desk.Online, LeaseUntil: monday.Add(time.Hour)}, nil, 0, nil, office.ID, monday, true},
		"nobody, inside the hours": {desk.Presence{}, nil, 0, nil, office.ID, monday, false},
		"online outside the hours": {desk.Presence{Chosen: desk.Online, LeaseUntil: monday.Add(12 * time.Hour)}, nil, 0, nil, office.ID, monday.Add(6 * time.Hour), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := storetest.SQLite(t)
			err := s.Update(t.Context(), 0, func(tx store.Tx) error {
				if err := tx.WriteAccounts().PutUser(desk.User{ID: 7, Email: "a@example.com", CreatedAt: tx.Now()}); err != nil {
					return err
				}
				return tx.WriteWorkspaces().Put(desk.Workspace{ID: 1, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", CreatedAt: tx.Now()})
			})
			if err != nil {
				t.Fatal(err)
			}
			err = s.Update(t.Context(), 1, func(tx store.Tx) error {
				test.presence.UserID = 7
				for _, put := range []func() error{
					func() error {
						return tx.WriteMembers().Put(desk.Member{UserID: 7, Role: desk.RoleAgent, Active: true, ChannelIDs: test.serves, CreatedAt: tx.Now(), UpdatedAt: tx.Now()})
					},
					func() error { return tx.WriteMembers().PutPresence(test.presence) },
					func() error {
						return tx.WriteTeams().Put(desk.Team{ID: 60, Name: "t", MemberIDs: test.members, CreatedAt: tx.Now()})
					},
					func() error { return tx.WriteSchedules().Put(office) },
					func() error {
						return tx.WriteChannels().Put(desk.Channel{ID: 10, Kind: "webchat", Account: "a", Name: "c", State: desk.ChannelActive, TeamID: test.team,
							ScheduleID: test.schedule, Settings: []byte(`{}`), CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1})
					},
				} {
					if err := put(); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			err = s.View(t.Context(), 1, func(r store.Reader) error {
				open, err := visitor.Open(r, 10, test.at)
				if open != test.want {
					t.Errorf("open: %v, want %v", open, test.want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
