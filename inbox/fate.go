package inbox

import (
	"context"
	"fmt"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// Retry queues a failed or unknown message of ours again (G2.3); "not_retryable" (conflict) for any other, and what
// Write refuses: the block, the channel and the consent of now count, not those of then (F12, H2).
func (s *Service) Retry(ctx context.Context, a Actor, message desk.ID) (desk.Message, error) {
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Message, error) {
		v, m, err := openMessage(tx, a, message)
		if err != nil {
			return m, err
		}
		if m.Status != desk.DeliveryFailed && m.Status != desk.DeliveryUnknown {
			return m, desk.Errorf(desk.KindConflict, "not_retryable", "a %q message is not sent again", m.Status)
		}
		_, spec, err := s.reachable(v, m)
		if err != nil {
			return m, err
		}
		err = v.retry(&m, spec)
		return m, err
	})
}

func (v *visit) retry(m *desk.Message, spec channel.Spec) error {
	m.Status, m.Fault = statusOfReply(spec), nil
	if err := v.tx.WriteMessages().Update(m); err != nil {
		return fmt.Errorf("update message: %w", err)
	}
	if !spec.Local {
		if err := v.promiseAgain(m, spec.Capabilities); err != nil {
			return err
		}
	}
	v.tx.Emit(desk.Event{
		Kind: desk.EventMessageChanged, At: v.now, Actor: v.actor.By,
		ConversationID: v.row.ID, TicketID: m.TicketID, MessageID: m.ID, MessageSeq: m.Seq,
		Changes: []desk.Change{{Field: "status", To: string(m.Status)}},
	})
	if !v.row.Settled(*m) {
		return nil
	}
	v.row.Version++
	return v.tx.WriteConversations().Put(v.row)
}

// promiseAgain promises the pieces of a message that are neither there nor on their way.
func (v *visit) promiseAgain(m *desk.Message, c channel.Capabilities) error {
	pieces, err := v.tx.Messages().DeliveriesOf(m.ID)
	if err != nil {
		return fmt.Errorf("read deliveries: %w", err)
	}
	there := map[int]bool{} // a piece that arrived, or is on its way, is not sent again because another did not arrive
	for _, d := range pieces {
		switch d.Status {
		case desk.DeliverySent, desk.DeliveryDelivered, desk.DeliveryRead, desk.DeliveryQueued, desk.DeliverySending:
			there[d.Part] = true
		}
	}
	return v.promise(m, c, there)
}

// Arrived notes what a member knows of a message of which the provider told nothing: it arrived (G2.3). It becomes "sent": a tick
// more would claim the provider's proof, and what the provider tells later still counts, also that it failed. "fate_known"
// (conflict) for any other message; where somebody else has the case, only who may decide about it says so (J3).
func (s *Service) Arrived(ctx context.Context, a Actor, message desk.ID) (desk.Message, error) {
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Message, error) {
		v, m, err := openMessage(tx, a, message)
		if err != nil {
			return m, err
		}
		if err := v.mayDecide(v.ticket); err != nil {
			return m, err
		}
		if m.Status != desk.DeliveryUnknown {
			return m, desk.Errorf(desk.KindConflict, "fate_known", "the fate of a %q message is known", m.Status)
		}
		if err := v.vouch(m); err != nil {
			return m, err
		}
		return tx.Messages().Get(message)
	})
}

// vouch ends the pieces of a message that nobody knows of as sent, and says in the thread who knew it.
func (v *visit) vouch(m desk.Message) (err error) {
	pieces, err := v.tx.Messages().DeliveriesOf(m.ID)
	if err != nil {
		return fmt.Errorf("read deliveries: %w", err)
	}
	for _, d := range pieces {
		if d.Status != desk.DeliveryUnknown {
			continue
		}
		d.Status, d.Fault = desk.DeliverySent, nil
		if err := v.tx.WriteMessages().SettleDelivery(d); err != nil {
			return fmt.Errorf("settle delivery %d: %w", d.ID, err)
		}
	}
	if v.row, err = v.tx.WriteConversations().Lock(m.ConversationID); err != nil { // settling changed it
		return err
	}
	if err := v.line("arrived", map[string]string{"by": v.actor.Name, "said": desk.Instant(m.At)}); err != nil {
		return err
	}
	return v.close()
}
