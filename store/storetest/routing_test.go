package storetest_test

import (
	"math/rand/v2"
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
		view(t, s, w.workspace, func(r store.Reader) error {
			preferring, err := r.Routing().Preferring([]desk.ID{w.user})
			none, err2 := r.Routing().Preferring([]desk.ID{w.user + 1})
			equal(t, len(preferring), 1)
			equal(t, preferring[0].TicketID, queued.ID)
			equal(t, len(none), 0)
			return all(err, err2)
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
		offer = offer.Declined(offer.MadeAt.Add(time.Second))
		offer.Told = true
		update(t, s, w.workspace, put)
		another := offer
		another.ID, another.TicketID = 83, 90
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteRouting().PutOffer(another) })
		view(t, s, w.workspace, func(r store.Reader) error {
			these, err := r.Routing().OffersOf(queued.ID)
			equal(t, these, []desk.Offer{offer})
			return err
		})
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteRouting().DropOffers([]desk.ID{another.ID, 99}) })
		held := queued
		held.Status, held.Assignee, held.WaitSince = desk.StatusOpen, w.user, now
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteTickets().Put(held) })
		view(t, s, w.workspace, func(r store.Reader) error {
			answered, err := r.Routing().Offers()
			equal(t, answered, []desk.Offer{offer})
			awaited, err2 := r.Routing().Awaited([]desk.ID{w.user, w.user + 1})
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

// How many are ahead, as it is counted, is the place in the queue sorted in memory (E10), whatever waits in it and however time goes by.
func TestAheadIsThePlaceInTheQueue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		hand := newClock()
		s := open(hand.option())
		w := newWorld(t, s)
		const team, most = 5, 48
		rng := rand.New(rand.NewPCG(5, 6))
		now := hand.now()
		update(t, s, w.workspace, func(tx store.Tx) error {
			for number := range most {
				c, err := w.conversation(tx, nil)
				ticket := desk.OpenTicket(tx.NewID(), int64(number+1), c, pick(rng, desk.ID(team), team, team, team+1), now)
				ticket.Priority = pick(rng, desk.Priorities()...)
				// Often at the same instant, and just before, at and after the hours at which a ticket climbs; clocks of nodes differ.
				ticket.QueuedAt = now.Add(-time.Duration(rng.IntN(6)-1)*time.Hour + time.Duration(rng.IntN(3)-1)*time.Millisecond)
				if rng.IntN(2) == 0 {
					ticket.WaitSince, ticket.QueuedAt = ticket.QueuedAt, now
				}
				if err := all(err, tx.WriteTickets().Put(ticket)); err != nil {
					return err
				}
			}
			return nil
		})
		view(t, s, w.workspace, func(r store.Reader) error {
			queue, err := r.Routing().Queued([]desk.ID{team})
			for _, ageing := range []bool{false, true} {
				for _, later := range []time.Duration{0, 400 * time.Microsecond, time.Millisecond, 59 * time.Minute, time.Hour} {
					desk.SortQueue(queue, map[desk.ID]bool{team: ageing}, now.Add(later))
					for place, q := range queue {
						upTo := pick(rng, most, place, place/2)
						got, err := r.Routing().Ahead(q, ageing, now.Add(later), upTo)
						if want := min(place, upTo); err != nil || got != want {
							t.Fatalf("%+v after %s, ageing %v: %d ahead, counted up to %d; it is at %d (%v)", q, later, ageing, got, upTo, place, err)
						}
					}
				}
			}
			return err
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
		want := desk.Load{Open: 1}
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

// Agents are those who can have cases, wherever their rights come from (E4, E7).
func TestAgents(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w := newWorld(t, s)
		reads := desk.CustomRole{ID: 91, Label: desk.Labels{JA: "見る人"}, Base: desk.RoleAgent, Permissions: []string{"conversation.read"}, CreatedAt: at(1), UpdatedAt: at(1), Version: 1}
		writes := reads
		writes.ID, writes.Permissions = 92, []string{desk.ReplyPermission}
		update(t, s, w.workspace, func(tx store.Tx) error {
			return all(tx.WriteMembers().PutCustomRole(reads), tx.WriteMembers().PutCustomRole(writes))
		})
		for own, m := range []desk.Member{
			{Role: desk.RoleOwner, Active: true}, {Role: desk.RoleAgent, Active: true}, {Role: desk.RoleAgent}, {Role: desk.RoleViewer, Active: true},
			{Role: desk.RoleAgent, Active: true, Custom: &reads}, {Role: desk.RoleAgent, Active: true, Custom: &writes},
			{Role: desk.RoleSupervisor, Active: true, Custom: &reads}, // of another base: they have none
		} {
			m.UserID, m.Capacity, m.ChannelIDs, m.CreatedAt = w.user, own, []desk.ID{3, 8}, at(1)
			update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteMembers().Put(m) })
			view(t, s, w.workspace, func(r store.Reader) error {
				got, err := r.Members().Agents()
				read, err2 := r.Members().Get(w.user)
				want := map[desk.ID]desk.Agent{}
				if read.Answers() {
					want[w.user] = desk.Agent{ID: w.user, Capacity: own, Channels: m.ChannelIDs}
				}
				equal(t, got, want)
				return all(err, err2)
			})
		}
	})
}

