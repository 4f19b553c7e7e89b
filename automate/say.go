// Package automate is what the desk says by itself: acknowledgements, the confirmation of an opt-out, the answer to HELP
// (B2, B3). Whatever speaks without a person speaks through Voice.Say, which keeps machines from talking to machines without
// end (B6) and to people who do not want it.
package automate

import (
	"errors"
	"fmt"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// Voice is the one door by which automations speak.
type Voice struct{ Channels channel.Registry }

// Words are what an automation wants to say.
type Words struct {
	Purpose  desk.Purpose
	Key      string            // what it is about: an automation says one thing once, whoever asks again
	Parts    []desk.Part       // text and choices
	Template *desk.TemplateUse // goes where texts may not, nil = a text
	Answers  *desk.Message     // the customer's message that called for it, nil = none did
}

// Said is what came of it.
type Said struct {
	Message desk.Message // the one of then, where the key was known
	Silent  string       // why nothing was said: one of desk's Silent… or a code of desk.Standing.Leave; "" where it was
}

// Say says something in a conversation that the caller holds (store.ConversationWriter.Lock), in the caller's transaction: the
// message and its deliveries are written, and the row is kept as it becomes. Not to speak is no error. It takes no ticket and
// counts as nobody's response (0.15, B2.4).
func (v Voice) Say(tx store.Tx, row *desk.Conversation, w Words) (Said, error) {
	clientID := string(w.Purpose) + "/" + w.Key
	known, err := tx.Messages().ByClientID(row.ID, desk.AuthorAutomation, 0, clientID)
	if desk.KindOf(err) != desk.KindNotFound {
		return Said{Message: known}, err
	}
	s, err := v.open(tx, row, w)
	if err != nil {
		return Said{}, err
	}
	silent, err := s.silence()
	if err != nil || silent != "" {
		return Said{Silent: silent}, err
	}
	m := desk.Message{
		TicketID: row.TicketID, Author: desk.Author{Kind: desk.AuthorAutomation}, Parts: w.Parts, ClientID: clientID, Purpose: w.Purpose,
		Template: w.Template, Status: desk.DeliveryQueued,
	}
	if s.spec.Local {
		m.Status = desk.DeliverySent // the customer's browser reads the event log
	}
	if err := store.AddMessage(tx, row, &m, system); err != nil {
		return Said{}, err
	}
	if !s.spec.Local {
		pieces := make([]int, len(channel.PiecesOf(s.spec.Capabilities, m)))
		for i := range pieces {
			pieces[i] = i
		}
		if err := store.Promise(tx, m, row.ChannelID, pieces...); err != nil {
			return Said{}, err
		}
	}
	return Said{Message: m}, keep(tx, row)
}

var system = desk.Actor{Kind: desk.ActorSystem}

func keep(tx store.Tx, row *desk.Conversation) error {
	row.Version++
	if err := tx.WriteConversations().Put(*row); err != nil {
		return fmt.Errorf("put conversation: %w", err)
	}
	return nil
}

// speech is one attempt to say something.
type speech struct {
	tx       store.Tx
	row      *desk.Conversation
	words    Words
	channel  desk.Channel
	spec     channel.Spec
	identity desk.Identity
}

func (v Voice) open(tx store.Tx, row *desk.Conversation, w Words) (*speech, error) {
	s := &speech{tx: tx, row: row, words: w}
	return s, v.look(tx, s)
}

// look reads where and to whom a speech would go.
func (v Voice) look(r store.Reader, s *speech) (err error) {
	if s.channel, err = r.Channels().Get(s.row.ChannelID); err != nil {
		return fmt.Errorf("read channel: %w", err)
	}
	connector, err := v.Channels.Get(s.channel.Kind)
	if err != nil {
		return err
	}
	s.spec = connector.Spec()
	if s.identity, err = r.Contacts().Identity(s.row.IdentityID); err != nil {
		return fmt.Errorf("read identity: %w", err)
	}
	return nil
}

// Silence says why words would not be said at an instant, as far as the channel and the person tell: how much was said lately (B6) is
// left out, for that changes with every message. "" where there is no reason; nothing is changed.
func (v Voice) Silence(r store.Reader, row desk.Conversation, w Words, now time.Time) (string, error) {
	s := &speech{row: &row, words: w}
	if err := v.look(r, s); err != nil {
		return "", err
	}
	return s.barred(r, now)
}

// silence says why nothing is to be said, "" where there is no reason; what follows from the reason is done.
func (s *speech) silence() (string, error) {
	if why, err := s.barred(s.tx, s.tx.Now()); err != nil || why != "" {
		return why, err
	}
	return s.loops()
}

// barred says why the channel or the person takes no words of ours.
func (s *speech) barred(r store.Reader, now time.Time) (string, error) {
	standing := s.identity.Standing
	switch {
	case !s.channel.Sends():
		return desk.SilentChannel, nil
	case !s.identity.BlockedAt.IsZero():
		return desk.SilentBlocked, nil
	case s.words.Answers != nil && s.words.Answers.Quiet:
		return desk.SilentQuiet, nil
	case now.Before(standing.MutedUntil):
		return desk.SilentMuted, nil
	}
	if !s.spec.Local {
		message := desk.Message{Author: desk.Author{Kind: desk.AuthorAutomation}, Purpose: s.words.Purpose, Template: s.words.Template}
		_, err := standing.Leave(s.spec.Sending(message), now)
		var refusal *desk.Error
		if errors.As(err, &refusal) {
			return refusal.Code, nil
		}
	}
	if machine, err := s.machine(r); err != nil || machine {
		return desk.SilentMachine, err
	}
	return "", nil
}
