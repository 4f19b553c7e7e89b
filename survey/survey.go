// Package survey asks how cases were handled (B4): it follows the event log, asks when a case was resolved, notes when the question
// did not arrive, thanks for a rating, and ends what nobody answered. The answers are read where messages come in (package inbound).
package survey

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"madoguchi/automate"
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
	Worker   string       // names this node
	Log      *slog.Logger // nil = slog.Default()
	Now      desk.Clock   // nil = time.Now
}

// Service asks, thanks and ends.
type Service struct {
	store   store.Store
	voice   automate.Voice
	worker  string
	log     *slog.Logger
	reactor reactor.Reactor
}

// fresh is how long after a resolution somebody still expects to be asked.
const fresh = 15 * time.Minute

// New makes the service; it works while Run runs.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	s := &Service{store: c.Store, voice: automate.Voice{Channels: c.Channels}, worker: c.Worker, log: c.Log}
	s.reactor = reactor.Reactor{Name: "survey", Store: c.Store, Bus: c.Bus, Log: c.Log, Now: c.Now, Fresh: fresh, Wants: wants, React: s.react}
	return s
}

// Run works until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	var ending sync.WaitGroup
	ending.Go(func() { s.endOverdue(ctx) })
	defer ending.Wait()
	return s.reactor.Run(ctx)
}

// Round works through what happened since the last one.
func (s *Service) Round(ctx context.Context) error { return s.reactor.Round(ctx) }

func wants(e desk.Event) bool {
	return e.Kind == desk.EventSurveyWanted || e.Kind == desk.EventTicketChanged && changed(e, "status", string(desk.StatusResolved)) ||
		e.Kind == desk.EventMessageChanged && movesFate(e) ||
		e.Kind == desk.EventSurveyChanged && (changed(e, desk.SurveyFieldAnswer, string(desk.AnswerRating)) || changed(e, desk.SurveyFieldAnswer, string(desk.AnswerHint)))
}

func changed(e desk.Event, field, to string) bool {
	return slices.ContainsFunc(e.Changes, func(c desk.Change) bool { return c.Field == field && c.To == to })
}

func (s *Service) react(tx store.Tx, e desk.Event) error {
	row, err := tx.WriteConversations().Lock(e.ConversationID)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	v := visit{service: s, tx: tx, row: &row}
	if v.language, err = automate.LanguageOf(v.tx, v.row); err != nil {
		return err
	}
	switch {
	case e.Kind == desk.EventTicketChanged, e.Kind == desk.EventSurveyWanted:
		return v.ask(e.TicketID, e.Kind == desk.EventSurveyWanted)
	case e.Kind == desk.EventMessageChanged:
		return v.fate(e.MessageID)
	case changed(e, desk.SurveyFieldAnswer, string(desk.AnswerHint)):
		return v.hint(e)
	}
	return v.thank(e)
}

// visit is one conversation under its lock in one transaction.
type visit struct {
	service  *Service
	tx       store.Tx
	row      *desk.Conversation
	language desk.Locale
}

var system = desk.Actor{Kind: desk.ActorSystem}

// keep puts a survey and says so in the log.
func (v *visit) keep(was, is desk.Survey) error {
	if err := v.tx.WriteSurveys().Put(is); err != nil {
		return fmt.Errorf("put survey: %w", err)
	}
	v.tx.Emit(desk.SurveyEvent(was, is, "", system, v.tx.Now()))
	return nil
}

// line adds a quiet line to the thread.
func (v *visit) line(ticket desk.ID, code string) error {
	m := desk.Message{TicketID: ticket, Author: desk.Author{Kind: desk.AuthorSystem}, System: &desk.SystemLine{Code: code}}
	if err := store.AddMessage(v.tx, v.row, &m, system); err != nil {
		return err
	}
	v.row.Version++
	if err := v.tx.WriteConversations().Put(*v.row); err != nil {
		return fmt.Errorf("put conversation: %w", err)
	}
	return nil
}
