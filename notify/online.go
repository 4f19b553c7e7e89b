package notify

import (
	"context"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Members who chose so stay online while a push reaches them, although no tab of theirs is open (E8): their lease is renewed, on one
// node at a time, until half a day after the last sign of life of the device's session.
const (
	onlineEvery = 20 * time.Second
	onlineLease = 60 * time.Second
	onlineFor   = 12 * time.Hour
	onlineDuty  = "keep online"
)

func (s *Service) keepOnline(ctx context.Context) {
	tick := time.NewTicker(onlineEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.RenewOnline(ctx); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "keep members online", "err", err)
		}
	}
}

// RenewOnline prolongs the leases of members whom a push reaches and who want to stay online, if it is this node's turn. Who was told
// to be gone, or chose to be, stays so.
func (s *Service) RenewOnline(ctx context.Context) error {
	ours, err := store.Result(ctx, s.Store, 0, func(tx store.Tx) (bool, error) {
		return tx.WriteInstallation().TakeDuty(onlineDuty, s.Worker, tx.Now().Add(onlineEvery-time.Second))
	})
	if err != nil || !ours {
		return err
	}
	var workspaces []desk.Workspace
	err = s.Store.View(ctx, 0, func(r store.Reader) (err error) {
		workspaces, err = r.Workspaces().All()
		return err
	})
	if err != nil {
		return fmt.Errorf("list workspaces: %w", err)
	}
	for _, w := range workspaces {
		if err := s.renewOnline(ctx, w.ID); err != nil {
			return fmt.Errorf("workspace %s: %w", w.ID, err)
		}
	}
	return nil
}

func (s *Service) renewOnline(ctx context.Context, workspace desk.ID) error {
	var stay []desk.ID
	err := s.Store.View(ctx, workspace, func(r store.Reader) error {
		devices, err := r.Pushes().Devices(0)
		if err != nil {
			return err
		}
		asked := map[desk.ID]bool{}
		for _, d := range devices {
			if asked[d.UserID] || s.Now().Sub(d.LastSeenAt) > onlineFor {
				continue
			}
			asked[d.UserID] = true
			t, err := r.Pushes().Telling(d.UserID)
			if err != nil {
				return err
			}
			if t.StayOnline {
				stay = append(stay, d.UserID)
			}
		}
		return nil
	})
	if err != nil || len(stay) == 0 {
		return err
	}
	return s.Store.Update(ctx, workspace, func(tx store.Tx) error {
		return tx.WriteMembers().RenewPresence(stay, tx.Now().Add(onlineLease))
	})
}
