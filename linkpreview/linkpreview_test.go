package linkpreview_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"

	"madoguchi/desk"
	"madoguchi/guard"
	"madoguchi/linkpreview"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

const workspace = desk.ID(7)

// web is the public internet of the test: every name leads to its one server.
type web struct {
	*linkpreview.Service
	now   time.Time
	asked atomic.Int64
}

func newWeb(t *testing.T, s store.Store, pages http.HandlerFunc) *web {
	t.Helper()
	w := &web{now: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.asked.Add(1)
		pages(rw, r)
	}))
	t.Cleanup(server.Close)
	client := linkpreview.NewClient(guard.Config{
		Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
			if host == "inside.example" {
				return []netip.Addr{netip.MustParseAddr("10.0.0.5")}, nil
			}
			return []netip.Addr{netip.MustParseAddr("8.8.8.8")}, nil
		},
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		},
	})
	t.Cleanup(client.CloseIdleConnections)
	client.Timeout = 300 * time.Millisecond // five seconds are too long to wait for in a test
	w.Service = linkpreview.New(s, client, func() time.Time { return w.now })
	return w
}

// look tells a preview in a line.
func (w *web) look(t *testing.T, address string) string {
	t.Helper()
	v, err := w.Look(t.Context(), workspace, desk.Message{Parts: []desk.Part{{Kind: desk.PartText, Text: "見て " + address}}}, address)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return strings.TrimRight(fmt.Sprintf("%s|%s|%s", v.Failure, v.Title, v.Text), "|")
}

