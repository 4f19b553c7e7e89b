-- The first release was landed without this index; databases made since have it.
CREATE INDEX IF NOT EXISTS conversations_unusual ON conversations (workspace_id, unresolved, urgency, recency, id) WHERE urgency <> 2;
