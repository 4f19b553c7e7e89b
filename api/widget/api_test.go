package widget_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"madoguchi/api/widget"
	"madoguchi/attachment"
	"madoguchi/auth"
	"madoguchi/blob/diskblob"
	"madoguchi/channel"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/inbox"
	"madoguchi/media"
	"madoguchi/store"
	"madoguchi/store/storetest"
	"madoguchi/view"
	"madoguchi/visitor"
)

const (
	ownOrigin = "https://desk.example"
	shop      = "https://shop.example"
	account   = "pubkey"
	agent     = desk.ID(7)
)

var linkSecret = []byte("a secret of the test's, 32 bytes")

// counter is the widget API on a real store, with a clock that the test moves.
type counter struct {
	http.Handler
	store  store.Store
	inbox  *inbox.Service
	secret string // for identify
	skew   atomic.Int64
	news   news
}

// news is what would go to the sockets.
type news struct {
	mu      sync.Mutex
	typing  []desk.ID
	changed []desk.ID
}

func (n *news) CustomerTyping(_ context.Context, _, conversation desk.ID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.typing = append(n.typing, conversation)
}

func (n *news) VisitorChanged(_ context.Context, _, visitor desk.ID) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.changed = append(n.changed, visitor)
}

func (c *counter) now() time.Time { return time.Now().Add(time.Duration(c.skew.Load())) }

func open(t testing.TB, settings string, edit ...func(*desk.Channel)) *counter {
	t.Helper()
	return openOn(t, storetest.SQLite(t), settings, edit...)
}

func openOn(t testing.TB, s store.Store, settings string, edit ...func(*desk.Channel)) *counter {
	t.Helper()
	c := &counter{store: s, secret: auth.NewIdentifySecret()}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(c.store.Update(t.Context(), 0, func(tx store.Tx) error {
		if err := tx.WriteAccounts().PutUser(desk.User{ID: agent, Email: "a@example.com", Name: "山田", CreatedAt: tx.Now()}); err != nil {
			return err
		}
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: 1, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()})
	}))
	must(c.store.Update(t.Context(), 1, func(tx store.Tx) error {
		if err := tx.WriteMembers().Put(desk.Member{UserID: agent, Role: desk.RoleAgent, DisplayName: "山田", Active: true, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}); err != nil {
			return err
		}
		ch := desk.Channel{ID: tx.NewID(), Kind: webchat.Kind, Name: "Shop", Account: account, State: desk.ChannelActive,
			Settings: []byte(settings), CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}
		for _, e := range edit {
			e(&ch)
		}
		return tx.WriteChannels().Put(ch)
	}))
	secrets := func(desk.ID, desk.Channel) (map[string]string, error) {
		return map[string]string{channel.SecretIdentify: c.secret}, nil
	}
	texts, err := webchat.LoadTexts()
	must(err)
	registry := channel.Registry{webchat.Kind: webchat.New()}
	blobs, err := diskblob.Open(t.TempDir())
	must(err)
	c.inbox = inbox.New(inbox.Config{Store: c.store, Channels: registry})
	api := &widget.API{
		Store: c.store, Inbound: inbound.New(inbound.Config{Store: c.store, Channels: registry, Now: c.now, Log: slog.New(slog.DiscardHandler)}),
		Visitors: visitor.New(visitor.Config{Store: c.store, Secrets: secrets, Texts: texts, Origin: ownOrigin, News: &c.news, Now: c.now}),
		Files:    &attachment.Keeper{Blobs: blobs, Thumbnails: media.NewThumbnailer(1), MaxBytes: webchat.MaxFile},
		Links:    widget.Links(linkSecret, c.now), Secret: linkSecret, Now: c.now, Log: slog.New(slog.DiscardHandler),
	}
	c.Handler = api.Handler()
	return c
}

// browser is one visitor's browser.
type browser struct {
	t      testing.TB
	desk   *counter
	origin string
	token  string
}

func (c *counter) browser(t testing.TB) *browser { return &browser{t: t, desk: c, origin: shop} }