func TestPages(t *testing.T) {
	t.Parallel()
	in := func(charset encoding.Encoding, s string) string {
		text, err := charset.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	const page = `<!doctype html><html><head><title>みなと商店</title><meta name="description" content="毎日営業"></head>`
	w := newWeb(t, storetest.SQLite(t), func(rw http.ResponseWriter, r *http.Request) {
		kind, body := "text/html", ""
		switch strings.TrimPrefix(r.URL.Path, "/") {
		case "utf8":
			body = page
		case "sjis":
			kind, body = "text/html; charset=Shift_JIS", in(japanese.ShiftJIS, page)
		case "sjis-declared":
			body = in(japanese.ShiftJIS, `<meta http-equiv="Content-Type" content="text/html; charset=x-sjis">`+page)
		case "euc":
			body = in(japanese.EUCJP, `<META CHARSET=euc-jp>`+page)
		case "jis":
			kind, body = "text/html; charset=iso-2022-jp", in(japanese.ISO2022JP, page)
		case "gbk":
			kind, body = "text/html; charset=gb2312", in(simplifiedchinese.GBK, `<title>你好</title>`)
		case "unknown":
			kind, body = "text/html; charset=klingon", page
		case "og":
			body = `<!-- <title>no</title> --><script>"<title>no</title>"</script><title>Plain</title><meta property='og:title' content="A &amp; B &lt;b&gt;"><meta content=short property=og:description><title>later</title>`
		case "body":
			body = `<p>no head</p><body><title>in the body</title>`
		case "endless":
			_, _ = io.WriteString(rw, `<title>long</title>`)
			for r.Context().Err() == nil {
				if _, err := io.WriteString(rw, strings.Repeat("x", 1<<16)); err != nil {
					return
				}
			}
		case "huge":
			rw.Header().Set("Content-Length", fmt.Sprint(1<<30))
			_, _ = io.WriteString(rw, `<title>huge</title>`+strings.Repeat(" ", 1<<20))
			return
		case "slow", "slow-title":
			rw.Header().Set("Content-Type", "text/html")
			if r.URL.Path == "/slow-title" {
				_, _ = io.WriteString(rw, `<title>came in time</title>`)
			}
			rw.(http.Flusher).Flush()
			<-r.Context().Done()
			return
		case "pdf":
			kind, body = "application/pdf", "%PDF"
		case "gone":
			rw.WriteHeader(http.StatusNotFound)
			return
		case "inside":
			http.Redirect(rw, r, "http://127.0.0.1:22/", http.StatusFound)
			return
		case "round":
			http.Redirect(rw, r, "/round", http.StatusFound)
			return
		case "moved":
			http.Redirect(rw, r, "http://other.example/utf8", http.StatusMovedPermanently)
			return
		}
		rw.Header().Set("Content-Type", kind)
		_, _ = io.WriteString(rw, body)
	})
	for path, want := range map[string]string{
		"utf8": "|みなと商店|毎日営業", "sjis": "|みなと商店|毎日営業", "sjis-declared": "|みなと商店|毎日営業", "euc": "|みなと商店|毎日営業", "jis": "|みなと商店|毎日営業",
		"gbk": "|你好", "unknown": "|みなと商店|毎日営業", "og": "|A & B <b>|short", "body": "no_page", "endless": "|long", "huge": "|huge", "slow": "unreachable",
		"slow-title": "|came in time", "pdf": "no_page", "gone": "unreachable", "inside": "forbidden", "round": "unreachable", "moved": "|みなと商店|毎日営業",
	} {
		if got := w.look(t, "http://shop.example/"+path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	for _, address := range []string{"http://inside.example/", "http://127.0.0.1/", "http://[::1]:8080/", "http://169.254.169.254/latest/meta-data/"} {
		if got := w.look(t, address); got != "forbidden" {
			t.Errorf("%s: %q", address, got)
		}
	}
}

// A page is asked once a day, one that failed sooner; only for links that stand in the message.
func TestPreviewIsKept(t *testing.T) {
	t.Parallel()
	broken := atomic.Bool{}
	w := newWeb(t, storetest.SQLite(t), func(rw http.ResponseWriter, _ *http.Request) {
		if broken.Load() {
			rw.WriteHeader(http.StatusInternalServerError)
			return
		}
		rw.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(rw, "<title>t</title>")
	})
	steps := []struct {
		after  time.Duration
		broken bool
		want   string
		asked  int64
	}{{0, false, "|t", 1}, {23 * time.Hour, true, "|t", 1}, {2 * time.Hour, true, "unreachable", 2}, {9 * time.Minute, false, "unreachable", 2}, {2 * time.Minute, false, "|t", 3}}
	for i, step := range steps {
		w.now = w.now.Add(step.after)
		broken.Store(step.broken)
		if got := w.look(t, "http://shop.example/"); got != step.want || w.asked.Load() != step.asked {
			t.Errorf("step %d: %q after %d requests, want %q after %d", i, got, w.asked.Load(), step.want, step.asked)
		}
	}
	m := desk.Message{Parts: []desk.Part{{Kind: desk.PartText, Text: "http://a:b@shop.example/ ftp://shop.example/ こちら", Marks: []desk.Mark{{Kind: desk.MarkLink, Start: 1, End: 2, Href: "http://shop.example/"}}}}}
	for _, address := range []string{"http://other.example/", "http://a:b@shop.example/", "ftp://shop.example/", "http://", ""} {
		if _, err := w.Look(t.Context(), workspace, m, address); desk.CodeOf(err) != "link_unknown" {
			t.Errorf("%q: %v", address, err)
		}
	}
	if v, err := w.Look(t.Context(), workspace, m, "http://shop.example/"); err != nil || v.Title != "t" {
		t.Errorf("behind words: %v %v", v, err)
	}
}

func FuzzRead(f *testing.F) {
	for _, page := range []string{"<title>a", "<meta content='x", "<meta name=description content=>", "< title >", "<TITLE\n>İ</TITLE>", "<a b=\"c\"d=e/><title>\u202egnp.exe</title>", "\xff\xfe<\x00t\x00", "<meta charset=shift_jis><title>\x82"} {
		f.Add([]byte(page), "text/html; charset=utf-8")
		f.Add([]byte(page), "text/html")
	}
	f.Fuzz(func(t *testing.T, page []byte, kind string) {
		title, text := linkpreview.Read(page, kind)
		for _, s := range []string{title, text} {
			if !utf8.ValidString(s) || utf8.RuneCountInString(s) > 400 || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u202e' }) {
				t.Errorf("%q", s)
			}
		}
	})
}
