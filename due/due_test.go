package due_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/due"
)

// TestKeep walks a keeper through all that makes it look; the test's time is pretended.
func TestKeep(t *testing.T) {
	t.Parallel()
	const every, soon = time.Minute, 50 * time.Millisecond
	for name, at := range map[string]struct {
		next func(now time.Time) time.Time // what each look answers
		err  error
		want time.Duration // until the second
	}{
		"nothing waits":            {next: func(time.Time) time.Time { return time.Time{} }, want: every},
		"something is due":         {next: func(now time.Time) time.Time { return now.Add(time.Second) }, want: time.Second + time.Millisecond},
		"it lies far ahead":        {next: func(now time.Time) time.Time { return now.Add(time.Hour) }, want: every},
		"not all was done":         {next: func(now time.Time) time.Time { return now }, want: soon + time.Millisecond},
		"it failed":                {next: func(time.Time) time.Time { return time.Time{} }, err: errors.New("no database"), want: every},
		"it failed, something due": {next: func(now time.Time) time.Time { return now.Add(-time.Hour) }, err: errors.New("no"), want: soon + time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				looked := make(chan time.Time, 2)
				k := due.Keeper{Every: every, Soon: soon, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
				k.Look = func(context.Context) (time.Time, error) {
					if looked <- time.Now(); len(looked) == cap(looked) {
						stop()
					}
					return at.next(time.Now()), at.err
				}
				due.Keep[struct{}](ctx, k, nil)
				first := <-looked
				if got := (<-looked).Sub(first); got != at.want {
					t.Errorf("looked again after %v, want %v", got, at.want)
				}
			})
		})
	}
}

func TestKeepIsWoken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bell, looks := due.NewBell(), 0
		bell.Ring()
		bell.Ring() // one with the first
		k := due.Keeper{Every: time.Hour, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
		k.Look = func(context.Context) (time.Time, error) { looks++; return time.Time{}, nil }
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { due.Keep(ctx, k, bell); close(ended) }()
		synctest.Wait()
		before := looks
		bell.Ring()
		synctest.Wait()
		if looks != before+1 {
			t.Errorf("a ring made %d looks", looks-before)
		}
		close(bell) // as a subscription that ended: no turning in circles
		synctest.Wait()
		if looks != before+1 {
			t.Errorf("the end of the bell made %d looks", looks-before-1)
		}
		stop()
		<-ended
	})
}

func TestEarliest(t *testing.T) {
	t.Parallel()
	a, b := time.Unix(1, 0), time.Unix(2, 0)
	if got := due.Earliest(time.Time{}, b, a, time.Time{}); !got.Equal(a) {
		t.Errorf("earliest is %v", got)
	}
	if got := due.Earliest(time.Time{}); !got.IsZero() {
		t.Errorf("of none it is %v", got)
	}
}
