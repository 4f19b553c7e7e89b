package sqlstore

import (
	"time"

	"madoguchi/desk"
)

const (
	// One statement decides: whoever else takes turns, in this group or another, comes before or after it.
	sqlRateTake = `INSERT INTO rate_marks (workspace_id, channel_id, name, arrival) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, channel_id, name) DO UPDATE SET arrival = CASE WHEN rate_marks.arrival > $5 THEN rate_marks.arrival + $6
		ELSE excluded.arrival END WHERE rate_marks.arrival <= $7 RETURNING arrival`
	sqlRateGet   = `SELECT arrival FROM rate_marks WHERE workspace_id = $1 AND channel_id = $2 AND name = $3`
	sqlRateSweep = `DELETE FROM rate_marks WHERE arrival < $1`
)

// rateKept is how long a mark in the past is kept; it says nothing any more.
const rateKept = 24 * time.Hour

// TakeTurns counts in microseconds: a thousand a second is no rare limit. It reads before it writes: one that finds nothing
// has changed nothing, and need not part from the updates that commit together with it.
func (s channels) TakeTurns(id desk.ID, name string, p desk.Pace, n int, by time.Time) ([]time.Time, time.Time, error) {
	arrival, err := s.arrival(id, name)
	for range 2 { // again if somebody was faster
		if err != nil {
			return nil, time.Time{}, err
		}
		if arrival.Before(s.t.at) {
			arrival = s.t.at
		}
		if n = min(n, 1+int(by.Sub(p.Free(arrival))/p.Every)); n < 1 || p.Free(arrival).After(by) {
			break
		}
		if turns, err := s.takeTurns(id, name, p, n, by); err != nil || turns != nil {
			return turns, time.Time{}, err
		}
		arrival, err = s.arrival(id, name)
	}
	return nil, p.Free(arrival), nil
}

func (s channels) takeTurns(id desk.ID, name string, p desk.Pace, n int, by time.Time) ([]time.Time, error) {
	now, after := s.t.at, int64(0)
	span := time.Duration(n) * p.Every
	found, err := s.t.drawn(sqlRateTake, []any{
		s.t.workspace, id, name, p.After(now, now, n).UnixMicro(), now.UnixMicro(), span.Microseconds(), p.Latest(n, by).UnixMicro(),
	}, &after)
	if err != nil || !found {
		return nil, err
	}
	return p.Turns(time.UnixMicro(after).UTC(), now, n), nil
}

func (s channels) arrival(id desk.ID, name string) (time.Time, error) {
	var mark int64
	_, err := s.t.value(sqlRateGet, []any{s.t.workspace, id, name}, &mark)
	return time.UnixMicro(mark).UTC(), err
}
