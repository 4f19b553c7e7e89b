// Package static gives out the files of the web build as they lie: hashed names for ever, compressed forms where the
// browser takes them. Nothing is compressed at run time.
package static

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// Cache policies.
const (
	Immutable  = "public, max-age=31536000, immutable" // the name changes with the content
	Revalidate = "no-cache"
)

// ErrNotBuilt says that the web build is missing from this binary.
var ErrNotBuilt = errors.New("the web apps are not built: run `make build`")

// encodings are tried in this order.
var encodings = []struct{ name, ending string }{{"br", ".br"}, {"gzip", ".gz"}}

// Serve answers with one file of a tree: the compressed form that the request takes, typed by its ending, with nosniff.
// A missing file is 404. The caller sets any further headers first.
func Serve(w http.ResponseWriter, r *http.Request, tree fs.FS, name, cache string) {
	header := w.Header()
	content, encoding, err := open(tree, name, r.Header.Get("Accept-Encoding"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	kind := mime.TypeByExtension(path.Ext(name))
	if kind == "" {
		kind = "application/octet-stream"
	}
	header.Set("Content-Type", kind)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", cache)
	header.Add("Vary", "Accept-Encoding")
	if encoding == "" {
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
		return
	}
	header.Set("Content-Encoding", encoding)
	header.Set("Content-Length", strconv.Itoa(len(content)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(content)
	}
}

// Read is a whole file, uncompressed.
func Read(tree fs.FS, name string) ([]byte, error) {
	content, err := fs.ReadFile(tree, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotBuilt
	}
	return content, err
}

func open(tree fs.FS, name, accepts string) (content []byte, encoding string, err error) {
	for _, e := range encodings {
		if !accepted(accepts, e.name) {
			continue
		}
		if content, err = fs.ReadFile(tree, name+e.ending); err == nil {
			return content, e.name, nil
		}
	}
	f, err := tree.Open(name)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return nil, "", fs.ErrNotExist
	}
	content, err = io.ReadAll(f)
	return content, "", err
}

// accepted reports whether an Accept-Encoding header takes a coding; "q=0" refuses it.
func accepted(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(name, coding) {
			q := strings.TrimSpace(quality)
			return q != "q=0" && !strings.HasPrefix(q, "q=0.000")
		}
	}
	return false
}
