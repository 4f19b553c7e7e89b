package guard

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// globalIPv6 is the only part of IPv6 that is routed on the internet (RFC 4291); the rest, NAT64's 64:ff9b::/96 with
// any IPv4 address inside it included, is not public.
var globalIPv6 = netip.MustParsePrefix("2000::/3")

// reserved are the blocks that Addr's own questions do not cover (IANA special-purpose registries).
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network; 0.0.0.0 is this host
	netip.MustParsePrefix("100.64.0.0/10"),   // carrier NAT, and some clouds' inner services
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved, broadcast
	netip.MustParsePrefix("2001::/23"),       // protocol assignments, Teredo (an IPv4 address inside)
	netip.MustParsePrefix("2001:db8::/32"),   // documentation
	netip.MustParsePrefix("2002::/16"),       // 6to4 (an IPv4 address inside)
	netip.MustParsePrefix("3fff::/20"),       // documentation
}

// Public reports whether an address is an ordinary one on the public internet: not private, loopback, link-local (where
// clouds keep their metadata service), multicast, unspecified or reserved, in whatever notation.
func Public(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || (a.Is6() && !globalIPv6.Contains(a)) {
		return false
	}
	return !slices.ContainsFunc(reserved, func(p netip.Prefix) bool { return p.Contains(a) })
}

// AllowList names targets that the operator trusts although they may lie inside. The zero value trusts none.
type AllowList struct {
	hosts map[string]bool // "host:port", or "host" for every port; lower case
	nets  []netip.Prefix
}

// ParseAllowList reads entries of the forms "host", "host:port", an IP address (with or without port) and a network in
// CIDR notation. A host is matched by its name, whatever it resolves to; a network by the address dialled. Redirects are
// followed to trusted targets only from a host that is trusted by name, or to that same host.
func ParseAllowList(entries []string) (AllowList, error) {
	list := AllowList{hosts: map[string]bool{}}
	for _, entry := range entries {
		entry = strings.ToLower(strings.TrimSpace(entry))
		if prefix, err := netip.ParsePrefix(entry); err == nil && !prefix.Addr().Is4In6() {
			list.nets = append(list.nets, prefix.Masked())
			continue
		}
		if addr, err := netip.ParseAddr(strings.Trim(entry, "[]")); err == nil {
			list.hosts[addr.Unmap().String()] = true
			continue
		}
		host, port, hasPort := strings.Cut(entry, ":")
		if ap, err := netip.ParseAddrPort(entry); err == nil {
			host, port, hasPort = ap.Addr().Unmap().String(), strconv.Itoa(int(ap.Port())), true
		}
		if n, err := strconv.ParseUint(port, 10, 16); host == "" || strings.ContainsAny(host, "/*@ ") || hasPort && (err != nil || n == 0) {
			return AllowList{}, fmt.Errorf("allow-list entry %q is not a host, host:port, address or network", entry)
		}
		if hasPort {
			host += ":" + port
		}
		list.hosts[host] = true
	}
	return list, nil
}

// Covers reports whether the host and port of an address are trusted.
func (l AllowList) Covers(u *url.URL) bool {
	port, err := portOf(u)
	return err == nil && l.covers(u.Hostname(), port)
}

// covers reports whether a host and port are trusted by name, or by the network of an address given literally.
func (l AllowList) covers(host string, port uint16) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if a, err := netip.ParseAddr(host); err == nil {
		if l.coversAddr(a) {
			return true
		}
		host = a.Unmap().String()
	}
	return l.hosts[host] || l.hosts[host+":"+strconv.Itoa(int(port))]
}

func (l AllowList) coversAddr(a netip.Addr) bool {
	a = a.Unmap()
	return slices.ContainsFunc(l.nets, func(p netip.Prefix) bool { return p.Contains(a) })
}
