package sqlstore

import (
	"slices"
	"time"

	"madoguchi/desk"
)

type waits struct{ t *tx }

const (
	sqlSlotUseGet = `SELECT ticket_id, team_id, assignee_id, since, until, held FROM slot_uses WHERE workspace_id = $1 AND ticket_id = $2`
	sqlSlotUsePut = `INSERT INTO slot_uses (workspace_id, ticket_id, team_id, assignee_id, since, until, held) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, ticket_id) DO UPDATE SET team_id = excluded.team_id, assignee_id = excluded.assignee_id,
		since = excluded.since, until = excluded.until, held = excluded.held`
	sqlSlotUseDelete = `DELETE FROM slot_uses WHERE workspace_id = $1 AND ticket_id = $2`
	sqlSampleAdd     = `INSERT INTO slot_samples (workspace_id, id, team_id, ended_at, held) VALUES ($1, $2, $3, $4, $5)`
	sqlSampleNewest  = `SELECT held FROM slot_samples WHERE workspace_id = $1 AND team_id = $2 AND ended_at > $3 ORDER BY ended_at DESC LIMIT $4`
	sqlEstimatePut   = `INSERT INTO wait_estimates (workspace_id, ticket_id, at, team_id, wait, assigned_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (workspace_id, ticket_id, at) DO NOTHING`
	sqlEstimateEnd  = `UPDATE wait_estimates SET assigned_at = $3 WHERE workspace_id = $1 AND ticket_id = $2 AND assigned_at = 0`
	sqlEstimateLast = `SELECT ticket_id, at, team_id, wait, assigned_at FROM wait_estimates WHERE workspace_id = $1 AND ticket_id = $2
		AND assigned_at = 0 ORDER BY at DESC LIMIT 1`
	sqlEstimatesDone = `SELECT ticket_id, at, team_id, wait, assigned_at FROM wait_estimates WHERE workspace_id = $1 AND assigned_at > $2
		ORDER BY assigned_at DESC LIMIT $3`
	sqlSlotUseSweep  = `DELETE FROM slot_uses WHERE since < $1 AND until < $1`
	sqlSampleSweep   = `DELETE FROM slot_samples WHERE ended_at < $1`
	sqlEstimateSweep = `DELETE FROM wait_estimates WHERE at < $1`
)

// waitsKept is how long it is kept how long people waited; scoredEstimates is how many a score is taken over at most.
const (
	waitsKept       = 30 * 24 * time.Hour
	scoredEstimates = 5000
)

func (s waits) SlotUse(ticket desk.ID) (u desk.SlotUse, err error) {
	var held int64
	_, err = s.t.value(sqlSlotUseGet, []any{s.t.workspace, ticket}, &u.TicketID, &u.TeamID, &u.Assignee, &u.Since, &u.Until, &held)
	u.Held = time.Duration(held) * time.Millisecond
	return u, err
}

func (s waits) PutSlotUse(u desk.SlotUse) error {
	if u.Assignee == 0 {
		return s.t.write(sqlSlotUseDelete, s.t.workspace, u.TicketID)
	}
	return s.t.write(sqlSlotUsePut, s.t.workspace, u.TicketID, u.TeamID, u.Assignee, u.Since, u.Until, u.Held.Milliseconds())
}

func (s waits) AddSample(team desk.ID, held time.Duration) error {
	return s.t.write(sqlSampleAdd, s.t.workspace, s.t.NewID(), team, s.t.at, held.Milliseconds())
}

func (s waits) Mean(team desk.ID) (mean time.Duration, samples int, err error) {
	var sum int64
	err = s.t.each(sqlSampleNewest, []any{s.t.workspace, team, s.t.at.Add(-desk.WaitSampleAge), desk.WaitSamples}, func(r row) error {
		var held int64
		err := scan(r, &held)
		sum += held
		samples++
		return err
	})
	if err != nil || samples == 0 {
		return 0, 0, err
	}
	return time.Duration(sum/int64(samples)) * time.Millisecond, samples, nil
}

func readEstimate(r row, e *desk.Estimate) error {
	var wait int64
	err := scan(r, &e.TicketID, &e.At, &e.TeamID, &wait, &e.AssignedAt)
	e.Wait = time.Duration(wait) * time.Millisecond
	return err
}

func (s waits) Expected(ticket desk.ID) (last desk.Estimate, err error) {
	err = s.t.each(sqlEstimateLast, []any{s.t.workspace, ticket}, func(r row) error { return readEstimate(r, &last) })
	return last, err
}

func (s waits) PutEstimate(e desk.Estimate) error {
	return s.t.write(sqlEstimatePut, s.t.workspace, e.TicketID, e.At, e.TeamID, e.Wait.Milliseconds(), e.AssignedAt)
}

func (s waits) EndEstimates(ticket desk.ID, at time.Time) error {
	return s.t.write(sqlEstimateEnd, s.t.workspace, ticket, at)
}

func (s waits) Scores(since time.Time) ([]desk.WaitScore, error) {
	scores := map[desk.ID]*desk.WaitScore{}
	offs := map[desk.ID][]time.Duration{}
	err := s.t.each(sqlEstimatesDone, []any{s.t.workspace, since, scoredEstimates}, func(r row) error {
		var e desk.Estimate
		if err := readEstimate(r, &e); err != nil {
			return err
		}
		score := scores[e.TeamID]
		if score == nil {
			score = &desk.WaitScore{TeamID: e.TeamID}
			scores[e.TeamID] = score
		}
		score.Estimates++
		if e.Kept() {
			score.Kept++
		}
		offs[e.TeamID] = append(offs[e.TeamID], e.Off().Abs())
		return nil
	})
	if err != nil {
		return nil, err
	}
	all := make([]desk.WaitScore, 0, len(scores))
	for team, score := range scores {
		slices.Sort(offs[team])
		score.Off = offs[team][len(offs[team])/2]
		all = append(all, *score)
	}
	slices.SortFunc(all, func(a, b desk.WaitScore) int { return int(a.TeamID - b.TeamID) })
	return all, nil
}
