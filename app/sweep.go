package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"madoguchi/blob"
	"madoguchi/desk"
	"madoguchi/store"
)

const (
	sweepEvery = 6 * time.Hour
	orphanAge  = 24 * time.Hour // an upload that was not sent by then will not be
	keysAtOnce = 1000
)

// sweeper removes uploads that were never sent and bytes that no row names: what a crash between the two left.
type sweeper struct {
	store  store.Store
	blobs  files
	worker string
	now    desk.Clock
	log    *slog.Logger
}

// sweepDuty is taken by one node at a time, for a little less than until the next turn.
const (
	sweepDuty = "sweep files"
	sweepFor  = sweepEvery - 5*time.Minute
)

// run sweeps at the start and then every few hours, until ctx ends, unless another node has done it.
func (s *sweeper) run(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if removed, err := s.turn(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("sweep files", "err", err)
		} else if removed > 0 {
			s.log.Info("swept files that nothing names", "removed", removed)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// turn sweeps if it is this node's turn.
func (s *sweeper) turn(ctx context.Context) (removed int, err error) {
	ours, err := store.Result(ctx, s.store, 0, func(tx store.Tx) (bool, error) {
		return tx.WriteInstallation().TakeDuty(sweepDuty, s.worker, tx.Now().Add(sweepFor))
	})
	if err != nil || !ours {
		return 0, err
	}
	if _, err := s.blobs.SweepUnfinished(ctx, s.now().Add(-orphanAge)); err != nil {
		s.log.Warn("sweep unfinished uploads", "err", err)
	}
	return s.sweep(ctx)
}

// sweep goes through once and says how many files it removed.
func (s *sweeper) sweep(ctx context.Context) (removed int, err error) {
	before := s.now().Add(-orphanAge)
	if err := s.forgetUnsent(ctx, before); err != nil {
		return 0, err
	}
	// Blobs first, names second: whatever is named by then stays.
	var old []blob.Info
	err = s.blobs.Walk(ctx, func(i blob.Info) error {
		if i.StoredAt.Before(before) {
			old = append(old, i)
		}
		return ctx.Err()
	})
	if err != nil {
		return 0, fmt.Errorf("list files: %w", err)
	}
	if len(old) == 0 {
		return 0, nil
	}
	named, err := s.named(ctx)
	if err != nil {
		return 0, fmt.Errorf("list file names: %w", err)
	}
	for _, i := range old {
		if named[i.Key] {
			continue
		}
		if err := s.blobs.Delete(ctx, i.Workspace, i.Key); err != nil {
			return removed, fmt.Errorf("remove file %s: %w", i.Key, err)
		}
		removed++
	}
	return removed, nil
}

// forgetUnsent deletes the rows of uploads that were never sent.
func (s *sweeper) forgetUnsent(ctx context.Context, before time.Time) error {
	var workspaces []desk.Workspace
	err := s.store.View(ctx, 0, func(r store.Reader) (err error) {
		workspaces, err = r.Workspaces().All()
		return err
	})
	if err != nil {
		return fmt.Errorf("list workspaces: %w", err)
	}
	for _, w := range workspaces {
		err := s.store.Update(ctx, w.ID, func(tx store.Tx) error {
			_, err := tx.WriteMessages().DeleteUnsentAttachments(before)
			return err
		})
		if err != nil {
			return fmt.Errorf("forget unsent uploads: %w", err)
		}
	}
	return nil
}

// named is every key that a row names, of all workspaces.
func (s *sweeper) named(ctx context.Context) (map[string]bool, error) {
	named := map[string]bool{}
	for after := ""; ; {
		var keys []string
		err := s.store.View(ctx, 0, func(r store.Reader) (err error) {
			keys, err = r.Messages().AttachmentKeys(after, keysAtOnce)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			named[k] = true
		}
		if len(keys) < keysAtOnce {
			return named, nil
		}
		after = keys[len(keys)-1]
	}
}
