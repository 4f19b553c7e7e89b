package storetest_test

import (
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// Erasing takes everything that hangs on a record and nothing of its neighbour, and keeps the counters true.
func TestErase(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		const ws = desk.ID(1)
		var channel, user desk.ID
		update(t, s, ws, func(tx store.Tx) error {
			now := tx.Now()
			channel, user = tx.NewID(), tx.NewID()
			return all(
				tx.WriteWorkspaces().Put(desk.Workspace{ID: ws, Name: "w", Locale: "en", Zone: "UTC", CreatedAt: now}),
				tx.WriteAccounts().PutUser(desk.User{ID: user, Email: "a@example.com", Name: "A", CreatedAt: now}),
				tx.WriteMembers().Put(desk.Member{UserID: user, Role: desk.RoleAgent, Active: true, CreatedAt: now}),
				tx.WriteMembers().PutPresence(desk.Presence{UserID: user, Chosen: desk.Online}),
				tx.WriteTeams().Put(desk.Team{ID: tx.NewID(), Name: "t", MemberIDs: []desk.ID{user}, CreatedAt: now}),
				tx.WriteChannels().Put(desk.Channel{ID: channel, Kind: "webchat", Account: "a", State: desk.ChannelActive, CreatedAt: now}),
			)
		})
		gone, kept := full(t, s, ws, channel, user), full(t, s, ws, channel, user)
		before := sizes(t, s, ws, user)

		update(t, s, ws, func(tx store.Tx) error {
			if err := tx.WriteContacts().DeleteIdentity(gone.IdentityID); desk.CodeOf(err) != "identity_in_use" {
				t.Errorf("an identity with a conversation: %v", err)
			}
			return nil
		})
		update(t, s, ws, func(tx store.Tx) error {
			return all(tx.WriteConversations().Delete(gone.ID), tx.WriteConversations().Delete(tx.NewID()),
				tx.WriteContacts().DeleteIdentity(gone.IdentityID), tx.WriteContacts().Delete(gone.ContactID))
		})
		for _, c := range []desk.Conversation{gone, kept} {
			want := 1
			if c.ID == gone.ID {
				want = 0
			}
			for what, n := range remains(t, s, ws, user, c) {
				if n != want {
					t.Errorf("%d %s, want %d", n, what, want)
				}
			}
		}
		if after := sizes(t, s, ws, user); before.All != 2 || after.All != 1 || after.Mine != 1 || after.Waiting != 1 {
			t.Errorf("counters were %+v, are %+v", before, after)
		}

		update(t, s, ws, func(tx store.Tx) error {
			if err := tx.WriteAccounts().DeleteUser(user); desk.CodeOf(err) != "user_in_use" {
				t.Errorf("a user who is a member: %v", err)
			}
			return nil
		})
		update(t, s, ws, func(tx store.Tx) error {
			return all(tx.WriteMembers().Delete(user), tx.WriteAccounts().DeleteUser(user))
		})
		view(t, s, ws, func(r store.Reader) error {
			members, err := r.Members().List()
			presences, err2 := r.Members().Presences()
			drafts, err3 := r.Drafts().All(user)
			any, err4 := r.Accounts().AnyUser()
			teams, err5 := r.Teams().List()
			if len(members)+len(presences)+len(drafts)+len(teams[0].MemberIDs) != 0 || any {
				t.Errorf("something of the member is left: %v %v %v %v %v", members, presences, drafts, teams, any)
			}
			return all(err, err2, err3, err4, err5)
		})
	})
}

// Demo records are a set of the workspace's own.
func TestDemoRecords(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		for ws := desk.ID(1); ws <= 2; ws++ {
			update(t, s, ws, func(tx store.Tx) error {
				tag := store.DemoRecord{Kind: store.DemoTag, ID: ws}
				return all(tx.WriteDemo().Remember(tag), tx.WriteDemo().Remember(tag),
					tx.WriteDemo().Remember(store.DemoRecord{Kind: store.DemoContact, ID: 7}))
			})
		}
		update(t, s, 1, func(tx store.Tx) error { return tx.WriteDemo().ForgetAll() })
		for ws, want := range map[desk.ID]int{1: 0, 2: 2} {
			view(t, s, ws, func(r store.Reader) error {
				records, err := r.Demo().Records()
				if len(records) != want || want > 0 && (records[0] != store.DemoRecord{Kind: store.DemoContact, ID: 7}) {
					t.Errorf("workspace %d: %v", ws, records)
				}
				return err
			})
		}
	})
}

