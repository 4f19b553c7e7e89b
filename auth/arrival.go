package auth

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Arrival is how a request reached us, as far as it can be believed (J17). Limits, audit, cookies and logs take it from
// here and look at no header of their own.
type Arrival struct {
	IP        netip.Addr // who calls; not valid where the connection has no address
	HTTPS     bool       // the caller's side of the connection is encrypted
	Plain     bool       // it is known to cross a network unencrypted: neither TLS, nor this machine, nor a trusted proxy that took TLS off
	Host      string     // the name the caller used, "desk.example.com:8443"
	RequestID string     // what a trusted proxy named the request, "" if none did
	Trace     string     // a trusted proxy's traceparent (W3C Trace Context), "" if none
	Relayed   bool       // somebody forwarded it, trusted or not
}

// relayHeaders are what proxies say of a request's way.
var relayHeaders = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"}

// toldHeaders are what only a trusted proxy may say; they are taken off the request, so that nothing behind believes them.
var toldHeaders = append([]string{"X-Request-Id", "Traceparent", "Tracestate", "Baggage"}, relayHeaders...)

const maxRequestID = 64 // bytes

// Arrive reads how a request reached us, and removes from it everything that only a trusted proxy may say.
func (p Proxies) Arrive(r *http.Request) Arrival {
	remote := parseHost(r.RemoteAddr)
	a := Arrival{
		IP: p.ClientIP(r.RemoteAddr, r.Header.Values("X-Forwarded-For")), HTTPS: r.TLS != nil, Host: r.Host,
		Relayed: slices.ContainsFunc(relayHeaders, func(name string) bool { return r.Header.Get(name) != "" }),
	}
	trusted := remote.IsValid() && p.trusted(remote)
	a.Plain = !a.HTTPS && !trusted && !remote.IsLoopback()
	if trusted {
		proto := lastOf(r.Header.Values("X-Forwarded-Proto"))
		a.HTTPS = p.HTTPS(r.RemoteAddr, r.TLS != nil, proto)
		a.Plain = !a.HTTPS && proto != ""
		if host := lastOf(r.Header.Values("X-Forwarded-Host")); host != "" {
			a.Host = host
		}
		if id := r.Header.Get("X-Request-Id"); plainID(id) {
			a.RequestID = id
		}
		a.Trace = r.Header.Get("Traceparent")
	}
	for _, name := range toldHeaders {
		r.Header.Del(name)
	}
	return a
}

// lastOf is the last element of a header that every proxy appends to: the nearest one's word.
func lastOf(values []string) string {
	all := strings.Join(values, ",")
	return strings.TrimSpace(all[strings.LastIndexByte(all, ',')+1:])
}

// plainID reports whether a request id is one that can stand in logs and headers as it is.
func plainID(id string) bool {
	return id != "" && len(id) <= maxRequestID && !strings.ContainsFunc(id, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_'
	})
}
