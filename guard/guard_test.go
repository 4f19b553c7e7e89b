package guard_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/guard"
)

// internet is a network of the test's own: names lead to the addresses given (the last answer repeats), and every
// address dialled leads to one local server. What was asked and dialled is written down.
type internet struct {
	answers map[string][][]string
	server  string

	mu     sync.Mutex
	asked  []string
	dialed []string
}

func (n *internet) resolve(_ context.Context, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	host = strings.ToLower(host)
	n.asked = append(n.asked, host)
	answers, known := n.answers[host]
	if !known {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if len(answers) > 1 {
		n.answers[host] = answers[1:]
	}
	var addrs []netip.Addr
	for _, a := range answers[0] {
		addrs = append(addrs, netip.MustParseAddr(a))
	}
	return addrs, nil
}

func (n *internet) dial(ctx context.Context, network, address string) (net.Conn, error) {
	n.mu.Lock()
	n.dialed = append(n.dialed, address)
	n.mu.Unlock()
	return (&net.Dialer{}).DialContext(ctx, network, n.server)
}

func (n *internet) dialledAddresses() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.dialed)
}

func online(t *testing.T, handler http.HandlerFunc, answers map[string][][]string) *internet {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return &internet{answers: answers, server: server.Listener.Addr().String()}
}

