package widget_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
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
		rows, _, err = r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewAll}})
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
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": sub, "name": name, "email": sub + "@example.com", "phone": "03-1234-5678", "exp": c.now().Add(time.Hour).Unix()}).SignedString([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

const open2 = `{"origins":["` + shop + `"],"attachments":true,"greeting":{"ja":"いらっしゃいませ"},"expected_reply":"hours"}`
