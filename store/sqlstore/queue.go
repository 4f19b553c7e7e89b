package sqlstore

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// queue is the outbox. A lane's row is its lock: whoever leases, settles or enqueues holds it.
type queue struct{ s *Store }

const (
	deliveryColumns = `d.id, d.channel_id, d.conversation_id, d.message_id, d.part, d.seq, d.status, d.attempts, d.not_before,
		d.expires_at, d.idempotency_key, d.external_id, d.fault, d.created_at, d.updated_at`

	sqlLaneEnqueue = `INSERT INTO lanes (workspace_id, lane_id, channel_id, next_seq, head_id, head_at, wake_at, lease_token, worker)
		SELECT $1, $2, $3, 1, $4, $5, CASE WHEN p.until <= $5 THEN $5 WHEN p.until > $6 AND $6 > 0 THEN $6 ELSE p.until END, '', '' FROM
		(SELECT coalesce((SELECT until FROM channel_pauses WHERE workspace_id = $1 AND channel_id = $3), 0) AS until) AS p WHERE true
		ON CONFLICT (workspace_id, lane_id) DO UPDATE SET next_seq = lanes.next_seq + 1,
		head_id = CASE WHEN lanes.head_id = 0 THEN excluded.head_id ELSE lanes.head_id END,
		head_at = CASE WHEN lanes.head_id = 0 THEN excluded.head_at ELSE lanes.head_at END,
		wake_at = CASE WHEN lanes.head_id = 0 THEN excluded.wake_at ELSE lanes.wake_at END RETURNING next_seq`
	sqlDeliveryInsert = `INSERT INTO deliveries (workspace_id, id, channel_id, conversation_id, message_id, part, seq, status, attempts,
		not_before, expires_at, idempotency_key, external_id, fault, created_at, updated_at, ended)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0)`

	sqlLaneDue = `SELECT l.workspace_id, coalesce(p.until, 0), ` + deliveryColumns + ` FROM lanes l
		JOIN deliveries d ON d.workspace_id = l.workspace_id AND d.id = l.head_id
		LEFT JOIN channel_pauses p ON p.workspace_id = l.workspace_id AND p.channel_id = l.channel_id
		WHERE l.wake_at > 0 AND l.wake_at <= $1 ORDER BY l.wake_at, l.workspace_id, l.lane_id LIMIT $2 FOR NO KEY UPDATE OF l SKIP LOCKED`
	sqlLaneLease       = `UPDATE lanes SET lease_token = $3, worker = $4, wake_at = $5 WHERE workspace_id = $1 AND lane_id = $2`
	sqlLaneNext        = `SELECT wake_at FROM lanes WHERE wake_at > 0 ORDER BY wake_at LIMIT 1`
	sqlDeliveryAttempt = `UPDATE deliveries SET attempts = attempts + 1, updated_at = $3 WHERE workspace_id = $1 AND id = $2`

	sqlPausePut = `INSERT INTO channel_pauses (workspace_id, channel_id, until) VALUES ($1, $2, $3)
		ON CONFLICT (workspace_id, channel_id) DO UPDATE SET until = excluded.until`
	sqlPauseGet   = `SELECT until FROM channel_pauses WHERE workspace_id = $1 AND channel_id = $2`
	sqlPauseLanes = `UPDATE lanes SET wake_at = CASE WHEN head_at > $3 THEN head_at ELSE coalesce((SELECT d.expires_at FROM deliveries d
		WHERE d.workspace_id = lanes.workspace_id AND d.id = lanes.head_id AND d.expires_at < $3 AND d.expires_at > 0), $3) END
		WHERE workspace_id = $1 AND channel_id = $2 AND wake_at > 0 AND lease_token = ''`
)

func deliveryDest(d *desk.Delivery) []any {
	return []any{&d.ID, &d.ChannelID, &d.ConversationID, &d.MessageID, &d.Part, &d.Seq, &d.Status, &d.Attempts, &d.NotBefore,
		&d.ExpiresAt, &d.Key, &d.ExternalID, asJSON(&d.Fault), &d.CreatedAt, &d.UpdatedAt}
}

