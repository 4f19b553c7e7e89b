package smtp_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"madoguchi/smtp"
)

// odd is a mail server that answers as a test says, by the first word of what it hears ("" before anything is said); without an
// answer it says nothing, for ever.
func odd(t *testing.T, answers map[string]string) smtp.Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = conn.Close() })
			go converse(conn, answers)
		}
	}()
	return smtp.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: smtp.TLSNone, From: mail.Address{Address: "desk@example.com"}}
}

func converse(conn net.Conn, answers map[string]string) {
	said := bufio.NewReader(conn)
	for word := ""; ; {
		if answer := answers[word]; answer != "" {
			if _, err := conn.Write([]byte(answer)); err != nil {
				return
			}
		}
		text, err := said.ReadString('\n')
		if err != nil {
			return
		}
		word, _, _ = strings.Cut(strings.TrimSpace(text), " ")
		if word == "" || strings.Contains(word, ":") && !strings.HasPrefix(word, "MAIL") && !strings.HasPrefix(word, "RCPT") {
			word = "text"
		}
	}
}

// TestServersThatStall: one that says nothing any more, whenever that begins, holds a mail up only as long as it may take; and whether
// the mail may have arrived is known.
func TestServersThatStall(t *testing.T) {
	t.Parallel()
	all := map[string]string{
		"": "220 here\r\n", "EHLO": "250 here\r\n", "HELO": "250 here\r\n", "NOOP": "250 well\r\n", "MAIL": "250 well\r\n", "RCPT": "250 well\r\n", "DATA": "354 go on\r\n",
	}
	for name, c := range map[string]struct {
		silentAt  string
		uncertain bool
	}{
		"before it greets": {silentAt: ""}, "at the greeting": {silentAt: "EHLO"}, "at the sender": {silentAt: "MAIL"}, "at the recipient": {silentAt: "RCPT"},
		"at the text": {silentAt: "DATA", uncertain: true}, "after the text": {silentAt: ".", uncertain: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers := map[string]string{}
			for word, answer := range all {
				if word != c.silentAt {
					answers[word] = answer
				}
			}
			s := odd(t, answers)
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			ended := make(chan error, 1)
			go func() {
				ended <- s.Send(ctx, smtp.Mail{To: "aoi@example.com", Subject: "s", Text: "t", HTML: "t", ID: "1", At: time.Now()}, func() error { return nil })
			}()
			select {
			case err := <-ended:
				if err == nil || errors.Is(err, smtp.ErrUnknown) != c.uncertain {
					t.Errorf("%v", err)
				}
			case <-time.After(20 * time.Second): // a bound, far below smtp.Within
				t.Error("it waits on although its time is over")
			}
		})
	}
}

// TestServersThatTalkNonsense are not reached, and no mail is given to them.
func TestServersThatTalkNonsense(t *testing.T) {
	t.Parallel()
	for name, greeting := range map[string]string{
		"another protocol": "HTTP/1.1 400 Bad Request\r\n\r\n", "noise": "\x16\x03\x01\x00\x05\xff\xfe\r\n", "no number": "hello\r\n", "a line without end": strings.Repeat("2", 4<<20),
		"an answer without end": strings.Repeat("220-more\r\n", 1<<18),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := odd(t, map[string]string{"": greeting})
			err := s.Send(t.Context(), smtp.Mail{To: "aoi@example.com", Subject: "s", Text: "t", HTML: "t", ID: "1", At: time.Now()}, func() error {
				t.Error("it was given the mail")
				return nil
			})
			if err == nil || errors.Is(err, smtp.ErrUnknown) || errors.Is(err, net.ErrClosed) {
				t.Errorf("%v", err)
			}
		})
	}
	s := odd(t, map[string]string{"": "220 here\r\n", "EHLO": "250 no TLS here\r\n"})
	s.TLS = smtp.TLSStart
	if err := s.Reach(t.Context()); err == nil {
		t.Error("a server that refuses TLS was spoken to without")
	}
}
