-- The audit log (J5): intents are written in the transaction of the deed, then linked into the workspace's chain and
-- removed. Workspace 0 is the server itself. The head's seal binds its position and hash to the key file.

CREATE TABLE audit_intents (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT NOT NULL,
  ip TEXT NOT NULL,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id BIGINT NOT NULL,
  object_name TEXT NOT NULL,
  changes TEXT NOT NULL,
  request_id TEXT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;

CREATE TABLE audit_entries (
  workspace_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id BIGINT NOT NULL,
  ip TEXT NOT NULL,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id BIGINT NOT NULL,
  object_name TEXT NOT NULL,
  changes TEXT NOT NULL,
  request_id TEXT NOT NULL,
  hash BYTES NOT NULL,
  PRIMARY KEY (workspace_id, seq)
) WITHOUT ROWID;

CREATE TABLE audit_heads (
  workspace_id BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash BYTES,
  sealed BYTES
);

-- Entries are appended and nothing else, whoever tries: a slip of an administrator's hand stops here. Who means to forge
-- drops the triggers first; that is what the chain is for.
--sqlite CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
--sqlite CREATE TRIGGER audit_entries_remain BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, 'audit entries are never removed'); END;
--postgres CREATE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit entries are never changed or removed'; END $$;
--postgres CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION audit_entries_stay();
