package auth

import (
	"net"
	"net/netip"
	"strings"
)

// LoopbackHost reports whether a Host header ("name", "name:port", "[address]:port") says this machine itself: a loopback
// address, localhost, or a name below it, which browsers ask no name server for.
func LoopbackHost(host string) bool {
	name := hostname(host)
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.Unmap().IsLoopback()
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// UnboundHost reports whether no stranger can have pointed the name in a Host header at us (DNS rebinding): it is an
// address, which no name server had a part in, this machine's own name, or ours, the host of the public URL.
func UnboundHost(host, ours string) bool {
	name := hostname(host)
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return LoopbackHost(host) || name != "" && name == hostname(ours)
}

// hostname is a Host header's name or address without port, brackets, and the dot that may end a name, in lower case.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.TrimSuffix(strings.ToLower(host), ".")
}
