package outbox

import (
	"context"
	"fmt"
	"sync"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// pacer keeps to the rates of whole accounts. What is left of a rate is counted in the store, for all nodes; a node takes
// turns from there a few at a time, and only such as it uses at once: a turn that waits is given up.
type pacer struct {
	store store.Store
	now   desk.Clock

	mu      sync.Mutex
	buckets map[bucketKey]*bucket
}

type bucketKey struct {
	workspace, channel desk.ID
	rate               int // index in Spec.Rates
}

// bucket is one account's rate as this node sees it.
type bucket struct {
	pacer *pacer
	key   bucketKey
	pace  desk.Pace
	slack time.Duration

	mu    sync.Mutex // held while the store is asked, so that it is asked once
	turns []time.Time
	free  time.Time // nothing is left in the store before
	next  time.Time // when a delivery that waits from now on should look again: each a little later than the one before
}

func newPacer(s store.Store, now desk.Clock) *pacer {
	return &pacer{store: s, now: now, buckets: map[bucketKey]*bucket{}}
}

func (p *pacer) bucket(key bucketKey, r channel.Rate) *bucket {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.buckets[key]
	if b == nil {
		b = &bucket{pacer: p, key: key, pace: r.Pace(), slack: r.Slack()}
		p.buckets[key] = b
	}
	return b
}

// turn is the right to make one request of an account now, until it is stale.
type turn struct {
	bucket *bucket
	at     time.Time
}

// take takes a turn of each of an account's rates, or says until when to wait for them.
func (p *pacer) take(ctx context.Context, d *dispatch) (taken []turn, wait time.Time, err error) {
	for i, r := range d.spec.Rates {
		if r.Scope != channel.RateAccount {
			continue
		}
		b := p.bucket(bucketKey{d.WorkspaceID, d.Delivery.ChannelID, i}, r)
		at, wait, err := b.take(ctx)
		if err != nil || !wait.IsZero() {
			giveBack(taken)
			return nil, wait, err
		}
		taken = append(taken, turn{b, at})
	}
	return taken, time.Time{}, nil
}

// giveBack leaves turns that were not used to whoever comes next.
func giveBack(turns []turn) {
	for _, t := range turns {
		t.bucket.mu.Lock()
		t.bucket.turns = append([]time.Time{t.at}, t.bucket.turns...)
		t.bucket.mu.Unlock()
	}
}

// renew waits until no turn is stale: a commit between taking and using it may have been slow.
func (p *pacer) renew(ctx context.Context, turns []turn) error {
	for i := range turns {
		for t := &turns[i]; t.stale(); {
			at, wait, err := t.bucket.take(ctx)
			if err != nil {
				return err
			}
			if t.at = at; !wait.IsZero() {
				if err := sleep(ctx, wait.Sub(p.now())); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (t turn) stale() bool { return t.bucket.pacer.now().After(t.at.Add(t.bucket.slack)) }

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(max(d, time.Millisecond))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take gives a turn, or when to look again.
func (b *bucket) take(ctx context.Context) (at, wait time.Time, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.pacer.now()
	for len(b.turns) > 0 && now.After(b.turns[0].Add(b.slack)) {
		b.turns = b.turns[1:]
	}
	if len(b.turns) == 0 && !now.Before(b.free) {
		if err := b.refill(ctx, now); err != nil {
			return at, wait, err
		}
		now = b.pacer.now()
	}
	if len(b.turns) > 0 && !b.turns[0].After(now) {
		at, b.turns = b.turns[0], b.turns[1:]
		return at, wait, nil
	}
	return at, b.queue(now), nil
}

// queue is when the next delivery that finds nothing looks again.
func (b *bucket) queue(now time.Time) time.Time {
	soonest := b.free
	if len(b.turns) > 0 {
		soonest = b.turns[0]
	}
	if soonest.Before(now) {
		soonest = now
	}
	if b.next.Before(soonest) {
		b.next = soonest
	}
	at := b.next
	b.next = b.next.Add(b.pace.Every)
	return at.Truncate(time.Millisecond).Add(time.Millisecond) // the store counts in these
}

// refill takes as many turns from the store as are used before they are stale.
func (b *bucket) refill(ctx context.Context, now time.Time) error {
	most := max(1, int(b.slack/b.pace.Every))
	got, err := store.Result(ctx, b.pacer.store, b.key.workspace, func(tx store.Tx) (turns, error) {
		at, free, err := tx.WriteChannels().TakeTurns(b.key.channel, fmt.Sprintf("account/%d", b.key.rate), b.pace, most, now.Add(b.slack))
		return turns{at, free}, err
	})
	if err != nil {
		return fmt.Errorf("take turns of the account's rate: %w", err)
	}
	b.turns = got.at
	if len(got.at) == 0 {
		b.free = got.free
	}
	return nil
}

type turns struct {
	at   []time.Time
	free time.Time
}

// errPace holds a delivery back until its recipient may get another.
type errPace struct{ until time.Time }

func (e *errPace) Error() string {
	return "the recipient's rate is used up until " + e.until.Format(time.RFC3339Nano)
}

// takePeer takes a turn of every rate that counts what one person gets, in the transaction that begins to send.
func (d *dispatch) takePeer(tx store.Tx) error {
	for i, r := range d.spec.Rates {
		if r.Scope != channel.RatePeer {
			continue
		}
		name := fmt.Sprintf("peer/%d/%s", i, d.identity.ID)
		at, free, err := tx.WriteChannels().TakeTurns(d.Delivery.ChannelID, name, r.Pace(), 1, tx.Now())
		if err != nil {
			return err
		}
		if len(at) == 0 {
			return &errPace{free.Truncate(time.Millisecond).Add(time.Millisecond)}
		}
	}
	return nil
}
