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

func TestOrigins(t *testing.T) {
	t.Parallel()
	list, err := auth.ParseOrigins([]string{"https://www.Example.com/", "https://*.shop.example", "http://localhost:3000", "https://窓口.example", "https://[2001:DB8::1]:8443", "https://a.example:443", "https://www.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	for origin, want := range map[string]bool{
		"https://www.example.com":          true,
		"https://WWW.example.com":          true,
		"https://www.example.com:443":      true,
		"http://www.example.com":           false,
		"https://example.com":              false,
		"https://www.example.com:8443":     false,
		"https://www.example.com.evil.io":  false,
		"https://evil.io/www.example.com":  false,
		"https://www.example.com@evil.io":  false,
		"https://a.shop.example":           true,
		"https://a.b.shop.example":         true,
		"https://shop.example":             false,
		"https://evilshop.example":         false,
		"http://localhost:3000":            true,
		"http://localhost":                 false,
		"https://xn--6or331g.example":      true,
		"https://[2001:db8::1]:8443":       true,
		"https://a.example":                true,
		"null":                             false,
		"":                                 false,
		"*":                                false,
		"https://*.shop.example":           false,
		"file://":                          false,
		"https://www.example.com/path":     false,
		"https://www.example.com#":         false,
		"https://www.example.com, https:x": false,
	} {
		if got := list.Allow(origin); got != want {
			t.Errorf("Allow(%q) = %v", origin, got)
		}
	}
	const want = "https://www.example.com https://*.shop.example http://localhost:3000 https://xn--6or331g.example https://[2001:db8::1]:8443 https://a.example"
	if got := list.FrameAncestors(); got != want {
		t.Errorf("frame-ancestors\n got %s\nwant %s", got, want)
	}
	if len(list.Normal()) != 6 {
		t.Errorf("normal form %v", list.Normal())
	}
	var none auth.Origins
	if none.Allow("https://a.example") || none.FrameAncestors() != "'none'" {
		t.Error("an empty list allows nothing")
	}
	for _, bad := range []string{"", "*", "example.com", "https://", "https://*", "https://*.com", "https://a.*.com", "ftp://a.example", "https://a.example/x", "https://a.example?x", "https://u@a.example", "https://a.example:x", "https://a b.example", "https://a.example; script-src *", "https://a.example'", "javascript:alert(1)", "https://[::1%25eth0]", "data:text/html,x"} {
		_, err := auth.ParseOrigins([]string{bad})
		wantCode(t, bad, err, desk.KindInvalid, "origin_invalid")
	}
}

func FuzzOrigin(f *testing.F) {
	for _, seed := range []string{"https://a.example", "https://*.a.example", "http://[::1]:1", "null", "https://窓口.example"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, err := auth.ParseOrigins([]string{s})
		if err != nil {
			return
		}
		normal := list.Normal()[0]
		for _, r := range normal { // it goes into a header as it is
			if r <= ' ' || r > '~' || r == ';' || r == ',' || r == '\'' || r == '"' {
				t.Fatalf("%q becomes %q", s, normal)
			}
		}
		again, err := auth.ParseOrigins([]string{normal})
		if err != nil || again.Normal()[0] != normal {
			t.Fatalf("%q becomes %q, which becomes %v (%v)", s, normal, again, err)
		}
	})
}
