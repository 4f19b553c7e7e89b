package channeltest

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"madoguchi/channel"
)

var actions = []channel.Action{
	channel.ActRetry, channel.ActThrottle, channel.ActCap, channel.ActToken, channel.ActConfig,
	channel.ActBlocked, channel.ActOptOut, channel.ActMarketing, channel.ActWindow, channel.ActFail,
}

func testLocalSend(t *testing.T, c channel.Connector) {
	id, err := c.Send(t.Context(), channel.Account{}, channel.Outgoing{})
	f := fault(t, err)
	if id != "" || f == nil || f.Kind != channel.ActConfig || !f.Certain {
		t.Errorf("a local channel refuses to send, for certain: %q, %+v", id, f)
	}
}

func testSend(t *testing.T, s Suite) {
	t.Run("send/accepted", func(t *testing.T) {
		t.Parallel()
		var requests atomic.Int32
		id, err := s.send(t, t.Context(), func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			answer(w, r, s.Accept)
		})
		if err != nil || id == "" {
			t.Errorf("accepted: id %q, %v", id, err)
		}
		if n := requests.Load(); n != 1 {
			t.Errorf("one message, %d requests", n)
		}
	})
	for _, sending := range s.Sendings {
		t.Run("send/"+sending.Name, func(t *testing.T) { t.Parallel(); testSending(t, s, sending) })
	}
	refusals := append(slices.Clone(s.Refusals),
		Refusal{"500", Answer{Status: 500, Body: "oops"}, channel.ActRetry, false},
		Refusal{"502 with HTML", Answer{Status: 502, Body: "<html>"}, channel.ActRetry, false},
	)
	for _, refusal := range refusals {
		t.Run("send/"+refusal.Name, func(t *testing.T) {
			t.Parallel()
			_, err := s.send(t, t.Context(), func(w http.ResponseWriter, r *http.Request) { answer(w, r, refusal.Answer) })
			f := fault(t, err)
			if f == nil || f.Kind != refusal.Kind || f.Certain != refusal.Certain {
				t.Errorf("got %+v, want %s, certain %v", f, refusal.Kind, refusal.Certain)
			}
		})
	}
	t.Run("send/cut after the body", func(t *testing.T) {
		t.Parallel()
		_, err := s.send(t, t.Context(), func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			panic(http.ErrAbortHandler)
		})
		if f := fault(t, err); f == nil || f.Certain {
			t.Errorf("nobody knows whether the provider took it: %+v", f)
		}
	})
	t.Run("send/accepted but unreadable", func(t *testing.T) {
		t.Parallel()
		_, err := s.send(t, t.Context(), func(w http.ResponseWriter, r *http.Request) {
			answer(w, r, Answer{Status: s.Accept.Status, Body: "\x00not what we expect"})
		})
		if f := fault(t, err); f != nil && f.Certain {
			t.Errorf("a 2xx is never a certain refusal: %+v", f)
		}
	})
	t.Run("send/gave up waiting", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		_, err := s.send(t, ctx, func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			cancel()
			<-r.Context().Done()
		})
		if f := fault(t, err); f == nil || f.Certain {
			t.Errorf("nobody knows whether the provider took it: %+v", f)
		}
	})
	t.Run("send/nobody there", func(t *testing.T) {
		t.Parallel()
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := "http://" + listener.Addr().String()
		_ = listener.Close()
		_, err = s.Connector.Send(t.Context(), s.Account(t, address), s.Outgoing)
		if f := fault(t, err); f == nil || !f.Certain || f.Kind != channel.ActRetry {
			t.Errorf("nothing was written: %+v", f)
		}
	})
}

// send answers the requests that come before the message's own, and hands that one to the handler.
func (s Suite) send(t *testing.T, ctx context.Context, handler http.HandlerFunc) (string, error) {
	t.Helper()
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := int(requests.Add(1)); n <= len(s.Before) {
			answer(w, r, s.Before[n-1])
			return
		}
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	id, err := s.Connector.Send(ctx, s.Account(t, server.URL), s.Outgoing)
	return string(id), err
}

func testSending(t *testing.T, s Suite, sending Sending) {
	accept, answers := sending.Accept, append(slices.Clone(s.Before), sending.Answers...)
	if accept.Status == 0 {
		accept = s.Accept
	}
	var mu sync.Mutex
	var requests []Sent
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		requests = append(requests, Sent{Method: r.Method, Path: r.URL.RequestURI(), Header: r.Header.Clone(), Body: body})
		n := len(requests)
		mu.Unlock()
		now := accept
		if n <= len(answers) {
			if now = answers[n-1]; now.Status == 0 {
				now = Answer{Status: http.StatusOK, Body: "{}"}
			}
		}
		answer(w, r, now)
	}))
	t.Cleanup(server.Close)
	id, err := s.Connector.Send(t.Context(), s.Account(t, server.URL), sending.Outgoing)
	if err != nil || id == "" {
		t.Errorf("id %q, %v", id, err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(requests) != len(answers)+1 {
		t.Fatalf("%d requests, want %d", len(requests), len(answers)+1)
	}
	if sending.Check != nil {
		sending.Check(t, requests)
	}
}

func answer(w http.ResponseWriter, r *http.Request, a Answer) {
	_, _ = io.Copy(io.Discard, r.Body)
	for name, values := range a.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.Status)
	_, _ = io.WriteString(w, a.Body)
}

// fault asserts that Send refuses with *Fault only, of a known kind.
func fault(t *testing.T, err error) *channel.Fault {
	t.Helper()
	if err == nil {
		return nil
	}
	var f *channel.Fault
	if !errors.As(err, &f) {
		t.Fatalf("Send refuses with *Fault, not %T: %v", err, err)
	}
	if !slices.Contains(actions, f.Kind) || f.Code == "" || f.After < 0 {
		t.Errorf("fault %+v: unknown kind, no code or a wait below zero", f)
	}
	return f
}
