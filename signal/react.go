package signal

import (
	"context"
	"errors"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// React sets our emoji on a customer's message at the provider, "" takes it back. "reaction_refused" (unavailable) says that
// the provider did not take it.
func (s *Service) React(ctx context.Context, workspace desk.ID, m desk.Message, emoji string) error {
	var c desk.Channel
	var identity desk.Identity
	err := s.Store.View(ctx, workspace, func(reader store.Reader) error {
		row, err := reader.Conversations().Get(m.ConversationID)
		if err != nil {
			return err
		}
		if identity, err = reader.Contacts().Identity(row.IdentityID); err != nil {
			return err
		}
		c, err = reader.Channels().Get(row.ChannelID)
		return err
	})
	if err != nil {
		return err
	}
	connector, account, err := s.Account(workspace, c)
	if err != nil {
		return err
	}
	reactor, ok := connector.(channel.Reactor)
	if !ok {
		return desk.Errorf(desk.KindConflict, "reaction_not_possible", "%s carries no reactions", c.Kind)
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	err = reactor.React(ctx, account, peerOf(identity), desk.ExternalID(m.ExternalID), emoji)
	var fault *channel.Fault
	if errors.As(err, &fault) {
		e := desk.Errorf(desk.KindUnavailable, "reaction_refused", "the provider refused the reaction: %w", err)
		e.Params = map[string]string{"code": fault.Code}
		return e
	}
	return err
}

func peerOf(i desk.Identity) channel.Peer {
	return channel.Peer{Scope: i.Scope, ExternalID: i.ExternalID, Alias: i.Alias, Name: i.Name}
}
