-- What members are told beside conversations: what ails a channel, what became of a template.
CREATE TABLE notifications (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  code TEXT NOT NULL,
  severity TEXT NOT NULL,
  params TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, channel_id) REFERENCES channels (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX notifications_user ON notifications (workspace_id, user_id, id);
CREATE INDEX notifications_at ON notifications (at);
