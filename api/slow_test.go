package api_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/api"
)

// pipes is a network whose time is the test's.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func (p *pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.conns <- server
	return client
}

// inSlowMotion runs a test against the server in a bubble; work stands in for a widget's route that reads its body. Nobody
// is signed in, so nothing is asked of the store, which lives outside.
func inSlowMotion(t *testing.T, work http.HandlerFunc, test func(t *testing.T, network *pipes)) {
	t.Helper()
	deps := fresh(open(t).deps)
	deps.Widget = work
	synctest.Test(t, func(t *testing.T) {
		handler, err := api.New(deps)
		if err != nil {
			t.Fatal(err)
		}
		network := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
		server := api.NewHTTPServer(handler, deps.Log)
		ended := make(chan error)
		go func() { ended <- server.Serve(network) }()
		test(t, network)
		_ = server.Close()
		<-ended
	})
}

// ends waits until the server hangs up, and says how long that took.
func ends(conn net.Conn) time.Duration {
	start := time.Now()
	_, _ = io.Copy(io.Discard, conn)
	_ = conn.Close()
	return time.Since(start)
}

const head = "POST %s HTTP/1.1\r\nHost: desk.example.test\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"

func TestSilentClientsAreHungUpOn(t *testing.T) {
	t.Parallel()
	readAll := func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			w.WriteHeader(http.StatusRequestTimeout)
		}
	}
	inSlowMotion(t, readAll, func(t *testing.T, network *pipes) {
		for name, sent := range map[string]string{
			"says nothing": "", "headers that never end": "GET / HTTP/1.1\r\nHost: x\r\nX-A: ", "a body for sign-in": fmt.Sprintf(head, "/api/v1/session") + `{"email":`,
			"a body that is refused at once": fmt.Sprintf(head, "/api/v1/tags") + `{"name":`, "a body on an unknown address": fmt.Sprintf(head, "/api/v1/none") + "x",
			"a body for the inbox": fmt.Sprintf(head, "/") + "x", "a body for the widget": fmt.Sprintf(head, "/widget/v1/messages") + "x",
		} {
			conn := network.dial()
			go func() { _, _ = io.WriteString(conn, sent) }()
			if took := ends(conn); took > 2*time.Minute {
				t.Errorf("%s: held its place for %s", name, took)
			}
		}
	})
}

// drip sends a byte now and then until the server hangs up.
func drip(conn net.Conn, every time.Duration) {
	for {
		if _, err := conn.Write([]byte("x")); err != nil {
			return
		}
		time.Sleep(every)
	}
}

func TestDrippingClientsAreHungUpOn(t *testing.T) {
	t.Parallel()
	readAll := func(_ http.ResponseWriter, r *http.Request) { _, _ = io.ReadAll(r.Body) }
	inSlowMotion(t, readAll, func(t *testing.T, network *pipes) {
		var dripping sync.WaitGroup
		defer dripping.Wait()
		for name, sent := range map[string]string{
			"headers": "GET / HTTP/1.1\r\nHost: x\r\nX-A: ", "a body": fmt.Sprintf(head, "/widget/v1/messages"), "a body that is refused": fmt.Sprintf(head, "/api/v1/tags"),
		} {
			conn := network.dial()
			dripping.Go(func() {
				_, _ = io.WriteString(conn, sent)
				drip(conn, 5*time.Second)
			})
			if took := ends(conn); took > 2*time.Minute {
				t.Errorf("%s: held its place for %s", name, took)
			}
		}
	})
}

// A bad line is no attack: 8 kB/s for two minutes, then work that takes its time.
func TestSlowLinesAreServed(t *testing.T) {
	t.Parallel()
	work := func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		select {
		case <-time.After(50 * time.Second):
		case <-r.Context().Done():
			t.Error("the deadline of the body ended the work that came after it")
		}
		fmt.Fprint(w, n, err)
	}
	inSlowMotion(t, work, func(t *testing.T, network *pipes) {
		conn := network.dial()
		const chunk, chunks = 8 << 10, 120
		go func() {
			fmt.Fprintf(conn, "POST /widget/v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", chunk*chunks)
			for range chunks {
				_, _ = conn.Write(make([]byte, chunk))
				time.Sleep(time.Second)
			}
		}()
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(response.Body)
		if want := fmt.Sprint(chunk*chunks, " <nil>"); string(got) != want {
			t.Errorf("%d %s, want %s", response.StatusCode, got, want)
		}
		_ = conn.Close()
	})
}

func TestReadersThatNeverReadAreHungUpOn(t *testing.T) {
	t.Parallel()
	much := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 1<<20)) }
	inSlowMotion(t, much, func(t *testing.T, network *pipes) {
		for _, path := range []string{"/widget/v1/messages", "/api/openapi.json", "/api/docs"} {
			conn := network.dial()
			start := time.Now()
			_, _ = io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n")
			_, _ = conn.Read(make([]byte, 1))
			synctest.Wait()       // the answer stands still
			time.Sleep(time.Hour) // and so does the reader
			rest, err := io.ReadAll(conn)
			if len(rest) > 8<<10 || err != nil {
				t.Errorf("%s: after %s there came %d bytes more, %v", path, time.Since(start), len(rest), err)
			}
			_ = conn.Close()
		}
	})
}
