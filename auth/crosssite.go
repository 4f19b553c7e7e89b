package auth

import (
	"net/http"
	"slices"

	"madoguchi/desk"
)

// CookieRequest is what decides whether a request that a cookie vouches for was made by our own pages.
type CookieRequest struct {
	Method    string
	WebSocket bool     // a handshake to upgrade: a GET that opens a two-way channel
	Origin    string   // header Origin
	FetchSite string   // header Sec-Fetch-Site
	Token     string   // header X-CSRF-Token
	Expected  string   // the session's CSRF token, "" where there is no session yet (sign-in, set-up)
	Own       []string // our own origins, as Origin writes them: "https://desk.example.com"
}

// CheckCookieRequest refuses requests that another site makes with an agent's cookie, the widget's sandboxed frame
// (Origin "null") included: desk.KindForbidden with code "cross_site", or "csrf_token_invalid" for a write whose
// token is missing or wrong. Browsers set both headers and pages cannot forge them; the token covers what lacks them.
func CheckCookieRequest(r CookieRequest) error {
	switch r.FetchSite {
	case "", "same-origin":
	case "none": // typed or bookmarked; browsers never write so
		if !safe(r.Method) || r.WebSocket {
			return crossSite("request that no page made")
		}
	default: // "cross-site", "same-site" (a neighbour's subdomain) and what is still to be invented
		return crossSite("Sec-Fetch-Site is " + r.FetchSite)
	}
	if r.Origin != "" && !slices.Contains(r.Own, r.Origin) {
		return crossSite("Origin is not ours")
	}
	if r.WebSocket {
		if r.Origin == "" { // every browser sends it; a handshake cannot carry the token instead
			return crossSite("WebSocket without Origin")
		}
		return nil
	}
	if !safe(r.Method) && r.Expected != "" && !equal(r.Token, r.Expected) {
		return &desk.Error{Kind: desk.KindForbidden, Code: "csrf_token_invalid", Message: "X-CSRF-Token is missing or wrong"}
	}
	return nil
}

func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

func crossSite(why string) error {
	return &desk.Error{Kind: desk.KindForbidden, Code: "cross_site", Message: why}
}
