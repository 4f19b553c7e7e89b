-- Replies that wait for their instant, reminders, and what canned replies have beside a name and texts.

CREATE TABLE scheduled_messages (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  client_id TEXT NOT NULL,
  undoable BIGINT NOT NULL,
  parts TEXT NOT NULL,
  reply_to_id BIGINT NOT NULL,
  and_then TEXT NOT NULL,
  snooze_until BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  unless_answered BIGINT NOT NULL,
  seen_seq BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX scheduled_messages_due ON scheduled_messages (workspace_id, due_at, id);
CREATE INDEX scheduled_messages_conversation ON scheduled_messages (workspace_id, conversation_id, due_at, id);
CREATE INDEX scheduled_messages_user ON scheduled_messages (workspace_id, user_id);
CREATE UNIQUE INDEX scheduled_messages_client_id ON scheduled_messages (workspace_id, conversation_id, user_id, client_id);

CREATE TABLE reminders (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  note TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  unless_answered BIGINT NOT NULL,
  seen_seq BIGINT NOT NULL,
  fired_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX reminders_place ON reminders (workspace_id, conversation_id, user_id);
CREATE INDEX reminders_due ON reminders (workspace_id, due_at, id) WHERE fired_at = 0;
CREATE INDEX reminders_user ON reminders (workspace_id, user_id, due_at);

ALTER TABLE canned_replies ADD COLUMN folder TEXT NOT NULL DEFAULT '';
ALTER TABLE canned_replies ADD COLUMN files TEXT NOT NULL DEFAULT '[]';
