// Package mail writes e-mails: to customers, the replies of ours that they have not read; to members, what they were told while they
// were away (G6) and what waits for them (G7.5). What waits to be mailed says what it is about; what a mail says, and whether it
// still should go, is decided when it goes. Nothing is mailed where the operator named no mail server.
package mail

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"madoguchi/bus"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/reactor"
	"madoguchi/smtp"
	"madoguchi/store"
)

// Config is what a Service needs.
type Config struct {
	Store     store.Store
	Bus       bus.Bus
	Channels  channel.Registry
	Server    *smtp.Server // nil = no mail is sent
	PublicURL string       // where links lead, without a slash at the end
	Secret    []byte       // signs the links that end mails
	// Language is the language to write to a customer in.
	Language func(store.Reader, *desk.Conversation) (desk.Locale, error)
	// Page is the page from which a customer wrote, if it may be linked to: one of a site that carries the channel's widget; else "".
	Page func(ch desk.Channel, address string) string
	Log  *slog.Logger // nil = slog.Default()
	Now  desk.Clock   // nil = time.Now
}

// Service writes e-mails. It is safe for concurrent use.
type Service struct {
	Config
	reactor reactor.Reactor
	added   due.Bell // something waits to be mailed
	ailing  faults
}

// fresh is how long afterwards a reply still is news.
const fresh = desk.MailKept

// New makes the service; it works while Run runs.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Service{Config: c, added: due.NewBell()}
	s.reactor = reactor.Reactor{Name: "mail", Store: c.Store, Bus: c.Bus, Log: c.Log, Now: c.Now, Fresh: fresh, Wants: wants, React: s.react}
	return s
}

// On reports whether mails are sent.
func (s *Service) On() bool { return s.Server != nil }

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	if !s.On() {
		<-ctx.Done()
		return nil
	}
	var beside sync.WaitGroup
	beside.Go(func() { due.Keep(ctx, s.keeper(), s.added) })
	defer beside.Wait()
	return s.reactor.Run(ctx)
}

// Round works through what happened since the last one.
func (s *Service) Round(ctx context.Context) error { return s.reactor.Round(ctx) }
