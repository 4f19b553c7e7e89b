-- Which conversations a member sees (J2).
ALTER TABLE members ADD COLUMN scope TEXT NOT NULL DEFAULT 'all';

-- How far the index is with its tasks: where it stands in the event log, and down to which id the past is filled in.
CREATE TABLE search_positions (
  workspace_id BIGINT NOT NULL,
  task TEXT NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, task)
) WITHOUT ROWID;

-- What records can be found by: tokens that package search makes. The two databases keep them in their own ways, so their
-- lines stand behind their names (dialect.go). Nobody but the index's reactor and deletions write here.
--sqlite CREATE VIRTUAL TABLE search_words USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
--postgres CREATE TABLE search_words (workspace_id BIGINT NOT NULL, id BIGINT NOT NULL, words TSVECTOR NOT NULL, PRIMARY KEY (workspace_id, id));
--postgres CREATE INDEX search_words_words ON search_words USING gin (words);
