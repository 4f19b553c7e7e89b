package app

import (
	"context"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

const replayPage = 200

// Replay says which requests of providers are to be filed again.
type Replay struct {
	Channel      desk.ID   // 0 = all
	Since, Until time.Time // by when they came in; zero = as far back as they are kept (store.RawKeptFor), and up to now
}

// ReplayRequests lets the running desk file requests of providers again, in the order they came, and says how many: what it
// knows already stays as it is (their keys tell), what went wrong at the time goes right. It ends at ctx, and may be run again.
func ReplayRequests(ctx context.Context, c Config, p Replay, progress func(done int)) (n int, err error) {
	s, _, err := c.openStore(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() {
		if closing := s.Close(); err == nil {
			err = closing
		}
	}()
	return replay(ctx, s, p, progress)
}

func replay(ctx context.Context, s store.Store, p Replay, progress func(done int)) (n int, err error) {
	ids, err := workspaceIDs(ctx, s)
	if err != nil {
		return 0, err
	}
	found := p.Channel == 0
	for _, workspace := range ids {
		var channels []desk.Channel
		err := s.View(ctx, workspace, func(r store.Reader) (err error) {
			channels, err = r.Channels().List()
			return err
		})
		if err != nil {
			return n, fmt.Errorf("list channels: %w", err)
		}
		for _, ch := range channels {
			if p.Channel != 0 && ch.ID != p.Channel {
				continue
			}
			found = true
			for after := desk.ID(0); ; {
				page, err := replayFrom(ctx, s, workspace, ch.ID, after, p)
				if err != nil {
					return n, fmt.Errorf("replay channel %s: %w", ch.ID, err)
				}
				if n += page.due; progress != nil && page.due > 0 {
					progress(n)
				}
				if after = page.last; after == 0 {
					break
				}
			}
		}
	}
	if !found {
		return 0, desk.NotFound("channel")
	}
	return n, nil
}

// replayed is a page of requests: how many of them are due again, and where the next page begins, 0 at the end.
type replayed struct {
	due  int
	last desk.ID
}

func replayFrom(ctx context.Context, s store.Store, workspace, ch, after desk.ID, p Replay) (replayed, error) {
	return store.Result(ctx, s, workspace, func(tx store.Tx) (done replayed, err error) {
		page, err := tx.Raw().Of(ch, after, p.Since, replayPage)
		if err != nil {
			return done, err
		}
		for _, q := range page {
			if !q.DueAt.IsZero() || !p.Until.IsZero() && !q.ReceivedAt.Before(p.Until) { // waits already, or came later
				continue
			}
			q.DueAt, q.Fault = tx.Now(), ""
			if err := tx.WriteRaw().Settle(q); err != nil {
				return done, err
			}
			done.due++
		}
		if len(page) == replayPage {
			done.last = page[len(page)-1].ID
		}
		return done, nil
	})
}
