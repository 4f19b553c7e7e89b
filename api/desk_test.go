package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"madoguchi/account"
	"madoguchi/api"
	"madoguchi/attachment"
	"madoguchi/auth"
	"madoguchi/blob"
	"madoguchi/blob/diskblob"
	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/live"
	"madoguchi/media"
	"madoguchi/seal"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

const publicURL = "http://desk.example.test"

// counter is a whole server on a real database, and what the tests reach behind it for.
type counter struct {
	*httptest.Server
	store    store.Store
	accounts *account.Service
	log      *buffer
	deps     api.Deps
}

// buffer is a log that may be written and read at once.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func builtWeb() fstest.MapFS {
	return fstest.MapFS{
		"inbox/index.html":         {Data: []byte(`<!doctype html><div id="root"></div><script type="module" src="/assets/app-1.js"></script>`)},
		"inbox/manifest.json":      {Data: []byte(`{}`)},
		"inbox/assets/app-1.js":    {Data: []byte(strings.Repeat("console.log(1);", 100))},
		"inbox/assets/app-1.js.br": {Data: []byte("brotli")},
		"inbox/assets/app-1.js.gz": {Data: []byte("gzip")},
		"inbox/icon.svg":           {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
		"widget/assets/panel-1.js": {Data: []byte("panel")},
	}
}

