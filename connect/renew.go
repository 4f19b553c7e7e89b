package connect

import (
	"bytes"
	"context"
	"fmt"
	"maps"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// renew asks for new credentials of one channel if that is due.
func (s *Service) renew(ctx context.Context, workspace desk.ID, c desk.Channel) error {
	connector, err := s.Channels.Get(c.Kind)
	if err != nil {
		return err
	}
	renewer, ok := connector.(channel.Renewer)
	if !ok || !s.ending(c) {
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

// ending reports whether a channel's credentials end soon, or nobody knows when.
func (s *Service) ending(c desk.Channel) bool {
	ends := c.Health.TokenExpires
	return ends.IsZero() || !s.Now().Before(ends.Add(-channel.RenewAhead))
}
