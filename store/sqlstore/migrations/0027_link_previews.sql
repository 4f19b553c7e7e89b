-- What pages on the web say of themselves, for a while.

CREATE TABLE link_previews (
  workspace_id BIGINT NOT NULL,
  url TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  failure TEXT NOT NULL,
  fetched_at BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, url)
) WITHOUT ROWID;
CREATE INDEX link_previews_fetched ON link_previews (fetched_at);
