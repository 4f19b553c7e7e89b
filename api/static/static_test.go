package static_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"madoguchi/api/static"
)

func TestServe(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{
		"app.js": {Data: []byte("plain")}, "app.js.gz": {Data: []byte("gzipped")}, "app.js.br": {Data: []byte("brotli")},
		"only.css": {Data: []byte("plain css")}, "folder/x.txt": {Data: []byte("x")},
	}
	files := static.New(tree)
	for _, tt := range []struct {
		name, file, accepts    string
		status                 int
		body, encoding, inKind string
	}{
		{"brotli first", "app.js", "gzip, deflate, br", 200, "brotli", "br", "text/javascript; charset=utf-8"},
		{"gzip", "app.js", "gzip", 200, "gzipped", "gzip", "text/javascript; charset=utf-8"},
		{"refused with q=0", "app.js", "br;q=0, gzip;q=0.5", 200, "gzipped", "gzip", "text/javascript; charset=utf-8"},
		{"plain", "app.js", "", 200, "plain", "", "text/javascript; charset=utf-8"},
		{"no compressed form", "only.css", "br", 200, "plain css", "", "text/css; charset=utf-8"},
		{"missing", "gone.js", "br", 404, "", "", ""},
		{"a folder is no file", "folder", "", 404, "", "", ""},
		{"no way out of the tree", "../static.go", "", 404, "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Accept-Encoding", tt.accepts)
			if err := files.Serve(w, r, tt.file, static.Immutable); (err == nil) != (tt.status == 200) {
				t.Fatalf("Serve: %v", err)
			}
			if tt.status != 200 {
				return
			}
			if w.Code != tt.status || w.Body.String() != tt.body || w.Header().Get("Content-Encoding") != tt.encoding || w.Header().Get("Content-Type") != tt.inKind {
				t.Errorf("%d %q encoding %q type %q", w.Code, w.Body, w.Header().Get("Content-Encoding"), w.Header().Get("Content-Type"))
			}
			if w.Header().Get("Vary") != "Accept-Encoding" || w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("ETag") == "" {
				t.Errorf("headers %v", w.Header())
			}
		})
	}
}
