// Package trigger does what administrators said should happen by itself (E28): it follows the event log for what starts a trigger,
// looks after the time since marks, closes cases that nobody goes on with (0.6), and sends the requests that actions promised.
package trigger

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"madoguchi/automate"
	"madoguchi/bus"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/reactor"
	"madoguchi/store"
)

// Config is what a Service needs.
type Config struct {
	Store    store.Store
	Bus      bus.Bus
	Channels channel.Registry
	Client   *http.Client                   // guarded: it calls addresses that people typed
	Secret   func(workspace desk.ID) []byte // signs what is called
	Log      *slog.Logger                   // nil = slog.Default()
	Now      desk.Clock                     // nil = time.Now
}

// Service runs triggers.
type Service struct {
	store   store.Store
	voice   automate.Voice
	client  *http.Client
	secret  func(workspace desk.ID) []byte
	log     *slog.Logger
	now     desk.Clock
	reactor reactor.Reactor
	timed   due.Bell // a timer was set here: the clock looks when it runs out
	called  due.Bell // a request was promised here
	saved   due.Bell // a trigger was saved, here or elsewhere
}

// fresh is how old an event may be that still starts a trigger: whoever wrote before a long outage still wants to be sorted, but
// nobody wants yesterday's done twice.
const fresh = 24 * time.Hour

// New makes the service; it works while Run runs.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Service{
		store: c.Store, voice: automate.Voice{Channels: c.Channels}, client: c.Client, secret: c.Secret, log: c.Log, now: c.Now,
		timed: due.NewBell(), called: due.NewBell(), saved: due.NewBell(),
	}
	s.reactor = reactor.Reactor{
		Name: "trigger", Store: c.Store, Bus: c.Bus, Log: c.Log, Now: c.Now, Fresh: fresh, Serves: serves, Wants: wants, React: s.react,
	}
	return s
}

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	var beside sync.WaitGroup
	beside.Go(func() { due.Keep(ctx, s.keeper("triggers on time", s.Due), s.timed) })
	beside.Go(func() { due.Keep(ctx, s.keeper("promised requests", s.Call), s.called) })
	beside.Go(func() { due.Keep(ctx, s.keeper("timers of standing tickets", s.CatchUp), s.saved) })
	defer beside.Wait()
	return s.reactor.Run(ctx)
}

// Round works through what happened since the last one.
func (s *Service) Round(ctx context.Context) error { return s.reactor.Round(ctx) }

// serves reports whether a workspace has anything that happens by itself.
func serves(r store.Reader) (bool, error) {
	all, err := r.Triggers().List()
	if err != nil || slices.ContainsFunc(all, func(t desk.Trigger) bool { return t.Enabled }) {
		return err == nil, err
	}
	channels, err := r.Channels().List()
	return slices.ContainsFunc(channels, func(c desk.Channel) bool { return c.Automation.AutoClose.On() }), err
}

func wants(e desk.Event) bool {
	author := authorBy(e)
	set, ended := desk.Marks(e, author)
	return len(desk.Starts(e, author))+len(set)+len(ended) > 0 || moved(e) || e.Kind == desk.EventTriggerChanged
}

// authorBy is who wrote an event's message, as far as who did it tells: notes are told apart later, and the system speaks to
// nobody's case.
func authorBy(e desk.Event) desk.AuthorKind {
	if e.Kind != desk.EventMessageCreated {
		return ""
	}
	switch e.Actor.Kind {
	case desk.ActorCustomer:
		return desk.AuthorCustomer
	case desk.ActorUser, desk.ActorAPIKey:
		return desk.AuthorHuman
	}
	return ""
}

func (s *Service) react(tx store.Tx, e desk.Event) error {
	if e.Kind == desk.EventTriggerChanged {
		s.saved.Ring()
		return nil
	}
	v, err := s.open(tx, e.ConversationID, e.TicketID)
	if err != nil || v == nil {
		return err
	}
	var message *desk.Message
	if e.Kind == desk.EventMessageCreated {
		m, err := tx.Messages().Get(e.MessageID)
		if desk.KindOf(err) == desk.KindNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		message = &m
	}
	triggers, err := tx.Triggers().List()
	if err != nil {
		return err
	}
	triggers = slices.DeleteFunc(triggers, func(t desk.Trigger) bool { return !t.Enabled })
	if err := v.mark(e, authorOf(message), triggers); err != nil {
		return err
	}
	depth, err := depthOf(tx, e)
	if err != nil {
		return err
	}
	starts := desk.Starts(e, authorOf(message))
	for _, t := range triggers {
		if !slices.Contains(starts, t.On) {
			continue
		}
		if err := v.start(t, occasion{key: occurrenceOf(e), depth: depth + 1, message: message}); err != nil {
			return err
		}
	}
	return v.close()
}

func authorOf(m *desk.Message) desk.AuthorKind {
	if m == nil {
		return ""
	}
	return m.Author.Kind
}

// depthOf is how deep in a chain an event is: what a run does names the run as its actor.
func depthOf(r store.Reader, e desk.Event) (int, error) {
	if e.Actor.Kind != desk.ActorSystem || e.Actor.ID == 0 {
		return 0, nil
	}
	run, err := r.Triggers().Run(e.Actor.ID)
	if desk.KindOf(err) == desk.KindNotFound {
		return 0, nil
	}
	return run.Depth, err
}

// keeper does a round whenever something became due, here or on another node.
func (s *Service) keeper(what string, round func(context.Context) (next time.Time, err error)) due.Keeper {
	return due.Keeper{What: what, Look: round, Every: lookEvery, Log: s.log, Now: s.now}
}

// lookEvery finds what other nodes set.
const lookEvery = 20 * time.Second
