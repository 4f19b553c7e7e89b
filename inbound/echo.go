package inbound

import (
	"errors"
	"fmt"
	"slices"
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
	d, found, err := f.sameWords(e)
	switch {
	case err != nil:
		return err
	case !found:
		return f.saidElsewhere(e)
	case d.UnderWay():
		return errEarly // its attempt's end tells whether the echo is of it
	}
	return f.settle(d, channel.Receipt{ExternalID: e.ExternalID, Status: desk.DeliverySent})
}

// echoesAmong is how many of a conversation's latest messages an echo may be of.
const echoesAmong = 20

// sameWords finds the oldest piece of ours with an echo's words that is being sent just now, or of which nobody knows whether it
// arrived: providers that give no key back are known by their words.
func (f *filing) sameWords(e channel.Echo) (found desk.Delivery, ok bool, err error) {
	latest, err := f.tx.Messages().Before(f.Conversation.ID, 0, echoesAmong)
	if err != nil {
		return found, false, err
	}
	echoed := desk.Message{Parts: e.Parts}.Text()
	for _, m := range slices.Backward(latest) {
		if m.Status != desk.DeliveryQueued && m.Status != desk.DeliverySending && m.Status != desk.DeliveryUnknown {
			continue
		}
		pieces := channel.PiecesOf(f.spec.Capabilities, m)
		deliveries, err := f.tx.Messages().DeliveriesOf(m.ID)
		if err != nil {
			return found, false, err
		}
		for _, d := range deliveries {
			if d.Part < len(pieces) && (desk.Message{Parts: pieces[d.Part]}).Text() == echoed && f.mayBe(d, e) {
				return d, true, nil
			}
		}
	}
	return found, false, nil
}

// mayBe reports whether an echo with a piece's words may be of it. Without words, or from before it was written, it proves
// nothing.
func (f *filing) mayBe(d desk.Delivery, e channel.Echo) bool {
	if d.UnderWay() {
		return !f.final
	}
	open := d.ExternalID == "" && (d.Status == desk.DeliveryUnknown || d.AwaitsProof())
	return open && desk.Message{Parts: e.Parts}.Text() != "" && (e.At.IsZero() || !e.At.Before(d.CreatedAt.Add(-stampSlack)))
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
