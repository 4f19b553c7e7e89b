package auth

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"madoguchi/desk"
)

// Lengths of a password in characters. There are no rules about digits and symbols: length is what helps.
const (
	MinPasswordLen = 10
	MaxPasswordLen = 256
)

// CheckNewPassword refuses a password that is too short or too long: desk.KindInvalid with code "password_too_short"
// (parameter min) or "password_too_long" (parameter max).
func CheckNewPassword(password string) error {
	switch n := utf8.RuneCountInString(norm.NFC.String(password)); {
	case n < MinPasswordLen:
		return &desk.Error{Kind: desk.KindInvalid, Code: "password_too_short", Field: "password",
			Params: map[string]string{"min": strconv.Itoa(MinPasswordLen)}, Message: "password is too short"}
	case n > MaxPasswordLen:
		return &desk.Error{Kind: desk.KindInvalid, Code: "password_too_long", Field: "password",
			Params: map[string]string{"max": strconv.Itoa(MaxPasswordLen)}, Message: "password is too long"}
	}
	return nil
}

// Passwords hashes with argon2id. Each hash takes 32 MiB and some 50 ms of one core, so only a few run at once:
// otherwise a burst of sign-ins would be a way to exhaust memory.
type Passwords struct {
	places chan struct{}
	params argon2id.Params
	decoy  func() (string, error) // hash of nobody's password
	hashes atomic.Int64
}

// Hashes is how many passwords were hashed, nobody's included, to be kept or to be compared.
func (p *Passwords) Hashes() int64 { return p.hashes.Load() }

// Cost is what one hash takes, of us and of who guesses.
type Cost struct{ Memory, Iterations uint32 } // Memory in KiB

// NewPasswords makes one that works on at most atOnce (at least 1) passwords at the same time; one per core is right.
func NewPasswords(atOnce int) *Passwords {
	return NewPasswordsOf(Cost{Memory: 32 << 10, Iterations: 3}, atOnce)
}

// NewPasswordsOf is NewPasswords at another cost; only tests want a lower one (authtest).
func NewPasswordsOf(c Cost, atOnce int) *Passwords {
	p := &Passwords{
		places: make(chan struct{}, max(atOnce, 1)),
		params: argon2id.Params{Memory: c.Memory, Iterations: c.Iterations, Parallelism: 1, SaltLength: 16, KeyLength: 32},
	}
	p.decoy = sync.OnceValues(func() (string, error) { return argon2id.CreateHash(newSecret(), &p.params) })
	return p
}

// Hash returns what to store for a password (PHC string). It waits for a place while ctx lasts.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if err := CheckNewPassword(password); err != nil {
		return "", err
	}
	leave, err := p.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	p.hashes.Add(1)
	hash, err := argon2id.CreateHash(norm.NFC.String(password), &p.params)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

// Verify reports whether the password is the one stored, and whether the hash is weaker than today's, so that it
// should be made anew now that the password is at hand. An unknown person's (or uninvited member's) stored hash is "":
// that takes as long as a wrong password, so the time does not tell who has an account.
func (p *Passwords) Verify(ctx context.Context, password, stored string) (ok, rehash bool, err error) {
	if len(password) > MaxPasswordLen*utf8.UTFMax {
		return false, false, nil
	}
	leave, err := p.enter(ctx)
	if err != nil {
		return false, false, err
	}
	defer leave()
	known := stored != ""
	if !known {
		if stored, err = p.decoy(); err != nil {
			return false, false, fmt.Errorf("verify password: %w", err)
		}
	}
	params, _, _, err := argon2id.DecodeHash(stored)
	if err != nil {
		return false, false, fmt.Errorf("verify password: %w", err)
	}
	if params.Iterations < 1 || params.Parallelism < 1 || params.Memory > 1<<20 || params.KeyLength < 16 {
		return false, false, fmt.Errorf("verify password: stored hash has impossible parameters %+v", *params)
	}
	p.hashes.Add(1)
	same, err := argon2id.ComparePasswordAndHash(norm.NFC.String(password), stored)
	if err != nil {
		return false, false, fmt.Errorf("verify password: %w", err)
	}
	ok = same && known
	return ok, ok && *params != p.params, nil
}

// enter waits for a place.
func (p *Passwords) enter(ctx context.Context) (leave func(), err error) {
	select {
	case p.places <- struct{}{}:
		return func() { <-p.places }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash password: %w", context.Cause(ctx))
	}
}
