package security_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/lxzan/gws"

	"madoguchi/app"
)

// fixed is a browser into which somebody planted a session cookie.
func fixed(d *desk, cookie *http.Cookie) *caller {
	d.t.Helper()
	c := d.stranger()
	u, err := url.Parse(d.url)
	if err != nil {
		d.t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	jar.SetCookies(u, []*http.Cookie{cookie})
	c.client.Jar = jar
	return c
}

func (c *caller) cookie() *http.Cookie {
	c.d.t.Helper()
	u, err := url.Parse(c.d.url)
	if err != nil {
		c.d.t.Fatal(err)
	}
	for _, k := range c.client.Jar.Cookies(u) {
		if strings.Contains(k.Name, "session") {
			return &http.Cookie{Name: k.Name, Value: k.Value, Path: "/"}
		}
	}
	return nil
}

// TestASessionCannotBePlanted: what a browser carried before its person signed in never becomes theirs.
func TestASessionCannotBePlanted(t *testing.T) {
	t.Parallel()
	d := prepare(t)
	if _, err := app.CreateUser(t.Context(), d.config, app.UserParams{Email: "mallory@example.test", Password: password, Role: "agent"}); err != nil {
		t.Fatal(err)
	}
	d.start()
	mallory := d.signIn("mallory@example.test")
	planted := mallory.cookie()
	for name, cookie := range map[string]*http.Cookie{
		"the attacker's own": planted, "made up": {Name: planted.Name, Value: "mds_" + strings.Repeat("A", 43), Path: "/"},
	} {
		victim := fixed(d, cookie)
		victim.csrf = victim.do("POST", "/api/v1/session", map[string]any{"email": owner, "password": password}).want(201).str("csrf")
		if got := victim.cookie(); got == nil || got.Value == cookie.Value {
			t.Fatalf("%s: the victim goes on with the planted session", name)
		}
		if got := victim.do("GET", "/api/v1/session", nil).want(200).str("user.email"); got != owner {
			t.Errorf("%s: the victim is %s", name, got)
		}
		a := fixed(d, cookie).do("GET", "/api/v1/session", nil)
		if a.StatusCode == 200 && a.str("user.email") != "mallory@example.test" {
			t.Errorf("%s: the planted session became %s's", name, a.str("user.email"))
		}
	}
}

// TestTheCookieStaysWithTheDesk: no script reads it, no other site's subrequest carries it, nothing but TLS under TLS.
func TestTheCookieStaysWithTheDesk(t *testing.T) {
	t.Parallel()
	d := open(t)
	a := d.stranger().do("POST", "/api/v1/session", map[string]any{"email": owner, "password": password}).want(201)
	set := a.Header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(set, want) {
			t.Errorf("%s lacks %s", set, want)
		}
	}
	if strings.Contains(set, "Domain=") {
		t.Errorf("%s goes to neighbours", set)
	}
	if strings.Contains(string(a.body), "mds_") {
		t.Error("the answer's body holds the session's token, where scripts read it")
	}
}

