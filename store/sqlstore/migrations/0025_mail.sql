-- What waits to be mailed: one for each thing that it is about, the conversation or the member.
CREATE TABLE mails (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  tag TEXT NOT NULL,
  code TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  since BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  news BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  handed_at BIGINT NOT NULL,
  up_to BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX mails_tag ON mails (workspace_id, tag);
CREATE INDEX mails_due ON mails (due_at);

-- When a member's next digest is due; 0 = never.
ALTER TABLE members ADD COLUMN digest_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX members_digest ON members (digest_at) WHERE digest_at > 0;
