package sqlstore_test

import (
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// Whoever starts after a step back, be it that the node before ended well or was killed, makes no id a second time.
func TestNoIDTwiceWhenTheClockStepsBackAndTheNodeRestarts(t *testing.T) {
	t.Parallel()
	for name, killed := range map[string]bool{"ended": false, "killed": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachBare(t, func(t *testing.T, config sqlstore.Config) {
				now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
				var hand atomic.Int64 // milliseconds since
				advance := func(by time.Duration) { hand.Add(by.Milliseconds()) }
				config.Clock = func() time.Time { return now.Add(time.Duration(hand.Load()) * time.Millisecond) }
				made := map[desk.ID]bool{}
				draw := func(s *sqlstore.Store) {
					err := s.Update(t.Context(), 0, func(tx store.Tx) error {
						for range 500 {
							id := tx.NewID()
							if made[id] {
								t.Errorf("%d twice", id)
								return nil
							}
							made[id] = true
						}
						return nil
					})
					if err != nil {
						t.Fatal(err)
					}
				}
				start := func() *sqlstore.Store {
					if killed {
						return storetest.Open(t, config) // it is still there when the next one starts, as far as anybody can see
					}
					s, err := sqlstore.Open(t.Context(), config)
					if err != nil {
						t.Fatal(err)
					}
					return s
				}
				end := func(s *sqlstore.Store) {
					if killed {
						return
					}
					if err := s.Close(); err != nil {
						t.Fatal(err)
					}
				}
				first := start()
				draw(first)
				advance(-time.Hour)
				draw(first)
				if err := first.RenewSlot(t.Context()); err != nil { // as it does every few seconds
					t.Fatal(err)
				}
				end(first)
				second := start()
				draw(second)
				advance(time.Hour) // the instants of the first ids come again
				draw(second)
				end(second)
				third := start()
				draw(third)
				end(third)
			})
		})
	}
}
