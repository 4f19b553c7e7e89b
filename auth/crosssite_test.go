package auth_test

import (
	"testing"

	"madoguchi/auth"
	"madoguchi/desk"
)

func TestCookieRequestsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	const own, token = "https://desk.example.com", "the session's token"
	cases := []struct {
		name string
		r    auth.CookieRequest
		code string
	}{
		{"our page reads", auth.CookieRequest{Method: "GET", FetchSite: "same-origin"}, ""},
		{"the address was typed", auth.CookieRequest{Method: "GET", FetchSite: "none"}, ""},
		{"our page writes", auth.CookieRequest{Method: "POST", FetchSite: "same-origin", Origin: own, Token: token, Expected: token}, ""},
		{"an old browser writes", auth.CookieRequest{Method: "POST", Origin: own, Token: token, Expected: token}, ""},
		{"a program with a cookie and the token", auth.CookieRequest{Method: "POST", Token: token, Expected: token}, ""},
		{"sign-in, no session yet", auth.CookieRequest{Method: "POST", FetchSite: "same-origin", Origin: own}, ""},
		{"our socket", auth.CookieRequest{Method: "GET", WebSocket: true, Origin: own, FetchSite: "same-origin", Expected: token}, ""},

		{"token missing", auth.CookieRequest{Method: "POST", FetchSite: "same-origin", Origin: own, Expected: token}, "csrf_token_invalid"},
		{"token of another session", auth.CookieRequest{Method: "DELETE", FetchSite: "same-origin", Origin: own, Token: "other", Expected: token}, "csrf_token_invalid"},
		{"another site reads", auth.CookieRequest{Method: "GET", FetchSite: "cross-site"}, "cross_site"},
		{"another site writes, token stolen", auth.CookieRequest{Method: "POST", FetchSite: "cross-site", Origin: "https://evil.example", Token: token, Expected: token}, "cross_site"},
		{"a neighbour's subdomain", auth.CookieRequest{Method: "POST", FetchSite: "same-site", Origin: "https://blog.example.com", Token: token, Expected: token}, "cross_site"},
		{"origin alone tells", auth.CookieRequest{Method: "POST", Origin: "https://evil.example", Token: token, Expected: token}, "cross_site"},
		{"the widget's sandboxed frame", auth.CookieRequest{Method: "POST", FetchSite: "cross-site", Origin: "null", Token: token, Expected: token}, "cross_site"},
		{"the widget's frame in an old browser", auth.CookieRequest{Method: "GET", Origin: "null"}, "cross_site"},
		{"sign-in forged", auth.CookieRequest{Method: "POST", FetchSite: "cross-site", Origin: "https://evil.example"}, "cross_site"},
		{"a write that no page made", auth.CookieRequest{Method: "POST", FetchSite: "none", Token: token, Expected: token}, "cross_site"},
		{"http instead of https", auth.CookieRequest{Method: "POST", Origin: "http://desk.example.com", Token: token, Expected: token}, "cross_site"},
		{"a prefix of ours", auth.CookieRequest{Method: "POST", Origin: own + ".evil.example", Token: token, Expected: token}, "cross_site"},
		{"a future kind of site", auth.CookieRequest{Method: "GET", FetchSite: "somewhere"}, "cross_site"},
		{"socket of another site", auth.CookieRequest{Method: "GET", WebSocket: true, Origin: "https://evil.example", FetchSite: "cross-site"}, "cross_site"},
		{"socket of the widget's frame", auth.CookieRequest{Method: "GET", WebSocket: true, Origin: "null"}, "cross_site"},
		{"socket without origin", auth.CookieRequest{Method: "GET", WebSocket: true, Token: token, Expected: token}, "cross_site"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.r.Own = []string{own, "http://127.0.0.1:8080"}
			err := auth.CheckCookieRequest(c.r)
			if c.code == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			wantCode(t, c.name, err, desk.KindForbidden, c.code)
		})
	}
}
