package sqlstore

import (
	"slices"
	"time"

	"madoguchi/desk"
)

type conversations struct{ t *tx }

const (
	conversationColumns = `c.id, c.channel_id, c.identity_id, c.contact_id, c.ticket_id, c.ticket_number, c.status, c.assignee_id, c.team_id,
		c.priority, c.tag_ids, c.wait_since, c.last_seq, c.last_inbound_seq, c.last_activity_at, c.preview, c.created_at, c.version, c.reply_until,
		c.sla_state, c.sla_due, c.language, c.existing, c.blocked, c.attached, c.mentioned_ids, c.failed, c.joined_ids`

	sqlConversationGet        = `SELECT ` + conversationColumns + ` FROM conversations c WHERE c.workspace_id = $1 AND c.id = $2`
	sqlConversationMany       = `SELECT ` + conversationColumns + ` FROM conversations c WHERE c.workspace_id = $1 AND c.id IN (` + inList2 + `)`
	sqlConversationByIdentity = `SELECT ` + conversationColumns + ` FROM conversations c WHERE c.workspace_id = $1 AND c.identity_id = $2`
	sqlConversationOfContact  = `SELECT ` + conversationColumns + ` FROM conversations c WHERE c.workspace_id = $1 AND c.contact_id = $2
		ORDER BY c.recency, c.id`
	sqlConversationWalk = `SELECT ` + conversationColumns + ` FROM conversations c WHERE c.workspace_id = $1 AND c.id > $2 ORDER BY c.id LIMIT $3`
	sqlConversationLock = `SELECT ` + conversationColumns + `, c.drawn_seq FROM conversations c
		WHERE c.workspace_id = $1 AND c.id = $2 FOR NO KEY UPDATE`
	sqlConversationInsert = `INSERT INTO conversations (workspace_id, id, channel_id, identity_id, contact_id, ticket_id, ticket_number, status,
		assignee_id, team_id, priority, tag_ids, wait_since, last_seq, last_inbound_seq, last_activity_at, preview, created_at, version,
		unresolved, recency, wait_key, urgency, drawn_seq, reply_until, attached, mentioned_ids, failed, joined_ids,
		language, existing, blocked)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29,
			` + languageOfContact + `, CASE WHEN ` + hasOtherCase + ` THEN 1 ELSE 0 END, CASE WHEN ` + isBlocked + ` THEN 1 ELSE 0 END)`
	sqlConversationUpdate = `UPDATE conversations SET contact_id = $3, ticket_id = $4, ticket_number = $5, status = $6,
		assignee_id = $7, team_id = $8, priority = $9, tag_ids = $10, wait_since = $11, last_seq = $12, last_inbound_seq = $13,
		last_activity_at = $14, preview = $15, version = $16, unresolved = $17, recency = $18, wait_key = $19, urgency = $20, drawn_seq = $21,
		attached = $22, mentioned_ids = $23, failed = $24, existing = CASE WHEN $25 = 1 THEN 1 ELSE existing END, joined_ids = $26
		WHERE workspace_id = $1 AND id = $2`
	// The usual case, a message more: it leaves alone the indexes that only other changes move.
	sqlConversationSpoken = `UPDATE conversations SET last_seq = $3, last_inbound_seq = $4, last_activity_at = $5, preview = $6,
		version = $7, recency = $8, drawn_seq = $9, failed = $10 WHERE workspace_id = $1 AND id = $2`
	sqlConversationWindow = `UPDATE conversations SET reply_until = $3 WHERE workspace_id = $1 AND identity_id = $2 AND reply_until <> $3`
	// Apart, because few changes are of it: most leave its indexes alone.
	sqlConversationSLA = `UPDATE conversations SET sla_state = $3, sla_due = $4 WHERE workspace_id = $1 AND id = $2`
	// The contact's language as desk.LanguageOf says, whether they have another case, and whether the identity is shut out.
	languageOfContact = `coalesce((SELECT lower(CASE WHEN p.locale LIKE '___-%' OR length(p.locale) = 3 THEN substr(p.locale, 1, 3) ELSE substr(p.locale, 1, 2) END)
		FROM contacts p WHERE p.workspace_id = $1 AND p.id = $5), '')`
	hasOtherCase = `EXISTS (SELECT 1 FROM conversations x WHERE x.workspace_id = $1 AND x.contact_id = $5 AND x.ticket_id > 0)`
	isBlocked    = `EXISTS (SELECT 1 FROM identities i WHERE i.workspace_id = $1 AND i.id = $4 AND i.blocked_at > 0)`

	sqlConversationLanguage = `UPDATE conversations SET language = $3 WHERE workspace_id = $1 AND contact_id = $2 AND language <> $3`
	sqlConversationBlocked  = `UPDATE conversations SET blocked = $3 WHERE workspace_id = $1 AND identity_id = $2 AND blocked <> $3`
	sqlConversationDrawn    = `UPDATE conversations SET drawn_seq = $3 WHERE workspace_id = $1 AND id = $2`

	sqlConversationTagPut = `INSERT INTO conversation_tags (workspace_id, conversation_id, tag_id, unresolved, recency)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, conversation_id, tag_id) DO UPDATE SET unresolved = excluded.unresolved, recency = excluded.recency`
	sqlConversationTagDelete  = `DELETE FROM conversation_tags WHERE workspace_id = $1 AND conversation_id = $2 AND tag_id = $3`
	sqlConversationMentionPut = `INSERT INTO conversation_mentions (workspace_id, conversation_id, user_id, unresolved, recency)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, conversation_id, user_id) DO UPDATE SET unresolved = excluded.unresolved, recency = excluded.recency`
	sqlConversationMentionDelete = `DELETE FROM conversation_mentions WHERE workspace_id = $1 AND conversation_id = $2 AND user_id = $3`
)

