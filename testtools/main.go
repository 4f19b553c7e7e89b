// Command testtools is the mail server that tests stand beside. It asks for STARTTLS and AUTH, keeps what it takes as files, and
// does as the recipient's name says: see recipient. Package testserver runs it.
package main

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

func main() {
	var d postOffice
	listen := flag.String("listen", "127.0.0.1:0", "address")
	cert := flag.String("cert", "", "PEM file; none = no TLS")
	key := flag.String("key", "", "PEM file")
	implicit := flag.Bool("tls", false, "TLS from the first byte")
	flag.StringVar(&d.folder, "folder", "", "where mails are kept, one file each")
	flag.StringVar(&d.user, "user", "", "who may send; nobody = everybody")
	flag.StringVar(&d.password, "password", "", "with which password")
	flag.Parse()
	if err := serve(&d, *listen, *cert, *key, *implicit); err != nil {
		log.Fatal(err)
	}
}

func serve(d *postOffice, listen, cert, key string, implicit bool) error {
	d.seen = map[string]int{}
	s := smtp.NewServer(d)
	s.Domain, s.MaxMessageBytes, s.MaxRecipients = "mail.example.test", 1<<20, 5
	if cert != "" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return err
		}
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	if implicit {
		l = tls.NewListener(l, s.TLSConfig)
	}
	return s.Serve(l)
}

// postOffice takes mails.
type postOffice struct {
	folder, user, password string

	mu    sync.Mutex
	seen  map[string]int // how often a recipient was named
	taken int
}

// NewSession begins a conversation.
func (d *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{office: d, conn: c}, nil
}

type session struct {
	office *postOffice
	conn   *smtp.Conn
	mail   mail
}

// mail is a file in the folder.
type mail struct {
	From string `json:"from"`
	To   string `json:"to"`
	User string `json:"user"`
	TLS  bool   `json:"tls"`
	Data string `json:"data"`
}

// AuthMechanisms offers PLAIN alone: whoever sends it in the clear is found out by the server.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth proves a sender.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.office.user || password != s.office.password {
			return smtp.ErrAuthFailed
		}
		s.mail.User = user
		return nil
	}), nil
}

// Mail begins a mail.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	_, s.mail.TLS = s.conn.TLSConnectionState()
	if s.office.user != "" && s.mail.User == "" {
		return smtp.ErrAuthRequired
	}
	s.mail.From = from
	return nil
}

// Rcpt answers as the recipient's name says: "refused" is refused, "later" is asked to come again the first time.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	name, _, _ := strings.Cut(to, "@")
	s.office.mu.Lock()
	s.office.seen[to]++
	times := s.office.seen[to]
	s.office.mu.Unlock()
	switch {
	case name == "refused":
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such person here"}
	case name == "later" && times == 1:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "come again"}
	}
	s.mail.To = to
	return nil
}

var errCut = errors.New("the connection is cut")

// Data takes a mail: "late" is asked to come again the first time, after its text; "silent" is kept without an answer.
func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mail.Data = string(text)
	name, _, _ := strings.Cut(s.mail.To, "@")
	s.office.mu.Lock()
	defer s.office.mu.Unlock()
	if name == "late" && s.office.seen[s.mail.To] == 1 {
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "the box is full"}
	}
	if err := s.keep(); err != nil {
		return err
	}
	if name == "silent" {
		_ = s.conn.Conn().Close()
		return errCut
	}
	return nil
}

// keep writes the mail down; it is there whole or not at all.
func (s *session) keep() error {
	s.office.taken++
	text, err := json.Marshal(s.mail)
	if err != nil {
		return err
	}
	path := filepath.Join(s.office.folder, fmt.Sprintf("%06d.json", s.office.taken))
	if err := os.WriteFile(path+".part", text, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

// Reset forgets a mail that was begun.
func (s *session) Reset() { s.mail.From, s.mail.To, s.mail.Data = "", "", "" }

// Logout ends a conversation.
func (s *session) Logout() error { return nil }
