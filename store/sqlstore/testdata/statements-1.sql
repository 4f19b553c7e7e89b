The statements of the first release (schema 1), as it sends them: while an upgrade goes through many nodes, it works on the newer schema.

-- sqlUserGet
SELECT id, email, name, password_hash, locale, zone, created_at FROM users WHERE id = $1
-- sqlUserByEmail
SELECT id, email, name, password_hash, locale, zone, created_at FROM users WHERE email = $1
-- sqlUserAny
SELECT id FROM users LIMIT 1
-- sqlUserPut
INSERT INTO users (id, email, name, password_hash, locale, zone, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET email = excluded.email, name = excluded.name, password_hash = excluded.password_hash,
		locale = excluded.locale, zone = excluded.zone
-- sqlSessionGet
SELECT token_hash, id, csrf, user_id, workspace_id, created_at, last_seen_at, expires_at, ip, user_agent FROM sessions WHERE token_hash = $1
-- sqlSessionList
SELECT token_hash, id, csrf, user_id, workspace_id, created_at, last_seen_at, expires_at, ip, user_agent FROM sessions WHERE user_id = $1 ORDER BY last_seen_at DESC, id DESC
-- sqlSessionMany
SELECT token_hash, id, csrf, user_id, workspace_id, created_at, last_seen_at, expires_at, ip, user_agent FROM sessions WHERE expires_at > $1 AND user_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
		$20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37,
		$38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)