func open(t *testing.T, change ...func(*api.Deps)) *counter {
	t.Helper()
	s := storetest.SQLite(t)
	log := &buffer{}
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	blobs, err := diskblob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ring, err := seal.NewKeyring(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	channels := channel.Registry{webchat.Kind: webchat.New()}
	c := &counter{store: s, log: log, accounts: account.New(account.Config{Store: s, Passwords: auth.NewPasswords(2), Log: logger})}
	c.deps = api.Deps{
		Store: s, Accounts: c.accounts, Inbox: inbox.New(inbox.Config{Store: s, Channels: channels, Log: logger}),
		Hub:      live.New(live.Config{Store: s, Bus: membus.New(), Log: logger}),
		Files:    &attachment.Keeper{Blobs: blobs, Thumbnails: media.NewThumbnailer(1), MaxBytes: 1 << 20, Log: logger},
		Channels: channels, Sealer: ring, Widget: http.NotFoundHandler(), Web: builtWeb(), Log: logger, PublicURL: publicURL, Version: "test",
	}
	for _, fn := range change {
		fn(&c.deps)
	}
	server, err := api.New(c.deps)
	if err != nil {
		t.Fatal(err)
	}
	c.Server = httptest.NewServer(server)
	t.Cleanup(c.Close)
	return c
}

const password = "correct horse battery"

// person is a browser that may be signed in.
type person struct {
	t      *testing.T
	c      *counter
	client *http.Client
	csrf   string
	cookie *http.Cookie
	bearer string
	id     desk.ID
	space  desk.ID
}

func (c *counter) stranger(t *testing.T) *person { return &person{t: t, c: c, client: c.Client()} }

// owner sets the desk up, or a further workspace on it, and signs its owner in.
func (c *counter) owner(t *testing.T, email string) *person {
	t.Helper()
	needed, err := c.accounts.SetupNeeded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	made, err := c.accounts.Setup(t.Context(), account.SetupParams{
		Workspace: "Sakura", Name: "Owner", Email: email, Password: password, Locale: "en", Zone: "Asia/Tokyo", Further: !needed, APIKey: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.session(t, made.User.ID, made.WorkspaceID)
}

// session signs somebody in without the hashing of passwords, which takes its time on purpose.
func (c *counter) session(t *testing.T, user, workspace desk.ID) *person {
	t.Helper()
	token, session := auth.NewSession(time.Now().UTC().Truncate(time.Millisecond))
	session.UserID, session.WorkspaceID = user, workspace
	err := c.store.Update(t.Context(), 0, func(tx store.Tx) error {
		session.ID = tx.NewID()
		return tx.WriteAccounts().PutSession(session)
	})
	if err != nil {
		t.Fatal(err)
	}
	p := c.stranger(t)
	p.cookie, p.csrf, p.id, p.space = auth.SessionCookie(token, session, false), session.CSRF, user, workspace
	return p
}

// member adds somebody with a role and signs them in.
func (c *counter) member(t *testing.T, workspace desk.ID, role desk.Role) *person {
	t.Helper()
	var user desk.User
	err := c.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		user = desk.User{ID: tx.NewID(), Name: string(role), Locale: "en", CreatedAt: tx.Now()}
		user.Email = user.ID.String() + "@example.test"
		if err := tx.WriteAccounts().PutUser(user); err != nil {
			return err
		}
		return tx.WriteMembers().Put(desk.Member{UserID: user.ID, Role: role, DisplayName: user.Name, Active: true, CreatedAt: tx.Now(), UpdatedAt: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.session(t, user.ID, workspace)
}

func (c *counter) signIn(t *testing.T, email string) *person {
	t.Helper()
	p := c.stranger(t)
	r := p.do("POST", "/api/v1/session", map[string]any{"email": email, "password": password})
	p.become(r)
	return p
}

// become takes over the session of an answer.
func (p *person) become(r answer) {
	p.t.Helper()
	r.want(p.t, http.StatusCreated)
	for _, cookie := range r.Cookies() {
		if cookie.Name == auth.SessionCookieName {
			p.cookie = cookie
		}
	}
	if p.cookie == nil {
		p.t.Fatal("no session cookie")
	}
	p.csrf = r.str("csrf")
	p.id = desk.ID(r.num("user.id"))
}

// answer is a response that was read.
type answer struct {
	*http.Response
	body []byte
	json any
}

func (a answer) want(t *testing.T, status int) answer {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("%s %s: %d, want %d: %s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.body)
	}
	return a
}

func (a answer) wantCode(t *testing.T, status int, code string) answer {
	t.Helper()
	a.want(t, status)
	if got := a.str("code"); got != code {
		t.Fatalf("%s %s: code %q, want %q: %s", a.Request.Method, a.Request.URL.Path, got, code, a.body)
	}
	return a
}

// at finds a value by a dotted path.
func (a answer) at(path string) any {
	v := a.json
	for name := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			i := int(name[0] - '0')
			if i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

func (a answer) str(path string) string { s, _ := a.at(path).(string); return s }
func (a answer) num(path string) int64  { n, _ := a.at(path).(float64); return int64(n) }
func (a answer) list(path string) []any { l, _ := a.at(path).([]any); return l }

func (p *person) do(method, path string, body any, change ...func(*http.Request)) answer {
	p.t.Helper()
	var reader io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case string:
		reader, kind = strings.NewReader(b), "application/json"
	case form:
		var buf bytes.Buffer
		kind = b.write(p.t, &buf)
		reader = &buf
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			p.t.Fatal(err)
		}
		reader, kind = bytes.NewReader(encoded), "application/json"
	}
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.c.URL+path, reader)
	if err != nil {
		p.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if p.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+p.bearer)
	} else if p.cookie != nil {
		r.AddCookie(p.cookie)
		r.Header.Set("X-CSRF-Token", p.csrf)
		r.Header.Set("Origin", p.c.URL)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, fn := range change {
		fn(r)
	}
	response, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	a := answer{Response: response}
	if a.body, err = io.ReadAll(response.Body); err != nil {
		p.t.Fatal(err)
	}
	if strings.Contains(response.Header.Get("Content-Type"), "json") && len(a.body) > 0 && response.Header.Get("Content-Encoding") == "" {
		if err := json.Unmarshal(a.body, &a.json); err != nil {
			p.t.Fatalf("%s %s: %v: %s", method, path, err, a.body)
		}
	}
	return a
}

// form is a multipart body.
type form struct {
	name, mime string
	content    []byte
	fields     map[string]string
}

func (f form) write(t *testing.T, to io.Writer) string {
	t.Helper()
	w := multipart.NewWriter(to)
	for name, value := range f.fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if f.content != nil {
		part, err := w.CreateFormFile("file", f.name)
		if err == nil {
			_, err = part.Write(f.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType()
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) {
		if value == "" {
			r.Header.Del(name)
			return
		}
		r.Header.Set(name, value)
	}
}

// talk is a conversation with one message of a customer, as inbound would leave it.
type talk struct {
	conversation, ticket, contact, message, identity desk.ID
}

func (c *counter) talk(t *testing.T, workspace desk.ID) (k talk) {
	t.Helper()
	err := c.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		channels, err := tx.Channels().List()
		if err != nil {
			return err
		}
		now := tx.Now()
		contact := desk.Contact{ID: tx.NewID(), Name: "山田 花子", CreatedAt: now, UpdatedAt: now, Version: 1}
		if err := tx.WriteContacts().Put(contact); err != nil {
			return err
		}
		identity := desk.Identity{ID: tx.NewID(), ContactID: contact.ID, ChannelID: channels[0].ID, Kind: "webchat", Scope: channels[0].ID.String(), ExternalID: tx.NewID().String(), CreatedAt: now}
		if err := tx.WriteContacts().PutIdentity(identity); err != nil {
			return err
		}
		number, err := tx.WriteWorkspaces().NextTicketNumber()
		if err != nil {
			return err
		}
		row := desk.Conversation{ID: tx.NewID(), ChannelID: channels[0].ID, IdentityID: identity.ID, ContactID: contact.ID, CreatedAt: now, Version: 1}
		ticket := desk.OpenTicket(tx.NewID(), number, row, 0, now)
		ticket.Version = 1
		row.Follow(ticket)
		if err := tx.WriteConversations().Put(row); err != nil {
			return err
		}
		if err := tx.WriteTickets().Put(ticket); err != nil {
			return err
		}
		m := desk.Message{
			ID: tx.NewID(), ConversationID: row.ID, TicketID: ticket.ID, Author: desk.Author{Kind: desk.AuthorCustomer, ID: contact.ID, Name: contact.Name},
			Parts: []desk.Part{{Kind: desk.PartText, Text: "返金してください"}}, ClientID: "c1", At: now, ReceivedAt: now,
		}
		if err := tx.WriteMessages().Add(&m); err != nil {
			return err
		}
		row.Said(m)
		k = talk{conversation: row.ID, ticket: ticket.ID, contact: contact.ID, message: m.ID, identity: identity.ID}
		return tx.WriteConversations().Put(row)
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// blobs are the files kept.
func (c *counter) blobs(t *testing.T) (keys []string) {
	t.Helper()
	err := c.deps.Files.Blobs.Walk(t.Context(), func(i blob.Info) error {
		keys = append(keys, i.Key)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// deadlineWriter counts the deadlines set on an answer.
type deadlineWriter struct {
	*httptest.ResponseRecorder
	reads, writes int
}

func (w *deadlineWriter) SetReadDeadline(time.Time) error  { w.reads++; return nil }
func (w *deadlineWriter) SetWriteDeadline(time.Time) error { w.writes++; return nil }
