package smtp

import (
	"bytes"
	"fmt"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Mail is one mail to one person, in plain text and the same as HTML.
type Mail struct {
	To         string // an address
	FromName   string // who writes; "" = the server's
	Subject    string
	Text, HTML string
	ID         string // the same when it is sent again; the domain is added
	At         time.Time
	// Unsubscribe is an address that ends mails of this kind when something is posted to it, with one click if it is https (RFC 8058);
	// "" = there is none.
	Unsubscribe string
}

// write makes the bytes that go out.
func (m Mail) write(from mail.Address) ([]byte, error) {
	if m.FromName != "" {
		from.Name = m.FromName
	}
	out := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	out.FromMailAddress(&from)
	out.ToMailAddress(&mail.Address{Address: m.To})
	out.Subject(m.Subject)
	out.SetDateWithValue(m.At)
	out.SetMessageIDWithValue(m.ID + "@" + domainOf(from.Address))
	// Whoever answers machines is not to answer this one (RFC 3834).
	out.SetGenHeader("Auto-Submitted", "auto-generated")
	out.SetGenHeader("X-Auto-Response-Suppress", "All")
	if m.Unsubscribe != "" {
		out.SetGenHeader("List-Unsubscribe", "<"+m.Unsubscribe+">")
	}
	if strings.HasPrefix(m.Unsubscribe, "https://") {
		out.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	out.SetBodyString(gomail.TypeTextPlain, m.Text)
	out.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	var text bytes.Buffer
	if _, err := out.WriteTo(&text); err != nil {
		return nil, fmt.Errorf("write the mail: %w", err)
	}
	return text.Bytes(), nil
}

func domainOf(address string) string {
	return address[strings.LastIndexByte(address, '@')+1:]
}
