package automate

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"madoguchi/desk"
	"madoguchi/locale"
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
	words, err := a.acknowledgement()
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
	return a.plainly(desk.PurposeHelp, m, m.ID.String(), locale.HelpAnswer, a.channel.Automation.HelpTexts)
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
	return a.plainly(desk.PurposeOptOut, m, strconv.FormatInt(at.UnixMilli(), 10), locale.OptOutDone, nil)
}

// plainly answers a keyword with a text that names the brand.
func (a answer) plainly(p desk.Purpose, m desk.Message, key string, ours locale.Key, own map[desk.Locale]string) error {
	l, err := a.language()
	if err != nil {
		return err
	}
	words := desk.OwnText(own, l)
	if words == "" {
		name, err := a.brand()
		if err != nil {
			return err
		}
		words = locale.Text(l, ours, map[string]string{"brand": name})
	}
	_, err = a.say(p, key, words, &m)
	return err
}

// brand is the public face's name, as the customer knows us.
func (a answer) brand() (string, error) {
	b, err := a.tx.Workspaces().Brand(a.channel.BrandID)
	if err == nil && b.Name != "" {
		return b.Name, nil
	}
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return "", fmt.Errorf("read brand: %w", err)
	}
	w, err := a.tx.Workspaces().Current()
	return w.Name, err
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

// tellSilence says in the thread why no acknowledgement went out, but for what the thread shows anyway.
func (a answer) tellSilence(why string) error {
	switch why {
	case desk.CodeOptedOut, desk.SilentBlocked, desk.SilentMuted, desk.SilentLoop, desk.SilentFlood, desk.SilentQuiet:
		return nil
	}
	s := speech{tx: a.tx, row: a.row}
	if err := s.line("automation_silent", map[string]string{"reason": why}); err != nil {
		return err
	}
	return keep(a.tx, a.row)
}

// language is the one that a text for the customer is in: theirs, else the brand's, else the workspace's (J18).
func (a answer) language() (desk.Locale, error) {
	c, err := a.tx.Contacts().Get(a.row.ContactID)
	if err != nil {
		return "", fmt.Errorf("read contact: %w", err)
	}
	if c.Locale != "" {
		return locale.Choose(c.Locale), nil
	}
	b, err := a.tx.Workspaces().Brand(a.channel.BrandID)
	if err == nil && b.Locale != "" {
		return b.Locale, nil
	}
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return "", fmt.Errorf("read brand: %w", err)
	}
	w, err := a.tx.Workspaces().Current()
	return w.Locale, err
}

// acknowledgement is its text, with when people answer.
func (a answer) acknowledgement() (string, error) {
	l, err := a.language()
	if err != nil {
		return "", err
	}
	when, err := a.answerTime(l)
	if err != nil {
		return "", err
	}
	own := desk.OwnText(a.channel.Automation.AckTexts, l)
	switch {
	case own == "":
		return locale.Text(l, locale.Acknowledgement, map[string]string{"answer_time": when}), nil
	case strings.Contains(own, desk.AnswerTimeMark):
		return strings.ReplaceAll(own, desk.AnswerTimeMark, when), nil
	}
	return own + "\n" + when, nil
}

// answerTime says when people answer: inside opening hours as soon as the channel promises, outside when the counter opens next, on
// its own clock.
func (a answer) answerTime(l desk.Locale) (string, error) {
	open, opens, err := a.hours()
	minutes := a.channel.Automation.AnswerMinutes
	switch {
	case err != nil:
		return "", err
	case !open && opens.IsZero():
		return locale.Text(l, locale.AnswerLater, nil), nil
	case !open:
		return locale.Text(l, locale.AnswerFrom, map[string]string{"time": locale.Moment(l, opens)}), nil
	case minutes == 0:
		return locale.Text(l, locale.AnswerSoon, nil), nil
	}
	return locale.Text(l, locale.AnswerWithin, map[string]string{"time": locale.Span(l, minutes)}), nil
}

// hours tells whether the counter is open, and else when it opens next, zero if no day is known.
func (a answer) hours() (open bool, opens time.Time, err error) {
	if a.channel.ScheduleID == 0 {
		return true, opens, nil
	}
	s, err := a.tx.Schedules().Get(a.channel.ScheduleID)
	if desk.KindOf(err) == desk.KindNotFound {
		return true, opens, nil
	}
	if err != nil {
		return false, opens, fmt.Errorf("read schedule: %w", err)
	}
	if open, err = s.OpenAt(a.tx.Now()); err != nil || open {
		return open, opens, err
	}
	next, found, err := s.NextOpen(a.tx.Now())
	if err != nil || !found {
		return false, opens, err
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return false, opens, err
	}
	return false, next.In(zone), nil
}
