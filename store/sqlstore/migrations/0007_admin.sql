-- Administration: canned replies, grants per role, what keys may do, which files are taken, faces of brands.

CREATE TABLE canned_replies (
  workspace_id BIGINT NOT NULL REFERENCES workspaces (id),
  id BIGINT NOT NULL,
  audience TEXT NOT NULL,
  owner_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  reading TEXT NOT NULL,
  texts TEXT NOT NULL,
  uses BIGINT NOT NULL DEFAULT 0,
  last_used_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX canned_replies_name ON canned_replies (workspace_id, audience, owner_id, team_id, name);

ALTER TABLE workspaces ADD COLUMN role_grants TEXT NOT NULL DEFAULT '';
ALTER TABLE workspaces ADD COLUMN files TEXT NOT NULL DEFAULT '';

ALTER TABLE api_keys ADD COLUMN permissions TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN expires_at BIGINT NOT NULL DEFAULT 0;

ALTER TABLE brands ADD COLUMN sender_name TEXT NOT NULL DEFAULT '';
ALTER TABLE brands ADD COLUMN locale TEXT NOT NULL DEFAULT '';
ALTER TABLE brands ADD COLUMN logo_key TEXT NOT NULL DEFAULT '';
