package app

import (
	"context"
	netmail "net/mail"
	"os"
	"strings"

	"madoguchi/api/rest"
	"madoguchi/automate"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/mail"
	"madoguchi/seal"
	"madoguchi/smtp"
)

// mailServer is the one that the operator named, nil for none; an error says which setting is wrong.
func (c Config) mailServer() (*smtp.Server, error) {
	if c.SMTPHost == "" {
		return nil, nil
	}
	from, err := netmail.ParseAddress(c.SMTPFrom)
	if err != nil {
		return nil, desk.Invalid("smtp-from", "setting_invalid", "%q is no address such as desk@example.com or \"Example <desk@example.com>\"", c.SMTPFrom)
	}
	s := &smtp.Server{Host: c.SMTPHost, Port: c.SMTPPort, User: c.SMTPUser, TLS: smtp.TLS(c.SMTPTLS), From: *from}
	if c.SMTPPasswordFile != "" {
		text, err := os.ReadFile(c.SMTPPasswordFile)
		if err != nil {
			return nil, desk.Invalid("smtp-password-file", "setting_invalid", "the file cannot be read: %w", err)
		}
		s.Password = strings.TrimRight(string(text), "\r\n")
	}
	settings := map[error]string{
		smtp.ErrHost: "smtp-host", smtp.ErrPort: "smtp-port", smtp.ErrTLS: "smtp-tls", smtp.ErrExposed: "smtp-tls", smtp.ErrFrom: "smtp-from", smtp.ErrPassword: "smtp-password-file",
	}
	if err := s.Check(); err != nil {
		return nil, desk.Invalid(settings[err], "setting_invalid", "%w", err)
	}
	return s, nil
}

func (p *program) mails(c Config, keys *seal.Keyring, server *smtp.Server) (*mail.Service, error) {
	secret, err := keys.Derive("mail links")
	if err != nil {
		return nil, err
	}
	return mail.New(mail.Config{
		Store: p.store, Bus: p.bus, Channels: p.channels, Server: server, PublicURL: c.PublicURL, Secret: secret, Language: automate.LanguageOf,
		Page: linkable(rest.OriginOf(c.PublicURL)), Now: p.now, Log: p.log,
	}), nil
}

// linkable is the page of a customer where a mail may lead them: one of a site that carries the channel's widget, which is all that
// somebody who is no customer could make us send to others.
func linkable(own string) func(desk.Channel, string) string {
	return func(ch desk.Channel, address string) string {
		settings, err := webchat.ReadSettings(ch.Settings)
		if ch.Kind != webchat.Kind || err != nil || !settings.Allows(rest.OriginOf(address), own) {
			return ""
		}
		return address
	}
}

// mailServer says whether mails go out; the desk works without.
func (d *doctor) mailServer(ctx context.Context) {
	s, err := d.config.mailServer()
	switch {
	case err != nil:
		d.say("mail", SeverityError, "mail_failing", map[string]string{"error": Explain(err)})
		return
	case s == nil:
		d.say("mail", SeverityOK, "mail_off", nil)
		return
	}
	if err := s.Reach(ctx); err != nil {
		d.say("mail", SeverityError, "mail_failing", map[string]string{"error": Explain(err)})
		return
	}
	d.say("mail", SeverityOK, "mail_ok", map[string]string{"address": s.Address(), "from": s.From.Address})
}
