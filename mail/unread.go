package mail

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/smtp"
	"madoguchi/store"
)

var system = desk.Actor{Kind: desk.ActorSystem}

func wants(e desk.Event) bool {
	return e.Kind == desk.EventMessageCreated && e.Actor.Kind != desk.ActorCustomer
}

// react lets the customer of a web chat hear by mail of a person's reply that they have not read in time, where the channel does so.
func (s *Service) react(tx store.Tx, e desk.Event) error {
	m, err := tx.Messages().Get(e.MessageID)
	if err != nil || m.Author.Kind != desk.AuthorHuman {
		return none(err)
	}
	row, err := tx.Conversations().Get(e.ConversationID)
	if err != nil {
		return none(err)
	}
	ch, err := tx.Channels().Get(row.ChannelID)
	if err != nil {
		return none(err)
	}
	connector, err := s.Channels.Get(ch.Kind)
	if err != nil || !connector.Spec().Local || ch.Automation.MailMinutes == 0 {
		return none(err)
	}
	defer s.added.Ring()
	due := m.At.Add(waitOf(ch))
	return tx.WriteMails().Add(desk.Mail{
		ID: tx.NewID(), Tag: "c" + row.ID.String(), Code: desk.MailUnread, ConversationID: row.ID, Since: m.At, DueAt: due, ExpiresAt: due.Add(desk.MailKept),
	})
}

func waitOf(ch desk.Channel) time.Duration {
	return time.Duration(ch.Automation.MailMinutes) * time.Minute
}

// none makes of a record that is not there no error: it was deleted meanwhile.
func none(err error) error {
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	return err
}

// reader is a customer about to hear of what they have not read.
type reader struct {
	tx        store.Tx
	workspace desk.ID
	row       desk.Conversation
	channel   desk.Channel
	contact   desk.Contact
	identity  desk.Identity
	replies   []desk.Message // of people, unread and not mailed yet, the oldest first
}

func (s *Service) composeUnread(tx store.Tx, m desk.Mail) (*letter, time.Time, error) {
	c := reader{tx: tx, workspace: m.Workspace}
	if err := c.find(m.ConversationID); err != nil || !c.reachable() {
		return nil, time.Time{}, none(err)
	}
	if err := c.gather(); err != nil || len(c.replies) == 0 {
		return nil, time.Time{}, err
	}
	if due := c.replies[0].At.Add(waitOf(c.channel)); due.After(tx.Now()) {
		return nil, due, nil
	}
	l, err := s.toCustomer(&c)
	return l, time.Time{}, err
}

func (c *reader) find(conversation desk.ID) (err error) {
	if c.row, err = c.tx.Conversations().Get(conversation); err != nil {
		return err
	}
	if c.channel, err = c.tx.Channels().Get(c.row.ChannelID); err != nil {
		return err
	}
	if c.contact, err = c.tx.Contacts().Get(c.row.ContactID); err != nil {
		return err
	}
	c.identity, err = c.tx.Contacts().Identity(c.row.IdentityID)
	return err
}

// reachable reports whether the customer may be mailed: they gave an address that takes mails, and want them.
func (c *reader) reachable() bool {
	standing := c.identity.Standing
	return c.channel.Automation.MailMinutes > 0 && c.channel.Sends() && c.identity.BlockedAt.IsZero() &&
		standing.OptedOutAt.IsZero() && standing.SuspectedAt.IsZero() && standing.MailStoppedAt.IsZero() &&
		smtp.ValidAddress(c.contact.Email) && c.contact.Email != standing.MailRefused
}

const (
	messagesAtOnce = 200
	mostReplies    = 20 // in one mail; the link leads to the rest
)

// gather reads the replies of people that the customer has neither read nor been mailed; notes are none of them.
func (c *reader) gather() error {
	read, err := c.tx.Conversations().CustomerRead(c.row.ID)
	if err != nil {
		return fmt.Errorf("read how far the customer has read: %w", err)
	}
	for after := max(read.Seq, c.identity.Standing.MailedSeq); ; {
		page, err := c.tx.Messages().After(c.row.ID, after, messagesAtOnce)
		if err != nil {
			return fmt.Errorf("read the thread: %w", err)
		}
		for _, m := range page {
			after = m.Seq
			if m.Author.Kind == desk.AuthorHuman && m.DeletedAt.IsZero() {
				c.replies = append(c.replies, m)
			}
			if m.Author.Kind.Inbound() {
				c.replies = nil // who writes has seen what stands above
			}
		}
		if len(page) < messagesAtOnce {
			return nil
		}
	}
}

