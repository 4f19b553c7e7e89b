package auth_test

import (
	"strings"
	"testing"
	"time"

	"madoguchi/auth"
	"madoguchi/desk"
)

func wantCode(t *testing.T, what string, err error, kind desk.Kind, code string) {
	t.Helper()
	if desk.KindOf(err) != kind || desk.CodeOf(err) != code {
		t.Errorf("%s: got %v (%s, %s), want %s, %s", what, err, desk.KindOf(err), desk.CodeOf(err), kind, code)
	}
}

func TestTokensAreForOnePurpose(t *testing.T) {
	t.Parallel()
	purposes := []auth.Purpose{auth.SessionToken, auth.VisitorToken, auth.InviteToken, auth.ResetToken}
	for _, made := range purposes {
		plain, hash := auth.NewToken(made)
		if strings.Contains(hash, plain) || len(hash) != 64 {
			t.Errorf("hash %q of %q", hash, plain)
		}
		for _, asked := range purposes {
			got, err := auth.TokenHash(asked, plain)
			if asked == made {
				if err != nil || got != hash {
					t.Errorf("%s: %q, %v", made, got, err)
				}
				continue
			}
			wantCode(t, string(made)+" as "+string(asked), err, desk.KindUnauthentic, "token_invalid")
		}
	}
	one, _ := auth.NewToken(auth.VisitorToken)
	two, _ := auth.NewToken(auth.VisitorToken)
	if one == two {
		t.Error("the same token twice")
	}
}

func TestMalformedTokensAreRefused(t *testing.T) {
	t.Parallel()
	good, _ := auth.NewToken(auth.SessionToken)
	for _, bad := range []string{"", "mds_", good[:len(good)-1], good + "A", good + "=", strings.Replace(good, "mds_", "mds-", 1), " " + good, "mds_" + strings.Repeat("!", 43), "mds_" + strings.Repeat("é", 43), "mds_" + strings.Repeat("A", 42) + "B", strings.Repeat("x", 100_000)} {
		_, err := auth.TokenHash(auth.SessionToken, bad)
		wantCode(t, bad[:min(len(bad), 60)], err, desk.KindUnauthentic, "token_invalid")
	}
}

func TestAPIKeys(t *testing.T) {
	t.Parallel()
	const id desk.ID = 123456789
	plain, hash := auth.NewAPIKey(id)
	if !strings.HasPrefix(plain, "mdg_123456789_") || strings.Contains(hash, plain) {
		t.Errorf("key %q, hash %q", plain, hash)
	}
	if got, err := auth.APIKeyID(plain); err != nil || got != id {
		t.Errorf("id %d, %v", got, err)
	}
	stored := desk.APIKey{ID: id, Hash: hash}
	if err := auth.CheckAPIKey(plain, stored, time.Now()); err != nil {
		t.Errorf("the right key: %v", err)
	}
	other, _ := auth.NewAPIKey(id)
	wantCode(t, "another secret", auth.CheckAPIKey(other, stored, time.Now()), desk.KindUnauthentic, "api_key_invalid")
	wantCode(t, "the hash itself", auth.CheckAPIKey(hash, stored, time.Now()), desk.KindUnauthentic, "api_key_invalid")
	wantCode(t, "a record without hash", auth.CheckAPIKey(plain, desk.APIKey{ID: id}, time.Now()), desk.KindUnauthentic, "api_key_invalid")
	stored.ExpiresAt = time.Unix(100, 0)
	if err := auth.CheckAPIKey(plain, stored, time.Unix(99, 0)); err != nil {
		t.Errorf("before its end: %v", err)
	}
	wantCode(t, "expired", auth.CheckAPIKey(plain, stored, time.Unix(100, 0)), desk.KindUnauthentic, "api_key_invalid")
	stored.ExpiresAt, stored.RevokedAt = time.Time{}, time.Unix(1, 0)
	wantCode(t, "revoked", auth.CheckAPIKey(plain, stored, time.Now()), desk.KindUnauthentic, "api_key_invalid")

	for _, bad := range []string{"", "mdg_", "mdg_1", "mdg_1_", "mdg_x_" + strings.Repeat("A", 43), "mdg_-1_" + strings.Repeat("A", 43), "mdg_01_" + strings.Repeat("A", 43), "mdg_+1_" + strings.Repeat("A", 43), "mdg_99999999999999999999_" + strings.Repeat("A", 43), "MDG_1_" + strings.Repeat("A", 43), plain + "x", "Bearer " + plain} {
		_, err := auth.APIKeyID(bad)
		wantCode(t, bad, err, desk.KindUnauthentic, "api_key_invalid")
	}
}

