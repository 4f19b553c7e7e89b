package storetest_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// A device lives as long as its session, in the workspace that the session is in, and a browser is one of them.
func checkPush(t *testing.T, w, other *world) {
	session := desk.Session{ID: 1, TokenHash: "push-" + w.workspace.String(), CSRF: "c", UserID: w.user, WorkspaceID: w.workspace, CreatedAt: at(1), LastSeenAt: at(1),
		ExpiresAt: time.Now().Add(time.Hour).Truncate(time.Millisecond).UTC(), UserAgent: "Firefox"}
	update(t, w.s, 0, func(tx store.Tx) error { return tx.WriteAccounts().PutSession(session) })
	old := desk.PushDevice{ID: 501, UserID: w.user, SessionHash: session.TokenHash, EndpointHash: "e" + w.workspace.String(), Sealed: []byte{1}, CreatedAt: at(1)}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WritePushes().PutDevice(old) })
	device := old
	device.ID, device.UserAgent, device.LastSeenAt = 502, session.UserAgent, session.LastSeenAt
	put := func(tx store.Tx) error { return tx.WritePushes().PutDevice(device) } // the same browser again
	stored(t, w, other, "session", put, func(r store.Reader) (desk.PushDevice, error) {
		d, err := r.Pushes().Device(device.ID)
		if desk.KindOf(err) == desk.KindNotFound {
			err = desk.NotFound("session") // what stored expects of every record
		}
		return d, err
	}, device)
	devices := func(workspace, user desk.ID) (all []desk.PushDevice) {
		view(t, w.s, workspace, func(r store.Reader) (err error) {
			all, err = r.Pushes().Devices(user)
			return err
		})
		return all
	}
	equal(t, devices(w.workspace, w.user), []desk.PushDevice{device})
	equal(t, devices(w.workspace, 0), []desk.PushDevice{device})
	equal(t, devices(other.workspace, w.user), []desk.PushDevice{})
	checkPushes(t, w, device)

	update(t, w.s, 0, func(tx store.Tx) error { return tx.WriteAccounts().MoveSession(session.TokenHash, other.workspace) })
	equal(t, devices(w.workspace, w.user), []desk.PushDevice{})
	update(t, w.s, 0, func(tx store.Tx) error { return tx.WriteAccounts().DeleteSession(session.TokenHash) })
	view(t, w.s, w.workspace, func(r store.Reader) error {
		_, err := r.Pushes().Device(device.ID)
		wantKind(t, err, desk.KindNotFound, "push_device_not_found")
		return nil
	})
}

// One push of each tag waits for a device, the newest; it is taken once.
func checkPushes(t *testing.T, w *world, device desk.PushDevice) {
	first := desk.Push{Workspace: w.workspace, DeviceID: device.ID, Tag: "c7", UserID: w.user, Code: "message", ConversationID: 7, MessageID: 8, DueAt: at(1), ExpiresAt: at(3)}
	second := first
	second.MessageID, second.DueAt, second.ExpiresAt = 9, at(2), at(4)
	merged := second
	merged.DueAt = first.DueAt
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		return all(tx.WritePushes().Add(first), tx.WritePushes().Add(second), tx.WritePushes().Return(first))
	})
	due := func() (waiting []desk.Push) {
		view(t, w.s, 0, func(r store.Reader) error {
			found, err := r.Pushes().Due(100)
			for _, p := range found {
				if p.Workspace == w.workspace {
					waiting = append(waiting, p)
				}
			}
			return err
		})
		return waiting
	}
	equal(t, due(), []desk.Push{merged})
	for _, want := range []bool{true, false} {
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			taken, err := tx.WritePushes().Take(merged)
			equal(t, taken, want)
			return err
		})
	}
	telling := desk.Telling{NotOnDevices: []desk.NoticeKind{desk.NoticeWait}, Quiet: desk.QuietHours{On: true, From: 1320, Until: 420}, HideContent: true}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WritePushes().PutTelling(w.user, telling) })
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.Pushes().Telling(w.user)
		equal(t, got, telling)
		return err
	})
}
