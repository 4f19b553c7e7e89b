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
		{"missing", "gone.js", "br", 404, "404 page not found\n", "", "text/plain; charset=utf-8"},
		{"a folder is no file", "folder", "", 404, "404 page not found\n", "", "text/plain; charset=utf-8"},
		{"no way out of the tree", "../static.go", "", 404, "404 page not found\n", "", "text/plain; charset=utf-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Accept-Encoding", tt.accepts)
			static.Serve(w, r, tree, tt.file, static.Immutable)
			if w.Code != tt.status || w.Body.String() != tt.body || w.Header().Get("Content-Encoding") != tt.encoding || w.Header().Get("Content-Type") != tt.inKind {
				t.Errorf("%d %q encoding %q type %q", w.Code, w.Body, w.Header().Get("Content-Encoding"), w.Header().Get("Content-Type"))
			}
			if tt.status == 200 && (w.Header().Get("Vary") != "Accept-Encoding" || w.Header().Get("X-Content-Type-Options") != "nosniff") {
				t.Errorf("headers %v", w.Header())
			}
		})
	}
}
