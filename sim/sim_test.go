package sim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/sim"
)

// world is a simulator and a desk that takes its webhooks, inside one bubble of time and without a network.
type world struct {
	t   *testing.T
	sim *sim.Simulator

	mu     sync.Mutex
	got    []received
	answer func(received) int // of the desk, nil = 200
}

// received is one webhook request as the desk saw it.
type received struct {
	Method, URL string
	Header      http.Header
	Body        string
	At          time.Time
}

// callback is where the desk takes webhooks.
const callback = "https://desk.example.test/hooks/1"

// inWorld runs a test in a bubble.
func inWorld(t *testing.T, test func(*world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t}
		w.sim = sim.New(sim.Config{Base: "http://sim.example.test/sim", Seed: "test", Client: &http.Client{Transport: w}, Log: slog.New(slog.DiscardHandler)})
		test(w)
		w.sim.Close()
	})
}

// RoundTrip is the network between provider and desk.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	rec := httptest.NewRecorder()
	got := received{Method: r.Method, URL: r.URL.String(), Header: r.Header, Body: string(body), At: time.Now()}
	if r.URL.Host == "files.example.test" {
		rec.Header().Set("Content-Type", "image/png")
		_, _ = rec.WriteString("picture")
		return rec.Result(), nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.got = append(w.got, got)
	status := http.StatusOK
	if w.answer != nil {
		status = w.answer(got)
	}
	if status == 0 {
		return nil, fmt.Errorf("connection refused")
	}
	rec.WriteHeader(status)
	if q := r.URL.Query(); r.Method == http.MethodGet && q.Has("hub.challenge") {
		_, _ = rec.WriteString(q.Get("hub.challenge"))
	} else if q.Has("echostr") {
		_, _ = rec.WriteString(q.Get("echostr"))
	}
	return rec.Result(), nil
}

// hooks are the webhooks so far, once nothing is under way any more; they are forgotten then.
func (w *world) hooks() []received {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	got := w.got
	w.got = nil
	return got
}

// hook is the only webhook since the last look.
func (w *world) hook() received {
	w.t.Helper()
	got := w.hooks()
	if len(got) != 1 {
		w.t.Fatalf("%d webhooks, want one: %v", len(got), got)
	}
	return got[0]
}

// account opens an account.
func (w *world) account(kind string) *sim.Account {
	w.t.Helper()
	a, err := w.sim.NewAccount(kind)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// act lets the account's first customer do something.
func (w *world) act(a *sim.Account, x sim.Act) string {
	w.t.Helper()
	id, err := a.Act(a.Customers()[0], x)
	if err != nil {
		w.t.Fatalf("%s: %v", x.Do, err)
	}
	return id
}

// reply is a provider's answer.
type reply struct {
	status int
	header http.Header
	body   string
	cut    bool // there was none: the connection ended
}

// json is the value at a path of names and indexes, written a.b.0.c.
func (r reply) json(t *testing.T, path string) any {
	t.Helper()
	return at(t, r.body, path)
}

func at(t *testing.T, body, path string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	for step := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i >= len(x) {
				t.Fatalf("no %s of %s in %s", step, path, body)
			}
			v = x[i]
		default:
			t.Fatalf("no %s of %s in %s", step, path, body)
		}
	}
	return v
}

// do makes a request as a connector would; body is JSON, url.Values or a multipart form.
func (w *world) do(method, target, auth string, body any) reply {
	w.t.Helper()
	return w.doWith(method, target, map[string]string{"Authorization": auth}, body)
}

func (w *world) doWith(method, target string, header map[string]string, body any) (out reply) {
	w.t.Helper()
	var reader io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case url.Values:
		reader, kind = strings.NewReader(b.Encode()), "application/x-www-form-urlencoded"
	case form:
		reader, kind = b.encode(w.t)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			w.t.Fatal(err)
		}
		reader, kind = bytes.NewReader(raw), "application/json"
	}
	target = strings.TrimPrefix(target, "http://sim.example.test/sim")
	r := httptest.NewRequestWithContext(w.t.Context(), method, target, reader)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	defer func() {
		if fault := recover(); fault == http.ErrAbortHandler { //nolint:errorlint // as net/http compares it
			out = reply{cut: true}
		} else if fault != nil {
			panic(fault)
		}
	}()
	w.sim.ServeHTTP(rec, r)
	return reply{status: rec.Code, header: rec.Header(), body: rec.Body.String()}
}

// form is a form with one file.
type form struct {
	values           map[string]string
	field, name, typ string
	data             string
}

func (f form) encode(t *testing.T) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		if err := m.WriteField(name, f.values[name]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := m.CreatePart(map[string][]string{
		"Content-Disposition": {fmt.Sprintf(`form-data; name=%q; filename=%q`, f.field, f.name)}, "Content-Type": {f.typ},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(part, f.data); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, m.FormDataContentType()
}

// fixture reads a payload that was composed from the provider's reference.
func fixture(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

// sameShape holds a payload against a fixture: the same names with values of the same types. Names in except may be on
// one side alone.
func sameShape(t *testing.T, got, name string, except ...string) {
	t.Helper()
	have, want := shape(t, got), shape(t, fixture(t, name))
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if kind := have[path]; kind != want[path] && !excepted(path, except) {
			t.Errorf("%s: %s is %q, want %q", name, path, kind, want[path])
		}
	}
	for _, path := range slices.Sorted(maps.Keys(have)) {
		if want[path] == "" && !excepted(path, except) {
			t.Errorf("%s: %s is not in the fixture", name, path)
		}
	}
}

func excepted(path string, except []string) bool {
	return slices.ContainsFunc(except, func(name string) bool { return strings.Contains(path, "."+name) })
}

func shape(t *testing.T, text string) map[string]string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	found := map[string]string{}
	walk(found, "", v)
	return found
}

func walk(found map[string]string, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			walk(found, path+"."+name, inner)
		}
	case []any:
		found[path] = "list"
		for _, inner := range v {
			walk(found, path+"[]", inner)
		}
	default:
		found[path] = fmt.Sprintf("%T", v)
	}
}

// sameText holds an answer's body against a fixture, word for word.
func sameText(t *testing.T, got reply, status int, name string) {
	t.Helper()
	var have, want any
	if err := json.Unmarshal([]byte(got.body), &have); err != nil {
		t.Fatalf("%v: %s", err, got.body)
	}
	if err := json.Unmarshal([]byte(fixture(t, name)), &want); err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(have)
	b, _ := json.Marshal(want)
	if got.status != status || string(a) != string(b) {
		t.Errorf("answered %d %s, want %d %s", got.status, a, status, b)
	}
}

// picture is a file of a customer's.
var picture = sim.Upload{Name: "a.jpg", Type: "image/jpeg", Data: []byte("\xff\xd8\xffpicture")}

// place is one.
var place = &sim.Place{Lat: 35.681236, Lon: 139.767125, Title: "東京駅", Address: "千代田区丸の内1"}