// ask sends JSON and reads JSON; it returns the status.
func (b *browser) ask(method, path string, body, into any) *http.Response {
	b.t.Helper()
	var raw []byte
	switch v := body.(type) {
	case nil:
	case string:
		raw = []byte(v)
	default:
		var err error
		if raw, err = json.Marshal(v); err != nil {
			b.t.Fatal(err)
		}
	}
	r := httptest.NewRequestWithContext(b.t.Context(), method, "/widget/v1/"+path, bytes.NewReader(raw))
	if b.origin != "" {
		r.Header.Set("Origin", b.origin)
	}
	if b.token != "" {
		r.Header.Set("Authorization", "Bearer "+b.token)
	}
	w := httptest.NewRecorder()
	b.desk.ServeHTTP(w, r)
	answer := w.Result()
	if into != nil && w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			b.t.Fatalf("%s %s: %d %s: %v", method, path, w.Code, w.Body, err)
		}
	}
	return answer
}

// want asks and expects a status.
func (b *browser) want(status int, method, path string, body, into any) {
	b.t.Helper()
	var raw json.RawMessage
	answer := b.ask(method, path, body, &raw)
	if answer.StatusCode != status {
		b.t.Fatalf("%s %s: %d %s, want %d", method, path, answer.StatusCode, raw, status)
	}
	if into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			b.t.Fatal(err)
		}
	}
}

// refused asks and expects a problem with a code.
func (b *browser) refused(status int, code, method, path string, body any) {
	b.t.Helper()
	var problem struct{ Code, Detail string }
	answer := b.ask(method, path, body, &problem)
	if answer.StatusCode != status || problem.Code != code || problem.Detail == "" {
		b.t.Errorf("%s %s: %d %+v, want %d %s", method, path, answer.StatusCode, problem, status, code)
	}
}

func (b *browser) boot(extra ...any) visitor.Boot {
	b.t.Helper()
	body := map[string]any{"account": account, "locale": "ja", "page": map[string]string{"url": shop + "/cart", "title": "カート"}}
	if b.token != "" {
		body["token"] = b.token
	}
	for i := 0; i+1 < len(extra); i += 2 {
		body[extra[i].(string)] = extra[i+1]
	}
	var boot visitor.Boot
	b.want(200, "POST", "boot", body, &boot)
	if boot.Token != "" {
		b.token = boot.Token
	}
	return boot
}

func text(clientID, s string) map[string]any {
	return map[string]any{"client_id": clientID, "parts": []any{map[string]string{"kind": "text", "text": s}}}
}

func (b *browser) say(clientID, s string) view.WMessage {
	b.t.Helper()
	var m view.WMessage
	b.want(201, "POST", "messages", text(clientID, s), &m)
	return m
}

func (b *browser) thread() []view.WMessage {
	b.t.Helper()
	var page struct{ Items []view.WMessage }
	b.want(200, "GET", "messages", nil, &page)
	return page.Items
}

func codes(thread []view.WMessage) string {
	var list []string
	for _, m := range thread {
		switch {
		case m.System != nil:
			list = append(list, m.System.Code)
		default:
			list = append(list, string(m.Author.Kind)+":"+m.Parts[0].Text)
		}
	}
	return strings.Join(list, " ")
}

