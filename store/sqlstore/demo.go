package sqlstore

import "madoguchi/store"

type demos struct{ t *tx }

const (
	sqlDemoList   = `SELECT kind, record_id FROM demo_records WHERE workspace_id = $1 ORDER BY kind, record_id`
	sqlDemoPut    = `INSERT INTO demo_records (workspace_id, kind, record_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`
	sqlDemoForget = `DELETE FROM demo_records WHERE workspace_id = $1`
)

func (s demos) Records() ([]store.DemoRecord, error) {
	return list(s.t, func(r row, d *store.DemoRecord) error { return scan(r, &d.Kind, &d.ID) }, sqlDemoList, s.t.workspace)
}

func (s demos) Remember(d store.DemoRecord) error {
	return s.t.write(sqlDemoPut, s.t.workspace, d.Kind, d.ID)
}

func (s demos) ForgetAll() error { return s.t.write(sqlDemoForget, s.t.workspace) }
