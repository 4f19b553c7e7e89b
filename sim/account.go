package sim

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Account is one business account at a pretend provider: a bot, a number, a page.
type Account struct {
	ID    string // in the simulator: "telegram-1"
	Kind  string
	Title string
	// Credentials are what the provider's console shows, in its order and under its names.
	Credentials []Credential

	sim      *Simulator
	provider provider

	// Under sim.mu.
	console  Console
	receipts Receipts
	people   []*Person
	trouble  Trouble
	decide   func(Attempt) Outcome
	meters   map[string]*meter
	taken    []Taken
	requests int
	exceeded int
	hooks    []Delivered
	state    any // what only the account's provider knows of
}

// Credential is one value of a provider's console. Name is the desk's word for it, Label the console's.
type Credential struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Value string `json:"value"`
}

// Console is what a business types into the provider's console about its callback.
type Console struct {
	Callback string `json:"callback"`          // where webhooks go
	Token    string `json:"token,omitempty"`   // the callback's own: Meta's verify token, WeChat's Token, Telegram's secret token
	AESKey   string `json:"aes_key,omitempty"` // WeChat's EncodingAESKey
	Safe     bool   `json:"safe,omitempty"`    // WeChat: messages are encrypted
	// Redeliver and Off are LINE's switches: failed webhooks are delivered again, "Use webhook" is off.
	Redeliver bool   `json:"redeliver,omitempty"`
	Off       bool   `json:"off,omitempty"`
	Status    string `json:"status,omitempty"` // Twilio: where status callbacks go unless the message names an address
}

// Receipts is how far the customers' phones get with what is sent to them on their own.
type Receipts string

// The receipts. ReceiptsRead is for tests: on the page a message is read when somebody looks.
const (
	ReceiptsSent      Receipts = "sent"
	ReceiptsDelivered Receipts = "delivered"
	ReceiptsRead      Receipts = "read"
)

// newAccount opens the n-th account of a kind. Under mu.
func newAccount(s *Simulator, p provider, kind string, n int) *Account {
	a := &Account{
		ID: fmt.Sprintf("%s-%d", kind, n), Kind: kind, Title: fmt.Sprintf("Shop %d", n), sim: s, provider: p,
		receipts: ReceiptsDelivered, meters: map[string]*meter{},
	}
	p.open(a)
	a.newPerson()
	return a
}

