package sim

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// checkCallback refuses an address that no webhook could go to.
func checkCallback(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("%w: %q is no address for webhooks", ErrRefused, address)
	}
	return nil
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// cutText is the text that a button writes instead of the customer, if it is of that sort.
func cutText(button string) (string, bool) { return strings.CutPrefix(button, "text:") }
