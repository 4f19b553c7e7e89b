package auth_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"madoguchi/auth"
	"madoguchi/desk"
)

func TestPasswordLengths(t *testing.T) {
	t.Parallel()
	for password, code := range map[string]string{
		"":                                    "password_too_short",
		"123456789":                           "password_too_short",
		"1234567890":                          "",
		"ひらがなだけの十文字です":                        "",
		"パスワードは九文字":                           "password_too_short",
		strings.Repeat("x", 256):              "",
		strings.Repeat("窓", 256):              "",
		strings.Repeat("x", 257):              "password_too_long",
		"e\u0301e\u0301e\u0301e\u0301e\u0301": "password_too_short", // five characters in ten pieces
	} {
		err := auth.CheckNewPassword(password)
		if code == "" && err != nil || code != "" && desk.CodeOf(err) != code {
			t.Errorf("%.20q: %v, want %q", password, err, code)
		}
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	p := auth.NewPasswords(2)
	hash, err := p.Hash(t.Context(), "かぎの言葉はとても長い")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=32768,t=3,p=1$") {
		t.Fatalf("hash %q, %v", hash, err)
	}
	verify := func(password, stored string) (bool, bool) {
		ok, rehash, err := p.Verify(t.Context(), password, stored)
		if err != nil {
			t.Errorf("verify: %v", err)
		}
		return ok, rehash
	}
	if ok, rehash := verify("かぎの言葉はとても長い", hash); !ok || rehash {
		t.Errorf("right password: %v, rehash %v", ok, rehash)
	}
	if ok, _ := verify("か\u3099ぎの言葉", hash); ok {
		t.Error("wrong password passed")
	}
	// The same text typed on a system that sends kana in pieces.
	if ok, _ := verify("かき\u3099の言葉はとても長い", hash); !ok {
		t.Error("composed and decomposed kana are the same password")
	}
	if ok, _ := verify("", ""); ok {
		t.Error("somebody without a password signed in")
	}
	if ok, _ := verify(strings.Repeat("x", 1_000_000), hash); ok {
		t.Error("a megabyte passed")
	}
	// A hash made when the parameters were weaker: "correct horse".
	const weak = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA"
	if _, _, err := p.Verify(t.Context(), "x", weak); err == nil {
		t.Error("a broken hash must be told from a wrong password")
	}
	for _, hostile := range []string{"$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHRzb21lc2FsdA$c29tZXNhbHRzb21lc2FsdA", "$argon2id$v=19$m=64,t=1,p=0$c29tZXNhbHRzb21lc2FsdA$c29tZXNhbHRzb21lc2FsdA", "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$c29tZXNhbHRzb21lc2FsdA", "plain"} {
		if ok, _, err := p.Verify(t.Context(), "x", hostile); ok || err == nil {
			t.Errorf("%s: %v, %v", hostile, ok, err)
		}
	}
	if _, err := p.Hash(t.Context(), "short"); desk.CodeOf(err) != "password_too_short" {
		t.Errorf("hashing a short one: %v", err)
	}
}

func TestOldHashesAreRenewed(t *testing.T) {
	t.Parallel()
	weak := weakHash(t, "correct horse battery")
	ok, rehash, err := auth.NewPasswords(1).Verify(t.Context(), "correct horse battery", weak)
	if err != nil || !ok || !rehash {
		t.Errorf("ok %v, rehash %v, %v", ok, rehash, err)
	}
	if ok, rehash, err := auth.NewPasswords(1).Verify(t.Context(), "wrong", weak); ok || rehash || err != nil {
		t.Errorf("wrong: ok %v, rehash %v, %v", ok, rehash, err)
	}
}

func TestHashingWaitsForAPlaceOnlyWhileWanted(t *testing.T) {
	t.Parallel()
	gone := errors.New("the browser went away")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(gone)
	p := auth.NewPasswords(1)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := p.Hash(t.Context(), "long enough a password"); err != nil {
				t.Errorf("everyone gets a turn: %v", err)
			}
		})
	}
	wg.Wait()
	leave, err := auth.Enter(p, t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	for range 20 {
		if _, _, err := p.Verify(ctx, "x", ""); !errors.Is(err, gone) {
			t.Errorf("served while the only place was taken: %v", err)
		}
	}
}

func BenchmarkHash(b *testing.B) {
	p := auth.NewPasswords(1)
	for b.Loop() {
		if _, err := p.Hash(b.Context(), "long enough a password"); err != nil {
			b.Fatal(err)
		}
	}
}
