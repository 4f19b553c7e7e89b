package mail

import (
	"context"
	"fmt"
	"strconv"

	"madoguchi/desk"
	"madoguchi/store"
)

// digestsAtOnce is how many are read together.
const digestsAtOnce = 100

// RemindOfDigests lets the digests wait whose hour has come, each on one node, and settles when the next ones are due.
func (s *Service) RemindOfDigests(ctx context.Context) error {
	for {
		var due []store.DueDigest
		err := s.Store.View(ctx, 0, func(r store.Reader) (err error) {
			due, err = r.Mails().Digests(digestsAtOnce)
			return err
		})
		if err != nil {
			return fmt.Errorf("read what digests are due: %w", err)
		}
		for _, d := range due {
			if err := s.Store.Update(ctx, d.Workspace, func(tx store.Tx) error { return remind(tx, d) }); err != nil {
				return fmt.Errorf("digest of member %s in workspace %s: %w", d.User, d.Workspace, err)
			}
		}
		if len(due) < digestsAtOnce {
			return nil
		}
	}
}

// remind lets one digest wait, unless the member has moved to where it is another hour.
func remind(tx store.Tx, d store.DueDigest) error {
	telling, err := tx.Pushes().Telling(d.User)
	if none(err) != nil {
		return err
	}
	zone, err := store.ZoneOf(tx, d.User)
	if err != nil {
		return err
	}
	ours, err := tx.WriteMails().MoveDigest(d, telling.Digest.Next(tx.Now().In(zone)))
	if err != nil || !ours || !telling.Digest.Next(d.At.Add(-1).In(zone)).Equal(d.At) {
		return err
	}
	return tx.WriteMails().Add(desk.Mail{
		ID: tx.NewID(), Tag: "d" + d.User.String(), Code: desk.MailDigest, UserID: d.User, Since: d.At, DueAt: tx.Now(), ExpiresAt: d.At.Add(digestKept),
	})
}

// digestKept is how long a digest is worth anything: it says how things stand.
const digestKept = desk.MailKept / 2

// composeDigest lists what a member has unread and waiting (G7.5), nothing where there is none.
func (s *Service) composeDigest(tx store.Tx, m desk.Mail) (*letter, error) {
	c, err := colleagueOf(tx, m.UserID)
	if err != nil || c == nil || c.telling.Digest.Every == "" {
		return nil, err
	}
	rows, unread, err := c.rows()
	if err != nil {
		return nil, err
	}
	l := c.letter()
	waiting, fresh := 0, 0
	for _, row := range rows {
		if row.Waiting() {
			waiting++
		}
		if unread[row.ID] > 0 {
			fresh++
		}
		if !row.Waiting() && unread[row.ID] == 0 {
			continue
		}
		i, err := s.item(c, l, row, unread[row.ID])
		if err != nil {
			return nil, err
		}
		l.Items = append(l.Items, i)
	}
	if len(l.Items) == 0 {
		return nil, nil
	}
	if more := len(l.Items) - mostRows; more > 0 {
		l.Items = l.Items[:mostRows]
		l.More = l.say("more", map[string]string{"count": strconv.Itoa(more)})
	}
	params := map[string]string{"waiting": strconv.Itoa(waiting), "unread": strconv.Itoa(fresh), "from": l.fromName}
	l.Subject, l.Intro = l.say("digest.subject", params), l.say("digest.intro", params)
	return l, s.close(l, m.Workspace, m.UserID, stopDigest, tx.Now())
}
