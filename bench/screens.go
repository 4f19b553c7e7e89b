package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/lxzan/gws"
)

// screen is one member's signed-in browser on the live socket; heard gets each frame.
type screen struct {
	gws.BuiltinEventHandler
	heard func([]byte)
}

// OnMessage reads one frame.
func (s *screen) OnMessage(_ *gws.Conn, frame *gws.Message) {
	defer frame.Close()
	s.heard(frame.Bytes())
}

// signedIn is a member and what their browser has.
type signedIn struct{ member, token string }

func readSessions(path string) ([]signedIn, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var all []signedIn
	for line := range strings.Lines(string(text)) {
		member, token, _ := strings.Cut(strings.TrimSpace(line), " ")
		all = append(all, signedIn{member, token})
	}
	return all, nil
}

// watch opens a member's screen and waits until it follows.
func (t target) watch(ctx context.Context, m signedIn, heard func([]byte)) (*gws.Conn, error) {
	ready := make(chan struct{})
	var follows atomic.Bool
	s := &screen{heard: func(frame []byte) {
		if !follows.Load() && bytes.Contains(frame, []byte(`"ready"`)) && follows.CompareAndSwap(false, true) {
			close(ready)
		}
		heard(frame)
	}}
	socket, _, err := gws.NewClient(s, &gws.ClientOption{
		Addr: "ws://" + t.address + "/api/v1/live", ReadBufferSize: 512,
		RequestHeader: http.Header{"Cookie": {"madoguchi_session=" + m.token}, "Origin": {"http://" + t.address}},
	})
	if err != nil {
		return nil, err
	}
	go socket.ReadLoop()
	if err := socket.WriteString(`{"type":"hello"}`); err != nil {
		return nil, err
	}
	select {
	case <-ready:
		return socket, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// office opens everybody's screen and the board. Then new customers write, one at a time; each has to show on the screen of
// whoever got the ticket, and on the board.
func (t target) office(ctx context.Context, span time.Duration, path string) (order, error) {
	people, err := readSessions(path)
	if err != nil {
		return nil, err
	}
	var wanted atomic.Pointer[string]
	shown, boards := make(chan string, 16), make(chan int64, 1024)
	for _, p := range people[1:] {
		mine := []byte(`"assignee_id":` + p.member + `,`)
		_, err := t.watch(ctx, p, func(frame []byte) {
			if text := wanted.Load(); text != nil && bytes.Contains(frame, mine) && bytes.Contains(frame, []byte(*text)) {
				select {
				case shown <- *text:
				default: // it was shown already
				}
			}
		})
		if err != nil {
			return nil, err
		}
	}
	owner, err := t.watch(ctx, people[0], func(frame []byte) {
		if cases, ok := onBoard(frame); ok {
			boards <- cases
		}
	})
	if err != nil {
		return nil, err
	}
	if err := owner.WriteString(`{"type":"board","open":true}`); err != nil {
		return nil, err
	}
	var before int64
	select {
	case before = <-boards:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return func(ctx context.Context) (timed, error) {
		var screens, board []time.Duration
		h := &http.Client{Transport: &http.Transport{DisableCompression: true}}
		began := time.Now()
		for n := 0; time.Since(began) < span; n++ {
			text := fmt.Sprintf("customer-%d-writes", n)
			token, err := t.boot(ctx, h)
			if err != nil {
				return timed{}, err
			}
			wanted.Store(&text)
			sent := time.Now()
			if err := t.call(ctx, h, http.MethodPost, "/widget/v1/messages", token, write(text, text), nil); err != nil {
				return timed{}, err
			}
			onScreen, onBoard, err := await(ctx, text, before+1, shown, boards)
			if err != nil {
				return timed{}, err
			}
			before++
			screens, board = append(screens, onScreen.Sub(sent)), append(board, onBoard.Sub(sent))
		}
		r := collect([][]time.Duration{screens}, time.Since(began), 0)
		r.Board50, r.Board99 = spread(board)
		return r, nil
	}, nil
}

// await waits until a text is on its agent's screen, and the board counts so many cases.
func await(ctx context.Context, text string, cases int64, shown <-chan string, boards <-chan int64) (onScreen, onBoard time.Time, err error) {
	late := time.NewTimer(20 * time.Second)
	defer late.Stop()
	for onScreen.IsZero() || onBoard.IsZero() {
		select {
		case got := <-shown:
			if got == text && onScreen.IsZero() {
				onScreen = time.Now()
			}
		case n := <-boards:
			if n >= cases && onBoard.IsZero() {
				onBoard = time.Now()
			}
		case <-late.C:
			return onScreen, onBoard, fmt.Errorf("%q did not arrive: on a screen %v, on the board %v", text, !onScreen.IsZero(), !onBoard.IsZero())
		case <-ctx.Done():
			return onScreen, onBoard, errors.Join(ctx.Err(), errors.New("a customer's words did not arrive"))
		}
	}
	return onScreen, onBoard, nil
}

// onBoard counts the cases on a board.
func onBoard(frame []byte) (cases int64, ok bool) {
	if !bytes.HasPrefix(frame, []byte(`{"type":"board"`)) {
		return 0, false
	}
	var f struct {
		Board struct {
			Teams []struct{ Waiting, Open int64 }
		}
	}
	if json.Unmarshal(frame, &f) != nil {
		return 0, false
	}
	for _, t := range f.Board.Teams {
		cases += t.Waiting + t.Open
	}
	return cases, true
}
