package assign_test

import (
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// E5, E6, E9: tickets go round; what is left waits, and goes to whoever has a slot or comes, the longest waiting first.
func TestTicketsGoRound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		early := w.writes(t)
		same(t, "with nobody there", w.holder(t, early), 0)
		w.are(t, desk.Online, aoi, ken, mei)
		same(t, "the first one to come", w.holder(t, early), aoi)
		var got []desk.ID
		var all []desk.ID
		for range 6 {
			all = append(all, w.writes(t))
			got = append(got, w.holder(t, all[len(all)-1]))
		}
		if want := []desk.ID{ken, mei, aoi, ken, mei, 0}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		later := w.writes(t)
		if _, err := w.inbox.Resolve(t.Context(), actor(mei), all[1], ""); err != nil {
			t.Fatal(err)
		}
		w.round(t)
		same(t, "the one that waited longest", w.holder(t, all[5]), mei)
		same(t, "the other", w.holder(t, later), 0)
		w.settings(t, func(s *desk.Workspace) { s.Capacity = 3 })
		w.round(t)
		same(t, "with more capacity", w.holder(t, later), aoi)
		if got := w.lines(t, later); !slices.Equal(got, []string{"assigned"}) {
			t.Errorf("the thread says %v", got)
		}
		same(t, "assigned at", w.ticket(t, later).AssignedAt, w.Now())
	})
}

// E3, E4: a team in manual mode, those who are not online and those who may not answer get nothing.
func TestWhoGetsNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.team(t, func(v *desk.Team) { v.Mode = desk.ModeManual })
		w.are(t, desk.Online, aoi)
		ticket := w.writes(t)
		same(t, "manual", w.holder(t, ticket), 0)
		w.are(t, desk.TransferOnly, aoi)
		w.are(t, desk.Away, ken)
		w.update(t, func(tx store.Tx) error {
			tx.Emit(desk.Event{Kind: desk.EventMemberChanged, At: tx.Now(), SubjectID: mei})
			return tx.WriteMembers().Put(desk.Member{UserID: mei, Role: desk.RoleViewer, Active: true, CreatedAt: tx.Now()})
		})
		w.are(t, desk.Online, mei)
		w.team(t, func(*desk.Team) {})
		w.round(t)
		same(t, "nobody takes work", w.holder(t, ticket), 0)
		w.are(t, desk.Online, ken)
		same(t, "one is online", w.holder(t, ticket), ken)
	})
}

// E7: a pending ticket frees its slot after ten minutes.
func TestPendingFreesItsSlot(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.settings(t, func(s *desk.Workspace) { s.Capacity = 1 })
		w.are(t, desk.Online, aoi)
		first, second := w.writes(t), w.writes(t)
		if _, err := w.inbox.Pending(t.Context(), actor(aoi), first); err != nil {
			t.Fatal(err)
		}
		w.round(t)
		same(t, "just pending", w.holder(t, second), 0)
		same(t, "due", w.due(t), w.Now().Add(desk.PendingHolds))
		w.passes(t, desk.PendingHolds)
		same(t, "pending for ten minutes", w.holder(t, second), aoi)
	})
}

// E9: outside hours tickets wait, and are handed out the moment hours begin.
func TestHoursBegin(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		opens := w.Now().Add(time.Hour) // 13:00 in Tokyo
		w.update(t, func(tx store.Tx) error {
			s := desk.Schedule{ID: 30, Name: "午後", Zone: "Asia/Tokyo", CreatedAt: tx.Now()}
			s.Week[time.Friday] = []desk.Interval{{Start: 13 * 60, End: 18 * 60}}
			c, err := tx.Channels().Get(channel)
			if err != nil {
				return err
			}
			c.ScheduleID = s.ID
			if err := tx.WriteSchedules().Put(s); err != nil {
				return err
			}
			return tx.WriteChannels().Put(c)
		})
		w.are(t, desk.Online, aoi)
		ticket := w.writes(t)
		same(t, "outside hours", w.holder(t, ticket), 0)
		same(t, "due", w.due(t), opens)
		w.passes(t, time.Hour)
		same(t, "inside", w.holder(t, ticket), 0) // the lease of an hour is over as well
		w.are(t, desk.Online, aoi)
		same(t, "inside, and there", w.holder(t, ticket), aoi)
	})
}

