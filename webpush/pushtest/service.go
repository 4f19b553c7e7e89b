// Package pushtest is a push service for tests: it takes what is sent to its browsers as a real one would, checks who signed it
// (RFC 8292), and shows what the browser decrypts (RFC 8291).
package pushtest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Service is a push service.
type Service struct {
	*httptest.Server
	Now    func() time.Time // by which tokens count
	Public string           // the application server's key that its browsers subscribed to, base64url

	mu       sync.Mutex
	browsers map[string]*Browser
}

// Browser is one subscription at the service.
type Browser struct {
	Endpoint, P256DH, Auth string

	private *ecdh.PrivateKey
	secret  []byte
	service *Service
	answers []int
	got     []Pushed
}

// Pushed is a message as the browser's worker gets it.
type Pushed struct {
	Text                string
	Topic, TTL, Urgency string
	Subject             string // whom the sender named
}

// New begins a service that ends with the test.
func New(t testing.TB, now func() time.Time) *Service {
	s := &Service{Now: now, browsers: map[string]*Browser{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.push))
	t.Cleanup(s.Close)
	return s
}

// Subscribe makes a browser.
func (s *Service) Subscribe(t testing.TB) *Browser {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b := &Browser{private: private, secret: make([]byte, 16), service: s}
	rand.Read(b.secret)
	s.mu.Lock()
	defer s.mu.Unlock()
	path := "/push/" + strconv.Itoa(len(s.browsers)+1)
	b.Endpoint = s.URL + path
	b.P256DH = base64.RawURLEncoding.EncodeToString(private.PublicKey().Bytes())
	b.Auth = base64.RawURLEncoding.EncodeToString(b.secret)
	s.browsers[path] = b
	return b
}

// Answer lets the service answer the next messages with these statuses instead of taking them.
func (b *Browser) Answer(statuses ...int) {
	b.service.mu.Lock()
	defer b.service.mu.Unlock()
	b.answers = append(b.answers, statuses...)
}

// Got hands out what came since the last call.
func (b *Browser) Got() (got []Pushed) {
	b.service.mu.Lock()
	defer b.service.mu.Unlock()
	got, b.got = b.got, nil
	return got
}

func (s *Service) push(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.browsers[r.URL.Path]
	if b == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	subject, err := s.signed(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || len(body) > 4096 {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	text, err := b.decrypt(body)
	if err != nil || r.Header.Get("Content-Encoding") != "aes128gcm" {
		http.Error(w, fmt.Sprint(err), http.StatusBadRequest)
		return
	}
	if len(b.answers) > 0 {
		status := b.answers[0]
		b.answers = b.answers[1:]
		w.WriteHeader(status)
		return
	}
	b.got = append(b.got, Pushed{Text: text, Topic: r.Header.Get("Topic"), TTL: r.Header.Get("TTL"), Urgency: r.Header.Get("Urgency"), Subject: subject})
	w.WriteHeader(http.StatusCreated)
}

// signed checks the token: ES256 under the key that the browsers subscribed to, for this service, not for longer than a day.
func (s *Service) signed(r *http.Request) (subject string, err error) {
	fields, ok := strings.CutPrefix(r.Header.Get("Authorization"), "vapid t=")
	token, key, both := strings.Cut(fields, ", k=")
	if !ok || !both || key != s.Public {
		return "", fmt.Errorf("authorization %q", r.Header.Get("Authorization"))
	}
	point, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil || len(point) != 65 {
		return "", fmt.Errorf("key %q", key)
	}
	public := &ecdsa.PublicKey{Curve: elliptic.P256(), X: new(big.Int).SetBytes(point[1:33]), Y: new(big.Int).SetBytes(point[33:])}
	var claims jwt.RegisteredClaims
	_, err = jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return public, nil },
		jwt.WithValidMethods([]string{"ES256"}), jwt.WithAudience(s.URL), jwt.WithExpirationRequired(), jwt.WithTimeFunc(s.Now))
	if err != nil {
		return "", err
	}
	if claims.ExpiresAt.After(s.Now().Add(24 * time.Hour)) {
		return "", fmt.Errorf("token counts until %s", claims.ExpiresAt)
	}
	if !strings.HasPrefix(claims.Subject, "mailto:") && !strings.HasPrefix(claims.Subject, "https://") {
		return "", fmt.Errorf("subject %q", claims.Subject)
	}
	return claims.Subject, nil
}

// decrypt is written from RFC 8188 and RFC 8291, apart from what encrypts.
func (b *Browser) decrypt(body []byte) (string, error) {
	if len(body) < 21+65+16 || body[20] != 65 || binary.BigEndian.Uint32(body[16:]) < uint32(len(body)-86) {
		return "", fmt.Errorf("header of %d bytes", len(body))
	}
	salt, sender, sealed := body[:16], body[21:86], body[86:]
	public, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		return "", err
	}
	shared, err := b.private.ECDH(public)
	if err != nil {
		return "", err
	}
	info := "WebPush: info\x00" + string(b.private.PublicKey().Bytes()) + string(sender)
	input, err := hkdf.Key(sha256.New, shared, b.secret, info, 32)
	if err != nil {
		return "", err
	}
	key, err := hkdf.Key(sha256.New, input, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return "", err
	}
	nonce, err := hkdf.Key(sha256.New, input, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return "", err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return "", err
	}
	opened, err := aead.Open(nil, nonce, sealed, nil)
	if err != nil {
		return "", err
	}
	text, last := strings.CutSuffix(strings.TrimRight(string(opened), "\x00"), "\x02")
	if !last {
		return "", fmt.Errorf("the record does not end")
	}
	return text, nil
}
