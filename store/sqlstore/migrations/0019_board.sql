-- The board of supervisors: what waits and what is worked on, counted by team, channel and member from these two alone.
CREATE INDEX conversations_queued ON conversations (workspace_id, team_id, channel_id, wait_since) WHERE status = 'queued';
CREATE INDEX conversations_worked ON conversations (workspace_id, team_id, assignee_id, wait_since) WHERE status = 'open';
CREATE INDEX conversations_pressed ON conversations (workspace_id, team_id, assignee_id, sla_state) WHERE sla_state IN ('warning', 'breached');

-- Since when a member's availability is what it is, 0 where nobody noted it.
ALTER TABLE presences ADD COLUMN since BIGINT NOT NULL DEFAULT 0;

-- Supervisors who joined a case, and whether its holder sees that one looks on.
ALTER TABLE tickets ADD COLUMN joined_ids TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN joined_ids TEXT NOT NULL DEFAULT '';
ALTER TABLE workspaces ADD COLUMN hide_monitoring BIGINT NOT NULL DEFAULT 0;