func (n *internet) client(t *testing.T, cfg guard.Config) *http.Client {
	t.Helper()
	cfg.Resolve, cfg.Dial = n.resolve, n.dial
	c := guard.NewClient(cfg)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func get(t *testing.T, c *http.Client, url string) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func hello(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") }

func allow(t *testing.T, entries ...string) guard.AllowList {
	t.Helper()
	list, err := guard.ParseAllowList(entries)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

const public = "93.184.215.14"

func TestPublicTargetsAreReached(t *testing.T) {
	t.Parallel()
	n := online(t, hello, map[string][][]string{"example.com": {{public}}, "six.example": {{"2606:2800:21f:cb07::1"}}})
	c := n.client(t, guard.Config{})
	for _, url := range []string{"http://example.com/", "http://example.com:8080/x", "http://" + public + "/", "http://six.example/", "http://[2606:2800:21f:cb07::1]:8443/"} {
		if body, err := get(t, c, url); err != nil || body != "hello" {
			t.Errorf("%s: %q, %v", url, body, err)
		}
	}
	want := []string{public + ":80", public + ":8080", public + ":80", "[2606:2800:21f:cb07::1]:80", "[2606:2800:21f:cb07::1]:8443"}
	for _, address := range n.dialledAddresses() {
		if !slices.Contains(want, address) {
			t.Errorf("dialled %s", address)
		}
	}
}

func TestInnerTargetsAreRefused(t *testing.T) {
	t.Parallel()
	inner := []string{
		"127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.100.100.200",
		"192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1",
		"::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::127.0.0.1",
		"64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:4136:e378::1", "2001:db8::1", "fec0::1",
	}
	answers := map[string][][]string{"mixed.example": {{public, "10.0.0.1"}}}
	var urls []string
	for i, a := range inner {
		host := a
		if strings.Contains(a, ":") {
			host = "[" + a + "]"
		}
		name := fmt.Sprintf("inner%d.example", i)
		answers[name] = [][]string{{a}}
		urls = append(urls, "http://"+host+"/", "http://"+name+"/")
	}
	urls = append(urls, "http://mixed.example/", "http://user:pw@example.com/", "http://example.com:22/", "http://example.com:25/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "http://[fe80::1%25eth0]/")
	answers["example.com"] = [][]string{{public}}
	n := online(t, hello, answers)
	c := n.client(t, guard.Config{})
	for _, url := range urls {
		if body, err := get(t, c, url); !errors.Is(err, guard.ErrForbiddenTarget) {
			t.Errorf("%s: %q, %v", url, body, err)
		}
	}
	if dialled := n.dialledAddresses(); len(dialled) != 0 {
		t.Errorf("dialled %v", dialled)
	}
}

// Notations that only some resolvers understand end with what the resolver makes of them.
func TestOddNotationsAreCheckedAsResolved(t *testing.T) {
	t.Parallel()
	answers := map[string][][]string{}
	odd := []string{"2130706433", "0x7f.1", "127.1", "0177.0.0.1", "localhost", "localhost."}
	for _, host := range odd {
		answers[host] = [][]string{{"127.0.0.1"}}
	}
	c := online(t, hello, answers).client(t, guard.Config{})
	for _, host := range odd {
		if _, err := get(t, c, "http://"+host+"/"); !errors.Is(err, guard.ErrForbiddenTarget) {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// The name server says "public" when asked first and "loopback" ever after: there is no second question.
func TestRebindingFindsNoSecondQuestion(t *testing.T) {
	t.Parallel()
	n := online(t, hello, map[string][][]string{"rebind.example": {{public}, {"127.0.0.1"}}})
	if _, err := get(t, n.client(t, guard.Config{}), "http://rebind.example/"); err != nil {
		t.Fatal(err)
	}
	if len(n.asked) != 1 || !slices.Equal(n.dialledAddresses(), []string{public + ":80"}) {
		t.Errorf("asked %v, dialled %v", n.asked, n.dialledAddresses())
	}
	if _, err := get(t, n.client(t, guard.Config{}), "http://rebind.example/"); !errors.Is(err, guard.ErrForbiddenTarget) {
		t.Errorf("a new connection is checked anew: %v", err)
	}
}

func TestTheNextAddressIsTried(t *testing.T) {
	t.Parallel()
	n := online(t, hello, map[string][][]string{"two.example": {{"93.184.215.1", public}}})
	c := guard.NewClient(guard.Config{Resolve: n.resolve, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasPrefix(address, "93.184.215.1:") {
			return nil, errors.New("no route to host")
		}
		return n.dial(ctx, network, address)
	}})
	t.Cleanup(c.CloseIdleConnections)
	if body, err := get(t, c, "http://two.example/"); err != nil || body != "hello" {
		t.Errorf("%q, %v", body, err)
	}
}

func redirects(to map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if target, ok := to[r.Host]; ok {
			http.Redirect(w, r, target, http.StatusFound)
			return
		}
		fmt.Fprint(w, "at "+r.Host)
	}
}

func TestEveryRedirectIsChecked(t *testing.T) {
	t.Parallel()
	answers := map[string][][]string{
		"a.example": {{public}}, "b.example": {{public}}, "loop.example": {{public}}, "inner.example": {{"10.0.0.7"}}, "minio.internal": {{"10.0.0.9"}},
	}
	for name, c := range map[string]struct {
		to      map[string]string
		allow   []string
		start   string
		body    string
		refused error
	}{
		"to another public host":              {to: map[string]string{"a.example": "http://b.example/"}, body: "at b.example"},
		"to loopback":                         {to: map[string]string{"a.example": "http://127.0.0.1/"}, refused: guard.ErrForbiddenTarget},
		"to a name that leads inside":         {to: map[string]string{"a.example": "http://inner.example/"}, refused: guard.ErrForbiddenTarget},
		"in two steps":                        {to: map[string]string{"a.example": "http://b.example/", "b.example": "http://[::ffff:169.254.169.254]/latest/meta-data"}, refused: guard.ErrForbiddenTarget},
		"to another scheme":                   {to: map[string]string{"a.example": "file:///etc/passwd"}, refused: guard.ErrForbiddenTarget},
		"with credentials":                    {to: map[string]string{"a.example": "http://x:y@b.example/"}, refused: guard.ErrForbiddenTarget},
		"in circles":                          {to: map[string]string{"a.example": "http://loop.example/", "loop.example": "http://loop.example/"}, refused: guard.ErrTooManyHops},
		"from outside to a trusted name":      {to: map[string]string{"a.example": "http://minio.internal:9000/"}, allow: []string{"minio.internal:9000"}, refused: guard.ErrForbiddenTarget},
		"from outside to a trusted network":   {to: map[string]string{"a.example": "http://inner.example/"}, allow: []string{"10.0.0.0/8"}, refused: guard.ErrForbiddenTarget},
		"from a trusted name to another":      {start: "http://minio.internal/", to: map[string]string{"minio.internal": "http://inner.example/"}, allow: []string{"minio.internal", "inner.example"}, body: "at inner.example"},
		"from a trusted name outside":         {start: "http://minio.internal/", to: map[string]string{"minio.internal": "http://b.example/"}, allow: []string{"minio.internal"}, body: "at b.example"},
		"out and in again":                    {start: "http://minio.internal/", to: map[string]string{"minio.internal": "http://b.example/", "b.example": "http://inner.example/"}, allow: []string{"minio.internal", "10.0.0.0/8"}, refused: guard.ErrForbiddenTarget},
		"from a trusted name to a stranger's": {start: "http://minio.internal/", to: map[string]string{"minio.internal": "http://127.0.0.1/"}, allow: []string{"minio.internal"}, refused: guard.ErrForbiddenTarget},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := online(t, redirects(c.to), answers)
			if c.start == "" {
				c.start = "http://a.example/"
			}
			body, err := get(t, n.client(t, guard.Config{Allow: allow(t, c.allow...)}), c.start)
			if !errors.Is(err, c.refused) || body != c.body {
				t.Errorf("got %q, %v; want %q, %v", body, err, c.body, c.refused)
			}
		})
	}
}

func TestRedirectsCanBeSwitchedOff(t *testing.T) {
	t.Parallel()
	n := online(t, redirects(map[string]string{"a.example": "http://b.example/"}), map[string][][]string{"a.example": {{public}}, "b.example": {{public}}})
	if _, err := get(t, n.client(t, guard.Config{MaxHops: -1}), "http://a.example/"); !errors.Is(err, guard.ErrTooManyHops) {
		t.Errorf("got %v", err)
	}
}

func TestAllowListPassesWhatTheOperatorNamed(t *testing.T) {
	t.Parallel()
	answers := map[string][][]string{"wiki.corp": {{"10.1.2.3"}}, "minio.internal": {{"192.168.0.9"}}}
	for _, c := range []struct {
		entry, url string
		passes     bool
	}{
		{"minio.internal:9000", "http://minio.internal:9000/", true},
		{"minio.internal:9000", "http://minio.internal:9001/", false},
		{"MinIO.internal", "http://minio.INTERNAL:81/", true},
		{"minio.internal", "http://wiki.corp/", false},
		{"10.0.0.0/8", "http://wiki.corp/", true},
		{"10.0.0.0/8", "http://10.9.9.9:8080/", true},
		{"10.0.0.0/8", "http://[::ffff:10.9.9.9]/", true},
		{"10.0.0.0/8", "http://192.168.0.9/", false},
		{"127.0.0.1:8081", "http://127.0.0.1:8081/", true},
		{"127.0.0.1:8081", "http://127.0.0.1:8082/", false},
		{"127.0.0.1", "http://127.0.0.1:25/", true},
		{"::1", "http://[::1]:8080/", true},
		{"[::1]:8080", "http://[::1]:8080/", true},
		{"[::1]:8080", "http://[::1]:8081/", false},
	} {
		n := online(t, hello, answers)
		_, err := get(t, n.client(t, guard.Config{Allow: allow(t, c.entry)}), c.url)
		if (err == nil) != c.passes || (!c.passes && !errors.Is(err, guard.ErrForbiddenTarget)) {
			t.Errorf("%s with %q allowed: %v", c.url, c.entry, err)
		}
	}
	for _, entry := range []string{"", "a b", "http://x", "x:0", "x:y", "x:99999", "*", "*.example.com", ":80", "a@b", "::ffff:0:0/64"} {
		if _, err := guard.ParseAllowList([]string{entry}); err == nil {
			t.Errorf("%q was taken into the allow-list", entry)
		}
	}
}

func TestOversizeBodies(t *testing.T) {
	t.Parallel()
	const most = 1000
	var squeezed bytes.Buffer
	zip := gzip.NewWriter(&squeezed)
	zip.Write(make([]byte, 10_000_000))
	zip.Close()
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		fits    bool
	}{
		"exactly the limit": {func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, most)) }, true},
		"one byte more":     {func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, most+1)) }, false},
		"announced": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "999999999")
			w.Write(nil)
		}, false},
		"streamed": {func(w http.ResponseWriter, _ *http.Request) {
			for range 100 {
				w.Write(make([]byte, 100))
				http.NewResponseController(w).Flush()
			}
		}, false},
		"compressed": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(squeezed.Bytes())
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := online(t, c.handler, map[string][][]string{"a.example": {{public}}})
			body, err := get(t, n.client(t, guard.Config{MaxBytes: most}), "http://a.example/")
			if c.fits && (err != nil || len(body) != most) || !c.fits && !errors.Is(err, guard.ErrTooLarge) {
				t.Errorf("%d bytes, %v", len(body), err)
			}
			if len(body) > most {
				t.Errorf("%d bytes got through", len(body))
			}
		})
	}
}

