package mail

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"madoguchi/desk"
	"madoguchi/due"
	"madoguchi/smtp"
	"madoguchi/store"
)

const (
	atOnce    = 4 // mails
	lookAgain = 15 * time.Second
	leastRest = 100 * time.Millisecond
	leaseFor  = smtp.Within + 15*time.Second
	firstWait = time.Minute // doubled after every attempt
	mostWait  = time.Hour
)

// keeper sends what waits as its time comes.
func (s *Service) keeper() due.Keeper {
	return due.Keeper{What: "look for what to mail", Look: s.deliverDue, Every: lookAgain, Soon: leastRest, Log: s.Log, Now: s.Now}
}

// deliverDue sends all that is due and says when the next mail or digest is.
func (s *Service) deliverDue(ctx context.Context) (next time.Time, err error) {
	err = s.RemindOfDigests(ctx)
	for n := atOnce; n == atOnce && ctx.Err() == nil; {
		var failed error
		n, failed = s.Deliver(ctx)
		err = errors.Join(err, failed)
	}
	return next, errors.Join(err, s.Store.View(ctx, 0, func(r store.Reader) error {
		mail, err := r.Mails().NextDue()
		if err != nil {
			return err
		}
		digest, err := r.Mails().NextDigest()
		next = due.Earliest(mail, digest)
		return err
	}))
}

// Deliver sends some of what is due now, side by side, and says how many it had in hand.
func (s *Service) Deliver(ctx context.Context) (int, error) {
	var waiting []desk.Mail
	err := s.Store.View(ctx, 0, func(r store.Reader) (err error) {
		waiting, err = r.Mails().Due(atOnce)
		return err
	})
	if err != nil {
		return 0, err
	}
	var all sync.WaitGroup
	for _, m := range waiting {
		all.Go(func() {
			// What began ends, also while the program does: smtp.Within bounds it.
			if err := s.deliver(context.WithoutCancel(ctx), m); err != nil {
				s.Log.WarnContext(ctx, "send a mail", "workspace", m.Workspace, "mail", m.ID, "about", m.Code, "attempt", m.Attempts+1, "err", err)
			}
		})
	}
	all.Wait()
	return len(waiting), nil
}

// inHand is an attempt: the mail, what it says, since when it has all that there is; no letter = nobody is to get it any more.
type inHand struct {
	mail   desk.Mail
	letter *letter
	read   time.Time
}

// errLost ends an attempt whose time was over: another node has the mail.
var errLost = errors.New("another attempt has begun")

// deliver makes one attempt (ADR 32): at most once after the text began to go out, whatever ends this program; before that it is
// tried again.
func (s *Service) deliver(ctx context.Context, m desk.Mail) error {
	hand, err := store.Result(ctx, s.Store, m.Workspace, func(tx store.Tx) (inHand, error) { return s.take(tx, m) })
	if err != nil || hand.letter == nil {
		return err
	}
	err = s.Server.Send(ctx, hand.letter.mail(hand.mail, hand.read), func() error { return s.hand(ctx, &hand) })
	s.ailing.note(ctx, s, err)
	return errors.Join(err, s.settle(ctx, hand, err))
}

// take begins an attempt and reads what the mail says.
func (s *Service) take(tx store.Tx, m desk.Mail) (inHand, error) {
	hand := inHand{mail: m, read: tx.Now()}
	ours, err := tx.WriteMails().Claim(&hand.mail, tx.Now().Add(leaseFor))
	if err != nil || !ours {
		return inHand{}, err
	}
	if !m.HandedAt.IsZero() { // whoever sent it died before the answer: it may have arrived
		return inHand{}, s.end(tx, hand)
	}
	if !m.ExpiresAt.After(tx.Now()) {
		return inHand{}, tx.WriteMails().End(hand.mail, hand.read, hand.read)
	}
	letter, later, err := s.compose(tx, hand.mail)
	switch {
	case err != nil:
		return inHand{}, fmt.Errorf("compose a mail about %s: %w", m.Code, err)
	case !later.IsZero():
		hand.mail.DueAt = later
		return inHand{}, tx.WriteMails().Return(hand.mail)
	case letter == nil:
		return inHand{}, tx.WriteMails().End(hand.mail, hand.read, hand.read)
	}
	hand.letter = letter
	return hand, nil
}

// compose reads what a mail says now; nothing where there is nothing to say any more, or an instant where it is too early.
func (s *Service) compose(tx store.Tx, m desk.Mail) (*letter, time.Time, error) {
	switch m.Code {
	case desk.MailUnread:
		return s.composeUnread(tx, m)
	case desk.MailNotices:
		return s.composeNotices(tx, m)
	case desk.MailDigest:
		l, err := s.composeDigest(tx, m)
		return l, time.Time{}, err
	}
	return nil, time.Time{}, nil
}

// hand notes that the text goes out now.
func (s *Service) hand(ctx context.Context, hand *inHand) error {
	is, err := store.Result(ctx, s.Store, hand.mail.Workspace, func(tx store.Tx) (m desk.Mail, err error) {
		m = hand.mail
		ours, err := tx.WriteMails().Hand(&m, hand.letter.upTo)
		if err == nil && !ours {
			err = errLost
		}
		return m, err
	})
	if err == nil {
		hand.mail = is
	}
	return err
}

// settle writes down how an attempt went.
func (s *Service) settle(ctx context.Context, hand inHand, result error) error {
	var refused *smtp.Refusal
	no := errors.As(result, &refused)
	switch {
	case errors.Is(result, errLost):
		return nil
	case result == nil || errors.Is(result, smtp.ErrUnknown):
		return s.Store.Update(ctx, hand.mail.Workspace, func(tx store.Tx) error { return s.end(tx, hand) })
	case no && !refused.Passing() && (refused.Recipient || !hand.mail.HandedAt.IsZero()):
		return s.Store.Update(ctx, hand.mail.Workspace, func(tx store.Tx) error { return s.refuse(tx, hand, refused) })
	}
	back := hand.mail
	back.DueAt = s.Now().Add(min(firstWait<<min(back.Attempts-1, 10), mostWait))
	return s.Store.Update(ctx, back.Workspace, func(tx store.Tx) error { return tx.WriteMails().Return(back) })
}

// end takes a mail away that went out; what came meanwhile waits for the next.
func (s *Service) end(tx store.Tx, hand inHand) error {
	if hand.mail.Code == desk.MailUnread {
		if err := told(tx, hand.mail); err != nil {
			return err
		}
	}
	return tx.WriteMails().End(hand.mail, hand.read, hand.read.Add(againAfter))
}

// againAfter is how long what came while a mail was on its way waits at least.
const againAfter = time.Minute

// refuse takes a mail away that its server does not want, and does not ask it about the address again.
func (s *Service) refuse(tx store.Tx, hand inHand, refused *smtp.Refusal) error {
	if hand.mail.Code == desk.MailUnread && refused.Recipient {
		if err := bounced(tx, hand.mail, hand.letter.to); err != nil {
			return err
		}
	}
	return tx.WriteMails().End(hand.mail, hand.read, hand.read.Add(againAfter))
}
