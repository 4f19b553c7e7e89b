package sqlstore

import (
	"context"
	"log/slog"
	"time"
)

// Dedupe keys are kept this long; then they go in small batches, so that no other write waits for them.
const (
	seenFor   = 8*24*time.Hour + time.Hour
	seenBatch = 500
	sweepRest = 10 * time.Minute
)

const (
	sqlSeenSweep = `DELETE FROM seen WHERE at < $1 AND at <= (SELECT max(s.at) FROM
		(SELECT at FROM seen WHERE at < $1 ORDER BY at LIMIT $2) AS s)`
	sqlSessionSweep = `DELETE FROM sessions WHERE expires_at < $1`
)

func (s *Store) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepRest)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("sweep old dedupe keys", slog.Any("error", err))
		}
	}
}

// Sweep deletes what has had its time: dedupe keys, what blocked people wrote, requests of providers, what triggers did, and sessions that ended.
func (s *Store) Sweep(ctx context.Context) error {
	for {
		var rows int64
		err := s.update(ctx, 0, func(t *tx) (err error) {
			rows, err = t.exec(sqlSeenSweep, t.at.Add(-seenFor), seenBatch)
			return err
		})
		if err != nil {
			return err
		}
		if rows == 0 {
			break
		}
	}
	for _, batch := range []func(*tx) (int, error){(*tx).sweepHeld, (*tx).sweepRaw} {
		for {
			gone := 0
			err := s.update(ctx, 0, func(t *tx) (err error) {
				gone, err = batch(t)
				return err
			})
			if err != nil {
				return err
			}
			if gone < seenBatch {
				break
			}
		}
	}
	return s.update(ctx, 0, func(t *tx) error {
		if err := t.write(sqlRateSweep, t.at.Add(-rateKept).UnixMicro()); err != nil {
			return err
		}
		if err := t.write(sqlFaultSweep, t.at.Add(-faultsKept)); err != nil {
			return err
		}
		if err := t.write(sqlNotificationSweep, t.at.Add(-notificationsKept)); err != nil {
			return err
		}
		if err := t.write(sqlLinkPreviewSweep, t.at.Add(-linkPreviewsKept)); err != nil {
			return err
		}
		for _, sql := range []string{sqlSlotUseSweep, sqlSampleSweep, sqlEstimateSweep} {
			if err := t.write(sql, t.at.Add(-waitsKept)); err != nil {
				return err
			}
		}
		if err := t.write(sqlRunSweep, t.at.Add(-runsKept)); err != nil {
			return err
		}
		_, err := t.exec(sqlSessionSweep, t.at)
		return err
	})
}
