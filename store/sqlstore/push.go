package sqlstore

import (
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

type pushes struct{ t *tx }

const (
	deviceColumns = `d.id, d.user_id, d.session_hash, d.endpoint_hash, d.sealed, d.created_at, s.user_agent, s.last_seen_at`
	devicesAlive  = ` FROM push_devices d JOIN sessions s ON s.token_hash = d.session_hash AND s.user_id = d.user_id AND s.workspace_id = d.workspace_id
		AND s.expires_at > $2 WHERE d.workspace_id = $1`
	pushColumns = `workspace_id, device_id, tag, user_id, code, conversation_id, message_id, notification_id, due_at, expires_at, attempts`
	pushValues  = `VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (workspace_id, device_id, tag) `

	sqlTellingGet = `SELECT telling FROM members WHERE workspace_id = $1 AND user_id = $2 AND telling <> ''`
	sqlTellingPut = `UPDATE members SET telling = $3 WHERE workspace_id = $1 AND user_id = $2`

	sqlDeviceGet = `SELECT ` + deviceColumns + ` FROM push_devices d JOIN sessions s ON s.token_hash = d.session_hash
		WHERE d.workspace_id = $1 AND d.id = $2`
	sqlDeviceOf   = `SELECT ` + deviceColumns + devicesAlive + ` AND d.user_id = $3 ORDER BY d.id DESC`
	sqlDeviceList = `SELECT ` + deviceColumns + devicesAlive + ` ORDER BY d.id DESC`
	sqlDeviceFree = `DELETE FROM push_devices WHERE endpoint_hash = $1 OR session_hash = $2`
	sqlDevicePut  = `INSERT INTO push_devices (workspace_id, id, user_id, session_hash, endpoint_hash, sealed, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	sqlDeviceSeal   = `UPDATE push_devices SET sealed = $3 WHERE workspace_id = $1 AND id = $2`
	sqlDeviceDelete = `DELETE FROM push_devices WHERE workspace_id = $1 AND id = $2`

	sqlPushDue  = `SELECT ` + pushColumns + ` FROM pushes WHERE due_at <= $1 ORDER BY due_at, workspace_id, device_id LIMIT $2`
	sqlPushNext = `SELECT due_at FROM pushes WHERE due_at > 0 ORDER BY due_at LIMIT 1`
	sqlPushAdd  = `INSERT INTO pushes (` + pushColumns + `) ` + pushValues + `DO UPDATE SET user_id = excluded.user_id, code = excluded.code,
		conversation_id = excluded.conversation_id, message_id = excluded.message_id, notification_id = excluded.notification_id,
		expires_at = excluded.expires_at, attempts = 0`
	sqlPushReturn = `INSERT INTO pushes (` + pushColumns + `) ` + pushValues + `DO NOTHING`
	sqlPushTake   = `DELETE FROM pushes WHERE workspace_id = $1 AND device_id = $2 AND tag = $3`
)

func readDevice(r row, d *desk.PushDevice) error {
	return scan(r, &d.ID, &d.UserID, &d.SessionHash, &d.EndpointHash, &d.Sealed, &d.CreatedAt, &d.UserAgent, &d.LastSeenAt)
}

func readPush(r row, p *desk.Push) error {
	return scan(r, &p.Workspace, &p.DeviceID, &p.Tag, &p.UserID, &p.Code, &p.ConversationID, &p.MessageID, &p.NotificationID, &p.DueAt, &p.ExpiresAt, &p.Attempts)
}

func (s pushes) Telling(user desk.ID) (t desk.Telling, err error) {
	_, err = s.t.value(sqlTellingGet, []any{s.t.workspace, user}, asJSON(&t))
	return t, err
}

func (s pushes) PutTelling(user desk.ID, t desk.Telling) error {
	n, err := s.t.exec(sqlTellingPut, s.t.workspace, user, asJSON(t))
	if err == nil && n == 0 {
		err = desk.NotFound("member")
	}
	return err
}

func (s pushes) Devices(user desk.ID) ([]desk.PushDevice, error) {
	if user == 0 {
		return list(s.t, readDevice, sqlDeviceList, s.t.workspace, s.t.at)
	}
	return list(s.t, readDevice, sqlDeviceOf, s.t.workspace, s.t.at, user)
}

func (s pushes) Device(id desk.ID) (desk.PushDevice, error) {
	return get(s.t, "push_device", readDevice, sqlDeviceGet, s.t.workspace, id)
}

func (s pushes) PutDevice(d desk.PushDevice) error {
	if err := s.t.write(sqlDeviceFree, d.EndpointHash, d.SessionHash); err != nil {
		return err
	}
	return s.t.write(sqlDevicePut, s.t.workspace, d.ID, d.UserID, d.SessionHash, d.EndpointHash, d.Sealed, d.CreatedAt)
}

func (s pushes) SealDevice(id desk.ID, sealed []byte) error {
	return s.t.write(sqlDeviceSeal, s.t.workspace, id, sealed)
}

func (s pushes) DeleteDevice(id desk.ID) error {
	return s.t.write(sqlDeviceDelete, s.t.workspace, id)
}

func (s pushes) Due(limit int) ([]desk.Push, error) {
	return list(s.t, readPush, sqlPushDue, s.t.at, limit)
}

func (s pushes) NextDue() (due time.Time, err error) {
	_, err = s.t.value(sqlPushNext, nil, &due)
	return due, err
}

func (s pushes) Add(p desk.Push) error { return s.put(sqlPushAdd, p) }

func (s pushes) Return(p desk.Push) error { return s.put(sqlPushReturn, p) }

func (s pushes) put(sql string, p desk.Push) error {
	return s.t.write(sql, s.t.workspace, p.DeviceID, p.Tag, p.UserID, p.Code, p.ConversationID, p.MessageID, p.NotificationID, p.DueAt, p.ExpiresAt, p.Attempts)
}

func (s pushes) Take(p desk.Push) (bool, error) {
	n, err := s.t.exec(sqlPushTake, s.t.workspace, p.DeviceID, p.Tag)
	return n == 1, err
}

func (t *tx) Pushes() store.PushReader      { return pushes{t} }
func (t *tx) WritePushes() store.PushWriter { return pushes{t} }
