// Package notify tells members what concerns them (G6): it follows the event log and writes down that a case was given to somebody
// or that a note mentions them. Other parts write their own notifications (store.Notify).
package notify

import (
	"context"
	"log/slog"
	"time"

	"madoguchi/bus"
	"madoguchi/desk"
	"madoguchi/reactor"
	"madoguchi/store"
)

// Config is what a Service needs.
type Config struct {
	Store store.Store
	Bus   bus.Bus
	Log   *slog.Logger // nil = slog.Default()
	Now   desk.Clock   // nil = time.Now
}

// Service tells members.
type Service struct {
	reactor reactor.Reactor
}

// fresh is how long afterwards a member still wants to hear of something.
const fresh = 15 * time.Minute

// New makes the service; it works while Run runs.
func New(c Config) *Service {
	s := &Service{}
	s.reactor = reactor.Reactor{Name: "notify", Store: c.Store, Bus: c.Bus, Log: c.Log, Now: c.Now, Fresh: fresh, Wants: wants, React: s.react}
	return s
}

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error { return s.reactor.Run(ctx) }

// Round works through what happened since the last one.
func (s *Service) Round(ctx context.Context) error { return s.reactor.Round(ctx) }

func wants(e desk.Event) bool {
	return len(assigned(e)) > 0 || len(mentioned(e)) > 0
}

func (s *Service) react(tx store.Tx, e desk.Event) error {
	if err := tell(tx, e, desk.NotifyAssigned, assigned(e)); err != nil {
		return err
	}
	return tell(tx, e, desk.NotifyMentioned, mentioned(e))
}
