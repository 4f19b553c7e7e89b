-- Contacts as records of their own: typed fields, a list that sorts and filters, blocked people, deleted messages, exports.

-- What a workspace's own fields of contacts and tickets are; the values lie with the records.
CREATE TABLE fields (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  id BIGINT NOT NULL,
  subject TEXT NOT NULL,
  field_key TEXT NOT NULL,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  options TEXT NOT NULL,
  required BIGINT NOT NULL,
  position BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  retired_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX fields_key ON fields (workspace_id, subject, field_key);

ALTER TABLE tickets ADD COLUMN fields TEXT NOT NULL DEFAULT '';

-- The list of contacts by name: those without one come after, newest first.
CREATE INDEX contacts_name ON contacts (workspace_id, substr(folded, 1, 60) COLLATE BINARY, id) WHERE name <> '';
CREATE INDEX contacts_unnamed ON contacts (workspace_id, id) WHERE name = '';
CREATE INDEX identities_channel ON identities (workspace_id, channel_id, contact_id);
CREATE INDEX conversations_open ON conversations (workspace_id, contact_id) WHERE unresolved = 1;

-- Blocking (F12), and what blocked people wrote meanwhile: nobody's news, gone after 30 days.
ALTER TABLE identities ADD COLUMN blocked_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE identities ADD COLUMN blocked_reason TEXT NOT NULL DEFAULT '';
CREATE INDEX identities_blocked ON identities (workspace_id, contact_id) WHERE blocked_at > 0;

CREATE TABLE held_messages (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  identity_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  client_id TEXT NOT NULL,
  external_id TEXT NOT NULL,
  parts TEXT NOT NULL,
  at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX held_messages_identity ON held_messages (workspace_id, identity_id, id);
CREATE INDEX held_messages_contact ON held_messages (workspace_id, contact_id, id);
CREATE INDEX held_messages_age ON held_messages (received_at, workspace_id, id);

-- A deleted message keeps its place in the thread; its words and files are gone.
ALTER TABLE messages ADD COLUMN deleted_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN deleted_by BIGINT NOT NULL DEFAULT 0;
CREATE INDEX messages_ticket ON messages (workspace_id, ticket_id) WHERE ticket_id > 0;
CREATE INDEX attachments_message ON attachments (workspace_id, message_id) WHERE message_id > 0;

-- A contact's timeline.
CREATE INDEX events_contact ON events (workspace_id, subject_id, seq)
  WHERE kind IN ('contact.created', 'contact.changed', 'identity.blocked', 'identity.unblocked');

-- Files that people asked for, made in the background.
CREATE TABLE exports (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  format TEXT NOT NULL,
  options TEXT NOT NULL,
  state TEXT NOT NULL,
  requested_by BIGINT NOT NULL,
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  failure TEXT NOT NULL,
  name TEXT NOT NULL,
  blob_key TEXT NOT NULL,
  size BIGINT NOT NULL,
  lease_token TEXT NOT NULL,
  lease_until BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX exports_member ON exports (workspace_id, requested_by, id);
CREATE INDEX exports_due ON exports (lease_until, workspace_id, id) WHERE state IN ('queued', 'running');
CREATE INDEX exports_expiry ON exports (expires_at, workspace_id, id) WHERE state = 'done';
CREATE INDEX exports_blob ON exports (blob_key) WHERE blob_key <> '';
