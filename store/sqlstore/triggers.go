package sqlstore

import (
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

type triggers struct{ t *tx }

const (
	triggerColumns = `id, name, position, enabled, starts_on, minutes, conditions, actions, created_at, updated_at, version`
	runColumns     = `id, trigger_id, ticket_id, conversation_id, occurrence, depth, code, matched, steps, at`
	catchUpColumns = `trigger_id, version, overdue, saved_at, after_at, after_id`
	timerColumns   = `owner_id, ticket_id, step, conversation_id, marked_at, due_at`

	sqlTriggerGet  = `SELECT ` + triggerColumns + ` FROM triggers WHERE workspace_id = $1 AND id = $2`
	sqlTriggerList = `SELECT ` + triggerColumns + ` FROM triggers WHERE workspace_id = $1 ORDER BY position, id`
	sqlTriggerPut  = `INSERT INTO triggers (workspace_id, ` + triggerColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, position = excluded.position, enabled = excluded.enabled,
		starts_on = excluded.starts_on, minutes = excluded.minutes, conditions = excluded.conditions, actions = excluded.actions,
		updated_at = excluded.updated_at, version = excluded.version`
	sqlTriggerDelete = `DELETE FROM triggers WHERE workspace_id = $1 AND id = $2`

	sqlRunGet      = `SELECT ` + runColumns + ` FROM trigger_runs WHERE workspace_id = $1 AND id = $2`
	sqlRunsOf      = `SELECT ` + runColumns + ` FROM trigger_runs WHERE workspace_id = $1 AND trigger_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4`
	sqlRunsRefused = `SELECT ` + runColumns + ` FROM trigger_runs WHERE workspace_id = $1 AND trigger_id = $2 AND id < $3 AND refused = 1
		ORDER BY id DESC LIMIT $4`
	sqlRunsOfTicket = `SELECT ` + runColumns + ` FROM trigger_runs WHERE workspace_id = $1 AND trigger_id = $2 AND id < $3 AND ticket_id = $5 AND refused >= $6
		ORDER BY id DESC LIMIT $4`
	sqlRunSince = `SELECT count(*) FROM (SELECT s.id FROM trigger_runs s WHERE s.workspace_id = $1 AND s.trigger_id = $2 AND s.ticket_id = $3
		AND s.id >= $4 LIMIT $5) AS s`
	sqlRunAdd = `INSERT INTO trigger_runs (workspace_id, ` + runColumns + `, refused) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT DO NOTHING`
	sqlRunEnd   = `UPDATE trigger_runs SET code = $3, steps = $4, refused = $5 WHERE workspace_id = $1 AND id = $2`
	sqlRunSweep = `DELETE FROM trigger_runs WHERE at < $1`

	sqlTimerList = `SELECT ` + timerColumns + ` FROM trigger_timers WHERE workspace_id = $1 ORDER BY due_at LIMIT $2`
	sqlTimerPut  = `INSERT INTO trigger_timers (workspace_id, ` + timerColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, owner_id, ticket_id, step) DO UPDATE SET marked_at = excluded.marked_at, due_at = excluded.due_at`
	sqlTimerAdd  = `INSERT INTO trigger_timers (workspace_id, ` + timerColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`
	sqlTimerStop = `DELETE FROM trigger_timers WHERE workspace_id = $1 AND owner_id = $2 AND ticket_id = $3`
	sqlTimerTake = `DELETE FROM trigger_timers WHERE workspace_id = $1 AND owner_id = $2 AND ticket_id = $3 AND step = $4 AND due_at = $5`
	sqlTimerEnd  = `DELETE FROM trigger_timers WHERE workspace_id = $1 AND owner_id = $2`
	sqlTimerSome = `DELETE FROM trigger_timers WHERE workspace_id = $1 AND owner_id = $2 AND ticket_id IN (
		SELECT p.ticket_id FROM trigger_timers p WHERE p.workspace_id = $1 AND p.owner_id = $2 ORDER BY p.ticket_id LIMIT $3)`

	sqlCatchUpNext = `SELECT ` + catchUpColumns + ` FROM trigger_catch_ups WHERE workspace_id = $1 ORDER BY trigger_id LIMIT 1`
	sqlCatchUpPut  = `INSERT INTO trigger_catch_ups (workspace_id, ` + catchUpColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, trigger_id) DO UPDATE SET version = excluded.version, overdue = excluded.overdue, saved_at = excluded.saved_at,
		after_at = excluded.after_at, after_id = excluded.after_id`
	sqlCatchUpTake = `DELETE FROM trigger_catch_ups WHERE workspace_id = $1 AND trigger_id = $2 AND version = $3 AND after_at = $4 AND after_id = $5`
	sqlCatchUpEnd  = `DELETE FROM trigger_catch_ups WHERE workspace_id = $1 AND trigger_id = $2`
)

// runsKept is how long it is told what triggers did (E28).
const runsKept = 30 * 24 * time.Hour

func readTrigger(r row, v *desk.Trigger) error {
	return scan(r, &v.ID, &v.Name, &v.Position, &v.Enabled, &v.On, &v.Minutes, asJSON(&v.Conditions), asJSON(&v.Actions), &v.CreatedAt, &v.UpdatedAt, &v.Version)
}

func readRun(r row, v *desk.TriggerRun) error {
	return scan(r, &v.ID, &v.TriggerID, &v.TicketID, &v.ConversationID, &v.Occurrence, &v.Depth, &v.Code, asJSON(&v.Matched), asJSON(&v.Steps), &v.At)
}

func readTimer(r row, v *desk.TriggerTimer) error {
	return scan(r, &v.Owner, &v.TicketID, &v.Step, &v.ConversationID, &v.MarkedAt, &v.DueAt)
}

func (s triggers) Get(id desk.ID) (desk.Trigger, error) {
	return get(s.t, "trigger", readTrigger, sqlTriggerGet, s.t.workspace, id)
}

func (s triggers) List() ([]desk.Trigger, error) {
	return list(s.t, readTrigger, sqlTriggerList, s.t.workspace)
}

func (s triggers) Run(id desk.ID) (desk.TriggerRun, error) {
	return get(s.t, "trigger_run", readRun, sqlRunGet, s.t.workspace, id)
}

func (s triggers) Runs(q store.RunQuery) ([]desk.TriggerRun, error) {
	below := q.Below
	if below == 0 {
		below = 1 << 53
	}
	args := []any{s.t.workspace, q.Trigger, below, q.Limit}
	switch {
	case q.Ticket != 0:
		return list(s.t, readRun, sqlRunsOfTicket, append(args, q.Ticket, q.Refused)...)
	case q.Refused:
		return list(s.t, readRun, sqlRunsRefused, args...)
	}
	return list(s.t, readRun, sqlRunsOf, args...)
}

func (s triggers) RunsSince(trigger, ticket, from desk.ID, limit int) (n int, err error) {
	_, err = s.t.value(sqlRunSince, []any{s.t.workspace, trigger, ticket, from, limit}, &n)
	return n, err
}

func (s triggers) Timers(limit int) ([]desk.TriggerTimer, error) {
	return list(s.t, readTimer, sqlTimerList, s.t.workspace, limit)
}

func (s triggers) Put(v desk.Trigger) error {
	return s.t.write(sqlTriggerPut, s.t.workspace, v.ID, v.Name, v.Position, v.Enabled, v.On, v.Minutes, asJSON(v.Conditions), asJSON(v.Actions),
		v.CreatedAt, v.UpdatedAt, v.Version)
}

func (s triggers) Delete(id desk.ID) error {
	return s.t.write(sqlTriggerDelete, s.t.workspace, id)
}

func (s triggers) AddRun(v desk.TriggerRun) (bool, error) {
	n, err := s.t.exec(sqlRunAdd, s.t.workspace, v.ID, v.TriggerID, v.TicketID, v.ConversationID, v.Occurrence, v.Depth, v.Code, asJSON(v.Matched),
		asJSON(v.Steps), v.At, v.Refused())
	return n == 1, err
}

func (s triggers) EndRun(v desk.TriggerRun) error {
	return s.t.write(sqlRunEnd, s.t.workspace, v.ID, v.Code, asJSON(v.Steps), v.Refused())
}

func (s triggers) PutTimer(v desk.TriggerTimer) error {
	return s.t.write(sqlTimerPut, s.t.workspace, v.Owner, v.TicketID, v.Step, v.ConversationID, v.MarkedAt, v.DueAt)
}

func (s triggers) AddTimer(v desk.TriggerTimer) error {
	_, err := s.t.exec(sqlTimerAdd, s.t.workspace, v.Owner, v.TicketID, v.Step, v.ConversationID, v.MarkedAt, v.DueAt)
	return err
}

func (s triggers) StopTimer(owner, ticket desk.ID) error {
	return s.t.write(sqlTimerStop, s.t.workspace, owner, ticket)
}

func (s triggers) TakeTimer(v desk.TriggerTimer) (bool, error) {
	n, err := s.t.exec(sqlTimerTake, s.t.workspace, v.Owner, v.TicketID, v.Step, v.DueAt)
	return n == 1, err
}

func (s triggers) StopTimersOf(owner desk.ID) error {
	if err := s.t.write(sqlCatchUpEnd, s.t.workspace, owner); err != nil {
		return err
	}
	return s.t.write(sqlTimerEnd, s.t.workspace, owner)
}

func (s triggers) StopSomeOf(owner desk.ID, limit int) (int64, error) {
	return s.t.exec(sqlTimerSome, s.t.workspace, owner, limit)
}

func (s triggers) CatchUp() (v desk.TriggerCatchUp, found bool, err error) {
	found, err = s.t.value(sqlCatchUpNext, []any{s.t.workspace}, &v.TriggerID, &v.Version, &v.Overdue, &v.SavedAt, &v.After.At, &v.After.ID)
	return v, found, err
}

func (s triggers) PutCatchUp(v desk.TriggerCatchUp) error {
	return s.t.write(sqlCatchUpPut, s.t.workspace, v.TriggerID, v.Version, v.Overdue, v.SavedAt, v.After.At, v.After.ID)
}

func (s triggers) TakeCatchUp(v desk.TriggerCatchUp) (bool, error) {
	n, err := s.t.exec(sqlCatchUpTake, s.t.workspace, v.TriggerID, v.Version, v.After.At, v.After.ID)
	return n == 1, err
}
