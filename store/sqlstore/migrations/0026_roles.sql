-- Roles of the workspace's own (J1, J3). A program of before knows the base alone: what it writes counts again with the base's rights.
CREATE TABLE custom_roles (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  id BIGINT NOT NULL,
  label TEXT NOT NULL,
  base TEXT NOT NULL,
  permissions TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
ALTER TABLE members ADD COLUMN custom_role_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE api_keys ADD COLUMN custom_role_id BIGINT NOT NULL DEFAULT 0;
