package sqlstore

import (
	"context"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

const (
	sqlLaneLock   = `SELECT lease_token FROM lanes WHERE workspace_id = $1 AND lane_id = $2 FOR NO KEY UPDATE`
	sqlLaneSettle = `UPDATE lanes SET head_id = $3, head_at = $4, wake_at = $5, lease_token = '', worker = ''
		WHERE workspace_id = $1 AND lane_id = $2`
	sqlLaneHead = `SELECT id, not_before, expires_at FROM deliveries WHERE workspace_id = $1 AND conversation_id = $2 AND seq > $3 AND ended = 0
		ORDER BY seq LIMIT 1`

	sqlDeliverySending = `UPDATE deliveries SET status = 'sending', updated_at = $3 WHERE workspace_id = $1 AND id = $2`
	sqlDeliverySettle  = `UPDATE deliveries SET status = $3, not_before = $4, external_id = $5, fault = $6, updated_at = $7, ended = $8
		WHERE workspace_id = $1 AND id = $2`
	sqlDeliveryHeld  = `UPDATE deliveries SET attempts = attempts - 1 WHERE workspace_id = $1 AND id = $2 AND attempts > 0`
	sqlDeliveryParts = `SELECT part, status FROM deliveries WHERE workspace_id = $1 AND message_id = $2 ORDER BY seq`
	sqlDeliveryNews  = `UPDATE deliveries SET status = $3, external_id = $4, fault = $5, price = $6, updated_at = $7
		WHERE workspace_id = $1 AND id = $2 AND ended = 1`
	sqlDeliveryGet          = `SELECT ` + deliveryColumns + `, d.price FROM deliveries d WHERE d.workspace_id = $1 AND d.id = $2`
	sqlDeliveryByExternalID = `SELECT ` + deliveryColumns + `, d.price FROM deliveries d
		WHERE d.workspace_id = $1 AND d.channel_id = $2 AND d.external_id = $3 AND d.external_id <> ''`
	sqlDeliveryOfMessage = `SELECT ` + deliveryColumns + `, d.price FROM deliveries d WHERE d.workspace_id = $1 AND d.message_id = $2 ORDER BY d.seq`
	sqlDeliveryHead      = `SELECT ` + deliveryColumns + `, d.price FROM deliveries d WHERE d.workspace_id = $1 AND d.conversation_id = $2
		AND d.ended = 0 ORDER BY d.seq LIMIT 1`
	sqlMessageDelivery = `UPDATE messages SET status = $3, fault = $4, external_id = $5, version = version + 1
		WHERE workspace_id = $1 AND id = $2`
)

var errLeaseLost = &desk.Error{Kind: desk.KindConflict, Code: "lease_lost", Message: "the lease is not ours any more"}

// ours locks the lane of a lease and refuses when somebody else has it, or it was settled.
func (t *tx) ours(l store.Leased) error {
	if err := t.fail(t.run.hold(t.workspace, l.Delivery.ConversationID)); err != nil {
		return err
	}
	var token string
	_, err := t.value(sqlLaneLock, []any{t.workspace, l.Delivery.ConversationID}, &token)
	if err == nil && (token == "" || token != l.Token) {
		return errLeaseLost
	}
	return err
}

func (q queue) MarkSending(ctx context.Context, l store.Leased, last func(store.Tx) error) error {
	err := q.s.update(ctx, l.WorkspaceID, func(t *tx) error {
		if last != nil {
			if _, err := t.held(l.Delivery.ConversationID); err != nil { // before the lane, as everywhere
				return err
			}
		}
		if err := t.ours(l); err != nil {
			return err
		}
		if last != nil {
			if err := last(t); err != nil {
				return err
			}
		}
		return t.write(sqlDeliverySending, t.workspace, l.Delivery.ID, t.at)
	})
	if err != nil {
		return fmt.Errorf("mark delivery %s sending: %w", l.Delivery.ID, err)
	}
	return nil
}

func (q queue) Settle(ctx context.Context, l store.Leased, o store.Outcome) error {
	err := q.s.update(ctx, l.WorkspaceID, func(t *tx) error { return t.settle(l, o) })
	if err != nil {
		return fmt.Errorf("settle delivery %s: %w", l.Delivery.ID, err)
	}
	return nil
}

// settle locks in the order of everybody else: conversation, pause, lane.
func (t *tx) settle(l store.Leased, o store.Outcome) error {
	d := l.Delivery
	if _, err := t.held(d.ConversationID); err != nil {
		return err
	}
	if err := t.extendPause(d.ChannelID, o.PauseUntil); err != nil {
		return err
	}
	if err := t.ours(l); err != nil {
		return err
	}
	ended := o.Status != desk.DeliveryQueued && o.Status != desk.DeliverySending
	again := o.NotBefore
	if again.IsZero() {
		again = t.at
	}
	if err := t.write(sqlDeliverySettle, t.workspace, d.ID, o.Status, again, o.ExternalID, asJSON(o.Fault), t.at, ended); err != nil {
		return err
	}
	if o.Held {
		if err := t.write(sqlDeliveryHeld, t.workspace, d.ID); err != nil {
			return err
		}
	}
	if ended {
		if err := t.advance(d); err != nil {
			return err
		}
	} else if err := t.wake(d, d.ID, again, d.ExpiresAt); err != nil {
		return err
	}
	if ended && d.MessageID != 0 {
		if err := t.climb(d.MessageID, o); err != nil {
			return err
		}
	}
	if o.Also == nil {
		return nil
	}
	return o.Also(t)
}

// SettleDelivery is for a piece whose attempt has ended; the conversation's lock comes first, as everywhere.
func (s messages) SettleDelivery(d desk.Delivery) error {
	if _, err := s.t.held(d.ConversationID); err != nil {
		return err
	}
	if err := s.t.proved(d); err != nil {
		return err
	}
	if err := s.t.write(sqlDeliveryNews, s.t.workspace, d.ID, d.Status, d.ExternalID, asJSON(d.Fault), asJSON(d.Price), s.t.at); err != nil {
		return err
	}
	if d.MessageID == 0 {
		return nil
	}
	return s.t.climb(d.MessageID, store.Outcome{Status: d.Status, ExternalID: d.ExternalID, Fault: d.Fault})
}

// proved ends a delivery that awaits proof, before what proves it is written down, and lets its lane go on.
func (t *tx) proved(news desk.Delivery) error {
	d, err := messages{t}.Delivery(news.ID)
	if desk.KindOf(err) == desk.KindNotFound || err == nil && !d.AwaitsProof() {
		return nil
	}
	if err != nil {
		return err
	}
	var token string
	if _, err := t.value(sqlLaneLock, []any{t.workspace, d.ConversationID}, &token); err != nil || token != "" {
		return err // leased again: its worker finds out itself
	}
	if err := t.write(sqlDeliverySettle, t.workspace, d.ID, d.Status, d.NotBefore, d.ExternalID, asJSON(d.Fault), t.at, true); err != nil {
		return err
	}
	return t.advance(d)
}

func (s messages) Delivery(id desk.ID) (desk.Delivery, error) {
	return get(s.t, "delivery", readDelivery, sqlDeliveryGet, s.t.workspace, id)
}

func (s messages) DeliveryByExternalID(channel desk.ID, external desk.ExternalID) (desk.Delivery, error) {
	return get(s.t, "delivery", readDelivery, sqlDeliveryByExternalID, s.t.workspace, channel, external)
}

func (s messages) DeliveriesOf(message desk.ID) ([]desk.Delivery, error) {
	return list(s.t, readDelivery, sqlDeliveryOfMessage, s.t.workspace, message)
}

func (s messages) Head(conversation desk.ID) (desk.Delivery, error) {
	return get(s.t, "delivery", readDelivery, sqlDeliveryHead, s.t.workspace, conversation)
}

func readDelivery(r row, d *desk.Delivery) error {
	return scan(r, append(deliveryDest(d), asJSON(&d.Price))...)
}

// advance gives a lane its next head after a delivery that ended.
func (t *tx) advance(d desk.Delivery) error {
	var head desk.ID
	var at, expires time.Time
	if _, err := t.value(sqlLaneHead, []any{t.workspace, d.ConversationID, d.Seq}, &head, &at, &expires); err != nil {
		return err
	}
	return t.wake(d, head, at, expires)
}

// extendPause pauses a channel until an instant, unless it is paused for longer: what was in hand when the quota ended knows
// less than what ended it.
func (t *tx) extendPause(channel desk.ID, until time.Time) error {
	if until.IsZero() {
		return nil
	}
	var paused time.Time
	if _, err := t.value(sqlPauseGet, []any{t.workspace, channel}, &paused); err != nil || paused.After(until) {
		return err
	}
	return t.pause(channel, until)
}

// wake sets a lane's next head free at its time, or at the end of its channel's pause (its expiry at the latest).
func (t *tx) wake(d desk.Delivery, head desk.ID, at, expires time.Time) error {
	due := at
	if head != 0 {
		var paused time.Time
		if _, err := t.value(sqlPauseGet, []any{t.workspace, d.ChannelID}, &paused); err != nil {
			return err
		}
		due = heldUntil(due, paused, expires)
		t.outgoing = true
	}
	return t.write(sqlLaneSettle, t.workspace, d.ConversationID, head, at, due)
}

// climb gives a message the state that its parts' deliveries add up to, and says so.
func (t *tx) climb(id desk.ID, o store.Outcome) error {
	m, err := get(t, "message", readMessage, sqlMessageGet, t.workspace, id)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	news, err := t.partsStatus(id)
	if err != nil {
		return err
	}
	was := m.Status
	m.Status = was.Climb(news)
	if m.Status == was {
		return nil
	}
	if m.ExternalID == "" {
		m.ExternalID = string(o.ExternalID)
	}
	m.Fault = o.Fault
	if err := t.write(sqlMessageDelivery, t.workspace, id, m.Status, asJSON(m.Fault), m.ExternalID); err != nil {
		return err
	}
	th, err := t.held(m.ConversationID)
	if err != nil {
		return err
	}
	if c := th.row; c.Settled(m) {
		c.Version++
		if err := (conversations{t}).Put(c); err != nil {
			return err
		}
	}
	t.Emit(desk.Event{
		Kind: desk.EventMessageChanged, At: t.at, Actor: desk.Actor{Kind: desk.ActorSystem},
		ConversationID: m.ConversationID, TicketID: m.TicketID, MessageID: id, MessageSeq: m.Seq,
		Changes: []desk.Change{{Field: "status", From: string(was), To: string(m.Status)}},
	})
	return nil
}

// partsStatus is failed if any part's newest delivery failed, else unknown if any is, else how far all have come, "" if not
// all are sent.
func (t *tx) partsStatus(message desk.ID) (desk.DeliveryStatus, error) {
	parts := map[int]desk.DeliveryStatus{}
	err := t.each(sqlDeliveryParts, []any{t.workspace, message}, func(r row) error {
		var part int
		var status desk.DeliveryStatus
		err := scan(r, &part, &status)
		parts[part] = status
		return err
	})
	count := map[desk.DeliveryStatus]int{}
	for _, status := range parts {
		count[status]++
	}
	together := 0
	switch {
	case count[desk.DeliveryFailed] > 0:
		return desk.DeliveryFailed, err
	case count[desk.DeliveryUnknown] > 0:
		return desk.DeliveryUnknown, err
	}
	for _, reached := range []desk.DeliveryStatus{desk.DeliveryRead, desk.DeliveryDelivered, desk.DeliverySent} {
		together += count[reached]
		if together == len(parts) {
			return reached, err
		}
	}
	return "", err
}
