package channel_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/channel"
)

func TestTokensAreFetchedOnceAndRenewed(t *testing.T) {
	t.Parallel()
	tokens, now := channel.NewTokens(), time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	var fetched atomic.Int64
	get := func(credentials, refused string, at time.Time) string {
		value, f := tokens.Get(t.Context(), credentials, refused, at, func() (channel.Token, *channel.Fault) {
			return channel.Token{Value: credentials + string('0'+rune(fetched.Add(1))), For: 10 * time.Minute}, nil
		})
		if f != nil {
			t.Error(f)
		}
		return value
	}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if got := get("a", "", now); got != "a1" {
				t.Errorf("got %s", got)
			}
		})
	}
	all.Wait()
	for _, test := range []struct {
		credentials, refused string
		after                time.Duration
		want                 string
	}{
		{"a", "", 8*time.Minute - 1, "a1"},
		{"a", "older", 0, "a1"},
		{"b", "", 0, "b2"},
		{"a", "", 8 * time.Minute, "a3"},
		{"a", "a3", 9 * time.Minute, "a4"},
	} {
		if got := get(test.credentials, test.refused, now.Add(test.after)); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

func TestTokensThatCannotBeFetched(t *testing.T) {
	t.Parallel()
	tokens := channel.NewTokens()
	down := &channel.Fault{Kind: channel.ActRetry, Code: "http_500", Err: errors.New("down")}
	if _, f := tokens.Get(t.Context(), "a", "", time.Time{}, func() (channel.Token, *channel.Fault) { return channel.Token{}, down }); f == nil || !f.Certain || down.Certain {
		t.Errorf("no message was sent: %+v", f)
	}
	fetching := make(chan struct{})
	let := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		_, _ = tokens.Get(t.Context(), "a", "", time.Time{}, func() (channel.Token, *channel.Fault) {
			close(fetching)
			<-let
			return channel.Token{}, down
		})
	})
	<-fetching
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, f := tokens.Get(ctx, "a", "", time.Time{}, nil); f == nil || !f.Certain {
		t.Errorf("whoever gives up waiting sent nothing: %+v", f)
	}
	close(let)
	all.Wait()
}
