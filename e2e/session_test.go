package e2e_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
)

// session is a signed-in browser.
type session struct {
	*caller
	csrf string
	old  string // the cookies of the latest sign-in
}

// signIn begins a session of the owner that `madoguchi setup` made.
func (s *session) signIn(ctx context.Context) error {
	s.bearer = ""
	s.http.Jar, _ = cookiejar.New(nil)
	var begun struct {
		CSRF string `json:"csrf"`
	}
	err := s.do(ctx, http.MethodPost, "/api/v1/session", map[string]string{"email": "owner@example.com", "password": s.node.Load().setup.Password}, &begun)
	if err != nil {
		return err
	}
	s.http.Transport = csrfHeader{begun.CSRF, s.http.Transport}
	s.old = s.cookies()
	return nil
}

// cookies are what the browser would send.
func (s *session) cookies() string {
	at, err := url.Parse(s.node.Load().url("/"))
	if err != nil {
		return ""
	}
	var all []string
	for _, c := range s.http.Jar.Cookies(at) {
		all = append(all, c.Name+"="+c.Value)
	}
	return strings.Join(all, "; ")
}

// cookieHeader sends cookies that the server may have ended.
type cookieHeader struct {
	cookies string
	next    http.RoundTripper
}

func (h cookieHeader) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Cookie", h.cookies)
	return h.next.RoundTrip(r)
}

// setup fills in the set-up page and fetches what the tests need: the channel's account and an API key.
func (s *session) setup(ctx context.Context) error {
	s.bearer = ""
	s.http.Jar, _ = cookiejar.New(nil)
	var begun struct {
		CSRF string `json:"csrf"`
	}
	err := s.do(ctx, http.MethodPost, "/api/v1/setup", map[string]string{
		"workspace": "窓口テスト", "name": "所有者", "email": "owner@example.com", "password": "correct horse battery", "locale": "ja", "zone": "Asia/Tokyo",
	}, &begun)
	if err != nil {
		return err
	}
	s.http.Transport = csrfHeader{begun.CSRF, s.http.Transport}
	var channels page[struct {
		Account string `json:"account"`
	}]
	if err := s.do(ctx, http.MethodGet, "/api/v1/channels", nil, &channels); err != nil {
		return err
	}
	s.node.Load().setup.ChannelAccount = channels.Items[0].Account
	var key struct {
		Secret string `json:"secret"`
	}
	if err := s.do(ctx, http.MethodPost, "/api/v1/api-keys", map[string]string{"name": "e2e", "role": "admin"}, &key); err != nil {
		return err
	}
	s.node.Load().setup.APIKey = key.Secret
	return nil
}

// csrfHeader adds the header that every change by cookie needs.
type csrfHeader struct {
	token string
	next  http.RoundTripper
}

func (h csrfHeader) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-CSRF-Token", h.token)
	return h.next.RoundTrip(r)
}
