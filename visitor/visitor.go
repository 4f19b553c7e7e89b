// Package visitor is the customer's side of web chat: who a browser is, from its first boot over the proof of an identity
// to the log-out, and what it may know. A visitor is a bearer token and nothing else; its identity and contact arise
// with the first message, a form or a signed identity (0.11, F4). What visitors write goes through inbound.
package visitor

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"madoguchi/auth"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// News tells the sockets what they cannot read from the event log; package live does it.
type News interface {
	CustomerTyping(ctx context.Context, workspace, conversation desk.ID)
	VisitorChanged(ctx context.Context, workspace, visitor desk.ID)
}

// Config is what a Service needs.
type Config struct {
	Store store.Store
	// Secrets unseals a channel's secrets (identify).
	Secrets func(workspace desk.ID, c desk.Channel) (map[string]string, error)
	Texts   webchat.Catalogue
	// Origin is the server's own, "https://support.example.com": its pages may carry every widget.
	Origin string
	News   News
	// Links makes the addresses that customers reach; nil = none.
	Links func(workspace desk.ID) view.Links
	// MaxFile is the largest file taken, in bytes; 0 or more than webchat.MaxFile = that.
	MaxFile int64
	Now     desk.Clock
	Log     *slog.Logger // nil = slog.Default()
	// Unlimited switches the rate limits off, for measurements.
	Unlimited bool
}

// Service keeps visitors. It is safe for concurrent use.
type Service struct {
	store     store.Store
	secrets   func(desk.ID, desk.Channel) (map[string]string, error)
	texts     webchat.Catalogue
	origin    string
	news      News
	links     func(desk.ID) view.Links
	maxFile   int64
	now       desk.Clock
	log       *slog.Logger
	unlimited bool
	limits    map[Deed]limits
	open      openness
}

// New makes the service.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Links == nil {
		c.Links = func(desk.ID) view.Links { return view.Links{} }
	}
	if c.MaxFile <= 0 || c.MaxFile > webchat.MaxFile {
		c.MaxFile = webchat.MaxFile
	}
	s := &Service{
		store: c.Store, secrets: c.Secrets, texts: c.Texts, origin: c.Origin, news: c.News, links: c.Links, maxFile: c.MaxFile, now: c.Now, log: c.Log,
		unlimited: c.Unlimited, limits: map[Deed]limits{},
	}
	for deed, l := range rates {
		s.limits[deed] = limits{
			visitor: auth.NewLimiter(l.visitor, rememberedVisitors, c.Now), address: auth.NewLimiter(l.address, rememberedAddresses, c.Now),
		}
	}
	return s
}

// Deed is something that is rate-limited.
type Deed string

// The deeds.
const (
	DeedBoot   Deed = "boot"
	DeedWrite  Deed = "write"
	DeedUpload Deed = "upload"
	DeedTell   Deed = "tell" // forms, identities, tracks, pages, readings, typing
	DeedRead   Deed = "read"
)

type limits struct{ visitor, address *auth.Limiter }

const (
	rememberedVisitors  = 50_000
	rememberedAddresses = 50_000
)

// rates are generous to people and offices behind one address, and mean to loops.
var rates = map[Deed]struct{ visitor, address auth.Limit }{
	DeedBoot:   {auth.Limit{Burst: 60, Every: time.Second}, auth.Limit{Burst: 240, Every: 500 * time.Millisecond}},
	DeedWrite:  {auth.Limit{Burst: 30, Every: time.Second}, auth.Limit{Burst: 600, Every: 50 * time.Millisecond}},
	DeedUpload: {auth.Limit{Burst: 20, Every: 5 * time.Second}, auth.Limit{Burst: 200, Every: time.Second}},
	DeedTell:   {auth.Limit{Burst: 120, Every: 250 * time.Millisecond}, auth.Limit{Burst: 2400, Every: 20 * time.Millisecond}},
	DeedRead:   {auth.Limit{Burst: 120, Every: 250 * time.Millisecond}, auth.Limit{Burst: 2400, Every: 20 * time.Millisecond}},
}

// Take counts a deed against an address and, unless 0, a visitor; the narrower of the two decisions.
func (s *Service) Take(d Deed, address netip.Addr, visitor desk.ID) auth.Decision {
	if s.unlimited {
		return auth.Decision{Allowed: true}
	}
	decision := s.limits[d].address.Take(auth.RateKey(address), 1)
	if visitor == 0 || !decision.Allowed {
		return decision
	}
	return s.limits[d].visitor.Take(visitor.String(), 1)
}

// Session is a visitor at work: who, on which channel, and as what it is known there.
type Session struct {
	Workspace desk.Workspace
	Channel   desk.Channel
	Settings  webchat.Settings
	Visitor   desk.Visitor
	Peer      string // the external id of its identity, now or to be
}

