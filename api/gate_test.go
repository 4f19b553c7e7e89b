package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"madoguchi/account"
	"madoguchi/api"
	"madoguchi/auth"
	"madoguchi/desk"
)

func TestRequestsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	tag := map[string]any{"name": "vip"}
	for name, change := range map[string][]func(*http.Request){
		"cross-site":          {header("Sec-Fetch-Site", "cross-site")},
		"a neighbour":         {header("Sec-Fetch-Site", "same-site")},
		"another origin":      {header("Origin", "https://evil.example"), header("Sec-Fetch-Site", "")},
		"the sandboxed frame": {header("Origin", "null"), header("Sec-Fetch-Site", "cross-site")},
		"null, old browser":   {header("Origin", "null"), header("Sec-Fetch-Site", "")},
		"a look-alike":        {header("Origin", publicURL+".evil.example"), header("Sec-Fetch-Site", "")},
		"a typed address":     {header("Sec-Fetch-Site", "none")},
	} {
		p.do("POST", "/api/v1/tags", tag, change...).wantCode(t, 403, "cross_site")
		if name == "cross-site" || name == "the sandboxed frame" {
			p.do("GET", "/api/v1/session", nil, change...).wantCode(t, 403, "cross_site")
			p.do("POST", "/api/v1/session", map[string]any{"email": "owner@example.test", "password": password}, change...).wantCode(t, 403, "cross_site")
		}
	}
	p.do("POST", "/api/v1/tags", tag, header("X-CSRF-Token", "")).wantCode(t, 403, "csrf_token_invalid")
	p.do("POST", "/api/v1/tags", tag, header("X-CSRF-Token", "x")).wantCode(t, 403, "csrf_token_invalid")
	p.do("DELETE", "/api/v1/session", nil, header("X-CSRF-Token", "x")).wantCode(t, 403, "csrf_token_invalid")
	p.do("POST", "/api/v1/tags", tag, header("Origin", publicURL)).want(t, 201)
	p.do("GET", "/api/v1/live", nil, header("Upgrade", "websocket"), header("Connection", "Upgrade"), header("Origin", "null"), header("Sec-Fetch-Site", "")).wantCode(t, 403, "cross_site")
	p.do("GET", "/api/v1/live", nil, header("Upgrade", "websocket"), header("Connection", "Upgrade"), header("Origin", ""), header("Sec-Fetch-Site", "")).wantCode(t, 403, "cross_site")
	c.stranger(t).do("GET", "/api/v1/live", nil).wantCode(t, 401, "not_signed_in")
}

func TestSignInTellsNothing(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.owner(t, "owner@example.test")
	p := c.stranger(t)
	known := p.do("POST", "/api/v1/session", map[string]any{"email": "owner@example.test", "password": "wrong password"}).wantCode(t, 401, "credentials_wrong")
	unknown := p.do("POST", "/api/v1/session", map[string]any{"email": "nobody@example.test", "password": "wrong password"}).wantCode(t, 401, "credentials_wrong")
	if known.str("detail") != unknown.str("detail") || len(known.Cookies())+len(unknown.Cookies()) > 0 {
		t.Errorf("%s\n%s", known.body, unknown.body)
	}
	ja := p.do("POST", "/api/v1/session", map[string]any{"email": "a@b.test", "password": "wrong password"}, header("Accept-Language", "ja")).str("detail")
	if ja != "メールアドレスまたはパスワードが違います。" {
		t.Errorf("in Japanese: %q", ja)
	}
}

func TestGuessingPasswordsIsSlow(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.owner(t, "owner@example.test")
	p := c.stranger(t)
	wrong := map[string]any{"email": "owner@example.test", "password": "wrong password"}
	for range 10 {
		p.do("POST", "/api/v1/session", wrong).wantCode(t, 401, "credentials_wrong")
	}
	r := p.do("POST", "/api/v1/session", wrong).wantCode(t, 429, "signin_limited")
	if r.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	// The right password does not help whoever guesses, and others are not locked out.
	p.do("POST", "/api/v1/session", map[string]any{"email": "owner@example.test", "password": password}).wantCode(t, 429, "signin_limited")
	if _, _, err := c.accounts.CreateUser(t.Context(), account.UserParams{Email: "other@example.test", Password: password, Role: desk.RoleAgent}); err != nil {
		t.Fatal(err)
	}
	c.signIn(t, "other@example.test")
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	c := open(t)
	a := c.owner(t, "owner@example.test")
	b := c.signIn(t, "owner@example.test")
	if a.cookie.Value == b.cookie.Value {
		t.Fatal("a sign-in must make a session of its own")
	}
	b.do("DELETE", "/api/v1/session", nil).want(t, 204)
	b.do("GET", "/api/v1/session", nil).wantCode(t, 401, "not_signed_in")

	b = c.signIn(t, "owner@example.test")
	a.do("POST", "/api/v1/session/password", map[string]any{"current": "wrong", "new": "another long password"}).wantCode(t, 422, "password_wrong")
	a.do("POST", "/api/v1/session/password", map[string]any{"current": password, "new": "short"}).wantCode(t, 422, "password_too_short")
	a.do("POST", "/api/v1/session/password", map[string]any{"current": password, "new": "another long password"}).want(t, 204)
	a.do("GET", "/api/v1/session", nil).want(t, 200)
	b.do("GET", "/api/v1/session", nil).wantCode(t, 401, "not_signed_in")
	if _, err := c.accounts.ResetPassword(t.Context(), "owner@example.test", password); err != nil {
		t.Fatal(err)
	}
	a.do("GET", "/api/v1/session", nil).wantCode(t, 401, "not_signed_in")
	c.signIn(t, "owner@example.test")
	p := c.stranger(t)
	p.cookie = &http.Cookie{Name: auth.SessionCookieName, Value: "mds_" + strings.Repeat("A", 43)}
	p.do("GET", "/api/v1/session", nil).wantCode(t, 401, "not_signed_in")
}

