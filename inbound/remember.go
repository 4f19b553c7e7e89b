package inbound

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"madoguchi/bus"
	"madoguchi/desk"
	"madoguchi/inbound/journal"
	"madoguchi/store"
)

const (
	rememberWithin = time.Minute     // how old what is remembered of the channels may be while nothing is committed
	rememberPause  = 5 * time.Second // how long it stays unread again, whatever is committed

	notePlace = "inbound/channels" // where the note is sealed for
)

// noted is a channel as the note has it: what verifying its requests takes, its secrets sealed as they are in the store.
type noted struct {
	Workspace desk.ID
	Channel   desk.Channel
}

// remember reads every channel with a callback when it begins, after changes, and now and then, until ctx ends: none is unknown
// when the store goes away, and none that was changed on another node is known as it was.
func (s *Service) remember(ctx context.Context) {
	changed := s.committed(ctx)
	for ctx.Err() == nil {
		if err := s.learn(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "read the channels with callbacks; those that are known count on", "err", err)
		}
		pause(ctx, rememberPause, nil)
		pause(ctx, rememberWithin-rememberPause, changed)
	}
}

// committed tells once of everything that was committed since it was heard last.
func (s *Service) committed(ctx context.Context) <-chan struct{} {
	if s.bus == nil {
		return nil
	}
	hints, err := s.bus.Subscribe(ctx, bus.TopicEvents)
	if err != nil {
		s.log.WarnContext(ctx, "subscribe to event hints; channels are read again every minute", "err", err)
		return nil
	}
	changed := make(chan struct{}, 1)
	go func() {
		for range hints { // until ctx ends
			select {
			case changed <- struct{}{}:
			default:
			}
		}
	}()
	return changed
}

// pause ends after a while, with news, or with ctx.
func pause(ctx context.Context, d time.Duration, news <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-news:
	case <-ctx.Done():
	}
}

// learn reads the channels that have a callback, and notes them for a start without the store.
func (s *Service) learn(ctx context.Context) error {
	began := s.now()
	var found []noted
	err := s.store.View(ctx, 0, func(r store.Reader) error {
		found = nil // it may run again
		return r.Channels().Hooked(func(workspace desk.ID, c desk.Channel) error {
			found = append(found, noted{workspace, c})
			return nil
		})
	})
	if err != nil {
		return err
	}
	s.directory.replace(s.unsealed(ctx, found), began)
	return s.note(found)
}

// unsealed makes channels known. One whose secrets cannot be read is left out: nothing can be verified for it.
func (s *Service) unsealed(ctx context.Context, found []noted) map[string]known {
	all := make(map[string]known, len(found))
	for _, n := range found {
		k := known{Workspace: n.Workspace, Channel: n.Channel}
		if last, ok := s.directory.get(n.Channel.Hook); ok && bytes.Equal(last.Channel.Secrets, n.Channel.Secrets) {
			k.Secrets, k.at = last.Secrets, last.at
		} else {
			secrets, err := s.secrets(n.Workspace, n.Channel)
			if err != nil {
				s.log.WarnContext(ctx, "the secrets of a channel cannot be read", "channel", n.Channel.ID, "err", err)
				continue
			}
			k.Secrets = secrets
		}
		all[n.Channel.Hook] = k
	}
	return all
}

// note writes the channels down on this node, sealed as a whole, where they differ from the last note.
func (s *Service) note(found []noted) error {
	if s.noteFolder == "" {
		return nil
	}
	plain := make([]noted, len(found))
	for i, n := range found { // what changes all the time tells nothing about a request
		n.Channel.Health, n.Channel.LastSeenAt, n.Channel.LastSeenOn = desk.ChannelHealth{}, time.Time{}, ""
		plain[i] = n
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return fmt.Errorf("encode channels: %w", err)
	}
	if bytes.Equal(text, s.lastNote) {
		return nil
	}
	sealed, err := s.sealer.Seal(text, notePlace)
	if err != nil {
		return fmt.Errorf("seal channels: %w", err)
	}
	if err := journal.WriteNote(s.noteFolder, sealed); err != nil {
		return fmt.Errorf("note channels: %w", err)
	}
	s.lastNote = text
	return nil
}

// Recall makes the channels known that this node noted last, for the time until the store can be reached, and says how many
// they are.
func (s *Service) Recall(ctx context.Context) (int, error) {
	sealed, err := journal.ReadNote(s.noteFolder)
	if err != nil || sealed == nil {
		return 0, err
	}
	text, err := s.sealer.Open(sealed, notePlace)
	if err != nil {
		return 0, fmt.Errorf("open the note of channels: %w", err)
	}
	var found []noted
	if err := json.Unmarshal(text, &found); err != nil {
		return 0, fmt.Errorf("read the note of channels: %w", err)
	}
	all := s.unsealed(ctx, found)
	s.directory.replace(all, s.now())
	return len(all), nil
}
