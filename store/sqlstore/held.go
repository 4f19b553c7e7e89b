package sqlstore

import "madoguchi/desk"

const (
	heldColumns = `id, identity_id, contact_id, channel_id, client_id, external_id, parts, at, received_at`

	sqlHeldGet        = `SELECT ` + heldColumns + ` FROM held_messages WHERE workspace_id = $1 AND id = $2`
	sqlHeldOfIdentity = `SELECT ` + heldColumns + ` FROM held_messages WHERE workspace_id = $1 AND identity_id = $2 ORDER BY id DESC LIMIT $3`
	sqlHeldOfContact  = `SELECT ` + heldColumns + ` FROM held_messages WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id DESC LIMIT $3`
	sqlHeldPut        = `INSERT INTO held_messages (workspace_id, ` + heldColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	sqlHeldFiles      = `DELETE FROM attachments WHERE workspace_id = $1 AND message_id > 0 AND message_id IN
		(SELECT id FROM held_messages WHERE workspace_id = $1 AND contact_id = $2)`
	sqlHeldDelete = `DELETE FROM held_messages WHERE workspace_id = $1 AND contact_id = $2`

	// The oldest of all workspaces, a batch at a time.
	sqlHeldOld        = `SELECT workspace_id, id FROM held_messages WHERE received_at < $1 ORDER BY received_at, workspace_id, id LIMIT $2`
	sqlHeldSweepFiles = `DELETE FROM attachments WHERE workspace_id = $1 AND message_id = $2 AND message_id > 0`
	sqlHeldSweep      = `DELETE FROM held_messages WHERE workspace_id = $1 AND id = $2`
)

func readHeld(r row, m *desk.HeldMessage) error {
	return scan(r, &m.ID, &m.IdentityID, &m.ContactID, &m.ChannelID, &m.ClientID, &m.ExternalID, asJSON(&m.Parts), &m.At, &m.ReceivedAt)
}

func (s contacts) Held(id desk.ID) (desk.HeldMessage, error) {
	m, err := get(s.t, "message", readHeld, sqlHeldGet, s.t.workspace, id)
	if err != nil {
		return m, err
	}
	all := []desk.HeldMessage{m}
	err = s.attachHeld(all)
	return all[0], err
}

func (s contacts) HeldOfIdentity(identity desk.ID, limit int) ([]desk.HeldMessage, error) {
	return s.heldBy(sqlHeldOfIdentity, identity, limit)
}

func (s contacts) HeldOfContact(contact desk.ID, limit int) ([]desk.HeldMessage, error) {
	return s.heldBy(sqlHeldOfContact, contact, limit)
}

func (s contacts) heldBy(sql string, id desk.ID, limit int) ([]desk.HeldMessage, error) {
	all, err := list(s.t, readHeld, sql, s.t.workspace, id, limit)
	if err != nil {
		return nil, err
	}
	return all, s.attachHeld(all)
}

// attachHeld fills the attachments of held messages' parts.
func (s contacts) attachHeld(all []desk.HeldMessage) error {
	shown := make([]desk.Message, len(all))
	for i, m := range all {
		shown[i].Parts = m.Parts
	}
	return messages{s.t}.attach(shown)
}

func (s contacts) PutHeld(m desk.HeldMessage) error {
	return s.t.write(sqlHeldPut, s.t.workspace, m.ID, m.IdentityID, m.ContactID, m.ChannelID, m.ClientID, m.ExternalID, asJSON(withoutFiles(m.Parts)),
		m.At, m.ReceivedAt)
}

func (s contacts) DeleteHeld(contact desk.ID) error {
	if err := s.t.write(sqlHeldFiles, s.t.workspace, contact); err != nil {
		return err
	}
	return s.t.write(sqlHeldDelete, s.t.workspace, contact)
}

// sweepHeld deletes a batch of held messages whose time is over, with their files' rows, and says how many.
func (t *tx) sweepHeld() (int, error) {
	type place struct{ workspace, id desk.ID }
	old, err := list(t, func(r row, p *place) error { return scan(r, &p.workspace, &p.id) }, sqlHeldOld, t.at.Add(-desk.HeldFor), seenBatch)
	if err != nil {
		return 0, err
	}
	for _, p := range old {
		for _, sql := range []string{sqlHeldSweepFiles, sqlHeldSweep} {
			if err := t.write(sql, p.workspace, p.id); err != nil {
				return 0, err
			}
		}
	}
	return len(old), nil
}
