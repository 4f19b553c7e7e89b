-- What became of one ticket, for trials of triggers: they ask how it was at an instant.
CREATE INDEX events_ticket ON events (workspace_id, ticket_id, seq) WHERE kind = 'ticket.changed';