// ByToken finds who a bearer token belongs to; desk.KindUnauthentic "token_invalid" if nobody, "token_ended" after the
// log-out.
func (s *Service) ByToken(ctx context.Context, token string) (workspace desk.ID, v desk.Visitor, err error) {
	hash, err := auth.TokenHash(auth.VisitorToken, token)
	if err != nil {
		return 0, v, err
	}
	err = s.store.View(ctx, 0, func(r store.Reader) error {
		workspace, v, err = r.Visitors().ByToken(hash)
		return err
	})
	switch {
	case desk.KindOf(err) == desk.KindNotFound:
		return 0, v, desk.Errorf(desk.KindUnauthentic, "token_invalid", "no visitor has this token")
	case err != nil:
		return 0, v, fmt.Errorf("find visitor: %w", err)
	case !v.EndedAt.IsZero():
		return 0, v, desk.Errorf(desk.KindUnauthentic, "token_ended", "visitor %d logged out", v.ID)
	}
	return workspace, v, nil
}

// Authenticate opens the session of a bearer token. Beside ByToken's errors: desk.KindForbidden "channel_disabled" or
// "channel_deleted".
func (s *Service) Authenticate(ctx context.Context, token string) (Session, error) {
	workspace, v, err := s.ByToken(ctx, token)
	if err != nil {
		return Session{}, err
	}
	return s.session(ctx, workspace, v)
}

func (s *Service) session(ctx context.Context, workspace desk.ID, v desk.Visitor) (session Session, err error) {
	session = Session{Visitor: v, Peer: v.Key}
	err = s.store.View(ctx, workspace, func(r store.Reader) error {
		if session.Channel, err = r.Channels().Get(v.ChannelID); err != nil {
			return err
		}
		if session.Workspace, err = r.Workspaces().Current(); err != nil || v.IdentityID == 0 {
			return err
		}
		identity, err := r.Contacts().Identity(v.IdentityID)
		session.Peer = identity.ExternalID
		return err
	})
	if err != nil {
		return session, fmt.Errorf("open visitor's session: %w", err)
	}
	if err := session.Channel.State.Closed(); err != nil {
		return session, err
	}
	session.Settings, err = webchat.ReadSettings(session.Channel.Settings)
	return session, err
}

// Logout ends the token; the browser's next boot makes a new visitor (F4).
func (s *Service) Logout(ctx context.Context, session Session) error {
	err := s.store.Update(ctx, session.Workspace.ID, func(tx store.Tx) error {
		v, err := tx.Visitors().Get(session.Visitor.ID)
		if err != nil || !v.EndedAt.IsZero() {
			return err
		}
		v.EndedAt = tx.Now()
		return tx.WriteVisitors().Put(v)
	})
	if err != nil {
		return fmt.Errorf("log visitor out: %w", err)
	}
	s.news.VisitorChanged(ctx, session.Workspace.ID, session.Visitor.ID)
	return nil
}

// attempts is how often a transaction is run anew after another writer was first with the same identity or contact (F3).
const attempts = 5

const codeOther = "identified_as_other"

func (s *Service) update(ctx context.Context, workspace desk.ID, fn func(store.Tx) error) error {
	_, err := result(ctx, s, workspace, func(tx store.Tx) (struct{}, error) { return struct{}{}, fn(tx) })
	return err
}

// result is update for what makes something: what it made, or nothing with any error (store.Result).
func result[T any](ctx context.Context, s *Service, workspace desk.ID, fn func(store.Tx) (T, error)) (T, error) {
	for attempt := 1; ; attempt++ {
		made, err := store.Result(ctx, s.store, workspace, fn)
		if desk.KindOf(err) != desk.KindConflict || desk.CodeOf(err) == codeOther || attempt == attempts {
			return made, err
		}
	}
}

// bind gives a visitor its identity, once: of two transactions that try, the later one is run anew and finds it.
func bind(tx store.Tx, v *desk.Visitor, i desk.Identity) error {
	_, bound, err := tx.Seen("visitor", v.ID.String(), i.ID)
	if err != nil {
		return fmt.Errorf("bind visitor: %w", err)
	}
	if bound {
		return desk.Errorf(desk.KindConflict, "visitor_changed", "visitor %d found its identity meanwhile", v.ID)
	}
	v.IdentityID, v.ContactID = i.ID, i.ContactID
	return nil
}

// begin makes a visitor and its token.
func begin(tx store.Tx, channel desk.ID) (desk.Visitor, string) {
	token, hash := auth.NewToken(auth.VisitorToken)
	return desk.Visitor{
		ID: tx.NewID(), ChannelID: channel, Key: rand.Text(), TokenHash: hash, CreatedAt: tx.Now(), SeenAt: tx.Now(),
	}, token
}

const (
	maxURL       = 2000 // bytes
	maxTitle     = 300  // runes
	maxUserAgent = 500  // bytes
	maxLocale    = 35   // bytes (BCP 47 recommends room for 35)
)

// CleanPage keeps of a page what may be shown to agents: a web address, a title on one line.
func CleanPage(p desk.Page) desk.Page {
	p.URL = strings.TrimSpace(webchat.Clean(p.URL))
	if len(p.URL) > maxURL || !strings.HasPrefix(p.URL, "https://") && !strings.HasPrefix(p.URL, "http://") {
		p.URL = ""
	}
	p.Title = cut(strings.Join(strings.Fields(webchat.Clean(p.Title)), " "), maxTitle)
	return p
}

// cut shortens a text to n runes.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

// atMost shortens a text to n bytes without leaving half a character.
func atMost(s string, n int) string {
	s = webchat.Clean(s)
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
