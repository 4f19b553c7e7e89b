-- Where new tickets go, by the first rule of the list that applies, and which rule it was.

CREATE TABLE routing_rules (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  active BIGINT NOT NULL,
  position BIGINT NOT NULL,
  conditions TEXT NOT NULL,
  actions TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

ALTER TABLE tickets ADD COLUMN routing_rule_id BIGINT NOT NULL DEFAULT 0;
