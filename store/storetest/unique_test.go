package storetest_test

import (
	"slices"
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

const racers = 16

// race runs one of many writers that must not all succeed: exactly one does, the others hear the conflict's code.
func race(t *testing.T, w *world, code string, fn func(tx store.Tx, i int) error) {
	t.Helper()
	errs := together(racers, func(i int) error {
		return w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return fn(tx, i) })
	})
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			wantKind(t, err, desk.KindConflict, code)
		}
	}
	equal(t, won, 1)
}

func TestOneWinsARace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		c := w.newConversation(t)
		t.Run("identity", func(t *testing.T) { // F3
			race(t, w, "identity_taken", func(tx store.Tx, _ int) error {
				return tx.WriteContacts().PutIdentity(desk.Identity{ID: tx.NewID(), ContactID: c.ContactID, ChannelID: w.channel.ID, Kind: "line", Scope: "s", ExternalID: "U1"})
			})
		})
		t.Run("conversation", func(t *testing.T) { // 0.1
			identity := desk.Identity{ContactID: c.ContactID, ChannelID: w.channel.ID, Kind: "line", Scope: "s", ExternalID: "U2"}
			update(t, w.s, w.workspace, func(tx store.Tx) error {
				identity.ID = tx.NewID()
				return tx.WriteContacts().PutIdentity(identity)
			})
			race(t, w, "conversation_exists", func(tx store.Tx, _ int) error {
				double := c
				double.ID, double.IdentityID = tx.NewID(), identity.ID
				return tx.WriteConversations().Put(double)
			})
		})
		t.Run("unresolved ticket", func(t *testing.T) { // 0.1
			race(t, w, "unresolved_ticket_exists", func(tx store.Tx, i int) error {
				ticket := desk.OpenTicket(tx.NewID(), int64(100+i), c, 0, tx.Now())
				return tx.WriteTickets().Put(ticket)
			})
		})
		t.Run("survey", func(t *testing.T) { // B4.1
			race(t, w, "survey_exists", func(tx store.Tx, _ int) error {
				return tx.WriteSurveys().Put(desk.Survey{ID: tx.NewID(), TicketID: 100, ConversationID: c.ID, State: desk.SurveySent})
			})
		})
		t.Run("client id", func(t *testing.T) {
			race(t, w, "client_id_taken", func(tx store.Tx, _ int) error {
				m := w.message(tx, c.ID, "hello")
				m.ClientID = "minted"
				return tx.WriteMessages().Add(m)
			})
		})
		t.Run("e-mail", func(t *testing.T) {
			race(t, w, "email_taken", func(tx store.Tx, i int) error {
				email := []string{"Tanaka@example.jp", "tanaka@EXAMPLE.jp"}[i%2]
				return tx.WriteAccounts().PutUser(desk.User{ID: tx.NewID(), Email: email})
			})
		})
		t.Run("tag", func(t *testing.T) {
			race(t, w, "tag_taken", func(tx store.Tx, _ int) error {
				return tx.WriteTags().Put(desk.Tag{ID: tx.NewID(), Name: "返金"})
			})
		})
		t.Run("channel account", func(t *testing.T) {
			race(t, w, "channel_taken", func(tx store.Tx, _ int) error {
				return tx.WriteChannels().Put(desk.Channel{ID: tx.NewID(), Kind: "line", Account: "U99-" + w.workspace.String(), State: desk.ChannelActive})
			})
		})
		t.Run("external id of a contact", func(t *testing.T) { // F4
			race(t, w, "external_id_taken", func(tx store.Tx, _ int) error {
				return tx.WriteContacts().Put(desk.Contact{ID: tx.NewID(), ExternalID: "member-1", Version: 1})
			})
		})
		t.Run("edit of a contact", func(t *testing.T) { // G3.3
			race(t, w, "edited_meanwhile", func(tx store.Tx, _ int) error {
				return tx.WriteContacts().Put(desk.Contact{ID: c.ContactID, Name: "edited", Version: 2})
			})
		})
	})
}

func TestTicketNumbersHaveNoGaps(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w, other := newWorld(t, s), newWorld(t, s)
		numbers := make([]int64, racers)
		together(racers, func(i int) error {
			return s.Update(t.Context(), w.workspace, func(tx store.Tx) (err error) {
				if numbers[i], err = tx.WriteWorkspaces().NextTicketNumber(); err == nil && i%4 == 0 {
					numbers[i], err = 0, desk.NotFound("anything") // rolled back: its number is drawn again
				}
				return err
			})
		})
		slices.Sort(numbers)
		equal(t, numbers, []int64{0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
		update(t, s, other.workspace, func(tx store.Tx) error {
			n, err := tx.WriteWorkspaces().NextTicketNumber()
			equal(t, n, 1)
			return err
		})
	})
}

func TestMessagesOfOneConversationAreNumberedDensely(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		c := w.newConversation(t)
		errs := together(racers, func(i int) error {
			return w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error {
				row, err := tx.WriteConversations().Lock(c.ID)
				if err != nil {
					return err
				}
				m := w.message(tx, c.ID, "hello")
				if err := tx.WriteMessages().Add(m); err != nil || i%3 == 0 { // some do not put the row back
					return err
				}
				row.LastSeq, row.Version = m.Seq, row.Version+1
				return tx.WriteConversations().Put(row)
			})
		})
		for _, err := range errs {
			equal(t, err, nil)
		}
		view(t, w.s, w.workspace, func(r store.Reader) error {
			messages, err := r.Messages().After(c.ID, 0, 100)
			for i, m := range messages {
				equal(t, m.Seq, int64(i+1))
			}
			equal(t, len(messages), racers)
			row, err2 := r.Conversations().Get(c.ID)
			equal(t, row.Version, 1+10)
			return all(err, err2)
		})
	})
}

func TestWritersOfAWorkspaceTakeTurns(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w := newWorld(t, s)
		seen := make([]int, racers)
		for _, err := range together(racers, func(i int) error {
			before, err := store.Result(t.Context(), s, w.workspace, func(tx store.Tx) (int, error) {
				if err := tx.WriteWorkspaces().Lock(); err != nil {
					return 0, err
				}
				brands, err := tx.Workspaces().Brands()
				if err != nil {
					return 0, err
				}
				return len(brands), tx.WriteWorkspaces().PutBrand(desk.Brand{ID: tx.NewID(), Name: "b", CreatedAt: tx.Now()})
			})
			seen[i] = before
			return err
		}) {
			if err != nil {
				t.Error(err)
			}
		}
		slices.Sort(seen)
		for i, n := range seen {
			equal(t, n, seen[0]+i)
		}
	})
}

// E16: what is decided by how a member is, while they are held, is not decided by what another is about to change.
func TestWhoHoldsAMemberTakesTurns(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w := newWorld(t, s)
		for _, err := range together(racers, func(int) error {
			return s.Update(t.Context(), w.workspace, func(tx store.Tx) error {
				if err := tx.WriteMembers().Hold(w.user); err != nil {
					return err
				}
				m, err := tx.Members().Get(w.user)
				m.Capacity++
				return all(err, tx.WriteMembers().Put(m))
			})
		}) {
			if err != nil {
				t.Error(err)
			}
		}
		view(t, s, w.workspace, func(r store.Reader) error {
			m, err := r.Members().Get(w.user)
			equal(t, m.Capacity, racers)
			return err
		})
	})
}