// full makes a waiting conversation of a contact of its own with one of everything that hangs on it.
func full(t *testing.T, s store.Store, ws, channel, user desk.ID) (c desk.Conversation) {
	t.Helper()
	update(t, s, ws, func(tx store.Tx) error {
		now := tx.Now()
		contact := desk.Contact{ID: tx.NewID(), Name: "c", CreatedAt: now, Version: 1}
		identity := desk.Identity{ID: tx.NewID(), ContactID: contact.ID, ChannelID: channel, Kind: "webchat", ExternalID: contact.ID.String()}
		c = desk.Conversation{ID: tx.NewID(), ChannelID: channel, IdentityID: identity.ID, ContactID: contact.ID, Version: 1, CreatedAt: now}
		number, err := tx.WriteWorkspaces().NextTicketNumber()
		if err != nil {
			return err
		}
		tag := desk.Tag{ID: tx.NewID(), Name: c.ID.String()}
		ticket := desk.OpenTicket(tx.NewID(), number, c, 0, now)
		ticket.Assignee, ticket.Status, ticket.TagIDs = user, desk.StatusOpen, []desk.ID{tag.ID}
		c.Follow(ticket)
		m := desk.Message{ID: tx.NewID(), ConversationID: c.ID, TicketID: ticket.ID, At: now, Author: desk.Author{Kind: desk.AuthorCustomer}, Parts: []desk.Part{{Kind: desk.PartText, Text: "x"}}}
		return all(
			tx.WriteTags().Put(tag), tx.WriteContacts().Put(contact), tx.WriteContacts().PutIdentity(identity),
			tx.WriteContacts().PutNote(desk.ContactNote{ID: tx.NewID(), ContactID: contact.ID, AuthorID: user, Body: "n"}),
			tx.WriteVisitors().Put(desk.Visitor{ID: tx.NewID(), ChannelID: channel, TokenHash: c.ID.String(), IdentityID: identity.ID, ContactID: contact.ID}),
			tx.WriteConversations().Put(c), tx.WriteTickets().Put(ticket), tx.WriteMessages().Add(&m),
			tx.WriteMessages().PutAttachment(desk.Attachment{ID: tx.NewID(), ConversationID: c.ID, MessageID: m.ID, Kind: desk.PartFile, Key: "k"}),
			tx.WriteConversations().PutRead(desk.Read{UserID: user, ConversationID: c.ID, Seq: 1}),
			tx.WriteConversations().PutCustomerRead(desk.CustomerRead{ConversationID: c.ID, Seq: 1}),
			tx.WriteDrafts().Put(desk.Draft{UserID: user, ConversationID: c.ID, Mode: "reply", Body: m.Parts}),
			tx.Enqueue(&desk.Delivery{ID: tx.NewID(), ChannelID: channel, ConversationID: c.ID, MessageID: m.ID}),
		)
	})
	return c
}

// remains counts what hangs on a conversation and its contact; one of each while it is there.
func remains(t *testing.T, s store.Store, ws, user desk.ID, c desk.Conversation) map[string]int {
	t.Helper()
	n := map[string]int{}
	view(t, s, ws, func(r store.Reader) error {
		threads, err := r.Conversations().OfContact(c.ContactID)
		tickets, err2 := r.Tickets().OfConversation(c.ID)
		messages, err3 := r.Messages().Before(c.ID, 0, 10)
		reads, err4 := r.Conversations().ReadsOf(c.ID)
		seen, err5 := r.Conversations().CustomerRead(c.ID)
		drafts, err6 := r.Drafts().Of(user, c.ID)
		identities, err7 := r.Contacts().Identities(c.ContactID)
		visitors, err8 := r.Visitors().ByContact(c.ContactID)
		notes, err9 := r.Contacts().Notes(c.ContactID)
		contacts, err10 := r.Contacts().Many([]desk.ID{c.ContactID})
		tagged, _, err11 := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{Tags: c.TagIDs}})
		n["conversations"], n["tickets"], n["messages"], n["reads"], n["customer reads"] = len(threads), len(tickets), len(messages), len(reads), int(seen.Seq)
		n["drafts"], n["identities"], n["visitors"], n["notes"], n["contacts"], n["rows by tag"] = len(drafts), len(identities), len(visitors), len(notes), len(contacts), len(tagged)
		return all(err, err2, err3, err4, err5, err6, err7, err8, err9, err10, err11)
	})
	leased, err := s.Queue().Lease(t.Context(), "w", 10, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range leased {
		if l.Delivery.ConversationID == c.ID && c.ID != 0 {
			n["deliveries"]++
		}
	}
	return n
}

func sizes(t *testing.T, s store.Store, ws, user desk.ID) (c store.ViewCounts) {
	t.Helper()
	view(t, s, ws, func(r store.Reader) (err error) {
		c, err = r.Conversations().Counts(user, nil)
		return err
	})
	return c
}
