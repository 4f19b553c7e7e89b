package visitor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"madoguchi/auth"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
	"madoguchi/view"
)

// seenEvery is how often a visitor's and a channel's last sign of life is written down.
const seenEvery = time.Minute

// BootRequest is what a browser says first.
type BootRequest struct {
	Account     string
	Token       string // of an earlier boot, "" if none
	IdentityJWT string // see Identify
	Locale      string // BCP 47, the page's or the browser's
	Page        desk.Page
	Origin      string // the browser's word; "" for what is no browser
	Framed      bool   // a frame of ours, shown inside the allow-list, proved itself: Origin need not
	UserAgent   string
}

// Boot is what a widget starts from.
type Boot struct {
	Token        string        `json:"token,omitempty"` // only when it is new
	Visitor      Self          `json:"visitor"`
	Contact      *Contact      `json:"contact,omitempty"`
	Config       WidgetConfig  `json:"config"`
	Conversation *Conversation `json:"conversation,omitempty"`
	ResumeSeq    int64         `json:"resume_seq"`
}

// Self is the visitor to itself.
type Self struct {
	ID desk.ID `json:"id"`
}

// Contact is what the customer told about themselves, or their site vouched for.
type Contact struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Conversation is where the visitor's thread stands.
type Conversation struct {
	ID      desk.ID `json:"id"`
	LastSeq int64   `json:"last_seq"`
	Unread  int     `json:"unread"` // at most 99
	ReadSeq int64   `json:"read_seq"`
}

// Boot finds the visitor of a token again, or begins one, and says what to show. Errors: desk.KindNotFound for an
// unknown account, desk.KindForbidden "origin_not_allowed", "channel_disabled", or why an identity is refused.
func (s *Service) Boot(ctx context.Context, b BootRequest) (Boot, error) {
	var workspace desk.ID
	var ch desk.Channel
	err := s.store.View(ctx, 0, func(r store.Reader) (err error) {
		workspace, ch, err = r.Channels().ByAccount(webchat.Kind, b.Account)
		return err
	})
	if err != nil {
		return Boot{}, fmt.Errorf("find web chat channel: %w", err)
	}
	if err := ch.State.Closed(); err != nil {
		return Boot{}, err
	}
	settings, err := webchat.ReadSettings(ch.Settings)
	if err != nil {
		return Boot{}, err
	}
	// Browsers send an Origin with every POST of a page; what sends none is an app, whom no allow-list can hold.
	if b.Origin != "" && !b.Framed && !settings.Allows(b.Origin, s.origin) {
		return Boot{}, desk.Errorf(desk.KindForbidden, "origin_not_allowed", "%q may not carry this widget", b.Origin)
	}
	var who *auth.Identified
	if b.IdentityJWT != "" {
		if who, err = s.verify(workspace, ch, b.IdentityJWT); err != nil {
			return Boot{}, err
		}
	}
	v, token, err := s.enter(ctx, workspace, ch, who, b)
	if err != nil {
		return Boot{}, err
	}
	session, err := s.session(ctx, workspace, v)
	if err != nil {
		return Boot{}, err
	}
	boot, err := s.State(ctx, session, b.Locale)
	boot.Token = token
	return boot, err
}

// SeenOn notes that a site's page loaded the widget, so that the administrator sees the snippet at work before anybody
// opened the chat. Origins that may not carry it, and news within the minute, are left out.
func (s *Service) SeenOn(ctx context.Context, workspace desk.ID, ch desk.Channel, origin string) error {
	settings, err := webchat.ReadSettings(ch.Settings)
	if err != nil || !settings.Allows(origin, s.origin) || s.now().Sub(ch.LastSeenAt) < seenEvery {
		return err
	}
	return s.update(ctx, workspace, func(tx store.Tx) error {
		return tx.WriteChannels().Touch(ch.ID, tx.Now(), atMost(origin, maxURL))
	})
}

// enter finds or begins the visitor and notes where it was seen. token is "" for one that has its token already.
func (s *Service) enter(ctx context.Context, workspace desk.ID, ch desk.Channel, who *auth.Identified, b BootRequest) (v desk.Visitor, token string, err error) {
	known, of, err := s.ByToken(ctx, b.Token)
	if kind := desk.KindOf(err); err != nil && kind != desk.KindUnauthentic {
		return desk.Visitor{}, "", err
	}
	found := err == nil && known == workspace && of.ChannelID == ch.ID
	b.Page = CleanPage(b.Page)
	now := s.now()
	fresh := now.Sub(of.SeenAt) < seenEvery && (b.Page.URL == "" || b.Page.URL == of.PageURL) && now.Sub(ch.LastSeenAt) < seenEvery
	if found && fresh && who == nil {
		return of, "", nil
	}
	if !found {
		of = desk.Visitor{}
	}
	in, err := result(ctx, s, workspace, func(tx store.Tx) (entrance, error) { return s.enterIn(tx, of.ID, ch, who, b) })
	if err == nil && in.changed {
		s.news.VisitorChanged(ctx, workspace, in.visitor.ID)
	}
	return in.visitor, in.token, err
}

