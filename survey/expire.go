package survey

import (
	"context"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

const (
	// every is how often surveys are looked for whose time is over; duty is taken by one node at a time, for a little less.
	every   = 5 * time.Minute
	duty    = "end surveys"
	dutyFor = every - 15*time.Second
	// endAtOnce is how many are read together.
	endAtOnce = 100
)

// endOverdue ends what nobody answered, until ctx ends.
func (s *Service) endOverdue(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		ours, err := store.Result(ctx, s.store, 0, func(tx store.Tx) (bool, error) {
			return tx.WriteInstallation().TakeDuty(duty, s.worker, tx.Now().Add(dutyFor))
		})
		if err == nil && ours {
			err = s.Expire(ctx)
		}
		if err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, duty, "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Expire ends the surveys of all workspaces whose time is over (B4.7).
func (s *Service) Expire(ctx context.Context) error {
	var workspaces []desk.Workspace
	err := s.store.View(ctx, 0, func(r store.Reader) (err error) {
		workspaces, err = r.Workspaces().All()
		return err
	})
	if err != nil {
		return fmt.Errorf("list workspaces: %w", err)
	}
	for _, w := range workspaces {
		if err := s.expireIn(ctx, w.ID); err != nil {
			return fmt.Errorf("workspace %s: %w", w.ID, err)
		}
	}
	return nil
}

func (s *Service) expireIn(ctx context.Context, workspace desk.ID) error {
	for {
		var overdue []desk.Survey
		err := s.store.View(ctx, workspace, func(r store.Reader) (err error) {
			overdue, err = r.Surveys().Overdue(endAtOnce)
			return err
		})
		if err != nil {
			return fmt.Errorf("read surveys: %w", err)
		}
		for _, one := range overdue {
			if err := s.expire(ctx, workspace, one); err != nil {
				return fmt.Errorf("end survey %s: %w", one.ID, err)
			}
		}
		if len(overdue) < endAtOnce {
			return nil
		}
	}
}

// expire ends one, unless its conversation was quicker.
func (s *Service) expire(ctx context.Context, workspace desk.ID, overdue desk.Survey) error {
	return s.store.Update(ctx, workspace, func(tx store.Tx) error {
		row, err := tx.WriteConversations().Lock(overdue.ConversationID)
		if err != nil {
			return err
		}
		was, err := tx.Surveys().Get(overdue.ID)
		if err != nil {
			return err
		}
		is := was
		if !is.Expire(tx.Now()) {
			return nil
		}
		v := visit{service: s, tx: tx, row: &row}
		if err := v.keep(was, is); err != nil {
			return err
		}
		return v.line(is.TicketID, "survey_expired")
	})
}
