// Package account is about people and the programs that act for them: set-up, sign-in, invitations, members, API keys.
//
// Each command is one transaction. Who may give a command is decided before it arrives here, except what only the
// records can tell: that the last owner stays, that nobody changes somebody above them.
package account

import (
	"context"
	"log/slog"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// Config is what a Service needs.
type Config struct {
	Store     store.Store
	Passwords *auth.Passwords // nil = one at a time
	Now       desk.Clock      // nil = time.Now
	Log       *slog.Logger    // nil = slog.Default()
}

// Service keeps accounts. It is safe for concurrent use.
type Service struct {
	store     store.Store
	passwords *auth.Passwords
	now       desk.Clock
	log       *slog.Logger

	byAddress *auth.Limiter // failed sign-ins
	byEmail   *auth.Limiter
}

// Failed sign-ins that are let through before one has to wait.
var (
	perAddress = auth.Limit{Burst: 50, Every: 12 * time.Second}
	perEmail   = auth.Limit{Burst: 10, Every: time.Minute}
)

const rememberedCallers = 10_000

// New makes the service.
func New(c Config) *Service {
	if c.Passwords == nil {
		c.Passwords = auth.NewPasswords(1)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Service{
		store: c.Store, passwords: c.Passwords, now: c.Now, log: c.Log,
		byAddress: auth.NewLimiter(perAddress, rememberedCallers, c.Now),
		byEmail:   auth.NewLimiter(perEmail, rememberedCallers, c.Now),
	}
}

// Actor is who gives a command: a member or an API key.
type Actor struct {
	Workspace desk.ID
	By        desk.Actor
	User      desk.ID // the member; for an API key the one who made it
	// Can is what they may do, which bounds what they may give to others and do to them (auth.MayGive); nil = nothing.
	Can func(auth.Permission) bool
}

func (a Actor) may(p auth.Permission) bool { return a.Can != nil && a.Can(p) }

// everything is what the server itself may do.
func everything(auth.Permission) bool { return true }

// update runs a command in the actor's workspace, one after another.
func (s *Service) update(ctx context.Context, a Actor, fn func(store.Tx) error) error {
	return s.store.Update(ctx, a.Workspace, func(tx store.Tx) error {
		if err := InOrder(tx); err != nil {
			return err
		}
		return fn(tx)
	})
}

// result is update for a command that makes something: what it made, or nothing with any error (store.Result).
func result[T any](ctx context.Context, s *Service, a Actor, fn func(store.Tx) (T, error)) (T, error) {
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (T, error) {
		if err := InOrder(tx); err != nil {
			var none T
			return none, err
		}
		return fn(tx)
	})
}

// InOrder holds the workspace's row until the transaction ends: administration is rare, so its edits go one after
// another, and what one of them read is still so when it writes.
func InOrder(tx store.Tx) error {
	_, err := tx.WriteWorkspaces().NextTicketNumbers(0)
	return err
}

const (
	maxName  = 100 // runes
	maxEmail = 254 // bytes
)

// checkEmail returns an address in the spelling it is kept in.
func checkEmail(email string) (string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	address, err := mail.ParseAddress(email)
	if err != nil || address.Address != email || len(email) > maxEmail {
		return "", desk.Invalid("email", "email_invalid", "%.60q is no e-mail address", email)
	}
	return email, nil
}

// checkName returns a name without what no name holds.
func checkName(field, name string) (string, error) {
	name = desk.CleanName(name)
	if name == "" {
		return "", desk.Invalid(field, "name_missing", "%s is empty", field)
	}
	if utf8.RuneCountInString(name) > maxName {
		return "", desk.Invalid(field, "name_too_long", "%s is longer than %d characters", field, maxName)
	}
	return name, nil
}

func checkZone(zone string) error {
	if zone == "" {
		return desk.Invalid("zone", "zone_invalid", "no time zone")
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		return desk.Invalid("zone", "zone_invalid", "%.60q is no time zone", zone)
	}
	return nil
}

// nameOf is a name for somebody who gave none.
func nameOf(name, email string) string {
	if strings.TrimSpace(name) != "" {
		return name
	}
	local, _, _ := strings.Cut(email, "@")
	return local
}
