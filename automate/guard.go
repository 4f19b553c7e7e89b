package automate

import (
	"fmt"
	"strconv"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// machine reports whether nobody reads answers to the sender (B6.1). Only where people are numbers that is seen.
func (s *speech) machine(r store.Reader) (bool, error) {
	if !s.spec.Capabilities.Segments {
		return false, nil
	}
	all, err := r.Channels().List()
	if err != nil {
		return false, err
	}
	var own []string
	for _, c := range all {
		if number := channel.NumberOf(s.spec, c.Settings); c.Kind == s.channel.Kind && number != "" {
			own = append(own, number)
		}
	}
	return desk.MachineSender(s.identity.ExternalID, own), nil
}

// loops holds the last minutes of the thread against the limits of B6.
func (s *speech) loops() (string, error) {
	last, err := latest(s.tx, s.row.ID, s.tx.Now().Add(-desk.LoopWithin))
	if err != nil {
		return "", err
	}
	now, text := s.tx.Now(), desk.Message{Parts: s.words.Parts}.Text()
	switch {
	case s.words.Answers != nil && desk.Echoes(s.words.Answers.Text(), last.sent, now):
		return desk.SilentEcho, nil
	case desk.Flooding(last.received, now):
		return desk.SilentFlood, s.flooded()
	case desk.LoopGuard(text, last.automated, now):
		return desk.SilentLoop, s.guard()
	}
	return "", nil
}

// recent is what was said lately.
type recent struct {
	sent, automated []desk.Said
	received        []time.Time
}

const (
	recentPage = 50
	recentMost = 400 // messages that are looked at; with so many in minutes, a limit was passed before
)

func latest(r store.Reader, conversation desk.ID, since time.Time) (recent, error) {
	var all recent
	for before, looked := int64(0), 0; looked < recentMost; {
		page, err := r.Messages().Before(conversation, before, recentPage)
		if err != nil {
			return all, fmt.Errorf("read what was said lately: %w", err)
		}
		for _, m := range page {
			if m.ReceivedAt.Before(since) {
				return all, nil
			}
			all.add(m)
			before = m.Seq
		}
		if looked += len(page); len(page) < recentPage {
			break
		}
	}
	return all, nil
}

func (r *recent) add(m desk.Message) {
	said := desk.Said{Text: m.Text(), At: m.ReceivedAt}
	switch m.Author.Kind {
	case desk.AuthorCustomer:
		r.received = append(r.received, m.ReceivedAt)
	case desk.AuthorAutomation, desk.AuthorBot:
		r.automated = append(r.automated, said)
		r.sent = append(r.sent, said)
	case desk.AuthorHuman:
		r.sent = append(r.sent, said)
	}
}

// The causes that admins hear of (H7).
const (
	causeLoop  = "loop_guard"
	causeFlood = "flooding"
)

// guard silences automations towards the person for a while and hands the case to people (B6.2).
func (s *speech) guard() error {
	standing := s.identity.Standing
	standing.MutedUntil = s.tx.Now().Add(desk.LoopPause)
	if err := s.tx.WriteContacts().SetStanding(s.identity.ID, standing); err != nil {
		return fmt.Errorf("set standing: %w", err)
	}
	if err := s.queue(); err != nil {
		return err
	}
	if err := s.line("loop_guard", map[string]string{"until": desk.Instant(standing.MutedUntil)}); err != nil {
		return err
	}
	if err := s.tell(causeLoop); err != nil {
		return err
	}
	return keep(s.tx, s.row)
}

// queue gives the case to people where machines had it.
func (s *speech) queue() error {
	if s.row.TicketID == 0 {
		return nil
	}
	ticket, err := s.tx.Tickets().Get(s.row.TicketID)
	if err != nil {
		return fmt.Errorf("read ticket: %w", err)
	}
	was := ticket
	if !ticket.NeedsPeople(s.tx.Now()) {
		return nil
	}
	ticket.Version++
	if err := s.tx.WriteTickets().Put(ticket); err != nil {
		return fmt.Errorf("put ticket: %w", err)
	}
	s.row.Follow(ticket)
	s.tx.Emit(desk.Event{
		Kind: desk.EventTicketChanged, At: s.tx.Now(), Actor: system, ConversationID: s.row.ID, TicketID: ticket.ID, Changes: ticket.ChangesFrom(was),
	})
	return nil
}

// flooded tells once an hour that somebody writes more than a person does (B6.3).
func (s *speech) flooded() error {
	hour := strconv.FormatInt(s.tx.Now().Truncate(time.Hour).Unix(), 10)
	_, told, err := s.tx.Seen("automate", "flood/"+s.identity.ID.String()+"/"+hour, s.identity.ID)
	if err != nil || told {
		return err
	}
	if err := s.line("flooding", nil); err != nil {
		return err
	}
	if err := s.tell(causeFlood); err != nil {
		return err
	}
	return keep(s.tx, s.row)
}

func (s *speech) line(code string, params map[string]string) error {
	m := desk.Message{
		TicketID: s.row.TicketID, Author: desk.Author{Kind: desk.AuthorSystem}, System: &desk.SystemLine{Code: code, Params: params},
	}
	return store.AddMessage(s.tx, s.row, &m, system)
}

// tell lets those who look after the channel hear of it, at most once an hour (H7).
func (s *speech) tell(cause string) error {
	after := s.channel
	if !after.Health.Tell(cause, s.tx.Now()) {
		return nil
	}
	return store.ChangeChannel(s.tx, s.channel, after, system, desk.Alert{Code: cause, Severity: desk.SeverityWarning})
}
