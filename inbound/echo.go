package inbound

import (
	"errors"
	"fmt"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// echo is a message from our side of the account: one of ours, which it proves, or one that somebody sent from another
// program, which is shown as such.
func (f *filing) echo(e channel.Echo) error {
	err := f.pieceReceipt(channel.Receipt{ExternalID: e.ExternalID, Key: e.Key, Status: desk.DeliverySent})
	if !errors.Is(err, errEarly) || e.Ours {
		return err
	}
	if err := f.enter(e.Peer); err != nil {
		return early(err)
	}
	if m, err := f.tx.Messages().ByExternalID(f.Conversation.ID, e.ExternalID); desk.KindOf(err) != desk.KindNotFound {
		f.Message = m
		return err
	}
	if waiting, err := f.onTheWay(e); err != nil || waiting {
		return errors.Join(err, errEarly)
	}
	return f.saidElsewhere(e)
}

// onTheWay reports whether a message of ours with the same words is being sent just now: its attempt's end tells whether
// the echo is of it.
func (f *filing) onTheWay(e channel.Echo) (bool, error) {
	if f.final {
		return false, nil
	}
	latest, err := f.tx.Messages().Before(f.Conversation.ID, 0, 20)
	if err != nil {
		return false, err
	}
	echoed := desk.Message{Parts: e.Parts}.Text()
	for _, m := range latest {
		if (m.Status == desk.DeliveryQueued || m.Status == desk.DeliverySending) && m.Text() == echoed {
			return true, nil
		}
	}
	return false, nil
}

// saidElsewhere adds what somebody of ours said by another program to the latest case; it moves no case and measures
// nobody.
func (f *filing) saidElsewhere(e channel.Echo) error {
	m := desk.Message{
		ID: f.tx.NewID(), ConversationID: f.Conversation.ID, TicketID: f.Conversation.TicketID, Author: desk.Author{Kind: desk.AuthorHuman},
		Parts: e.Parts, ExternalID: string(e.ExternalID), Elsewhere: true, Status: desk.DeliverySent,
		At: desk.OrderTime(e.At, f.endpoint.Received), ProviderAt: e.At, ReceivedAt: f.endpoint.Received.Truncate(time.Millisecond),
	}
	m.Late = !e.At.IsZero() && m.At.Before(f.Conversation.LastActivityAt)
	if err := f.tx.WriteMessages().Add(&m); err != nil {
		return fmt.Errorf("add echo: %w", err)
	}
	f.Message = m
	f.said(m, desk.Actor{Kind: desk.ActorSystem})
	if err := f.fetches(); err != nil {
		return err
	}
	return f.keepRow()
}
