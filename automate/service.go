package automate

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"madoguchi/bus"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/reactor"
	"madoguchi/store"
)

// Config is what a Service needs.
type Config struct {
	Store    store.Store
	Bus      bus.Bus
	Channels channel.Registry
	Log      *slog.Logger // nil = slog.Default()
	Now      desk.Clock   // nil = time.Now
}

// Service answers what the event log tells: new tickets, and keywords.
type Service struct {
	voice   Voice
	reactor reactor.Reactor
}

// fresh is how long after they wrote somebody still expects a machine's answer.
const fresh = 15 * time.Minute

// New makes the service; it works while Run runs.
func New(c Config) *Service {
	s := &Service{voice: Voice{Channels: c.Channels}}
	s.reactor = reactor.Reactor{Name: "automate", Store: c.Store, Bus: c.Bus, Log: c.Log, Now: c.Now, Fresh: fresh, Wants: wants, React: s.react}
	return s
}

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error { return s.reactor.Run(ctx) }

// Round works through what happened since the last one.
func (s *Service) Round(ctx context.Context) error { return s.reactor.Round(ctx) }

func wants(e desk.Event) bool {
	if e.Actor.Kind != desk.ActorCustomer {
		return false
	}
	switch e.Kind {
	case desk.EventTicketCreated:
		return true
	case desk.EventMessageCreated:
		return keywordOf(e) != "" || mayFlood(e)
	}
	return false
}

func keywordOf(e desk.Event) desk.Keyword {
	i := slices.IndexFunc(e.Changes, func(c desk.Change) bool { return c.Field == "keyword" })
	if i < 0 {
		return ""
	}
	return desk.Keyword(e.Changes[i].To)
}

// mayFlood picks the messages at which it is looked whether their writer floods us (B6.3): two of each sixteen in a thread, so that
// one is the customer's also where every other is ours.
func mayFlood(e desk.Event) bool { return e.MessageSeq > floodFrom && e.MessageSeq%16 < 2 }

const floodFrom = 30

func (s *Service) react(tx store.Tx, e desk.Event) error {
	row, err := tx.WriteConversations().Lock(e.ConversationID)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	a := answer{service: s, tx: tx, row: &row}
	if a.channel, err = tx.Channels().Get(row.ChannelID); err != nil {
		return err
	}
	if e.Kind == desk.EventTicketCreated {
		return a.acknowledge(e.TicketID)
	}
	m, err := tx.Messages().Get(e.MessageID)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	switch m.Keyword {
	case desk.KeywordHelp:
		return a.help(m)
	case desk.KeywordOptOut:
		return a.confirm(m)
	}
	return a.watch()
}
