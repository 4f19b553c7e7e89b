package inbound

import (
	"fmt"
	"math"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// receiptPage is how many messages one step of a receipt looks at.
const receiptPage = 200

// receipt makes our messages climb (G2.3): one piece by its id or our key, or all to a person up to a position or instant.
func (f *filing) receipt(r channel.Receipt) error {
	switch {
	case r.ExternalID != "" || r.Key != "":
		return f.pieceReceipt(r)
	case r.Peer == nil:
		return errEarly
	case !r.Until.IsZero():
		return f.readUntil(r)
	}
	return f.readUpTo(r)
}

// pieceReceipt is news of one provider message of ours.
func (f *filing) pieceReceipt(r channel.Receipt) error {
	d, err := f.piece(r.ExternalID, r.Key)
	if err != nil {
		return err
	}
	if err := f.lock(d.ConversationID); err != nil {
		return err
	}
	if d, err = f.tx.Messages().Delivery(d.ID); err != nil { // again, under the lock
		return early(err)
	}
	if d.InHand() {
		return errInHand
	}
	if d.UnderWay() && !f.final {
		return errEarly
	}
	if err := f.refused(d, r.Fault); err != nil {
		return err
	}
	if err := f.reached(r.Status); err != nil {
		return err
	}
	if err := f.templateRefused(d.MessageID, r.Fault); err != nil {
		return err
	}
	if err := f.settle(d, r); err != nil || !r.Earlier {
		return err
	}
	return f.settleEarlier(d, r)
}

// settleEarlier gives the news of a piece to everything that was sent before it.
func (f *filing) settleEarlier(d desk.Delivery, r channel.Receipt) error {
	m, err := f.tx.Messages().Get(d.MessageID)
	if err != nil {
		return fmt.Errorf("read message %d: %w", d.MessageID, err)
	}
	if err := f.settlePieces(m.ID, d.Part, r); err != nil {
		return err
	}
	return f.settleBack(m.Seq, r)
}

// settle moves a piece up and keeps what else the news says of it.
func (f *filing) settle(d desk.Delivery, r channel.Receipt) error {
	was := d
	d.Status = was.Status.Climb(r.Status)
	if d.ExternalID == "" {
		d.ExternalID = r.ExternalID
	}
	if r.Price != nil {
		d.Price = r.Price
	}
	switch {
	case d.Status == was.Status:
	case d.Status == desk.DeliveryFailed && r.Fault != nil:
		d.Fault = r.Fault.OnMessage()
	default:
		d.Fault = nil
	}
	if d.Status == was.Status && d.ExternalID == was.ExternalID && r.Price == nil {
		return nil
	}
	if err := f.tx.WriteMessages().SettleDelivery(d); err != nil {
		return fmt.Errorf("settle delivery %d: %w", d.ID, err)
	}
	return nil
}

// piece finds one provider message of ours on this channel.
func (f *filing) piece(external desk.ExternalID, key string) (desk.Delivery, error) {
	if external != "" {
		d, err := f.tx.Messages().DeliveryByExternalID(f.channel.ID, external)
		if desk.KindOf(err) != desk.KindNotFound {
			return d, err
		}
	}
	id := desk.DeliveryOfKey(key)
	if id == 0 {
		return desk.Delivery{}, errEarly
	}
	d, err := f.tx.Messages().Delivery(id)
	if err == nil && d.ChannelID != f.channel.ID {
		err = errEarly
	}
	return d, early(err)
}

// refused is what a failure that was told later means: for the person (H5, B3.13, C2.4), unless they wrote since, and for the
// channel (H1, H9). That one message failed after all does not say that the provider is in trouble.
func (f *filing) refused(d desk.Delivery, fault *channel.Fault) error {
	if fault == nil {
		return nil
	}
	by := fault.Recipient()
	if s := f.Identity.Standing; by != "" && !s.LastInAt.After(d.UpdatedAt) {
		if err := f.stand(s.Refused(by, f.now)); err != nil {
			return err
		}
	}
	a := fault.Ailment()
	if a == desk.AilmentTrouble {
		a = ""
	}
	return store.Ail(f.tx, d.ChannelID, a, fault.OnMessage(), time.Time{})
}

// reached notes that something arrived at the person.
func (f *filing) reached(status desk.DeliveryStatus) error {
	if status != desk.DeliveryDelivered && status != desk.DeliveryRead {
		return nil
	}
	return f.stand(f.Identity.Standing.Reached())
}

// stampSlack is how far the instant at which we wrote a send's success down may lie after the provider's own stamp of it.
const stampSlack = 2 * time.Second

// readUntil is news of everything that the provider had taken by an instant of its clock.
func (f *filing) readUntil(r channel.Receipt) error {
	if err := f.enter(*r.Peer); err != nil {
		return early(err)
	}
	return f.settleBack(0, r)
}

// settleBack gives the news to our messages before a place in the thread (0 = its end), up to the instant if there is one.
func (f *filing) settleBack(before int64, r channel.Receipt) error {
	for {
		page, err := f.tx.Messages().Before(f.Conversation.ID, before, receiptPage)
		if err != nil {
			return err
		}
		for _, m := range page {
			before = m.Seq
			if m.Status == "" || late(m.At, r.Until) {
				continue
			}
			if m.Status.Climb(r.Status) == m.Status && m.Status != desk.DeliveryFailed {
				return nil // so were all before it
			}
			if err := f.settlePieces(m.ID, math.MaxInt, r); err != nil {
				return err
			}
		}
		if len(page) < receiptPage {
			return nil
		}
	}
}

// late reports whether something happened after an instant up to which there is news; zero = there is none for it.
func late(at, until time.Time) bool { return !until.IsZero() && at.After(until) }

// settlePieces gives the news to a message's pieces before one.
func (f *filing) settlePieces(message desk.ID, before int, r channel.Receipt) error {
	pieces, err := f.tx.Messages().DeliveriesOf(message)
	if err != nil {
		return err
	}
	for _, d := range pieces {
		switch {
		case d.Part >= before:
		case d.InHand() && !r.Until.IsZero() && !d.CreatedAt.After(r.Until):
			return errInHand
		case d.UnderWay() && !r.Until.IsZero() && !d.CreatedAt.After(r.Until) && !f.final:
			return errEarly
		case d.Status != desk.DeliverySent && d.Status != desk.DeliveryDelivered: // nothing proves that the provider has it
		case d.Status == desk.DeliverySent && late(d.UpdatedAt.Add(-stampSlack), r.Until):
		default:
			if err := f.settle(d, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// readUpTo says that the customer has seen everything up to a position.
func (f *filing) readUpTo(r channel.Receipt) error {
	if err := f.enter(*r.Peer); err != nil {
		return early(err)
	}
	tx, c := f.tx, f.Conversation
	read, err := tx.Conversations().CustomerRead(c.ID)
	if err != nil {
		return err
	}
	upTo := min(r.UpTo, c.LastSeq)
	if upTo <= read.Seq {
		return nil
	}
	if err := tx.WriteConversations().PutCustomerRead(desk.CustomerRead{ConversationID: c.ID, Seq: upTo, At: tx.Now()}); err != nil {
		return fmt.Errorf("put customer's reading: %w", err)
	}
	tx.Emit(desk.Event{
		Kind: desk.EventCustomerRead, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorCustomer, ID: c.ContactID},
		ConversationID: c.ID, TicketID: c.TicketID, MessageSeq: upTo,
	})
	return climbUpTo(tx, c, read.Seq, upTo, r.Status)
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
