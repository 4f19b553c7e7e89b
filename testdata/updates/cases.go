// Package updates is what ../../updates_test.go looks at: functions whose names begin with racy look at what an update
// assigns although it may be running; the others do not.
package updates

func racyReturn(ctx C, s Store) (string, error) {
	var made string
	err := s.Update(ctx, 1, func(tx Tx) error {
		made = tx.Name()
		return nil
	})
	return made, err
}

func racyNamedResult(ctx C, s Store) (made string, err error) {
	err = s.Update(ctx, 1, func(tx Tx) error {
		made = tx.Name()
		return nil
	})
	if err != nil {
		return "", err // assigns made
	}
	return made, nil
}

func racyNamedResultRead(ctx C, s Store) (made string, err error) {
	made = "x"
	if err := s.Update(ctx, 1, func(tx Tx) error { return tx.Put(made) }); err != nil {
		return "", err
	}
	return made, nil
}

func racyError(ctx C, s Store) error {
	var err error
	err = s.Update(ctx, 1, func(tx Tx) error {
		err = tx.Put("x")
		return err
	})
	return err
}

func racyOneReturn(ctx C, s Store) (string, error) {
	var made string
	return made, s.Update(ctx, 1, func(tx Tx) error {
		made = tx.Name()
		return nil
	})
}

func racyLog(ctx C, s Store) error {
	var made record
	err := s.Update(ctx, 1, func(tx Tx) error {
		made.name = tx.Name()
		return nil
	})
	if err != nil {
		print(made.name)
		return err
	}
	return nil
}

func racyBeforeTheCheck(ctx C, s Store) error {
	n := 0
	err := s.Update(ctx, 1, func(tx Tx) error {
		n++
		return nil
	})
	print(n)
	if err != nil {
		return err
	}
	return nil
}

func racyNoReturn(ctx C, s Store) int {
	n := 0
	if err := s.Update(ctx, 1, func(tx Tx) error { return scan(&n) }); err != nil {
		print(err)
	}
	return n
}

func racyOr(ctx C, s Store) error {
	found := false
	err := s.Update(ctx, 1, func(tx Tx) error {
		found = true
		return nil
	})
	if !found || err != nil {
		return err
	}
	return nil
}

func racyMethod(ctx C, s Store) record {
	r := record{}
	_ = s.Update(ctx, 1, func(tx Tx) error {
		r.fill(tx)
		return nil
	})
	return r
}

func racyWrapped(ctx C, s service) (string, error) {
	var made string
	err := s.atDesk(ctx, func(tx Tx) error {
		made = tx.Name()
		return nil
	})
	return made, err
}

func racyWrappedTwice(ctx C, s service) (string, error) {
	var made string
	err := s.atOpenDesk(ctx, func(tx Tx) error {
		made = tx.Name()
		return nil
	})
	return made, err
}

func racyNextRound(ctx C, s Store) error {
	n := 0
	for range 3 {
		err := s.Update(ctx, 1, func(tx Tx) error {
			n++
			return nil
		})
		if err != nil {
			continue
		}
	}
	return nil
}

func racyLostError(ctx C, s Store) (string, error) {
	var made string
	err := s.Update(ctx, 1, func(tx Tx) error {
		made = tx.Name()
		return nil
	})
	err = other(err)
	if err != nil {
		return "", err
	}
	return made, nil
}

func (r *record) racyReceiver(ctx C, s Store) error {
	return s.Update(ctx, 1, func(tx Tx) error {
		r.name = tx.Name()
		return nil
	})
}

func racySwitch(ctx C, s Store) (string, error) {
	var made string
	err := s.Update(ctx, 1, func(tx Tx) error {
		made = tx.Name()
		return nil
	})
	switch {
	case err == nil:
		return made, nil
	case made == "":
		return "", err
	}
	return "", err
}

func racyInResult(ctx C, s Store) (string, error) {
	var made string
	id, err := Result(ctx, s, 1, func(tx Tx) (string, error) {
		made = tx.Name()
		return made, nil
	})
	return id + made, err
}

func checked(ctx C, s Store) (string, error) {
	var made string
	err := s.Update(ctx, 1, func(tx Tx) error {
		made = tx.Name()
		return nil
	})
	if err != nil {
		return "", err
	}
	return made, nil
}

func checkedAtOnce(ctx C, s Store) (string, error) {
	var made string
	if err := s.Update(ctx, 1, func(tx Tx) (err error) {
		made, err = tx.Read()
		return err
	}); err != nil || made == "" {
		return "", err
	}
	return made, nil
}

func checkedGood(ctx C, s Store) error {
	n := 0
	err := s.Update(ctx, 1, func(tx Tx) error {
		n++
		return nil
	})
	if err == nil && n > 0 {
		print(n)
	}
	return err
}

func checkedSwitch(ctx C, s Store) (string, error) {
	var made string
	err := s.Update(ctx, 1, func(tx Tx) error {
		made = tx.Name()
		return nil
	})
	switch {
	case err == nil && made != "":
		return made, nil
	case err != nil:
		return "", err
	default:
		return made, nil
	}
}

func checkedRounds(ctx C, s Store) {
	for {
		var n int
		err := s.Update(ctx, 1, func(tx Tx) error {
			n++
			return nil
		})
		if err != nil {
			continue
		}
		print(n)
	}
}

func checkedResult(ctx C, s Store) (made string, err error) {
	return Result(ctx, s, 1, func(tx Tx) (made string, err error) {
		made = tx.Name()
		return made, nil
	})
}

func checkedView(ctx C, s Store) (made string, err error) {
	err = s.View(ctx, 1, func(r Reader) error {
		made = r.Name()
		return nil
	})
	return made, err
}

func checkedField(ctx C, s Store) (name string, err error) {
	made, err := Result(ctx, s, 1, func(tx Tx) (record, error) { return record{name: tx.Name()}, nil })
	return made.name, err
}

func (s service) atDesk(ctx C, fn func(Tx) error) error {
	return s.store.Update(ctx, 1, func(tx Tx) error {
		if err := tx.Put("desk"); err != nil {
			return err
		}
		return fn(tx)
	})
}

func (s service) atOpenDesk(ctx C, fn func(Tx) error) error { return s.atDesk(ctx, fn) }

func (r *record) fill(tx Tx) { r.name = tx.Name() }

func racyAssignment(ctx C, s Store, n int) error {
	err := s.Update(ctx, 1, func(tx Tx) error { return tx.Count(n) })
	n++
	return err
}

func racyAssignmentInTheNextRound(ctx C, s Store) {
	n := 0
	for n < 3 {
		if err := s.Update(ctx, 1, func(tx Tx) error { return tx.Count(n) }); err != nil {
			print(err)
		}
		n++
	}
}

func checkedAssignment(ctx C, s Store, n int) error {
	err := s.Update(ctx, 1, func(tx Tx) error { return tx.Count(n) })
	if err == nil {
		n++
	}
	print(n)
	return err
}