// toCustomer writes the replies down in the customer's language, with a way back to the page where they wrote.
func (s *Service) toCustomer(c *reader) (*letter, error) {
	language, err := s.Language(c.tx, &c.row)
	if err != nil {
		return nil, err
	}
	sender, err := senderOf(c.tx, c.channel.ID)
	if err != nil {
		return nil, err
	}
	count := len(c.replies)
	l := &letter{to: c.contact.Email, fromName: sender, upTo: c.replies[count-1].Seq, Language: language}
	params := map[string]string{"from": l.fromName, "count": strconv.Itoa(count)}
	l.Subject, l.Intro = l.say("unread.subject", params), l.say("unread.intro", params)
	if l.Items, err = c.items(l); err != nil {
		return nil, err
	}
	if count > mostReplies {
		l.More = l.say("more", map[string]string{"count": strconv.Itoa(count - mostReplies)})
	}
	if page, err := s.pageOf(c); err != nil {
		return nil, err
	} else if page != "" {
		l.Button = &link{l.say("unread.open", nil), page}
	}
	l.unsubscribe = s.stopLink(c.workspace, stopUnread, c.identity.ID, c.tx.Now())
	l.Footer = []link{{Text: l.say("unread.why", params)}, {l.say("unread.stop", nil), l.unsubscribe}}
	return l, l.write()
}

// senderOf is who writes to the customers of a channel: its brand, else the workspace.
func senderOf(r store.Reader, channel desk.ID) (string, error) {
	ch, err := r.Channels().Get(channel)
	if err != nil {
		return "", err
	}
	brand, err := r.Workspaces().Brand(ch.BrandID)
	if err == nil || none(err) != nil {
		return brand.Name, err
	}
	w, err := r.Workspaces().Current()
	return w.Name, err
}

func (c *reader) items(l *letter) (all []item, err error) {
	names := map[desk.ID]string{}
	for _, m := range c.replies[:min(len(c.replies), mostReplies)] {
		name, known := names[m.Author.ID]
		if !known {
			member, err := c.tx.Members().Get(m.Author.ID)
			if none(err) != nil {
				return nil, err
			}
			name = cmp.Or(member.ShownName(), l.fromName)
			names[m.Author.ID] = name
		}
		all = append(all, item{Title: link{Text: name}, Lines: l.linesOf(m)})
	}
	return all, nil
}

// linesOf is a message without its files: those are named. Where its links lead is written out, as for channels without them.
func (l *letter) linesOf(m desk.Message) (lines []string) {
	for _, p := range m.Parts {
		switch {
		case p.Attachment != nil:
			lines = append(lines, l.say("file", map[string]string{"name": p.Attachment.Name}))
		case p.Text != "":
			lines = append(lines, channel.PlainMarks.Write(p.Text, p.Marks))
		}
	}
	if len(lines) == 0 {
		lines = []string{l.say("other", nil)}
	}
	return lines
}

// pageOf is the page from which the customer last wrote, or looked at it.
func (s *Service) pageOf(c *reader) (string, error) {
	visitors, err := c.tx.Visitors().ByContact(c.contact.ID) // the last one seen first
	if err != nil {
		return "", fmt.Errorf("read visitors: %w", err)
	}
	for _, v := range visitors {
		if v.IdentityID == c.identity.ID && v.PageURL != "" {
			return s.Page(c.channel, v.PageURL), nil
		}
	}
	return "", nil
}

// told keeps that a customer was mailed everything up to a reply; members see it in the thread.
func told(tx store.Tx, m desk.Mail) error {
	return stand(tx, m, "mail_sent", func(s *desk.Standing) { s.MailedSeq = max(s.MailedSeq, m.UpTo) })
}

// bounced keeps that nothing reaches an address; another one that the customer gives is tried.
func bounced(tx store.Tx, m desk.Mail, address string) error {
	return stand(tx, m, "mail_refused", func(s *desk.Standing) { s.MailRefused = address })
}

// stand changes how a customer stands towards mails, with a line in the thread.
func stand(tx store.Tx, m desk.Mail, line string, change func(*desk.Standing)) error {
	row, err := tx.WriteConversations().Lock(m.ConversationID)
	if err != nil {
		return none(err)
	}
	identity, err := tx.Contacts().Identity(row.IdentityID)
	if err != nil {
		return none(err)
	}
	change(&identity.Standing)
	if err := tx.WriteContacts().SetStanding(identity.ID, identity.Standing); err != nil {
		return fmt.Errorf("keep how they stand towards mails: %w", err)
	}
	return say(tx, &row, line)
}

// say adds a quiet line to a thread whose row is held.
func say(tx store.Tx, row *desk.Conversation, code string) error {
	if err := store.AddLine(tx, row, row.TicketID, system, code, nil); err != nil {
		return err
	}
	row.Version++
	if err := tx.WriteConversations().Put(*row); err != nil {
		return fmt.Errorf("put conversation: %w", err)
	}
	return nil
}
