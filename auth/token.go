package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"madoguchi/desk"
)

// Purpose is what a token is for. It is written at the token's front, so a token made for one purpose is refused for
// every other: a visitor's token can never be tried as a session.
type Purpose string

// The purposes.
const (
	SessionToken Purpose = "mds" // cookie of a signed-in browser
	VisitorToken Purpose = "mdv" // bearer token of the widget
	InviteToken  Purpose = "mdi" // link to join a workspace
	ResetToken   Purpose = "mdr" // link to choose a new password
)

const (
	secretBytes = 32                          // 256 bits
	secretLen   = (secretBytes*8 + 6 - 1) / 6 // in base64url without padding: 43
)

// NewToken makes a token of 256 random bits. Give plain to its bearer once, store hash.
func NewToken(p Purpose) (plain, hash string) {
	plain = string(p) + "_" + newSecret()
	return plain, hashSecret(plain)
}

// TokenHash returns the hash under which a token of that purpose is stored; anything else is desk.KindUnauthentic with
// code "token_invalid". A look-up by the hash needs no constant time: whoever can choose a hash cannot choose a token.
func TokenHash(p Purpose, plain string) (string, error) {
	secret, ok := strings.CutPrefix(plain, string(p)+"_")
	if !ok || !isSecret(secret) {
		return "", &desk.Error{Kind: desk.KindUnauthentic, Code: "token_invalid", Message: "not a token for this purpose"}
	}
	return hashSecret(plain), nil
}

func newSecret() string {
	b := make([]byte, secretBytes)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// isSecret reports whether s could have come from newSecret; the strict reading leaves every secret one spelling.
func isSecret(s string) bool {
	if len(s) != secretLen {
		return false
	}
	_, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil
}

// hashSecret is enough for 256 random bits: there is nothing to guess, so nothing has to be slow.
func hashSecret(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// equal compares secrets in constant time.
func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
