package inbound

import (
	"context"
	"runtime"

	"madoguchi/store"
)

// FileDue files what is due now, in order, as Run's lanes do.
func (s *Service) FileDue(ctx context.Context) (n int, err error) {
	var due []store.RawRequest
	err = s.store.View(ctx, 0, func(r store.Reader) (err error) {
		due, err = r.Raw().Due(dueAtOnce)
		return err
	})
	var items []item
	for _, q := range due {
		items = append(items, item{workspace: q.Workspace, channel: q.ChannelID, id: q.ID})
	}
	s.filer.turn(ctx, items)
	return len(due), err
}

// WaitRunning waits until Run takes what is pushed.
func (s *Service) WaitRunning() {
	for s.soon <- struct{}{}; len(s.soon) > 0; {
		runtime.Gosched()
	}
}

// Hand hands over what the journal has, as Run does.
func (s *Service) Hand(ctx context.Context) (n int, err error) {
	for {
		handed, err := s.hand(ctx)
		if n += handed; err != nil || handed == 0 {
			return n, err
		}
	}
}

// Learn reads the channels with callbacks, as Run does.
func (s *Service) Learn(ctx context.Context) error { return s.learn(ctx) }

// Remember is the part of Run that does so again and again.
func (s *Service) Remember(ctx context.Context) { s.remember(ctx) }
