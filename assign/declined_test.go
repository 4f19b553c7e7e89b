package assign_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
)

// E4, E12: a ticket that everybody declined is offered again after some minutes, and the clock knows when.
func TestWhatEverybodyDeclinedIsOfferedAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.team(t, func(v *desk.Team) { v.Accept = desk.AcceptOffer })
		w.are(t, desk.Online, aoi, ken)
		ticket := w.writes(t)
		declines := func(who desk.ID) {
			t.Helper()
			open := w.offered(t, ticket)
			if len(open) != 1 || open[0].UserID != who {
				t.Fatalf("offered %v, want one to %s", open, who)
			}
			must(t, w.assign.Decline(t.Context(), workspace, member(who), open[0].ID))
			w.round(t)
		}
		declines(aoi)
		first := w.Now()
		w.passes(t, 10*time.Second)
		declines(ken)
		same(t, "offers while everybody declined", len(w.offered(t, ticket)), 0)
		same(t, "due", w.due(t), first.Add(desk.DeclineCounts))
		w.passes(t, desk.DeclineCounts-11*time.Second)
		same(t, "offers just before", len(w.offered(t, ticket)), 0)
		w.passes(t, time.Second)
		declines(aoi)
		w.passes(t, 10*time.Second)
		declines(ken)
	})
}

// E11, E12: in a team that hands out nothing, whom a ticket prefers and who let its offer run out is asked again later too.
func TestAPreferredAgentIsAskedAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.team(t, func(v *desk.Team) { v.Mode, v.Accept = desk.ModeManual, desk.AcceptOffer })
		w.are(t, desk.Online, ken)
		ticket := w.prefers(t, ken, team)
		w.passes(t, desk.OfferFor)
		same(t, "offers that ran out", len(w.offered(t, ticket)), 0)
		w.passes(t, desk.DeclineCounts)
		same(t, "offers later", len(w.offered(t, ticket)), 1)
	})
}

// E4, E13: who gives a ticket back, or hands it to their own team, has it again before some minutes only if they ask for it; from whom
// somebody else takes it, they have not declined it.
func TestWhoGivesATicketBackDoesNotGetItAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.are(t, desk.Online, aoi)
		for name, givesBack := range map[string]func(ticket desk.ID) error{
			"given back": func(ticket desk.ID) error {
				_, err := w.inbox.Assign(t.Context(), actor(aoi), ticket, 0)
				return err
			},
			"handed to the own team": func(ticket desk.ID) error {
				_, err := w.inbox.Transfer(t.Context(), actor(aoi), ticket, inbox.Transfer{Team: team})
				return err
			},
		} {
			ticket := w.writes(t)
			same(t, name+", before", w.holder(t, ticket), aoi)
			must(t, givesBack(ticket))
			w.due(t) // another node's clock comes first
			w.round(t)
			same(t, name, w.holder(t, ticket), 0)
			same(t, name+", due", w.due(t), w.Now().Add(desk.DeclineCounts))
			w.passes(t, desk.DeclineCounts-time.Second)
			same(t, name+", later", w.holder(t, ticket), 0)
			w.passes(t, time.Second)
			same(t, name+", after some minutes", w.holder(t, ticket), aoi)
			if _, err := w.inbox.Resolve(t.Context(), actor(aoi), ticket, ""); err != nil {
				t.Fatal(err)
			}
			w.round(t)
		}
		ticket := w.writes(t)
		lead := actor(ken)
		lead.AssignsOthers = true
		if _, err := w.inbox.Assign(t.Context(), lead, ticket, 0); err != nil {
			t.Fatal(err)
		}
		w.round(t)
		same(t, "taken from them", w.holder(t, ticket), aoi)
		if _, err := w.inbox.Assign(t.Context(), actor(aoi), ticket, 0); err != nil {
			t.Fatal(err)
		}
		w.are(t, desk.Online, mei)
		same(t, "given back, with a colleague there", w.holder(t, ticket), mei)
	})
}
