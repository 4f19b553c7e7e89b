package auth

import (
	"strings"
	"time"

	"madoguchi/desk"
)

// apiKeyPrefix marks our keys, for people and for scanners that look for leaked ones.
const apiKeyPrefix = "mdg_"

// NewAPIKey makes the key "mdg_<id>_<secret>" for the record with that ID. Show plain once, store hash.
func NewAPIKey(id desk.ID) (plain, hash string) {
	plain = apiKeyPrefix + id.String() + "_" + newSecret()
	return plain, hashSecret(plain)
}

// APIKeyID reads which record a key claims to be; anything that is no key is desk.KindUnauthentic with code
// "api_key_invalid". It proves nothing: load the record, then ask CheckAPIKey.
func APIKeyID(plain string) (desk.ID, error) {
	rest, ok := strings.CutPrefix(plain, apiKeyPrefix)
	number, secret, found := strings.Cut(rest, "_")
	id, err := desk.ParseID(number)
	if !ok || !found || err != nil || id.String() != number || !isSecret(secret) {
		return 0, apiKeyInvalid()
	}
	return id, nil
}

// APIKeyHash is the hash under which a key is looked up; it proves as little as APIKeyID.
func APIKeyHash(plain string) string { return hashSecret(plain) }

// CheckAPIKey proves a key against its record, in constant time and without a password hash: a key carries 256 random
// bits. A wrong, revoked or expired key is desk.KindUnauthentic with code "api_key_invalid".
func CheckAPIKey(plain string, stored desk.APIKey, now time.Time) error {
	if !equal(hashSecret(plain), stored.Hash) || !KeyAlive(stored, now) {
		return apiKeyInvalid()
	}
	return nil
}

// KeyAlive reports whether a key counts at an instant: neither revoked nor expired.
func KeyAlive(k desk.APIKey, now time.Time) bool {
	return k.RevokedAt.IsZero() && (k.ExpiresAt.IsZero() || now.Before(k.ExpiresAt))
}

func apiKeyInvalid() error {
	return &desk.Error{Kind: desk.KindUnauthentic, Code: "api_key_invalid", Message: "no such API key"}
}
