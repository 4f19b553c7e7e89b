package auth

import (
	"errors"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"

	"madoguchi/desk"
)

// Limits of the token with which a customer's own server vouches for a visitor (F4).
const (
	MaxIdentifyToken    = 8 << 10        // bytes
	MaxIdentifyLifetime = 24 * time.Hour // from now to exp
	identifySkew        = time.Minute    // how far that server's clock may be off
	minIdentifySecret   = 32             // bytes
)

// The codes of VerifyIdentify's refusals, all desk.KindUnauthentic. They are told to the page, for its developer.
const (
	IdentifyMalformed = "identify_malformed" // not a JWT, too long, another algorithm than HS256, a critical header
	IdentifyForged    = "identify_forged"    // not signed with this channel's secret
	IdentifyExpired   = "identify_expired"   // exp is over, or iat or nbf lies in the future
	IdentifyLifetime  = "identify_lifetime"  // exp is missing or more than 24 h ahead
	IdentifyClaims    = "identify_claims"    // sub is missing, or a claim is too long or no text
)

// Identified is what a customer's server says of a visitor.
type Identified struct {
	Subject string    // sub: that server's own id of the person, the contact's external id; 1–255 characters
	Name    string    // optional, at most 200 characters
	Email   string    // optional, at most 254 characters
	Phone   string    // optional, at most 32 characters, as written
	Expires time.Time // until when it holds
}

// NewIdentifySecret makes a channel's secret. The customer's server uses this text, byte for byte, as its HMAC key.
func NewIdentifySecret() string { return newSecret() }

type identifyClaims struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Phone string `json:"phone"`
	jwt.RegisteredClaims
}

// VerifyIdentify checks a JWT against a channel's secrets: the current one and, while the customer's server still signs
// with it, its predecessor ("" for none). Only HS256 is taken, whatever the token asks for; sub and exp must be there,
// exp at most MaxIdentifyLifetime ahead.
func VerifyIdentify(token, current, previous string, now time.Time) (Identified, error) {
	var keys []jwt.VerificationKey
	for _, secret := range []string{current, previous} {
		if len(secret) >= minIdentifySecret {
			keys = append(keys, []byte(secret))
		}
	}
	if len(token) > MaxIdentifyToken {
		return Identified{}, identifyError(IdentifyMalformed, "token is longer than 8 KB")
	}
	var claims identifyClaims
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation())
	_, err := parser.ParseWithClaims(token, &claims, func(t *jwt.Token) (any, error) {
		if _, critical := t.Header["crit"]; critical { // RFC 7515: what is critical and not understood is refused
			return nil, jwt.ErrTokenMalformed
		}
		if len(keys) == 0 {
			return nil, jwt.ErrTokenSignatureInvalid
		}
		return jwt.VerificationKeySet{Keys: keys}, nil
	})
	switch {
	case errors.Is(err, jwt.ErrTokenMalformed):
		return Identified{}, identifyError(IdentifyMalformed, err.Error())
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return Identified{}, identifyError(IdentifyForged, "not signed with this channel's secret by HS256")
	case err != nil:
		return Identified{}, identifyError(IdentifyMalformed, err.Error())
	}
	if err := checkTimes(claims, now); err != nil {
		return Identified{}, err
	}
	return checkPerson(claims)
}

// checkTimes judges exp without mercy for clocks, since it is we who refuse late, and iat and nbf with some.
func checkTimes(c identifyClaims, now time.Time) error {
	if c.ExpiresAt == nil {
		return identifyError(IdentifyLifetime, "exp is missing")
	}
	if !now.Before(c.ExpiresAt.Time) {
		return identifyError(IdentifyExpired, "exp is over")
	}
	if c.ExpiresAt.Time.After(now.Add(MaxIdentifyLifetime + identifySkew)) {
		return identifyError(IdentifyLifetime, "exp is more than 24 h ahead")
	}
	for name, at := range map[string]*jwt.NumericDate{"iat": c.IssuedAt, "nbf": c.NotBefore} {
		if at != nil && at.Time.After(now.Add(identifySkew)) {
			return identifyError(IdentifyExpired, name+" lies in the future")
		}
	}
	return nil
}

func checkPerson(c identifyClaims) (Identified, error) {
	if c.Subject == "" || !isText(c.Subject, 255) || strings.TrimSpace(c.Subject) != c.Subject {
		return Identified{}, identifyError(IdentifyClaims, "sub must be a text of 1 to 255 characters")
	}
	if !isText(c.Name, 200) {
		return Identified{}, identifyError(IdentifyClaims, "name must be a text of at most 200 characters")
	}
	if !isText(c.Phone, 32) {
		return Identified{}, identifyError(IdentifyClaims, "phone must be a text of at most 32 characters")
	}
	if c.Email != "" {
		address, err := mail.ParseAddress(c.Email)
		if err != nil || address.Address != c.Email || !isText(c.Email, 254) {
			return Identified{}, identifyError(IdentifyClaims, "email is not an address")
		}
	}
	return Identified{
		Subject: c.Subject, Name: strings.TrimSpace(c.Name), Email: c.Email, Phone: strings.TrimSpace(c.Phone), Expires: c.ExpiresAt.Time,
	}, nil
}

// isText reports whether s has at most n characters and none that controls a screen or a database.
func isText(s string, n int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= n && !strings.ContainsFunc(s, unicode.IsControl)
}

func identifyError(code, message string) error {
	return &desk.Error{Kind: desk.KindUnauthentic, Code: code, Message: message}
}
