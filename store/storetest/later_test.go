package storetest_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

func checkDraft(t *testing.T, w, other *world) {
	v := desk.Draft{UserID: w.user, ConversationID: 81, Mode: "reply", Body: text("下書き"), ReplyToID: 5, UpdatedAt: at(1)}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteDrafts().Put(v) })
	both := func(workspace desk.ID, want []desk.Draft) {
		view(t, w.s, workspace, func(r store.Reader) error {
			of, err := r.Drafts().Of(w.user, 81)
			every, err2 := r.Drafts().All(w.user)
			equal(t, of, want)
			equal(t, every, want)
			return all(err, err2)
		})
	}
	both(w.workspace, []desk.Draft{v})
	both(other.workspace, []desk.Draft{})
	v.Body = nil
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteDrafts().Put(v) })
	both(w.workspace, []desk.Draft{})
}

func checkScheduled(t *testing.T, w, other *world) {
	v := desk.Scheduled{
		ID: 91, ConversationID: 81, UserID: w.user, ClientID: "c", Undo: true, Parts: text("あした送る"), ReplyToID: 5, Then: "snooze", SnoozeUntil: at(8),
		DueAt: at(4), UnlessAnswered: true, SeenSeq: 3, CreatedAt: at(1), Version: 1,
	}
	sooner := v
	sooner.ID, sooner.ConversationID, sooner.DueAt = 92, 82, at(3)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return all(tx.WriteScheduled().Put(v), tx.WriteScheduled().Put(sooner)) })
	changed := v
	changed.Undo, changed.Parts, changed.DueAt, changed.UnlessAnswered, changed.Version = false, text("あさって送る"), at(5), false, 2
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteScheduled().Put(changed) })
	for workspace, want := range map[desk.ID][]desk.Scheduled{w.workspace: {sooner, changed}, other.workspace: {}} {
		view(t, w.s, workspace, func(r store.Reader) error {
			got, err := r.Scheduled().Next(5)
			equal(t, got, want)
			return err
		})
	}
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.Scheduled().Get(v.ID)
		equal(t, got, changed)
		of, err2 := r.Scheduled().OfConversation(81)
		equal(t, of, []desk.Scheduled{changed})
		by, err3 := r.Scheduled().ByClientID(81, w.user, "c")
		equal(t, by, changed)
		return all(err, err2, err3)
	})
	back := changed
	back.Return("window_closed", at(6))
	checkReturned(t, w, other, sooner, back)
	back.WaitAgain(at(7))
	back.DueAt, back.Version = at(8), back.Version+1
	checkReturned(t, w, other, sooner, back)
	again := v
	again.ID = 93
	if err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteScheduled().Put(again) }); desk.CodeOf(err) != "client_id_taken" {
		t.Errorf("the same client id again: %v", err)
	}
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		return all(tx.WriteScheduled().Delete(v.ID), tx.WriteScheduled().Delete(sooner.ID))
	})
	view(t, w.s, w.workspace, func(r store.Reader) error {
		if _, err := r.Scheduled().Get(v.ID); desk.CodeOf(err) != "scheduled_message_not_found" {
			t.Errorf("what is gone: %v", err)
		}
		return nil
	})
}

// checkReturned puts a reply that waits or came back: one that came back is not sent next, whenever it was due, and is found by its writer.
func checkReturned(t *testing.T, w, other *world, waiting, v desk.Scheduled) {
	t.Helper()
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteScheduled().Put(v) })
	next, returned := []desk.Scheduled{waiting, v}, []desk.ID{}
	if v.Returned() {
		next, returned = []desk.Scheduled{waiting}, []desk.ID{v.ConversationID}
	}
	for workspace, want := range map[desk.ID][]desk.ID{w.workspace: returned, other.workspace: {}} {
		view(t, w.s, workspace, func(r store.Reader) error {
			got, err := r.Scheduled().ReturnedTo(w.user)
			equal(t, got, want)
			return err
		})
	}
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.Scheduled().Next(5)
		equal(t, got, next)
		of, err2 := r.Scheduled().OfConversation(v.ConversationID)
		equal(t, of, []desk.Scheduled{v})
		nobodys, err3 := r.Scheduled().ReturnedTo(v.UserID + 1)
		equal(t, nobodys, []desk.ID{})
		return all(err, err2, err3)
	})
}

func checkReminder(t *testing.T, w, other *world) {
	v := desk.Reminder{ID: 94, UserID: w.user, ConversationID: 81, Note: "在庫", DueAt: at(4), UnlessAnswered: true, SeenSeq: 3, CreatedAt: at(1)}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteReminders().Put(v) })
	due := func(before time.Time, want ...desk.Reminder) {
		t.Helper()
		for _, workspace := range []desk.ID{w.workspace, other.workspace} {
			view(t, w.s, workspace, func(r store.Reader) error {
				got, err := r.Reminders().Due(before, 5)
				if workspace == other.workspace {
					want = nil
				}
				equal(t, got, append([]desk.Reminder{}, want...))
				return err
			})
		}
	}
	due(at(4))
	due(at(5), v)
	v.Note, v.FiredAt = "在庫と納期", at(5)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteReminders().Put(v) })
	due(at(9))
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.Reminders().Get(v.ID)
		of, err2 := r.Reminders().Of(w.user, 81)
		mine, err3 := r.Reminders().OfMember(w.user)
		equal(t, []desk.Reminder{got, of}, []desk.Reminder{v, v})
		equal(t, mine, []desk.Reminder{v})
		return all(err, err2, err3)
	})
	second := v
	second.ID = 95
	if err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteReminders().Put(second) }); desk.CodeOf(err) != "reminder_exists" {
		t.Errorf("a second one in a conversation: %v", err)
	}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteReminders().Delete(v.ID) })
	due(at(9))
}
