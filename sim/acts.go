package sim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// What customers do. Which of them a provider has is Account.Acts.
const (
	DoText    = "text"
	DoFile    = "file"
	DoPlace   = "place"
	DoSticker = "sticker"
	DoContact = "contact" // shares their address card
	DoOrder   = "order"   // sends a cart
	DoProduct = "product" // shares a product, or writes from its page
	DoTap     = "tap"     // a button
	DoReact   = "react"
	DoEdit    = "edit"
	DoUnsend  = "unsend"
	DoBlock   = "block"
	DoUnblock = "unblock"
	DoRead    = "read" // looks at what the business wrote
	DoStart   = "start"
	DoStop    = "stop"    // wants no marketing any more
	DoResume  = "resume"  // wants it again
	DoStrange = "strange" // something that no connector has seen yet
)

// Act is something that a customer does.
type Act struct {
	Do      string   `json:"do"`
	Text    string   `json:"text,omitempty"` // what is written; with a file its caption; with start where they came from
	Files   []Upload `json:"files,omitempty"`
	Place   *Place   `json:"place,omitempty"`
	Button  string   `json:"button,omitempty"`  // id or label
	Message string   `json:"message,omitempty"` // that it answers or is about
	Emoji   string   `json:"emoji,omitempty"`
	Ad      string   `json:"ad,omitempty"` // the advertisement that they came from
}

// Upload is a file of a customer's.
type Upload struct {
	Name string `json:"name"`
	Type string `json:"type"` // "" = by content
	Data []byte `json:"data"`
}

// Acts lists what customers can do on this channel.
func (a *Account) Acts() []string { return a.provider.acts() }

// Write is a customer's text; its id is returned.
func (a *Account) Write(customer, text string) (string, error) {
	return a.Act(customer, Act{Do: DoText, Text: text})
}

// Act lets a customer do something and tells the business. It returns the id of the message that it made or was about.
func (a *Account) Act(customer string, x Act) (string, error) {
	s := a.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	p := a.person(customer)
	if p == nil {
		return "", fmt.Errorf("%w: the customer %q", ErrNotThere, customer)
	}
	if !slices.Contains(a.provider.acts(), x.Do) {
		return "", fmt.Errorf("%w: customers of %s cannot %q", ErrRefused, a.Kind, x.Do)
	}
	switch x.Do {
	case DoText, DoFile, DoPlace, DoSticker, DoContact, DoOrder, DoProduct, DoStrange:
		return p.write(x)
	case DoTap:
		return p.tap(x)
	case DoReact, DoEdit, DoUnsend:
		return p.change(x)
	case DoBlock, DoUnblock:
		p.Blocked = x.Do == DoBlock
	case DoStart:
		p.Wrote = s.now()
	}
	m := &Message{Mine: true, At: s.now(), Text: x.Text}
	return m.ID, a.provider.act(p, x, m)
}

// write puts a new message of the customer's on the phone and tells the business.
func (p *Person) write(x Act) (string, error) {
	s := p.account.sim
	m := &Message{Mine: true, At: s.now(), Text: x.Text, Place: x.Place, ReplyTo: x.Message, number: s.next()}
	switch {
	case x.Do == DoText && strings.TrimSpace(x.Text) == "":
		return "", fmt.Errorf("%w: nothing is written", ErrRefused)
	case x.Do == DoFile && len(x.Files) == 0:
		return "", fmt.Errorf("%w: no file", ErrRefused)
	case x.Do == DoPlace && x.Place == nil:
		return "", fmt.Errorf("%w: no place", ErrRefused)
	case x.Do == DoSticker:
		m.Sticker = "👍"
	}
	for _, u := range x.Files {
		if u.Type == "" {
			u.Type, _, _ = strings.Cut(http.DetectContentType(u.Data), ";")
		}
		m.Files = append(m.Files, s.shown(s.keep(&file{name: u.Name, mime: u.Type, data: u.Data}), kindOf(u.Type)))
	}
	p.Wrote, p.Blocked = s.now(), false // phones cannot write to whom they block
	if err := p.account.provider.act(p, x, m); err != nil {
		return "", err
	}
	p.chat = append(append(p.chat, m), p.later...)
	p.later = nil
	return m.ID, nil
}

// tap presses a button of the business's.
func (p *Person) tap(x Act) (string, error) {
	from, b, ok := p.button(x.Button)
	if !ok {
		return "", fmt.Errorf("%w: the button %q", ErrNotThere, x.Button)
	}
	if b.URL != "" {
		return "", nil
	}
	s := p.account.sim
	x.Button, x.Text, x.Message = b.ID, b.Label, from.ID
	m := &Message{Mine: true, At: s.now(), Text: b.Label, ReplyTo: from.ID, number: s.next()}
	p.Wrote, p.Blocked = s.now(), false
	if err := p.account.provider.act(p, x, m); err != nil {
		return "", err
	}
	p.chat = append(p.chat, m)
	return m.ID, nil
}

// change reacts to a message, or edits or takes back one's own.
func (p *Person) change(x Act) (string, error) {
	m := p.message(x.Message)
	if m == nil || x.Do != DoReact && !m.Mine {
		return "", fmt.Errorf("%w: the message %q", ErrNotThere, x.Message)
	}
	before := *m
	switch x.Do {
	case DoReact:
		m.Reaction = x.Emoji
	case DoEdit:
		m.Text, m.Edited = x.Text, true
	case DoUnsend:
		m.Text, m.Files, m.Place, m.Sticker, m.Unsent = "", nil, nil, "", true
	}
	if err := p.account.provider.act(p, x, m); err != nil {
		*m = before
		return "", err
	}
	return m.ID, nil
}

// kindOf is what a phone makes of a media type.
func kindOf(mime string) string {
	kind, _, _ := strings.Cut(mime, "/")
	switch kind {
	case "image", "audio", "video":
		return kind
	}
	return "file"
}
