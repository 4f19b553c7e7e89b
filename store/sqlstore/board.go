package sqlstore

import "madoguchi/desk"

// Each walks an index of nothing but what it counts: the board costs what is waiting and worked on, however much is resolved.
const (
	sqlShareQueued = `SELECT 'queued', team_id, channel_id, 0, count(*), coalesce(min(nullif(wait_since, 0)), 0) FROM conversations c
		WHERE workspace_id = $1 AND status = 'queued' GROUP BY team_id, channel_id ORDER BY team_id, channel_id`
	sqlShareOpen = `SELECT 'open', team_id, 0, assignee_id, count(*), coalesce(min(nullif(wait_since, 0)), 0) FROM conversations c
		WHERE workspace_id = $1 AND status = 'open' GROUP BY team_id, assignee_id ORDER BY team_id, assignee_id`
	sqlPromiseShares = `SELECT team_id, assignee_id, sla_state, count(*) FROM conversations c
		WHERE workspace_id = $1 AND sla_state IN ('warning', 'breached') GROUP BY team_id, assignee_id, sla_state ORDER BY team_id, assignee_id, sla_state`
)

func readShare(r row, s *desk.Share) error {
	return scan(r, &s.Status, &s.TeamID, &s.ChannelID, &s.Assignee, &s.Cases, &s.WaitSince)
}

func (s conversations) Shares() ([]desk.Share, error) {
	queued, err := list(s.t, readShare, sqlShareQueued, s.t.workspace)
	if err != nil {
		return nil, err
	}
	open, err := list(s.t, readShare, sqlShareOpen, s.t.workspace)
	return append(queued, open...), err
}

func readPromiseShare(r row, s *desk.PromiseShare) error {
	return scan(r, &s.TeamID, &s.Assignee, &s.State, &s.Cases)
}

func (s conversations) PromiseShares() ([]desk.PromiseShare, error) {
	return list(s.t, readPromiseShare, sqlPromiseShares, s.t.workspace)
}
