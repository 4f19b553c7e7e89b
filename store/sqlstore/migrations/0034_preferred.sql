-- What waits for somebody in particular is found whatever team it waits in (E2, E11).
CREATE INDEX tickets_preferring ON tickets (workspace_id, preferred_agent_id, id) WHERE status = 'queued' AND preferred_agent_id > 0;