// Enqueue promises to send; the lane's row is locked from here on, so Seqs are drawn in commit order.
func (t *tx) Enqueue(d *desk.Delivery) error {
	due := d.NotBefore
	if due.IsZero() {
		due = t.at
	}
	if d.Status == "" {
		d.Status = desk.DeliveryQueued
	}
	found, err := t.drawn(sqlLaneEnqueue, []any{t.workspace, d.ConversationID, d.ChannelID, d.ID, due, d.ExpiresAt}, &d.Seq)
	if err != nil || !found {
		return err
	}
	t.outgoing = true
	return t.write(sqlDeliveryInsert, t.workspace, d.ID, d.ChannelID, d.ConversationID, d.MessageID, d.Part, d.Seq, d.Status, d.Attempts,
		due, d.ExpiresAt, d.Key, d.ExternalID, asJSON(d.Fault), d.CreatedAt, d.UpdatedAt)
}

func (q queue) Lease(ctx context.Context, worker string, limit int, lease time.Duration) ([]store.Leased, error) {
	var leased []store.Leased
	err := q.s.db.alone(ctx, 0, func(t *tx) error {
		var err error
		leased, err = t.lease(worker, limit, lease)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("lease deliveries: %w", err)
	}
	return leased, nil
}

// due is a lane's head whose time has come.
type due struct {
	workspace desk.ID
	paused    time.Time
	delivery  desk.Delivery
}

func (t *tx) lease(worker string, limit int, lease time.Duration) ([]store.Leased, error) {
	heads, err := list(t, func(r row, d *due) error {
		return scan(r, append([]any{&d.workspace, &d.paused}, deliveryDest(&d.delivery)...)...)
	}, sqlLaneDue, t.at, limit)
	if err != nil {
		return nil, err
	}
	leased := make([]store.Leased, 0, len(heads))
	for _, h := range heads {
		// Paused while leased, or enqueued during the pause. What expired comes out all the same, to be told so.
		if until := heldUntil(t.at, h.paused, h.delivery.ExpiresAt); until.After(t.at) {
			if err := t.write(sqlLaneLease, h.workspace, h.delivery.ConversationID, "", "", until); err != nil {
				return nil, err
			}
			continue
		}
		l := store.Leased{WorkspaceID: h.workspace, Delivery: h.delivery, Token: leaseToken(), Until: t.at.Add(lease)}
		l.Delivery.Attempts++
		if err := t.write(sqlLaneLease, h.workspace, h.delivery.ConversationID, l.Token, worker, l.Until); err != nil {
			return nil, err
		}
		if err := t.write(sqlDeliveryAttempt, h.workspace, h.delivery.ID, t.at); err != nil {
			return nil, err
		}
		leased = append(leased, l)
	}
	return leased, nil
}

// heldUntil is when a delivery that is due comes out of its channel's pause: at its end, at the delivery's expiry if that
// is sooner.
func heldUntil(due, paused, expires time.Time) time.Time {
	switch {
	case !paused.After(due):
		return due
	case expires.IsZero() || expires.After(paused):
		return paused
	}
	return expires
}

func leaseToken() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}

func (q queue) Pause(ctx context.Context, workspace, channel desk.ID, until time.Time) error {
	err := q.s.update(ctx, workspace, func(t *tx) error { return t.pause(channel, until) })
	if err != nil {
		return fmt.Errorf("pause channel %s: %w", channel, err)
	}
	return nil
}

func (t *tx) pause(channel desk.ID, until time.Time) error {
	if err := t.write(sqlPausePut, t.workspace, channel, until); err != nil {
		return err
	}
	t.outgoing = true
	return t.write(sqlPauseLanes, t.workspace, channel, until)
}

func (q queue) NextDue(ctx context.Context) (time.Time, error) {
	var at time.Time
	err := q.s.db.view(ctx, func(run runner) error {
		_, err := newTx(q.s, run, 0).value(sqlLaneNext, nil, &at)
		return err
	})
	if err != nil {
		return at, fmt.Errorf("next due delivery: %w", err)
	}
	return at, nil
}
