-- Who comes before a ticket in its team's queue is counted, not read: of each priority from whoever has waited longest (E10).
-- The two columns at the end let PostgreSQL count without the tickets themselves.
CREATE INDEX tickets_ahead ON tickets (workspace_id, team_id, priority, (CASE WHEN wait_since > 0 THEN wait_since ELSE queued_at END), id,
  wait_since, queued_at) WHERE status = 'queued';
