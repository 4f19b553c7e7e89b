package security_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"madoguchi/app"
)

// handshake asks for a socket of the inbox and returns the status line.
func handshake(t *testing.T, conn net.Conn, host, headers string) string {
	t.Helper()
	return handshakeAt(t, conn, host, "/api/v1/live", headers)
}

func handshakeAt(t *testing.T, conn net.Conn, host, path, headers string) string {
	t.Helper()
	_, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n%s\r\n", path, host, headers)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		body, _ := io.ReadAll(response.Body)
		return fmt.Sprint(response.StatusCode, " ", string(body))
	}
	return fmt.Sprint(response.StatusCode, " ", response.Header.Get("Sec-WebSocket-Extensions"))
}

// TestSocketsOfOtherSitesAreRefused: a browser sends its cookie along with a handshake from any page.
func TestSocketsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	d := open(t)
	cookie := "Cookie: " + d.signIn(owner).cookie().String() + "\r\n"
	for name, c := range map[string]struct{ headers, want string }{
		"our page":                {cookie + "Origin: " + d.url + "\r\n", "101 "}, // and no compression, which could be a bomb
		"another site":            {cookie + "Origin: https://evil.example\r\n", "403"},
		"a look-alike":            {cookie + "Origin: " + d.url + ".evil.example\r\n", "403"},
		"another port":            {cookie + "Origin: http://127.0.0.1:1\r\n", "403"},
		"the widget's frame":      {cookie + "Origin: null\r\n", "403"},
		"no origin":               {cookie, "403"},
		"a forged forwarded host": {cookie + "Origin: https://evil.example\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\n", "403"},
		"nobody":                  {"Origin: " + d.url + "\r\n", "401"},
		"a visitor":               {"Authorization: Bearer " + d.visitor().bearer + "\r\n", "401"},
	} {
		conn, err := net.Dial("tcp", d.address())
		if err != nil {
			t.Fatal(err)
		}
		if got := handshake(t, conn, d.address(), c.headers); !strings.HasPrefix(got, c.want) || c.want == "101 " && got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		_ = conn.Close()
	}
}

// TestAVisitorsSocketTakesNoCookie: whoever is signed in, the widget's socket is nobody's until its first frame names a
// visitor's token.
func TestAVisitorsSocketTakesNoCookie(t *testing.T) {
	t.Parallel()
	d := open(t)
	member := d.signIn(owner).cookie()
	conn, err := net.Dial("tcp", d.address())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := handshakeAt(t, conn, d.address(), "/widget/v1/live", "Origin: null\r\nCookie: "+member.String()+"\r\n"); !strings.HasPrefix(got, "101") {
		t.Fatal(got)
	}
	// {"type":"hello","token":"<the member's>"}, masked with zeros
	hello := `{"type":"hello","token":"` + member.Value + `","after":0}`
	if len(hello) > 125 {
		t.Fatal("too long for one short frame")
	}
	if _, err := conn.Write(append([]byte{0x81, 0x80 | byte(len(hello)), 0, 0, 0, 0}, hello...)); err != nil {
		t.Fatal(err)
	}
	heard, err := io.ReadAll(conn)
	if err != nil || !strings.Contains(string(heard), "signed_out") {
		t.Errorf("heard %q, %v", heard, err)
	}
}

// TestVisitorsSocketsAreCountedByAddress: no program opens sockets without end from one address, whatever it says of itself, whether
// or not it ever tells who it is; who ends one may open another, what was no socket has not counted, and others are not concerned.
func TestVisitorsSocketsAreCountedByAddress(t *testing.T) {
	t.Parallel()
	d := open(t, func(c *app.Config) {
		c.Unlimited, c.VisitorSockets, c.TrustedProxies, c.MetricsToken = false, 3, []string{"127.0.0.1"}, "figures"
	})
	dial := func(headers string) (net.Conn, string) {
		conn, err := net.Dial("tcp", d.address())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return conn, handshakeAt(t, conn, d.address(), "/widget/v1/live", "Origin: null\r\n"+headers)
	}
	for range 5 {
		d.stranger().do("GET", "/widget/v1/live", nil, with("X-Forwarded-For", "198.51.100.7")).want(400)
	}
	var first net.Conn
	for i := range 3 {
		conn, got := dial(fmt.Sprintf("X-Forwarded-For: 203.0.113.%d, 198.51.100.7\r\n", i))
		if !strings.HasPrefix(got, "101") {
			t.Fatalf("socket %d: %s", i, got)
		}
		first = conn
	}
	if _, got := dial("X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\n"); !strings.HasPrefix(got, "429") || !strings.Contains(got, "sockets_too_many") {
		t.Errorf("the fourth from one address: %s", got)
	}
	if figures := string(d.program("figures").do("GET", "/metrics", nil).want(200).body); !strings.Contains(figures, "\nmadoguchi_visitor_sockets_refused_total 1\n") {
		t.Error("the refusal is not in the figures")
	}
	for _, other := range []string{"198.51.100.8", "2606:4700:1:2::1"} {
		if _, got := dial("X-Forwarded-For: " + other + "\r\n"); !strings.HasPrefix(got, "101") {
			t.Errorf("%s: %s", other, got)
		}
	}
	_ = first.Close()
	for range tries { // until the program has noticed
		_, got := dial("X-Forwarded-For: 198.51.100.7\r\n")
		if strings.HasPrefix(got, "101") {
			return
		}
		if strings.Contains(got, "rate_limited") {
			break
		}
	}
	t.Error("a socket that ended counts on")
}

// TestSocketsTakeSmallFramesOnly: clients say little; a frame that announces a megabyte ends the socket before it is read.
func TestSocketsTakeSmallFramesOnly(t *testing.T) {
	t.Parallel()
	d := open(t)
	for path, headers := range map[string]string{"/widget/v1/live": "Origin: null\r\n", "/api/v1/live": "Authorization: Bearer " + d.setup.APIKey + "\r\n"} {
		conn, err := net.Dial("tcp", d.address())
		if err != nil {
			t.Fatal(err)
		}
		if got := handshakeAt(t, conn, d.address(), path, headers); !strings.HasPrefix(got, "101") {
			t.Fatal(got)
		}
		// A text frame of 1 MiB, masked, and then nothing.
		if _, err := conn.Write([]byte{0x81, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0}); err != nil {
			t.Fatal(err)
		}
		heard, _ := io.ReadAll(conn)
		if !strings.Contains(string(heard), "\x03\xf1") { // close code 1009, message too big
			t.Errorf("%s: %q", path, heard)
		}
		_ = conn.Close()
	}
}
