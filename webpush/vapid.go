package webpush

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Identity is the key pair that tells push services who sends (VAPID, RFC 8292). Browsers subscribe to its public half, so it stays.
type Identity struct {
	private *ecdsa.PrivateKey
	public  string // base64url of the point
}

// tokenFor is how long a signed token counts; at most 24 h are allowed (RFC 8292, 2).
const tokenFor = 12 * time.Hour

// NewIdentity makes a key pair.
func NewIdentity() (Identity, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Identity{}, fmt.Errorf("make a key pair for push: %w", err)
	}
	return identityOf(private)
}

// ParseIdentity reads what Marshal wrote.
func ParseIdentity(der []byte) (Identity, error) {
	private, err := x509.ParseECPrivateKey(der)
	if err != nil {
		return Identity{}, fmt.Errorf("read the key pair for push: %w", err)
	}
	return identityOf(private)
}

func identityOf(private *ecdsa.PrivateKey) (Identity, error) {
	var point *ecdh.PublicKey
	point, err := private.PublicKey.ECDH()
	if err != nil {
		return Identity{}, fmt.Errorf("read the key pair for push: %w", err)
	}
	return Identity{private, base64.RawURLEncoding.EncodeToString(point.Bytes())}, nil
}

// Marshal writes the key pair, the private half included, as DER.
func (i Identity) Marshal() ([]byte, error) { return x509.MarshalECPrivateKey(i.private) }

// Public is what browsers subscribe to: applicationServerKey, base64url.
func (i Identity) Public() string { return i.public }

// authorization proves to the service of an endpoint that we send, and tells whom it may turn to: a mailto: or https: address.
func (i Identity) authorization(endpoint *url.URL, subject string, now time.Time) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{
		"aud": endpoint.Scheme + "://" + endpoint.Host, "exp": now.Add(tokenFor).Unix(), "sub": subject,
	})
	signed, err := token.SignedString(i.private)
	if err != nil {
		return "", fmt.Errorf("sign for the push service: %w", err)
	}
	return "vapid t=" + signed + ", k=" + i.public, nil
}
