-- Who gets a ticket: how teams hand out work, how much a member takes at once, whose turn it is, and what was offered to whom.
-- Teams that are there already go on as they worked: by hand.

ALTER TABLE teams ADD COLUMN mode TEXT NOT NULL DEFAULT 'manual';
ALTER TABLE teams ADD COLUMN accept TEXT NOT NULL DEFAULT 'automatic';
ALTER TABLE teams ADD COLUMN ageing BIGINT NOT NULL DEFAULT 0;
ALTER TABLE team_members ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN capacity BIGINT NOT NULL DEFAULT 0;
ALTER TABLE presences ADD COLUMN custom_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE workspaces ADD COLUMN capacity BIGINT NOT NULL DEFAULT 6;
ALTER TABLE workspaces ADD COLUMN idle_minutes BIGINT NOT NULL DEFAULT 10;
ALTER TABLE workspaces ADD COLUMN requeue_minutes BIGINT NOT NULL DEFAULT 10;
ALTER TABLE tickets ADD COLUMN pending_since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tickets ADD COLUMN preferred_agent_id BIGINT NOT NULL DEFAULT 0;

CREATE INDEX tickets_queued ON tickets (workspace_id, team_id, id) WHERE status = 'queued';
CREATE INDEX tickets_awaited ON tickets (workspace_id, team_id, id) WHERE status = 'open' AND assignee_id > 0 AND wait_since > 0;
CREATE INDEX tickets_pending ON tickets (workspace_id, pending_since) WHERE status = 'pending' AND assignee_id > 0;

-- The order of automatic assignments in a team: the lowest turn is the longest ago.
CREATE TABLE team_turns (
  workspace_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  turn BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, team_id, user_id)
) WITHOUT ROWID;

-- Kept while the ticket waits: who declined it is not asked again.
CREATE TABLE offers (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  state TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX offers_open ON offers (workspace_id, ticket_id) WHERE state = 'open';
CREATE INDEX offers_ticket ON offers (workspace_id, ticket_id);
CREATE INDEX offers_conversation ON offers (workspace_id, conversation_id);

CREATE TABLE availabilities (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  means TEXT NOT NULL,
  reassigns BIGINT NOT NULL,
  position BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
