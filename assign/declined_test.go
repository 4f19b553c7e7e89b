package assign_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
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

// E12: of a ticket that everybody declined who is there the team's supervisors hear at once, and once in a round; who lets an offer run
// out is asked again.
func TestSupervisorsHearOfWhatEverybodyDeclined(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const elsewhere desk.ID = 23 // supervises another team
		w.supervises(t, mei, elsewhere)
		w.team(t, func(v *desk.Team) { v.Accept = desk.AcceptOffer })
		w.are(t, desk.Online, aoi, ken)
		ticket := w.writes(t)
		declines := func() {
			t.Helper()
			for _, o := range w.offered(t, ticket) {
				must(t, w.assign.Decline(t.Context(), workspace, member(o.UserID), o.ID))
			}
			w.round(t)
		}
		heard := func(when string, want int) {
			t.Helper()
			same(t, when+": the team's supervisor", w.heard(t, mei, ticket), want)
			same(t, when+": another team's", w.heard(t, elsewhere, ticket), 0)
		}
		declines()
		heard("one declined", 0)
		w.passes(t, 10*time.Second)
		declines()
		heard("everybody declined", 1)
		w.passes(t, time.Minute)
		w.are(t, desk.Online, aoi)
		heard("later", 1)
		w.passes(t, desk.DeclineCounts-time.Minute-10*time.Second)
		declines() // the first again, while the second one's answer still counts
		heard("in the same round", 1)
		w.passes(t, 10*time.Second)
		declines()
		heard("in the next round", 2)

		ticket = w.writes(t)
		declines()
		w.passes(t, desk.OfferFor)
		heard("one let it run out", 0)
		w.are(t, desk.Offline, ken)
		heard("who was left went", 1)

		ticket = w.writes(t)
		same(t, "offers", len(w.offered(t, ticket)), 1)
		w.hours(t)
		declines()
		heard("outside hours", 0)
	})
}

// What was offered long ago is not kept while its ticket goes on waiting.
func TestOffersThatCountNoMoreAreDropped(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.team(t, func(v *desk.Team) { v.Accept = desk.AcceptOffer })
		w.are(t, desk.Online, aoi)
		w.writes(t)
		for range 20 {
			w.are(t, desk.Online, aoi)
			w.passes(t, desk.OfferFor)
		}
		kept := 0
		w.view(t, func(r store.Reader) error {
			all, err := r.Routing().Offers()
			kept = len(all)
			return err
		})
		if most := int(desk.DeclineCounts/desk.OfferFor) + 2; kept > most || kept < most/2 {
			t.Errorf("%d offers are kept, want about %d", kept, most)
		}
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
			"given back by a program of theirs": func(ticket desk.ID) error {
				key := actor(aoi)
				key.By = desk.Actor{Kind: desk.ActorAPIKey, ID: 90}
				_, err := w.inbox.Assign(t.Context(), key, ticket, 0)
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