// E12: who is asked has thirty seconds; declined or run out, the next one is asked, and the ticket keeps its place.
func TestOffers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.team(t, func(v *desk.Team) { v.Accept = desk.AcceptOffer })
		w.are(t, desk.Online, aoi, ken)
		ticket := w.writes(t)
		first := w.offered(t, ticket)
		if len(first) != 1 || first[0].UserID != aoi {
			t.Fatalf("offered %v", first)
		}
		same(t, "while it is offered", w.ticket(t, ticket).Status, desk.StatusQueued)
		if _, err := w.assign.Accept(t.Context(), workspace, member(ken), first[0].ID); desk.KindOf(err) != desk.KindNotFound {
			t.Errorf("another's offer: %v", err)
		}
		if err := w.assign.Decline(t.Context(), workspace, member(aoi), first[0].ID); err != nil {
			t.Fatal(err)
		}
		w.round(t)
		second := w.offered(t, ticket)
		if len(second) != 1 || second[0].UserID != ken {
			t.Fatalf("after a no, offered %v", second)
		}
		same(t, "due", w.due(t), w.Now().Add(desk.OfferFor))
		w.passes(t, desk.OfferFor)
		if _, err := w.assign.Accept(t.Context(), workspace, member(ken), second[0].ID); desk.KindOf(err) != desk.KindConflict {
			t.Errorf("a late yes: %v", err)
		}
		third := w.offered(t, ticket) // nobody else is left: who said nothing is asked again, who said no is not
		if len(third) != 1 || third[0].UserID != ken || third[0].ID == second[0].ID {
			t.Fatalf("after silence, offered %v", third)
		}
		w.are(t, desk.Online, mei)
		w.passes(t, desk.OfferFor)
		fourth := w.offered(t, ticket)
		if len(fourth) != 1 || fourth[0].UserID != mei {
			t.Fatalf("with a third one there, offered %v", fourth)
		}
		if _, err := w.assign.Accept(t.Context(), workspace, member(mei), fourth[0].ID); err != nil {
			t.Fatal(err)
		}
		same(t, "holder", w.holder(t, ticket), mei)
		if left := w.offered(t, ticket); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	})
}

// An offer holds a slot, and ends when somebody takes the ticket, or the member goes.
func TestOffersEnd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.team(t, func(v *desk.Team) { v.Accept = desk.AcceptOffer })
		w.settings(t, func(s *desk.Workspace) { s.Capacity = 1 })
		w.are(t, desk.Online, aoi)
		first, second := w.writes(t), w.writes(t)
		same(t, "offers with one slot", len(w.offered(t, first))+len(w.offered(t, second)), 1)
		if _, err := w.inbox.Take(t.Context(), actor(ken), first); err != nil {
			t.Fatal(err)
		}
		w.round(t)
		same(t, "offers of a ticket that was taken", len(w.offered(t, first)), 0)
		same(t, "offers of the next", len(w.offered(t, second)), 1)
		w.are(t, desk.Offline, aoi)
		same(t, "offers to who is gone", len(w.offered(t, second)), 0)
		w.are(t, desk.Online, mei)
		same(t, "offers to who came", len(w.offered(t, second)), 1)
	})
}

// E15: what customers wait for goes back when the assignee is offline for long enough.
func TestAssigneeIsGone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.are(t, desk.Online, aoi)
		ticket := w.writes(t)
		w.are(t, desk.Offline, aoi)
		w.are(t, desk.Online, ken)
		same(t, "at first", w.holder(t, ticket), aoi)
		same(t, "due", w.due(t), w.Now().Add(10*time.Minute))
		waits := w.ticket(t, ticket).WaitSince
		w.passes(t, 10*time.Minute)
		same(t, "later", w.holder(t, ticket), ken)
		same(t, "waiting since", w.ticket(t, ticket).WaitSince, waits)
		if got := w.lines(t, ticket); !slices.Equal(got, []string{"assigned", "assignee_offline", "assigned"}) {
			t.Errorf("the thread says %v", got)
		}
	})
}

// E15: a status of the workspace's own that reassigns does it at once.
func TestReassigningStatus(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.are(t, desk.Online, aoi)
		ticket := w.writes(t)
		w.are(t, desk.Online, ken)
		w.update(t, func(tx store.Tx) error {
			if err := tx.WriteMembers().PutCustomAvailability(desk.CustomAvailability{ID: 31, Name: "離席(再割り当て)", Means: desk.Away, Reassigns: true}); err != nil {
				return err
			}
			tx.Emit(desk.Event{Kind: desk.EventAvailabilityChanged, At: tx.Now(), SubjectID: aoi})
			return tx.WriteMembers().PutPresence(desk.Presence{UserID: aoi, Chosen: desk.Away, CustomID: 31, LeaseUntil: tx.Now().Add(time.Hour)})
		})
		w.round(t)
		same(t, "holder", w.holder(t, ticket), ken)
	})
}

