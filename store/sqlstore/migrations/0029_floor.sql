-- What everybody has in hand, and what waits in a team's queue, are read at each decision: from these alone, without the tickets.
CREATE INDEX tickets_worked ON tickets (workspace_id, assignee_id) WHERE assignee_id > 0 AND status = 'open';
CREATE INDEX tickets_waiting ON tickets (workspace_id, team_id, id, conversation_id, channel_id, priority, wait_since, queued_at, preferred_agent_id)
  WHERE status = 'queued';
