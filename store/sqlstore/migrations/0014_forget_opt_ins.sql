-- The reasons why members took opt-outs back, found when their contact is forgotten.

CREATE INDEX events_opt_ins ON events (workspace_id, subject_id) WHERE kind = 'identity.opted_in';
