package sqlstore

import (
	"cmp"
	"madoguchi/desk"
	"slices"
)

type contacts struct{ t *tx }

const (
	contactColumns  = `id, name, email, phone, locale, zone, external_id, fields, created_at, updated_at, version`
	identityColumns = `id, contact_id, channel_id, kind, scope, external_id, name, created_at, blocked_at, blocked_by, blocked_reason, alias, standing`
	noteColumns     = `id, contact_id, author_id, body, created_at, updated_at`

	sqlContactGet          = `SELECT ` + contactColumns + ` FROM contacts WHERE workspace_id = $1 AND id = $2`
	sqlContactMany         = `SELECT ` + contactColumns + ` FROM contacts WHERE workspace_id = $1 AND id IN (` + inList2 + `)`
	sqlContactByExternalID = `SELECT ` + contactColumns + ` FROM contacts WHERE workspace_id = $1 AND external_id = $2 AND external_id <> ''`
	sqlContactPut          = `INSERT INTO contacts (workspace_id, ` + contactColumns + `, folded)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, email = excluded.email, phone = excluded.phone,
		locale = excluded.locale, zone = excluded.zone, external_id = excluded.external_id, fields = excluded.fields,
		updated_at = excluded.updated_at, version = excluded.version, folded = excluded.folded
		WHERE excluded.version <= 1 OR contacts.version = excluded.version - 1`
	sqlContactDelete = `DELETE FROM contacts WHERE workspace_id = $1 AND id = $2`
	sqlContactUsed   = `SELECT id FROM identities WHERE workspace_id = $1 AND contact_id = $2 LIMIT 1`

	sqlIdentityGet   = `SELECT ` + identityColumns + ` FROM identities WHERE workspace_id = $1 AND id = $2`
	sqlIdentityByKey = `SELECT ` + identityColumns + ` FROM identities
		WHERE workspace_id = $1 AND kind = $2 AND scope = $3 AND external_id = $4`
	sqlIdentityElsewhere = `SELECT ` + identityColumns + ` FROM identities
		WHERE workspace_id = $1 AND kind = $2 AND external_id = $3 ORDER BY id DESC LIMIT 1`
	sqlIdentityByAlias = `SELECT ` + identityColumns + ` FROM identities
		WHERE workspace_id = $1 AND kind = $2 AND scope = $3 AND alias = $4 AND alias <> '' ORDER BY id DESC LIMIT 1`
	sqlIdentityStanding = `UPDATE identities SET standing = $3 WHERE workspace_id = $1 AND id = $2`
	sqlIdentityList     = `SELECT ` + identityColumns + ` FROM identities WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id`
	sqlIdentityMany     = `SELECT ` + identityColumns + ` FROM identities WHERE workspace_id = $1 AND contact_id IN (` + inList2 + `)`
	sqlIdentityPut      = `INSERT INTO identities (workspace_id, ` + identityColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (workspace_id, id) DO UPDATE SET contact_id = excluded.contact_id, channel_id = excluded.channel_id,
		kind = excluded.kind, scope = excluded.scope, external_id = excluded.external_id, name = excluded.name, blocked_at = excluded.blocked_at,
		blocked_by = excluded.blocked_by, blocked_reason = excluded.blocked_reason, alias = excluded.alias, standing = excluded.standing`
	sqlIdentityMove              = `UPDATE identities SET contact_id = $3 WHERE workspace_id = $1 AND id = $2`
	sqlIdentityMoveVisitors      = `UPDATE visitors SET contact_id = $3 WHERE workspace_id = $1 AND identity_id = $2 AND identity_id > 0`
	sqlIdentityMoveConversations = `UPDATE conversations SET contact_id = $3, version = version + 1, language = $4,
		existing = CASE WHEN EXISTS (SELECT 1 FROM tickets t WHERE t.workspace_id = $1 AND t.contact_id = $3 AND t.id < conversations.ticket_id) THEN 1 ELSE existing END
		WHERE workspace_id = $1 AND identity_id = $2`
	sqlIdentityMoveTickets = `UPDATE tickets SET contact_id = $3, version = version + 1 WHERE workspace_id = $1 AND conversation_id IN
		(SELECT id FROM conversations WHERE workspace_id = $1 AND identity_id = $2)`

	sqlIdentityMoveHeld = `UPDATE held_messages SET contact_id = $3 WHERE workspace_id = $1 AND identity_id = $2`

	sqlContactEvents = `SELECT ` + eventColumns + ` FROM events WHERE workspace_id = $1 AND subject_id = $2 AND seq < $3
		AND kind IN ('contact.created', 'contact.changed', 'identity.blocked', 'identity.unblocked') ORDER BY seq DESC LIMIT $4`
	sqlContactForget = `UPDATE events SET changes = '' WHERE workspace_id = $1 AND subject_id = $2
		AND kind IN ('contact.created', 'contact.changed', 'identity.blocked', 'identity.unblocked')`
	sqlContactForgetOptIns = `UPDATE events SET changes = '' WHERE workspace_id = $1 AND subject_id = $2 AND kind = 'identity.opted_in'`

	sqlNoteGet  = `SELECT ` + noteColumns + ` FROM contact_notes WHERE workspace_id = $1 AND id = $2`
	sqlNoteList = `SELECT ` + noteColumns + ` FROM contact_notes WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id DESC`
	sqlNotePut  = `INSERT INTO contact_notes (workspace_id, ` + noteColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, id) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at`
	sqlNoteDelete   = `DELETE FROM contact_notes WHERE workspace_id = $1 AND id = $2`
	sqlNoteDeleteOf = `DELETE FROM contact_notes WHERE workspace_id = $1 AND contact_id = $2 RETURNING id`
)

func contactDest(c *desk.Contact) []any {
	return []any{&c.ID, &c.Name, &c.Email, &c.Phone, &c.Locale, &c.Zone, &c.ExternalID, asJSON(&c.Fields), &c.CreatedAt, &c.UpdatedAt, &c.Version}
}

func readContact(r row, c *desk.Contact) error { return scan(r, contactDest(c)...) }

func readIdentity(r row, i *desk.Identity) error {
	return scan(r, &i.ID, &i.ContactID, &i.ChannelID, &i.Kind, &i.Scope, &i.ExternalID, &i.Name, &i.CreatedAt, &i.BlockedAt,
		&i.BlockedBy, &i.BlockReason, &i.Alias, asJSON(&i.Standing))
}

func readNote(r row, n *desk.ContactNote) error {
	return scan(r, &n.ID, &n.ContactID, &n.AuthorID, &n.Body, &n.CreatedAt, &n.UpdatedAt)
}

func (s contacts) Get(id desk.ID) (desk.Contact, error) {
	return get(s.t, "contact", readContact, sqlContactGet, s.t.workspace, id)
}

func (s contacts) Many(ids []desk.ID) (map[desk.ID]desk.Contact, error) {
	all := make(map[desk.ID]desk.Contact, len(ids))
	err := in(ids, []any{s.t.workspace}, func(args []any) error {
		return s.t.each(sqlContactMany, args, func(r row) error {
			var c desk.Contact
			err := readContact(r, &c)
			all[c.ID] = c
			return err
		})
	})
	return all, err
}

func (s contacts) ByExternalID(externalID string) (desk.Contact, error) {
	return get(s.t, "contact", readContact, sqlContactByExternalID, s.t.workspace, externalID)
}

func (s contacts) Identity(id desk.ID) (desk.Identity, error) {
	return get(s.t, "identity", readIdentity, sqlIdentityGet, s.t.workspace, id)
}

func (s contacts) IdentityByKey(kind, scope, externalID string) (desk.Identity, error) {
	return get(s.t, "identity", readIdentity, sqlIdentityByKey, s.t.workspace, kind, scope, externalID)
}

func (s contacts) IdentityElsewhere(kind, externalID string) (desk.Identity, error) {
	return get(s.t, "identity", readIdentity, sqlIdentityElsewhere, s.t.workspace, kind, externalID)
}

func (s contacts) IdentityByAlias(kind, scope, alias string) (desk.Identity, error) {
	return get(s.t, "identity", readIdentity, sqlIdentityByAlias, s.t.workspace, kind, scope, alias)
}

func (s contacts) SetStanding(id desk.ID, v desk.Standing) error {
	if err := s.t.write(sqlIdentityStanding, s.t.workspace, id, asJSON(v)); err != nil {
		return err
	}
	return conversations(s).window(id, v.ReplyUntil())
}

func (s contacts) Identities(contact desk.ID) ([]desk.Identity, error) {
	return list(s.t, readIdentity, sqlIdentityList, s.t.workspace, contact)
}

func (s contacts) IdentitiesOf(contacts []desk.ID) (map[desk.ID][]desk.Identity, error) {
	all := make(map[desk.ID][]desk.Identity, len(contacts))
	err := in(contacts, []any{s.t.workspace}, func(args []any) error {
		return s.t.each(sqlIdentityMany, args, func(r row) error {
			var i desk.Identity
			err := readIdentity(r, &i)
			all[i.ContactID] = append(all[i.ContactID], i)
			return err
		})
	})
	for _, of := range all {
		slices.SortFunc(of, func(a, b desk.Identity) int { return cmp.Compare(a.ID, b.ID) })
	}
	return all, err
}

func (s contacts) Notes(contact desk.ID) ([]desk.ContactNote, error) {
	return list(s.t, readNote, sqlNoteList, s.t.workspace, contact)
}

func (s contacts) Note(id desk.ID) (desk.ContactNote, error) {
	return get(s.t, "contact_note", readNote, sqlNoteGet, s.t.workspace, id)
}

func (s contacts) Events(contact desk.ID, before int64, limit int) ([]desk.Event, error) {
	if before == 0 {
		before = maxKey
	}
	return list(s.t, readEvent, sqlContactEvents, s.t.workspace, contact, before, limit)
}

func (s contacts) Put(c desk.Contact) error {
	args := []any{s.t.workspace, c.ID, c.Name, c.Email, c.Phone, c.Locale, c.Zone, c.ExternalID, asJSON(c.Fields),
		c.CreatedAt, c.UpdatedAt, c.Version, foldedOf(c)}
	if c.Version <= 1 { // it always writes: no answer to wait for
		if err := s.t.write(sqlContactPut, args...); err != nil || s.t.fresh(c.ID) {
			return err
		}
		return s.t.write(sqlConversationLanguage, s.t.workspace, c.ID, desk.LanguageOf(c.Locale))
	}
	n, err := s.t.exec(sqlContactPut, args...)
	if err == nil && n == 0 {
		return desk.Errorf(desk.KindConflict, "edited_meanwhile", "contact %s is not at version %d any more", c.ID, c.Version-1)
	}
	if err != nil {
		return err
	}
	return s.t.write(sqlConversationLanguage, s.t.workspace, c.ID, desk.LanguageOf(c.Locale))
}

func (s contacts) PutIdentity(i desk.Identity) error {
	err := s.t.write(sqlIdentityPut, s.t.workspace, i.ID, i.ContactID, i.ChannelID, i.Kind, i.Scope, i.ExternalID, i.Name, i.CreatedAt, i.BlockedAt,
		i.BlockedBy, i.BlockReason, i.Alias, asJSON(i.Standing))
	if err != nil || s.t.fresh(i.ID) {
		return err
	}
	return s.t.write(sqlConversationBlocked, s.t.workspace, i.ID, flag(!i.BlockedAt.IsZero()))
}

func (s contacts) MoveIdentity(id, contact desk.ID) error {
	to, err := s.Get(contact)
	if err != nil {
		return err
	}
	n, err := s.t.exec(sqlIdentityMove, s.t.workspace, id, contact)
	if err != nil {
		return err
	}
	if n == 0 {
		return desk.NotFound("identity")
	}
	if err := s.t.writeDrawnSeqs(); err != nil {
		return err
	}
	clear(s.t.threads) // their rows change under them
	s.t.drawnIDs = nil // a row of our own is there by now
	if err := s.t.write(sqlIdentityMoveConversations, s.t.workspace, id, contact, desk.LanguageOf(to.Locale)); err != nil {
		return err
	}
	for _, sql := range []string{sqlIdentityMoveTickets, sqlIdentityMoveVisitors, sqlIdentityMoveHeld} {
		if err := s.t.write(sql, s.t.workspace, id, contact); err != nil {
			return err
		}
	}
	return nil
}

func (s contacts) PutNote(n desk.ContactNote) error {
	return s.t.write(sqlNotePut, s.t.workspace, n.ID, n.ContactID, n.AuthorID, n.Body, n.CreatedAt, n.UpdatedAt)
}

func (s contacts) DeleteNote(id desk.ID) error {
	if err := s.t.write(sqlNoteDelete, s.t.workspace, id); err != nil {
		return err
	}
	return s.t.unfind(id)
}

func (s contacts) Delete(id desk.ID) error {
	var identity desk.ID
	used, err := s.t.value(sqlContactUsed, []any{s.t.workspace, id}, &identity)
	if err != nil {
		return err
	}
	if used {
		return desk.Errorf(desk.KindConflict, "contact_in_use", "contact %s still has identity %s", id, identity)
	}
	if err := s.t.unfindDeleted(sqlNoteDeleteOf, s.t.workspace, id); err != nil {
		return err
	}
	if err := s.DeleteHeld(id); err != nil {
		return err
	}
	for _, forget := range []string{sqlContactForget, sqlContactForgetOptIns} { // the log keeps that something changed, not what
		if err := s.t.write(forget, s.t.workspace, id); err != nil {
			return err
		}
	}
	if err := s.t.write(sqlContactDelete, s.t.workspace, id); err != nil {
		return err
	}
	return s.t.unfind(id)
}
