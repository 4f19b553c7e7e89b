package guard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"
)

const (
	connectTimeout = 3 * time.Second
	maxHeaderBytes = 64 << 10
	maxAddresses   = 8 // of one name that are tried
)

// route reaches public targets and those of its allow-list, over connections of its own.
type route struct {
	allow     AllowList
	lookup    func(ctx context.Context, host string) ([]netip.Addr, error)
	connect   func(ctx context.Context, network, address string) (net.Conn, error)
	transport *http.Transport
}

func newRoute(cfg Config, allow AllowList) *route {
	r := &route{allow: allow, lookup: cfg.Resolve, connect: cfg.Dial}
	r.transport = &http.Transport{
		Proxy:                  nil,
		DialContext:            r.dial,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    connectTimeout,
		MaxIdleConns:           32,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
	return r
}

// checkURL refuses what needs no resolving: other schemes, credentials, and ports where something else than HTTP
// listens.
func (r *route) checkURL(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%w: scheme %q", ErrForbiddenTarget, u.Scheme)
	}
	if u.User != nil { // credentials in a URL from outside are a disguise, and none of ours
		return fmt.Errorf("%w: it carries credentials", ErrForbiddenTarget)
	}
	port, err := portOf(u)
	if err != nil {
		return err
	}
	if port != 80 && port != 443 && port < 1024 && !r.allow.covers(u.Hostname(), port) {
		return fmt.Errorf("%w: port %d", ErrForbiddenTarget, port)
	}
	return nil
}

func portOf(u *url.URL) (uint16, error) {
	switch {
	case u.Port() != "":
		port, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil || port == 0 {
			return 0, fmt.Errorf("%w: port %q", ErrForbiddenTarget, u.Port())
		}
		return uint16(port), nil
	case u.Scheme == "https":
		return 443, nil
	default:
		return 80, nil
	}
}

// dial resolves once, checks every address, and connects to one of exactly these.
func (r *route) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("%w: %q", ErrForbiddenTarget, address)
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("%w: port %q", ErrForbiddenTarget, portText)
	}
	addrs, err := r.resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	if !r.allow.covers(host, uint16(port)) {
		// One inner address among public ones is no slip of a name server but an attempt; refuse the name.
		for _, a := range addrs {
			if !Public(a) && !r.allow.coversAddr(a) {
				return nil, fmt.Errorf("%w: %s is %s", ErrForbiddenTarget, host, a)
			}
		}
	}
	var failed error
	for _, a := range addrs[:min(len(addrs), maxAddresses)] {
		conn, err := r.connect(ctx, network, netip.AddrPortFrom(a, uint16(port)).String())
		if err == nil {
			return conn, nil
		}
		failed = errors.Join(failed, err)
	}
	return nil, fmt.Errorf("connect to %s: %w", host, failed)
}

func (r *route) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a.Unmap()}, nil
	}
	found, err := r.lookup(ctx, host)
	if err != nil {
		return nil, fmt.Errorf("resolve %s: %w", host, err)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("resolve %s: no address", host)
	}
	addrs := make([]netip.Addr, len(found))
	for i, a := range found {
		addrs[i] = a.Unmap()
	}
	return addrs, nil
}
