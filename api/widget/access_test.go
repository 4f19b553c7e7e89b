package widget_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"madoguchi/api/widget"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

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
	pass := auth.SignLink(linkSecret, widget.PassResource(account), c.now().Add(time.Minute))
	body["pass"] = pass
	b.want(200, "POST", "boot", body, nil) // a frame that we handed out
	body["pass"] = auth.SignLink(linkSecret, widget.PassResource("another"), c.now().Add(time.Minute))
	b.refused(403, "origin_not_allowed", "POST", "boot", body)
	body["pass"] = pass
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
