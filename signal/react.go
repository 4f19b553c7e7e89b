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
	var who addressee
	err := s.Store.View(ctx, workspace, func(reader store.Reader) error {
		row, err := reader.Conversations().Get(m.ConversationID)
		if err == nil {
			who, err = addresseeOf(reader, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	connector, account, err := s.Account(workspace, who.channel)
	if err != nil {
		return err
	}
	reactor, ok := connector.(channel.Reactor)
	if !ok {
		return desk.Errorf(desk.KindConflict, "reaction_not_possible", "%s carries no reactions", who.channel.Kind)
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	err = reactor.React(ctx, account, peerOf(who.identity), desk.ExternalID(m.ExternalID), emoji)
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
