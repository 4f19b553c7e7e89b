package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// attempt takes one leased delivery to its end, or leaves it leased when even that cannot be written down.
func (r *Runner) attempt(ctx context.Context, l store.Leased) {
	log := r.Log.With("workspace", l.WorkspaceID, "delivery", l.Delivery.ID, "attempt", l.Delivery.Attempts)
	d, refusal, err := r.prepare(ctx, l)
	if err != nil {
		log.ErrorContext(ctx, "prepare delivery; it stays leased", "err", err)
		return
	}
	if refusal == nil {
		refusal = r.lastCheck(d)
	}
	if refusal != nil && l.Delivery.Status != desk.DeliverySending {
		r.settle(ctx, d, refused(refusal, d.Delivery))
		return
	}
	if l.Delivery.Status == desk.DeliverySending {
		r.resolve(ctx, d, d.interrupted(), refusal)
		return
	}
	turns, wait, err := r.paces.take(ctx, d)
	if err != nil {
		log.WarnContext(ctx, "look at the rates; it stays leased", "err", err)
		return
	}
	if !wait.IsZero() {
		r.hold(ctx, d, wait)
		return
	}
	refusal, err = r.depart(ctx, d)
	if refusal != nil || err != nil {
		giveBack(turns)
	}
	var peer *errPace
	if errors.As(err, &peer) {
		r.hold(ctx, d, peer.until)
		return
	}
	if err != nil {
		log.WarnContext(ctx, "mark delivery as sending; it stays leased", "err", err)
		return
	}
	if refusal != nil {
		r.settle(ctx, d, refused(refusal, d.Delivery))
		return
	}
	var pause time.Duration
	d.account.Ease = func(asked time.Duration) { pause = max(pause, min(asked, maxBackoff)) }
	id, fault := r.send(ctx, d, turns)
	if ctx.Err() != nil && fault != nil {
		return // abandoned at the stop: the next start finds it in the state sending
	}
	if fault == nil {
		o := store.Outcome{Status: desk.DeliverySent, ExternalID: id}
		if pause > 0 {
			o.PauseUntil = r.Now().Add(pause)
		}
		r.settle(ctx, d, o)
		return
	}
	log.WarnContext(ctx, "send", "channel", d.account.Channel.ID, "fault", fault.Kind, "code", fault.Code, "certain", fault.Certain, "err", fault.Err)
	d.fault = fault
	r.resolve(ctx, d, fault, nil)
}

// interrupted is the fault of an attempt whose node vanished after bytes may have left, by a reply token perhaps; or the one
// that was waited upon in vain.
func (d *dispatch) interrupted() *channel.Fault {
	if f := d.Delivery.Fault; d.Delivery.AwaitsProof() && f != nil {
		return &channel.Fault{Kind: channel.Action(f.Kind), Code: f.Code, Err: errors.New(f.Detail)}
	}
	return &channel.Fault{
		Kind: channel.ActRetry, Code: "interrupted", Once: d.identity.Standing.TokenFor == d.Delivery.ID, Err: errors.New("the attempt was interrupted"),
	}
}

