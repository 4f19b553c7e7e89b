package security_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"madoguchi/app"
	"madoguchi/auth/authtest"
	"madoguchi/store/storetest"
)

const password = "correct horse battery"

// desk is the whole program, serving in this process.
type desk struct {
	t       testing.TB
	config  app.Config
	url     string
	log     *logbook
	setup   app.SetupResult
	client  *http.Client // trusts the desk's certificate
	stopped chan error
}

// logbook is what the program logs, to be read while it does.
type logbook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// owner is the first workspace's.
const owner = "owner@example.test"

// prepare sets a desk up without starting it; change says how it differs from one without rate limits on this machine.
func prepare(t testing.TB, change ...func(*app.Config)) *desk {
	t.Helper()
	d := &desk{t: t, log: &logbook{}, client: &http.Client{Transport: &http.Transport{}}}
	d.config = app.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", LogLevel: "debug", LogFormat: "json", LogTo: d.log, MaxUploadBytes: 1 << 20, Version: "test", Unlimited: true, Passwords: authtest.Passwords()}
	for _, fn := range change {
		fn(&d.config)
	}
	storetest.Lay(t, filepath.Join(d.config.Data, "madoguchi.db")) // as it is after every migration, which take longer than many an attack
	d.setup = d.workspace("Sakura", owner)
	return d
}

// workspace makes one (more), with its owner.
func (d *desk) workspace(name, email string) app.SetupResult {
	d.t.Helper()
	made, err := app.Setup(d.t.Context(), d.config, app.SetupParams{Workspace: name, Email: email, Password: password, Locale: "en", Zone: "Asia/Tokyo"})
	if err != nil {
		d.t.Fatal(err)
	}
	return made
}

// start serves until the test ends.
func (d *desk) start() *desk {
	d.t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(d.t.Context()))
	opened, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- app.Serve(ctx, d.config, func(address string) { opened <- address }) }()
	select {
	case d.url = <-opened:
	case err := <-ended:
		stop()
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		d.client.CloseIdleConnections()
		stop()
		if err := <-ended; err != nil {
			d.t.Errorf("the desk ended with %v", err)
		}
	})
	return d
}

func open(t testing.TB, change ...func(*app.Config)) *desk {
	t.Helper()
	return prepare(t, change...).start()
}

// caller is somebody who asks: a browser with cookies, a program with a key, a visitor with a token, or nobody.
type caller struct {
	d      *desk
	client *http.Client
	bearer string
	csrf   string
}

// stranger is a browser that nobody has signed in with.
func (d *desk) stranger() *caller {
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return &caller{d: d, client: &http.Client{Transport: d.client.Transport, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// program calls with an API key.
func (d *desk) program(key string) *caller {
	c := d.stranger()
	c.bearer = key
	return c
}

// signIn is a browser with a session.
func (d *desk) signIn(email string) *caller {
	d.t.Helper()
	c := d.stranger()
	c.csrf = c.do("POST", "/api/v1/session", map[string]any{"email": email, "password": password}).want(201).str("csrf")
	return c
}

// visitor is a widget that has booted.
func (d *desk) visitor() *caller {
	d.t.Helper()
	c := d.stranger()
	c.bearer = c.do("POST", "/widget/v1/boot", map[string]any{"account": d.setup.ChannelAccount}).want(200).str("token")
	return c
}

// answer is a response that was read.
type answer struct {
	*http.Response
	t    testing.TB
	body []byte
	json any
}

// form is a multipart body with one file.
type form struct {
	name    string
	content []byte
}

// do asks as this caller's own page would; change may spoil it.
func (c *caller) do(method, path string, body any, change ...func(*http.Request)) answer {
	c.d.t.Helper()
	var reader io.Reader
	kind := "application/json"
	switch b := body.(type) {
	case nil:
		kind = ""
	case string:
		reader = strings.NewReader(b)
	case form:
		var buf bytes.Buffer
		w := multipart.NewWriter(&buf)
		part, err := w.CreateFormFile("file", b.name)
		if err == nil {
			_, err = part.Write(b.content)
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			c.d.t.Fatal(err)
		}
		reader, kind = &buf, w.FormDataContentType()
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			c.d.t.Fatal(err)
		}
		reader = bytes.NewReader(encoded)
	}
	r, err := http.NewRequestWithContext(c.d.t.Context(), method, c.d.url+path, reader)
	if err != nil {
		c.d.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if c.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	r.Header.Set("Origin", c.d.url)
	if c.csrf != "" {
		r.Header.Set("X-CSRF-Token", c.csrf)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, fn := range change {
		fn(r)
	}
	response, err := c.client.Do(r)
	if err != nil {
		c.d.t.Fatal(err)
	}
	defer response.Body.Close()
	a := answer{Response: response, t: c.d.t}
	if a.body, err = io.ReadAll(response.Body); err != nil {
		c.d.t.Fatal(err)
	}
	if strings.Contains(response.Header.Get("Content-Type"), "json") && len(a.body) > 0 {
		if err := json.Unmarshal(a.body, &a.json); err != nil {
			c.d.t.Fatalf("%s %s: %v: %s", method, path, err, a.body)
		}
	}
	return a
}

// with sets a header of a request; "" takes it away.
func with(name, value string) func(*http.Request) {
	return func(r *http.Request) {
		if value == "" {
			r.Header.Del(name)
			return
		}
		r.Header.Set(name, value)
	}
}

func (a answer) want(status int) answer {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Fatalf("%s %s: %d, want %d: %s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.body)
	}
	return a
}

func (a answer) wantCode(status int, code string) answer {
	a.t.Helper()
	if a.want(status); a.str("code") != code {
		a.t.Fatalf("%s %s: code %q, want %q: %s", a.Request.Method, a.Request.URL.Path, a.str("code"), code, a.body)
	}
	return a
}

// at finds a value by a dotted path.
func (a answer) at(path string) any {
	v := a.json
	for name := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			i := int(name[0] - '0')
			if i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

func (a answer) str(path string) string { s, _ := a.at(path).(string); return s }
func (a answer) num(path string) int64  { n, _ := a.at(path).(float64); return int64(n) }
func (a answer) list(path string) []any { l, _ := a.at(path).([]any); return l }

// address is the desk's host and port.
func (d *desk) address() string {
	u, err := url.Parse(d.url)
	if err != nil {
		d.t.Fatal(err)
	}
	return u.Host
}

// message is a text as the APIs take it.
func message(id, text string) map[string]any {
	return map[string]any{"client_id": id, "mode": "reply", "parts": []any{map[string]any{"kind": "text", "text": text}}}
}

// number writes an id as addresses do.
func number(v any) string {
	n, _ := v.(float64)
	return strconv.FormatInt(int64(n), 10)
}
