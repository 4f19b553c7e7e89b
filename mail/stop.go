package mail

import (
	"context"
	"strings"
	"time"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// StopPath is where the links that end mails lead; the token follows.
const StopPath = "/mail/stop/"

// stopFor is how long such a link works.
const stopFor = 2 * 365 * 24 * time.Hour

// stopping is which mails a link ends.
type stopping string

// The links: of a customer's identity, and of a member's digests and notices.
const (
	stopUnread  stopping = "c"
	stopDigest  stopping = "d"
	stopNotices stopping = "n"
)

// stop is what a link says.
type stop struct {
	workspace desk.ID
	what      stopping
	id        desk.ID // of the identity, or the member
}

func (s stop) resource() string {
	return "mail/stop/" + s.workspace.String() + "/" + string(s.what) + "/" + s.id.String()
}

func (s *Service) stopLink(workspace desk.ID, what stopping, id desk.ID, now time.Time) string {
	signed := auth.SignLink(s.Secret, stop{workspace, what, id}.resource(), now.Add(stopFor))
	return s.PublicURL + StopPath + workspace.String() + "." + string(what) + id.String() + "." + signed
}

// open reads a token and proves it, before anything is looked up.
func (s *Service) open(token string) (to stop, err error) {
	invalid := desk.Errorf(desk.KindForbidden, "link_invalid", "the link is not signed")
	fields := strings.SplitN(token, ".", 3)
	if len(fields) != 3 || len(fields[1]) < 2 || len(s.Secret) == 0 {
		return to, invalid
	}
	to.what = stopping(fields[1][:1])
	if to.workspace, err = desk.ParseID(fields[0]); err != nil {
		return to, invalid
	}
	if to.id, err = desk.ParseID(fields[1][1:]); err != nil {
		return to, invalid
	}
	return to, auth.CheckLink(s.Secret, to.resource(), fields[2], s.Now())
}

// Recipient is whom a link is about.
type Recipient struct {
	From     string      // who writes to them
	Language desk.Locale // in which
	Stopped  bool        // they get no such mails any more
}

// Recipient reads whom a link is about. "link_invalid" and "link_expired" (forbidden), not_found for who was deleted.
func (s *Service) Recipient(ctx context.Context, token string) (to Recipient, err error) {
	about, err := s.open(token)
	if err != nil {
		return to, err
	}
	err = s.Store.View(ctx, about.workspace, func(r store.Reader) error {
		if about.what == stopUnread {
			to, err = s.customer(r, about.id)
		} else {
			to, err = memberOf(r, about)
		}
		return err
	})
	return to, err
}

func (s *Service) customer(r store.Reader, id desk.ID) (to Recipient, err error) {
	row, identity, err := standsIn(r, id)
	if err != nil {
		return to, err
	}
	to.Stopped = !identity.Standing.MailStoppedAt.IsZero()
	if to.Language, err = s.Language(r, &row); err != nil {
		return to, err
	}
	to.From, err = senderOf(r, row.ChannelID)
	return to, err
}

func memberOf(r store.Reader, about stop) (to Recipient, err error) {
	c, err := colleagueOf(r, about.id)
	if err == nil && c == nil {
		err = desk.NotFound("member")
	}
	if err != nil {
		return to, err
	}
	stopped := c.telling.Digest.Every == ""
	if about.what == stopNotices {
		stopped = len(c.telling.ByMail) == 0
	}
	return Recipient{From: c.from, Language: c.language, Stopped: stopped}, nil
}

// Stop ends the mails to a link's recipient: their own wish, kept as a customer's standing or a member's choice. Again it changes
// nothing.
func (s *Service) Stop(ctx context.Context, token string) error {
	about, err := s.open(token)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, about.workspace, func(tx store.Tx) error {
		if about.what == stopUnread {
			return stopCustomer(tx, about.id)
		}
		return stopMember(tx, about)
	})
}

func stopCustomer(tx store.Tx, id desk.ID) error {
	row, _, err := standsIn(tx, id)
	if err != nil {
		return err
	}
	if row, err = tx.WriteConversations().Lock(row.ID); err != nil {
		return err
	}
	identity, err := tx.Contacts().Identity(id)
	if err != nil || !identity.Standing.MailStoppedAt.IsZero() {
		return err
	}
	identity.Standing.MailStoppedAt = tx.Now()
	if err := tx.WriteContacts().SetStanding(id, identity.Standing); err != nil {
		return err
	}
	return say(tx, &row, "mail_stopped")
}

func stopMember(tx store.Tx, about stop) error {
	telling, err := tx.Pushes().Telling(about.id)
	if err != nil {
		return err
	}
	if about.what == stopNotices {
		telling.ByMail = nil
		return tx.WritePushes().PutTelling(about.id, telling)
	}
	telling.Digest.Every = ""
	if err := tx.WritePushes().PutTelling(about.id, telling); err != nil {
		return err
	}
	return tx.WriteMails().PutDigest(about.id, time.Time{})
}

func standsIn(r store.Reader, id desk.ID) (row desk.Conversation, identity desk.Identity, err error) {
	if identity, err = r.Contacts().Identity(id); err != nil {
		return row, identity, err
	}
	row, err = r.Conversations().ByIdentity(id)
	return row, identity, err
}
