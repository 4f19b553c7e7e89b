package sqlstore

import (
	"time"

	"madoguchi/desk"
)

type notifications struct{ t *tx }

const (
	notificationColumns = `id, user_id, channel_id, conversation_id, code, severity, params, at`

	sqlNotificationNewest = `SELECT ` + notificationColumns + ` FROM notifications WHERE workspace_id = $1 AND user_id = $2 ORDER BY id DESC LIMIT $3`
	sqlNotificationPut    = `INSERT INTO notifications (workspace_id, ` + notificationColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	sqlNotificationGet    = `SELECT ` + notificationColumns + ` FROM notifications WHERE workspace_id = $1 AND id = $2`
	sqlNotificationSweep  = `DELETE FROM notifications WHERE at < $1`
)

// notificationsKept is how long people who were away may still read what happened.
const notificationsKept = 30 * 24 * time.Hour

func readNotification(r row, v *desk.Notification) error {
	return scan(r, &v.ID, &v.UserID, &v.ChannelID, &v.ConversationID, &v.Code, &v.Severity, asJSON(&v.Params), &v.At)
}

func (s notifications) Get(id desk.ID) (desk.Notification, error) {
	return get(s.t, "notification", readNotification, sqlNotificationGet, s.t.workspace, id)
}

func (s notifications) Newest(user desk.ID, admin bool, limit int) ([]desk.Notification, error) {
	all, err := list(s.t, readNotification, sqlNotificationNewest, s.t.workspace, user, limit)
	if err != nil || !admin || user == 0 {
		return all, err
	}
	shared, err := list(s.t, readNotification, sqlNotificationNewest, s.t.workspace, desk.ID(0), limit)
	return newestOf(all, shared, limit), err
}

func (s notifications) Put(v desk.Notification) error {
	return s.t.write(sqlNotificationPut, s.t.workspace, v.ID, v.UserID, v.ChannelID, v.ConversationID, v.Code, v.Severity, asJSON(v.Params), v.At)
}

// newestOf merges two lists that are in order, ids being time-ordered.
func newestOf(a, b []desk.Notification, limit int) []desk.Notification {
	all := make([]desk.Notification, 0, min(limit, len(a)+len(b)))
	for len(all) < limit && len(a)+len(b) > 0 {
		if len(b) == 0 || len(a) > 0 && a[0].ID > b[0].ID {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return all
}
