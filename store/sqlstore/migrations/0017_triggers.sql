-- What people do at once (E29), what happens by itself (E28) and when, what it did, and the requests that it promised.
CREATE TABLE macros (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  audience TEXT NOT NULL,
  owner_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  reading TEXT NOT NULL,
  actions TEXT NOT NULL,
  uses BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX macros_name ON macros (workspace_id, audience, owner_id, team_id, name);

CREATE TABLE triggers (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  position BIGINT NOT NULL,
  enabled BIGINT NOT NULL,
  starts_on TEXT NOT NULL,
  minutes BIGINT NOT NULL,
  conditions TEXT NOT NULL,
  actions TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE TABLE trigger_runs (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  trigger_id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  occurrence TEXT NOT NULL,
  depth BIGINT NOT NULL,
  code TEXT NOT NULL,
  matched TEXT NOT NULL,
  steps TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX trigger_runs_once ON trigger_runs (workspace_id, trigger_id, ticket_id, occurrence);
CREATE INDEX trigger_runs_trigger ON trigger_runs (workspace_id, trigger_id, id);
CREATE INDEX trigger_runs_conversation ON trigger_runs (workspace_id, conversation_id);
CREATE INDEX trigger_runs_at ON trigger_runs (at);

CREATE TABLE trigger_timers (
  workspace_id BIGINT NOT NULL,
  owner_id BIGINT NOT NULL,
  ticket_id BIGINT NOT NULL,
  step TEXT NOT NULL,
  conversation_id BIGINT NOT NULL,
  marked_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, owner_id, ticket_id, step)
) WITHOUT ROWID;
CREATE INDEX trigger_timers_due ON trigger_timers (workspace_id, due_at);
CREATE INDEX trigger_timers_conversation ON trigger_timers (workspace_id, conversation_id);

CREATE TABLE webhook_calls (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  url TEXT NOT NULL,
  body TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX webhook_calls_due ON webhook_calls (workspace_id, not_before);
CREATE INDEX webhook_calls_conversation ON webhook_calls (workspace_id, conversation_id);
