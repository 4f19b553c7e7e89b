package updates

// C is a context.
type C = any

// Store runs updates.
type Store interface {
	Update(ctx C, workspace int, fn func(Tx) error) error
	View(ctx C, workspace int, fn func(Reader) error) error
}

// Reader reads.
type Reader interface {
	Name() string
	Read() (string, error)
}

// Tx reads and writes.
type Tx interface {
	Reader
	Put(string) error
	Count(int) error
}

// Result is store.Result.
func Result[T any](ctx C, s Store, workspace int, fn func(Tx) (T, error)) (T, error) {
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

type record struct{ name string }

type service struct{ store Store }

func scan(n *int) error { *n = 1; return nil }

func other(err error) error { return err }
