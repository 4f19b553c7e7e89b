package assign_test

import (
	"testing"

	"madoguchi/desk"
)

// E4: in turn or by spare capacity, a ticket goes to members who serve its channel alone; a change of that counts at once.
func TestChannelsOfMembers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, mode := range []desk.TeamMode{desk.ModeRoundRobin, desk.ModeSpare} {
			w.settings(t, func(s *desk.Workspace) { s.Capacity = 9 })
			w.team(t, func(v *desk.Team) { v.Mode = mode })
			w.serves(t, aoi, other)
			w.serves(t, ken, channel, other)
			w.are(t, desk.Online, aoi, ken)
			for range 3 {
				same(t, string(mode), w.holder(t, w.writes(t)), ken)
			}
			same(t, "who has less", w.holder(t, w.writesOn(t, other)), aoi)

			w.serves(t, ken, other)
			waits := w.writes(t)
			same(t, "nobody serves it", w.holder(t, waits), 0)
			w.serves(t, aoi)
			w.round(t)
			same(t, "as soon as somebody does", w.holder(t, waits), aoi)
		}
	})
}

// E4, E11: a returning customer's agent who does not serve the channel any more does not get the case back.
func TestReturningToAnotherChannelsAgent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.are(t, desk.Online, aoi, ken)
		kept, lost := w.writes(t), w.writesOn(t, other)
		for ticket, user := range map[desk.ID]desk.ID{kept: aoi, lost: ken} {
			if _, err := w.inbox.Resolve(t.Context(), actor(user), ticket, ""); err != nil {
				t.Fatal(err)
			}
		}
		w.serves(t, aoi, channel)
		w.serves(t, ken, channel)
		w.customerWrites(t, kept)
		w.customerWrites(t, lost)
		same(t, "serves it still", w.holder(t, kept), aoi)
		same(t, "serves it no more", w.holder(t, lost), 0)
	})
}

// E4, E12: an offer to somebody who is taken off the channel is over, and the next one is asked.
func TestOffersFollowChannels(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.team(t, func(v *desk.Team) { v.Accept = desk.AcceptOffer })
		w.are(t, desk.Online, aoi, ken)
		ticket := w.writes(t)
		asked := func() (user desk.ID) {
			for _, o := range w.offered(t, ticket) {
				user = o.UserID
			}
			return user
		}
		same(t, "asked", asked(), aoi)
		w.serves(t, aoi, other)
		w.round(t)
		same(t, "asked then", asked(), ken)
		w.serves(t, aoi)
		w.serves(t, ken, other)
		w.round(t)
		same(t, "as if it had not been asked", asked(), aoi)
	})
}

// E13: by hand a case goes to anybody.
func TestByHandToAnotherChannelsAgent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.serves(t, mei, other)
		w.are(t, desk.Online, mei)
		ticket := w.writes(t)
		boss := actor(aoi)
		boss.AssignsOthers = true
		if _, err := w.inbox.Assign(t.Context(), boss, ticket, mei); err != nil {
			t.Fatal(err)
		}
		w.round(t)
		same(t, "given by hand", w.holder(t, ticket), mei)
	})
}
