package app

import (
	"net/netip"
	"net/url"
	"strings"
	"time"

	"madoguchi/api/file"
	"madoguchi/desk"
)

// fileLinks makes the addresses by which providers fetch the files that we send. There are none while the desk has no address
// that a provider could open, unless that kind's provider is one that the operator put beside it (a gateway, a simulator).
func (c Config) fileLinks(secret []byte, beside func(kind string) string) func(string, desk.ID, desk.Attachment, time.Time) (link, preview string) {
	public := reachable(c.PublicURL)
	return func(kind string, workspace desk.ID, a desk.Attachment, until time.Time) (link, preview string) {
		if !public && (beside == nil || beside(kind) == "") {
			return "", ""
		}
		link = c.PublicURL + file.Link(secret, workspace, a.ID, until)
		if a.ThumbKey != "" {
			preview = file.Preview(link)
		}
		return link, preview
	}
}

// reachable reports whether an address may be one that the public internet reaches.
func reachable(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsGlobalUnicast() && !ip.IsPrivate()
	}
	return host != "localhost" && !strings.HasSuffix(host, ".localhost") && strings.Contains(host, ".")
}
