-- What is promised to customers (E17), the clocks of each case, and who was told of long waits (E19).

CREATE TABLE sla_policies (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  position BIGINT NOT NULL,
  team_ids TEXT NOT NULL,
  schedule_id BIGINT NOT NULL, -- 0 = every hour of every day
  targets TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

ALTER TABLE tickets ADD COLUMN sla_policy_id BIGINT NOT NULL DEFAULT 0; -- named by a rule or a person

CREATE TABLE sla_clocks (
  workspace_id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  policy_id BIGINT NOT NULL,
  as_of BIGINT NOT NULL,
  next_at BIGINT NOT NULL, -- the mark that a clock comes to next, 0 = none
  clocks TEXT NOT NULL,
  PRIMARY KEY (workspace_id, ticket_id)
) WITHOUT ROWID;
CREATE INDEX sla_clocks_next ON sla_clocks (workspace_id, next_at) WHERE next_at > 0;
CREATE INDEX sla_clocks_conversation ON sla_clocks (workspace_id, conversation_id);

-- The most urgent of a case's promises, on the list's row; sla_due = 0 while no clock runs.
ALTER TABLE conversations ADD COLUMN sla_state TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN sla_due BIGINT NOT NULL DEFAULT 0;
CREATE INDEX conversations_sla ON conversations (workspace_id, unresolved, sla_due, id) WHERE sla_due > 0;
CREATE INDEX conversations_sla_assignee ON conversations (workspace_id, assignee_id, unresolved, sla_due, id) WHERE sla_due > 0;

-- How long customers may wait for a team (0 = who has none) before its supervisors hear of it, and how often they did.
CREATE TABLE wait_alerts (
  workspace_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  minutes BIGINT NOT NULL, -- 0 = never
  conversation_id BIGINT NOT NULL,
  since BIGINT NOT NULL,
  told BIGINT NOT NULL,
  told_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, team_id)
) WITHOUT ROWID;
CREATE INDEX conversations_longest ON conversations (workspace_id, team_id, wait_since, id) WHERE status = 'queued' AND wait_since > 0;
