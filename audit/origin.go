package audit

import (
	"context"

	"madoguchi/desk"
)

// Origin is where a deed comes from.
type Origin struct {
	Actor     desk.Actor // zero while nobody is known, as at a sign-in
	IP        string
	RequestID string
}

// Source tells the origin of what is done in a context, at the moment it is done: who calls is known only after the
// request was let in.
type Source interface{ AuditOrigin() Origin }

type (
	sourceKey struct{}
	quietKey  struct{}
)

// With says where what is done in a context comes from. Without it the desk itself acts: the command line, a timer.
func With(ctx context.Context, s Source) context.Context {
	return context.WithValue(ctx, sourceKey{}, s)
}

// Quiet keeps what is done in a context from being derived entry by entry: for a deed of a thousand records that is noted
// as one. Deeds that services note themselves stay.
func Quiet(ctx context.Context) context.Context { return context.WithValue(ctx, quietKey{}, true) }

func originOf(ctx context.Context) Origin {
	if s, ok := ctx.Value(sourceKey{}).(Source); ok {
		return s.AuditOrigin()
	}
	return Origin{}
}

func quiet(ctx context.Context) bool { return ctx.Value(quietKey{}) != nil }
