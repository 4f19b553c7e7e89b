package wechat_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/channel"
)

// provider gives tokens T1, T2, … and takes every message; asked counts the tokens.
func provider(t *testing.T, asked *atomic.Int64) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/cgi-bin/stable_token" {
			_, _ = fmt.Fprintf(w, `{"access_token":"T%d","expires_in":7200}`, asked.Add(1))
			return
		}
		if want := fmt.Sprintf("T%d", asked.Load()); r.URL.Query().Get("access_token") != want {
			t.Errorf("sent with %s, want %s", r.URL.Query().Get("access_token"), want)
		}
		_, _ = fmt.Fprint(w, `{"errcode":0,"errmsg":"ok"}`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestManySendsFetchOneToken(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	a, c := account(t, provider(t, &asked)), connector()
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if _, err := c.Send(t.Context(), a, textOf("a")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("%d tokens", n)
	}
}

func TestTokenEndsBeforeItExpires(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	now := noon
	a, c := account(t, provider(t, &asked)), connector()
	a.Now = func() time.Time { return now }
	for _, step := range []struct {
		after  time.Duration
		tokens int64
	}{{0, 1}, {95 * time.Minute, 1}, {time.Minute, 2}} {
		now = now.Add(step.after)
		if _, err := c.Send(t.Context(), a, textOf("a")); err != nil || asked.Load() != step.tokens {
			t.Errorf("after %v: %d tokens, %v", step.after, asked.Load(), err)
		}
	}
}

func TestAccountsHaveTheirOwnTokens(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	c, url := connector(), provider(t, &asked)
	for n := int64(1); n <= 2; n++ {
		if _, err := c.Send(t.Context(), account(t, url), textOf("a")); err != nil || asked.Load() != n {
			t.Errorf("%d tokens, %v", asked.Load(), err)
		}
	}
}

// A redirect would hand the access token on; and what fails tells no address.
func TestTokenStaysWithTheProvider(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("asked for %s with referrer %q", r.URL, r.Referer())
	}))
	t.Cleanup(other.Close)
	moved := ok("")
	moved.Status, moved.Header = http.StatusFound, http.Header{"Location": {other.URL}}
	_, fetched := connector().Fetch(t.Context(), serve(t, moved), "id=M1")
	_, written := connector().Send(t.Context(), serve(t, moved), textOf("a"))
	for _, err := range []error{fetched, written} {
		if f := faultOf(t, err); f == nil || f.Code != "http_302" {
			t.Errorf("%v", err)
		}
	}
	cut := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/cgi-bin/stable_token" {
			panic(http.ErrAbortHandler)
		}
		_, _ = fmt.Fprint(w, `{"access_token":"SECRET","expires_in":7200}`)
	}))
	t.Cleanup(cut.Close)
	c, a := connector(), account(t, cut.URL)
	_, sent := c.Send(t.Context(), a, textOf("a"))
	for _, err := range []error{sent, c.Typing(t.Context(), a, channel.Peer{ExternalID: openID}, "")} {
		if err == nil || strings.Contains(err.Error(), "SECRET") || strings.Contains(fmt.Sprintf("%+v", err), "SECRET") {
			t.Errorf("the fault tells the token: %v", err)
		}
	}
}
