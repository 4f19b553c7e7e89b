-- The channels of providers: callbacks, what came in raw, files to fetch, how people stand, limits, templates, surveys.

ALTER TABLE channels ADD COLUMN hook TEXT NOT NULL DEFAULT '';
ALTER TABLE channels ADD COLUMN health TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX channels_hook ON channels (hook) WHERE hook <> '';

ALTER TABLE identities ADD COLUMN alias TEXT NOT NULL DEFAULT '';
ALTER TABLE identities ADD COLUMN standing TEXT NOT NULL DEFAULT '';
CREATE INDEX identities_external ON identities (workspace_id, kind, external_id, id);
CREATE INDEX identities_alias ON identities (workspace_id, kind, scope, alias) WHERE alias <> '';

ALTER TABLE messages ADD COLUMN extras TEXT NOT NULL DEFAULT '';
CREATE INDEX messages_external ON messages (workspace_id, conversation_id, external_id) WHERE external_id <> '';

ALTER TABLE deliveries ADD COLUMN price TEXT NOT NULL DEFAULT '';
CREATE INDEX deliveries_external ON deliveries (workspace_id, channel_id, external_id) WHERE external_id <> '';

-- What a provider sent, sealed, as it arrived. It waits until it is filed, and is kept for a while to be replayed.
CREATE TABLE raw_requests (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  sealed BYTES NOT NULL,
  filed_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  fault TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX raw_requests_due ON raw_requests (due_at, workspace_id, id) WHERE due_at > 0;
CREATE INDEX raw_requests_received ON raw_requests (received_at);
CREATE INDEX raw_requests_channel ON raw_requests (workspace_id, channel_id, id);

-- Files that customers sent and that their provider still keeps.
CREATE TABLE media_fetches (
  workspace_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  part BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  lease_token TEXT NOT NULL,
  PRIMARY KEY (workspace_id, message_id, part),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX media_fetches_due ON media_fetches (due_at, workspace_id, message_id, part);
CREATE INDEX media_fetches_conversation ON media_fetches (workspace_id, conversation_id);

-- How much of a provider's rate is used: the theoretical arrival time of the next message, by what is counted.
CREATE TABLE rate_marks (
  workspace_id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  arrival BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, channel_id, name)
) WITHOUT ROWID;
CREATE INDEX rate_marks_arrival ON rate_marks (arrival);

-- What providers refused, by hour, for the channel's page.
CREATE TABLE fault_counts (
  workspace_id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  hour BIGINT NOT NULL,
  code TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, channel_id, hour, code)
) WITHOUT ROWID;
CREATE INDEX fault_counts_hour ON fault_counts (hour);

CREATE TABLE templates (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  status TEXT NOT NULL,
  body TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX templates_name ON templates (workspace_id, channel_id, name, language);

CREATE TABLE surveys (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  identity_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  state TEXT NOT NULL,
  score BIGINT NOT NULL,
  comment TEXT NOT NULL,
  hinted BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX surveys_ticket ON surveys (workspace_id, ticket_id);
CREATE INDEX surveys_conversation ON surveys (workspace_id, conversation_id, id);
CREATE INDEX surveys_identity ON surveys (workspace_id, identity_id, sent_at);
