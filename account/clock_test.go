package account_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store/storetest"
)

// A clock that steps back ends no session and makes none last longer than its life; one that jumps ahead ends them, and they count again
// when it was a mistake.
func TestSessionsAndAClockThatSteps(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	s := service(t, storetest.SQLite(t), func() time.Time { return now })
	setup(t, s)
	token, _, err := s.SignIn(t.Context(), "owner@example.test", password, 0, here)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		step  time.Duration
		alive bool
	}{{0, true}, {-48 * time.Hour, true}, {49 * time.Hour, true}, {400 * 24 * time.Hour, false}, {-400 * 24 * time.Hour, true}, {61 * 24 * time.Hour, false}} {
		now = now.Add(c.step)
		_, err := s.Resolve(t.Context(), token)
		if c.alive && err != nil || !c.alive && desk.CodeOf(err) != "not_signed_in" {
			t.Errorf("after a step of %v: %v, want it alive: %v", c.step, err, c.alive)
		}
	}
}
