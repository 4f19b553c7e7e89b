// Package rest is what the operations of the REST API share: how one is declared (permission, limits, idempotency), who
// calls, and how a failure is told.
package rest

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"

	"madoguchi/account"
	"madoguchi/audit"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/inbox"
)

// Exchange is one request and its answer.
type Exchange struct {
	ID      string // request id
	Request *http.Request
	Writer  http.ResponseWriter
	IP      netip.Addr
	HTTPS   bool   // the caller's side of the connection is encrypted
	Host    string // the name that the caller used, a trusted proxy's word included
	Relayed bool   // a proxy forwarded it, trusted or not
	Locale  desk.Locale
	Log     *slog.Logger
	Caller  *Caller // nil while nobody is known
	// Repeat is the Idempotency-Key, "" if there is none.
	Repeat string
}

type exchangeKey struct{}

// With puts the exchange into a context.
func With(ctx context.Context, x *Exchange) context.Context {
	return audit.With(context.WithValue(ctx, exchangeKey{}, x), x)
}

// AuditOrigin is who calls and from where, as the audit log notes it (J5).
func (x *Exchange) AuditOrigin() audit.Origin {
	o := audit.Origin{RequestID: x.ID}
	if x.IP.IsValid() {
		o.IP = x.IP.String()
	}
	if x.Caller != nil {
		o.Actor = x.Caller.Account().By
	}
	return o
}

// From finds the exchange of a request's context; never nil.
func From(ctx context.Context) *Exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*Exchange); ok {
		return x
	}
	return &Exchange{Locale: desk.LocaleEN, Log: slog.New(slog.DiscardHandler), Request: (&http.Request{}).WithContext(ctx)}
}

// Route is the pattern that the request matched, for logs and metrics: it holds no ids.
func (x *Exchange) Route() string {
	if x.Request == nil || x.Request.Pattern == "" {
		return "none"
	}
	return x.Request.Pattern
}

// Browser is where the request comes from.
func (x *Exchange) Browser() account.Browser {
	return account.Browser{IP: x.IP, UserAgent: x.Request.UserAgent()}
}

// Caller is who calls: a signed-in person or an API key.
type Caller struct {
	Signed *account.Signed // a person, or
	Key    *account.Key    // a program
}

// Workspace is the workspace that the call is about.
func (c *Caller) Workspace() desk.Workspace {
	if c.Key != nil {
		return c.Key.Workspace
	}
	return c.Signed.Workspace
}

// User is the person; for a program the one who made its key.
func (c *Caller) User() desk.ID {
	if c.Key != nil {
		return c.Key.Key.CreatedBy
	}
	return c.Signed.User.ID
}

// Can reports whether the caller has a permission (J3).
func (c *Caller) Can(p Permission) bool {
	if c.Key != nil {
		return c.Key.Can(p)
	}
	return c.Signed.Rights().Can(p)
}

// Scope is which conversations the caller sees (J2); see auth.KeyScope for programs.
func (c *Caller) Scope() desk.Scope {
	if c.Key != nil {
		return auth.KeyScope(c.Key.Maker)
	}
	return c.Signed.Member.Scope
}

// Account is the caller as who gives commands about people.
func (c *Caller) Account() account.Actor {
	if c.Key != nil {
		return c.Key.Actor()
	}
	return c.Signed.Actor()
}

// Inbox is the caller as who gives commands at the counter. A program writes under its maker's name.
func (c *Caller) Inbox() inbox.Actor {
	if c.Key != nil {
		a := inbox.Member(c.Key.Workspace, c.Key.Maker).With(c.Can)
		a.By = desk.Actor{Kind: desk.ActorAPIKey, ID: c.Key.Key.ID}
		a.Scope = c.Scope()
		return a
	}
	return inbox.Member(c.Signed.Workspace, c.Signed.Member)
}

// CallerOf is who calls an operation that is not Public; never nil there.
func CallerOf(ctx context.Context) *Caller { return From(ctx).Caller }

// rateKey tells callers apart for the rate limit.
func (x *Exchange) rateKey() string {
	switch {
	case x.Caller == nil:
		return "ip/" + auth.RateKey(x.IP)
	case x.Caller.Key != nil:
		return "key/" + x.Caller.Key.Key.ID.String()
	}
	return "user/" + x.Caller.Signed.User.ID.String()
}
