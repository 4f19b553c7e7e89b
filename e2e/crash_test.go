package e2e_test

import (
	"context"
	"math/rand/v2"
	"syscall"
	"testing"
)

// TestCrashKilledUnderLoad kills the process at random points while customers and a member write, 30 times (300 in the soak):
// nothing acknowledged is lost, nothing is doubled, order is kept, and a browser that reconnects ends with the server's state.
func TestCrashKilledUnderLoad(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.start()
	l := newLoad(t, d, 8)
	browser := d.follow(t)
	talking, hush := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		l.run(talking, t.Context())
		close(done)
	}()
	dice := rand.New(rand.NewPCG(1, 2))
	for range times(30, 300) {
		until := l.acked.Load() + dice.Int64N(60)
		settle(t.Context(), t, "customers are heard again", func() (bool, string) { return l.acked.Load() > until, "no acknowledgement" })
		d.kill(syscall.SIGKILL)
		d.start()
	}
	hush()
	finish(t, done)
	l.verify(t)
	browser.equals(t, l)
}

// TestStopIsGraceful ends the process as an operator would, under load: what was acknowledged is there, and nobody waits.
func TestStopIsGraceful(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.start()
	l := newLoad(t, d, 4)
	talking, hush := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		l.run(talking, t.Context())
		close(done)
	}()
	for range 5 {
		until := l.acked.Load() + 20
		settle(t.Context(), t, "customers are heard again", func() (bool, string) { return l.acked.Load() > until, "no acknowledgement" })
		d.kill(syscall.SIGTERM)
		d.start()
	}
	hush()
	finish(t, done)
	l.verify(t)
}