-- sqlSessionPut
INSERT INTO sessions (token_hash, id, csrf, user_id, workspace_id, created_at, last_seen_at, expires_at, ip, user_agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (token_hash) DO UPDATE SET csrf = excluded.csrf, workspace_id = excluded.workspace_id,
		last_seen_at = excluded.last_seen_at, expires_at = excluded.expires_at, ip = excluded.ip, user_agent = excluded.user_agent
-- sqlSessionDelete
DELETE FROM sessions WHERE token_hash = $1
-- sqlSessionDeleteOf
DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2
-- sqlSessionTouch
UPDATE sessions SET last_seen_at = $2 WHERE token_hash = $1
-- sqlAPIKeyByHash
SELECT workspace_id, id, name, hash, role, created_by, created_at, last_used_at, revoked_at FROM api_keys WHERE hash = $1
-- sqlAPIKeyList
SELECT workspace_id, id, name, hash, role, created_by, created_at, last_used_at, revoked_at FROM api_keys WHERE workspace_id = $1 ORDER BY id
-- sqlAPIKeyPut
INSERT INTO api_keys (workspace_id, id, name, hash, role, created_by, created_at, last_used_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, role = excluded.role,
		last_used_at = excluded.last_used_at, revoked_at = excluded.revoked_at
-- sqlAPIKeyTouch
UPDATE api_keys SET last_used_at = $3 WHERE workspace_id = $1 AND id = $2
-- sqlInviteByToken
SELECT workspace_id, id, email, role, token_hash, invited_by, created_at, expires_at, accepted_at FROM invites WHERE token_hash = $1
-- sqlInviteList
SELECT workspace_id, id, email, role, token_hash, invited_by, created_at, expires_at, accepted_at FROM invites WHERE workspace_id = $1 ORDER BY id DESC
-- sqlInvitePut
INSERT INTO invites (workspace_id, id, email, role, token_hash, invited_by, created_at, expires_at, accepted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (workspace_id, id) DO UPDATE SET email = excluded.email, role = excluded.role,
		token_hash = excluded.token_hash, expires_at = excluded.expires_at, accepted_at = excluded.accepted_at
-- sqlInviteDelete
DELETE FROM invites WHERE workspace_id = $1 AND id = $2
-- sqlMembershipList
SELECT w.id, w.name, w.locale, w.zone, w.reopen_days, w.created_at, m.user_id, m.role, m.grants, m.display_name, m.avatar_key, m.active, m.created_at, m.updated_at, u.name, u.email
		FROM members m JOIN users u ON u.id = m.user_id JOIN workspaces w ON w.id = m.workspace_id
		WHERE m.user_id = $1 ORDER BY w.id
-- sqlAttachmentGet
SELECT a.id, a.conversation_id, a.message_id, a.kind, a.name, a.mime, a.size, a.width, a.height, a.blob_key, a.thumb_key,
		a.uploaded_by, a.created_at FROM attachments a WHERE a.workspace_id = $1 AND a.id = $2
-- sqlAttachmentMany
SELECT a.id, a.conversation_id, a.message_id, a.kind, a.name, a.mime, a.size, a.width, a.height, a.blob_key, a.thumb_key,
		a.uploaded_by, a.created_at FROM attachments a WHERE a.workspace_id = $1 AND a.id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
		$20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37,
		$38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)
-- sqlAttachmentsOf
SELECT a.id, a.conversation_id, a.message_id, a.kind, a.name, a.mime, a.size, a.width, a.height, a.blob_key, a.thumb_key,
		a.uploaded_by, a.created_at FROM conversations c
		JOIN attachments a ON a.workspace_id = $1 AND a.conversation_id = c.id AND a.message_id > 0
		WHERE c.workspace_id = $1 AND c.contact_id = $2 AND a.id < $3 AND a.kind IN ($4, $5, $6, $7)
		ORDER BY a.id DESC LIMIT $8
-- sqlAttachmentKeys
SELECT blob_key AS k FROM attachments WHERE blob_key > $1
		UNION SELECT thumb_key FROM attachments WHERE thumb_key > $1 AND thumb_key <> ''
		UNION SELECT avatar_key FROM members WHERE avatar_key > $1 ORDER BY k LIMIT $2
-- sqlAttachmentPut
INSERT INTO attachments (workspace_id, id, conversation_id, message_id, kind, name, mime, size, width, height,
		blob_key, thumb_key, uploaded_by, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (workspace_id, id) DO UPDATE SET conversation_id = excluded.conversation_id, message_id = excluded.message_id,
		kind = excluded.kind, name = excluded.name, mime = excluded.mime, size = excluded.size, width = excluded.width,
		height = excluded.height, blob_key = excluded.blob_key, thumb_key = excluded.thumb_key
-- sqlAttachmentUnsent
DELETE FROM attachments WHERE workspace_id = $1 AND message_id = 0 AND created_at < $2
		RETURNING blob_key, thumb_key
-- sqlChannelGet
SELECT workspace_id, id, brand_id, kind, name, account, state, settings, secrets, team_id, schedule_id,
		last_seen_at, last_seen_on, created_at, updated_at, version FROM channels WHERE workspace_id = $1 AND id = $2
-- sqlChannelList
SELECT workspace_id, id, brand_id, kind, name, account, state, settings, secrets, team_id, schedule_id,
		last_seen_at, last_seen_on, created_at, updated_at, version FROM channels WHERE workspace_id = $1 AND state <> 'deleted' ORDER BY id
-- sqlChannelByAccount
SELECT workspace_id, id, brand_id, kind, name, account, state, settings, secrets, team_id, schedule_id,
		last_seen_at, last_seen_on, created_at, updated_at, version FROM channels WHERE kind = $1 AND account = $2 AND state <> 'deleted'
-- sqlChannelPut
INSERT INTO channels (workspace_id, id, brand_id, kind, name, account, state, settings, secrets, team_id, schedule_id,
		last_seen_at, last_seen_on, created_at, updated_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (workspace_id, id) DO UPDATE SET brand_id = excluded.brand_id, name = excluded.name, account = excluded.account,
		state = excluded.state, settings = excluded.settings, secrets = excluded.secrets, team_id = excluded.team_id,
		schedule_id = excluded.schedule_id, last_seen_at = excluded.last_seen_at, last_seen_on = excluded.last_seen_on,
		updated_at = excluded.updated_at, version = excluded.version
-- sqlChannelTouch
UPDATE channels SET last_seen_at = $3, last_seen_on = $4 WHERE workspace_id = $1 AND id = $2
-- sqlContactGet
SELECT id, name, email, phone, locale, zone, external_id, fields, created_at, updated_at, version FROM contacts WHERE workspace_id = $1 AND id = $2
-- sqlContactMany
SELECT id, name, email, phone, locale, zone, external_id, fields, created_at, updated_at, version FROM contacts WHERE workspace_id = $1 AND id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
		$20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37,
		$38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)
-- sqlContactByExternalID
SELECT id, name, email, phone, locale, zone, external_id, fields, created_at, updated_at, version FROM contacts WHERE workspace_id = $1 AND external_id = $2 AND external_id <> ''
-- sqlContactWindow
SELECT id FROM contacts WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT 1 OFFSET $3
-- sqlContactList
SELECT id, name, email, phone, locale, zone, external_id, fields, created_at, updated_at, version FROM contacts WHERE workspace_id = $1 AND id < $2 AND id >= $3
		AND folded LIKE $4 ESCAPE '\' ORDER BY id DESC LIMIT $5
-- sqlContactPut
INSERT INTO contacts (workspace_id, id, name, email, phone, locale, zone, external_id, fields, created_at, updated_at, version, folded)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, email = excluded.email, phone = excluded.phone,
		locale = excluded.locale, zone = excluded.zone, external_id = excluded.external_id, fields = excluded.fields,
		updated_at = excluded.updated_at, version = excluded.version, folded = excluded.folded
		WHERE excluded.version <= 1 OR contacts.version = excluded.version - 1
-- sqlContactDelete
DELETE FROM contacts WHERE workspace_id = $1 AND id = $2
-- sqlContactUsed
SELECT id FROM identities WHERE workspace_id = $1 AND contact_id = $2 LIMIT 1
-- sqlIdentityGet
SELECT id, contact_id, channel_id, kind, scope, external_id, name, created_at, blocked_at FROM identities WHERE workspace_id = $1 AND id = $2
-- sqlIdentityByKey
SELECT id, contact_id, channel_id, kind, scope, external_id, name, created_at, blocked_at FROM identities
		WHERE workspace_id = $1 AND kind = $2 AND scope = $3 AND external_id = $4
-- sqlIdentityList
SELECT id, contact_id, channel_id, kind, scope, external_id, name, created_at, blocked_at FROM identities WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id
-- sqlIdentityMany
SELECT id, contact_id, channel_id, kind, scope, external_id, name, created_at, blocked_at FROM identities WHERE workspace_id = $1 AND contact_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
		$20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37,
		$38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)
-- sqlIdentityPut
INSERT INTO identities (workspace_id, id, contact_id, channel_id, kind, scope, external_id, name, created_at, blocked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (workspace_id, id) DO UPDATE SET contact_id = excluded.contact_id, channel_id = excluded.channel_id,
		kind = excluded.kind, scope = excluded.scope, external_id = excluded.external_id, name = excluded.name, blocked_at = excluded.blocked_at
-- sqlIdentityMove
UPDATE identities SET contact_id = $3 WHERE workspace_id = $1 AND id = $2
-- sqlIdentityMoveVisitors
UPDATE visitors SET contact_id = $3 WHERE workspace_id = $1 AND identity_id = $2 AND identity_id > 0
-- sqlIdentityMoveConversations
UPDATE conversations SET contact_id = $3, version = version + 1
		WHERE workspace_id = $1 AND identity_id = $2
-- sqlIdentityMoveTickets
UPDATE tickets SET contact_id = $3, version = version + 1 WHERE workspace_id = $1 AND conversation_id IN
		(SELECT id FROM conversations WHERE workspace_id = $1 AND identity_id = $2)
-- sqlNoteGet
SELECT id, contact_id, author_id, body, created_at, updated_at FROM contact_notes WHERE workspace_id = $1 AND id = $2
-- sqlNoteList
SELECT id, contact_id, author_id, body, created_at, updated_at FROM contact_notes WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id DESC
-- sqlNotePut
INSERT INTO contact_notes (workspace_id, id, contact_id, author_id, body, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, id) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at
-- sqlNoteDelete
DELETE FROM contact_notes WHERE workspace_id = $1 AND id = $2
-- sqlNoteDeleteOf
DELETE FROM contact_notes WHERE workspace_id = $1 AND contact_id = $2
-- sqlListAll
SELECT c.id, c.channel_id, c.identity_id, c.contact_id, c.ticket_id, c.ticket_number, c.status, c.assignee_id, c.team_id,
		c.priority, c.tag_ids, c.wait_since, c.last_seq, c.last_inbound_seq, c.last_activity_at, c.preview, c.created_at, c.version FROM conversations c WHERE c.workspace_id = $1 AND c.unresolved = $2 AND (c.recency, c.id) > ($3, $4) ORDER BY c.recency, c.id LIMIT $5
-- sqlListAssignee
SELECT c.id, c.channel_id, c.identity_id, c.contact_id, c.ticket_id, c.ticket_number, c.status, c.assignee_id, c.team_id,
		c.priority, c.tag_ids, c.wait_since, c.last_seq, c.last_inbound_seq, c.last_activity_at, c.preview, c.created_at, c.version FROM conversations c WHERE c.workspace_id = $1 AND c.assignee_id = $6 AND c.unresolved = $2 AND (c.recency, c.id) > ($3, $4) ORDER BY c.recency, c.id LIMIT $5
-- sqlListTeam
SELECT c.id, c.channel_id, c.identity_id, c.contact_id, c.ticket_id, c.ticket_number, c.status, c.assignee_id, c.team_id,
		c.priority, c.tag_ids, c.wait_since, c.last_seq, c.last_inbound_seq, c.last_activity_at, c.preview, c.created_at, c.version FROM conversations c WHERE c.workspace_id = $1 AND c.team_id = $6 AND c.team_id > 0 AND c.unresolved = $2 AND (c.recency, c.id) > ($3, $4) ORDER BY c.recency, c.id LIMIT $5
-- sqlListChannel
SELECT c.id, c.channel_id, c.identity_id, c.contact_id, c.ticket_id, c.ticket_number, c.status, c.assignee_id, c.team_id,
		c.priority, c.tag_ids, c.wait_since, c.last_seq, c.last_inbound_seq, c.last_activity_at, c.preview, c.created_at, c.version FROM conversations c WHERE c.workspace_id = $1 AND c.channel_id = $6 AND c.unresolved = $2 AND (c.recency, c.id) > ($3, $4) ORDER BY c.recency, c.id LIMIT $5
-- sqlListSnoozed
SELECT c.id, c.channel_id, c.identity_id, c.contact_id, c.ticket_id, c.ticket_number, c.status, c.assignee_id, c.team_id,
		c.priority, c.tag_ids, c.wait_since, c.last_seq, c.last_inbound_seq, c.last_activity_at, c.preview, c.created_at, c.version FROM conversations c WHERE c.workspace_id = $1 AND c.status = 'snoozed' AND +c.unresolved = $2 AND (c.recency, c.id) > ($3, $4)
		ORDER BY c.recency, c.id LIMIT $5
-- sqlListTag
SELECT c.id, c.channel_id, c.identity_id, c.contact_id, c.ticket_id, c.ticket_number, c.status, c.assignee_id, c.team_id,
		c.priority, c.tag_ids, c.wait_since, c.last_seq, c.last_inbound_seq, c.last_activity_at, c.preview, c.created_at, c.version FROM conversation_tags g
		JOIN conversations c ON c.workspace_id = g.workspace_id AND c.id = g.conversation_id
		WHERE g.workspace_id = $1 AND g.tag_id = $6 AND g.unresolved = $2 AND (g.recency, g.conversation_id) > ($3, $4)
		ORDER BY g.recency, g.conversation_id LIMIT $5
-- sqlListUrgency
SELECT c.id, c.channel_id, c.identity_id, c.contact_id, c.ticket_id, c.ticket_number, c.status, c.assignee_id, c.team_id,
		c.priority, c.tag_ids, c.wait_since, c.last_seq, c.last_inbound_seq, c.last_activity_at, c.preview, c.created_at, c.version FROM conversations c WHERE c.workspace_id = $1 AND c.urgency = $6 AND c.unresolved = $2 AND (c.wait_key, c.id) > ($3, $4) ORDER BY c.wait_key, c.id LIMIT $5
-- sqlListAssigneeUrgency
SELECT c.id, c.channel_id, c.identity_id, c.contact_id, c.ticket_id, c.ticket_number, c.status, c.assignee_id, c.team_id,
		c.priority, c.tag_ids, c.wait_since, c.last_seq, c.last_inbound_seq, c.last_activity_at, c.preview, c.created_at, c.version FROM conversations c WHERE c.workspace_id = $1 AND c.assignee_id = $7 AND c.assignee_id > 0 AND c.urgency = $6 AND c.unresolved = $2 AND (c.wait_key, c.id) > ($3, $4) ORDER BY c.wait_key, c.id LIMIT $5
-- sqlConversationGet
SELECT c.id, c.channel_id, c.identity_id, c.contact_id, c.ticket_id, c.ticket_number, c.status, c.assignee_id, c.team_id,
		c.priority, c.tag_ids, c.wait_since, c.last_seq, c.last_inbound_seq, c.last_activity_at, c.preview, c.created_at, c.version FROM conversations c WHERE c.workspace_id = $1 AND c.id = $2
-- sqlConversationMany
SELECT c.id, c.channel_id, c.identity_id, c.contact_id, c.ticket_id, c.ticket_number, c.status, c.assignee_id, c.team_id,
		c.priority, c.tag_ids, c.wait_since, c.last_seq, c.last_inbound_seq, c.last_activity_at, c.preview, c.created_at, c.version FROM conversations c WHERE c.workspace_id = $1 AND c.id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
		$20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37,
		$38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)
-- sqlConversationByIdentity
SELECT c.id, c.channel_id, c.identity_id, c.contact_id, c.ticket_id, c.ticket_number, c.status, c.assignee_id, c.team_id,
		c.priority, c.tag_ids, c.wait_since, c.last_seq, c.last_inbound_seq, c.last_activity_at, c.preview, c.created_at, c.version FROM conversations c WHERE c.workspace_id = $1 AND c.identity_id = $2
-- sqlConversationOfContact
SELECT c.id, c.channel_id, c.identity_id, c.contact_id, c.ticket_id, c.ticket_number, c.status, c.assignee_id, c.team_id,
		c.priority, c.tag_ids, c.wait_since, c.last_seq, c.last_inbound_seq, c.last_activity_at, c.preview, c.created_at, c.version FROM conversations c WHERE c.workspace_id = $1 AND c.contact_id = $2
		ORDER BY c.recency, c.id
-- sqlConversationLock
SELECT c.id, c.channel_id, c.identity_id, c.contact_id, c.ticket_id, c.ticket_number, c.status, c.assignee_id, c.team_id,
		c.priority, c.tag_ids, c.wait_since, c.last_seq, c.last_inbound_seq, c.last_activity_at, c.preview, c.created_at, c.version, c.drawn_seq FROM conversations c
		WHERE c.workspace_id = $1 AND c.id = $2 FOR NO KEY UPDATE
-- sqlConversationInsert
INSERT INTO conversations (workspace_id, id, channel_id, identity_id, contact_id, ticket_id, ticket_number, status,
		assignee_id, team_id, priority, tag_ids, wait_since, last_seq, last_inbound_seq, last_activity_at, preview, created_at, version,
		unresolved, recency, wait_key, urgency, drawn_seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
-- sqlConversationUpdate
UPDATE conversations SET contact_id = $3, ticket_id = $4, ticket_number = $5, status = $6,
		assignee_id = $7, team_id = $8, priority = $9, tag_ids = $10, wait_since = $11, last_seq = $12, last_inbound_seq = $13,
		last_activity_at = $14, preview = $15, version = $16, unresolved = $17, recency = $18, wait_key = $19, urgency = $20, drawn_seq = $21
		WHERE workspace_id = $1 AND id = $2
-- sqlConversationSpoken
UPDATE conversations SET last_seq = $3, last_inbound_seq = $4, last_activity_at = $5, preview = $6,
		version = $7, recency = $8, drawn_seq = $9 WHERE workspace_id = $1 AND id = $2
-- sqlConversationDrawn
UPDATE conversations SET drawn_seq = $3 WHERE workspace_id = $1 AND id = $2
-- sqlConversationTagPut
INSERT INTO conversation_tags (workspace_id, conversation_id, tag_id, unresolved, recency)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, conversation_id, tag_id) DO UPDATE SET unresolved = excluded.unresolved, recency = excluded.recency
-- sqlConversationTagDelete
DELETE FROM conversation_tags WHERE workspace_id = $1 AND conversation_id = $2 AND tag_id = $3
-- sqlCounterAdd
INSERT INTO counters (workspace_id, name, subject_id, size) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, name, subject_id) DO UPDATE SET size = counters.size + excluded.size
-- sqlCounterList
SELECT name, subject_id, size FROM counters
		WHERE workspace_id = $1 AND (subject_id = 0 OR subject_id = $2 OR name = 'team')
-- sqlUnreadOf
SELECT count(*) FROM (SELECT c.id FROM
		(SELECT id, last_inbound_seq FROM conversations WHERE workspace_id = $1 AND assignee_id = $2 AND unresolved = 1
			ORDER BY recency, id LIMIT 1000) c
		LEFT JOIN member_reads r ON r.workspace_id = $1 AND r.conversation_id = c.id AND r.user_id = $3
		WHERE c.last_inbound_seq > coalesce(r.seq, 0) LIMIT 100) AS unread
-- sqlCursorGet
SELECT seq FROM cursors WHERE workspace_id = $1 AND reactor = $2
-- sqlCursorPut
INSERT INTO cursors (workspace_id, reactor, seq) VALUES ($1, $2, $3)
		ON CONFLICT (workspace_id, reactor) DO UPDATE SET seq = excluded.seq
-- sqlDemoList
SELECT kind, record_id FROM demo_records WHERE workspace_id = $1 ORDER BY kind, record_id
-- sqlDemoPut
INSERT INTO demo_records (workspace_id, kind, record_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
-- sqlDemoForget
DELETE FROM demo_records WHERE workspace_id = $1
-- sqlDraftOf
SELECT user_id, conversation_id, mode, body, updated_at FROM drafts WHERE workspace_id = $1 AND user_id = $2 AND conversation_id = $3 ORDER BY mode
-- sqlDraftAll
SELECT user_id, conversation_id, mode, body, updated_at FROM drafts WHERE workspace_id = $1 AND user_id = $2 ORDER BY conversation_id, mode
-- sqlDraftPut
INSERT INTO drafts (workspace_id, user_id, conversation_id, mode, body, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (workspace_id, user_id, conversation_id, mode) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at
-- sqlDraftDelete
DELETE FROM drafts WHERE workspace_id = $1 AND user_id = $2 AND conversation_id = $3 AND mode = $4
-- sqlEraseDeliveries
DELETE FROM deliveries WHERE workspace_id = $1 AND message_id IN
		(SELECT id FROM messages WHERE workspace_id = $1 AND conversation_id = $2)
-- sqlEraseLane
DELETE FROM lanes WHERE workspace_id = $1 AND lane_id = $2
-- sqlEraseAttachments
DELETE FROM attachments WHERE workspace_id = $1 AND conversation_id = $2 AND message_id > 0
-- sqlEraseMessages
DELETE FROM messages WHERE workspace_id = $1 AND conversation_id = $2
-- sqlEraseTickets
DELETE FROM tickets WHERE workspace_id = $1 AND conversation_id = $2
-- sqlEraseTags
DELETE FROM conversation_tags WHERE workspace_id = $1 AND conversation_id = $2
-- sqlEraseMemberReads
DELETE FROM member_reads WHERE workspace_id = $1 AND conversation_id = $2
-- sqlEraseCustomerReads
DELETE FROM customer_reads WHERE workspace_id = $1 AND conversation_id = $2
-- sqlEraseDrafts
DELETE FROM drafts WHERE workspace_id = $1 AND conversation_id = $2
-- sqlEraseConversation
DELETE FROM conversations WHERE workspace_id = $1 AND id = $2
-- sqlEraseVisitors
DELETE FROM visitors WHERE workspace_id = $1 AND identity_id = $2 AND identity_id > 0
-- sqlEraseIdentity
DELETE FROM identities WHERE workspace_id = $1 AND id = $2
-- sqlEraseMemberDrafts
DELETE FROM drafts WHERE workspace_id = $1 AND user_id = $2
-- sqlEraseMemberReadings
DELETE FROM member_reads WHERE workspace_id = $1 AND user_id = $2
-- sqlErasePresence
DELETE FROM presences WHERE workspace_id = $1 AND user_id = $2
-- sqlEraseTeamPlaces
DELETE FROM team_members WHERE workspace_id = $1 AND user_id = $2
-- sqlEraseMember
DELETE FROM members WHERE workspace_id = $1 AND user_id = $2
-- sqlUserUsed
SELECT workspace_id FROM members WHERE user_id = $1 LIMIT 1
-- sqlEraseSessions
DELETE FROM sessions WHERE user_id = $1
-- sqlEraseUser
DELETE FROM users WHERE id = $1
-- sqlEventHead
SELECT seq FROM event_heads WHERE workspace_id = $1
-- sqlEventAfter
SELECT seq, kind, at, actor_kind, actor_id, conversation_id, ticket_id, message_id, subject_id, user_id, message_seq, changes FROM events WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3
-- sqlEventAdvance
INSERT INTO event_heads (workspace_id, seq) VALUES ($1, $2)
		ON CONFLICT (workspace_id) DO UPDATE SET seq = event_heads.seq + excluded.seq RETURNING seq
-- sqlEventInsert
INSERT INTO events (workspace_id, seq, kind, at, actor_kind, actor_id, conversation_id, ticket_id, message_id, subject_id,
		user_id, message_seq, changes)
		SELECT $1, seq - $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM event_heads WHERE workspace_id = $1
-- sqlMemberGet
SELECT m.user_id, m.role, m.grants, m.display_name, m.avatar_key, m.active, m.created_at, m.updated_at, u.name, u.email FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.workspace_id = $1 AND m.user_id = $2
-- sqlMemberList
SELECT m.user_id, m.role, m.grants, m.display_name, m.avatar_key, m.active, m.created_at, m.updated_at, u.name, u.email FROM members m JOIN users u ON u.id = m.user_id
		WHERE m.workspace_id = $1 ORDER BY m.user_id
-- sqlMemberPut
INSERT INTO members (workspace_id, user_id, role, grants, display_name, avatar_key, active, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (workspace_id, user_id) DO UPDATE SET role = excluded.role, grants = excluded.grants,
		display_name = excluded.display_name, avatar_key = excluded.avatar_key, active = excluded.active, updated_at = excluded.updated_at
-- sqlPreferencesGet
SELECT preferences FROM members WHERE workspace_id = $1 AND user_id = $2
-- sqlPreferencesPut
UPDATE members SET preferences = $3 WHERE workspace_id = $1 AND user_id = $2
-- sqlPresenceGet
SELECT user_id, chosen, idle, lease_until FROM presences WHERE workspace_id = $1 AND user_id = $2
-- sqlPresenceList
SELECT user_id, chosen, idle, lease_until FROM presences WHERE workspace_id = $1 ORDER BY user_id
-- sqlPresencePut
INSERT INTO presences (workspace_id, user_id, chosen, idle, lease_until) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, user_id) DO UPDATE SET chosen = excluded.chosen, idle = excluded.idle, lease_until = excluded.lease_until
-- sqlPresenceRenew
UPDATE presences SET lease_until = $2 WHERE workspace_id = $1 AND user_id IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
		$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38,
		$39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52)
-- sqlMessageGet
SELECT id, conversation_id, seq, ticket_id, author_kind, author_id, author_name, parts, system_line, client_id,
		external_id, reply_to_id, status, fault, at, provider_at, received_at, late, version FROM messages WHERE workspace_id = $1 AND id = $2
-- sqlMessageMany
SELECT id, conversation_id, seq, ticket_id, author_kind, author_id, author_name, parts, system_line, client_id,
		external_id, reply_to_id, status, fault, at, provider_at, received_at, late, version FROM messages WHERE workspace_id = $1 AND id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
		$20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37,
		$38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)
-- sqlMessageByClientID
SELECT id, conversation_id, seq, ticket_id, author_kind, author_id, author_name, parts, system_line, client_id,
		external_id, reply_to_id, status, fault, at, provider_at, received_at, late, version FROM messages WHERE workspace_id = $1 AND conversation_id = $2
		AND author_kind = $3 AND author_id = $4 AND client_id = $5 AND client_id <> ''
-- sqlMessageBefore
SELECT id, conversation_id, seq, ticket_id, author_kind, author_id, author_name, parts, system_line, client_id,
		external_id, reply_to_id, status, fault, at, provider_at, received_at, late, version FROM messages WHERE workspace_id = $1 AND conversation_id = $2 AND seq < $3
		ORDER BY seq DESC LIMIT $4
-- sqlMessageAfter
SELECT id, conversation_id, seq, ticket_id, author_kind, author_id, author_name, parts, system_line, client_id,
		external_id, reply_to_id, status, fault, at, provider_at, received_at, late, version FROM messages WHERE workspace_id = $1 AND conversation_id = $2 AND seq > $3
		ORDER BY seq LIMIT $4
-- sqlMessageInsert
INSERT INTO messages (workspace_id, id, conversation_id, seq, ticket_id, author_kind, author_id, author_name, parts, system_line, client_id,
		external_id, reply_to_id, status, fault, at, provider_at, received_at, late, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
-- sqlMessageUpdate
UPDATE messages SET ticket_id = $3, parts = $4, external_id = $5, status = $6, fault = $7, late = $8,
		version = version + 1 WHERE workspace_id = $1 AND id = $2 RETURNING version
-- sqlLaneEnqueue
INSERT INTO lanes (workspace_id, lane_id, channel_id, next_seq, head_id, head_at, wake_at, lease_token, worker)
		SELECT $1, $2, $3, 1, $4, $5, CASE WHEN p.until <= $5 THEN $5 WHEN p.until > $6 AND $6 > 0 THEN $6 ELSE p.until END, '', '' FROM
		(SELECT coalesce((SELECT until FROM channel_pauses WHERE workspace_id = $1 AND channel_id = $3), 0) AS until) AS p WHERE true
		ON CONFLICT (workspace_id, lane_id) DO UPDATE SET next_seq = lanes.next_seq + 1,
		head_id = CASE WHEN lanes.head_id = 0 THEN excluded.head_id ELSE lanes.head_id END,
		head_at = CASE WHEN lanes.head_id = 0 THEN excluded.head_at ELSE lanes.head_at END,
		wake_at = CASE WHEN lanes.head_id = 0 THEN excluded.wake_at ELSE lanes.wake_at END RETURNING next_seq
-- sqlDeliveryInsert
INSERT INTO deliveries (workspace_id, id, channel_id, conversation_id, message_id, part, seq, status, attempts,
		not_before, expires_at, idempotency_key, external_id, fault, created_at, updated_at, ended)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0)
-- sqlLaneDue
SELECT l.workspace_id, coalesce(p.until, 0), d.id, d.channel_id, d.conversation_id, d.message_id, d.part, d.seq, d.status, d.attempts, d.not_before,
		d.expires_at, d.idempotency_key, d.external_id, d.fault, d.created_at, d.updated_at FROM lanes l
		JOIN deliveries d ON d.workspace_id = l.workspace_id AND d.id = l.head_id
		LEFT JOIN channel_pauses p ON p.workspace_id = l.workspace_id AND p.channel_id = l.channel_id
		WHERE l.wake_at > 0 AND l.wake_at <= $1 ORDER BY l.wake_at, l.workspace_id, l.lane_id LIMIT $2 FOR NO KEY UPDATE OF l SKIP LOCKED
-- sqlLaneLease
UPDATE lanes SET lease_token = $3, worker = $4, wake_at = $5 WHERE workspace_id = $1 AND lane_id = $2
-- sqlLaneNext
SELECT wake_at FROM lanes WHERE wake_at > 0 ORDER BY wake_at LIMIT 1
-- sqlDeliveryAttempt
UPDATE deliveries SET attempts = attempts + 1, updated_at = $3 WHERE workspace_id = $1 AND id = $2
-- sqlPausePut
INSERT INTO channel_pauses (workspace_id, channel_id, until) VALUES ($1, $2, $3)
		ON CONFLICT (workspace_id, channel_id) DO UPDATE SET until = excluded.until
-- sqlPauseGet
SELECT until FROM channel_pauses WHERE workspace_id = $1 AND channel_id = $2
-- sqlPauseLanes
UPDATE lanes SET wake_at = CASE WHEN head_at > $3 THEN head_at ELSE coalesce((SELECT d.expires_at FROM deliveries d
		WHERE d.workspace_id = lanes.workspace_id AND d.id = lanes.head_id AND d.expires_at < $3 AND d.expires_at > 0), $3) END
		WHERE workspace_id = $1 AND channel_id = $2 AND wake_at > 0 AND lease_token = ''
-- sqlReadMany
SELECT user_id, conversation_id, seq, at FROM member_reads WHERE workspace_id = $1 AND user_id = $2
		AND conversation_id IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
		$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38,
		$39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52)