// entrance is a visitor who came in.
type entrance struct {
	visitor desk.Visitor
	token   string // "" for one that has its token already
	changed bool   // it belongs to somebody now
}

// enterIn is enter in its transaction; known 0 is a browser without a token of this channel.
func (s *Service) enterIn(tx store.Tx, known desk.ID, ch desk.Channel, who *auth.Identified, b BootRequest) (in entrance, err error) {
	v := &in.visitor
	if known != 0 {
		if *v, err = tx.Visitors().Get(known); err != nil {
			return in, err
		}
	}
	if known == 0 || !v.EndedAt.IsZero() || who != nil && s.anothers(tx, *v, *who) {
		*v, in.token = begin(tx, ch.ID)
	}
	v.SeenAt = tx.Now()
	if b.Page.URL != "" {
		v.PageURL, v.PageTitle = b.Page.URL, b.Page.Title
	}
	v.Locale, v.UserAgent = atMost(b.Locale, maxLocale), atMost(b.UserAgent, maxUserAgent)
	if who != nil {
		if in.changed, err = s.join(tx, v, *who); err != nil {
			return in, err
		}
	}
	if err := tx.WriteVisitors().Put(*v); err != nil {
		return in, fmt.Errorf("put visitor: %w", err)
	}
	if tx.Now().Sub(ch.LastSeenAt) >= seenEvery {
		err = tx.WriteChannels().Touch(ch.ID, tx.Now(), atMost(b.Origin, maxURL))
	}
	return in, err
}

// State is what a widget shows besides its messages, for a visitor that has its token.
func (s *Service) State(ctx context.Context, session Session, lang string) (Boot, error) {
	boot := Boot{Visitor: Self{ID: session.Visitor.ID}}
	err := s.store.View(ctx, session.Workspace.ID, func(r store.Reader) (err error) {
		brand, err := r.Workspaces().Brand(session.Channel.BrandID)
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return fmt.Errorf("read brand: %w", err)
		}
		if boot.Config, err = s.config(r, session, brand, s.localeOf(session, brand, lang)); err != nil {
			return err
		}
		v := session.Visitor
		if v.ContactID != 0 {
			c, err := r.Contacts().Get(v.ContactID)
			if err != nil {
				return fmt.Errorf("read contact: %w", err)
			}
			boot.Contact = &Contact{Name: c.Name, Email: c.Email}
		}
		if v.IdentityID == 0 {
			return nil
		}
		c, err := r.Conversations().ByIdentity(v.IdentityID)
		if desk.KindOf(err) == desk.KindNotFound {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read conversation: %w", err)
		}
		boot.ResumeSeq = c.LastSeq
		if boot.Config.WaitText, err = s.waitText(r, c, boot.Config.Locale); err != nil {
			return err
		}
		boot.Conversation, err = unread(r, c)
		return err
	})
	return boot, err
}

// waitText tells a customer in a queue where they stand and how long it will take (E26, E30).
func (s *Service) waitText(r store.Reader, c desk.Conversation, l desk.Locale) (string, error) {
	if c.Status != desk.StatusQueued {
		return "", nil
	}
	t, err := r.Tickets().Get(c.TicketID)
	if err != nil {
		return "", fmt.Errorf("read ticket: %w", err)
	}
	q, err := store.QueueOf(r, t, s.now())
	if err != nil {
		return "", fmt.Errorf("read the queue: %w", err)
	}
	before, err := r.Waits().Expected(t.ID)
	if err != nil {
		return "", fmt.Errorf("read what was expected: %w", err)
	}
	return locale.Place(l, q.Position(), q.Wait().Later(before, s.now())), nil
}

const maxUnread = 99

// unread counts what the customer has not read of what was said to them.
func unread(r store.Reader, c desk.Conversation) (*Conversation, error) {
	read, err := r.Conversations().CustomerRead(c.ID)
	if err != nil {
		return nil, fmt.Errorf("read customer's reading: %w", err)
	}
	at := &Conversation{ID: c.ID, LastSeq: c.LastSeq, ReadSeq: read.Seq}
	if read.Seq >= c.LastSeq {
		return at, nil
	}
	messages, err := r.Messages().After(c.ID, read.Seq, 200)
	if err != nil {
		return nil, fmt.Errorf("read unread messages: %w", err)
	}
	for _, m := range messages {
		if m.Author.Kind.Spoken() && !m.Author.Kind.Inbound() && at.Unread < maxUnread {
			at.Unread++
		}
	}
	return at, nil
}

