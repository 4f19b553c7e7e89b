-- One text for SQLite and PostgreSQL. Two words are translated (dialect.go): BYTES is BLOB or BYTEA, and WITHOUT ROWID
-- is dropped on PostgreSQL. Times are BIGINT milliseconds UTC, 0 is "never"; flags are 0 or 1; references that may be
-- empty hold 0 and so carry no foreign key.

CREATE TABLE workspaces (
  id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  locale TEXT NOT NULL,
  zone TEXT NOT NULL,
  reopen_days BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  ticket_number BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE brands (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE TABLE users (
  id BIGINT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  locale TEXT NOT NULL,
  zone TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX users_email ON users (email);

CREATE TABLE sessions (
  token_hash TEXT NOT NULL PRIMARY KEY,
  id BIGINT NOT NULL,
  csrf TEXT NOT NULL,
  user_id BIGINT NOT NULL REFERENCES users (id),
  workspace_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ip TEXT NOT NULL,
  user_agent TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE api_keys (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  hash TEXT NOT NULL,
  role TEXT NOT NULL,
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);

CREATE TABLE invites (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  id BIGINT NOT NULL,
  email TEXT NOT NULL,
  role TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  invited_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  accepted_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX invites_token ON invites (token_hash);

CREATE TABLE members (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  user_id BIGINT NOT NULL REFERENCES users (id),
  role TEXT NOT NULL,
  grants TEXT NOT NULL,
  display_name TEXT NOT NULL,
  avatar_key TEXT NOT NULL,
  active BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  preferences BYTES,
  PRIMARY KEY (workspace_id, user_id)
) WITHOUT ROWID;
CREATE INDEX members_user ON members (user_id);

CREATE TABLE presences (
  workspace_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  chosen TEXT NOT NULL,
  idle BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, user_id),
  FOREIGN KEY (workspace_id, user_id) REFERENCES members (workspace_id, user_id)
) WITHOUT ROWID;

CREATE TABLE teams (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE TABLE team_members (
  workspace_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, team_id, user_id),
  FOREIGN KEY (workspace_id, team_id) REFERENCES teams (workspace_id, id),
  FOREIGN KEY (workspace_id, user_id) REFERENCES members (workspace_id, user_id)
) WITHOUT ROWID;
CREATE INDEX team_members_user ON team_members (workspace_id, user_id);

CREATE TABLE tags (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  color TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX tags_name ON tags (workspace_id, name);

CREATE TABLE schedules (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  zone TEXT NOT NULL,
  week TEXT NOT NULL,
  closed TEXT NOT NULL,
  special TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE TABLE channels (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  id BIGINT NOT NULL,
  brand_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  account TEXT NOT NULL,
  state TEXT NOT NULL,
  settings TEXT NOT NULL,
  secrets BYTES,
  team_id BIGINT NOT NULL,
  schedule_id BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  last_seen_on TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX channels_account ON channels (kind, account) WHERE state <> 'deleted';

CREATE TABLE contacts (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  locale TEXT NOT NULL,
  zone TEXT NOT NULL,
  external_id TEXT NOT NULL,
  fields TEXT NOT NULL,
  folded TEXT NOT NULL, -- name, e-mail and phone as they are searched: NFKC, lower case
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX contacts_external_id ON contacts (workspace_id, external_id) WHERE external_id <> '';

CREATE TABLE identities (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  scope TEXT NOT NULL,
  external_id TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  blocked_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX identities_key ON identities (workspace_id, kind, scope, external_id);
CREATE INDEX identities_contact ON identities (workspace_id, contact_id);

CREATE TABLE contact_notes (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  author_id BIGINT NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX contact_notes_contact ON contact_notes (workspace_id, contact_id, id);

CREATE TABLE visitors (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  visitor_key TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  identity_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  locale TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  page_url TEXT NOT NULL,
  page_title TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX visitors_token ON visitors (token_hash);
CREATE INDEX visitors_identity ON visitors (workspace_id, identity_id) WHERE identity_id > 0;
CREATE INDEX visitors_contact ON visitors (workspace_id, contact_id);

-- The list's rows. Sort keys ascend, so that one row comparison is a keyset:
--   recency   = -last_activity_at
--   wait_key  = wait_since while the customer waits, else 2^52 - last_activity_at (after everybody who waits)
--   urgency   = 3 - rank of the priority
CREATE TABLE conversations (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  identity_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  ticket_number BIGINT NOT NULL,
  status TEXT NOT NULL,
  assignee_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  priority TEXT NOT NULL,
  tag_ids TEXT NOT NULL,
  wait_since BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  last_inbound_seq BIGINT NOT NULL,
  last_activity_at BIGINT NOT NULL,
  preview TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  unresolved BIGINT NOT NULL,
  recency BIGINT NOT NULL,
  wait_key BIGINT NOT NULL,
  urgency BIGINT NOT NULL,
  drawn_seq BIGINT NOT NULL, -- the last message Seq drawn; the row's lock guards it
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id),
  FOREIGN KEY (workspace_id, identity_id) REFERENCES identities (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX conversations_identity ON conversations (workspace_id, identity_id);
CREATE INDEX conversations_contact ON conversations (workspace_id, contact_id);
CREATE INDEX conversations_recency ON conversations (workspace_id, unresolved, recency, id);
CREATE INDEX conversations_urgency ON conversations (workspace_id, unresolved, urgency, wait_key, id);
-- Only what is not of normal priority (urgency 2): the few that a filter by priority looks for.
CREATE INDEX conversations_unusual ON conversations (workspace_id, unresolved, urgency, recency, id) WHERE urgency <> 2;
CREATE INDEX conversations_assignee ON conversations (workspace_id, assignee_id, unresolved, recency, id);
CREATE INDEX conversations_mine ON conversations (workspace_id, assignee_id, unresolved, urgency, wait_key, id) WHERE assignee_id > 0;
CREATE INDEX conversations_team ON conversations (workspace_id, team_id, unresolved, recency, id) WHERE team_id > 0;
CREATE INDEX conversations_channel ON conversations (workspace_id, channel_id, unresolved, recency, id);
CREATE INDEX conversations_snoozed ON conversations (workspace_id, recency, id) WHERE status = 'snoozed';

CREATE TABLE conversation_tags (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  tag_id BIGINT NOT NULL,
  unresolved BIGINT NOT NULL,
  recency BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, conversation_id, tag_id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX conversation_tags_recency ON conversation_tags (workspace_id, tag_id, unresolved, recency, conversation_id);

-- Sizes of the views, kept in step by the transactions that change conversations.
CREATE TABLE counters (
  workspace_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  subject_id BIGINT NOT NULL,
  size BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, name, subject_id)
) WITHOUT ROWID;

CREATE TABLE member_reads (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, conversation_id, user_id)
) WITHOUT ROWID;

CREATE TABLE customer_reads (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, conversation_id)
) WITHOUT ROWID;

CREATE TABLE tickets (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  ticket_number BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  snoozed_until BIGINT NOT NULL,
  assignee_id BIGINT NOT NULL,
  last_assignee_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  priority TEXT NOT NULL,
  tag_ids TEXT NOT NULL,
  wait_since BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  queued_at BIGINT NOT NULL,
  assigned_at BIGINT NOT NULL,
  replied_at BIGINT NOT NULL,
  resolved_at BIGINT NOT NULL,
  reopened_count BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX tickets_number ON tickets (workspace_id, ticket_number);
CREATE UNIQUE INDEX tickets_unresolved ON tickets (workspace_id, conversation_id) WHERE status <> 'resolved';
CREATE INDEX tickets_conversation ON tickets (workspace_id, conversation_id, id);
CREATE INDEX tickets_contact ON tickets (workspace_id, contact_id, id);
CREATE INDEX tickets_assignee ON tickets (workspace_id, assignee_id, id) WHERE assignee_id > 0 AND status <> 'resolved';
CREATE INDEX tickets_sleeping ON tickets (workspace_id, snoozed_until, id) WHERE status = 'snoozed';

CREATE TABLE messages (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  author_kind TEXT NOT NULL,
  author_id BIGINT NOT NULL,
  author_name TEXT NOT NULL,
  parts TEXT NOT NULL,
  system_line TEXT NOT NULL,
  client_id TEXT NOT NULL,
  external_id TEXT NOT NULL,
  reply_to_id BIGINT NOT NULL,
  status TEXT NOT NULL,
  fault TEXT NOT NULL,
  at BIGINT NOT NULL,
  provider_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  late BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX messages_seq ON messages (workspace_id, conversation_id, seq);
CREATE INDEX messages_inbound ON messages (workspace_id, conversation_id, seq) WHERE author_kind = 'customer';
CREATE UNIQUE INDEX messages_client_id ON messages (workspace_id, conversation_id, author_kind, author_id, client_id) WHERE client_id <> '';

CREATE TABLE attachments (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  mime TEXT NOT NULL,
  size BIGINT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  blob_key TEXT NOT NULL,
  thumb_key TEXT NOT NULL,
  uploaded_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX attachments_conversation ON attachments (workspace_id, conversation_id, id) WHERE message_id > 0;
CREATE INDEX attachments_unsent ON attachments (workspace_id, created_at, id) WHERE message_id = 0;
CREATE INDEX attachments_blob ON attachments (blob_key);
CREATE INDEX attachments_thumb ON attachments (thumb_key) WHERE thumb_key <> '';

CREATE TABLE drafts (
  workspace_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  mode TEXT NOT NULL,
  body TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, user_id, conversation_id, mode)
) WITHOUT ROWID;

CREATE TABLE event_heads (
  workspace_id BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);

CREATE TABLE events (
  workspace_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  subject_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  message_seq BIGINT NOT NULL,
  changes TEXT NOT NULL,
  PRIMARY KEY (workspace_id, seq)
) WITHOUT ROWID;

CREATE TABLE cursors (
  workspace_id BIGINT NOT NULL,
  reactor TEXT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, reactor)
) WITHOUT ROWID;

-- A lane is a conversation with something to send. Its head is the oldest delivery that has not ended; wake_at is when
-- somebody should look at it: the head's time, the end of its channel's pause, or the end of the lease; 0 = nothing to do.
CREATE TABLE lanes (
  workspace_id BIGINT NOT NULL,
  lane_id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  next_seq BIGINT NOT NULL,
  head_id BIGINT NOT NULL,
  head_at BIGINT NOT NULL,
  wake_at BIGINT NOT NULL,
  lease_token TEXT NOT NULL,
  worker TEXT NOT NULL,
  PRIMARY KEY (workspace_id, lane_id)
) WITHOUT ROWID;
CREATE INDEX lanes_wake ON lanes (wake_at, workspace_id, lane_id) WHERE wake_at > 0;
CREATE INDEX lanes_channel ON lanes (workspace_id, channel_id) WHERE wake_at > 0;

CREATE TABLE deliveries (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  part BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  status TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  idempotency_key TEXT NOT NULL,
  external_id TEXT NOT NULL,
  fault TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  ended BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX deliveries_lane ON deliveries (workspace_id, conversation_id, seq) WHERE ended = 0;
CREATE INDEX deliveries_message ON deliveries (workspace_id, message_id, seq);

CREATE TABLE channel_pauses (
  workspace_id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, channel_id)
) WITHOUT ROWID;

CREATE TABLE seen (
  workspace_id BIGINT NOT NULL,
  scope TEXT NOT NULL,
  dedupe_key TEXT NOT NULL,
  record_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, scope, dedupe_key)
) WITHOUT ROWID;
CREATE INDEX seen_at ON seen (at);

-- What was made as demo data, so that it can leave as it came.
CREATE TABLE demo_records (
  workspace_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  record_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, kind, record_id)
) WITHOUT ROWID;

CREATE TABLE node_slots (
  slot BIGINT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  until BIGINT NOT NULL
);
