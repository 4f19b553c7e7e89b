// Package static gives out the files of the web build as they lie: hashed names for ever, compressed forms where the
// browser takes them. Nothing is compressed at run time.
package static

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

// Cache policies.
const (
	Immutable  = "public, max-age=31536000, immutable" // the name changes with the content
	Revalidate = "no-cache"
)

// ErrNotBuilt says that the web build is missing from this binary.
var ErrNotBuilt = errors.New("the web apps are not built: run `make build`")

// types are what a machine's own table may not know.
var types = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8",
	".json": "application/json", ".webmanifest": "application/manifest+json", ".svg": "image/svg+xml", ".woff2": "font/woff2",
	".png": "image/png", ".ico": "image/x-icon", ".webp": "image/webp", ".mp3": "audio/mpeg", ".ogg": "audio/ogg",
	".txt": "text/plain; charset=utf-8", ".map": "application/json",
}

// Files is a tree of built files. It is safe for concurrent use.
type Files struct {
	tree  fs.FS
	etags sync.Map // file name → ETag, of compiled-in files only: those on a disk may change (make dev)
}

// New makes Files of a tree.
func New(tree fs.FS) *Files { return &Files{tree: tree} }

// Serve writes a file, or the form of it that was compressed when it was built; nosniff is set. Its error is that there
// is no such file: fs.ErrNotExist, nothing written. The caller sets any further headers first.
func (f *Files) Serve(w http.ResponseWriter, r *http.Request, name, cache string) error {
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
	h := w.Header()
	h.Set("Content-Type", typeOf(name))
	h.Set("X-Content-Type-Options", "nosniff")
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
	http.ServeContent(w, r, "", info.ModTime(), content)
	return nil
}

// Read is a whole file, uncompressed; ErrNotBuilt if it is not there.
func (f *Files) Read(name string) ([]byte, error) {
	content, err := fs.ReadFile(f.tree, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotBuilt
	}
	return content, err
}

func typeOf(name string) string {
	if kind := types[path.Ext(name)]; kind != "" {
		return kind
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

// open finds the smallest form of a file that the browser takes.
func (f *Files) open(name, accept string) (fs.File, fs.FileInfo, string, error) {
	for _, form := range []struct{ coding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}} {
		if form.coding != "" && !Accepted(accept, form.coding) {
			continue
		}
		file, err := f.tree.Open(name + form.suffix)
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

func (f *Files) etag(key string, content io.ReadSeeker) (string, error) {
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

// Accepted reports whether an Accept-Encoding header takes a coding; "q=0" refuses it.
func Accepted(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q := strings.ReplaceAll(quality, " ", "")
			return q != "q=0" && !strings.HasPrefix(q, "q=0.000")
		}
	}
	return false
}
