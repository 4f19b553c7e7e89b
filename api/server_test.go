package api_test

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
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"madoguchi/api"
	"madoguchi/desk"
)

func queryEscape(s string) string { return url.QueryEscape(s) }

func TestTheInboxIsServed(t *testing.T) {
	t.Parallel()
	p := open(t).stranger(t)
	for _, path := range []string{"/", "/setup", "/invitations/mdi_x", "/conversations/7", "/index.html", "/manifest.json", "/nothing.png"} {
		r := p.do("GET", path, nil).want(t, 200)
		csp := r.Header.Get("Content-Security-Policy")
		if !strings.Contains(string(r.body), `id="root"`) || r.Header.Get("Cache-Control") != "no-cache" || r.Header.Get("X-Frame-Options") != "DENY" ||
			!strings.Contains(csp, "script-src 'self';") || strings.Contains(csp, "unsafe-eval") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: %v %s", path, r.Header, r.body)
		}
		p.do("GET", path, nil, header("If-None-Match", r.Header.Get("ETag"))).want(t, 304)
	}
	for accept, want := range map[string][2]string{
		"br, gzip": {"br", "brotli"}, "gzip": {"gzip", "gzip"}, "identity": {"", strings.Repeat("console.log(1);", 100)}, "br;q=0, gzip;q=0.5": {"gzip", "gzip"},
	} {
		r := p.do("GET", "/assets/app-1.js", nil, header("Accept-Encoding", accept)).want(t, 200)
		if r.Header.Get("Content-Encoding") != want[0] || string(r.body) != want[1] || r.Header.Get("Vary") != "Accept-Encoding" ||
			r.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/javascript") {
			t.Errorf("%s: %v %.20s", accept, r.Header, r.body)
		}
	}
	p.do("GET", "/assets/gone-2.js", nil).want(t, 404)
	p.do("GET", "/assets/", nil).want(t, 404)
	p.do("GET", "/assets/app-1.js.br", nil).want(t, 200) // harmless: the same bytes
	if r := p.do("GET", "/icon.svg", nil).want(t, 200); r.Header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("icon: %v", r.Header)
	}
	for _, path := range []string{"/..%2f..%2fetc/passwd", "/assets/..%2f..%2fwidget/loader.js", "/%00", "//evil.example/x"} {
		if r := p.do("GET", path, nil); r.StatusCode >= 500 || strings.Contains(string(r.body), "root:") {
			t.Errorf("%s: %d %s", path, r.StatusCode, r.body)
		}
	}
	p.do("POST", "/", nil).wantCode(t, 405, "method_not_allowed")
}

func TestBeforeABuildItSaysSo(t *testing.T) {
	t.Parallel()
	c := open(t, func(d *api.Deps) { d.Web = fstest.MapFS{".gitkeep": {}} })
	c.stranger(t).do("GET", "/", nil).wantCode(t, 503, "not_built")
}

func TestAddressesThatAreNot(t *testing.T) {
	t.Parallel()
	p := open(t).stranger(t)
	p.do("GET", "/api/v1/nothing", nil).wantCode(t, 404, "route_not_found")
	if r := p.do("PUT", "/api/v1/setup", nil).wantCode(t, 405, "method_not_allowed"); r.Header.Get("Allow") != "GET, POST" {
		t.Errorf("Allow: %s", r.Header.Get("Allow"))
	}
	p.do("GET", "/api/", nil).wantCode(t, 404, "route_not_found")
}

func TestDocumentationIsOurOwn(t *testing.T) {
	t.Parallel()
	p := open(t).stranger(t)
	page := p.do("GET", "/api/docs", nil).want(t, 200)
	html := string(page.body)
	for _, want := range []string{"/api/v1/conversations/{id}/messages", `id="post-message"`, `id="schema-Row"`, "channel.manage", "last_inbound_seq"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page says nothing of %s", want)
		}
	}
	if strings.Contains(html, "<script") || strings.Contains(html, "https://unpkg") || !strings.Contains(page.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error("the page loads something")
	}
	p.do("GET", "/api/docs.css", nil).want(t, 200)
	document := p.do("GET", "/api/openapi.json", nil).want(t, 200)
	if document.str("openapi") != "3.1.0" || document.str("info.version") != "test" {
		t.Errorf("document: %.200s", document.body)
	}
}