func (c *counter) rows(t testing.TB) (rows []desk.Conversation) {
	t.Helper()
	err := c.store.View(t.Context(), 1, func(r store.Reader) (err error) {
		rows, _, err = r.Conversations().List(store.ConversationQuery{View: store.ViewAll})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func (c *counter) reply(t testing.TB, mode inbox.Mode, s string) desk.Message {
	t.Helper()
	actor := inbox.Actor{Workspace: 1, By: desk.Actor{Kind: desk.ActorUser, ID: agent}, User: agent, Name: "山田"}
	m, _, err := c.inbox.Write(t.Context(), actor, c.rows(t)[0].ID, inbox.NewMessage{ClientID: s, Mode: mode, Parts: []desk.Part{{Kind: desk.PartText, Text: s}}})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (c *counter) jwt(t testing.TB, secret, sub, name string) string {
	t.Helper()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": sub, "name": name, "email": sub + "@example.com", "exp": c.now().Add(time.Hour).Unix()}).SignedString([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

const open2 = `{"origins":["` + shop + `"],"attachments":true,"greeting":{"ja":"いらっしゃいませ"},"expected_reply":"hours"}`

func TestBootAndTalk(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b := c.browser(t)
	first := b.boot()
	if first.Token == "" || first.Visitor.ID == 0 || first.Conversation != nil || first.Contact != nil {
		t.Errorf("first boot: %+v", first)
	}
	if g := first.Config; g.Greeting != "いらっしゃいませ" || g.Sender.Name != "サポート" || g.Open || g.ExpectedReply != "hours" || g.Locale != desk.LocaleJA || g.Attachments.MaxBytes == 0 {
		t.Errorf("config: %+v", g)
	}
	m := b.say("c1", "こんにちは")
	if !m.Mine || m.ClientID != "c1" || m.Status != desk.DeliverySent || m.Author.Kind != desk.AuthorCustomer {
		t.Errorf("message: %+v", m)
	}
	var again view.WMessage
	b.want(200, "POST", "messages", text("c1", "こんにちは"), &again)
	if again.ID != m.ID {
		t.Errorf("a retry made message %d beside %d", again.ID, m.ID)
	}
	c.reply(t, inbox.ModeNote, "secret note")
	c.reply(t, inbox.ModeReply, "はい、どうぞ")
	if got := codes(b.thread()); got != "ticket_opened customer:こんにちは offline_notice agent_joined human:はい、どうぞ" {
		t.Errorf("thread: %s", got)
	}
	resumed := b.boot()
	if resumed.Token != "" || resumed.Visitor != first.Visitor || resumed.Conversation == nil || resumed.Conversation.Unread != 1 || resumed.ResumeSeq == 0 {
		t.Errorf("resumed: %+v %+v", resumed, resumed.Conversation)
	}
	b.want(204, "PUT", "read", map[string]int64{"seq": resumed.Conversation.LastSeq}, nil)
	var state visitor.Boot
	b.want(200, "GET", "state", nil, &state)
	if state.Token != "" || state.Conversation.Unread != 0 || state.Conversation.ReadSeq != resumed.Conversation.LastSeq {
		t.Errorf("state: %+v", state.Conversation)
	}
	for _, seen := range b.thread() {
		if seen.Author.Kind == desk.AuthorHuman && seen.Status != desk.DeliveryRead {
			t.Errorf("the reply is %q, not read", seen.Status)
		}
	}
	b.want(204, "POST", "typing", map[string]any{}, nil)
	if len(c.news.typing) != 1 {
		t.Errorf("typing: %v", c.news.typing)
	}
}

func TestPagesOfMessagesHaveNoHoles(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b := c.browser(t)
	b.boot()
	for i := range 7 {
		b.say(fmt.Sprint("c", i), fmt.Sprint("m", i))
		for n := range 5 {
			c.reply(t, inbox.ModeNote, fmt.Sprint("note ", i, n))
		}
	}
	var seen []string
	before := int64(0)
	for range 10 {
		var page struct {
			Items []view.WMessage
			More  bool
		}
		b.want(200, "GET", fmt.Sprintf("messages?limit=3&before=%d", before), nil, &page)
		var texts []string
		for _, m := range page.Items {
			if m.System == nil {
				texts = append(texts, m.Parts[0].Text)
			}
		}
		seen = append(texts, seen...)
		if !page.More {
			break
		}
		before = page.Items[0].Seq
	}
	if got := strings.Join(seen, " "); got != "m0 m1 m2 m3 m4 m5 m6" {
		t.Errorf("read backwards: %s", got)
	}
	var after struct{ Items []view.WMessage }
	b.want(200, "GET", "messages?after=1&limit=2", nil, &after)
	if got := codes(after.Items); got != "customer:m0 offline_notice" {
		t.Errorf("after 1: %s", got)
	}
	b.refused(422, "before_invalid", "GET", "messages?before=x", nil)
	b.refused(422, "range_invalid", "GET", "messages?before=5&after=5", nil)
}

func TestOnlyAllowedOriginsBoot(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	body := map[string]any{"account": account}
	for origin, status := range map[string]int{
		shop: 200, ownOrigin: 200, "": 200, // "" is an app, no browser
		"https://evil.example": 403, "null": 403, "http://shop.example": 403, "https://shop.example.evil.example": 403, "http://localhost:3000": 403,
	} {
		b := c.browser(t)
		b.origin = origin
		if got := b.ask("POST", "boot", body, nil).StatusCode; got != status {
			t.Errorf("from %q: %d, want %d", origin, got, status)
		}
	}
	b := c.browser(t)
	b.origin = "null"
	ticket := auth.SignLink(linkSecret, widget.TicketResource(account), c.now().Add(time.Minute))
	body["ticket"] = ticket
	b.want(200, "POST", "boot", body, nil) // a frame that we handed out
	body["ticket"] = auth.SignLink(linkSecret, widget.TicketResource("another"), c.now().Add(time.Minute))
	b.refused(403, "origin_not_allowed", "POST", "boot", body)
	body["ticket"] = ticket
	c.skew.Store(int64(2 * time.Minute))
	b.refused(403, "origin_not_allowed", "POST", "boot", body)
	b.refused(404, "channel_not_found", "POST", "boot", map[string]any{"account": "nobody"})

	r := httptest.NewRequest("POST", "/widget/v1/boot", strings.NewReader(`{"account":"`+account+`"}`))
	r.Header.Set("Sec-Fetch-Site", "cross-site") // a browser that hides its origin
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	if w.Code != 403 {
		t.Errorf("a browser without origin boots: %d", w.Code)
	}
}

func TestDisabledChannel(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b := c.browser(t)
	b.boot()
	err := c.store.Update(t.Context(), 1, func(tx store.Tx) error {
		list, err := tx.Channels().List()
		list[0].State = desk.ChannelDisabled
		list[0].Version++
		if err != nil {
			return err
		}
		return tx.WriteChannels().Put(list[0])
	})
	if err != nil {
		t.Fatal(err)
	}
	b.refused(403, "channel_disabled", "POST", "messages", text("c1", "x"))
	b.refused(403, "channel_disabled", "POST", "boot", map[string]any{"account": account})
}

func TestTokensAreAllThatCounts(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b := c.browser(t)
	for token, code := range map[string]string{"": "token_missing", "mdv_x": "token_invalid", "mds_" + strings.Repeat("a", 43): "token_invalid", "mdv_" + strings.Repeat("A", 43): "token_invalid"} {
		b.token = token
		for _, ask := range [][2]string{{"GET", "state"}, {"GET", "messages"}, {"POST", "messages"}, {"POST", "uploads"}, {"PUT", "read"}, {"POST", "logout"}} {
			b.refused(401, code, ask[0], ask[1], nil)
		}
	}
	// A member's session cookie opens nothing, and an answer never sets or varies by one.
	r := httptest.NewRequest("GET", "/widget/v1/state", nil)
	r.AddCookie(&http.Cookie{Name: "madoguchi_session", Value: "mds_" + strings.Repeat("a", 43)})
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	if w.Code != 401 || w.Header().Get("Set-Cookie") != "" || w.Header().Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("with a cookie: %d %v", w.Code, w.Header())
	}
}

func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	for _, path := range []string{"boot", "messages", "uploads", "identify"} {
		r := httptest.NewRequest("OPTIONS", "/widget/v1/"+path, nil)
		r.Header.Set("Origin", "null")
		w := httptest.NewRecorder()
		c.ServeHTTP(w, r)
		h := w.Header()
		if w.Code != 204 || h.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(h.Get("Access-Control-Allow-Headers"), "Authorization") || h.Get("Access-Control-Max-Age") != "7200" {
			t.Errorf("%s: %d %v", path, w.Code, h)
		}
	}
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	phone, laptop := c.browser(t), c.browser(t)
	phone.boot()
	phone.say("c1", "from the phone")
	anonymous := c.rows(t)[0].ContactID

	// Forged, expired and unsigned ones are refused; the visitor stays what it was.
	none, err := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"sub": "u1", "exp": c.now().Add(time.Hour).Unix()}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	forged := c.jwt(t, auth.NewIdentifySecret(), "u1", "Mallory")
	phone.refused(403, auth.IdentifyForged, "POST", "identify", map[string]string{"jwt": forged})
	phone.refused(403, auth.IdentifyForged, "POST", "identify", map[string]string{"jwt": none})
	phone.refused(403, auth.IdentifyForged, "POST", "boot", map[string]string{"account": account, "identity_jwt": forged})
	if len(c.news.changed) != 0 || c.rows(t)[0].ContactID != anonymous {
		t.Error("a forged identity changed something")
	}

	// The anonymous contact becomes the person.
	var state visitor.Boot
	phone.want(200, "POST", "identify", map[string]string{"jwt": c.jwt(t, c.secret, "u1", "鈴木")}, &state)
	if state.Contact == nil || state.Contact.Name != "鈴木" || state.Contact.Email != "u1@example.com" || state.Conversation == nil {
		t.Errorf("identified: %+v", state)
	}
	if row := c.rows(t)[0]; row.ContactID != anonymous || len(c.news.changed) != 1 {
		t.Errorf("row %+v, changed %v", row, c.news.changed)
	}

	// A second browser of the same person goes on with the thread.
	boot := laptop.boot("identity_jwt", c.jwt(t, c.secret, "u1", "鈴木"))
	if boot.Conversation == nil || boot.Conversation.ID != state.Conversation.ID {
		t.Errorf("laptop: %+v", boot)
	}
	laptop.say("l1", "from the laptop")
	if got := codes(phone.thread()); !strings.HasSuffix(got, "customer:from the laptop") {
		t.Errorf("on the phone: %s", got)
	}

	// A third wrote first; its thread becomes the person's, its anonymous contact goes.
	other := c.browser(t)
	other.boot()
	other.say("c1", "from work")
	other.want(200, "POST", "identify", map[string]string{"jwt": c.jwt(t, c.secret, "u1", "鈴木")}, nil)
	rows := c.rows(t)
	if len(rows) != 2 || rows[0].ContactID != anonymous || rows[1].ContactID != anonymous {
		t.Errorf("rows: %+v", rows)
	}
	contacts := c.contacts(t)
	if len(contacts) != 1 || contacts[0].ExternalID != "u1" {
		t.Errorf("contacts: %+v", contacts)
	}

	// Somebody else signs in: first log out.
	other.refused(409, "identified_as_other", "POST", "identify", map[string]string{"jwt": c.jwt(t, c.secret, "u2", "佐藤")})
	old := other.token
	other.want(204, "POST", "logout", nil, nil)
	other.refused(401, "token_ended", "GET", "state", nil)
	fresh := other.boot("identity_jwt", c.jwt(t, c.secret, "u2", "佐藤"))
	if other.token == old || fresh.Conversation != nil || fresh.Contact.Name != "佐藤" {
		t.Errorf("after the log-out: %+v", fresh)
	}
	if got := other.thread(); len(got) != 0 {
		t.Errorf("the next person reads %s", codes(got))
	}
	// A boot with another's identity and an old token begins a new visitor, too.
	swapped := laptop.boot("identity_jwt", c.jwt(t, c.secret, "u3", "田中"))
	if swapped.Token == "" || swapped.Conversation != nil {
		t.Errorf("another person at the laptop: %+v", swapped)
	}
}

// TestIdentifyWhileWriting: whoever wins, the message arrives and one person is left.
func TestIdentifyWhileWriting(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, opened func(...storetest.Option) store.Store) {
		c := openOn(t, opened(), open2)
		for round := range 10 {
			b := c.browser(t)
			b.boot()
			var wg sync.WaitGroup
			until := func(method, path string, body any) {
				for range 20 { // as the SDK does with 503
					switch status := b.ask(method, path, body, nil).StatusCode; status {
					case 200, 201:
						return
					case 503:
					default:
						t.Errorf("round %d, %s: %d", round, path, status)
						return
					}
				}
				t.Errorf("round %d, %s: never", round, path)
			}
			wg.Go(func() { until("POST", "messages", text(fmt.Sprint("c", round), "hello")) })
			wg.Go(func() {
				until("POST", "identify", map[string]string{"jwt": c.jwt(t, c.secret, fmt.Sprint("u", round), "鈴木")})
			})
			wg.Wait()
			if got := codes(b.thread()); !strings.Contains(got, "customer:hello") {
				t.Errorf("round %d: the visitor reads %q", round, got)
			}
			contacts := c.contacts(t)
			if len(contacts) != round+1 || contacts[0].ExternalID != fmt.Sprint("u", round) {
				t.Errorf("round %d: %d contacts, the newest %+v", round, len(contacts), contacts[0])
			}
		}
	})
}

