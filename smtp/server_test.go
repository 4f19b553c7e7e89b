package smtp_test

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"madoguchi/smtp"
	"madoguchi/testserver"
)

func of(s testserver.MailServer) smtp.Server {
	return smtp.Server{Host: s.Host, Port: s.Port, User: s.User, Password: s.Password, Roots: s.Roots, From: mail.Address{Name: "窓口", Address: "desk@example.test"}}
}

func to(address string) smtp.Mail {
	return smtp.Mail{
		To: address, FromName: "みどり商店", Subject: "未読の返信が 1 件あります", Text: "ご注文を確認しました。\n.\n長い一行です。", HTML: "<p>ご注文を確認しました。</p>", ID: "m1.7",
		At: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), Unsubscribe: "https://desk.example.test/mail/stop/x",
	}
}

func whenever() error { return nil }

func TestAMailGoesByTLSFromWhoWeProveToBe(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{"starttls": nil, "tls": {"-tls"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testserver.Mail(t, args...)
			s := of(server)
			s.TLS = smtp.TLS(name)
			must(t, s.Check())
			must(t, s.Reach(t.Context()))
			must(t, s.Send(t.Context(), to("hanako@example.test"), whenever))
			taken := server.Taken(t)
			if len(taken) != 1 || !taken[0].TLS || taken[0].User != server.User || taken[0].From != "desk@example.test" || taken[0].To != "hanako@example.test" {
				t.Fatalf("taken: %+v", taken)
			}
			m, err := mail.ReadMessage(strings.NewReader(taken[0].Data))
			must(t, err)
			from, err := m.Header.AddressList("From")
			must(t, err)
			subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
			must(t, err)
			if from[0].Name != "みどり商店" || from[0].Address != "desk@example.test" || subject != "未読の返信が 1 件あります" || m.Header.Get("Message-Id") != "<m1.7@example.test>" ||
				m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("List-Unsubscribe") != "<https://desk.example.test/mail/stop/x>" ||
				m.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || m.Header.Get("Date") == "" {
				t.Errorf("header: %v", m.Header)
			}
			if text, html := bodies(t, m); text != "ご注文を確認しました。\n.\n長い一行です。" || html != "<p>ご注文を確認しました。</p>" {
				t.Errorf("it says %q and %q", text, html)
			}
		})
	}
}

// bodies are the texts of a mail, plain and HTML.
func bodies(t *testing.T, m *mail.Message) (text, html string) {
	t.Helper()
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	must(t, err)
	parts := multipart.NewReader(m.Body, params["boundary"])
	var found [2]string
	for i := range found {
		part, err := parts.NextRawPart()
		must(t, err)
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		must(t, err)
		found[i] = strings.TrimRight(strings.ReplaceAll(string(body), "\r\n", "\n"), "\n")
	}
	return found[0], found[1]
}

// Nothing secret is said to who cannot prove to be the server, nor in the clear.
func TestThePasswordIsToldToTheServerAlone(t *testing.T) {
	t.Parallel()
	server := testserver.Mail(t)
	stranger := of(server)
	stranger.Roots = nil
	if err := stranger.Send(t.Context(), to("a@example.test"), whenever); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("an unknown certificate: %v", err)
	}
	plain := of(server)
	plain.TLS = smtp.TLSNone
	if err := plain.Send(t.Context(), to("a@example.test"), whenever); err == nil {
		t.Error("a password went in the clear")
	}
	wrong := of(server)
	wrong.Password = "another"
	var refused *smtp.Refusal
	if err := wrong.Send(t.Context(), to("a@example.test"), whenever); !errors.As(err, &refused) || refused.Code != 535 || refused.Recipient {
		t.Errorf("a wrong password: %v", err)
	}
	if got := server.Taken(t); len(got) != 0 {
		t.Errorf("taken: %+v", got)
	}
}

func TestWhatAServerRefuses(t *testing.T) {
	t.Parallel()
	server := testserver.Mail(t)
	s := of(server)
	send := func(address string) (handed bool, err error) {
		err = s.Send(t.Context(), to(address), func() error { handed = true; return nil })
		return handed, err
	}
	for _, c := range []struct {
		to                         string
		code                       int
		passing, recipient, handed bool
	}{{"refused@example.test", 550, false, true, false}, {"later@example.test", 451, true, true, false}, {"late@example.test", 452, true, false, true}} {
		var refused *smtp.Refusal
		handed, err := send(c.to)
		if !errors.As(err, &refused) || refused.Code != c.code || refused.Passing() != c.passing || refused.Recipient != c.recipient || handed != c.handed || errors.Is(err, smtp.ErrUnknown) {
			t.Errorf("%s: %v, handed %t", c.to, err, handed)
		}
	}
	if handed, err := send("silent@example.test"); !handed || !errors.Is(err, smtp.ErrUnknown) {
		t.Errorf("cut after the text: %v", err)
	}
	for _, address := range []string{"later@example.test", "late@example.test"} {
		if _, err := send(address); err != nil {
			t.Errorf("%s again: %v", address, err)
		}
	}
	stop := errors.New("not now")
	if err := s.Send(t.Context(), to("a@example.test"), func() error { return stop }); !errors.Is(err, stop) {
		t.Errorf("stopped: %v", err)
	}
	if got := server.Taken(t); len(got) != 3 {
		t.Errorf("taken: %d mails", len(got))
	}
	gone := s
	gone.Port = 1
	handed := false
	err := gone.Send(t.Context(), to("a@example.test"), func() error { handed = true; return nil })
	if err == nil || handed || errors.Is(err, smtp.ErrUnknown) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestServersThatCannotBe(t *testing.T) {
	t.Parallel()
	good := smtp.Server{Host: "mail.example.test", From: mail.Address{Address: "desk@example.test"}}
	must(t, good.Check())
	if good.Address() != "mail.example.test:587" {
		t.Errorf("at %s", good.Address())
	}
	for _, c := range []struct {
		change func(*smtp.Server)
		want   error
	}{
		{func(s *smtp.Server) { s.Host = "" }, smtp.ErrHost},
		{func(s *smtp.Server) { s.Port = 65536 }, smtp.ErrPort},
		{func(s *smtp.Server) { s.TLS = "ssl" }, smtp.ErrTLS},
		{func(s *smtp.Server) { s.TLS = smtp.TLSNone }, smtp.ErrExposed},
		{func(s *smtp.Server) { s.From.Address = "desk" }, smtp.ErrFrom},
		{func(s *smtp.Server) { s.User = "desk" }, smtp.ErrPassword},
	} {
		s := good
		c.change(&s)
		if err := s.Check(); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v", s, err)
		}
	}
	for address, valid := range map[string]bool{
		"a@b.example": true, "a.b+c@d.example": true, "a@localhost": true, "a": false, "a@b": false, "a@b.example, c@d.example": false, "a@b.example>\r\nRCPT TO:<c@d.example": false,
		"A <a@b.example>": false, "": false,
	} {
		if smtp.ValidAddress(address) != valid {
			t.Errorf("%q", address)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
