package file_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"madoguchi/api/file"
	"madoguchi/api/rest"
	"madoguchi/attachment"
	"madoguchi/blob/diskblob"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

const workspace desk.ID = 1

func TestLinksOpenOneFileForAWhile(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s := storetest.SQLite(t)
	blobs, err := diskblob.Open(t.TempDir())
	must(t, err)
	secret := []byte("a secret of the key file")
	h := &file.Handler{Store: s, Files: &attachment.Keeper{Blobs: blobs}, Secret: secret, Now: func() time.Time { return now }}
	mux := http.NewServeMux()
	mux.Handle("GET /f/{token}", h)
	must(t, s.Update(t.Context(), 0, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "w", Locale: desk.LocaleJA, Zone: "UTC", CreatedAt: tx.Now()})
	}))
	keep := func(id desk.ID, kind desk.PartKind, mime, name, content string) {
		t.Helper()
		ref, err := blobs.Put(t.Context(), workspace, strings.NewReader(content), 1000)
		must(t, err)
		must(t, s.Update(t.Context(), workspace, func(tx store.Tx) error {
			return tx.WriteMessages().PutAttachment(desk.Attachment{ID: id, Kind: kind, Name: name, MIME: mime, Size: int64(len(content)), Key: ref.Key, CreatedAt: tx.Now()})
		}))
	}
	keep(5, desk.PartImage, "image/png", "p.png", "picture")
	keep(6, desk.PartFile, "application/pdf", "d.pdf", "document")
	keep(7, desk.PartFile, "text/html", "h.html", "<script>")
	ask := func(method, path string, header ...string) *http.Response {
		r := httptest.NewRequest(method, path, nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		r = r.WithContext(rest.With(r.Context(), &rest.Exchange{
			Request: r, Locale: locale.Choose(r.Header.Get("Accept-Language")), Log: slog.New(slog.DiscardHandler),
		}))
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w.Result()
	}
	hour := now.Add(time.Hour)
	for id, want := range map[desk.ID][3]string{
		5: {"image/png", "inline", "picture"}, 6: {"application/pdf", "attachment", "document"}, 7: {"application/octet-stream", "attachment", "<script>"},
	} {
		a := ask("GET", file.Link(secret, workspace, id, hour))
		body, err := io.ReadAll(a.Body)
		must(t, err)
		if a.StatusCode != 200 || a.Header.Get("Content-Type") != want[0] || !strings.HasPrefix(a.Header.Get("Content-Disposition"), want[1]) || string(body) != want[2] {
			t.Errorf("file %d: %d %v %q", id, a.StatusCode, a.Header, body)
		}
		if a.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("file %d: %v", id, a.Header)
		}
	}
	if a := ask("GET", file.Preview(file.Link(secret, workspace, 5, hour))); a.StatusCode != http.StatusNotFound {
		t.Errorf("a file without a thumbnail: %d", a.StatusCode)
	}
	thumb, err := blobs.Put(t.Context(), workspace, strings.NewReader("\x89PNG\r\n\x1a\nsmall"), 1000)
	must(t, err)
	must(t, s.Update(t.Context(), workspace, func(tx store.Tx) error {
		return tx.WriteMessages().PutAttachment(desk.Attachment{ID: 8, Kind: desk.PartImage, Name: "p.png", MIME: "image/png", Size: 7, Key: thumb.Key, ThumbKey: thumb.Key, CreatedAt: now})
	}))
	preview := file.Preview(file.Link(secret, workspace, 8, hour))
	if a := ask("GET", preview); a.StatusCode != 200 || a.Header.Get("Content-Type") != "image/png" {
		t.Errorf("thumbnail: %d %v", a.StatusCode, a.Header)
	}
	if a := ask("GET", strings.Replace(preview, ".8.", ".5.", 1)); a.StatusCode != http.StatusForbidden {
		t.Errorf("a thumbnail of another file: %d", a.StatusCode)
	}
	if a := ask("HEAD", file.Link(secret, workspace, 5, hour)); a.StatusCode != 200 || a.ContentLength != 7 {
		t.Errorf("HEAD: %d, %d bytes", a.StatusCode, a.ContentLength)
	}
	if a := ask("GET", file.Link(secret, workspace, 5, hour), "Range", "bytes=0-3"); a.StatusCode != 206 || a.ContentLength != 4 {
		t.Errorf("range: %d", a.StatusCode)
	}
	other := strings.Replace(file.Link(secret, workspace, 5, hour), ".5.", ".6.", 1)
	for name, path := range map[string]string{
		"over": file.Link(secret, workspace, 5, now), "of another file": other, "of another key": file.Link([]byte("another"), workspace, 5, hour),
		"cut": file.Link(secret, workspace, 5, hour)[:20], "nothing": "/f/x", "of another workspace": strings.Replace(file.Link(secret, workspace, 5, hour), "/f/1.", "/f/2.", 1),
	} {
		if a := ask("GET", path); a.StatusCode != http.StatusForbidden {
			t.Errorf("a link %s: %d", name, a.StatusCode)
		}
	}
	if a := ask("GET", file.Link(secret, workspace, 99, hour)); a.StatusCode != http.StatusNotFound {
		t.Errorf("a file that is gone: %d", a.StatusCode)
	}
	for language, want := range map[string]string{"ja": "このリンクは期限切れです。", "en": "This link has expired."} {
		over := ask("GET", file.Link(secret, workspace, 5, now), "Accept", "text/html,application/xhtml+xml", "Accept-Language", language)
		page, err := io.ReadAll(over.Body)
		must(t, err)
		if over.StatusCode != http.StatusForbidden || !strings.HasPrefix(over.Header.Get("Content-Type"), "text/html") || !strings.Contains(string(page), want) || !strings.Contains(string(page), `lang="`+language+`"`) {
			t.Errorf("a person whose link is over, in %s: %d %v\n%s", language, over.StatusCode, over.Header, page)
		}
		if !strings.Contains(over.Header.Get("Content-Security-Policy"), "default-src 'none'") || over.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("the page's headers: %v", over.Header)
		}
	}
	if a := ask("GET", file.Link(secret, workspace, 5, now), "Accept", "*/*"); a.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("a provider is told as %s", a.Header.Get("Content-Type"))
	}
	h.Secret = nil
	if a := ask("GET", file.Link(nil, workspace, 5, hour)); a.StatusCode != http.StatusForbidden {
		t.Errorf("without a secret: %d", a.StatusCode)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