func FuzzTokens(f *testing.F) {
	good, _ := auth.NewToken(auth.SessionToken)
	key, _ := auth.NewAPIKey(7)
	f.Add(good)
	f.Add(key)
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := auth.TokenHash(auth.SessionToken, s); err == nil && (len(s) != len(good) || !strings.HasPrefix(s, "mds_")) {
			t.Fatalf("%q passed as a session", s)
		}
		if id, err := auth.APIKeyID(s); err == nil && !strings.HasPrefix(s, "mdg_"+id.String()+"_") {
			t.Fatalf("%q passed as key %d", s, id)
		}
	})
}

func TestLinks(t *testing.T) {
	t.Parallel()
	secret, now := []byte("a secret of the key file, derived"), time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	token := auth.SignLink(secret, "file/7/42", now.Add(10*time.Minute))
	if err := auth.CheckLink(secret, "file/7/42", token, now.Add(10*time.Minute-time.Second)); err != nil {
		t.Errorf("within its time: %v", err)
	}
	wantCode(t, "at its end", auth.CheckLink(secret, "file/7/42", token, now.Add(10*time.Minute)), desk.KindForbidden, "link_expired")
	wantCode(t, "another file", auth.CheckLink(secret, "file/7/43", token, now), desk.KindForbidden, "link_invalid")
	wantCode(t, "another secret", auth.CheckLink([]byte("x"), "file/7/42", token, now), desk.KindForbidden, "link_invalid")
	later := auth.SignLink(secret, "file/7/42", now.Add(time.Hour))
	stitched := later[:strings.Index(later, ".")] + token[strings.Index(token, "."):]
	for _, bad := range []string{"", ".", "x.y", stitched, token + "A", token[1:], "zzzzzzzzzzzzzzzzzz" + token} {
		wantCode(t, bad, auth.CheckLink(secret, "file/7/42", bad, now), desk.KindForbidden, "link_invalid")
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	token, s := auth.NewSession(now)
	if hash, err := auth.TokenHash(auth.SessionToken, token); err != nil || hash != s.TokenHash || s.CSRF == "" || strings.Contains(token, s.CSRF) {
		t.Errorf("session %+v of %q: %v", s, token, err)
	}
	for _, c := range []struct {
		seen, at time.Duration
		alive    bool
	}{
		{0, 0, true},
		{0, auth.SessionIdle - 1, true},
		{0, auth.SessionIdle, false},
		{auth.SessionIdle / 2, auth.SessionIdle, true},
		{auth.SessionLifetime - 2, auth.SessionLifetime - 1, true},
		{auth.SessionLifetime - 2, auth.SessionLifetime, false},
	} {
		s.LastSeenAt = now.Add(c.seen)
		if got := auth.SessionAlive(s, now.Add(c.at)); got != c.alive {
			t.Errorf("seen after %v, asked after %v: alive=%v", c.seen, c.at, got)
		}
	}
	if s.LastSeenAt = now; auth.SessionNeedsTouch(s, now.Add(4*time.Minute)) || !auth.SessionNeedsTouch(s, now.Add(5*time.Minute)) {
		t.Error("touch every five minutes")
	}
	for _, secure := range []bool{false, true} {
		header := auth.SessionCookie(token, s, secure).String()
		if strings.HasPrefix(header, "__Host-") != secure {
			t.Errorf("cookie %q: neighbours plant it, or browsers refuse it", header)
		}
		for _, want := range []string{"madoguchi_session=" + token, "HttpOnly", "SameSite=Lax", "Path=/"} {
			if !strings.Contains(header, want) {
				t.Errorf("cookie %q lacks %s", header, want)
			}
		}
		if strings.Contains(header, "Secure") != secure {
			t.Errorf("cookie %q, want secure=%v", header, secure)
		}
		if ended := auth.EndedSessionCookie(secure).String(); !strings.Contains(ended, "Max-Age=0") || strings.Contains(ended, token) {
			t.Errorf("ended cookie %q", ended)
		}
	}
}
