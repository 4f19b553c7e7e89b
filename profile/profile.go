// Package profile asks providers who somebody is that wrote without a name (F2): beside the filing of the message, once in a
// while per person, and a name that somebody typed meanwhile stays.
package profile

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

const (
	atOnce    = 2
	waiting   = 256 // people; who finds no place is asked about with their next message
	askWithin = 15 * time.Second
	askEvery  = time.Hour // per person
	maxAsked  = 10_000
	maxName   = 100 // runes
)

// Config is what a Service needs.
type Config struct {
	Store store.Store
	// Account is what a connector calls its provider with; see connect.Service.
	Account func(workspace desk.ID, c desk.Channel) (channel.Connector, channel.Account, error)
	Now     desk.Clock
	Log     *slog.Logger // nil = slog.Default()
}

// Service asks. One per node.
type Service struct {
	Config
	people chan person

	mu    sync.Mutex
	asked map[person]time.Time
}

// person is an identity of a workspace.
type person struct{ workspace, identity desk.ID }

// New makes the service; Met may be called before Run.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Service{Config: c, people: make(chan person, waiting), asked: map[person]time.Time{}}
}

// Met says that somebody without a name wrote. It never waits.
func (s *Service) Met(workspace, identity desk.ID) {
	p := person{workspace, identity}
	if !s.mayAsk(p) {
		return
	}
	select {
	case s.people <- p:
	default:
	}
}

// mayAsk reports whether it is time to ask about somebody, and remembers that it was done.
func (s *Service) mayAsk(p person) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	if at, ok := s.asked[p]; ok && now.Sub(at) < askEvery {
		return false
	}
	if len(s.asked) >= maxAsked {
		clear(s.asked)
	}
	s.asked[p] = now
	return true
}

// Run asks until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case p := <-s.people:
					if err := s.look(ctx, p); err != nil && ctx.Err() == nil {
						s.Log.InfoContext(ctx, "ask who somebody is", "workspace", p.workspace, "identity", p.identity, "err", err)
					}
				}
			}
		})
	}
	all.Wait()
	return nil
}

// look asks about one person and keeps what is told.
func (s *Service) look(ctx context.Context, p person) error {
	var identity desk.Identity
	var ch desk.Channel
	named := false
	err := s.Store.View(ctx, p.workspace, func(r store.Reader) (err error) {
		if identity, err = r.Contacts().Identity(p.identity); err != nil {
			return fmt.Errorf("read identity: %w", err)
		}
		contact, err := r.Contacts().Get(identity.ContactID)
		if err != nil {
			return fmt.Errorf("read contact: %w", err)
		}
		named = contact.Name != ""
		ch, err = r.Channels().Get(identity.ChannelID)
		return err
	})
	if err != nil || named {
		return err
	}
	connector, account, err := s.Account(p.workspace, ch)
	if err != nil {
		return err
	}
	profiler, ok := connector.(channel.Profiler)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	found, err := profiler.Profile(ctx, account, channel.Peer{Scope: identity.Scope, ExternalID: identity.ExternalID, Alias: identity.Alias})
	if err != nil {
		return fmt.Errorf("ask provider: %w", err)
	}
	found.Name = shortened(channel.CleanText(found.Name))
	if found.Name == "" {
		return nil
	}
	return s.Store.Update(ctx, p.workspace, func(tx store.Tx) error { return keep(tx, p.identity, found) })
}

// shortened is a name of a length that screens can hold.
func shortened(name string) string {
	name = strings.TrimSpace(name)
	if runes := []rune(name); len(runes) > maxName {
		return string(runes[:maxName])
	}
	return name
}

// keep writes the name down unless there is one by now.
func keep(tx store.Tx, id desk.ID, found channel.Profile) error {
	if thread, err := tx.Conversations().ByIdentity(id); err == nil { // how they stand is changed under its lock
		if _, err := tx.WriteConversations().Lock(thread.ID); err != nil {
			return fmt.Errorf("lock conversation: %w", err)
		}
	}
	identity, err := tx.Contacts().Identity(id)
	if err != nil {
		return err
	}
	identity.Name = found.Name
	if err := tx.WriteContacts().PutIdentity(identity); err != nil {
		return fmt.Errorf("put identity: %w", err)
	}
	c, err := tx.Contacts().Get(identity.ContactID)
	if err != nil || c.Name != "" {
		return err
	}
	c.Name = found.Name
	if c.Locale == "" {
		c.Locale = found.Locale
	}
	c.UpdatedAt = tx.Now()
	c.Version++
	if err := tx.WriteContacts().Put(c); err != nil {
		return fmt.Errorf("put contact: %w", err)
	}
	tx.Emit(desk.Event{
		Kind: desk.EventContactChanged, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorSystem}, SubjectID: c.ID,
		Changes: []desk.Change{{Field: "name", To: c.Name}},
	})
	return nil
}
