package app_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"madoguchi/app"
	"madoguchi/sim"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// TestANodeThatStartsWithoutItsDatabaseKeepsWhatProvidersSend: it verifies, acknowledges and keeps; everything else is told to come
// again. When the database is back, the desk opens by itself and has everything in order.
func TestANodeThatStartsWithoutItsDatabaseKeepsWhatProvidersSend(t *testing.T) {
	t.Parallel()
	storetest.EachBare(t, func(t *testing.T, on sqlstore.Config) {
		if on.URL == "" {
			aFileIsNotAway(t)
			return
		}
		g := newGate(t, on.URL)
		provider := sim.New(sim.Config{Now: time.Now, Client: &http.Client{Transport: &http.Transport{}}})
		server := httptest.NewServer(provider)
		t.Cleanup(server.Close)
		t.Cleanup(provider.Close)
		provider.SetBase(server.URL)
		c := app.Config{
			Data: t.TempDir(), Listen: freeAddress(t), DatabaseURL: g.url, ProviderURLs: []string{"telegram=" + server.URL + "/telegram"}, SharedData: true,
			LogTo: io.Discard, MaxUploadBytes: 1 << 20, Version: "test", Unlimited: true,
		}
		made, err := app.Setup(t.Context(), c, app.SetupParams{Workspace: "Sakura", Email: "owner@example.test", Locale: "ja", Zone: "Asia/Tokyo"})
		if err != nil {
			t.Fatal(err)
		}
		d := &runningDesk{t: t, url: "http://" + c.Listen, key: made.APIKey}
		opened, stop := run(t, c)
		<-opened
		note := filepath.Join(c.Data, "journal", "note")
		d.until("the node's first note", func() bool { return size(note) > 0 })
		empty := size(note)
		a, err := provider.NewAccount("telegram")
		if err != nil {
			t.Fatal(err)
		}
		d.create("telegram", a.Credential)
		d.until("a note of the channel", func() bool { return size(note) > empty+100 })
		stop()

		g.shut()
		waits := func() bool { return d.status("GET", "/healthz") == http.StatusOK }
		_, stop = run(t, c)
		d.until("the node waits", waits)
		stop() // it ends while it waits, too
		opened, _ = run(t, c)
		d.until("the node waits again", waits)
		want := []string{"one", "two", "three"}
		for _, text := range want {
			if _, err := a.Write(a.Customers()[0], text); err != nil {
				t.Fatal(err)
			}
		}
		d.until("every webhook is acknowledged", func() bool { return provider.Pending() == 0 })
		for _, h := range a.Hooks() {
			if h.Status != http.StatusOK {
				t.Errorf("a webhook was answered %d", h.Status)
			}
		}
		callback, err := url.Parse(a.Console().Callback)
		if err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]int{"/": 503, "/readyz": 503, "/api/v1/conversations": 503, callback.Path: 403, "/hooks/telegram/nobody": 503} {
			if got := d.status("POST", path); got != want {
				t.Errorf("%s: %d, want %d", path, got, want)
			}
		}
		d.isToldToComeAgain()
		g.open()
		<-opened
		var got []string
		d.until("everything is in the desk", func() bool {
			got = d.texts()
			return len(got) >= len(want)
		})
		if !slices.Equal(got, want) {
			t.Errorf("the desk has %v", got)
		}
	})
}

// isToldToComeAgain: people in their language, programs as by the API.
func (d *runningDesk) isToldToComeAgain() {
	d.t.Helper()
	for accept, want := range map[string]string{"text/html,*/*": "データベースに接続できません", "application/json": `"code":"database_awaited"`} {
		r, err := http.NewRequestWithContext(d.t.Context(), "GET", d.url+"/", nil)
		if err != nil {
			d.t.Fatal(err)
		}
		r.Header.Set("Accept", accept)
		r.Header.Set("Accept-Language", "ja")
		response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
		if err != nil {
			d.t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || !strings.Contains(string(text), want) || response.Header.Get("Retry-After") == "" {
			d.t.Errorf("%s: %s %v, want %s", accept, text, err, want)
		}
	}
}

// aFileIsNotAway: a database file that cannot be used is a mistake, which a start ends with.
func aFileIsNotAway(t *testing.T) {
	t.Helper()
	c := app.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", LogTo: io.Discard}
	if err := os.WriteFile(filepath.Join(c.Data, "madoguchi.db"), []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := app.Serve(t.Context(), c, func(string) { t.Error("it opened") }); err == nil {
		t.Error("it ended without an error")
	}
}

// A node that never served a database does not wait for it: its address may be wrong.
func TestANewNodeDoesNotWaitForItsDatabase(t *testing.T) {
	t.Parallel()
	c := app.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", DatabaseURL: "postgres://x@" + freeAddress(t) + "/x?sslmode=disable", SharedData: true, LogTo: io.Discard}
	if err := app.Serve(t.Context(), c, func(string) { t.Error("it opened") }); err == nil || !strings.Contains(err.Error(), "PostgreSQL server cannot be used") {
		t.Errorf("it ended with %v", err)
	}
}

// run serves until stop or the test's end.
func run(t *testing.T, c app.Config) (opened <-chan string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	open, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- app.Serve(ctx, c, func(address string) { open <- address }) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the desk ended with %v", err)
		}
	})
	t.Cleanup(stop)
	return open, stop
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// status is how a path answers, 0 = not at all.
func (d *runningDesk) status(method, path string) int {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, strings.NewReader("{}"))
	if err != nil {
		d.t.Fatal(err)
	}
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// texts are the messages of the only conversation, in order.
func (d *runningDesk) texts() (texts []string) {
	d.t.Helper()
	var list struct{ Items []struct{ ID int64 } }
	d.ask("GET", "/api/v1/conversations?view=all", nil, &list)
	if len(list.Items) == 0 {
		return nil
	}
	var page struct{ Items []stored }
	d.ask("GET", fmt.Sprintf("/api/v1/conversations/%d/messages", list.Items[0].ID), nil, &page)
	for _, m := range page.Items {
		if len(m.Parts) > 0 {
			texts = append(texts, m.Parts[0].Text)
		}
	}
	return texts
}

// gate is a way to a database that can be shut.
type gate struct {
	t       *testing.T
	url     string
	address string
	server  string

	mu       sync.Mutex
	listener net.Listener
	conns    []net.Conn
}

func newGate(t *testing.T, database string) *gate {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{t: t, server: u.Host, address: freeAddress(t)}
	u.Host = g.address
	g.url = u.String()
	g.open()
	t.Cleanup(g.shut)
	return g
}

func (g *gate) open() {
	g.t.Helper()
	l, err := net.Listen("tcp", g.address)
	if err != nil {
		g.t.Fatal(err)
	}
	g.mu.Lock()
	g.listener = l
	g.mu.Unlock()
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return // it was shut
			}
			g.pass(in)
		}
	}()
}

// pass joins a connection with one to the server.
func (g *gate) pass(in net.Conn) {
	out, err := net.Dial("tcp", g.server)
	if err != nil {
		_ = in.Close()
		return
	}
	g.mu.Lock()
	g.conns = append(g.conns, in, out)
	g.mu.Unlock()
	join := func(to, from net.Conn) {
		_, _ = io.Copy(to, from)
		_ = to.Close()
	}
	go join(out, in)
	go join(in, out)
}

func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.listener != nil {
		_ = g.listener.Close()
		g.listener = nil
	}
	for _, c := range g.conns {
		_ = c.Close()
	}
	g.conns = nil
}
