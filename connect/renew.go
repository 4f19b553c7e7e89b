package connect

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// renewEvery is how often credentials are looked through; renewDuty is taken by one node at a time, for a little less than that.
const (
	renewEvery = 24 * time.Hour
	renewDuty  = "renew credentials"
	renewFor   = renewEvery - time.Hour
)

// KeepRenewed renews credentials before they run out (H6), at the start and then once a day until ctx ends, unless another
// node, which holder is not, has done it.
func (s *Service) KeepRenewed(ctx context.Context, holder string) {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for {
		if err := s.renewTurn(ctx, holder); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "renew credentials", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *Service) renewTurn(ctx context.Context, holder string) error {
	ours, err := store.Result(ctx, s.Store, 0, func(tx store.Tx) (bool, error) {
		return tx.WriteInstallation().TakeDuty(renewDuty, holder, tx.Now().Add(renewFor))
	})
	if err != nil || !ours {
		return err
	}
	return s.RenewDue(ctx)
}

// RenewDue goes through all channels once. What a provider refuses is logged and tried again the next time.
func (s *Service) RenewDue(ctx context.Context) error {
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
			if err := s.renew(ctx, w.ID, c); err != nil && ctx.Err() == nil {
				s.Log.WarnContext(ctx, "renew credentials", "channel", c.ID, "err", err)
			}
		}
	}
	return ctx.Err()
}

// renew asks for new credentials of one channel if that is due.
func (s *Service) renew(ctx context.Context, workspace desk.ID, c desk.Channel) error {
	connector, err := s.Channels.Get(c.Kind)
	if err != nil {
		return err
	}
	renewer, ok := connector.(channel.Renewer)
	if !ok || !s.renewable(c) {
		return nil
	}
	_, account, err := s.Account(workspace, c)
	if err != nil {
		return err
	}
	fresh, err := ask(ctx, func(ctx context.Context) (channel.Renewed, error) { return renewer.Renew(ctx, account) })
	if err != nil || len(fresh.Secrets) == 0 {
		return err
	}
	secrets := maps.Clone(account.Secrets)
	maps.Copy(secrets, fresh.Secrets)
	sealed, err := channel.SealSecrets(s.Sealer, workspace, c.ID, secrets)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, workspace, func(tx store.Tx) error {
		now, err := tx.Channels().Get(c.ID)
		if err != nil || !bytes.Equal(now.Secrets, c.Secrets) { // somebody has typed others in meanwhile
			return err
		}
		now.Secrets, now.Health.TokenExpires = sealed, fresh.Expires
		now.Version++
		now.UpdatedAt = tx.Now()
		if err := tx.WriteChannels().Put(now); err != nil {
			return fmt.Errorf("put channel: %w", err)
		}
		tx.Emit(desk.Event{Kind: desk.EventChannelChanged, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorSystem}, SubjectID: now.ID})
		return nil
	})
}

// renewable reports whether a channel's credentials work and end soon, or nobody knows when.
func (s *Service) renewable(c desk.Channel) bool {
	switch c.State {
	case desk.ChannelSetupIncomplete, desk.ChannelSetupFailed, desk.ChannelAuthExpired, desk.ChannelDisabled, desk.ChannelDeleted:
		return false
	}
	ends := c.Health.TokenExpires
	return ends.IsZero() || !s.Now().Before(ends.Add(-channel.RenewAhead))
}
