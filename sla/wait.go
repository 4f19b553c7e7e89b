package sla

import (
	"context"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/store"
)

// waits names the lock under which nodes take turns to tell of long waits.
const waits = "wait alerts"

// waiting is who waits longest for a team, and when its supervisors are to hear of that.
type waiting struct {
	alert desk.WaitAlert
	row   desk.Conversation
	dueAt time.Time
}

// TellWaits tells supervisors of a workspace who waits too long for each team (E19), and says when it may next be necessary; zero if
// nobody waits.
func (s *Service) TellWaits(ctx context.Context, workspace desk.ID) (next time.Time, err error) {
	var all []waiting
	err = s.store.View(ctx, workspace, func(r store.Reader) error {
		all, err = longest(r)
		return err
	})
	if err != nil {
		return next, err
	}
	for _, w := range all {
		if w.dueAt.After(s.now()) {
			next = due.Earliest(next, w.dueAt)
			continue
		}
		if err := s.tellWait(ctx, workspace, w.alert.TeamID); err != nil {
			return next, fmt.Errorf("team %s: %w", w.alert.TeamID, err)
		}
	}
	return next, nil
}

// longest looks at every team, and at those who wait for none; only where there is something to tell, now or later.
func longest(r store.Reader) (all []waiting, err error) {
	teams, err := r.Teams().List()
	if err != nil {
		return nil, fmt.Errorf("read teams: %w", err)
	}
	for _, team := range append([]desk.Team{{}}, teams...) {
		w, err := waitingFor(r, team.ID)
		if err != nil {
			return nil, fmt.Errorf("team %s: %w", team.ID, err)
		}
		if !w.dueAt.IsZero() {
			all = append(all, w)
		}
	}
	return all, nil
}

func waitingFor(r store.Reader, team desk.ID) (w waiting, err error) {
	w.row, err = r.SLA().LongestWaiting(team)
	if desk.KindOf(err) == desk.KindNotFound {
		return w, nil
	}
	if err != nil {
		return w, fmt.Errorf("read who waits longest: %w", err)
	}
	if w.alert, err = r.SLA().WaitAlert(team); err != nil {
		return w, fmt.Errorf("read wait alert: %w", err)
	}
	hours, err := hoursOf(r, w.row.ChannelID)
	if err != nil {
		return w, err
	}
	w.dueAt, err = w.alert.Due(w.row, hours)
	return w, err
}

// hoursOf are the hours of a channel, nil if it has none.
func hoursOf(r store.Reader, channel desk.ID) (*desk.Schedule, error) {
	ch, err := r.Channels().Get(channel)
	if err != nil {
		return nil, fmt.Errorf("read channel: %w", err)
	}
	if ch.ScheduleID == 0 {
		return nil, nil
	}
	hours, err := r.Schedules().Get(ch.ScheduleID)
	if err != nil {
		return nil, fmt.Errorf("read schedule: %w", err)
	}
	return &hours, nil
}

// tellWait tells of one team, unless another node was quicker or somebody was helped meanwhile.
func (s *Service) tellWait(ctx context.Context, workspace, team desk.ID) error {
	return s.store.Update(ctx, workspace, func(tx store.Tx) error {
		if _, err := tx.WriteCursors().Hold(waits); err != nil {
			return err
		}
		w, err := waitingFor(tx, team)
		if err != nil || w.dueAt.IsZero() || w.dueAt.After(tx.Now()) {
			return err
		}
		w.alert.Tell(w.row, tx.Now())
		if err := tx.WriteSLA().PutWaitAlert(w.alert); err != nil {
			return fmt.Errorf("put wait alert: %w", err)
		}
		users, err := supervisors(tx, team, w.row)
		if err != nil {
			return err
		}
		for _, user := range users {
			if err := store.Notify(tx, desk.NotifyWaiting(w.row, user, desk.NotifyWaitAlert)); err != nil {
				return err
			}
		}
		return nil
	})
}