// E11: a reopened ticket goes to its last assignee if they could have it, else to the queue.
func TestReopenedTickets(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.are(t, desk.Online, aoi)
		ticket := w.writes(t)
		w.are(t, desk.Online, ken)
		again := func() {
			t.Helper()
			if _, err := w.inbox.Resolve(t.Context(), actor(aoi), ticket, ""); err != nil {
				t.Fatal(err)
			}
		}
		again()
		w.customerWrites(t, ticket)
		same(t, "while they are there", w.holder(t, ticket), aoi)
		again()
		w.are(t, desk.Away, aoi)
		w.customerWrites(t, ticket)
		same(t, "while they are away", w.holder(t, ticket), ken)
		w.are(t, desk.Away, ken)
		for _, by := range []desk.ID{ken, aoi} { // away: for themselves they keep it
			_, err := w.inbox.Resolve(t.Context(), actor(ken), ticket, "")
			if err == nil {
				_, err = w.inbox.Reopen(t.Context(), actor(by), ticket)
			}
			if err != nil {
				t.Fatal(err)
			}
			w.round(t)
			same(t, "taken up again by a member", w.holder(t, ticket), map[desk.ID]desk.ID{ken: ken, aoi: 0}[by])
		}
	})
}

// customerWrites lets the customer of a resolved ticket write again, as package inbound does.
func (w *world) customerWrites(t *testing.T, ticket desk.ID) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		v, err := tx.Tickets().Get(ticket)
		if err != nil {
			return err
		}
		row, err := tx.WriteConversations().Lock(v.ConversationID)
		if err != nil {
			return err
		}
		was := v
		desk.CustomerWrote(&v, tx.Now(), 7)
		if _, err := store.KeepTicket(tx, &row, was, &v, store.Hand{By: desk.Actor{Kind: desk.ActorCustomer}}); err != nil {
			return err
		}
		row.Version++
		return tx.WriteConversations().Put(row)
	})
	w.round(t)
}

// E2, E11: the agent that a rule names, or who had the customer last, gets it if they can, whatever the team and its mode.
func TestPreferredAgent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		prefer := func(user, in desk.ID) desk.ID { return w.prefers(t, user, in) }
		w.team(t, func(v *desk.Team) { v.MemberIDs = []desk.ID{aoi, ken} })
		w.are(t, desk.Online, aoi, mei)
		same(t, "who can", w.holder(t, prefer(mei, team)), mei)
		same(t, "who cannot", w.holder(t, prefer(ken, team)), aoi)
		same(t, "of no team", w.holder(t, prefer(mei, 0)), mei)
		same(t, "with no slot left, in a team of others", w.holder(t, prefer(mei, team)), aoi)

		w.team(t, func(v *desk.Team) { v.Mode = desk.ModeManual })
		waits := prefer(ken, team)
		same(t, "in a manual team, of who is not there", w.holder(t, waits), 0)
		w.are(t, desk.Online, ken)
		same(t, "once they are", w.holder(t, waits), ken)
		w.team(t, func(v *desk.Team) { v.Mode, v.Accept = desk.ModeManual, desk.AcceptOffer })
		asked := prefer(ken, team)
		if offers := w.offered(t, asked); len(offers) != 1 || offers[0].UserID != ken {
			t.Errorf("in a manual team that asks: %v", offers)
		}
	})
}

// E11, E15: in teams that hand out nothing, and for tickets of no team, what somebody left behind goes back to the queue too.
func TestManualTeamsGetBackWhatIsLeft(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.team(t, func(v *desk.Team) { v.Mode = desk.ModeManual })
		w.are(t, desk.Online, aoi)
		mine, nobodys := w.writes(t), w.writes(t)
		w.update(t, func(tx store.Tx) error {
			v, err := tx.Tickets().Get(nobodys)
			if err != nil {
				return err
			}
			v.TeamID = 0
			return tx.WriteTickets().Put(v)
		})
		for _, ticket := range []desk.ID{mine, nobodys} {
			if _, err := w.inbox.Take(t.Context(), actor(aoi), ticket); err != nil {
				t.Fatal(err)
			}
		}
		w.are(t, desk.Offline, aoi)
		same(t, "due", w.due(t), w.Now().Add(10*time.Minute))
		w.passes(t, 10*time.Minute)
		for _, ticket := range []desk.ID{mine, nobodys} {
			same(t, "status", w.ticket(t, ticket).Status, desk.StatusQueued)
		}
		w.are(t, desk.Online, aoi)
		if _, err := w.inbox.Take(t.Context(), actor(aoi), mine); err != nil {
			t.Fatal(err)
		}
		for _, there := range []desk.Availability{desk.Online, desk.Away} {
			if _, err := w.inbox.Resolve(t.Context(), actor(aoi), mine, ""); err != nil {
				t.Fatal(err)
			}
			w.are(t, there, aoi)
			w.customerWrites(t, mine)
			if held := w.holder(t, mine) == aoi; held != (there == desk.Online) {
				t.Errorf("reopened while they are %s: held is %t", there, held)
			}
		}
	})
}