// A custom role is read with whoever has it, as long as it is based on the role that they have.
func TestCustomRoles(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w, other := newWorld(t, s), newWorld(t, s)
		v := desk.CustomRole{ID: 91, Label: desk.Labels{JA: "夜間"}, Base: desk.RoleAgent, Permissions: []string{"conversation.read"}, CreatedAt: at(1), UpdatedAt: at(2), Version: 3}
		get := func(r store.Reader) (desk.CustomRole, error) { return r.Members().CustomRole(v.ID) }
		put := func(tx store.Tx) error { return tx.WriteMembers().PutCustomRole(v) }
		stored(t, w, other, "role", put, get, v)
		v.Label.EN, v.Permissions, v.UpdatedAt, v.Version = "Night", []string{"conversation.read", "conversation.reply"}, at(3), 4
		stored(t, w, other, "role", put, get, v)
		key := desk.APIKey{ID: 92, Name: "k", Hash: "custom", Role: desk.RoleAgent, Custom: &v, CreatedBy: w.user, CreatedAt: at(1)}
		invite := desk.Invite{ID: 93, Email: "c@example.jp", Custom: &v, TokenHash: "custom", InvitedBy: w.user, CreatedAt: at(1), ExpiresAt: at(2)}
		hold := func(role desk.Role, want *desk.CustomRole) {
			t.Helper()
			update(t, s, w.workspace, func(tx store.Tx) error {
				m, err := tx.Members().Get(w.user)
				m.Role, m.Custom, key.Role, invite.Role = role, &v, role, role
				return all(err, tx.WriteMembers().Put(m), tx.WriteAccounts().PutAPIKey(key), tx.WriteAccounts().PutInvite(invite))
			})
			view(t, s, w.workspace, func(r store.Reader) error {
				m, err := r.Members().Get(w.user)
				listed, err2 := r.Members().List()
				memberships, err3 := r.Accounts().Memberships(w.user)
				_, k, err4 := r.Accounts().APIKey(key.Hash)
				keys, err5 := r.Accounts().APIKeys()
				_, i, err6 := r.Accounts().Invite(invite.TokenHash)
				invites, err7 := r.Accounts().Invites()
				for _, got := range []*desk.CustomRole{m.Custom, listed[0].Custom, memberships[0].Member.Custom, k.Custom, keys[0].Custom, i.Custom, invites[0].Custom} {
					equal(t, got, want)
				}
				return all(err, err2, err3, err4, err5, err6, err7)
			})
		}
		hold(desk.RoleAgent, &v)
		hold(desk.RoleSupervisor, nil)
		hold(desk.RoleAgent, &v)
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteMembers().DeleteCustomRole(v.ID) })
		view(t, s, w.workspace, func(r store.Reader) error {
			left, err := r.Members().CustomRoles()
			equal(t, len(left), 0)
			return err
		})
	})
}