// Credential is the value of a name, "" if there is none.
func (a *Account) Credential(name string) string {
	for _, c := range a.Credentials {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// hex makes up a credential of n hexadecimal digits.
func (a *Account) hex(n int, name string) string { return a.sim.hex(n, a.ID, name) }

// BaseURL is what the account's connector is to call instead of the provider.
func (a *Account) BaseURL() string {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	return a.base()
}

// base is BaseURL under the lock.
func (a *Account) base() string { return a.sim.Base + "/" + a.Kind }

// Console is what the provider knows about the callback.
func (a *Account) Console() Console {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	return a.console
}

// Configure types a callback into the provider's console; the provider checks it the way it does, and its refusal is the
// error.
func (a *Account) Configure(ctx context.Context, c Console) error {
	if err := a.provider.configure(ctx, a, c); err != nil {
		return err
	}
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	a.console = c
	return nil
}

// SetReceipts says how far the customers' phones get on their own.
func (a *Account) SetReceipts(r Receipts) {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	a.receipts = r
}

// NewCustomer makes up one more person; its id is the provider's for that person.
func (a *Account) NewCustomer() string {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	return a.newPerson().ID
}

// newPerson makes up one more person. Under mu.
func (a *Account) newPerson() *Person {
	n := len(a.people) + 1
	p := a.provider.customer(a, n)
	p.Name, p.account = names[(n-1)%len(names)], a
	a.people = append(a.people, p)
	return p
}

// Customers lists the ids of the account's people, oldest first.
func (a *Account) Customers() []string {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	var ids []string
	for _, p := range a.people {
		ids = append(ids, p.ID)
	}
	return ids
}

// person finds somebody by the provider's id, nil if there is nobody. Under mu.
func (a *Account) person(id string) *Person {
	if i := slices.IndexFunc(a.people, func(p *Person) bool { return p.ID == id || p.Alias != "" && p.Alias == id }); i >= 0 {
		return a.people[i]
	}
	return nil
}

// Person is a customer of one account.
type Person struct {
	ID      string // as the provider knows them
	Alias   string // another id of theirs there, "" if none
	Name    string
	Blocked bool      // they blocked the business
	Stopped bool      // they took their consent back (SMS)
	Hidden  bool      // they go by a username and show no phone number (WhatsApp)
	Wrote   time.Time // when they last wrote, by the provider's clock; zero = never
	Until   time.Time // until when the business may answer (WeChat)
	Left    int       // how many answers they still take (WeChat)
	AdUntil time.Time // until when an advertisement keeps the window open (Messenger, Instagram)

	account *Account
	chat    []*Message
	typing  time.Time   // until when the phone shows that somebody writes
	nowhere bool        // the number is nobody's (SMS)
	recent  []time.Time // when the business wrote (SMS)
	later   []*Message  // what the provider itself answers to what is being written (SMS)
}

// names are what people are called, by number.
var names = []string{"秋子 Aki", "Ben", "千夏 Chika", "Dana", "Emi"}

// Message is one message as the customer's phone shows it.
type Message struct {
	ID      string    `json:"id"`
	Mine    bool      `json:"mine"` // the customer's own
	At      time.Time `json:"at"`
	Text    string    `json:"text,omitempty"`
	Files   []Shown   `json:"files,omitempty"`
	Place   *Place    `json:"place,omitempty"`
	Sticker string    `json:"sticker,omitempty"`
	Buttons []Button  `json:"buttons,omitempty"`
	Menu    string    `json:"menu,omitempty"` // the label of the button that opens Buttons as a list
	ReplyTo string    `json:"reply_to,omitempty"`
	Status  string    `json:"status,omitempty"` // sent, delivered, read: of the business's messages, as far as the provider tells
	Edited  bool      `json:"edited,omitempty"`
	Unsent  bool      `json:"unsent,omitempty"`
	// Reactions are the customer's and the business's emoji.
	Reaction      string `json:"reaction,omitempty"`
	ShopReaction  string `json:"shop_reaction,omitempty"`
	Template      string `json:"template,omitempty"`
	key, callback string // what the business's program said about it: its own id, where to report
	number        int64  // in the account
}

// Shown is a file in a message.
type Shown struct {
	Kind string `json:"kind"` // image, audio, video, file
	Name string `json:"name,omitempty"`
	Type string `json:"type,omitempty"`
	URL  string `json:"url"`
	file string // its name in the simulator, "" = elsewhere
}

// Place is a point on the map.
type Place struct {
	Lat     float64 `json:"lat"`
	Lon     float64 `json:"lon"`
	Title   string  `json:"title,omitempty"`
	Address string  `json:"address,omitempty"`
}

// Button is something to tap. A URL opens a page, which the business does not hear of.
type Button struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	URL   string `json:"url,omitempty"`
	// Detail is a line below the label.
	Detail string `json:"detail,omitempty"`
	kind   string // what sort of button the provider has there
}

// Chat is a copy of what a customer's phone shows, oldest first. ErrNotThere for nobody.
func (a *Account) Chat(customer string) ([]Message, error) {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	p := a.person(customer)
	if p == nil {
		return nil, fmt.Errorf("%w: the customer %q", ErrNotThere, customer)
	}
	copied := make([]Message, len(p.chat))
	for i, m := range p.chat {
		copied[i] = *m
	}
	return copied, nil
}

// message finds a message on a phone, nil if it is not there. Under mu.
func (p *Person) message(id string) *Message {
	if i := slices.IndexFunc(p.chat, func(m *Message) bool { return m.ID == id }); i >= 0 && id != "" {
		return p.chat[i]
	}
	return nil
}

// button finds what can be tapped under an id or label, newest first. Under mu.
func (p *Person) button(id string) (*Message, Button, bool) {
	for _, m := range slices.Backward(p.chat) {
		for _, b := range m.Buttons {
			if b.ID == id || b.Label == id {
				return m, b, true
			}
		}
	}
	return nil, Button{}, false
}
