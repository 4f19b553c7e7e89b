-- How long people wait (E24): how long assignments occupied a slot, and what was expected of each that waited.
CREATE TABLE slot_uses (
  workspace_id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  assignee_id BIGINT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  held BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, ticket_id)
) WITHOUT ROWID;

CREATE TABLE slot_samples (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  held BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX slot_samples_team ON slot_samples (workspace_id, team_id, ended_at);

CREATE TABLE wait_estimates (
  workspace_id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  wait BIGINT NOT NULL,
  assigned_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, ticket_id, at)
) WITHOUT ROWID;
CREATE INDEX wait_estimates_done ON wait_estimates (workspace_id, assigned_at);
-- What is swept after a month.
CREATE INDEX slot_uses_since ON slot_uses (since);
CREATE INDEX slot_samples_ended ON slot_samples (ended_at);
CREATE INDEX wait_estimates_at ON wait_estimates (at);
