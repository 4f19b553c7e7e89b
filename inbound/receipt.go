package inbound

import (
	"context"
	"fmt"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// receiptPage is how many messages one step of a receipt looks at.
const receiptPage = 200

// receipt makes our messages climb (G2.3). A receipt for what nobody knows is acknowledged and counted.
func (s *Service) receipt(ctx context.Context, workspace desk.ID, ch desk.Channel, r channel.Receipt) error {
	known := true
	err := s.store.Update(ctx, workspace, func(tx store.Tx) (err error) {
		known = r.Peer != nil
		if known {
			known, err = readUpTo(tx, ch, r)
		}
		return err
	})
	if err == nil && !known {
		s.counts.unrouted.Add(1)
	}
	return err
}

// readUpTo says that the customer has seen everything up to a position.
func readUpTo(tx store.Tx, ch desk.Channel, r channel.Receipt) (known bool, err error) {
	identity, err := tx.Contacts().IdentityByKey(ch.Kind, r.Peer.Scope, r.Peer.ExternalID)
	if desk.KindOf(err) == desk.KindNotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	c, err := tx.Conversations().ByIdentity(identity.ID)
	if desk.KindOf(err) == desk.KindNotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if c, err = tx.WriteConversations().Lock(c.ID); err != nil {
		return false, err
	}
	read, err := tx.Conversations().CustomerRead(c.ID)
	if err != nil {
		return false, err
	}
	upTo := min(r.UpTo, c.LastSeq)
	if upTo <= read.Seq {
		return true, nil
	}
	if err := tx.WriteConversations().PutCustomerRead(desk.CustomerRead{ConversationID: c.ID, Seq: upTo, At: tx.Now()}); err != nil {
		return false, fmt.Errorf("put customer's reading: %w", err)
	}
	tx.Emit(desk.Event{
		Kind: desk.EventCustomerRead, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorCustomer, ID: c.ContactID},
		ConversationID: c.ID, TicketID: c.TicketID, MessageSeq: upTo,
	})
	return true, climbUpTo(tx, c, read.Seq, upTo, r.Status)
}

// climbUpTo gives the news to every message of ours with from < Seq <= upTo.
func climbUpTo(tx store.Tx, c desk.Conversation, from, upTo int64, status desk.DeliveryStatus) error {
	changed := false
	for from < upTo {
		page, err := tx.Messages().After(c.ID, from, receiptPage)
		if err != nil {
			return err
		}
		for _, m := range page {
			if m.Seq > upTo {
				break
			}
			moved, err := climb(tx, &c, m, status, nil)
			if err != nil {
				return err
			}
			changed = changed || moved
		}
		if len(page) < receiptPage {
			break
		}
		from = page[len(page)-1].Seq
	}
	return keepRow(tx, c, changed)
}

// climb moves one message's status up if the news is higher and reports whether the list row changed with it.
func climb(tx store.Tx, c *desk.Conversation, m desk.Message, news desk.DeliveryStatus, fault *desk.MessageFault) (rowChanged bool, err error) {
	if m.Status == "" { // never delivered: inbound, notes, system lines
		return false, nil
	}
	status := m.Status.Climb(news)
	if status == m.Status {
		return false, nil
	}
	m.Status, m.Fault = status, fault
	if err := tx.WriteMessages().Update(&m); err != nil {
		return false, fmt.Errorf("update message: %w", err)
	}
	tx.Emit(desk.Event{
		Kind: desk.EventMessageChanged, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorCustomer, ID: c.ContactID},
		ConversationID: c.ID, TicketID: m.TicketID, MessageID: m.ID, MessageSeq: m.Seq,
		Changes: []desk.Change{{Field: "status", To: string(status)}},
	})
	return c.Settled(m), nil
}

func keepRow(tx store.Tx, c desk.Conversation, changed bool) error {
	if !changed {
		return nil
	}
	c.Version++
	if err := tx.WriteConversations().Put(c); err != nil {
		return fmt.Errorf("put conversation: %w", err)
	}
	return nil
}
