// Package graph is what Meta's channels share: how its webhooks are signed and its callbacks verified, how its Graph API is
// called, and what its refusals mean. https://developers.facebook.com/docs/graph-api
package graph

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"net/url"
	"time"

	"madoguchi/channel"
)

// Host is where the Graph API lives; DefaultVersion the version that the channels were written for.
const (
	Host           = "https://graph.facebook.com"
	DefaultVersion = "v25.0"
)

// SignatureHeader carries Sign's value of a webhook's body.
const SignatureHeader = "X-Hub-Signature-256"

// Sign is the signature of a webhook's raw body under an app's secret.
func Sign(secret string, body []byte) string { return "sha256=" + digest(secret, body) }

// Authentic reports whether a webhook was signed under one of the secrets, in constant time. It looks at the bytes as they
// came: Meta escapes what other encoders do not.
func Authentic(r channel.Request, secrets ...string) bool {
	given, ok := []byte(r.Header.Get(SignatureHeader)), false
	for _, secret := range secrets {
		if secret != "" && hmac.Equal(given, []byte(Sign(secret, r.Body))) {
			ok = true
		}
	}
	return ok
}

// Proof is the appsecret_proof of a token: it shows that a call comes from the app's own server.
func Proof(secret, token string) string { return digest(secret, []byte(token)) }

func digest(secret string, text []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}

// Verify answers the question whether a callback is ours: its challenge, if it knows our token (hub.verify_token).
func Verify(r channel.Request, token string) (channel.Reply, error) {
	address, err := url.Parse(r.URL)
	if err != nil {
		return channel.Reply{}, channel.ErrForged
	}
	query := address.Query()
	given := query.Get("hub.verify_token")
	if token == "" || query.Get("hub.mode") != "subscribe" || subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1 {
		return channel.Reply{}, channel.ErrForged
	}
	return channel.Reply{Status: http.StatusOK, Body: []byte(query.Get("hub.challenge"))}, nil
}

// Instant reads a time of Meta's, zero for none: seconds or, on some fields, milliseconds since 1970.
func Instant(n int64) time.Time {
	switch {
	case n <= 0:
		return time.Time{}
	case n >= 1e12:
		return time.UnixMilli(n).UTC()
	}
	return time.Unix(n, 0).UTC()
}
