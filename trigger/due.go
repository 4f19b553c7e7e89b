package trigger

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/store"
)

// timersAtOnce is how many timers are read together.
const timersAtOnce = 100

// Due acts on the timers of all workspaces that ran out, and says when the next one does, zero if none is set.
func (s *Service) Due(ctx context.Context) (next time.Time, err error) {
	return due.Everywhere(ctx, s.store, s.due)
}

func (s *Service) due(ctx context.Context, workspace desk.ID) (next time.Time, err error) {
	for {
		var timers []desk.TriggerTimer
		err := s.store.View(ctx, workspace, func(r store.Reader) (err error) {
			timers, err = r.Triggers().Timers(timersAtOnce)
			return err
		})
		if err != nil {
			return time.Time{}, fmt.Errorf("read timers: %w", err)
		}
		for _, t := range timers {
			if t.DueAt.After(s.now()) {
				return t.DueAt, nil
			}
			err := s.store.Update(ctx, workspace, func(tx store.Tx) error { return s.ring(tx, t) })
			if err != nil {
				return time.Time{}, fmt.Errorf("act on a timer of %s: %w", t.Owner, err)
			}
		}
		if len(timers) < timersAtOnce {
			return time.Time{}, nil
		}
	}
}

// ring acts on a timer unless another node did, or what it waits for has ended or begun anew.
func (s *Service) ring(tx store.Tx, t desk.TriggerTimer) error {
	v, err := s.open(tx, t.ConversationID, t.TicketID)
	if err != nil {
		return err
	}
	ours, err := tx.WriteTriggers().TakeTimer(t)
	if err != nil || !ours || v == nil {
		return err
	}
	if t.Step != "" {
		err = v.closing(t)
	} else {
		err = v.rings(t)
	}
	if err != nil {
		return err
	}
	return v.close()
}

func (v *visit) rings(t desk.TriggerTimer) error {
	trigger, err := v.tx.Triggers().Get(t.Owner)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil || !trigger.Enabled || !trigger.On.Stands(v.ticket) {
		return err
	}
	mark, err := markOf(v.tx, trigger.On, v.row, v.ticket)
	if err != nil {
		return err
	}
	if mark.IsZero() { // the thread is too long to tell
		mark = t.MarkedAt
	}
	// Where many events are still to be read, after an outage, the mark may have been set anew by one of them: time counts from then,
	// and what is due already is done once for the mark that stands, whichever of its timers rings.
	since := t.MarkedAt
	if mark.After(since) {
		since = mark
	}
	due := since.Add(time.Duration(trigger.Minutes) * time.Minute)
	if due.After(v.tx.Now()) { // it waits longer since it was set
		return v.timer(desk.TriggerTimer{Owner: t.Owner, MarkedAt: since, DueAt: due})
	}
	return v.start(trigger, occasion{key: "t" + strconv.FormatInt(mark.UnixMilli(), 10), depth: 1})
}
