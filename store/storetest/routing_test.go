package storetest_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// What decides who gets a ticket comes back as it was, in its own workspace only (E3–E12).
func TestRouting(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		hand := newClock()
		s := open(hand.option())
		w, other := newWorld(t, s), newWorld(t, s)
		now := hand.now()
		c := w.newConversation(t)
		queued := desk.OpenTicket(80, 7, c, 5, now.Add(-time.Hour))
		queued.PreferredAgent, queued.WaitSince = w.user, time.Time{}
		offer := desk.Offer{ID: 81, TicketID: queued.ID, ConversationID: c.ID, UserID: w.user, State: desk.OfferOpen, MadeAt: now, Until: now.Add(desk.OfferFor)}
		put := func(tx store.Tx) error { return tx.WriteRouting().PutOffer(offer) }
		stored(t, w, other, "offer", put, func(r store.Reader) (desk.Offer, error) { return r.Routing().Offer(offer.ID) }, offer)
		update(t, s, w.workspace, func(tx store.Tx) error {
			return all(tx.WriteTickets().Put(queued), tx.WriteRouting().SetTurn(5, w.user, 3), tx.WriteRouting().SetTurn(5, w.user, 4))
		})
		look := func(workspace desk.ID) (queue []desk.Queued, turns map[desk.ID]desk.Turns, open []desk.Offer) {
			view(t, s, workspace, func(r store.Reader) error {
				var errs [3]error
				queue, errs[0] = r.Routing().Queued([]desk.ID{4, 5})
				turns, errs[1] = r.Routing().Turns()
				open, errs[2] = r.Routing().Offers()
				return all(errs[:]...)
			})
			return queue, turns, open
		}
		queue, turns, offers := look(w.workspace)
		equal(t, queue, []desk.Queued{{TicketID: queued.ID, ConversationID: c.ID, ChannelID: c.ChannelID, TeamID: 5, Priority: desk.PriorityNormal,
			Since: queued.QueuedAt, PreferredAgent: w.user}})
		equal(t, turns, map[desk.ID]desk.Turns{5: {w.user: 4}})
		equal(t, offers, []desk.Offer{offer})
		queue, turns, offers = look(other.workspace)
		equal(t, len(queue)+len(turns)+len(offers), 0)

		second := offer
		second.ID = 82
		err := s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteRouting().PutOffer(second) })
		wantKind(t, err, desk.KindConflict, "offer_exists")
		offer.State = desk.OfferDeclined
		update(t, s, w.workspace, put)
		held := queued
		held.Status, held.Assignee, held.WaitSince = desk.StatusOpen, w.user, now
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteTickets().Put(held) })
		view(t, s, w.workspace, func(r store.Reader) error {
			answered, err := r.Routing().Offers()
			equal(t, answered, []desk.Offer{offer})
			awaited, err2 := r.Routing().Awaited([]desk.ID{5, 6})
			equal(t, awaited, []desk.Awaited{{TicketID: held.ID, ConversationID: c.ID, TeamID: 5, Assignee: w.user, Since: now}})
			return all(err, err2)
		})
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteConversations().Delete(c.ID) })
		view(t, s, w.workspace, func(r store.Reader) error {
			_, err := r.Routing().Offer(offer.ID)
			wantKind(t, err, desk.KindNotFound, "offer_not_found")
			return nil
		})
	})
}

// The one statement that counts everybody's slots agrees with the rule for one ticket (E7).
func TestLoadsAreTheSlotsOfTickets(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		hand := newClock()
		s := open(hand.option())
		w := newWorld(t, s)
		now := hand.now()
		want := desk.Load{Open: 1, Pending: 3, Snoozed: 1}
		var number int64
		put := func(status desk.TicketStatus, since time.Time) {
			number++
			c := w.newConversation(t)
			ticket := desk.OpenTicket(desk.ID(100+number), number, c, 5, now)
			ticket.Status, ticket.Assignee, ticket.PendingSince = status, w.user, since
			want.Slots += ticket.Slots(now)
			update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteTickets().Put(ticket) })
		}
		put(desk.StatusOpen, time.Time{})
		put(desk.StatusPending, now.Add(-desk.PendingHolds))
		put(desk.StatusPending, now.Add(-desk.PendingHolds+time.Millisecond))
		put(desk.StatusPending, time.Time{})
		put(desk.StatusSnoozed, time.Time{})
		put(desk.StatusResolved, time.Time{})
		view(t, s, w.workspace, func(r store.Reader) error {
			loads, err := r.Tickets().Loads()
			equal(t, loads, map[desk.ID]desk.Load{w.user: want})
			first, err2 := r.Routing().FirstPending(now.Add(-desk.PendingHolds))
			equal(t, first, now.Add(-desk.PendingHolds+time.Millisecond))
			return all(err, err2)
		})
	})
}

func TestCustomAvailabilities(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w, other := newWorld(t, s), newWorld(t, s)
		v := desk.CustomAvailability{ID: 90, Name: "昼休み", Means: desk.Away, Reassigns: true, Position: 2, CreatedAt: at(1)}
		stored(t, w, other, "availability", func(tx store.Tx) error { return tx.WriteMembers().PutCustomAvailability(v) },
			func(r store.Reader) (desk.CustomAvailability, error) { return r.Members().CustomAvailability(v.ID) }, v)
		p := desk.Presence{UserID: w.user, Chosen: desk.Away, CustomID: v.ID, LeaseUntil: at(60)}
		update(t, s, w.workspace, func(tx store.Tx) error {
			return all(tx.WriteMembers().PutPresence(p), tx.WriteMembers().DeleteCustomAvailability(v.ID))
		})
		p.CustomID = 0 // who chose it goes on with what it meant
		view(t, s, w.workspace, func(r store.Reader) error {
			got, err := r.Members().Presence(w.user)
			p.Since = got.Since
			equal(t, got, p)
			left, err2 := r.Members().CustomAvailabilities()
			equal(t, len(left), 0)
			return all(err, err2)
		})
	})
}