func conversationDest(c *desk.Conversation) []any { return conversationInto(c, asJSON(&c.Preview)) }

func conversationInto(c *desk.Conversation, preview any) []any {
	return []any{&c.ID, &c.ChannelID, &c.IdentityID, &c.ContactID, &c.TicketID, &c.TicketNo, &c.Status, &c.Assignee, &c.TeamID,
		&c.Priority, asJSON(&c.TagIDs), &c.WaitSince, &c.LastSeq, &c.LastInboundSeq, &c.LastActivityAt, preview, &c.CreatedAt, &c.Version, &c.ReplyUntil,
		&c.SLA.State, &c.SLA.Due, &c.Language, &c.Existing, &c.Blocked, &c.Attached, asJSON(&c.MentionedIDs), &c.Preview.Failed, asJSON(&c.JoinedIDs)}
}

func readConversation(r row, c *desk.Conversation) error { return scan(r, conversationDest(c)...) }

func (s conversations) Get(id desk.ID) (desk.Conversation, error) {
	return get(s.t, "conversation", readConversation, sqlConversationGet, s.t.workspace, id)
}

func (s conversations) Many(ids []desk.ID) (map[desk.ID]desk.Conversation, error) {
	all := make(map[desk.ID]desk.Conversation, len(ids))
	err := in(ids, []any{s.t.workspace}, func(args []any) error {
		return s.t.each(sqlConversationMany, args, func(r row) error {
			var c desk.Conversation
			err := readConversation(r, &c)
			all[c.ID] = c
			return err
		})
	})
	return all, err
}

func (s conversations) ByIdentity(identity desk.ID) (desk.Conversation, error) {
	return get(s.t, "conversation", readConversation, sqlConversationByIdentity, s.t.workspace, identity)
}

func (s conversations) OfContact(contact desk.ID) ([]desk.Conversation, error) {
	return list(s.t, readConversation, sqlConversationOfContact, s.t.workspace, contact)
}

func (s conversations) Walk(after desk.ID, n int) ([]desk.Conversation, error) {
	return list(s.t, readConversation, sqlConversationWalk, s.t.workspace, after, n)
}

