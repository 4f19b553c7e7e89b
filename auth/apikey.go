package auth

import (
	"strings"

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
// bits. A wrong or revoked key is desk.KindUnauthentic with code "api_key_invalid".
func CheckAPIKey(plain string, stored desk.APIKey) error {
	if !equal(hashSecret(plain), stored.Hash) || !stored.RevokedAt.IsZero() {
		return apiKeyInvalid()
	}
	return nil
}

func apiKeyInvalid() error {
	return &desk.Error{Kind: desk.KindUnauthentic, Code: "api_key_invalid", Message: "no such API key"}
}