func TestCallersAreRateLimited(t *testing.T) {
	t.Parallel()
	c := open(t, func(d *api.Deps) { d.Limits.Requests = auth.Limit{Burst: 5, Every: time.Hour} })
	p := c.owner(t, "owner@example.test")
	for i := range 5 {
		r := p.do("GET", "/api/v1/session", nil).want(t, 200)
		if r.Header.Get("RateLimit-Limit") != "5" || r.Header.Get("RateLimit-Remaining") != string(rune('4'-i)) || r.Header.Get("RateLimit-Reset") == "" {
			t.Errorf("request %d: %v", i, r.Header)
		}
	}
	r := p.do("GET", "/api/v1/session", nil).wantCode(t, 429, "rate_limited")
	if r.Header.Get("Retry-After") != "3600" || r.Header.Get("RateLimit-Remaining") != "0" {
		t.Errorf("refusal: %v", r.Header)
	}
	c.signIn(t, "owner@example.test").do("GET", "/api/v1/setup", nil).want(t, 200) // a stranger's bucket is another
}

func TestTheLogHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	key := p.do("POST", "/api/v1/api-keys", map[string]any{"name": "k", "role": "agent"}).want(t, 201).str("secret")
	link := p.do("POST", "/api/v1/invites", map[string]any{"email": "new@example.test", "role": "agent"}).want(t, 201).str("link")
	token := link[strings.LastIndexByte(link, '/')+1:]
	c.stranger(t).do("GET", "/api/v1/invitations/"+token, nil).want(t, 200)
	c.stranger(t).do("GET", "/invitations/"+token+"?token="+token, nil).want(t, 200)
	channel := p.do("GET", "/api/v1/channels", nil)
	secret := p.do("POST", "/api/v1/channels/"+jsonNumber(channel, "items.0.id")+"/identify-secret", nil).want(t, 201).str("secret")
	program := c.stranger(t)
	program.bearer = key
	program.do("GET", "/api/v1/tags?access_token="+key, nil).want(t, 200)
	c.Close()
	log := c.log.String()
	if !strings.Contains(log, "request_id") || !strings.Contains(log, "/api/v1/invitations/{token}") {
		t.Fatalf("no access log: %s", log)
	}
	for name, secret := range map[string]string{"password": password, "cookie": p.cookie.Value, "csrf": p.csrf, "API key": key, "invitation": token, "identify secret": secret} {
		if secret == "" || strings.Contains(log, secret) {
			t.Errorf("the %s (%q) is in the log", name, secret)
		}
	}
}

func TestStoredSecretsAreHashedOrSealed(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	channel := jsonNumber(p.do("GET", "/api/v1/channels", nil), "items.0.id")
	first := p.do("POST", "/api/v1/channels/"+channel+"/identify-secret", nil).want(t, 201).str("secret")
	second := p.do("POST", "/api/v1/channels/"+channel+"/identify-secret", nil).want(t, 201).str("secret")
	path := "/api/v1/channels/" + channel + "/identify-secret"
	third := p.do("POST", path, nil, header("Idempotency-Key", "r")).want(t, 201).str("secret")
	if again := p.do("POST", path, nil, header("Idempotency-Key", "r")).want(t, 201).str("secret"); again != third || third == second {
		t.Errorf("repeated: %q, first %q", again, third)
	}
	if first == second || len(first) < 32 {
		t.Errorf("secrets %q, %q", first, second)
	}
	shown := string(p.do("GET", "/api/v1/channels/"+channel, nil).want(t, 200).body)
	if strings.Contains(shown, first) || strings.Contains(shown, second) {
		t.Error("a secret is shown again")
	}
}
