-- What everybody has, and what waits in a team's queue, are read at each decision: from these alone, without the tickets.
CREATE INDEX tickets_load ON tickets (workspace_id, assignee_id, status, pending_since) WHERE assignee_id > 0 AND status <> 'resolved';
CREATE INDEX tickets_waiting ON tickets (workspace_id, team_id, id, conversation_id, channel_id, priority, wait_since, queued_at, preferred_agent_id)
  WHERE status = 'queued';
DROP INDEX tickets_queued;
