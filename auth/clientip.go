package auth

import (
	"net/netip"
	"slices"
	"strings"

	"madoguchi/desk"
)

// Proxies are the reverse proxies whose word about the caller is taken (J17). The zero value trusts none.
type Proxies struct{ nets []netip.Prefix }

// ParseProxies reads addresses and CIDR networks.
func ParseProxies(entries []string) (Proxies, error) {
	var p Proxies
	for _, entry := range entries {
		entry = strings.TrimSpace(entry)
		if addr, err := netip.ParseAddr(entry); err == nil {
			addr = addr.Unmap()
			p.nets = append(p.nets, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(entry)
		if err != nil || prefix.Addr().Is4In6() {
			return Proxies{}, desk.Invalid("trusted-proxies", "trusted_proxies_invalid", "%q is neither an address nor a network such as 10.0.0.0/8", entry)
		}
		p.nets = append(p.nets, prefix.Masked())
	}
	return p, nil
}

func (p Proxies) trusted(a netip.Addr) bool {
	return slices.ContainsFunc(p.nets, func(n netip.Prefix) bool { return n.Contains(a) })
}

// ClientIP finds who is calling from the connection's address (http.Request.RemoteAddr) and the X-Forwarded-For headers.
// Each proxy appends the address it saw, so the list is read from its end, and only while the last speaker is
// trusted; what a caller wrote further ahead is not believed. Without a readable address the result is not valid.
func (p Proxies) ClientIP(remoteAddr string, forwardedFor []string) netip.Addr {
	client := parseHost(remoteAddr)
	hops := strings.Split(strings.Join(forwardedFor, ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !client.IsValid() || !p.trusted(client) {
			return client
		}
		said := parseHost(strings.TrimSpace(hop))
		if !said.IsValid() { // a proxy that hides the caller: it is the last one known
			return client
		}
		client = said
	}
	return client
}

// HTTPS reports whether the caller's side of the connection is encrypted: ours is (tls), or a trusted proxy says so in
// X-Forwarded-Proto.
func (p Proxies) HTTPS(remoteAddr string, tls bool, forwardedProto string) bool {
	if tls {
		return true
	}
	remote := parseHost(remoteAddr)
	last := forwardedProto[strings.LastIndexByte(forwardedProto, ',')+1:] // the nearest proxy's word
	return remote.IsValid() && p.trusted(remote) && strings.EqualFold(strings.TrimSpace(last), "https")
}

// RateKey is the key by which an address is rate-limited: IPv4 by itself, IPv6 by its /64, which is one household.
func RateKey(a netip.Addr) string {
	if !a.IsValid() {
		return "unknown"
	}
	if a.Is4() {
		return a.String()
	}
	return netip.PrefixFrom(a, 64).Masked().String()
}

// parseHost reads "ip", "ip:port" or "[ip]:port".
func parseHost(s string) netip.Addr {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	if a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")); err == nil {
		return a.Unmap().WithZone("")
	}
	return netip.Addr{}
}
