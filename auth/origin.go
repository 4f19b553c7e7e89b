package auth

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"madoguchi/desk"
)

// Origins is a channel's allow-list: the sites that may carry its widget. The zero value allows none.
type Origins struct{ entries []originEntry }

type originEntry struct {
	scheme string // http or https
	host   string // lower case, ASCII; without the leading "*." if any
	port   string // "" for the scheme's own
	below  bool   // "*.host": every name below host, not host itself
}

// ParseOrigins reads entries like "https://www.example.com", "https://*.example.com", "http://localhost:3000" and
// "https://窓口.example". Anything else (a path, a bare "*", another scheme) is desk.KindInvalid with code
// "origin_invalid" (parameter origin).
func ParseOrigins(entries []string) (Origins, error) {
	var list Origins
	for _, entry := range entries {
		e, ok := parseOrigin(strings.TrimSpace(entry), true)
		if !ok {
			return Origins{}, &desk.Error{Kind: desk.KindInvalid, Code: "origin_invalid", Params: map[string]string{"origin": entry}, Message: "not an origin"}
		}
		if !slices.Contains(list.entries, e) {
			list.entries = append(list.entries, e)
		}
	}
	return list, nil
}

// Allow reports whether an Origin header names an allowed site. "null" and "" never do.
func (o Origins) Allow(origin string) bool {
	asked, ok := parseOrigin(origin, false)
	return ok && slices.ContainsFunc(o.entries, func(e originEntry) bool {
		if e.scheme != asked.scheme || e.port != asked.port {
			return false
		}
		if e.below {
			return strings.HasSuffix(asked.host, "."+e.host)
		}
		return asked.host == e.host
	})
}

// FrameAncestors is the list as the value of the CSP directive of that name; 'none' if it is empty.
func (o Origins) FrameAncestors() string {
	if len(o.entries) == 0 {
		return "'none'"
	}
	sources := make([]string, len(o.entries))
	for i, e := range o.entries {
		sources[i] = e.String()
	}
	return strings.Join(sources, " ")
}

// String is the entry as it is kept and shown.
func (e originEntry) String() string {
	s := e.scheme + "://"
	if e.below {
		s += "*."
	}
	if s += e.host; e.port != "" {
		s += ":" + e.port
	}
	return s
}

// Normal lists the entries in their one spelling.
func (o Origins) Normal() []string {
	normal := make([]string, len(o.entries))
	for i, e := range o.entries {
		normal[i] = e.String()
	}
	return normal
}

func parseOrigin(s string, wildcard bool) (originEntry, bool) {
	s = strings.ToLower(s)
	scheme, rest, found := strings.Cut(s, "://")
	if !found || (scheme != "http" && scheme != "https") || len(s) > 512 {
		return originEntry{}, false
	}
	e := originEntry{scheme: scheme}
	if wildcard {
		rest = strings.TrimSuffix(rest, "/")
		rest, e.below = strings.CutPrefix(rest, "*.")
	}
	u, err := url.Parse(scheme + "://" + rest)
	if err != nil || u.User != nil || u.Path != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(rest, "#") {
		return originEntry{}, false
	}
	e.host, e.port = u.Hostname(), u.Port()
	if strings.HasSuffix(u.Host, ":") || scheme == "https" && e.port == "443" || scheme == "http" && e.port == "80" {
		e.port = ""
	}
	if strings.Contains(e.host, ":") {
		addr, err := netip.ParseAddr(e.host)
		e.host = "[" + addr.String() + "]"
		return e, err == nil && addr.Zone() == "" && strings.HasPrefix(u.Host, "[") && !e.below
	}
	e.host, err = idna.Lookup.ToASCII(e.host)
	if err != nil || e.host == "" || strings.ContainsAny(e.host, "*/ '\";,") {
		return originEntry{}, false
	}
	if e.below && !strings.Contains(e.host, ".") { // "*.com" is not a site
		return originEntry{}, false
	}
	return e, true
}