// thread is a conversation whose row this transaction holds.
type thread struct {
	row    desk.Conversation
	stored bool
	drawn  int64 // the last message Seq drawn
	behind bool  // the row does not know of drawn yet
}

// hold locks a conversation's row, once per transaction; stored is false when there is none.
func (t *tx) hold(id desk.ID) (*thread, error) {
	if th := t.threads[id]; th != nil {
		return th, nil
	}
	th := &thread{}
	if t.threads == nil {
		t.threads = map[desk.ID]*thread{}
	}
	if t.fresh(id) { // nothing to lock: a question less on the way to a first message
		t.threads[id] = th
		return th, nil
	}
	if err := t.fail(t.run.hold(t.workspace, id)); err != nil {
		return nil, err
	}
	var err error
	th.stored, err = t.value(sqlConversationLock, []any{t.workspace, id}, append(conversationDest(&th.row), &th.drawn)...)
	if err != nil {
		return nil, err
	}
	t.threads[id] = th
	return th, nil
}

// held is hold for a conversation that must exist.
func (t *tx) held(id desk.ID) (*thread, error) {
	th, err := t.hold(id)
	if err == nil && !th.stored {
		err = desk.NotFound("conversation")
	}
	return th, err
}

func (s conversations) Lock(id desk.ID) (desk.Conversation, error) {
	th, err := s.t.held(id)
	if err != nil {
		return desk.Conversation{}, err
	}
	c := th.row
	c.TagIDs, c.MentionedIDs = slices.Clone(c.TagIDs), slices.Clone(c.MentionedIDs)
	return c, nil
}

func (s conversations) Put(c desk.Conversation) error {
	th, err := s.t.hold(c.ID)
	if err != nil {
		return err
	}
	old, stored := th.row, th.stored
	if stored {
		c.ReplyUntil, c.Language, c.Blocked = old.ReplyUntil, old.Language, old.Blocked // the standing's, the contact's and the identity's
	}
	k := keysOf(c)
	th.drawn = max(th.drawn, c.LastSeq)
	switch {
	case !stored:
		err = s.t.write(sqlConversationInsert, s.t.workspace, c.ID, c.ChannelID, c.IdentityID, c.ContactID, c.TicketID, c.TicketNo, c.Status,
			c.Assignee, c.TeamID, c.Priority, asJSON(c.TagIDs), c.WaitSince, c.LastSeq, c.LastInboundSeq, c.LastActivityAt, asJSON(c.Preview), c.CreatedAt, c.Version,
			k.unresolved, k.recency, k.wait, k.urgency, th.drawn, c.ReplyUntil, flag(c.Attached), asJSON(c.MentionedIDs), flag(c.Preview.Failed), asJSON(c.JoinedIDs))
	case onlySpoken(old, c):
		err = s.t.write(sqlConversationSpoken, s.t.workspace, c.ID, c.LastSeq, c.LastInboundSeq, c.LastActivityAt, asJSON(c.Preview),
			c.Version, k.recency, th.drawn, flag(c.Preview.Failed))
	default:
		err = s.t.write(sqlConversationUpdate, s.t.workspace, c.ID, c.ContactID, c.TicketID, c.TicketNo, c.Status,
			c.Assignee, c.TeamID, c.Priority, asJSON(c.TagIDs), c.WaitSince, c.LastSeq, c.LastInboundSeq, c.LastActivityAt, asJSON(c.Preview), c.Version,
			k.unresolved, k.recency, k.wait, k.urgency, th.drawn, flag(c.Attached), asJSON(c.MentionedIDs), flag(c.Preview.Failed),
			flag(old.TicketID != 0 && c.TicketID > old.TicketID), asJSON(c.JoinedIDs))
	}
	if err != nil {
		return err
	}
	if c.SLA != old.SLA {
		if err := s.t.write(sqlConversationSLA, s.t.workspace, c.ID, c.SLA.State, c.SLA.Due); err != nil {
			return err
		}
	}
	if err := s.putTags(old, c); err != nil {
		return err
	}
	if err := s.putMentions(old, c); err != nil {
		return err
	}
	if stored {
		s.t.resize(old, -1)
	}
	s.t.resize(c, +1)
	th.row, th.stored, th.behind = c, true, false
	th.row.TagIDs, th.row.MentionedIDs = slices.Clone(c.TagIDs), slices.Clone(c.MentionedIDs)
	return nil
}

