package outbox

import (
	"math/rand/v2"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

const (
	firstBackoff = time.Second
	maxBackoff   = 60 * time.Second
	capProbe     = time.Hour // a channel at its quota is tried again this often
)

// Backoff is the wait before the attempt after the n-th (n from 1): full jitter below 1, 2, 4 … 60 s.
func Backoff(n int) time.Duration {
	return rand.N(ceiling(n)) + time.Millisecond
}

// ceiling is the longest wait after the n-th attempt.
func ceiling(n int) time.Duration {
	if n > 6 {
		return maxBackoff
	}
	return min(firstBackoff<<max(n-1, 0), maxBackoff)
}

// judge decides what a fault that permits another attempt comes to: the action vocabulary of package channel. A delivery
// that waits is due at its expiry at the latest, so that it fails on time (G7.7).
func judge(f *channel.Fault, d desk.Delivery, now time.Time, backoff time.Duration) store.Outcome {
	again := func(wait time.Duration) store.Outcome {
		due := now.Add(wait)
		if !d.ExpiresAt.IsZero() && due.After(d.ExpiresAt) {
			due = d.ExpiresAt
		}
		fault := f.OnMessage()
		fault.Uncertain = fault.Uncertain || mayHaveArrived(d)
		return store.Outcome{Status: desk.DeliveryQueued, NotBefore: due, Fault: fault}
	}
	wait := max(f.After, backoff)
	switch {
	case f.Kind == channel.ActRetry:
		return again(wait)
	case f.Kind == channel.ActThrottle:
		o := again(wait)
		if f.Scope != channel.RatePeer { // one person's pace holds up nobody else: their own lane waits with the delivery
			o.PauseUntil = now.Add(wait)
		}
		return o
	case f.Kind == channel.ActCap && !f.Suspended: // a stopped account refuses for good (H2)
		wait = max(wait, capProbe)
		o := again(wait)
		if !f.Rest { // else what is free goes on (LINE's replies): each message asks for itself
			o.PauseUntil = now.Add(wait)
		}
		return o
	case !f.Certain: // idempotent, and nobody knows: the same key again tells
		return again(wait)
	}
	return store.Outcome{Status: desk.DeliveryFailed, Fault: f.OnMessage()}
}

// mayHaveArrived reports whether an attempt before left that open.
func mayHaveArrived(d desk.Delivery) bool { return d.Fault != nil && d.Fault.Uncertain }

// refused is what a refusal of ours comes to before bytes leave: the message failed, but for one of which an attempt before may have
// arrived (with its key, on an idempotent channel): nobody knows.
func refused(refusal *channel.Fault, d desk.Delivery) store.Outcome {
	if mayHaveArrived(d) {
		return store.Outcome{Status: desk.DeliveryUnknown, Fault: refusal.OnMessage()}
	}
	fault := refusal.OnMessage()
	if refusal.Code == CodeExpired && d.Fault != nil { // that it waited too long does not tell for what
		fault.Last = &desk.MessageFault{Kind: d.Fault.Kind, Code: d.Fault.Code}
	}
	return store.Outcome{Status: desk.DeliveryFailed, Fault: fault}
}
