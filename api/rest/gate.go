package rest

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"madoguchi/account"
	"madoguchi/auth"
	"madoguchi/desk"
)

// Accounts is who knows what a cookie or key stands for.
type Accounts interface {
	Resolve(ctx context.Context, token string) (account.Signed, error)
	ResolveKey(ctx context.Context, plain string) (account.Key, error)
}

// Gate stands before every operation: who calls, whether another site made the browser call, whether they may, and
// whether they call too often. It reads what the operation declared; nothing is decided anywhere else.
type Gate struct {
	Accounts Accounts
	Own      string // our origin, "https://desk.example.com"
	Limiter  *auth.Limiter
}

// Middleware is the gate for huma.
func (g *Gate) Middleware(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	x := From(r.Context())
	op, declared := Declared(ctx.Operation())
	if !declared {
		WriteProblem(w, r, desk.Errorf(desk.KindInternal, "internal", "operation %s declares no permission", ctx.Operation().OperationID))
		return
	}
	if err := g.Admit(w, r, x, op); err != nil {
		WriteProblem(w, r, err)
		return
	}
	next(ctx)
}

// Admit decides whether an exchange may go on to an operation, and fills in who calls.
func (g *Gate) Admit(w http.ResponseWriter, r *http.Request, x *Exchange, op Op) error {
	key := r.Header.Get("Idempotency-Key")
	if len(key) > maxIdempotencyKey || strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c > '~' }) {
		return desk.Invalid("Idempotency-Key", "idempotency_key_invalid", "an idempotency key is at most %d printable characters", maxIdempotencyKey)
	}
	if op.Idempotent {
		x.Repeat = key
	}
	refused := g.authenticate(r, x, op)
	decision := g.Limiter.Take(x.rateKey(), 1) // also of who is nobody: trying keys is not free
	decision.SetHeaders(w.Header())
	if err := decision.Err(); err != nil {
		return err
	}
	if refused != nil {
		return refused
	}
	return permit(x, op)
}

// authenticate finds the caller. A key in Authorization is looked at first and alone: then no cookie counts, and no
// other site can have made the call.
func (g *Gate) authenticate(r *http.Request, x *Exchange, op Op) error {
	if bearer, ok := bearerOf(r); ok {
		if op.Can == Public {
			return nil
		}
		key, err := g.Accounts.ResolveKey(r.Context(), bearer)
		if err != nil {
			return err
		}
		x.Caller = &Caller{Key: &key}
		return nil
	}
	expected := ""
	if op.Can != Public {
		cookie, err := r.Cookie(auth.SessionCookieNameOver(x.HTTPS))
		if err != nil {
			return desk.Errorf(desk.KindUnauthentic, "not_signed_in", "no session cookie")
		}
		signed, err := g.Accounts.Resolve(r.Context(), cookie.Value)
		if err != nil {
			return err
		}
		x.Caller, expected = &Caller{Signed: &signed}, signed.Session.CSRF
		x.Locale = signed.User.Locale
	}
	return auth.CheckCookieRequest(g.cookieRequest(r, x, expected))
}

func (g *Gate) cookieRequest(r *http.Request, x *Exchange, expected string) auth.CookieRequest {
	scheme := "http://"
	if x.HTTPS {
		scheme = "https://"
	}
	return auth.CookieRequest{
		Method: r.Method, WebSocket: strings.EqualFold(r.Header.Get("Upgrade"), "websocket"),
		Origin: r.Header.Get("Origin"), FetchSite: r.Header.Get("Sec-Fetch-Site"),
		Token: r.Header.Get("X-CSRF-Token"), Expected: expected,
		// The name we were called by is ours as well: a browser that was lured here by another name has no cookie for it.
		Own: []string{g.Own, scheme + x.Host},
	}
}

func bearerOf(r *http.Request) (string, bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return "", false
	}
	return strings.TrimSpace(token), true
}

func permit(x *Exchange, op Op) error {
	if op.PersonOnly && x.Caller != nil && x.Caller.Key != nil {
		return desk.Errorf(desk.KindForbidden, "person_needed", "%s is for people", op.ID)
	}
	if op.Can == Public || op.Can == SignedIn || x.Caller.Can(op.Can) {
		return nil
	}
	e := desk.Errorf(desk.KindForbidden, "forbidden", "%s needs %s", op.ID, op.Can)
	e.Params = map[string]string{"permission": string(op.Can)}
	return e
}

// OriginOf is the origin of an address, as browsers write it: scheme, host, and the port unless it is the usual one.
func OriginOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	} else {
		host = strings.TrimSuffix(host, ":80")
	}
	return u.Scheme + "://" + host
}
