package inbound

import (
	"context"
	"sync"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

const (
	knownFor     = 2 * time.Second        // how old what is known of a channel may be before the store is asked
	knownAskedIn = 300 * time.Millisecond // how long the store may take to tell, where something is known
)

// known is what was last known of a channel: enough to verify and take its requests while the database is away.
type known struct {
	Workspace desk.ID
	Channel   desk.Channel
	Secrets   map[string]string
	at        time.Time
}

// directory remembers channels by the random part of their callbacks.
type directory struct {
	mu     sync.Mutex
	byHook map[string]known
}

func (d *directory) get(hook string) (known, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	k, ok := d.byHook[hook]
	return k, ok
}

func (d *directory) put(hook string, k known) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byHook == nil {
		d.byHook = map[string]known{}
	}
	d.byHook[hook] = k
}

// replace puts a reading of all channels in the place of what was known before it began; what was learned since stays.
func (d *directory) replace(all map[string]known, began time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for hook, k := range d.byHook {
		if k.at.After(began) {
			all[hook] = k
		}
	}
	d.byHook = all
}

func (d *directory) forget(hook string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.byHook, hook)
}

// behind finds the channel behind a callback: as the store has it, or as it was when the store last answered.
func (s *Service) behind(ctx context.Context, hook string) (known, error) {
	last, have := s.directory.get(hook)
	now := s.now()
	if have && now.Sub(last.at) < knownFor {
		return last, nil
	}
	if have {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, knownAskedIn)
		defer cancel()
	}
	k, err := s.read(ctx, hook)
	switch {
	case err == nil:
		k.at = now
		s.directory.put(hook, k)
		return k, nil
	case desk.KindOf(err) == desk.KindNotFound:
		s.directory.forget(hook)
		return known{}, err
	case have:
		last.at = now // ask again in a while, not for every request
		s.directory.put(hook, last)
		s.log.WarnContext(ctx, "the store does not tell a channel; its last known settings count", "channel", last.Channel.ID, "err", err)
		return last, nil
	}
	return known{}, err
}

func (s *Service) read(ctx context.Context, hook string) (k known, err error) {
	err = s.store.View(ctx, 0, func(r store.Reader) error {
		k.Workspace, k.Channel, err = r.Channels().ByHook(hook)
		return err
	})
	if err != nil {
		return known{}, err
	}
	k.Secrets, err = s.secrets(k.Workspace, k.Channel)
	return k, err
}

// callback is the endpoint as its connector is told of it.
func (s *Service) callback(k known, received time.Time) channel.Endpoint {
	return channel.Endpoint{Channel: k.Channel, Secrets: k.Secrets, URL: channel.HookURL(s.publicURL, k.Channel), Received: received}
}