func TestLongAnswersAreCompressed(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	for range 10 {
		c.talk(t, p.space)
	}
	r := p.do("GET", "/api/v1/conversations", nil, header("Accept-Encoding", "gzip")).want(t, 200)
	if r.Header.Get("Content-Encoding") != "gzip" || r.Header.Get("Vary") == "" {
		t.Fatalf("headers %v", r.Header)
	}
	z, err := gzip.NewReader(bytes.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(z); err != nil || !strings.Contains(string(plain), "返金してください") {
		t.Errorf("%v %.100s", err, plain)
	}
	for range 10 { // so that the answer is long
		p.do("POST", "/api/v1/api-keys", map[string]any{"name": strings.Repeat("長い名前", 15), "role": "agent"}).want(t, 201)
	}
	for _, path := range []string{"/api/v1/session", "/api/v1/api-keys"} {
		if r := p.do("GET", path, nil, header("Accept-Encoding", "gzip")).want(t, 200); r.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: an answer with secrets is compressed", path)
		}
	}
}

func TestPanicsAreAnswered(t *testing.T) {
	t.Parallel()
	c := open(t, func(d *api.Deps) {
		d.Widget = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a defect: secret") })
	})
	r := c.stranger(t).do("GET", "/widget/x", nil).wantCode(t, 500, "internal")
	if strings.Contains(string(r.body), "secret") {
		t.Errorf("the caller learns: %s", r.body)
	}
	if log := c.log.String(); !strings.Contains(log, "a defect") || !strings.Contains(log, r.str("request_id")) {
		t.Errorf("the log: %s", log)
	}
	c.stranger(t).do("GET", "/healthz", nil).want(t, 200)
}

func TestHealth(t *testing.T) {
	t.Parallel()
	var fault error
	c := open(t, func(d *api.Deps) { d.Ready = func(context.Context) error { return fault } })
	p := c.stranger(t)
	p.do("GET", "/healthz", nil).want(t, 200)
	p.do("GET", "/readyz", nil).want(t, 200)
	fault = errors.New("the outbox stands still: /var/secret")
	if r := p.do("GET", "/readyz", nil).want(t, 503); strings.Contains(string(r.body), "secret") {
		t.Errorf("%s", r.body)
	}
	p.do("GET", "/healthz", nil).want(t, 200)
}

// host calls the server by another name.
func host(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }

func local(d *api.Deps) { d.PublicURL = "http://127.0.0.1:8080" }

func TestMetricsAreForThisMachineAlone(t *testing.T) {
	t.Parallel()
	p := open(t, local).stranger(t)
	p.do("GET", "/api/v1/setup", nil).want(t, 200)
	r := p.do("GET", "/metrics", nil).want(t, 200)
	if !strings.Contains(string(r.body), `madoguchi_http_requests_total{method="GET",route="GET /api/v1/setup",status="200"} 1`) {
		t.Errorf("%s", r.body)
	}
	p.do("GET", "/metrics", nil, host("localhost:8080")).want(t, 200)
	// A proxy on this machine that the operator did not name; a page whose name was pointed here.
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"} {
		p.do("GET", "/metrics", nil, header(name, "127.0.0.1")).wantCode(t, 401, "metrics_closed")
	}
	p.do("GET", "/metrics", nil, host("rebound.example")).wantCode(t, 401, "metrics_closed")
}

func TestMetricsAtAPublicAddressNeedAToken(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*api.Deps){
		"public URL":    func(*api.Deps) {},
		"trusted proxy": func(d *api.Deps) { local(d); d.TrustedProxies = []string{"127.0.0.1"} },
	} {
		p := open(t, change).stranger(t)
		if r := p.do("GET", "/metrics", nil, host("127.0.0.1")); r.StatusCode != 401 || strings.Contains(string(r.body), "madoguchi_http") {
			t.Errorf("%s: %d %.100s", name, r.StatusCode, r.body)
		}
		p = open(t, change, func(d *api.Deps) { d.MetricsToken = "s3cret" }).stranger(t)
		p.do("GET", "/metrics", nil).wantCode(t, 401, "metrics_closed")
		for _, bad := range []string{"Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cretx", "Basic s3cret", "s3cret"} {
			p.do("GET", "/metrics", nil, header("Authorization", bad)).wantCode(t, 401, "metrics_closed")
		}
		p.do("GET", "/metrics", nil, header("Authorization", "Bearer s3cret"), header("X-Forwarded-For", "203.0.113.9")).want(t, 200)
	}
}

