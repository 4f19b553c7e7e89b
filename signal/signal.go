// Package signal tells customers what is no message: that theirs were read, that somebody writes, and our reactions. The
// first two are told as well as it can be: nothing waits for them, and what is lost is not missed.
package signal

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

const (
	workers  = 4
	waiting  = 256 // signals that may wait; one more is dropped
	within   = 10 * time.Second
	lookBack = 50 // messages
)

// Config is what a Service needs.
type Config struct {
	Store store.Store
	// Account is what a channel's connector calls its provider with.
	Account func(workspace desk.ID, c desk.Channel) (channel.Connector, channel.Account, error)
	Now     desk.Clock   // nil = time.Now
	Log     *slog.Logger // nil = slog.Default()
}

// Service signals. It is safe for concurrent use.
type Service struct {
	Config
	reads chan read
	types chan writer
	told  told
}

// read is a conversation that a member read up to a message.
type read struct {
	place
	user desk.ID
	seq  int64
}

// New makes the service; nothing goes out until Run.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Service{Config: c, reads: make(chan read, waiting), types: make(chan writer, waiting), told: told{until: map[writer]time.Time{}}}
}

// MemberRead notes that a member read a conversation up to a message. If they are its assignee the customer is told, where
// the channel can (G2.8).
func (s *Service) MemberRead(workspace, conversation, user desk.ID, seq int64) {
	select {
	case s.reads <- read{place{workspace, conversation}, user, seq}:
	default: // so many wait that this one would come late
	}
}

// Run signals until ctx ends; it returns nil then.
func (s *Service) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for range workers {
		all.Go(func() { s.work(ctx) })
	}
	all.Wait()
	return nil
}

func (s *Service) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-s.reads:
			s.note(ctx, "tell the customer that their messages were read", r.place, s.tellRead(ctx, r))
		case w := <-s.types:
			s.note(ctx, "tell the customer that somebody writes", w.place, s.tellTyping(ctx, w))
		}
	}
}

func (s *Service) note(ctx context.Context, what string, p place, err error) {
	if err != nil && ctx.Err() == nil {
		s.Log.InfoContext(ctx, what, "workspace", p.workspace, "conversation", p.conversation, "err", err)
	}
}

// addressee is who a conversation's customer is told through.
type addressee struct {
	channel  desk.Channel
	identity desk.Identity
}

func addresseeOf(reader store.Reader, row desk.Conversation) (a addressee, err error) {
	if a.identity, err = reader.Contacts().Identity(row.IdentityID); err != nil {
		return a, err
	}
	a.channel, err = reader.Channels().Get(row.ChannelID)
	return a, err
}

func (s *Service) tellRead(ctx context.Context, r read) error {
	var who addressee
	var upTo desk.ExternalID
	err := s.Store.View(ctx, r.workspace, func(reader store.Reader) error {
		row, err := reader.Conversations().Get(r.conversation)
		if err != nil || row.Assignee != r.user {
			return err
		}
		if upTo, err = newestOf(reader, r); err != nil || upTo == "" {
			return err
		}
		who, err = addresseeOf(reader, row)
		return err
	})
	if err != nil || upTo == "" || !who.channel.Sends() {
		return err
	}
	connector, account, err := s.Account(r.workspace, who.channel)
	if err != nil {
		return err
	}
	teller, ok := connector.(channel.Reader)
	if !ok || !connector.Spec().Capabilities.ReadReceipts || who.channel.Automation.HideReading {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	return teller.MarkRead(ctx, account, peerOf(who.identity), upTo)
}

// newestOf is the provider's id of the customer's newest message that was read, "" if there is none to tell of.
func newestOf(reader store.Reader, r read) (desk.ExternalID, error) {
	page, err := reader.Messages().Before(r.conversation, r.seq+1, lookBack)
	if err != nil {
		return "", err
	}
	for _, m := range page {
		if m.Author.Kind.Inbound() && m.ExternalID != "" {
			return desk.ExternalID(m.ExternalID), nil
		}
	}
	return "", nil
}
