package assign_test

import (
	"slices"
	"testing"
	"time"

	"madoguchi/assign"
	"madoguchi/desk"
	"madoguchi/store"
)

// E6: a team that goes by spare capacity gives to whoever has most of it, not to whoever's turn it is.
func TestMostSpareCapacityIsGivenTo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.team(t, func(v *desk.Team) { v.Mode = desk.ModeSpare })
		w.update(t, func(tx store.Tx) error {
			for user, capacity := range map[desk.ID]int{aoi: 2, ken: 4} {
				if err := tx.WriteMembers().Put(desk.Member{UserID: user, Role: desk.RoleAgent, Active: true, Capacity: capacity, CreatedAt: tx.Now()}); err != nil {
					return err
				}
			}
			return nil
		})
		w.are(t, desk.Online, aoi, ken)
		for n, want := range []desk.ID{ken, ken, aoi, ken, aoi, ken, 0} { // of equals, whoever was given one longer ago
			if got := w.holder(t, w.writes(t)); got != want {
				t.Errorf("ticket %d went to %d, want %d", n+1, got, want)
			}
		}
	})
}

// E10: in a team whose tickets age, one climbs a priority each hour that it waits; elsewhere it does not.
func TestWhatWaitsAges(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, ageing := range []bool{true, false} {
			w.team(t, func(v *desk.Team) { v.Ageing = ageing })
			var old, urgent desk.ID
			w.update(t, func(tx store.Tx) (err error) {
				old, err = w.newTicket(tx, func(v *desk.Ticket) { v.Priority = desk.PriorityNormal })
				return err
			})
			w.now.Add((2*time.Hour + time.Minute).Milliseconds())
			w.update(t, func(tx store.Tx) (err error) {
				urgent, err = w.newTicket(tx, func(v *desk.Ticket) { v.Priority = desk.PriorityUrgent })
				return err
			})
			w.settings(t, func(s *desk.Workspace) { s.Capacity = 1 })
			w.are(t, desk.Online, aoi)
			first, other := urgent, old
			if ageing {
				first, other = old, urgent
			}
			same(t, "the first", w.holder(t, first), aoi)
			same(t, "the other", w.holder(t, other), 0)
			w.are(t, desk.Offline, aoi)
			w.settings(t, func(s *desk.Workspace) { s.Capacity = 2 })
			for _, id := range []desk.ID{first, other} {
				if _, err := w.inbox.Resolve(t.Context(), actor(aoi), id, ""); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// E23: a supervisor says that somebody takes no work, or takes it again; that counts for the next ticket.
func TestSupervisorsSetAStatus(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.are(t, desk.Online, aoi, ken)
		set := func(a desk.Availability) {
			t.Helper()
			must(t, w.assign.SetAvailability(t.Context(), workspace, desk.Actor{Kind: desk.ActorUser, ID: mei}, aoi, assign.Choice{Availability: a}, nil))
			w.round(t)
		}
		set(desk.Away)
		same(t, "while aoi is away", w.holder(t, w.writes(t)), ken)
		same(t, "again", w.holder(t, w.writes(t)), ken)
		waits := w.writes(t)
		same(t, "ken has two", w.holder(t, waits), 0)
		set(desk.Online)
		same(t, "aoi takes work again", w.holder(t, waits), aoi)

		w.are(t, desk.Offline, aoi)
		set(desk.Online)
		same(t, "chosen for, and not there", w.holder(t, w.writes(t)), 0)
	})
}

// J6: a status of the workspace's own that a supervisor chooses for somebody stands in the audit log by its name, beside what it means.
func TestAStatusOfOnesOwnIsAuditedByItsName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		lunch := desk.CustomAvailability{ID: 40, Name: "昼休み", Means: desk.Away, CreatedAt: w.Now()}
		w.update(t, func(tx store.Tx) error { return tx.WriteMembers().PutCustomAvailability(lunch) })
		w.are(t, desk.Online, aoi)
		for _, choice := range []assign.Choice{{CustomID: lunch.ID}, {Availability: desk.Online}} {
			must(t, w.assign.SetAvailability(t.Context(), workspace, desk.Actor{Kind: desk.ActorUser, ID: mei}, aoi, choice, nil))
		}
		want := [][]desk.Change{
			{{Field: "availability", From: "online", To: "away"}, {Field: "custom_availability", To: "昼休み"}},
			{{Field: "availability", From: "away", To: "online"}, {Field: "custom_availability", From: "昼休み"}},
		}
		w.view(t, func(r store.Reader) error {
			deeds, err := r.Audit().Intents(10)
			if len(deeds) != 2 || !slices.Equal(deeds[0].Changes, want[0]) || !slices.Equal(deeds[1].Changes, want[1]) {
				t.Errorf("noted %+v", deeds)
			}
			return err
		})
	})
}
