package sqlstore

import (
	"time"

	"madoguchi/desk"
)

const (
	sqlFaultCount = `INSERT INTO fault_counts (workspace_id, channel_id, hour, code, n) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (workspace_id, channel_id, hour, code) DO UPDATE SET n = fault_counts.n + 1`
	sqlFaultList  = `SELECT hour, code, n FROM fault_counts WHERE workspace_id = $1 AND channel_id = $2 AND hour >= $3 ORDER BY hour DESC, code DESC`
	sqlFaultSweep = `DELETE FROM fault_counts WHERE hour < $1`
)

// faultsKept is how long the channel's page may look back.
const faultsKept = 30 * 24 * time.Hour

func (s channels) CountFault(id desk.ID, code string) error {
	return s.t.write(sqlFaultCount, s.t.workspace, id, s.t.at.Truncate(time.Hour), code)
}

func (s channels) Faults(id desk.ID, since time.Time) ([]desk.FaultCount, error) {
	return list(s.t, func(r row, f *desk.FaultCount) error { return scan(r, &f.Hour, &f.Code, &f.N) }, sqlFaultList,
		s.t.workspace, id, since.Truncate(time.Hour))
}
