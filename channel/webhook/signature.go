package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of the signature, the same in both directions.
const (
	timestampHeader = "Madoguchi-Timestamp" // seconds since 1970
	signatureHeader = "Madoguchi-Signature"
	signatureScheme = "v1="
)

// replayWindow is how far a request's timestamp may be from its arrival.
const replayWindow = 5 * time.Minute

// signature is the HMAC-SHA256 of timestamp, full stop and body, in hexadecimal behind the scheme's name.
func signature(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return signatureScheme + hex.EncodeToString(mac.Sum(nil))
}

func sign(h http.Header, secret string, body []byte, now time.Time) {
	timestamp := strconv.FormatInt(now.Unix(), 10)
	h.Set(timestampHeader, timestamp)
	h.Set(signatureHeader, signature(secret, timestamp, body))
}

// authentic reports whether a request was signed with the secret, lately. Several signatures may be given, separated by
// commas, so that a later scheme can stand beside this one.
func authentic(h http.Header, secret string, body []byte, received time.Time) bool {
	timestamp := h.Get(timestampHeader)
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if secret == "" || err != nil || received.Sub(time.Unix(seconds, 0)).Abs() > replayWindow {
		return false
	}
	want, fits := []byte(signature(secret, timestamp, body)), false
	for given := range strings.SplitSeq(h.Get(signatureHeader), ",") {
		fits = hmac.Equal(want, []byte(strings.TrimSpace(given))) || fits
	}
	return fits
}
