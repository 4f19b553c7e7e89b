-- What lists filter by, on their row (G1.3, G1.4), and views that members keep.

ALTER TABLE conversations ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN existing BIGINT NOT NULL DEFAULT 0; -- the contact had a case before this one
ALTER TABLE conversations ADD COLUMN attached BIGINT NOT NULL DEFAULT 0; -- a file was sent in it
ALTER TABLE conversations ADD COLUMN failed BIGINT NOT NULL DEFAULT 0; -- as the preview says
ALTER TABLE conversations ADD COLUMN blocked BIGINT NOT NULL DEFAULT 0; -- its identity is (F12)
ALTER TABLE conversations ADD COLUMN mentioned_ids TEXT NOT NULL DEFAULT '';

UPDATE conversations SET
  language = COALESCE((SELECT lower(CASE WHEN p.locale LIKE '___-%' OR length(p.locale) = 3 THEN substr(p.locale, 1, 3) ELSE substr(p.locale, 1, 2) END)
    FROM contacts p WHERE p.workspace_id = conversations.workspace_id AND p.id = conversations.contact_id), ''),
  existing = CASE WHEN EXISTS (SELECT 1 FROM tickets t WHERE t.workspace_id = conversations.workspace_id
    AND t.contact_id = conversations.contact_id AND t.id < conversations.ticket_id) THEN 1 ELSE 0 END,
  attached = CASE WHEN EXISTS (SELECT 1 FROM attachments a WHERE a.workspace_id = conversations.workspace_id
    AND a.conversation_id = conversations.id AND a.message_id > 0) THEN 1 ELSE 0 END,
  failed = CASE WHEN preview LIKE '%"failed":true%' THEN 1 ELSE 0 END,
  blocked = CASE WHEN EXISTS (SELECT 1 FROM identities i WHERE i.workspace_id = conversations.workspace_id
    AND i.id = conversations.identity_id AND i.blocked_at > 0) THEN 1 ELSE 0 END;

CREATE INDEX conversations_failed ON conversations (workspace_id, unresolved, recency, id) WHERE failed = 1;
CREATE INDEX conversations_blocked ON conversations (workspace_id, unresolved, recency, id) WHERE blocked = 1;

-- Who was mentioned in a note where; from this release on.
CREATE TABLE conversation_mentions (
  workspace_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  unresolved BIGINT NOT NULL,
  recency BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, conversation_id, user_id),
  FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX conversation_mentions_recency ON conversation_mentions (workspace_id, user_id, unresolved, recency, conversation_id);

CREATE TABLE saved_views (
  workspace_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  audience TEXT NOT NULL,
  owner_id BIGINT NOT NULL,
  team_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  icon TEXT NOT NULL,
  color TEXT NOT NULL,
  place BIGINT NOT NULL, -- among those of its audience
  filter TEXT NOT NULL,
  sort TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
