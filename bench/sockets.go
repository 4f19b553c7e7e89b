package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/lxzan/gws"
)

// inboxSocket is one agent's browser on the live socket; heard gets the text of each message patch.
type inboxSocket struct {
	gws.BuiltinEventHandler
	ready chan struct{}
	once  sync.Once
	heard func(text string)
}

// OnMessage reads one frame.
func (s *inboxSocket) OnMessage(_ *gws.Conn, frame *gws.Message) {
	defer frame.Close()
	raw := frame.Bytes()
	if bytes.Contains(raw, []byte(`"ready"`)) {
		s.once.Do(func() { close(s.ready) })
		return
	}
	var p struct {
		Message *struct {
			Parts []struct {
				Text string `json:"text"`
			} `json:"parts"`
		} `json:"message"`
	}
	if json.Unmarshal(raw, &p) == nil && p.Message != nil && len(p.Message.Parts) > 0 && s.heard != nil {
		s.heard(p.Message.Parts[0].Text)
	}
}

// connect opens a live socket and waits until it follows.
func (t target) connect(ctx context.Context, heard func(string)) (*gws.Conn, error) {
	s := &inboxSocket{ready: make(chan struct{}), heard: heard}
	socket, _, err := gws.NewClient(s, &gws.ClientOption{
		Addr: "ws://" + t.address + "/api/v1/live", ReadBufferSize: 512,
		RequestHeader: http.Header{"Authorization": {"Bearer " + t.key}},
	})
	if err != nil {
		return nil, err
	}
	go socket.ReadLoop()
	if err := socket.WriteString(`{"type":"hello"}`); err != nil {
		return nil, err
	}
	select {
	case <-s.ready:
		return socket, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// latency posts one message at a time and waits until another browser has it.
func (t target) latency(ctx context.Context, span time.Duration, listenAt string) (order, error) {
	arrived := make(chan string, 16)
	other := t
	if listenAt != "" {
		other.address = listenAt
	}
	if _, err := other.connect(ctx, func(text string) { arrived <- text }); err != nil {
		return nil, err
	}
	h := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	token, err := t.boot(ctx, h)
	if err != nil {
		return nil, err
	}
	post := func(ctx context.Context, text string) (time.Duration, error) {
		sent := time.Now()
		if err := t.call(ctx, h, http.MethodPost, "/widget/v1/messages", token, write(text, text), nil); err != nil {
			return 0, err
		}
		for {
			select {
			case got := <-arrived:
				if got == text {
					return time.Since(sent), nil
				}
			case <-ctx.Done():
				return 0, errors.New("a message did not arrive in the other browser")
			}
		}
	}
	if _, err := post(ctx, "first"); err != nil {
		return nil, err
	}
	return func(ctx context.Context) (timed, error) {
		var took []time.Duration
		began := time.Now()
		for n := 0; time.Since(began) < span; n++ {
			d, err := post(ctx, fmt.Sprintf("post-%d", n))
			if err != nil {
				return timed{}, err
			}
			took = append(took, d)
		}
		return collect([][]time.Duration{took}, time.Since(began), 0), nil
	}, nil
}

// sockets opens so many live sockets; each order posts one message and ends when every socket has it.
func (t target) sockets(ctx context.Context, count int) (order, error) {
	var (
		mu     sync.Mutex
		wanted string
		sent   time.Time
		took   []time.Duration
		all    = make(chan struct{}, 1)
	)
	heard := func(text string) {
		mu.Lock()
		defer mu.Unlock()
		if text != wanted {
			return
		}
		took = append(took, time.Since(sent))
		if len(took) == count {
			all <- struct{}{}
		}
	}
	for range count {
		if _, err := t.connect(ctx, heard); err != nil {
			return nil, err
		}
	}
	h := &http.Client{}
	token, err := t.boot(ctx, h)
	if err != nil {
		return nil, err
	}
	n := 0
	post := func(ctx context.Context) (timed, error) {
		n++
		text := fmt.Sprintf("to-all-%d", n)
		mu.Lock()
		wanted, took, sent = text, nil, time.Now()
		mu.Unlock()
		if err := t.call(ctx, h, http.MethodPost, "/widget/v1/messages", token, write(text, text), nil); err != nil {
			return timed{}, err
		}
		select {
		case <-all:
		case <-ctx.Done():
			return timed{}, errors.New("a message did not reach every socket")
		}
		mu.Lock()
		defer mu.Unlock()
		p50, p99 := spread(took)
		return timed{Count: count, P50: p50, P99: p99}, nil
	}
	return post, nil
}
