package mail

import (
	"context"
	"errors"
	"strconv"
	"time"

	"madoguchi/desk"
	"madoguchi/smtp"
	"madoguchi/store"
)

// directly is how long a mail may take that somebody waits for.
const directly = 20 * time.Second

// Try mails a member something at once, so that an admin sees whether mails go out. "mail_off" (conflict) where no server was named,
// "mail_unreachable" (unavailable), "mail_refused" (conflict) with the server's answer.
func (s *Service) Try(ctx context.Context, workspace, user desk.ID) error {
	return s.directly(ctx, workspace, func(r store.Reader) (*letter, error) {
		c, err := colleagueOf(r, user)
		if err == nil && c == nil {
			err = desk.NotFound("member")
		}
		if err != nil {
			return nil, err
		}
		l := c.letter()
		l.Subject, l.Intro = l.say("test.subject", map[string]string{"from": l.fromName}), l.say("test.intro", nil)
		l.Footer = []link{{l.say("open", nil), s.PublicURL + "/"}}
		return l, l.write()
	})
}

// directly sends a mail while somebody waits.
func (s *Service) directly(ctx context.Context, workspace desk.ID, compose func(store.Reader) (*letter, error)) error {
	if !s.On() {
		return desk.Errorf(desk.KindConflict, "mail_off", "no mail server was named")
	}
	var l *letter
	err := s.Store.View(ctx, workspace, func(r store.Reader) (err error) {
		l, err = compose(r)
		return err
	})
	if err != nil {
		return err
	}
	at := s.Now().UTC()
	ctx, cancel := context.WithTimeout(ctx, directly)
	defer cancel()
	err = s.Server.Send(ctx, l.mail(desk.Mail{Workspace: workspace, Since: at}, at), func() error { return nil })
	s.ailing.note(context.WithoutCancel(ctx), s, err)
	return explain(err)
}

// explain says for people what a mail server did.
func explain(err error) error {
	var refused *smtp.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		e := desk.Errorf(desk.KindConflict, "mail_refused", "send a mail: %w", err)
		e.Params = map[string]string{"code": strconv.Itoa(refused.Code), "answer": refused.Text}
		return e
	}
	return desk.Errorf(desk.KindUnavailable, "mail_unreachable", "send a mail: %w", err)
}

// Invitation is what an invited person is mailed.
type Invitation struct {
	By    desk.ID // the member who invites
	Email string
	Link  string // whoever has it may join
	Until time.Time
}

// Invite mails somebody the link by which they join. Errors as of Try; "email_invalid" (invalid) for what is no address.
func (s *Service) Invite(ctx context.Context, workspace desk.ID, to Invitation) error {
	if !smtp.ValidAddress(to.Email) {
		return desk.Invalid("email", "email_invalid", "%q is no address", to.Email)
	}
	return s.directly(ctx, workspace, func(r store.Reader) (*letter, error) {
		host, err := colleagueOf(r, to.By)
		if err == nil && host == nil {
			err = desk.NotFound("member")
		}
		if err != nil {
			return nil, err
		}
		l := host.letter() // their language: nothing is known of the other's
		l.to = to.Email
		params := map[string]string{"by": host.member.ShownName(), "from": host.from, "until": to.Until.In(host.zone).Format("2006-01-02 15:04 MST")}
		l.Subject, l.Intro = l.say("invite.subject", params), l.say("invite.intro", params)
		l.Button = &link{l.say("invite.open", nil), to.Link}
		l.Footer = []link{{Text: l.say("invite.why", nil)}}
		return l, l.write()
	})
}
