package inbound

import (
	"errors"
	"fmt"
	"slices"
	"strings"
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
	d, found, err := f.provedBy(e)
	switch {
	case err != nil:
		return err
	case !found:
		return f.saidElsewhere(e)
	}
	return f.settle(d, channel.Receipt{ExternalID: e.ExternalID, Status: desk.DeliverySent})
}

// echoesAmong is how many of a conversation's latest messages an echo may be of, beside the one that is on its way.
const echoesAmong = 200

// provedBy finds the piece of ours that an echo without our key is of, among those of which nobody knows whether they
// arrived, oldest first. errInHand while an attempt is under way: its end tells whether the echo is of it.
func (f *filing) provedBy(e channel.Echo) (found desk.Delivery, ok bool, err error) {
	head, err := f.tx.Messages().Head(f.Conversation.ID)
	switch {
	case desk.KindOf(err) == desk.KindNotFound:
	case err != nil:
		return found, false, err
	case head.InHand():
		return found, false, errInHand
	case head.AwaitsProof():
		m, err := f.tx.Messages().Get(head.MessageID)
		if err != nil || f.mayBe(head, m, e) {
			return head, true, err
		}
	}
	return f.unknownAs(e)
}

// unknownAs finds the oldest piece that an echo may be of and that ended as unknown, or of which a member alone said that it arrived.
func (f *filing) unknownAs(e channel.Echo) (found desk.Delivery, ok bool, err error) {
	latest, err := f.tx.Messages().Before(f.Conversation.ID, 0, echoesAmong)
	if err != nil {
		return found, false, err
	}
	for _, m := range slices.Backward(latest) {
		vouched := m.Status == desk.DeliverySent && m.ExternalID == ""
		if m.Status != desk.DeliveryUnknown && !vouched {
			continue
		}
		deliveries, err := f.tx.Messages().DeliveriesOf(m.ID)
		if err != nil {
			return found, false, err
		}
		for _, d := range deliveries {
			if d.Status == m.Status && f.mayBe(d, m, e) {
				return d, true, nil
			}
		}
	}
	return found, false, nil
}

// mayBe reports whether an echo may be of a piece that has no id yet: it says the same, and is not from before it was written. One
// that says nothing in words must be from while it was being sent.
func (f *filing) mayBe(d desk.Delivery, m desk.Message, e channel.Echo) bool {
	pieces := channel.PiecesOf(f.spec.Capabilities, m)
	if d.ExternalID != "" || d.Part >= len(pieces) {
		return false
	}
	words, files := content(e.Parts)
	ourWords, ourFiles := content(pieces[d.Part])
	since, until := d.CreatedAt.Add(-stampSlack), d.UpdatedAt.Add(stampSlack)
	switch {
	case words != ourWords || !slices.Equal(files, ourFiles):
		return false
	case words == "":
		return !e.At.IsZero() && !e.At.Before(since) && !e.At.After(until)
	}
	return e.At.IsZero() || !e.At.Before(since)
}

// content is what parts say in words, and what kinds of files they bring.
func content(parts []desk.Part) (words string, files []desk.PartKind) {
	for _, p := range parts {
		switch p.Kind {
		case desk.PartText, desk.PartChoices:
			words += p.Text + "\n"
		default:
			files = append(files, p.Kind)
		}
	}
	return strings.TrimSuffix(words, "\n"), files
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
	f.Ticket.ID = m.TicketID
	if err := f.interrupt(); err != nil {
		return err
	}
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
