// Package sim is the other side: pretend providers for every channel, which speak the real ones' HTTP contracts, so that
// the desk can be tried, shown and tested without an account anywhere.
//
// Each provider is mounted below its kind ("/telegram/", "/line/", …), which is what a connector's BaseURL points at.
// What the provider would tell us comes as signed webhooks to the address that was registered with it. Below "/" lies a
// page that looks like a customer's phone, below "/control/" what the page and tests steer the simulator with. All
// state is in memory. The simulator knows nothing of the desk and imports nothing of ours.
package sim

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Config is what a Simulator needs. The zero value works.
type Config struct {
	// Base is the address at which the simulator is reached, without a trailing slash: links to files begin with it.
	Base string
	// Now is the providers' clock: windows, quotas and stamps follow it. nil = time.Now.
	Now func() time.Time
	// Client delivers webhooks and fetches files that are sent by link. nil = http.DefaultClient.
	Client *http.Client
	// Seed makes the credentials: the same seed gives the same ones in the same order. "" = random ones.
	Seed string
	// Backoff is how long a provider waits before it delivers a webhook again, by attempt from 1. nil = 1, 2, 4 … 60 s.
	Backoff func(attempt int) time.Duration
	// Keep names a file in which accounts, registered callbacks and what customers allow lie while the program is stopped; the
	// chats do not. "" = nothing is kept.
	Keep string
	Log  *slog.Logger // nil = slog.Default()
}

// The refusals of controls.
var (
	ErrNotThere = errors.New("not there")
	ErrRefused  = errors.New("refused")
)

// Simulator is all pretend providers together. It is safe for concurrent use.
type Simulator struct {
	Config
	providers map[string]provider
	handler   http.Handler
	done      context.Context // ends with Close
	stop      context.CancelFunc
	flights   sync.WaitGroup

	mu       sync.Mutex
	ahead    time.Duration // how far the providers' clock was put forward
	serial   int64
	accounts []*Account
	files    map[string]*file
	kept     []string // names of files, oldest first
	lanes    map[lane]*deliveries
}

// provider is one provider's protocol. Its methods are called under Simulator.mu, except handler's.
type provider interface {
	// open gives a new account its credentials.
	open(a *Account)
	// customer makes up the n-th person as this provider knows people.
	customer(a *Account, n int) *Person
	// handler answers the connector's requests; paths are relative to the kind.
	handler() http.Handler
	// acts are what a customer can do here.
	acts() []string
	// act tells the account what a customer did; m is the message that it makes or is about. It gives new messages their id.
	act(p *Person, x Act, m *Message) error
	// refuse is how the provider words a refusal.
	refuse(a *Account, why refusal) answer
	// rates are the limits that the provider publishes for sending.
	rates() []Rate
	// configure checks a callback that was typed into the provider's console, as the provider does. Called without the lock.
	configure(ctx context.Context, a *Account, c Console) error
}

// New makes a simulator without accounts. Close ends its deliveries.
func New(c Config) *Simulator {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Client == nil {
		c.Client = http.DefaultClient
	}
	if c.Seed == "" {
		c.Seed = rand.Text()
	}
	if c.Backoff == nil {
		c.Backoff = backoff
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	c.Base = strings.TrimSuffix(c.Base, "/")
	s := &Simulator{Config: c, files: map[string]*file{}, lanes: map[lane]*deliveries{}}
	// Numbers go up across restarts: the desk remembers for days which ones it saw.
	s.serial = c.Now().Unix()
	s.done, s.stop = context.WithCancel(context.Background())
	s.providers = map[string]provider{
		"sms": &twilio{s}, "wechat": &wechat{s},
		"whatsapp": newWhatsApp(s), "messenger": newMessaging(s, "messenger"), "instagram": newMessaging(s, "instagram"), "telegram": &telegram{s}, "line": &line{s},
	}
	s.handler = s.routes()
	s.recall()
	return s
}

// Close ends deliveries under way, waits for them, and keeps what Config.Keep says.
func (s *Simulator) Close() {
	s.mu.Lock() // nothing takes off from here on
	s.stop()
	s.mu.Unlock()
	s.flights.Wait()
	s.remember()
}

// SetBase says at which address the simulator is reached, where that is known only after it was made (a test's server).
func (s *Simulator) SetBase(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Base = strings.TrimSuffix(address, "/")
}

// Kinds lists the kinds of channel that can be tried, in the order of menus.
func Kinds() []string {
	return []string{"sms", "whatsapp", "messenger", "instagram", "telegram", "line", "wechat"}
}

// ServeHTTP answers connectors below a kind, the page and its controls.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Simulator) routes() http.Handler {
	mux := http.NewServeMux()
	for kind, p := range s.providers {
		mux.Handle("/"+kind+"/", http.StripPrefix("/"+kind, p.handler()))
	}
	mux.HandleFunc("GET /files/{name}", s.serveFile)
	s.controls(mux)
	return mux
}

// Advance puts the providers' clock forward: reply windows and quotas end.
func (s *Simulator) Advance(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += by
}

// now is the providers' clock. Under mu.
func (s *Simulator) now() time.Time { return s.Now().Add(s.ahead) }

// next is a number that no other thing of this simulator has. Under mu.
func (s *Simulator) next() int64 {
	s.serial++
	return s.serial
}

// hex makes up n hexadecimal digits, always the same for the same name and seed.
func (s *Simulator) hex(n int, name ...string) string {
	sum := sha256.Sum256([]byte(s.Seed + "\x00" + strings.Join(name, "\x00")))
	return hex.EncodeToString(sum[:])[:n]
}

// NewAccount opens a business account at a provider, with one customer. ErrNotThere for a kind that cannot be tried.
func (s *Simulator) NewAccount(kind string) (*Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.providers[kind]
	if p == nil {
		return nil, fmt.Errorf("%w: a provider for %q", ErrNotThere, kind)
	}
	return s.open(p, kind), nil
}

// open adds an account. Under mu.
func (s *Simulator) open(p provider, kind string) *Account {
	n := 1
	for _, a := range s.accounts {
		if a.Kind == kind {
			n++
		}
	}
	a := newAccount(s, p, kind, n)
	s.accounts = append(s.accounts, a)
	return a
}

// Accounts lists all accounts, oldest first.
func (s *Simulator) Accounts() []*Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.accounts)
}

// Account finds an account by its id in the simulator, nil if there is none.
func (s *Simulator) Account(id string) *Account {
	return s.find(func(a *Account) bool { return a.ID == id })
}

// find takes the lock and looks for an account.
func (s *Simulator) find(is func(*Account) bool) *Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.accounts, is); i >= 0 {
		return s.accounts[i]
	}
	return nil
}
