// Package signal tells customers what is no message: that their messages were read, and our reactions. That they were
// read is told as well as it can be: nothing waits for it, and what is lost is not missed.
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
	Log     *slog.Logger // nil = slog.Default()
}

// Service signals. It is safe for concurrent use.
type Service struct {
	Config
	reads chan read
}

// read is a conversation that a member read up to a message.
type read struct {
	workspace, conversation, user desk.ID
	seq                           int64
}

// New makes the service; nothing goes out until Run.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Service{Config: c, reads: make(chan read, waiting)}
}

// MemberRead notes that a member read a conversation up to a message. If they are its assignee the customer is told, where
// the channel can (G2.8).
func (s *Service) MemberRead(workspace, conversation, user desk.ID, seq int64) {
	select {
	case s.reads <- read{workspace, conversation, user, seq}:
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
			if err := s.tellRead(ctx, r); err != nil && ctx.Err() == nil {
				s.Log.InfoContext(ctx, "tell the customer that their messages were read", "workspace", r.workspace, "conversation", r.conversation, "err", err)
			}
		}
	}
}

func (s *Service) tellRead(ctx context.Context, r read) error {
	var c desk.Channel
	var identity desk.Identity
	var upTo desk.ExternalID
	err := s.Store.View(ctx, r.workspace, func(reader store.Reader) error {
		row, err := reader.Conversations().Get(r.conversation)
		if err != nil || row.Assignee != r.user {
			return err
		}
		if upTo, err = newestOf(reader, r); err != nil || upTo == "" {
			return err
		}
		if identity, err = reader.Contacts().Identity(row.IdentityID); err != nil {
			return err
		}
		c, err = reader.Channels().Get(row.ChannelID)
		return err
	})
	if err != nil || upTo == "" || !c.Sends() {
		return err
	}
	connector, account, err := s.Account(r.workspace, c)
	if err != nil {
		return err
	}
	teller, ok := connector.(channel.Reader)
	if !ok || !connector.Spec().Capabilities.ReadReceipts {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	return teller.MarkRead(ctx, account, peerOf(identity), upTo)
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