func (c *counter) contacts(t testing.TB) (list []desk.Contact) {
	t.Helper()
	err := c.store.View(t.Context(), 1, func(r store.Reader) (err error) {
		list, _, err = r.Contacts().List(store.ContactQuery{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestContactFormLinksNobody(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	owner := c.browser(t)
	owner.boot("identity_jwt", c.jwt(t, c.secret, "u1", "鈴木"))
	owner.say("c1", "hello")
	stranger := c.browser(t)
	stranger.boot()
	stranger.want(200, "POST", "contact", map[string]string{"name": " 鈴木 ", "email": "u1@example.com"}, nil) // before the chat
	stranger.say("c1", "it is me, honestly")
	if contacts := c.contacts(t); len(contacts) != 2 {
		t.Errorf("%d contacts", len(contacts))
	}
	if got := codes(stranger.thread()); strings.Contains(got, "hello") {
		t.Errorf("the stranger reads %s", got)
	}
	// It does not replace what a signature vouched for.
	var left visitor.Contact
	owner.want(200, "POST", "contact", map[string]string{"name": "x", "email": "mallory@example.com"}, &left)
	if left.Name != "鈴木" || left.Email != "u1@example.com" {
		t.Errorf("the form replaced what was signed: %+v", left)
	}
	stranger.want(200, "POST", "contact", map[string]string{"email": "other@example.com"}, &left)
	if left.Email != "other@example.com" || left.Name != "鈴木" {
		t.Errorf("left: %+v", left)
	}
	stranger.refused(422, "email_invalid", "POST", "contact", map[string]string{"email": "nonsense"})
	stranger.refused(422, "form_empty", "POST", "contact", map[string]string{"name": " "})
}

func TestAwayIsSaidOncePerCase(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b := c.browser(t)
	b.boot()
	b.say("c1", "a")
	b.say("c2", "b")
	if n := strings.Count(codes(b.thread()), "offline_notice"); n != 1 {
		t.Errorf("said %d times", n)
	}
	err := c.store.Update(t.Context(), 1, func(tx store.Tx) error {
		return tx.WriteMembers().PutPresence(desk.Presence{UserID: agent, Chosen: desk.Online, LeaseUntil: tx.Now().Add(time.Hour)})
	})
	if err != nil {
		t.Fatal(err)
	}
	c.skew.Store(int64(10 * time.Second))
	there := c.browser(t)
	if boot := there.boot(); !boot.Config.Open {
		t.Errorf("somebody is online: %+v", boot.Config)
	}
	there.say("c1", "a")
	if got := codes(there.thread()); strings.Contains(got, "offline_notice") {
		t.Errorf("said although somebody is there: %s", got)
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	err := c.store.Update(t.Context(), 1, func(tx store.Tx) error {
		s := desk.Schedule{ID: tx.NewID(), Name: "s", Zone: "UTC", CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		day := (time.Now().UTC().Weekday() + 3) % 7
		s.Week[day] = []desk.Interval{{Start: 540, End: 1080}}
		if err := tx.WriteSchedules().Put(s); err != nil {
			return err
		}
		list, err := tx.Channels().List()
		if err != nil {
			return err
		}
		list[0].ScheduleID = s.ID
		list[0].Version++
		return tx.WriteChannels().Put(list[0])
	})
	if err != nil {
		t.Fatal(err)
	}
	var boot visitor.Boot
	c.browser(t).want(200, "POST", "boot", map[string]any{"account": account, "locale": "en"}, &boot)
	g := boot.Config
	if g.Open || g.NextOpenAt.Before(time.Now().Add(48*time.Hour)) || !strings.Contains(g.HoursText, "09:00–18:00") || !strings.Contains(g.HoursText, "closed") {
		t.Errorf("config: %+v", g)
	}
}

func (b *browser) upload(name string, content []byte) (view.Attachment, int) {
	b.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = part.Write(content)
	_ = w.Close()
	r := httptest.NewRequest("POST", "/widget/v1/uploads", &form)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+b.token)
	rec := httptest.NewRecorder()
	b.desk.ServeHTTP(rec, r)
	var a view.Attachment
	if rec.Code == 201 {
		if err := json.Unmarshal(rec.Body.Bytes(), &a); err != nil {
			b.t.Fatal(err)
		}
	}
	return a, rec.Code
}

func (c *counter) fetch(address string) *http.Response {
	w := httptest.NewRecorder()
	c.ServeHTTP(w, httptest.NewRequest("GET", address, nil))
	return w.Result()
}

func TestFiles(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b, thief := c.browser(t), c.browser(t)
	b.boot()
	thief.boot()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 900, 600))); err != nil {
		t.Fatal(err)
	}
	a, status := b.upload("写真.png", picture.Bytes())
	if status != 201 || a.Kind != desk.PartImage || a.Width != 900 || a.ThumbURL == "" {
		t.Fatalf("upload: %d %+v", status, a)
	}
	send := map[string]any{"client_id": "f1", "parts": []any{map[string]any{"kind": "image", "attachment_id": a.ID}}}
	thief.refused(422, "attachment_not_found", "POST", "messages", send)
	var m view.WMessage
	b.want(201, "POST", "messages", send, &m)
	if m.Parts[0].Attachment == nil || m.Parts[0].Attachment.URL == "" {
		t.Errorf("message: %+v", m.Parts)
	}
	got := c.fetch(m.Parts[0].Attachment.URL)
	content, _ := io.ReadAll(got.Body)
	if got.StatusCode != 200 || !bytes.Equal(content, picture.Bytes()) || got.Header.Get("X-Content-Type-Options") != "nosniff" || got.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("file: %d %v", got.StatusCode, got.Header)
	}
	if got := c.fetch(a.ThumbURL); got.StatusCode != 200 {
		t.Errorf("thumbnail: %d", got.StatusCode)
	}
	address, token, _ := strings.Cut(a.URL, "?")
	for name, bad := range map[string]string{
		"no token": address, "another file": strings.Replace(a.URL, a.ID.String(), "1", 1), "another workspace": address + "?" + strings.Replace(token, "t=1.", "t=2.", 1),
		"changed": a.URL + "x",
	} {
		if got := c.fetch(bad); got.StatusCode != 403 {
			t.Errorf("%s: %d", name, got.StatusCode)
		}
	}
	c.skew.Store(int64(11 * time.Minute))
	if got := c.fetch(a.URL); got.StatusCode != 403 {
		t.Errorf("expired: %d", got.StatusCode)
	}

	svg, _ := b.upload("x.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`))
	active := c.fetch(svg.URL)
	if svg.Kind != desk.PartFile || active.Header.Get("Content-Type") != media.Opaque || !strings.HasPrefix(active.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(active.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("active content: %+v %v", svg, active.Header)
	}
	if _, status := b.upload("empty", nil); status != 422 {
		t.Errorf("empty file: %d", status)
	}
	if _, status := b.upload("big", make([]byte, webchat.MaxFile+1)); status != 413 {
		t.Errorf("big file: %d", status)
	}
	b.refused(422, "body_invalid", "POST", "uploads", "no form")
}

func TestFilesSwitchedOff(t *testing.T) {
	t.Parallel()
	c := open(t, `{"attachments":false}`)
	b := c.browser(t)
	b.origin = "http://localhost:3000" // an empty allow-list lets the loopback host in
	if boot := b.boot(); len(boot.Config.Attachments.Kinds) != 0 {
		t.Errorf("config: %+v", boot.Config)
	}
	if _, status := b.upload("a.txt", []byte("a")); status != 403 {
		t.Errorf("upload: %d", status)
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b := c.browser(t)
	b.boot()
	for i := range 200 {
		answer := b.ask("POST", "messages", text(fmt.Sprint("c", i), "spam"), nil)
		if answer.StatusCode == 429 {
			if i < 20 || answer.Header.Get("Retry-After") == "" || answer.Header.Get("RateLimit-Limit") == "" || answer.Header.Get("RateLimit-Remaining") != "0" {
				t.Errorf("after %d messages: %v", i, answer.Header)
			}
			other := c.browser(t)
			other.boot()
			other.say("c1", "innocent") // another visitor goes on
			return
		}
	}
	t.Error("200 messages in a row are not too many")
}

func TestTrackAndPage(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b := c.browser(t)
	boot := b.boot()
	b.want(204, "POST", "track", map[string]any{"name": "cart_opened", "props": map[string]any{"items": 2}}, nil)
	b.want(204, "POST", "page", map[string]string{"url": shop + "/checkout", "title": "レジ"}, nil)
	b.refused(422, "url_invalid", "POST", "page", map[string]string{"url": "javascript:alert(1)"})
	b.refused(422, "track_name_invalid", "POST", "track", map[string]any{"name": " "})
	b.refused(422, "track_props_invalid", "POST", "track", map[string]any{"name": "x", "props": []int{1}})
	b.refused(422, "track_props_invalid", "POST", "track", map[string]any{"name": "x", "props": map[string]string{"a": strings.Repeat("a", 5000)}})
	err := c.store.View(t.Context(), 1, func(r store.Reader) error {
		v, err := r.Visitors().Get(boot.Visitor.ID)
		if v.PageURL != shop+"/checkout" || v.PageTitle != "レジ" {
			t.Errorf("visitor: %+v", v)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	events, err := c.store.Events(t.Context(), 1, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	last := events[len(events)-1]
	if last.Kind != desk.EventVisitorTracked || last.SubjectID != boot.Visitor.ID || last.Changes[0].Field != "cart_opened" || last.Changes[0].To != `{"items":2}` {
		t.Errorf("event: %+v", last)
	}
}

// hostile are texts that have broken other people's screens and parsers.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `<svg/onload=alert(1)>`, `javascript:alert(1)`, `{{constructor.constructor('alert(1)')()}}`,
	`</textarea></script><script>alert(1)</script>`, `<iframe srcdoc="<script>parent.alert(1)</script>">`, `&lt;b&gt;`, `<a href="data:text/html,<script>1</script>">x</a>`,
	"\u202etxt.exe\u202c", "\u2066\u2067\u2068\u2069", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿", "a\u2028b\u2029c", "' OR 1=1 --", `'; DROP TABLE messages; --`, `$1 ?1 %s %n`,
	`../../../../etc/passwd`, "\ufeffBOM", "ﷺﷺﷺ", "返\u3099金", strings.Repeat("あ", 10_000), strings.Repeat("\n", 500) + "x", strings.Repeat("👨‍👩‍👧", 1000),
}

func TestHostileTextsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	for i, s := range hostile {
		b := c.browser(t)
		b.boot("page", map[string]string{"url": shop + "/" + s[:min(len(s), 50)], "title": s})
		b.say("c1", s)
		thread := b.thread()
		if got := thread[1].Parts[0].Text; got != s {
			t.Errorf("%d: %.60q became %.60q", i, s, got)
		}
		answer := b.ask("GET", "messages", nil, nil)
		if answer.Header.Get("Content-Type") != "application/json" || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%d: %v", i, answer.Header)
		}
	}
	b := c.browser(t)
	b.boot()
	// What databases refuse and nobody types is dropped, what is not UTF-8 is replaced.
	b.want(201, "POST", "messages", "{\"client_id\":\"n1\",\"parts\":[{\"kind\":\"text\",\"text\":\"a\\u0000b\\u0007c\xff\\ud800d\"}]}", nil)
	if got := b.thread()[1].Parts[0].Text; got != "abc\ufffd\ufffdd" {
		t.Errorf("cleaned: %q", got)
	}
	b.refused(413, "body_too_large", "POST", "messages", text("c9", strings.Repeat("あ", 30_000)))
	b.refused(422, "text_too_long", "POST", "messages", text("c9", strings.Repeat("あ", 10_001)))
	b.refused(422, "body_invalid", "POST", "messages", strings.Repeat("[", 60_000))
}

func FuzzRequests(f *testing.F) {
	c := open(f, open2)
	b := c.browser(f)
	b.boot()
	b.say("c1", "hello")
	f.Add("POST", "messages", `{"client_id":"c2","parts":[{"kind":"text","text":"x"}]}`)
	f.Add("POST", "boot", `{"account":"pubkey","token":"mdv_x","identity_jwt":"a.b.c","page":{"url":"https://a"}}`)
	f.Add("POST", "identify", `{"jwt":"eyJhbGciOiJub25lIn0.e30."}`)
	f.Add("POST", "contact", `{"name":"a","email":"a@b.c"}`)
	f.Add("PUT", "read", `{"seq":3}`)
	f.Add("POST", "track", `{"name":"a","props":{"b":[1,{}]}}`)
	f.Add("POST", "page", `{"url":"https://a","title":"\u0000"}`)
	f.Add("GET", "messages?before=1&limit=9999999", "")
	f.Add("GET", "files/1?t=1.2", "")
	f.Add("GET", "files/99999999999999999999/thumb?t=%zz", "")
	f.Fuzz(func(t *testing.T, method, path, body string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "/widget/v1/"+path, strings.NewReader(body))
		if err != nil || r.URL.Path == "/widget/v1/logout" || r.URL.Path == "/widget/v1/live" {
			return
		}
		c.skew.Add(int64(10 * time.Minute)) // the rate limits forget
		r.Header.Set("Origin", shop)
		r.Header.Set("Authorization", "Bearer "+b.token)
		r.RequestURI = r.URL.RequestURI()
		w := httptest.NewRecorder()
		c.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s %s %.200q: %d %s", method, path, body, w.Code, w.Body)
		}
	})
}
