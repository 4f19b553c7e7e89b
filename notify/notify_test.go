package notify_test

import (
	"sync"
	"testing"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

func TestWhoIsGivenACaseIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "u1", "届きません")
		w.assigns(t, aoi, f, aoi) // her own doing
		w.round(t)
		w.assigns(t, aoi, f, ken)
		w.round(t)
		if told := w.told(t, aoi); len(told) != 0 {
			t.Errorf("who took it herself is told: %+v", told)
		}
		told := w.told(t, ken)
		if len(told) != 1 || told[0].Code != desk.NotifyAssigned || told[0].ConversationID != f.Conversation.ID || told[0].Params["by"] != aoi.String() {
			t.Errorf("told: %+v", told)
		}
	})
}

func TestWhoIsGivenACaseAndLosesItAtOnceIsNotTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "u1", "届きません")
		w.assigns(t, aoi, f, ken)
		w.assigns(t, aoi, f, 0)
		w.round(t)
		if told := w.told(t, ken); len(told) != 0 {
			t.Errorf("told: %+v", told)
		}
	})
}

func TestWhoIsMentionedIsToldWithinTheirSight(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "u1", "届きません")
		w.assigns(t, aoi, f, aoi)
		w.notes(t, aoi, f.Conversation.ID, aoi, ken, ken, mio)
		w.notes(t, aoi, f.Conversation.ID)
		w.round(t)
		if told := w.told(t, ken); len(told) != 1 || told[0].Code != desk.NotifyMentioned || told[0].Params["message"] == "" {
			t.Errorf("told: %+v", told)
		}
		for _, user := range []desk.ID{aoi, mio} { // herself, and who does not see it (J2)
			if told := w.told(t, user); len(told) != 0 {
				t.Errorf("%s is told: %+v", user, told)
			}
		}
	})
}

func TestWhoHasLeftIsNotTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "u1", "届きません")
		w.notes(t, aoi, f.Conversation.ID, ken)
		w.update(t, func(tx store.Tx) error {
			m, err := tx.Members().Get(ken)
			m.Active = false
			if err != nil {
				return err
			}
			return tx.WriteMembers().Put(m)
		})
		w.round(t)
		if told := w.told(t, ken); len(told) != 0 {
			t.Errorf("told: %+v", told)
		}
	})
}

func TestManyNodesTellOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, from := range []string{"u1", "u2", "u3", "u4", "u5"} {
			f := w.hears(t, from, "こんにちは")
			if _, err := w.members.Transfer(t.Context(), member(aoi), f.Ticket.ID, inbox.Transfer{Assignee: ken}); err != nil {
				t.Fatal(err)
			}
		}
		var nodes sync.WaitGroup
		for range 4 {
			nodes.Go(func() {
				if err := w.node().Round(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		if told := w.told(t, ken); len(told) != 5 {
			t.Errorf("told %d times of 5", len(told))
		}
	})
}
