// Package webpush speaks to browsers' push services: it encrypts a message for one browser (RFC 8291), signs who sends it
// (RFC 8292) and asks the service to deliver it (RFC 8030).
//
// It is written on the standard library's primitives instead of taking a module: the one in use computes with the deprecated
// elliptic package, cannot be held against the RFC's example, and ignores the expiry that it is given.
package webpush

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// Subscription is where and how one browser is reached, as its PushSubscription says it.
type Subscription struct {
	Endpoint string `json:"endpoint"`
	P256DH   string `json:"p256dh"` // the browser's public key, base64url
	Auth     string `json:"auth"`   // the browser's secret, base64url
}

// MaxMessage is how many bytes a message may have: every push service carries 4096 with the overhead (RFC 8030, 7.2).
const MaxMessage = 3000

const (
	saltLen   = 16
	authLen   = 16
	keyIDLen  = 65   // an uncompressed point
	record    = 4096 // one record: the whole message
	delimiter = 2    // ends the last record's text (RFC 8188, 2)
	padTo     = 256  // hides how long a message is
)

// ErrKeys says that a subscription's keys are none.
var ErrKeys = errors.New("keys of the push subscription are invalid")

// Check reports ErrKeys for a subscription that nothing can be encrypted for.
func (s Subscription) Check() error {
	_, _, err := s.keys()
	return err
}

func (s Subscription) keys() (public *ecdh.PublicKey, auth []byte, err error) {
	raw, err := decode(s.P256DH)
	if err != nil {
		return nil, nil, ErrKeys
	}
	if public, err = ecdh.P256().NewPublicKey(raw); err != nil {
		return nil, nil, ErrKeys
	}
	if auth, err = decode(s.Auth); err != nil || len(auth) != authLen {
		return nil, nil, ErrKeys
	}
	return public, auth, nil
}

// decode reads base64url with or without padding: browsers write both.
func decode(text string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
}

// Encrypt makes the body that carries a message of at most MaxMessage bytes to a browser (RFC 8291).
func Encrypt(message []byte, to Subscription) ([]byte, error) {
	if len(message) > MaxMessage {
		return nil, fmt.Errorf("push message of %d bytes, at most %d", len(message), MaxMessage)
	}
	ours, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key for the push message: %w", err)
	}
	salt := make([]byte, saltLen)
	rand.Read(salt) // never fails
	text := append(append(make([]byte, 0, len(message)+padTo), message...), delimiter)
	for len(text)%padTo != 0 {
		text = append(text, 0)
	}
	return seal(text, to, ours, salt)
}

// seal encrypts one record's text, delimiter included, with the key pair and salt given.
func seal(text []byte, to Subscription, ours *ecdh.PrivateKey, salt []byte) ([]byte, error) {
	theirs, auth, err := to.keys()
	if err != nil {
		return nil, err
	}
	shared, err := ours.ECDH(theirs)
	if err != nil {
		return nil, fmt.Errorf("agree on a key with the browser: %w", err)
	}
	aead, nonce, err := contentKey(shared, auth, salt, theirs.Bytes(), ours.PublicKey().Bytes())
	if err != nil {
		return nil, err
	}
	body := append(make([]byte, 0, saltLen+5+keyIDLen+len(text)+aead.Overhead()), salt...)
	body = binary.BigEndian.AppendUint32(body, record)
	body = append(append(body, keyIDLen), ours.PublicKey().Bytes()...)
	return aead.Seal(body, nonce, text, nil), nil
}

// contentKey derives the cipher and nonce of the only record (RFC 8291, 3.4; RFC 8188, 2.2 and 2.3).
func contentKey(shared, auth, salt, browser, server []byte) (cipher.AEAD, []byte, error) {
	derive := func(secret, salt []byte, info string, length int) []byte {
		key, err := hkdf.Key(sha256.New, secret, salt, info, length)
		if err != nil { // impossible: the lengths are ours
			return nil
		}
		return key
	}
	input := derive(shared, auth, "WebPush: info\x00"+string(browser)+string(server), 32)
	block, err := aes.NewCipher(derive(input, salt, "Content-Encoding: aes128gcm\x00", 16))
	if err != nil {
		return nil, nil, fmt.Errorf("make the push message's cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, nil, fmt.Errorf("make the push message's cipher: %w", err)
	}
	return aead, derive(input, salt, "Content-Encoding: nonce\x00", aead.NonceSize()), nil
}