-- sqlReadsOf
SELECT user_id, conversation_id, seq, at FROM member_reads WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY user_id
-- sqlReadPut
INSERT INTO member_reads (workspace_id, user_id, conversation_id, seq, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, conversation_id, user_id) DO UPDATE SET seq = excluded.seq, at = excluded.at
-- sqlCustomerReadGet
SELECT conversation_id, seq, at FROM customer_reads WHERE workspace_id = $1 AND conversation_id = $2
-- sqlCustomerReadPut
INSERT INTO customer_reads (workspace_id, conversation_id, seq, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET seq = excluded.seq, at = excluded.at
		WHERE customer_reads.seq < excluded.seq
-- sqlUnreadMany
SELECT c.id, (SELECT count(*) FROM (SELECT m.seq FROM messages m
			WHERE m.workspace_id = $1 AND m.conversation_id = c.id AND m.author_kind = 'customer'
			AND m.seq > coalesce(r.seq, 0) LIMIT 100) AS news)
		FROM conversations c LEFT JOIN member_reads r ON r.workspace_id = $1 AND r.conversation_id = c.id AND r.user_id = $2
		WHERE c.workspace_id = $1 AND c.id IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
		$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38,
		$39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52) AND c.last_inbound_seq > coalesce(r.seq, 0)