// localeOf is the language to speak to a visitor in (J18): the page's or browser's where the channel leaves it open.
func (s *Service) localeOf(session Session, brand desk.Brand, lang string) desk.Locale {
	switch {
	case locale.Known(desk.Locale(session.Settings.Locale)):
		return desk.Locale(session.Settings.Locale)
	case lang != "":
		return locale.Choose(lang)
	case session.Visitor.Locale != "":
		return locale.Choose(session.Visitor.Locale)
	case locale.Known(brand.Locale):
		return brand.Locale
	}
	return session.Workspace.Locale
}

// WidgetConfig is what the channel's settings and the hour say to the customer's side.
type WidgetConfig struct {
	Name          string            `json:"name"`
	Locale        desk.Locale       `json:"locale"`
	Color         string            `json:"color"`
	Theme         string            `json:"theme"`
	Position      string            `json:"position"`
	Greeting      string            `json:"greeting"`
	Sender        Sender            `json:"sender"`
	Open          bool              `json:"open"` // inside opening hours, and somebody is there
	NextOpenAt    view.Time         `json:"next_open_at,omitzero"`
	HoursText     string            `json:"hours_text"`          // "" where there are no hours
	WaitText      string            `json:"wait_text,omitempty"` // while they wait in a queue: their place and how long (E26, E30)
	AwayText      string            `json:"away_text"`
	ExpectedReply string            `json:"expected_reply"`
	PrivacyURL    string            `json:"privacy_url"`
	PrivacyText   string            `json:"privacy_text"`
	Ask           Ask               `json:"ask"`
	Attachments   AttachmentOptions `json:"attachments"`
	Home          struct{}          `json:"home"`
}

// Sender is who speaks before a person answered.
type Sender struct {
	Name      string `json:"name"`
	AvatarURL string `json:"avatar_url"`
}

// Ask is which fields the customer is asked for, and when.
type Ask struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	When  string `json:"when"`
}

// AttachmentOptions are what files may be sent; no kinds = none.
type AttachmentOptions struct {
	MaxBytes int64           `json:"max_bytes"`
	Kinds    []desk.PartKind `json:"kinds"`
	// Limits are the kinds that have one of their own, in bytes; Accept is what a file picker offers, "" = everything.
	Limits map[desk.PartKind]int64 `json:"limits,omitempty"`
	Accept string                  `json:"accept,omitempty"`
}

// attachmentOptions are what a workspace's policy leaves of what the server takes.
func attachmentOptions(p desk.FilePolicy, server int64) AttachmentOptions {
	o := AttachmentOptions{MaxBytes: p.Most(server), Kinds: []desk.PartKind{}, Limits: map[desk.PartKind]int64{}}
	var accept []string
	for _, kind := range desk.FileKinds() {
		rule := p.Kinds[kind]
		if rule.Refused {
			continue
		}
		o.Kinds = append(o.Kinds, kind)
		if rule.MaxBytes > 0 {
			o.Limits[kind] = min(rule.MaxBytes, server)
		}
		if kind != desk.PartFile {
			accept = append(accept, string(kind)+"/*")
		}
	}
	for _, ending := range p.Types {
		accept = append(accept, "."+ending)
	}
	if p.Kinds[desk.PartFile].Refused || len(p.Types) > 0 {
		o.Accept = strings.Join(accept, ",")
	}
	return o
}

func (s *Service) config(r store.Reader, session Session, brand desk.Brand, l desk.Locale) (WidgetConfig, error) {
	set := session.Settings
	c := WidgetConfig{
		Name: session.Channel.Name, Locale: l, Color: set.Color, Theme: set.Theme, Position: set.Position,
		Greeting: orElse(set.Greeting.In(l), s.texts.Text(l, "greeting")), AwayText: orElse(set.AwayText.In(l), s.texts.Text(l, "away")),
		Sender:        Sender{Name: set.SenderName, AvatarURL: set.SenderAvatar},
		ExpectedReply: set.ExpectedReply, PrivacyURL: set.PrivacyURL, PrivacyText: set.PrivacyText.In(l),
		Ask:         Ask{Name: set.AskName, Email: set.AskEmail, When: set.AskWhen},
		Attachments: AttachmentOptions{Kinds: []desk.PartKind{}},
	}
	if set.Attachments {
		c.Attachments = attachmentOptions(session.Workspace.Files, s.maxFile)
	}
	c.Sender.Name = orElse(c.Sender.Name, orElse(brand.SenderName, s.texts.Text(l, "sender")))
	if logo := s.links(session.Workspace.ID).Logo; c.Sender.AvatarURL == "" && logo != nil {
		c.Sender.AvatarURL = logo(brand)
	}
	now := s.now()
	there, err := s.openNow(r, session.Channel, now)
	if err != nil {
		return c, err
	}
	c.Open, c.NextOpenAt = there.open, view.At(there.next)
	if there.schedule != nil {
		c.HoursText = s.texts.Hours(l, *there.schedule)
	}
	return c, nil
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
