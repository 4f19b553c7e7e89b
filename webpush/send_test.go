package webpush_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"madoguchi/webpush"
	"madoguchi/webpush/pushtest"
)

var start = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

func now() time.Time { return start }

// newSender makes a sender and a service whose browsers subscribed to its key, which went through storage.
func newSender(t *testing.T) (webpush.Sender, *pushtest.Service) {
	t.Helper()
	made, err := webpush.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := made.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	identity, err := webpush.ParseIdentity(kept)
	if err != nil {
		t.Fatal(err)
	}
	service := pushtest.New(t, now)
	service.Public = made.Public()
	return webpush.Sender{Identity: identity, Subject: "mailto:desk@example.test", Client: service.Client(), Now: now}, service
}

func (b *browser) subscription() webpush.Subscription {
	return webpush.Subscription{Endpoint: b.Endpoint, P256DH: b.P256DH, Auth: b.Auth}
}

type browser struct{ *pushtest.Browser }

func TestABrowserReadsWhatWasSent(t *testing.T) {
	t.Parallel()
	sender, service := newSender(t)
	to := browser{service.Subscribe(t)}
	for _, text := range []string{"", "新しいメッセージ", strings.Repeat("x", 255), strings.Repeat("あ", webpush.MaxMessage/3)} {
		if err := sender.Send(t.Context(), to.subscription(), webpush.Message{Body: []byte(text), Topic: "c7", TTL: time.Hour, Urgent: true}); err != nil {
			t.Fatalf("%d bytes: %v", len(text), err)
		}
		got := to.Got()
		if len(got) != 1 || got[0] != (pushtest.Pushed{Text: text, Topic: "c7", TTL: "3600", Urgency: "high", Subject: "mailto:desk@example.test"}) {
			t.Errorf("got %+v", got)
		}
	}
}

func TestWhatTheServiceAnswers(t *testing.T) {
	t.Parallel()
	sender, service := newSender(t)
	to := browser{service.Subscribe(t)}
	for _, status := range []int{http.StatusNotFound, http.StatusGone} {
		to.Answer(status)
		if err := sender.Send(t.Context(), to.subscription(), webpush.Message{}); !errors.Is(err, webpush.ErrGone) {
			t.Errorf("%d: %v", status, err)
		}
	}
	for status, passing := range map[int]bool{429: true, 500: true, 503: true, 400: false, 403: false, 413: false} {
		to.Answer(status)
		var refused webpush.Refusal
		if err := sender.Send(t.Context(), to.subscription(), webpush.Message{}); !errors.As(err, &refused) || refused.Passing() != passing {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// A service takes nothing that another key signed, or that was signed long ago.
func TestTheServiceOfTestsIsStrict(t *testing.T) {
	t.Parallel()
	sender, service := newSender(t)
	to := browser{service.Subscribe(t)}
	late := sender
	late.Now = func() time.Time { return start.Add(-13 * time.Hour) }
	nameless := sender
	nameless.Subject = "somebody"
	stranger := sender
	var err error
	if stranger.Identity, err = webpush.NewIdentity(); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]webpush.Sender{"late": late, "nameless": nameless, "stranger": stranger} {
		var refused webpush.Refusal
		if err := s.Send(t.Context(), to.subscription(), webpush.Message{}); !errors.As(err, &refused) || refused.Status != http.StatusForbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
}
