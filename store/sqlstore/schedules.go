package sqlstore

import "madoguchi/desk"

type schedules struct{ t *tx }

const (
	scheduleColumns = `id, name, zone, week, closed, special, created_at, updated_at`

	sqlScheduleGet  = `SELECT ` + scheduleColumns + ` FROM schedules WHERE workspace_id = $1 AND id = $2`
	sqlScheduleList = `SELECT ` + scheduleColumns + ` FROM schedules WHERE workspace_id = $1 ORDER BY id`
	sqlSchedulePut  = `INSERT INTO schedules (workspace_id, ` + scheduleColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, zone = excluded.zone, week = excluded.week,
		closed = excluded.closed, special = excluded.special, updated_at = excluded.updated_at`
	sqlScheduleUsed     = `SELECT id FROM channels WHERE workspace_id = $1 AND schedule_id = $2 AND state <> 'deleted' LIMIT 1`
	sqlSchedulePromised = `SELECT id FROM sla_policies WHERE workspace_id = $1 AND schedule_id = $2 LIMIT 1`
	sqlScheduleDelete   = `DELETE FROM schedules WHERE workspace_id = $1 AND id = $2`
)

func readSchedule(r row, v *desk.Schedule) error {
	return scan(r, &v.ID, &v.Name, &v.Zone, asJSON(&v.Week), asJSON(&v.Closed), asJSON(&v.Special), &v.CreatedAt, &v.UpdatedAt)
}

func (s schedules) Get(id desk.ID) (desk.Schedule, error) {
	return get(s.t, "schedule", readSchedule, sqlScheduleGet, s.t.workspace, id)
}

func (s schedules) List() ([]desk.Schedule, error) {
	return list(s.t, readSchedule, sqlScheduleList, s.t.workspace)
}

func (s schedules) Put(v desk.Schedule) error {
	return s.t.write(sqlSchedulePut, s.t.workspace, v.ID, v.Name, v.Zone, asJSON(v.Week), asJSON(v.Closed), asJSON(v.Special), v.CreatedAt, v.UpdatedAt)
}

func (s schedules) Delete(id desk.ID) error {
	for user, sql := range map[string]string{"channel": sqlScheduleUsed, "SLA policy": sqlSchedulePromised} {
		var by desk.ID
		used, err := s.t.value(sql, []any{s.t.workspace, id}, &by)
		if err != nil {
			return err
		}
		if used {
			return desk.Errorf(desk.KindConflict, "schedule_in_use", "%s %s uses schedule %s", user, by, id)
		}
	}
	return s.t.write(sqlScheduleDelete, s.t.workspace, id)
}
