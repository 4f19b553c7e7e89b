package auth_test

import (
	"testing"

	"github.com/alexedwards/argon2id"
)

// weakHash is a hash from a time of weaker parameters.
func weakHash(t *testing.T, password string) string {
	t.Helper()
	hash, err := argon2id.CreateHash(password, &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		t.Fatal(err)
	}
	return hash
}
