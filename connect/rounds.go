package connect

import (
	"context"
	"fmt"
	"sync"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// A round goes to every connected channel's provider once in a while; one node at a time does it for all.
type round struct {
	duty  string // its name among the installation's duties
	every time.Duration
	visit func(ctx context.Context, workspace desk.ID, c desk.Channel) error
}

func (s *Service) rounds() []round {
	return []round{
		{"renew credentials", 24 * time.Hour, s.renew},   // H6
		{"bring templates in step", time.Hour, s.follow}, // C3.1
	}
}

// Run goes the rounds, each at the start and then at its pace until ctx ends, unless another node, which holder is not, has
// gone it.
func (s *Service) Run(ctx context.Context, holder string) {
	var all sync.WaitGroup
	for _, r := range s.rounds() {
		all.Go(func() { s.repeat(ctx, holder, r) })
	}
	all.Wait()
}

func (s *Service) repeat(ctx context.Context, holder string, r round) {
	tick := time.NewTicker(r.every)
	defer tick.Stop()
	for {
		if err := s.turn(ctx, holder, r); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, r.duty, "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// turn goes a round if it is ours to go: the duty is held for a little less than until the next time.
func (s *Service) turn(ctx context.Context, holder string, r round) error {
	ours, err := store.Result(ctx, s.Store, 0, func(tx store.Tx) (bool, error) {
		return tx.WriteInstallation().TakeDuty(r.duty, holder, tx.Now().Add(r.every-r.every/24))
	})
	if err != nil || !ours {
		return err
	}
	return s.visitAll(ctx, r)
}

// visitAll goes to every connected channel. What a provider refuses is logged and tried again the next time.
func (s *Service) visitAll(ctx context.Context, r round) error {
	var workspaces []desk.Workspace
	err := s.Store.View(ctx, 0, func(r store.Reader) (err error) {
		workspaces, err = r.Workspaces().All()
		return err
	})
	if err != nil {
		return fmt.Errorf("list workspaces: %w", err)
	}
	for _, w := range workspaces {
		var channels []desk.Channel
		err := s.Store.View(ctx, w.ID, func(r store.Reader) (err error) {
			channels, err = r.Channels().List()
			return err
		})
		if err != nil {
			return fmt.Errorf("list channels: %w", err)
		}
		for _, c := range channels {
			if !connected(c) {
				continue
			}
			if err := r.visit(ctx, w.ID, c); err != nil && ctx.Err() == nil {
				s.Log.WarnContext(ctx, r.duty, "channel", c.ID, "err", err)
			}
		}
	}
	return ctx.Err()
}

// connected reports whether a channel's credentials worked the last time.
func connected(c desk.Channel) bool {
	switch c.State {
	case desk.ChannelSetupIncomplete, desk.ChannelSetupFailed, desk.ChannelAuthExpired, desk.ChannelDisabled, desk.ChannelDeleted:
		return false
	}
	return true
}

// follow brings our copies of a channel's templates in step.
func (s *Service) follow(ctx context.Context, workspace desk.ID, c desk.Channel) error {
	connector, err := s.Channels.Get(c.Kind)
	if err != nil {
		return err
	}
	if _, ok := connector.(channel.Templater); !ok {
		return nil
	}
	_, err = s.Templates(ctx, workspace, c.ID)
	return err
}
