package store

import (
	"context"

	"madoguchi/desk"
)

// Result runs fn in one update and gives what fn made, or T's zero value with any error: a function whose fate is
// uncertain may still be running, so nothing that it makes is looked at. fn assigns nothing outside itself.
func Result[T any](ctx context.Context, s Store, workspace desk.ID, fn func(Tx) (T, error)) (T, error) {
	var made T
	err := s.Update(ctx, workspace, func(tx Tx) (err error) {
		made, err = fn(tx)
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return made, nil
}
