// Package inbound takes what arrives from the channels: a raw request goes through its connector, and each result is
// filed in one transaction that remembers its dedupe key, finds or makes the contact and the conversation, moves the
// ticket, adds the message and says so in the event log. What was taken once is never taken twice; what was
// acknowledged is committed.
package inbound

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	"madoguchi/bus"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/inbound/journal"
	"madoguchi/store"
)

// attempts is how often a result is filed anew after another writer was first (F3).
const attempts = 5

// Config is what a Service needs.
type Config struct {
	Store    store.Store
	Channels channel.Registry
	// Secrets unseals a channel's secrets for its connector.
	Secrets func(workspace desk.ID, c desk.Channel) (map[string]string, error)
	// Sealer encrypts what is kept of requests.
	Sealer channel.Sealer
	// Journal keeps requests on this node while the store takes none; nil = they are refused then.
	Journal *journal.Journal
	// NoteFolder is where this node notes the channels, so that it knows them when it starts without the store; "" = nowhere.
	NoteFolder string
	// Bus tells that something was committed, maybe to a channel; nil = channels are read again every minute.
	Bus       bus.Bus
	PublicURL string // where providers reach us, without a slash at the end; "" = nowhere
	// Met hears of who wrote without a name, after the message was filed; nil = nobody asks. It must not wait.
	Met func(workspace, identity desk.ID)
	Now desk.Clock
	Log *slog.Logger // nil = slog.Default()
}

// Service takes requests. It is safe for concurrent use.
type Service struct {
	store     store.Store
	channels  channel.Registry
	secrets   func(desk.ID, desk.Channel) (map[string]string, error)
	now       desk.Clock
	log       *slog.Logger
	sealer    channel.Sealer
	journal   *journal.Journal
	publicURL string
	bus       bus.Bus
	met       func(workspace, identity desk.ID)
	counts    counters
	directory directory
	filer     filer
	soon      due.Bell // something comes due before it was looked for

	journalled chan struct{} // a request went to the journal

	noteFolder string
	lastNote   []byte // of remember alone
}

type counters struct{ messages, duplicates, receipts, news, unknown, unrouted, discarded, held, forged, journalled atomic.Int64 }

// Counts is what was taken since the start, for metrics.
type Counts struct {
	Messages, Duplicates, Receipts int64
	News                           int64 // everything else that is known: echoes, reactions, edits, standings, notices
	Unknown                        int64 // events that a connector does not know
	Unrouted                       int64 // for provider accounts that no channel has, or messages nobody knows
	Discarded                      int64 // for disabled channels (H2)
	Held                           int64 // from blocked people (F12)
	Forged                         int64
	Journalled                     int64 // taken while the store took nothing
}

// New makes the service.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Secrets == nil {
		c.Secrets = func(desk.ID, desk.Channel) (map[string]string, error) { return nil, nil }
	}
	s := &Service{
		store: c.Store, channels: c.Channels, secrets: c.Secrets, sealer: c.Sealer, publicURL: c.PublicURL, met: c.Met, now: c.Now, log: c.Log,
		soon: due.NewBell(), journal: c.Journal, journalled: make(chan struct{}, 1), bus: c.Bus, noteFolder: c.NoteFolder,
	}
	s.filer.read, s.filer.file = s.readItem, s.fileWork
	return s
}

// Counts reads the counters.
func (s *Service) Counts() Counts {
	c := &s.counts
	return Counts{
		Messages: c.messages.Load(), Duplicates: c.duplicates.Load(), Receipts: c.receipts.Load(), News: c.news.Load(), Unknown: c.unknown.Load(),
		Unrouted: c.unrouted.Load(), Discarded: c.discarded.Load(), Held: c.held.Load(), Forged: c.forged.Load(), Journalled: c.journalled.Load(),
	}
}

// Call is one raw request on one channel's endpoint.
type Call struct {
	Workspace desk.ID
	Channel   desk.ID
	Request   channel.Request
	// Opened is the channel as the caller has read it for this very request; nil = Accept reads it.
	Opened *desk.Channel

	// For local channels, whose caller is known:
	Uploader desk.ID   // whose uploads the parts may name
	Contact  desk.ID   // whom a new identity belongs to, 0 = a new contact
	Page     desk.Page // of the company's site that they write from, as far as known
	// Also runs in the transaction that files a message that was not taken before, after everything else: it adds the
	// channel's own business, and an error from it undoes the message.
	Also func(tx store.Tx, f *Filed) error
}

// Filed is a message as it lies in the desk.
type Filed struct {
	Message      desk.Message
	Conversation desk.Conversation
	Ticket       desk.Ticket
	Contact      desk.Contact
	Identity     desk.Identity
	Began        bool // the ticket is new or was reopened by this message
	Duplicate    bool // taken before; Message alone is filled, as it is now
	Held         bool // from a blocked person: it is in no thread, and its Seq is what they may take it for
}

// Taken is what a request came to: its messages in order, and what the provider wants to hear.
type Taken struct {
	Messages []Filed
	Reply    channel.Reply
}

// Accept takes one request. Results are filed one by one, so a request that failed half-way is repeated as a whole and
// its first half is found to be known. Errors: channel.ErrForged; desk.KindInvalid from the connector;
// "channel_disabled" or "channel_deleted" (forbidden) on local channels, where a person waits for the answer (from a
// provider they are acknowledged and discarded: H2); what the store says. What a blocked person writes is taken like any
// other message, as far as they can tell (F12).
func (s *Service) Accept(ctx context.Context, c Call) (Taken, error) {
	endpoint, err := s.endpoint(ctx, c)
	if err != nil {
		return Taken{}, err
	}
	connector, err := s.channels.Get(endpoint.Channel.Kind)
	if err != nil {
		return Taken{}, err
	}
	local := connector.Spec().Local // its caller is known already: there is nothing to verify with
	if !local {
		if endpoint.Secrets, err = s.secrets(c.Workspace, endpoint.Channel); err != nil {
			return Taken{}, fmt.Errorf("unseal secrets of channel %d: %w", c.Channel, err)
		}
	}
	if err := endpoint.Channel.State.Closed(); local && err != nil {
		return Taken{}, err
	}
	reply, err := connector.Receive(ctx, endpoint, c.Request)
	if err != nil {
		if errors.Is(err, channel.ErrForged) {
			s.counts.forged.Add(1)
		}
		return Taken{}, err
	}
	taken := Taken{Reply: reply}
	q := &request{call: c, endpoint: endpoint, connector: connector}
	for _, result := range reply.Results {
		filed, err := s.result(ctx, q, result, true)
		if err != nil {
			return Taken{}, fmt.Errorf("file %s of channel %d: %w", result.Key, c.Channel, err)
		}
		if filed != nil {
			taken.Messages = append(taken.Messages, *filed)
		}
	}
	return taken, nil
}

func (s *Service) endpoint(ctx context.Context, c Call) (channel.Endpoint, error) {
	e := channel.Endpoint{Received: s.now().UTC()}
	if c.Opened != nil && c.Opened.ID == c.Channel {
		e.Channel = *c.Opened
		return e, nil
	}
	err := s.store.View(ctx, c.Workspace, func(r store.Reader) (err error) {
		e.Channel, err = r.Channels().Get(c.Channel)
		return err
	})
	if err != nil {
		return e, fmt.Errorf("read channel %d: %w", c.Channel, err)
	}
	return e, nil
}
