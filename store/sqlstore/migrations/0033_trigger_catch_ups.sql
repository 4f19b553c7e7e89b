-- How far the timers of a trigger on time are set for the tickets that stood already when it was saved (E28), and resolved tickets by
-- when they were.
CREATE TABLE trigger_catch_ups (
  workspace_id BIGINT NOT NULL,
  trigger_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  overdue BIGINT NOT NULL,
  saved_at BIGINT NOT NULL,
  after_at BIGINT NOT NULL,
  after_id BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, trigger_id)
) WITHOUT ROWID;
CREATE INDEX tickets_resolved ON tickets (workspace_id, resolved_at, id) WHERE status = 'resolved';

-- What of a run was not done, to find those runs.
ALTER TABLE trigger_runs ADD COLUMN refused BIGINT NOT NULL DEFAULT 0;
CREATE INDEX trigger_runs_refused ON trigger_runs (workspace_id, trigger_id, id) WHERE refused = 1;
