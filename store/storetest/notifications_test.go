package storetest_test

import (
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
)

// A member reads their own, and those of whoever manages channels only as one of them; old ones go (H7).
func checkNotification(t *testing.T, w, other *world) {
	told := func(id, user desk.ID, code string) desk.Notification {
		return desk.Notification{ID: id, UserID: user, ChannelID: w.channel.ID, Code: code, Severity: desk.SeverityError, Params: map[string]string{"reason": "190"}, At: at(1)}
	}
	about := desk.NotifyAbout(desk.Conversation{ID: 77, ChannelID: w.channel.ID}, 9, desk.NotifyAssigned, map[string]string{"by": "7"})
	about.ID, about.At = 95, at(1)
	put := func(tx store.Tx) error { return tx.WriteNotifications().Put(about) }
	stored(t, w, other, "notification", put, func(r store.Reader) (desk.Notification, error) { return r.Notifications().Get(about.ID) }, about)
	own, shared, third, newest := told(91, 7, "template_status"), told(92, 0, "auth_expired"), told(93, 8, "template_status"), told(94, 7, "template_status")
	for _, n := range []desk.Notification{own, shared, third, newest} {
		update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteNotifications().Put(n) })
	}
	for _, test := range []struct {
		workspace desk.ID
		admin     bool
		limit     int
		want      []desk.Notification
	}{
		{w.workspace, false, 9, []desk.Notification{newest, own}}, {w.workspace, true, 9, []desk.Notification{newest, shared, own}},
		{w.workspace, true, 2, []desk.Notification{newest, shared}}, {other.workspace, true, 9, []desk.Notification{}},
	} {
		view(t, w.s, test.workspace, func(r store.Reader) error {
			got, err := r.Notifications().Newest(7, test.admin, test.limit)
			equal(t, append([]desk.Notification{}, got...), test.want)
			return err
		})
	}
}
