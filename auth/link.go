package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"madoguchi/desk"
)

// SignLink makes the token of a link that opens one resource until an instant, for those who cannot sign in: the widget's
// image tags and providers that fetch media. secret comes from seal.Keyring.Derive; resource names what it opens
// ("file/7/42/thumb"), so that a token opens nothing else.
func SignLink(secret []byte, resource string, until time.Time) string {
	expires := strconv.FormatInt(until.Unix(), 36)
	return expires + "." + base64.RawURLEncoding.EncodeToString(linkMAC(secret, resource, expires))
}

// CheckLink proves a link's token: desk.KindForbidden with code "link_invalid", or "link_expired" for one that was valid.
func CheckLink(secret []byte, resource, token string, now time.Time) error {
	expires, mac, _ := strings.Cut(token, ".")
	given, err := base64.RawURLEncoding.Strict().DecodeString(mac)
	if err != nil || !hmac.Equal(given, linkMAC(secret, resource, expires)) {
		return &desk.Error{Kind: desk.KindForbidden, Code: "link_invalid", Message: "link is not signed for this"}
	}
	until, err := strconv.ParseInt(expires, 36, 64)
	if err != nil || now.Unix() >= until {
		return &desk.Error{Kind: desk.KindForbidden, Code: "link_expired", Message: "link has expired"}
	}
	return nil
}

func linkMAC(secret []byte, resource, expires string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(expires + "\x00" + resource)) // a hash never fails; expires holds no NUL when it was ours
	return mac.Sum(nil)
}