-- sqlInboundSeqs
SELECT seq FROM messages WHERE workspace_id = $1 AND conversation_id = $2 AND author_kind = 'customer'
		ORDER BY seq DESC LIMIT $3
-- sqlScheduleGet
SELECT id, name, zone, week, closed, special, created_at, updated_at FROM schedules WHERE workspace_id = $1 AND id = $2
-- sqlScheduleList
SELECT id, name, zone, week, closed, special, created_at, updated_at FROM schedules WHERE workspace_id = $1 ORDER BY id
-- sqlSchedulePut
INSERT INTO schedules (workspace_id, id, name, zone, week, closed, special, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, zone = excluded.zone, week = excluded.week,
		closed = excluded.closed, special = excluded.special, updated_at = excluded.updated_at
-- sqlScheduleUsed
SELECT id FROM channels WHERE workspace_id = $1 AND schedule_id = $2 AND state <> 'deleted' LIMIT 1
-- sqlScheduleDelete
DELETE FROM schedules WHERE workspace_id = $1 AND id = $2
-- sqlLaneLock
SELECT lease_token FROM lanes WHERE workspace_id = $1 AND lane_id = $2 FOR NO KEY UPDATE
-- sqlLaneSettle
UPDATE lanes SET head_id = $3, head_at = $4, wake_at = $5, lease_token = '', worker = ''
		WHERE workspace_id = $1 AND lane_id = $2
-- sqlLaneHead
SELECT id, not_before, expires_at FROM deliveries WHERE workspace_id = $1 AND conversation_id = $2 AND seq > $3 AND ended = 0
		ORDER BY seq LIMIT 1
-- sqlDeliverySending
UPDATE deliveries SET status = 'sending', updated_at = $3 WHERE workspace_id = $1 AND id = $2
-- sqlDeliverySettle
UPDATE deliveries SET status = $3, not_before = $4, external_id = $5, fault = $6, updated_at = $7, ended = $8
		WHERE workspace_id = $1 AND id = $2
-- sqlDeliveryParts
SELECT part, status FROM deliveries WHERE workspace_id = $1 AND message_id = $2 ORDER BY seq
-- sqlMessageDelivery
UPDATE messages SET status = $3, fault = $4, external_id = $5, version = version + 1
		WHERE workspace_id = $1 AND id = $2
-- sqlSlotList
SELECT slot, until FROM node_slots ORDER BY slot
-- sqlSlotNew
INSERT INTO node_slots (slot, holder, until) VALUES ($1, $2, $3) ON CONFLICT (slot) DO NOTHING
-- sqlSlotTake
UPDATE node_slots SET holder = $2, until = $3 WHERE slot = $1 AND until = $4
-- sqlSlotRenew
UPDATE node_slots SET until = $3 WHERE slot = $1 AND holder = $2
-- sqlSlotLeave
UPDATE node_slots SET until = 0 WHERE slot = $1 AND holder = $2
-- sqlSeenSweep
DELETE FROM seen WHERE at < $1 AND at <= (SELECT max(s.at) FROM
		(SELECT at FROM seen WHERE at < $1 ORDER BY at LIMIT $2) AS s)
-- sqlSessionSweep
DELETE FROM sessions WHERE expires_at < $1
-- sqlTagGet
SELECT id, name, color, created_at FROM tags WHERE workspace_id = $1 AND id = $2
-- sqlTagList
SELECT id, name, color, created_at FROM tags WHERE workspace_id = $1 ORDER BY name, id
-- sqlTagPut
INSERT INTO tags (workspace_id, id, name, color, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, color = excluded.color
-- sqlTagDelete
DELETE FROM tags WHERE workspace_id = $1 AND id = $2
-- sqlTagUnlist
DELETE FROM conversation_tags WHERE workspace_id = $1 AND tag_id = $2
-- sqlTeamGet
SELECT id, name, created_at FROM teams WHERE workspace_id = $1 AND id = $2
-- sqlTeamList
SELECT id, name, created_at FROM teams WHERE workspace_id = $1 ORDER BY id
-- sqlTeamOf
SELECT team_id FROM team_members WHERE workspace_id = $1 AND user_id = $2 ORDER BY team_id
-- sqlTeamMembers
SELECT user_id FROM team_members WHERE workspace_id = $1 AND team_id = $2 ORDER BY user_id
-- sqlTeamMemberAll
SELECT team_id, user_id FROM team_members WHERE workspace_id = $1 ORDER BY team_id, user_id
-- sqlTeamPut
INSERT INTO teams (workspace_id, id, name, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name
-- sqlTeamClear
DELETE FROM team_members WHERE workspace_id = $1 AND team_id = $2
-- sqlTeamAdd
INSERT INTO team_members (workspace_id, team_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
-- sqlTeamDelete
DELETE FROM teams WHERE workspace_id = $1 AND id = $2
-- sqlTicketGet
SELECT id, ticket_number, conversation_id, channel_id, contact_id, status, reason, snoozed_until, assignee_id,
		last_assignee_id, team_id, priority, tag_ids, wait_since, created_at, queued_at, assigned_at, replied_at, resolved_at,
		reopened_count, updated_at, version FROM tickets WHERE workspace_id = $1 AND id = $2
-- sqlTicketMany
SELECT id, ticket_number, conversation_id, channel_id, contact_id, status, reason, snoozed_until, assignee_id,
		last_assignee_id, team_id, priority, tag_ids, wait_since, created_at, queued_at, assigned_at, replied_at, resolved_at,
		reopened_count, updated_at, version FROM tickets WHERE workspace_id = $1 AND id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
		$20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37,
		$38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)
-- sqlTicketByNumber
SELECT id, ticket_number, conversation_id, channel_id, contact_id, status, reason, snoozed_until, assignee_id,
		last_assignee_id, team_id, priority, tag_ids, wait_since, created_at, queued_at, assigned_at, replied_at, resolved_at,
		reopened_count, updated_at, version FROM tickets WHERE workspace_id = $1 AND ticket_number = $2
-- sqlTicketOfConversation
SELECT id, ticket_number, conversation_id, channel_id, contact_id, status, reason, snoozed_until, assignee_id,
		last_assignee_id, team_id, priority, tag_ids, wait_since, created_at, queued_at, assigned_at, replied_at, resolved_at,
		reopened_count, updated_at, version FROM tickets WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY id DESC
-- sqlTicketOfContact
SELECT id, ticket_number, conversation_id, channel_id, contact_id, status, reason, snoozed_until, assignee_id,
		last_assignee_id, team_id, priority, tag_ids, wait_since, created_at, queued_at, assigned_at, replied_at, resolved_at,
		reopened_count, updated_at, version FROM tickets WHERE workspace_id = $1 AND contact_id = $2 ORDER BY id DESC
-- sqlTicketUnresolvedOf
SELECT id, ticket_number, conversation_id, channel_id, contact_id, status, reason, snoozed_until, assignee_id,
		last_assignee_id, team_id, priority, tag_ids, wait_since, created_at, queued_at, assigned_at, replied_at, resolved_at,
		reopened_count, updated_at, version FROM tickets WHERE workspace_id = $1 AND assignee_id = $2
		AND assignee_id > 0 AND status <> 'resolved' ORDER BY id
-- sqlTicketSleeping
SELECT id, ticket_number, conversation_id, channel_id, contact_id, status, reason, snoozed_until, assignee_id,
		last_assignee_id, team_id, priority, tag_ids, wait_since, created_at, queued_at, assigned_at, replied_at, resolved_at,
		reopened_count, updated_at, version FROM tickets WHERE workspace_id = $1 AND snoozed_until < $2
		AND status = 'snoozed' ORDER BY snoozed_until, id LIMIT $3
-- sqlTicketPut
INSERT INTO tickets (workspace_id, id, ticket_number, conversation_id, channel_id, contact_id, status, reason, snoozed_until, assignee_id,
		last_assignee_id, team_id, priority, tag_ids, wait_since, created_at, queued_at, assigned_at, replied_at, resolved_at,
		reopened_count, updated_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
		ON CONFLICT (workspace_id, id) DO UPDATE SET contact_id = excluded.contact_id, status = excluded.status,
		reason = excluded.reason, snoozed_until = excluded.snoozed_until, assignee_id = excluded.assignee_id,
		last_assignee_id = excluded.last_assignee_id, team_id = excluded.team_id, priority = excluded.priority, tag_ids = excluded.tag_ids,
		wait_since = excluded.wait_since, queued_at = excluded.queued_at, assigned_at = excluded.assigned_at,
		replied_at = excluded.replied_at, resolved_at = excluded.resolved_at, reopened_count = excluded.reopened_count,
		updated_at = excluded.updated_at, version = excluded.version
-- sqlSeenInsert
INSERT INTO seen (workspace_id, scope, dedupe_key, record_id, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, scope, dedupe_key) DO NOTHING
-- sqlSeenGet
SELECT record_id FROM seen WHERE workspace_id = $1 AND scope = $2 AND dedupe_key = $3
-- sqlVisitorGet
SELECT workspace_id, id, channel_id, visitor_key, token_hash, identity_id, contact_id, locale, user_agent, page_url,
		page_title, created_at, seen_at, ended_at FROM visitors WHERE workspace_id = $1 AND id = $2
-- sqlVisitorByToken
SELECT workspace_id, id, channel_id, visitor_key, token_hash, identity_id, contact_id, locale, user_agent, page_url,
		page_title, created_at, seen_at, ended_at FROM visitors WHERE token_hash = $1
-- sqlVisitorByContact
SELECT workspace_id, id, channel_id, visitor_key, token_hash, identity_id, contact_id, locale, user_agent, page_url,
		page_title, created_at, seen_at, ended_at FROM visitors WHERE workspace_id = $1 AND contact_id = $2
		ORDER BY seen_at DESC, id DESC
-- sqlVisitorPut
INSERT INTO visitors (workspace_id, id, channel_id, visitor_key, token_hash, identity_id, contact_id, locale, user_agent, page_url,
		page_title, created_at, seen_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (workspace_id, id) DO UPDATE SET visitor_key = excluded.visitor_key, token_hash = excluded.token_hash,
		identity_id = excluded.identity_id, contact_id = excluded.contact_id, locale = excluded.locale, user_agent = excluded.user_agent,
		page_url = excluded.page_url, page_title = excluded.page_title, seen_at = excluded.seen_at, ended_at = excluded.ended_at
-- sqlVisitorTouch
UPDATE visitors SET seen_at = $3, page_url = $4, page_title = $5 WHERE workspace_id = $1 AND id = $2
-- sqlWorkspaceGet
SELECT id, name, locale, zone, reopen_days, created_at FROM workspaces WHERE id = $1
-- sqlWorkspaceList
SELECT id, name, locale, zone, reopen_days, created_at FROM workspaces ORDER BY id
-- sqlWorkspacePut
INSERT INTO workspaces (id, name, locale, zone, reopen_days, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, locale = excluded.locale, zone = excluded.zone,
		reopen_days = excluded.reopen_days
-- sqlWorkspaceNextTicket
UPDATE workspaces SET ticket_number = ticket_number + $2 WHERE id = $1 RETURNING ticket_number
-- sqlBrandList
SELECT id, name, created_at FROM brands WHERE workspace_id = $1 ORDER BY id
-- sqlBrandPut
INSERT INTO brands (workspace_id, id, name, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name
