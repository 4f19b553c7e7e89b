// Package smtp speaks to the mail server that the operator named: it connects as that server must be spoken to, writes one mail
// (RFC 5322) and hands it over (RFC 5321), and says what may be tried again and what may not.
package smtp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	wire "github.com/wneessen/go-mail/smtp"
)

// TLS is how a connection is protected.
type TLS string

// The ways. TLSNone is for a server on this machine: nothing else may read along there.
const (
	TLSStart    TLS = "starttls" // asked for after connecting, and required (RFC 3207)
	TLSImplicit TLS = "tls"      // from the first byte (RFC 8314)
	TLSNone     TLS = "none"
)

// Port is the usual one.
func (t TLS) Port() int {
	switch t {
	case TLSImplicit:
		return 465
	case TLSNone:
		return 25
	}
	return 587
}

// Server is a mail server that takes our mails.
type Server struct {
	Host     string
	Port     int // 0 = the usual one
	User     string
	Password string // proven by the strongest way that the server knows; never in the clear
	TLS      TLS    // "" = TLSStart
	From     mail.Address
	Roots    *x509.CertPool // nil = the system's
}

// What is wrong with a Server.
var (
	ErrHost     = errors.New("it has no name")
	ErrPort     = errors.New("the port is not in 1..65535")
	ErrTLS      = errors.New("it is none of starttls, tls and none")
	ErrExposed  = errors.New("only a server on this machine may be spoken to without TLS")
	ErrFrom     = errors.New("it is no address such as desk@example.com")
	ErrPassword = errors.New("a user name needs a password, and a password a user name")
)

// Check says what is wrong with s: one of the errors above, or nil.
func (s Server) Check() error {
	switch {
	case s.Host == "":
		return ErrHost
	case s.Port < 0 || s.Port > 65535:
		return ErrPort
	case s.way() != TLSStart && s.way() != TLSImplicit && s.way() != TLSNone:
		return ErrTLS
	case s.way() == TLSNone && !s.here():
		return ErrExposed
	case !ValidAddress(s.From.Address):
		return ErrFrom
	case (s.User == "") != (s.Password == ""):
		return ErrPassword
	}
	return nil
}

func (s Server) way() TLS {
	if s.TLS == "" {
		return TLSStart
	}
	return s.TLS
}

// Address is where the server is, host:port.
func (s Server) Address() string { return net.JoinHostPort(s.Host, fmt.Sprint(s.port())) }

func (s Server) port() int {
	if s.Port != 0 {
		return s.Port
	}
	return s.way().Port()
}

func (s Server) here() bool {
	ip := net.ParseIP(s.Host)
	return strings.EqualFold(s.Host, "localhost") || ip != nil && ip.IsLoopback()
}

// maxAddress is the longest address that a mail server has to take (RFC 5321, 4.5.3.1.3).
const maxAddress = 254

// ValidAddress reports whether a mail can be sent to an address: a name and a domain, and nothing that would say more to the server.
func ValidAddress(address string) bool {
	if len(address) > maxAddress || strings.ContainsAny(address, " \t\r\n<>\",;:\\") {
		return false
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address {
		return false
	}
	_, domain, _ := strings.Cut(address, "@")
	return strings.Contains(domain, ".") || strings.EqualFold(domain, "localhost")
}

// Refusal is a server's no.
type Refusal struct {
	Code      int    // of RFC 5321, 4xx or 5xx
	Text      string // in the server's words
	Recipient bool   // it was said of the recipient's address
}

func (r *Refusal) Error() string { return fmt.Sprintf("the mail server says %d %s", r.Code, r.Text) }

// Passing reports whether it may be otherwise later.
func (r *Refusal) Passing() bool { return r.Code < 500 }

// ErrUnknown is what became of a mail whose text went out without an answer: sent again it might arrive twice.
var ErrUnknown = errors.New("the connection ended before the mail server said whether it took the mail")

// Within bounds one mail, from connecting to the server's answer.
const Within = 45 * time.Second

// Reach connects, proves who we are, and leaves.
func (s Server) Reach(ctx context.Context) error {
	return s.converse(ctx, func(c *wire.Client) error { return refusal(c.Noop(), false) })
}

// Send hands a mail over. handing is asked when only its text is left to be sent; its error stops it. After that an error that is no
// *Refusal is ErrUnknown; before, the server was not reached.
func (s Server) Send(ctx context.Context, m Mail, handing func() error) error {
	text, err := m.write(s.From)
	if err != nil {
		return err
	}
	return s.converse(ctx, func(c *wire.Client) error {
		if err := c.Mail("<" + s.From.Address + ">"); err != nil {
			return refusal(err, false)
		}
		if err := c.Rcpt("<" + m.To + ">"); err != nil {
			return refusal(err, true)
		}
		if err := handing(); err != nil {
			return err
		}
		return hand(c, text)
	})
}

func hand(c *wire.Client, text []byte) error {
	w, err := c.Data()
	if err != nil {
		return refusalOr(err, ErrUnknown)
	}
	if _, err := w.Write(text); err != nil {
		return errors.Join(ErrUnknown, err)
	}
	return refusalOr(w.Close(), ErrUnknown)
}

// converse connects and leaves around what is to be said.
func (s Server) converse(ctx context.Context, say func(*wire.Client) error) error {
	ctx, cancel := context.WithTimeout(ctx, Within)
	defer cancel()
	options := []gomail.Option{
		gomail.WithPort(s.port()), gomail.WithTimeout(Within), gomail.WithoutSMTPUTF8(), gomail.WithTLSConfig(s.tls()),
		gomail.WithDialContextFunc(func(_ context.Context, network, address string) (net.Conn, error) {
			return s.dial(ctx, network, address)
		}),
	}
	switch s.way() {
	case TLSImplicit: // dial has seen to it
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	case TLSNone:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	client, err := gomail.NewClient(s.Host, options...)
	if err != nil {
		return fmt.Errorf("prepare the connection to %s: %w", s.Address(), err)
	}
	c, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return refusal(fmt.Errorf("connect to %s: %w", s.Address(), err), false)
	}
	if err := say(c); err != nil {
		_ = c.Close()
		return err
	}
	_ = client.CloseWithSMTPClient(c) // it has the mail
	return nil
}

func (s Server) tls() *tls.Config {
	return &tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
}

// dial connects until ctx ends, whoever waits for the server's word then: the client's own Close waits for that word, too.
func (s Server) dial(ctx context.Context, network, address string) (net.Conn, error) {
	plain, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { _ = plain.Close() })
	brief := &briefly{Conn: plain, left: maxSaid}
	if s.way() != TLSImplicit {
		return brief, nil
	}
	protected := tls.Client(brief, s.tls())
	return protected, protected.HandshakeContext(ctx)
}

// maxSaid is how much a server may say about one mail, in bytes, certificates included.
const maxSaid = 1 << 20

// briefly hears a bounded amount: a line without end is not kept without end.
type briefly struct {
	net.Conn
	left int
}

// Read fails when too much has been said.
func (b *briefly) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTalks
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

var errTalks = errors.New("the mail server does not come to an end")

// refusal makes a *Refusal of what the server answered; another error, or nil, stays.
func refusal(err error, recipient bool) error {
	var answer *textproto.Error
	if errors.As(err, &answer) && answer.Code >= 400 {
		return &Refusal{Code: answer.Code, Text: answer.Msg, Recipient: recipient}
	}
	return err
}

func refusalOr(err, otherwise error) error {
	err = refusal(err, false)
	var refused *Refusal
	if err == nil || errors.As(err, &refused) {
		return err
	}
	return errors.Join(otherwise, err)
}
