// Package notify tells members what concerns them (G6): it follows the event log, writes down that a case was given to somebody or
// taken from them or that a note mentions them, and pushes to members' devices what was written down, whichever part did, what customers write, and which case
// they are offered. What a push says, and whether it still should, is decided when it goes.
package notify

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"madoguchi/bus"
	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/reactor"
	"madoguchi/store"
)

// Sealer keeps secrets; seal.Keyring is one.
type Sealer interface {
	Seal(plain []byte, context string) ([]byte, error)
	Open(sealed []byte, context string) ([]byte, error)
}

// Config is what a Service needs.
type Config struct {
	Store     store.Store
	Bus       bus.Bus
	Sealer    Sealer
	Client    *http.Client        // guarded: where a device is reached, its browser says
	Trusted   func(*url.URL) bool // push services that may be reached by plain HTTP; nil = none
	PublicURL string              // names us to push services
	Mails     bool                // mails are sent to members who want some
	Worker    string              // names this node
	Log       *slog.Logger        // nil = slog.Default()
	Now       desk.Clock          // nil = time.Now
}

// Service tells members.
type Service struct {
	Config
	reactor reactor.Reactor
	added   due.Bell // something waits to be pushed

	mu       sync.Mutex
	identity *settled // nil until it was read
}

// fresh is how long afterwards a member still wants to hear of something.
const fresh = 15 * time.Minute

// New makes the service; it works while Run runs.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Service{Config: c, added: due.NewBell()}
	s.reactor = reactor.Reactor{Name: "notify", Store: c.Store, Bus: c.Bus, Log: c.Log, Now: c.Now, Fresh: fresh, Wants: wants, React: s.react}
	return s
}

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	var beside sync.WaitGroup
	beside.Go(func() { due.Keep(ctx, s.keeper(), s.added) })
	beside.Go(func() { s.keepOnline(ctx) })
	defer beside.Wait()
	return s.reactor.Run(ctx)
}

// Round works through what happened since the last one.
func (s *Service) Round(ctx context.Context) error { return s.reactor.Round(ctx) }

func wants(e desk.Event) bool {
	return e.Kind == desk.EventNotified || e.Kind == desk.EventOfferChanged || spoken(e) || len(assigned(e)) > 0 || len(mentioned(e)) > 0 || len(takenOver(e)) > 0
}

func (s *Service) react(tx store.Tx, e desk.Event) error {
	switch {
	case e.Kind == desk.EventNotified:
		return s.pushNotification(tx, e)
	case e.Kind == desk.EventOfferChanged:
		return s.pushOffer(tx, e)
	case spoken(e):
		return s.pushMessage(tx, e)
	case e.Kind == desk.EventMessageCreated:
		return tell(tx, e, desk.NotifyMentioned, mentioned(e))
	}
	if err := tell(tx, e, desk.NotifyTakenOver, takenOver(e)); err != nil {
		return err
	}
	return tell(tx, e, desk.NotifyAssigned, assigned(e))
}
