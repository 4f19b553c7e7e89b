package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
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
func (t target) latency(ctx context.Context, span time.Duration) (timed, error) {
	arrived := make(chan string, 16)
	socket, err := t.connect(ctx, func(text string) { arrived <- text })
	if err != nil {
		return timed{}, err
	}
	defer socket.NetConn().Close()
	h := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	token, err := t.boot(ctx, h)
	if err != nil {
		return timed{}, err
	}
	var took []time.Duration
	began := time.Now()
	for n := 0; time.Since(began) < span; n++ {
		text := fmt.Sprintf("post %d", n)
		sent := time.Now()
		if err := t.call(ctx, h, http.MethodPost, "/widget/v1/messages", token, write(text, text), nil); err != nil {
			return timed{}, err
		}
		for got := ""; got != text; {
			select {
			case got = <-arrived:
			case <-ctx.Done():
				return timed{}, errors.New("a message did not arrive in the other browser")
			}
		}
		took = append(took, time.Since(sent))
	}
	return collect([][]time.Duration{took}, time.Since(began), 0), nil
}

// sockets opens so many live sockets, says "open", and then obeys lines on standard input: "post" posts one message and
// answers when every socket has it; the end of input ends it.
func (t target) sockets(ctx context.Context, count int) error {
	var (
		mu   sync.Mutex
		sent time.Time
		took []time.Duration
		all  = make(chan struct{}, 1)
	)
	heard := func(string) {
		mu.Lock()
		defer mu.Unlock()
		took = append(took, time.Since(sent))
		if len(took) == count {
			all <- struct{}{}
		}
	}
	for range count {
		if _, err := t.connect(ctx, heard); err != nil {
			return err
		}
	}
	h := &http.Client{}
	token, err := t.boot(ctx, h)
	if err != nil {
		return err
	}
	fmt.Println("open")
	commands := bufio.NewScanner(os.Stdin)
	for n := 0; commands.Scan(); n++ {
		text := fmt.Sprintf("to all %d", n)
		mu.Lock()
		took, sent = nil, time.Now()
		mu.Unlock()
		if err := t.call(ctx, h, http.MethodPost, "/widget/v1/messages", token, write(text, text), nil); err != nil {
			return err
		}
		select {
		case <-all:
		case <-ctx.Done():
			return errors.New("a message did not reach every socket")
		}
		mu.Lock()
		p50, p99 := spread(took)
		mu.Unlock()
		if err := json.NewEncoder(os.Stdout).Encode(timed{Count: count, P50: p50, P99: p99}); err != nil {
			return err
		}
	}
	return commands.Err()
}
