package live

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/lxzan/gws"
)

// browser is a real WebSocket client.
type browser struct {
	gws.BuiltinEventHandler
	frames chan heard
	closed chan error
}

func (b *browser) OnMessage(_ *gws.Conn, m *gws.Message) {
	var f heard
	if err := json.Unmarshal(m.Bytes(), &f); err != nil {
		f.Type = err.Error()
	}
	b.frames <- f
	_ = m.Close()
}

// OnClose ends the frames as well: what was heard before the end is heard first.
func (b *browser) OnClose(_ *gws.Conn, err error) {
	b.closed <- err
	close(b.frames)
}

func (b *browser) OnPing(c *gws.Conn, payload []byte) { _ = c.WritePong(payload) }

func connect(t *testing.T, address string) (*browser, *gws.Conn) {
	t.Helper()
	b := &browser{frames: make(chan heard, 1000), closed: make(chan error, 1)}
	conn, response, err := gws.NewClient(b, &gws.ClientOption{Addr: strings.Replace(address, "http", "ws", 1)})
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	go conn.ReadLoop()
	t.Cleanup(func() { _ = conn.NetConn().Close() })
	return b, conn
}

func (b *browser) until(t *testing.T, kind string) heard {
	t.Helper()
	for {
		select {
		case f, more := <-b.frames:
			if !more {
				t.Fatalf("closed before %s: %v", kind, <-b.closed)
			}
			if f.Type == kind {
				return f
			}
		case <-t.Context().Done():
			t.Fatalf("no %s came", kind)
		}
	}
}

// Over real connections: a member and a visitor hear of what is written, and the member's last word is a goodbye.
func TestWebSocket(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 1)
	o.newVisitor("v")
	mux := http.NewServeMux()
	mux.HandleFunc("/agent", func(w http.ResponseWriter, r *http.Request) {
		if err := o.hub.ServeAgent(wrapped{w}, r, o.session(0)); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/visitor", func(w http.ResponseWriter, r *http.Request) {
		if err := o.hub.ServeVisitor(w, r, "here"); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	agent, agentConn := connect(t, server.URL+"/agent")
	if err := agentConn.WriteString(`{"type":"hello","seq":0}`); err != nil {
		t.Fatal(err)
	}
	agent.until(t, "ready")
	visitor, visitorConn := connect(t, server.URL+"/visitor")
	if err := visitorConn.WriteString(`{"type":"hello","token":"token of v","after":0}`); err != nil {
		t.Fatal(err)
	}
	visitor.until(t, "ready")
	text := strings.Repeat("長い話", 3000) // more than 64 KB in a frame with its row
	o.writes("v", text)
	for {
		if f := agent.until(t, "patch"); len(f.Message) > 0 && strings.Contains(string(f.Message), text) {
			break
		}
	}
	visitor.until(t, "message")
	if err := agentConn.WritePing([]byte("still there?")); err != nil {
		t.Fatal(err)
	}
	if err := agentConn.WriteString(`not json`); err != nil {
		t.Fatal(err)
	}
	if err := <-agent.closed; !strings.Contains(err.Error(), "1008") {
		t.Errorf("closed with %v", err)
	}
	if err := o.bus.Close(); err != nil { // the program ends
		t.Fatal(err)
	}
	if f := visitor.until(t, "bye"); f.Code != "shutdown" {
		t.Errorf("%+v", f)
	}
	if err := <-visitor.closed; !strings.Contains(err.Error(), "1001") {
		t.Errorf("closed with %v", err)
	}
}

// wrapped is what middleware makes of a ResponseWriter.
type wrapped struct{ http.ResponseWriter }

func (w wrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// What is no WebSocket is refused and leaves nothing behind.
func TestNoUpgrade(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 1)
	errs := make(chan error, 2)
	mux := http.NewServeMux()
	mux.HandleFunc("/agent", func(w http.ResponseWriter, r *http.Request) { errs <- o.hub.ServeAgent(w, r, o.session(0)) })
	mux.HandleFunc("/visitor", func(w http.ResponseWriter, r *http.Request) { errs <- o.hub.ServeVisitor(w, r, "here") })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	for _, path := range []string{"/agent", "/visitor"} {
		request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s answers %d", path, response.StatusCode)
		}
		if err := <-errs; err != nil {
			t.Errorf("%s: answered, yet %v", path, err)
		}
	}
	o.hub.mu.Lock()
	defer o.hub.mu.Unlock()
	if len(o.hub.rooms) != 0 {
		t.Error("a room stayed open")
	}
}

// Whoever sends more frames than a person could is not listened to, whatever the frames are; what is no text ends the socket at once.
func TestFloodsEndTheSocket(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("/agent", func(w http.ResponseWriter, r *http.Request) { _ = o.hub.ServeAgent(w, r, o.session(0)) })
	mux.HandleFunc("/visitor", func(w http.ResponseWriter, r *http.Request) { _ = o.hub.ServeVisitor(w, r, "here") })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	for _, path := range []string{"/agent", "/visitor"} {
		for name, f := range map[string]struct {
			opcode gws.Opcode
			frames int // that are too many
		}{
			"pings": {gws.OpcodePing, 10 * rateBurst}, "pongs": {gws.OpcodePong, 10 * rateBurst}, "words": {gws.OpcodeText, 10 * rateBurst}, "binary": {gws.OpcodeBinary, 1},
		} {
			ear, conn := connect(t, server.URL+path)
			for range f.frames {
				if conn.WriteMessage(f.opcode, []byte(`{"type":"of no kind"}`)) != nil {
					break // it has ended
				}
			}
			select {
			case err := <-ear.closed:
				var told *gws.CloseError // unless the connection broke under what was still being written
				if errors.As(err, &told) && told.Code != 1008 {
					t.Errorf("%s, %s: closed with %v", path, name, err)
				}
			case <-time.After(20 * time.Second): // a bound, not an expectation
				t.Errorf("%s, %s: the socket lives", path, name)
			}
		}
	}
}
