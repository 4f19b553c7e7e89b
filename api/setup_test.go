package api_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"madoguchi/api"
)

var firstSetup = map[string]any{
	"workspace": "さくら商店", "name": "佐藤", "email": "Owner@Example.test", "password": password, "locale": "ja", "zone": "Asia/Tokyo",
}

func TestSetUpOnceThenSignedIn(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.stranger(t)
	if r := p.do("GET", "/api/v1/setup", nil).want(t, 200); r.at("needed") != true {
		t.Fatalf("a fresh server needs a set-up: %s", r.body)
	}
	r := p.do("POST", "/api/v1/setup", firstSetup)
	p.become(r)
	if r.str("user.email") != "owner@example.test" || r.str("member.role") != "owner" || r.str("workspace.name") != "さくら商店" {
		t.Errorf("session: %s", r.body)
	}
	if !p.cookie.HttpOnly || p.cookie.SameSite != http.SameSiteLaxMode || p.cookie.Secure {
		t.Errorf("cookie on plain HTTP: %+v", p.cookie)
	}
	if got := p.do("GET", "/api/v1/session", nil).want(t, 200).str("csrf"); got != p.csrf {
		t.Errorf("csrf %q, want %q", got, p.csrf)
	}
	channels := p.do("GET", "/api/v1/channels", nil).want(t, 200)
	if channels.str("items.0.name") != "Webチャット" || channels.str("items.0.kind") != "webchat" || channels.str("items.0.account") == "" {
		t.Errorf("the first channel: %s", channels.body)
	}
	if snippet := channels.str("items.0.snippet"); !strings.Contains(snippet, publicURL+"/widget/"+channels.str("items.0.account")+".js") {
		t.Errorf("snippet %q", snippet)
	}
	teams := p.do("GET", "/api/v1/teams", nil).want(t, 200)
	if teams.str("items.0.name") != "全員" || len(teams.list("items.0.member_ids")) != 1 {
		t.Errorf("the team of everybody: %s", teams.body)
	}
	if channels.num("items.0.team_id") != teams.num("items.0.id") { // so that it hands out by itself (E3)
		t.Errorf("the first channel is not the team's: %s", channels.body)
	}
	if r := p.do("GET", "/api/v1/setup", nil).want(t, 200); r.at("needed") != false {
		t.Error("set-up is over")
	}
	c.stranger(t).do("POST", "/api/v1/setup", firstSetup).wantCode(t, 409, "setup_done")
}

func TestOneOfManySetUpsWins(t *testing.T) {
	t.Parallel()
	c := open(t)
	var wg sync.WaitGroup
	results := make([]answer, 8)
	for i := range results {
		wg.Go(func() {
			body := map[string]any{"email": string(rune('a'+i)) + "@example.test"}
			for k, v := range firstSetup {
				if k != "email" {
					body[k] = v
				}
			}
			results[i] = c.stranger(t).do("POST", "/api/v1/setup", body)
		})
	}
	wg.Wait()
	won := 0
	for _, r := range results {
		switch {
		case r.StatusCode == 201:
			won++
		case r.StatusCode != 409 || r.str("code") != "setup_done":
			t.Errorf("%d %s", r.StatusCode, r.body)
		}
	}
	if won != 1 {
		t.Errorf("%d set-ups won", won)
	}
}

// A page whose name was pointed at this machine (DNS rebinding) speaks to us as to its own site: it must not become the owner.
func TestSetUpUnderAStrangersName(t *testing.T) {
	t.Parallel()
	for _, own := range []string{"localhost:8080", "192.168.1.5:8080", "DESK.example.test"} {
		c := open(t)
		rebound := func(r *http.Request) {
			r.Host = "rebound.example:8080"
			r.Header.Set("Origin", "http://rebound.example:8080")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		}
		r := c.stranger(t).do("POST", "/api/v1/setup", firstSetup, rebound).wantCode(t, 403, "host_unknown")
		if len(r.Cookies()) > 0 || !strings.Contains(r.str("detail"), publicURL) {
			t.Errorf("%v %s", r.Header, r.body)
		}
		c.stranger(t).do("POST", "/api/v1/setup", firstSetup, host(own)).want(t, 201)
	}
}

func TestSetUpRefusesBadInput(t *testing.T) {
	t.Parallel()
	p := open(t).stranger(t)
	for field, bad := range map[string]any{"password": "short", "email": "nobody", "zone": "Mars/Base", "locale": "tlh", "workspace": " \u0007 "} {
		body := map[string]any{}
		for k, v := range firstSetup {
			body[k] = v
		}
		body[field] = bad
		r := p.do("POST", "/api/v1/setup", body).want(t, 422)
		if r.str("field") != field || r.str("detail") == "" || r.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %s", field, r.body)
		}
	}
	p.do("POST", "/api/v1/setup", firstSetup).want(t, 201)
}

func TestCookieIsSecureUnderHTTPS(t *testing.T) {
	t.Parallel()
	c := open(t, func(d *api.Deps) { d.PublicURL = "https://desk.example.test" })
	r := c.stranger(t).do("POST", "/api/v1/setup", firstSetup).want(t, 201)
	if !r.Cookies()[0].Secure || r.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("cookie %+v, headers %v", r.Cookies()[0], r.Header)
	}
}
