// Package guard is the one HTTP client for addresses that came from outside: link previews, avatars, media URLs,
// webhooks that an administrator typed.
//
// Such an address may point at our own network (the database, a cloud's metadata service, another container), so the
// client looks where it really leads: names are resolved once, every address found must be public, and the connection
// goes to that very address, so that no second answer of a hostile name server can differ from the first. Every
// redirect is checked again, and the whole exchange is bounded in size and time. Addresses that the operator
// configured pass through the allow-list, but only when they are asked for directly.
//
// Where it sits: app makes one client per use with the allow-list that this use may have (a provider's base URL for a
// connector, the operator's list for webhooks) and hands it on as a plain *http.Client.
package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// The reasons why an exchange is refused; they are in the chain of the error that the client returns.
var (
	ErrForbiddenTarget = errors.New("address is not on the public internet")
	ErrTooLarge        = errors.New("response is too large")
	ErrTooManyHops     = errors.New("too many redirects")
)

// Defaults of Config.
const (
	DefaultTimeout  = 10 * time.Second
	DefaultMaxBytes = 1 << 20
	DefaultMaxHops  = 5
)

// Config says what a client may do. The zero value is a strict client.
type Config struct {
	Allow    AllowList     // targets that may lie inside
	Timeout  time.Duration // of the whole exchange, body included; 0 = DefaultTimeout
	MaxBytes int64         // of the response body, decompressed; 0 = DefaultMaxBytes
	MaxHops  int           // redirects followed; 0 = DefaultMaxHops, negative = none

	// Resolve and Dial stand in for the network in tests; nil is the real one. Dial gets an IP address and port.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	Dial    func(ctx context.Context, network, address string) (net.Conn, error)
}

// NewClient makes a guarded client. It keeps no cookies, follows no proxy of the environment (which would dial for
// us, unchecked) and sends no credentials of a URL.
func NewClient(cfg Config) *http.Client {
	if cfg.Timeout == 0 {
		cfg.Timeout = DefaultTimeout
	}
	if cfg.MaxBytes == 0 {
		cfg.MaxBytes = DefaultMaxBytes
	}
	if cfg.MaxHops == 0 {
		cfg.MaxHops = DefaultMaxHops
	}
	if cfg.Resolve == nil {
		cfg.Resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	if cfg.Dial == nil {
		cfg.Dial = (&net.Dialer{Timeout: connectTimeout}).DialContext
	}
	g := &guarded{Config: cfg, strict: newRoute(cfg, AllowList{}), trusting: newRoute(cfg, cfg.Allow)}
	return &http.Client{Transport: g, CheckRedirect: g.checkRedirect, Timeout: cfg.Timeout}
}

// guarded checks one hop after the other. A hop that an outside server sent us on takes the strict route, which knows no
// allow-list and shares no connection with the trusting one.
type guarded struct {
	Config
	strict, trusting *route
}

// RoundTrip implements http.RoundTripper: one hop, checked.
func (g *guarded) RoundTrip(req *http.Request) (*http.Response, error) {
	route := g.trusting
	if g.sentFromOutside(req) {
		route = g.strict
	}
	if err := route.checkURL(req.URL); err != nil {
		closeBody(req)
		return nil, err
	}
	resp, err := route.transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.ContentLength > g.MaxBytes && req.Method != http.MethodHead {
		resp.Body.Close()
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, resp.ContentLength, g.MaxBytes)
	}
	resp.Body = &boundedBody{body: resp.Body, left: g.MaxBytes}
	return resp, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections through.
func (g *guarded) CloseIdleConnections() {
	g.strict.transport.CloseIdleConnections()
	g.trusting.transport.CloseIdleConnections()
}

// sentFromOutside reports whether a request follows a redirect of a server that the allow-list does not name. A server
// that redirects to itself gains nothing that it did not have.
func (g *guarded) sentFromOutside(req *http.Request) bool {
	for hop := req; hop.Response != nil && hop.Response.Request != nil; {
		previous := hop.Response.Request
		port, err := portOf(previous.URL)
		if err != nil || previous.URL.Hostname() != hop.URL.Hostname() && !g.Allow.covers(previous.URL.Hostname(), port) {
			return true
		}
		hop = previous
	}
	return false
}

// checkRedirect bounds the hops and refuses to fall back from https. Where the hop leads is RoundTrip's to check.
func (g *guarded) checkRedirect(next *http.Request, via []*http.Request) error {
	if len(via) > max(g.MaxHops, 0) {
		return fmt.Errorf("%w: more than %d", ErrTooManyHops, max(g.MaxHops, 0))
	}
	if via[len(via)-1].URL.Scheme == "https" && next.URL.Scheme != "https" {
		return fmt.Errorf("%w: redirect from https to %s", ErrForbiddenTarget, next.URL.Scheme)
	}
	return nil
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}

// boundedBody fails a read past the limit instead of cutting the body short in silence.
type boundedBody struct {
	body io.ReadCloser
	left int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, ErrTooLarge
	}
	n, err := b.body.Read(p[:min(int64(len(p)), b.left+1)])
	if b.left -= int64(n); b.left < 0 {
		return n - 1, ErrTooLarge
	}
	return n, err
}

func (b *boundedBody) Close() error { return b.body.Close() }