func TestRequestIDsAreATrustedProxysOrOurs(t *testing.T) {
	t.Parallel()
	proxy := open(t, func(d *api.Deps) { d.TrustedProxies = []string{"127.0.0.1"} }).stranger(t)
	r := proxy.do("GET", "/api/v1/tags", nil, header("X-Request-Id", "abc-123_X")).want(t, 401)
	if r.Header.Get("X-Request-Id") != "abc-123_X" || r.str("request_id") != "abc-123_X" {
		t.Errorf("a proxy's: %v %s", r.Header, r.body)
	}
	for _, id := range []string{"a b", "a;b", "<script>", strings.Repeat("a", 65)} {
		r = proxy.do("GET", "/api/v1/tags", nil, header("X-Request-Id", id)).want(t, 401)
		if got := r.Header.Get("X-Request-Id"); len(got) != 16 || r.str("request_id") != got {
			t.Errorf("a proxy that passes on %q: %q", id, got)
		}
	}
	r = open(t).stranger(t).do("GET", "/api/v1/tags", nil, header("X-Request-Id", "abc-123_X")).want(t, 401)
	if id := r.Header.Get("X-Request-Id"); id == "abc-123_X" || len(id) != 16 || r.str("request_id") != id {
		t.Errorf("a stranger's: %v %s", r.Header, r.body)
	}
}

// raw speaks HTTP by hand to a server with our times.
func raw(t *testing.T, c *counter, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return fmt.Sprintf("%d %v %s", response.StatusCode, response.Header, body)
}

func TestHeadersCannotBeInjected(t *testing.T) {
	t.Parallel()
	c := open(t)
	for _, request := range []string{
		"GET /%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\r\n Set-Cookie: a=b\r\nConnection: close\r\n\r\n",
		"GET /api/v1/setup HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nAccept-Language: ja\x01\r\nConnection: close\r\n\r\n",
	} {
		got := raw(t, c, request)
		if strings.Contains(got, "Set-Cookie") || strings.Contains(got, "evil.example") || strings.HasPrefix(got, "5") {
			t.Errorf("%q: %s", request, got)
		}
	}
}

func TestSlowAndGreedyClientsAreCutOff(t *testing.T) {
	t.Parallel()
	server := api.NewHTTPServer(http.NotFoundHandler(), open(t).deps.Log)
	if server.ReadHeaderTimeout == 0 || server.IdleTimeout == 0 || server.MaxHeaderBytes == 0 {
		t.Errorf("no limits: %+v", server)
	}
	// A body that never ends is read no further than its limit; its times are set per request.
	c := open(t)
	p := c.owner(t, "owner@example.test")
	deadlines := &deadlineWriter{ResponseRecorder: httptest.NewRecorder()}
	handler, err := api.New(fresh(c.deps))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/api/v1/tags", strings.NewReader(`{"name":"x"}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-CSRF-Token", p.csrf)
	r.AddCookie(p.cookie)
	handler.ServeHTTP(deadlines, r)
	if deadlines.Code != 201 || deadlines.reads == 0 || deadlines.writes == 0 {
		t.Errorf("%d, %d read deadlines, %d write deadlines: %s", deadlines.Code, deadlines.reads, deadlines.writes, deadlines.Body)
	}
}

// fresh is the same desk without the figures, which register once.
func fresh(d api.Deps) api.Deps {
	d.Metrics = nil
	return d
}

func TestBrokenDependenciesAreRefused(t *testing.T) {
	t.Parallel()
	d := fresh(open(t).deps)
	d.PublicURL = "desk.example"
	if _, err := api.New(d); desk.CodeOf(err) != "url_invalid" {
		t.Errorf("a public URL without scheme: %v", err)
	}
	d.PublicURL, d.TrustedProxies = publicURL, []string{"nonsense"}
	if _, err := api.New(d); err == nil {
		t.Error("a proxy that is no address")
	}
}

func TestTheSocketOpensThroughTheWholeServer(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- c.deps.Hub.Run(ctx) }()
	<-c.deps.Hub.Ready()
	ask := func(headers string) string {
		conn, err := net.Dial("tcp", strings.TrimPrefix(c.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET /api/v1/live HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAccept-Encoding: gzip\r\n%s\r\n", c.Listener.Addr(), headers)
		status, err := bufio.NewReader(conn).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(status)
	}
	cookie := "Cookie: " + p.cookie.Name + "=" + p.cookie.Value + "\r\n"
	if got := ask(cookie + "Origin: " + c.URL + "\r\nSec-Fetch-Site: same-origin\r\n"); got != "HTTP/1.1 101 Switching Protocols" {
		t.Errorf("a member: %s", got)
	}
	if got := ask(cookie + "Origin: https://evil.example\r\n"); !strings.Contains(got, "403") {
		t.Errorf("another site: %s", got)
	}
	if got := ask("Origin: " + c.URL + "\r\n"); !strings.Contains(got, "401") {
		t.Errorf("a stranger: %s", got)
	}
	secret := p.do("POST", "/api/v1/api-keys", map[string]any{"name": "k", "role": "viewer"}).want(t, 201).str("secret")
	if got := ask("Authorization: Bearer " + secret + "\r\n"); got != "HTTP/1.1 101 Switching Protocols" {
		t.Errorf("a program: %s", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
