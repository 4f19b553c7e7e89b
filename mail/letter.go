package mail

import (
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"sync"
	"time"

	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/smtp"
)

//go:embed letter.html
var letterHTML string

// page is the HTML form: it takes the reader's colours, and fetches nothing.
var page = sync.OnceValues(func() (*template.Template, error) { return template.New("letter").Parse(letterHTML) })

// letter is what a mail says, before it is written as text and as HTML.
type letter struct {
	to, fromName string
	unsubscribe  string // see smtp.Mail
	upTo         int64  // see desk.Mail

	Language desk.Locale
	Subject  string
	Intro    string
	Items    []item
	More     string // about what is not among Items
	Button   *link
	Footer   []link
	html     string
}

// item is one thing that is told.
type item struct {
	Title link
	Lines []string
}

// link is a text that may lead somewhere.
type link struct{ Text, Href string }

// say is a text of the letter's language.
func (l *letter) say(key string, params map[string]string) string {
	return locale.Text(l.Language, locale.Key("mail."+key), params)
}

// write makes its HTML; what it says is complete.
func (l *letter) write() error {
	t, err := page()
	if err != nil {
		return fmt.Errorf("read the form of a mail: %w", err)
	}
	var html strings.Builder
	if err := t.Execute(&html, l); err != nil {
		return fmt.Errorf("write a mail as HTML: %w", err)
	}
	l.html = html.String()
	return nil
}

// text is it without HTML.
func (l *letter) text() string {
	paragraphs := []string{l.Intro}
	for _, i := range l.Items {
		paragraphs = append(paragraphs, strings.Join(append([]string{l.line(i.Title)}, i.Lines...), "\n"))
	}
	if l.More != "" {
		paragraphs = append(paragraphs, l.More)
	}
	if l.Button != nil {
		paragraphs = append(paragraphs, l.line(*l.Button))
	}
	footer := make([]string, len(l.Footer))
	for i, f := range l.Footer {
		footer[i] = l.line(f)
	}
	paragraphs = append(paragraphs, "-- \n"+strings.Join(footer, "\n"))
	return strings.Join(paragraphs, "\n\n") + "\n"
}

func (l *letter) line(to link) string {
	if to.Href == "" {
		return to.Text
	}
	return to.Text + "\n" + to.Href
}

// mail is the letter as it goes out. Another attempt is the same mail.
func (l *letter) mail(m desk.Mail, at time.Time) smtp.Mail {
	return smtp.Mail{
		To: l.to, FromName: l.fromName, Subject: l.Subject, Text: l.text(), HTML: l.html, At: at, Unsubscribe: l.unsubscribe,
		ID: strings.Join([]string{"mail", m.Workspace.String(), m.ID.String(), fmt.Sprint(m.Since.UnixMilli())}, "."),
	}
}
