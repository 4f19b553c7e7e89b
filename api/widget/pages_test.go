package widget_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"madoguchi/api/static"
	"madoguchi/api/widget"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

var build = fstest.MapFS{
	"widget/loader.js":            {Data: []byte("start(madoguchiLauncher)")},
	"widget/manifest.json":        {Data: []byte(`{"src/panel.tsx":{"file":"assets/panel-1.js"},"style.css":{"file":"assets/style-1.css"}}`)},
	"widget/assets/panel-1.js":    {Data: []byte("panel()")},
	"widget/assets/panel-1.js.gz": {Data: []byte("zipped")},
	"inbox/index.html":            {Data: []byte("inbox")},
}

func pages(t *testing.T, edit func(*desk.Channel)) *widget.Pages {
	t.Helper()
	s := storetest.SQLite(t)
	err := s.Update(t.Context(), 0, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: 1, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), 1, func(tx store.Tx) error {
		brand := desk.Brand{ID: tx.NewID(), Name: "b", CreatedAt: tx.Now()}
		if err := tx.WriteWorkspaces().PutBrand(brand); err != nil {
			return err
		}
		c := desk.Channel{
			ID: tx.NewID(), BrandID: brand.ID, Kind: "webchat", Name: `</script><b>`, Account: "abc", State: desk.ChannelActive, CreatedAt: tx.Now(),
			Settings: []byte(`{"origins":["https://shop.example"],"teaser":{"ja":"ご質問はこちら","en":"Questions?"}}`),
		}
		edit(&c)
		return tx.WriteChannels().Put(c)
	})
	if err != nil {
		t.Fatal(err)
	}
	return &widget.Pages{
		Store: s, Dist: static.New(build), PublicURL: "https://desk.example", Secret: []byte("a secret of the test's, 32 bytes"),
		Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}
}

func get(t *testing.T, p *widget.Pages, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w
}

func TestLoader(t *testing.T) {
	t.Parallel()
	p := pages(t, func(*desk.Channel) {})
	w := get(t, p, "/widget/abc.js", "Accept-Language", "ja")
	body := w.Body.String()
	if w.Code != 200 || !strings.HasPrefix(body, "start({") || !strings.HasSuffix(body, "})") || !strings.Contains(body, `"account":"abc"`) || !strings.Contains(body, "ご質問はこちら") {
		t.Errorf("%d %s", w.Code, body)
	}
	if strings.Contains(body, "</script>") {
		t.Error("a channel's name ends the script element of whoever inlines it")
	}
	if w.Header().Get("Cache-Control") != "public, max-age=300" || w.Header().Get("Etag") == "" {
		t.Errorf("headers %v", w.Header())
	}
	if again := get(t, p, "/widget/abc.js", "Accept-Language", "ja", "If-None-Match", w.Header().Get("Etag")); again.Code != http.StatusNotModified {
		t.Errorf("with its ETag: %d", again.Code)
	}
	packed := get(t, p, "/widget/abc.js", "Accept-Encoding", "br, gzip")
	z, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(z); err != nil || string(plain) != body || packed.Header().Get("Vary") != "Accept-Encoding" || packed.Header().Get("Etag") == w.Header().Get("Etag") {
		t.Errorf("packed: %v %s, headers %v", err, plain, packed.Header())
	}
	if w := get(t, p, "/widget/unknown.js"); w.Code != 404 {
		t.Errorf("unknown account: %d", w.Code)
	}
	off := pages(t, func(c *desk.Channel) { c.State = desk.ChannelDisabled })
	if w := get(t, off, "/widget/abc.js"); w.Code != 200 || strings.Contains(w.Body.String(), "start(") {
		t.Errorf("a disabled channel's loader starts: %s", w.Body)
	}
}

func TestLoaderSaysWhereItStands(t *testing.T) {
	t.Parallel()
	p := pages(t, func(*desk.Channel) {})
	var seen []string
	p.Seen = func(_ context.Context, workspace desk.ID, c desk.Channel, origin string) error {
		seen = append(seen, fmt.Sprint(workspace, " ", c.Account, " ", origin))
		return nil
	}
	get(t, p, "/widget/abc.js", "Referer", "https://shop.example/cart?x=1")
	get(t, p, "/widget/abc.js")
	if len(seen) != 1 || seen[0] != "1 abc https://shop.example" {
		t.Errorf("seen %q", seen)
	}
}

func TestFrame(t *testing.T) {
	t.Parallel()
	p := pages(t, func(*desk.Channel) {})
	w := get(t, p, "/widget/abc/frame")
	policy := w.Header().Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'none'", "frame-ancestors https://desk.example https://shop.example", "sandbox allow-scripts",
		"script-src https://desk.example/widget/assets/", "wss://desk.example/widget/v1/",
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q lacks %q", policy, want)
		}
	}
	if strings.Contains(policy, "allow-same-origin") {
		t.Error("the frame has an origin: it could act as a member")
	}
	body := w.Body.String()
	if !strings.Contains(body, `src="/widget/assets/panel-1.js"`) || strings.Contains(body, "</script><b>") {
		t.Errorf("page %s", body)
	}
	pass := regexp.MustCompile(`name="madoguchi-pass" content="([^"]+)"`).FindStringSubmatch(body)
	if pass == nil {
		t.Fatal("no pass")
	}
	if err := auth.CheckLink(p.Secret, widget.PassResource("abc"), pass[1], time.Now()); err != nil {
		t.Errorf("the pass is not good: %v", err)
	}
	if err := auth.CheckLink(p.Secret, widget.PassResource("other"), pass[1], time.Now()); err == nil {
		t.Error("the pass is good for another channel")
	}
}

func TestFrameFiles(t *testing.T) {
	t.Parallel()
	p := pages(t, func(*desk.Channel) {})
	w := get(t, p, "/widget/assets/panel-1.js", "Accept-Encoding", "gzip")
	if w.Body.String() != "zipped" || w.Header().Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("%s %v", w.Body, w.Header())
	}
	for _, path := range []string{"/widget/assets/../../inbox/index.html", "/widget/assets/", "/widget/", "/widget/x/y/frame"} {
		if w := get(t, p, path); w.Code != 404 {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestTryPage(t *testing.T) {
	t.Parallel()
	p := pages(t, func(*desk.Channel) {})
	w := get(t, p, "/try", "Accept-Language", "ja")
	if body := w.Body.String(); w.Code != 200 || !strings.Contains(body, `src="/widget/abc.js"`) || !strings.Contains(body, `lang="ja"`) || strings.Contains(body, "ZgotmplZ") {
		t.Errorf("%d %s", w.Code, body)
	}
	if body := get(t, p, "/try?lang=en", "Accept-Language", "ja").Body.String(); !strings.Contains(body, "Try the chat") {
		t.Errorf("asked for English: %s", body)
	}
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "require-trusted-types-for 'script'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
}
