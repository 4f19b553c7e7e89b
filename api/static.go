package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"

	"madoguchi/api/rest"
	"madoguchi/desk"
)

// webFiles serves the built inbox: hashed files for ever, index.html for every address that is the app's own.
type webFiles struct {
	files fs.FS
	types map[string]string
	etags sync.Map // file name → ETag, of compiled-in files only: those on a disk may change (make dev)
}

// newWebFiles prepares the tree that web.Dist() gives.
func newWebFiles(tree fs.FS) (*webFiles, error) {
	inbox, err := fs.Sub(tree, "inbox")
	if err != nil {
		return nil, fmt.Errorf("open the built inbox: %w", err)
	}
	return &webFiles{files: inbox, types: map[string]string{ // what a machine's own table may not know
		".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8",
		".json": "application/json", ".webmanifest": "application/manifest+json", ".svg": "image/svg+xml", ".woff2": "font/woff2",
		".png": "image/png", ".ico": "image/x-icon", ".webp": "image/webp", ".mp3": "audio/mpeg", ".ogg": "audio/ogg",
		".txt": "text/plain; charset=utf-8", ".map": "application/json",
	}}, nil
}

func (f *webFiles) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		rest.WriteProblem(w, r, desk.Invalid("", "method_not_allowed", "%s is not for pages", r.Method))
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	switch {
	case name == "assets", strings.HasPrefix(name, "assets/"):
		if f.serve(w, r, name, "public, max-age=31536000, immutable") != nil {
			w.Header().Set("Cache-Control", "no-store")
			rest.WriteProblem(w, r, desk.NotFound("route"))
		}
		return
	case name != "" && name != "index.html" && name != "manifest.json" && path.Ext(name) != ".gz" && path.Ext(name) != ".br":
		if f.serve(w, r, name, "no-cache") == nil {
			return
		}
	}
	f.index(w, r)
}

// index is the app: its own router finds out what the address means.
func (f *webFiles) index(w http.ResponseWriter, r *http.Request) {
	page, err := fs.ReadFile(f.files, "index.html")
	if err != nil {
		rest.WriteProblem(w, r, desk.Errorf(desk.KindUnavailable, "not_built", "the inbox is not built: %w", err))
		return
	}
	w.Header().Set("Content-Security-Policy", inboxPolicy(page))
	if err := f.serve(w, r, "index.html", "no-cache"); err != nil {
		rest.WriteProblem(w, r, err)
	}
}

var inlineScript = regexp.MustCompile(`(?s)<script(?:\s[^>]*)?>(.+?)</script>`)

// inboxPolicy lets the app load its own files and nothing else. No script stands in the page; were the build to put one
// there, it would be named by its hash. Styles may be written by scripts: the editor and the positioned menus do.
func inboxPolicy(page []byte) string {
	script := "'self'"
	for _, found := range inlineScript.FindAllSubmatch(page, -1) {
		sum := sha256.Sum256(found[1])
		script += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; script-src " + script + "; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; " +
		"font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'self'; " +
		"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}

// serve writes a file, or the form of it that was compressed when it was built. Its error is that there is no such file.
func (f *webFiles) serve(w http.ResponseWriter, r *http.Request, name, cache string) error {
	if !fs.ValidPath(name) {
		return fs.ErrNotExist
	}
	file, info, coding, err := f.open(name, r.Header.Get("Accept-Encoding"))
	if err != nil {
		return err
	}
	defer file.Close()
	content, ok := file.(io.ReadSeeker)
	if !ok {
		return errors.New("web files cannot be read from anywhere but their beginning")
	}
	kind := f.types[path.Ext(name)]
	if kind == "" {
		kind = mime.TypeByExtension(path.Ext(name))
	}
	if kind == "" {
		kind = "application/octet-stream"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", cache)
	h.Add("Vary", "Accept-Encoding")
	if coding != "" {
		h.Set("Content-Encoding", coding)
	}
	if info.ModTime().IsZero() {
		tag, err := f.etag(name+"."+coding, content)
		if err != nil {
			return err
		}
		h.Set("ETag", tag)
	}
	http.ServeContent(rest.Patient(w), r, "", info.ModTime(), content)
	return nil
}

// open finds the smallest form of a file that the browser takes.
func (f *webFiles) open(name, accept string) (fs.File, fs.FileInfo, string, error) {
	for _, form := range []struct{ coding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}} {
		if form.coding != "" && !accepts(accept, form.coding) {
			continue
		}
		file, err := f.files.Open(name + form.suffix)
		if err != nil {
			continue
		}
		info, err := file.Stat()
		if err != nil || info.IsDir() {
			file.Close()
			continue
		}
		return file, info, form.coding, nil
	}
	return nil, nil, "", fs.ErrNotExist
}

func (f *webFiles) etag(key string, content io.ReadSeeker) (string, error) {
	if tag, ok := f.etags.Load(key); ok {
		return tag.(string), nil
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, content); err != nil {
		return "", fmt.Errorf("read web file: %w", err)
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return "", fmt.Errorf("rewind web file: %w", err)
	}
	tag := `"` + hex.EncodeToString(sum.Sum(nil)[:12]) + `"`
	f.etags.Store(key, tag)
	return tag, nil
}
