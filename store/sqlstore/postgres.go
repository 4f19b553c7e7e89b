package sqlstore

import (
	"context"
	"errors"
)

func newPostgres(ctx context.Context, s *Store) (database, error) {
	return nil, errors.New("not yet")
}

func (s *Store) migratePostgres(ctx context.Context) error { return errors.New("not yet") }