// send makes the one request. A connector's panic fails its own delivery only, and leaves open what happened.
func (r *Runner) send(ctx context.Context, d *dispatch, turns []turn) (id desk.ExternalID, fault *channel.Fault) {
	if err := r.paces.renew(ctx, turns); err != nil {
		return "", refuse(channel.ActRetry, "no_turn", err)
	}
	ctx, cancel := context.WithTimeout(ctx, r.SendTimeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			r.Log.ErrorContext(ctx, "connector panicked", "kind", d.spec.Kind, "panic", p, "stack", string(debug.Stack()))
			fault = &channel.Fault{Kind: channel.ActRetry, Code: "connector_panic", Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	id, err := d.connector.Send(ctx, d.account, d.out)
	return id, channel.AsFault(err)
}

// hold puts a delivery back until a rate has room again. It was no attempt.
func (r *Runner) hold(ctx context.Context, d *dispatch, until time.Time) {
	if e := d.Delivery.ExpiresAt; !e.IsZero() && until.After(e) {
		until = e // it fails on time (G7.7)
	}
	r.settle(ctx, d, store.Outcome{Status: desk.DeliveryQueued, NotBefore: until, Fault: d.Delivery.Fault, Held: true})
}

// resolve settles an attempt that did not simply succeed. refusal, if any, says that it must not be sent again.
func (r *Runner) resolve(ctx context.Context, d *dispatch, fault, refusal *channel.Fault) {
	repeatable := fault.Certain || d.spec.Idempotent && !fault.Once
	if !repeatable {
		id, found, err := r.find(ctx, d)
		switch {
		case err == nil && found:
			r.settle(ctx, d, store.Outcome{Status: desk.DeliverySent, ExternalID: id})
			return
		case err == nil: // the provider has been asked and does not have it
			certain := *fault
			certain.Certain = true
			fault = &certain
		case !errors.Is(err, errNoFinder) && refusal == nil:
			r.Log.WarnContext(ctx, "ask provider for delivery; it stays leased and is asked for again", "delivery", d.Delivery.ID, "err", err)
			return
		case d.spec.EchoWithin > 0 && !d.Delivery.AwaitsProof(): // the provider's echo or receipt may still prove it
			r.settle(ctx, d, store.Outcome{Status: desk.DeliverySending, NotBefore: r.Now().Add(d.spec.EchoWithin), Fault: fault.OnMessage()})
			return
		default:
			r.settle(ctx, d, store.Outcome{Status: desk.DeliveryUnknown, Fault: fault.OnMessage()})
			return
		}
	}
	if refusal != nil {
		known := d.Delivery
		if known.Fault = nil; !fault.Certain { // certain here: the provider was asked and has it not
			known.Fault = fault.OnMessage()
		}
		r.settle(ctx, d, refused(refusal, known))
		return
	}
	r.settle(ctx, d, judge(fault, d.Delivery, r.Now(), r.Backoff(d.Delivery.Attempts)))
}

var errNoFinder = errors.New("the provider cannot be asked")

func (r *Runner) find(ctx context.Context, d *dispatch) (desk.ExternalID, bool, error) {
	finder, ok := d.connector.(channel.Finder)
	if !ok {
		return "", false, errNoFinder
	}
	ctx, cancel := context.WithTimeout(ctx, r.SendTimeout)
	defer cancel()
	return finder.Find(ctx, d.account, d.out)
}

// settle writes down how an attempt ended, trying again while the lease is ours: a success that is not written down
// would be sent, or doubted, again.
func (r *Runner) settle(ctx context.Context, d *dispatch, o store.Outcome) {
	o.Also = d.afterwards(o)
	for attempt := 1; ; attempt++ {
		err := r.Store.Queue().Settle(ctx, d.Leased, o)
		if err == nil {
			r.count(o)
			return
		}
		if desk.KindOf(err) == desk.KindConflict || ctx.Err() != nil || !r.Now().Before(d.Until) {
			r.Log.ErrorContext(ctx, "settle delivery", "delivery", d.Delivery.ID, "status", o.Status, "err", err)
			return
		}
		pause := time.NewTimer(min(Backoff(attempt), 2*time.Second))
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
		pause.Stop()
	}
}

func (r *Runner) count(o store.Outcome) {
	switch o.Status {
	case desk.DeliverySent:
		r.counts.sent.Add(1)
	case desk.DeliveryUnknown:
		r.counts.unknown.Add(1)
	case desk.DeliveryQueued:
		if o.Held {
			r.counts.held.Add(1)
		} else {
			r.counts.retried.Add(1)
		}
	case desk.DeliveryFailed:
		r.counts.failed.Add(1)
		if o.Fault != nil && o.Fault.Code == CodeExpired {
			r.counts.expired.Add(1)
		}
	}
}
