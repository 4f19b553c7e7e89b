package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/store"
	"madoguchi/webpush"
)

const (
	atOnce    = 8 // pushes
	lookAgain = 15 * time.Second
	leastRest = 100 * time.Millisecond
	attempts  = 5
	firstWait = 5 * time.Second // doubled after every attempt

	// SendWithin is how long one push service may take.
	SendWithin = 10 * time.Second
)

// keeper sends what waits as its time comes.
func (s *Service) keeper() due.Keeper {
	return due.Keeper{What: "look for what to push", Look: s.pushDue, Every: lookAgain, Soon: leastRest, Log: s.Log, Now: s.Now}
}

// pushDue sends all that is due and says when the next push is.
func (s *Service) pushDue(ctx context.Context) (next time.Time, err error) {
	for n := atOnce; n == atOnce && ctx.Err() == nil; {
		var failed error
		n, failed = s.Push(ctx)
		err = errors.Join(err, failed)
	}
	return next, errors.Join(err, s.Store.View(ctx, 0, func(r store.Reader) (err error) {
		next, err = r.Pushes().NextDue()
		return err
	}))
}

// Push sends some of what is due now, side by side, and says how many it had in hand.
func (s *Service) Push(ctx context.Context) (int, error) {
	var waiting []desk.Push
	err := s.Store.View(ctx, 0, func(r store.Reader) (err error) {
		waiting, err = r.Pushes().Due(atOnce)
		return err
	})
	if err != nil {
		return 0, err
	}
	var all sync.WaitGroup
	for _, p := range waiting {
		all.Go(func() {
			if err := s.pushOne(ctx, p); err != nil && ctx.Err() == nil {
				s.Log.WarnContext(ctx, "push to a device", "workspace", p.Workspace, "device", p.DeviceID, "err", err)
			}
		})
	}
	all.Wait()
	return len(waiting), nil
}

// taken is a push in hand: what it says, to whom; nil = nobody is to hear it any more.
type taken struct {
	device  *desk.PushDevice
	payload payload
	urgent  bool
}

// pushOne takes a push away and sends it: at most once, whatever happens between the two (ADR 30). Only what a push service asks to
// be sent again waits again.
func (s *Service) pushOne(ctx context.Context, p desk.Push) error {
	hand, err := store.Result(ctx, s.Store, p.Workspace, func(tx store.Tx) (t taken, err error) {
		ours, err := tx.WritePushes().Take(p)
		if err != nil || !ours || !p.ExpiresAt.After(tx.Now()) {
			return t, err
		}
		return compose(tx, p, tx.Now())
	})
	if err != nil || hand.device == nil {
		return err
	}
	err = s.send(ctx, p, hand)
	var refused webpush.Refusal
	switch {
	case err == nil:
		return nil
	case errors.Is(err, webpush.ErrGone) || errors.Is(err, webpush.ErrKeys):
		return s.Store.Update(ctx, p.Workspace, func(tx store.Tx) error { return tx.WritePushes().DeleteDevice(p.DeviceID) })
	case errors.As(err, &refused) && !refused.Passing() || p.Attempts+1 >= attempts:
		return err
	}
	p.Attempts++
	p.DueAt = s.Now().Add(max(firstWait<<(p.Attempts-1), refused.RetryAfter))
	return errors.Join(err, s.Store.Update(ctx, p.Workspace, func(tx store.Tx) error {
		if _, err := tx.Pushes().Device(p.DeviceID); err != nil {
			return none(err) // signed out meanwhile
		}
		return tx.WritePushes().Return(p)
	}))
}

func (s *Service) send(ctx context.Context, p desk.Push, hand taken) error {
	identity, err := s.identify(ctx)
	if err != nil {
		return err
	}
	plain, err := s.Sealer.Open(hand.device.Sealed, store.DevicePlace(p.Workspace, p.DeviceID))
	if err != nil {
		return fmt.Errorf("open the device's keys: %w", err)
	}
	var to webpush.Subscription
	if err := json.Unmarshal(plain, &to); err != nil {
		return fmt.Errorf("read the device's keys: %w", err)
	}
	body, err := json.Marshal(hand.payload)
	if err != nil {
		return fmt.Errorf("write the push: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, SendWithin)
	defer cancel()
	sender := webpush.Sender{Identity: identity.key, Subject: s.subject(), Client: s.Client, Now: s.Now}
	return sender.Send(ctx, to, webpush.Message{Body: body, Topic: p.Tag, TTL: p.ExpiresAt.Sub(s.Now()), Urgent: hand.urgent})
}
