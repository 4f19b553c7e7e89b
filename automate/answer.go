package automate

import (
	"fmt"
	"strconv"

	"madoguchi/desk"
	"madoguchi/store"
)

// answer is what one event calls for in one conversation, under its lock.
type answer struct {
	service *Service
	tx      store.Tx
	row     *desk.Conversation
	channel desk.Channel
}

// acknowledge tells whoever opened a case that it arrived and when people answer: once per case, and nobody twice in
// desk.AckEvery (B2.2).
func (a answer) acknowledge(ticket desk.ID) error {
	if !a.channel.Automation.Acknowledge || a.row.TicketID != ticket {
		return nil
	}
	t, err := a.tx.Tickets().Get(ticket)
	if err != nil {
		return fmt.Errorf("read ticket: %w", err)
	}
	identity, err := a.tx.Contacts().Identity(a.row.IdentityID)
	if err != nil {
		return fmt.Errorf("read identity: %w", err)
	}
	recently := !identity.Standing.AckedAt.IsZero() && a.tx.Now().Sub(identity.Standing.AckedAt) < desk.AckEvery
	if recently || !t.RepliedAt.IsZero() || t.Status.Resolved() {
		return nil
	}
	l, err := LanguageOf(a.tx, a.row)
	if err != nil {
		return err
	}
	wait, err := a.wait(t)
	if err != nil {
		return err
	}
	words, err := ackText(a.tx, a.channel, l, a.tx.Now(), wait)
	if err != nil {
		return err
	}
	opening, err := a.opening(ticket)
	if err != nil {
		return err
	}
	said, err := a.say(desk.PurposeAck, ticket.String(), words, opening)
	if err != nil {
		return err
	}
	if said.Silent != "" {
		return a.tellSilence(said.Silent)
	}
	identity.Standing.AckedAt = a.tx.Now()
	if err := a.tx.WriteContacts().SetStanding(identity.ID, identity.Standing); err != nil {
		return fmt.Errorf("set standing: %w", err)
	}
	return nil
}

// wait is how long the ticket will probably wait in its queue, if its channel tells customers (E26).
func (a answer) wait(t desk.Ticket) (w desk.Wait, err error) {
	if !a.channel.Automation.TellWait {
		return w, nil
	}
	q, err := store.QueueOf(a.tx, t, a.tx.Now())
	return q.Wait(), err
}

// opening is the newest message that the customer wrote in a case, nil if none is found.
func (a answer) opening(ticket desk.ID) (*desk.Message, error) {
	page, err := a.tx.Messages().Before(a.row.ID, 0, recentPage)
	if err != nil {
		return nil, fmt.Errorf("read the thread: %w", err)
	}
	for _, m := range page {
		if m.Author.Kind.Inbound() && m.TicketID == ticket {
			return &m, nil
		}
	}
	return nil, nil
}

// help answers HELP (B3.16).
func (a answer) help(m desk.Message) error {
	return a.plainly(desk.PurposeHelp, m, m.ID.String(), helpText)
}

// confirm tells somebody once that they opted out, where the provider does not (B3.11).
func (a answer) confirm(m desk.Message) error {
	identity, err := a.tx.Contacts().Identity(a.row.IdentityID)
	if err != nil {
		return fmt.Errorf("read identity: %w", err)
	}
	at := identity.Standing.OptedOutAt
	if !a.channel.Automation.ConfirmOptOut || at.IsZero() || identity.Standing.OptOutBy == desk.OptOutByProvider {
		return nil // they are back already, or the provider says so
	}
	return a.plainly(desk.PurposeOptOut, m, strconv.FormatInt(at.UnixMilli(), 10), optOutText)
}

// plainly answers a keyword.
func (a answer) plainly(p desk.Purpose, m desk.Message, key string, text func(store.Reader, desk.Channel, desk.Locale) (string, error)) error {
	l, err := LanguageOf(a.tx, a.row)
	if err != nil {
		return err
	}
	words, err := text(a.tx, a.channel, l)
	if err != nil {
		return err
	}
	_, err = a.say(p, key, words, &m)
	return err
}

// watch looks whether somebody floods us, so that it is told although nothing is being answered (B6.3).
func (a answer) watch() error {
	s, err := a.service.voice.open(a.tx, a.row, Words{})
	if err != nil {
		return err
	}
	last, err := latest(a.tx, a.row.ID, a.tx.Now().Add(-desk.FloodWithin))
	if err != nil || !desk.Flooding(last.received, a.tx.Now()) {
		return err
	}
	return s.flooded()
}

func (a answer) say(p desk.Purpose, key, words string, m *desk.Message) (Said, error) {
	parts := []desk.Part{{Kind: desk.PartText, Text: words}}
	return a.service.voice.Say(a.tx, a.row, Words{Purpose: p, Key: key, Parts: parts, Answers: m})
}

// tellSilence says in the thread why no acknowledgement went out.
func (a answer) tellSilence(why string) error {
	told, err := TellSilence(a.tx, a.row, desk.PurposeAck, why)
	if err != nil || !told {
		return err
	}
	return keep(a.tx, a.row)
}

// TellSilence says in the thread why something was not said (G7.2), but for what the thread shows anyway, and reports whether it did:
// the caller keeps the row then.
func TellSilence(tx store.Tx, row *desk.Conversation, p desk.Purpose, why string) (told bool, err error) {
	switch why {
	case "", desk.CodeOptedOut, desk.SilentBlocked, desk.SilentMuted, desk.SilentLoop, desk.SilentFlood, desk.SilentQuiet:
		return false, nil
	}
	s := speech{tx: tx, row: row}
	return true, s.line("automation_silent", map[string]string{"reason": why, "purpose": string(p)})
}