// window keeps the end of an identity's window on its conversation's row. A row that this transaction holds says whether there
// is anything to write.
func (s conversations) window(identity desk.ID, until time.Time) error {
	if until.IsZero() {
		return nil // of a channel without one, or nobody wrote yet
	}
	for _, th := range s.t.threads {
		if th.row.IdentityID != identity {
			continue
		}
		if th.row.ReplyUntil.Equal(until) {
			return nil
		}
		th.row.ReplyUntil = until
	}
	return s.t.write(sqlConversationWindow, s.t.workspace, identity, until)
}

// onlySpoken reports that nothing but the columns of sqlConversationSpoken differs.
func onlySpoken(old, c desk.Conversation) bool {
	return old.ContactID == c.ContactID && old.TicketID == c.TicketID && old.TicketNo == c.TicketNo && old.Status == c.Status &&
		old.Assignee == c.Assignee && old.TeamID == c.TeamID && old.Priority == c.Priority && slices.Equal(old.TagIDs, c.TagIDs) &&
		old.WaitSince.Equal(c.WaitSince) && keysOf(old).wait == keysOf(c).wait &&
		old.Attached == c.Attached && slices.Equal(old.MentionedIDs, c.MentionedIDs) && slices.Equal(old.JoinedIDs, c.JoinedIDs)
}

// putTags keeps in step what finds conversations by their tags.
func (s conversations) putTags(old, c desk.Conversation) error {
	return s.putKeys(old, c, old.TagIDs, c.TagIDs, sqlConversationTagPut, sqlConversationTagDelete)
}

// putMentions keeps in step what finds conversations by whom their notes name.
func (s conversations) putMentions(old, c desk.Conversation) error {
	return s.putKeys(old, c, old.MentionedIDs, c.MentionedIDs, sqlConversationMentionPut, sqlConversationMentionDelete)
}

// putKeys writes the rows by which a conversation is found, one per id, with the keys of their order.
func (s conversations) putKeys(old, c desk.Conversation, had, has []desk.ID, put, remove string) error {
	for _, id := range had {
		if slices.Contains(has, id) {
			continue
		}
		if err := s.t.write(remove, s.t.workspace, c.ID, id); err != nil {
			return err
		}
	}
	was, is := keysOf(old), keysOf(c)
	for _, id := range has {
		if slices.Contains(had, id) && was == is {
			continue
		}
		if err := s.t.write(put, s.t.workspace, c.ID, id, is.unresolved, is.recency); err != nil {
			return err
		}
	}
	return nil
}

// writeDrawnSeqs keeps the Seqs that were drawn where nobody put the conversation afterwards.
func (t *tx) writeDrawnSeqs() error {
	for id, th := range t.threads {
		if !th.behind {
			continue
		}
		if err := t.write(sqlConversationDrawn, t.workspace, id, th.drawn); err != nil {
			return err
		}
	}
	return nil
}

// sortKeys are the derived columns of a list row; all ascend.
type sortKeys struct{ unresolved, recency, wait, urgency int64 }

// afterWaiting is above every wait_since: 2^52.
const afterWaiting = 1 << 52

func keysOf(c desk.Conversation) sortKeys {
	k := sortKeys{recency: -millis(c.LastActivityAt), urgency: urgencyOf(c.Priority), wait: afterWaiting - millis(c.LastActivityAt)}
	switch {
	case c.TicketID == 0:
		k.unresolved = 2 // neither: no list has it before its first case
	case !c.Status.Resolved():
		k.unresolved = 1
	}
	if c.Waiting() {
		k.wait = millis(c.WaitSince)
	}
	return k
}

func urgencyOf(p desk.Priority) int64 { return int64(3 - p.Rank()) }