// A server that trickles its answer is left when the time of the whole exchange is over.
func TestSlowServersAreLeft(t *testing.T) {
	t.Parallel()
	for name, trickle := range map[string]func(net.Conn){
		"no answer": func(net.Conn) {},
		"slow body": func(c net.Conn) {
			fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
			for {
				if _, err := c.Write([]byte("x")); err != nil {
					return
				}
				time.Sleep(time.Second) // fake time: the bubble's
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var servers sync.WaitGroup
				c := guard.NewClient(guard.Config{
					Timeout: 7 * time.Second,
					Resolve: func(context.Context, string) ([]netip.Addr, error) {
						return []netip.Addr{netip.MustParseAddr(public)}, nil
					},
					Dial: func(context.Context, string, string) (net.Conn, error) {
						ours, theirs := net.Pipe()
						servers.Go(func() {
							defer theirs.Close()
							if _, err := http.ReadRequest(bufio.NewReader(theirs)); err == nil {
								trickle(theirs)
								io.Copy(io.Discard, theirs)
							}
						})
						return ours, nil
					},
				})
				start := time.Now()
				_, err := get(t, c, "http://slow.example/")
				if took := time.Since(start); err == nil || took != 7*time.Second {
					t.Errorf("ended after %v with %v", took, err)
				}
				c.CloseIdleConnections()
				servers.Wait()
			})
		})
	}
}

func TestUnknownNamesAreNoForbiddenOnes(t *testing.T) {
	t.Parallel()
	n := online(t, hello, nil)
	var dns *net.DNSError
	if _, err := get(t, n.client(t, guard.Config{}), "http://nowhere.example/"); !errors.As(err, &dns) || errors.Is(err, guard.ErrForbiddenTarget) {
		t.Errorf("got %v", err)
	}
}
