package storetest_test

import (
	"fmt"
	"slices"
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

func checkContact(t *testing.T, w, other *world) {
	v := desk.Contact{ID: 75, Name: "山田\x00花子\xff", Email: "HANAKO@example.jp", Phone: "+81312345678", Locale: "ja", Zone: "Asia/Tokyo", ExternalID: "m-1",
		Fields: map[string]string{"会員": "ゴールド"}, CreatedAt: at(1), UpdatedAt: at(2), Version: 1}
	want := v
	want.Name = "山田花子" // NUL and invalid UTF-8 are dropped
	put := func(tx store.Tx) error { return tx.WriteContacts().Put(v) }
	get := func(r store.Reader) (desk.Contact, error) { return r.Contacts().Get(v.ID) }
	stored(t, w, other, "contact", put, get, want)
	stored(t, w, other, "contact", put, func(r store.Reader) (desk.Contact, error) { return r.Contacts().ByExternalID("m-1") }, want)
	i := desk.Identity{ID: 76, ContactID: v.ID, ChannelID: w.channel.ID, Kind: "webchat", Scope: "s", ExternalID: "x", Name: "花", CreatedAt: at(3), BlockedAt: at(4)}
	putIdentity := func(tx store.Tx) error { return tx.WriteContacts().PutIdentity(i) }
	stored(t, w, other, "identity", putIdentity, func(r store.Reader) (desk.Identity, error) { return r.Contacts().Identity(i.ID) }, i)
	stored(t, w, other, "identity", putIdentity, func(r store.Reader) (desk.Identity, error) { return r.Contacts().IdentityByKey("webchat", "s", "x") }, i)
	n := desk.ContactNote{ID: 77, ContactID: v.ID, AuthorID: w.user, Body: "常連", CreatedAt: at(5), UpdatedAt: at(6)}
	putNote := func(tx store.Tx) error { return tx.WriteContacts().PutNote(n) }
	stored(t, w, other, "contact_note", putNote, func(r store.Reader) (desk.ContactNote, error) { return r.Contacts().Note(n.ID) }, n)
	err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteContacts().Delete(v.ID) })
	wantKind(t, err, desk.KindConflict, "contact_in_use")
	err = w.s.Update(t.Context(), other.workspace, func(tx store.Tx) error { return tx.WriteContacts().MoveIdentity(i.ID, v.ID) })
	wantKind(t, err, desk.KindNotFound, "contact_not_found")
}

func checkVisitor(t *testing.T, w, other *world) {
	v := desk.Visitor{ID: 78, ChannelID: w.channel.ID, Key: "k", TokenHash: "h-" + w.workspace.String(), IdentityID: 1, ContactID: 2, Locale: "ja", UserAgent: "ua", PageURL: "https://e.example/",
		PageTitle: "店", CreatedAt: at(1), SeenAt: at(2), EndedAt: at(3)}
	stored(t, w, other, "visitor", func(tx store.Tx) error { return tx.WriteVisitors().Put(v) },
		func(r store.Reader) (desk.Visitor, error) { return r.Visitors().Get(v.ID) }, v)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteVisitors().Touch(v.ID, at(8), "https://e.example/2", "次") })
	v.SeenAt, v.PageURL, v.PageTitle = at(8), "https://e.example/2", "次"
	view(t, w.s, 0, func(r store.Reader) error {
		workspace, got, err := r.Visitors().ByToken(v.TokenHash)
		equal(t, workspace, w.workspace)
		equal(t, got, v)
		return err
	})
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.Visitors().ByContact(2)
		equal(t, got, []desk.Visitor{v})
		return err
	})
}

func TestStandings(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w, other := newWorld(t, s), newWorld(t, s)
		var ids []desk.ID
		want := map[desk.ID]store.VisitorStanding{}
		update(t, s, w.workspace, func(tx store.Tx) error {
			ids, want = nil, map[desk.ID]store.VisitorStanding{}
			contact := desk.Contact{ID: tx.NewID(), Version: 1}
			blocked := desk.Identity{ID: tx.NewID(), ContactID: contact.ID, ChannelID: w.channel.ID, Kind: "webchat", Scope: "s", ExternalID: "blocked", BlockedAt: at(4)}
			closed := w.channel
			closed.ID, closed.Account, closed.State = tx.NewID(), "closed", desk.ChannelDisabled
			if err := all(tx.WriteContacts().Put(contact), tx.WriteContacts().PutIdentity(blocked), tx.WriteChannels().Put(closed)); err != nil {
				return err
			}
			for i := range 60 { // more than one statement takes
				v := desk.Visitor{ID: tx.NewID(), ChannelID: w.channel.ID, Key: fmt.Sprint(i), TokenHash: fmt.Sprint("standing ", i, w.workspace), CreatedAt: at(1)}
				standing := store.VisitorStanding{Channel: w.channel.State}
				switch i % 4 {
				case 1:
					v.EndedAt, standing.EndedAt = at(3), at(3)
				case 2:
					v.IdentityID, standing.IdentityID, standing.BlockedAt = blocked.ID, blocked.ID, blocked.BlockedAt
				case 3:
					v.ChannelID, standing.Channel = closed.ID, closed.State
				}
				if err := tx.WriteVisitors().Put(v); err != nil {
					return err
				}
				ids, want[v.ID] = append(ids, v.ID), standing
			}
			return nil
		})
		view(t, s, w.workspace, func(r store.Reader) error {
			got, err := r.Visitors().Standings(append(ids, 1))
			equal(t, got, want)
			return err
		})
		view(t, s, other.workspace, func(r store.Reader) error {
			got, err := r.Visitors().Standings(ids)
			equal(t, len(got), 0)
			return err
		})
	})
}

func TestAnIdentityMovesWithItsConversationAndTickets(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		c, target := w.newConversation(t), w.newConversation(t)
		var ticket desk.Ticket
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			ticket = desk.OpenTicket(tx.NewID(), 1, c, 0, tx.Now())
			return all(tx.WriteTickets().Put(ticket), tx.WriteMessages().Add(w.message(tx, c.ID, "before")),
				tx.WriteContacts().MoveIdentity(c.IdentityID, target.ContactID), tx.WriteMessages().Add(w.message(tx, c.ID, "after")),
				tx.WriteContacts().Delete(c.ContactID))
		})
		view(t, w.s, w.workspace, func(r store.Reader) error {
			row, err := r.Conversations().Get(c.ID)
			equal(t, row.ContactID, target.ContactID)
			got, err2 := r.Tickets().Get(ticket.ID)
			equal(t, got.ContactID, target.ContactID)
			identities, err3 := r.Contacts().Identities(target.ContactID)
			of, err4 := r.Contacts().IdentitiesOf([]desk.ID{target.ContactID, 1})
			if err4 != nil || len(of) != 1 || !slices.Equal(of[target.ContactID], identities) {
				t.Errorf("IdentitiesOf = %v %v, want those of Identities %v", of, err4, identities)
			}
			equal(t, len(identities), 2)
			both, err4 := r.Conversations().OfContact(target.ContactID)
			equal(t, len(both), 2)
			_, gone := r.Contacts().Get(c.ContactID)
			wantKind(t, gone, desk.KindNotFound, "contact_not_found")
			return all(err, err2, err3, err4)
		})
	})
}
