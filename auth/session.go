package auth

import (
	"net/http"
	"time"

	"madoguchi/desk"
)

// The life of a session.
const (
	SessionIdle     = 14 * 24 * time.Hour // without a request it ends after this
	SessionLifetime = 60 * 24 * time.Hour // and after this in any case
	sessionTouch    = 5 * time.Minute     // LastSeenAt need not be more exact
)

// NewSession makes the secrets and times of a session that begins now; the caller fills in who and where. The token
// goes into the cookie (SessionCookie) and nowhere else. A new sign-in always makes a new session: nothing that a
// browser had before signing in becomes valid by it.
func NewSession(now time.Time) (token string, s desk.Session) {
	token, hash := NewToken(SessionToken)
	return token, desk.Session{
		TokenHash: hash, CSRF: newSecret(), CreatedAt: now, LastSeenAt: now, ExpiresAt: now.Add(SessionLifetime),
	}
}

// SessionAlive reports whether a session still counts.
func SessionAlive(s desk.Session, now time.Time) bool {
	return now.Before(s.ExpiresAt) && now.Sub(s.LastSeenAt) < SessionIdle
}

// SessionNeedsTouch reports whether LastSeenAt is old enough to be worth a write.
func SessionNeedsTouch(s desk.Session, now time.Time) bool {
	return now.Sub(s.LastSeenAt) >= sessionTouch
}

// SessionCookieName is the cookie's name over plain HTTP.
const SessionCookieName = "madoguchi_session"

// SessionCookieNameOver is the cookie's name where the desk is served by TLS (secure) or not. Browsers take a name that begins
// with __Host- from the desk's own host alone, so that no neighbour under the same domain plants a session.
func SessionCookieNameOver(secure bool) string {
	if secure {
		return "__Host-" + SessionCookieName
	}
	return SessionCookieName
}

// SessionCookie carries a session's token: unreadable for scripts, never sent along with another site's subrequests,
// and only over TLS where the desk is served by TLS (secure). A link from outside may open the desk signed in (Lax).
func SessionCookie(token string, s desk.Session, secure bool) *http.Cookie {
	return &http.Cookie{
		Name: SessionCookieNameOver(secure), Value: token, Path: "/", Expires: s.ExpiresAt,
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	}
}

// EndedSessionCookie makes the browser forget its session.
func EndedSessionCookie(secure bool) *http.Cookie {
	return &http.Cookie{Name: SessionCookieNameOver(secure), Path: "/", MaxAge: -1, HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode}
}