// TestNoAddressLeadsElsewhere: whatever path or parameter is asked for, no answer sends the browser to another site.
func TestNoAddressLeadsElsewhere(t *testing.T) {
	t.Parallel()
	d := open(t)
	member := d.signIn(owner)
	for _, path := range []string{
		"//evil.example", "//evil.example/%2e%2e", "/%2f%2fevil.example", "/\\evil.example", "/%5cevil.example", "/.//evil.example", "/x/..//evil.example",
		"///evil.example/", "/api//evil.example", "/widget//evil.example", "/widget/..//evil.example/frame", "/try/", "/try?account=//evil.example",
		"/signin?next=//evil.example", "/signin?next=https://evil.example", "/invitations/x?next=//evil.example", "/api/v1/session?next=https://evil.example",
		"/?url=https://evil.example", "/api/docs/", "/metrics/", "/healthz//evil.example",
	} {
		for _, c := range []*caller{d.stranger(), member} {
			r, err := http.NewRequestWithContext(t.Context(), "GET", d.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			path, query, _ := strings.Cut(path, "?")
			r.URL.Opaque, r.URL.RawQuery = "//"+d.address()+path, query // as it is written
			a, err := c.client.Do(r)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			_ = a.Body.Close()
			to, err := a.Location()
			if a.Header.Get("Location") != "" && (err != nil || to.Host != d.address() || strings.HasPrefix(a.Header.Get("Location"), "//")) {
				t.Errorf("%s leads to %s", path, a.Header.Get("Location"))
			}
			if strings.Contains(a.Header.Get("Refresh"), "evil") {
				t.Errorf("%s refreshes to %s", path, a.Header.Get("Refresh"))
			}
		}
	}
}

// tab is a socket of the inbox.
type tab struct {
	gws.BuiltinEventHandler
	heard chan string
	ended chan error
}

func (b *tab) OnMessage(_ *gws.Conn, m *gws.Message) {
	b.heard <- m.Data.String()
	_ = m.Close()
}
func (b *tab) OnClose(_ *gws.Conn, err error) { b.ended <- err }
func (b *tab) OnPing(c *gws.Conn, _ []byte)   { _ = c.WritePong(nil) }

// live opens a socket of the inbox as a caller.
func (c *caller) live() *tab {
	c.d.t.Helper()
	b := &tab{heard: make(chan string, 10_000), ended: make(chan error, 1)}
	h := http.Header{"Origin": {c.d.url}}
	if c.bearer != "" {
		h.Set("Authorization", "Bearer "+c.bearer)
	} else {
		h.Set("Cookie", c.cookie().String())
	}
	conn, response, err := gws.NewClient(b, &gws.ClientOption{Addr: "ws" + strings.TrimPrefix(c.d.url, "http") + "/api/v1/live", RequestHeader: h})
	if err != nil {
		c.d.t.Fatal(err)
	}
	_ = response.Body.Close()
	go conn.ReadLoop()
	c.d.t.Cleanup(func() { _ = conn.NetConn().Close() })
	if err := conn.WriteString(`{"type":"hello","seq":0}`); err != nil {
		c.d.t.Fatal(err)
	}
	<-b.heard // it follows
	return b
}

// TestLosingARightTakesEffectOnOpenSessions (J4): at once over REST, within the sweep's 4 s on sockets that nobody told.
func TestLosingARightTakesEffectOnOpenSessions(t *testing.T) {
	t.Parallel()
	d := prepare(t)
	people := []string{"role@example.test", "active@example.test", "elsewhere@example.test", "out@example.test"}
	for _, email := range people {
		if _, err := app.CreateUser(t.Context(), d.config, app.UserParams{Email: email, Password: password, Role: "supervisor"}); err != nil {
			t.Fatal(err)
		}
	}
	d.start()
	boss := d.signIn(owner)
	members := boss.do("GET", "/api/v1/members", nil).want(200).list("items")
	id := func(email string) string {
		t.Helper()
		i := slices.IndexFunc(members, func(m any) bool { return strings.HasPrefix(email, m.(map[string]any)["display_name"].(string)+"@") })
		if i < 0 {
			t.Fatalf("no member %s in %v", email, members)
		}
		return number(members[i].(map[string]any)["user_id"])
	}
	role, active, elsewhere, out := d.signIn(people[0]), d.signIn(people[1]), d.signIn(people[2]), d.signIn(people[3])
	tabs := map[string]*tab{"deactivated": active.live(), "password reset by another process": elsewhere.live(), "signed out": out.live()}

	role.do("POST", "/api/v1/uploads", form{"a.txt", []byte("x")}).want(201)
	boss.do("PATCH", "/api/v1/members/"+id(people[0]), map[string]any{"role": "viewer"}).want(200)
	role.do("POST", "/api/v1/uploads", form{"a.txt", []byte("x")}).wantCode(403, "forbidden")

	boss.do("PATCH", "/api/v1/members/"+id(people[1]), map[string]any{"active": false}).want(200)
	active.do("GET", "/api/v1/conversations", nil).want(401)
	if _, err := app.ResetPassword(t.Context(), d.config, people[2], "another long password"); err != nil {
		t.Fatal(err)
	}
	elsewhere.do("GET", "/api/v1/conversations", nil).want(401)
	out.do("DELETE", "/api/v1/session", nil).want(204)
	for name, b := range tabs {
		<-b.ended // never, without the guard
		t.Log("socket closed:", name)
	}
	key := boss.do("POST", "/api/v1/api-keys", map[string]any{"name": "k", "role": "agent"}).want(201)
	program := d.program(key.str("secret"))
	socket := program.live()
	boss.do("DELETE", "/api/v1/api-keys/"+number(key.at("api_key.id")), nil).want(204)
	program.do("GET", "/api/v1/tags", nil).wantCode(401, "api_key_invalid")
	<-socket.ended
}
