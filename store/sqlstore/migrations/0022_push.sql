-- Members are told of conversations too, and on their devices.
ALTER TABLE notifications ADD COLUMN conversation_id BIGINT NOT NULL DEFAULT 0;

-- How a member is told, as JSON; empty = of everything.
ALTER TABLE members ADD COLUMN telling TEXT NOT NULL DEFAULT '';

-- Browsers that a push service reaches; they end with the session that they were signed up in.
CREATE TABLE push_devices (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  session_hash TEXT NOT NULL REFERENCES sessions (token_hash) ON DELETE CASCADE,
  endpoint_hash TEXT NOT NULL,
  sealed BYTES NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX push_devices_endpoint ON push_devices (endpoint_hash);
CREATE INDEX push_devices_session ON push_devices (session_hash);
CREATE INDEX push_devices_user ON push_devices (workspace_id, user_id);

-- What waits to be pushed to a device: one for each thing that it is about, the newest.
CREATE TABLE pushes (
  workspace_id BIGINT NOT NULL,
  device_id BIGINT NOT NULL,
  tag TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  code TEXT NOT NULL,
  conversation_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  notification_id BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, device_id, tag),
  FOREIGN KEY (workspace_id, device_id) REFERENCES push_devices (workspace_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX pushes_due ON pushes (due_at);
