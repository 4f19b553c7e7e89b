package api

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"

	"madoguchi/api/rest"
	"madoguchi/api/static"
	"madoguchi/desk"
)

// inboxApp serves the built inbox: hashed files for ever, index.html for every address that is the app's own.
type inboxApp struct{ files *static.Files }

// workerFile is the app's worker: it keeps the shell for when there is no network, and shows pushes.
const workerFile = "sw.js"

// workerPolicy lets the worker ask this server, and load nothing else.
const workerPolicy = "default-src 'none'; connect-src 'self'"

// newInboxApp takes the tree that web.Dist() gives.
func newInboxApp(tree fs.FS) (*inboxApp, error) {
	inbox, err := fs.Sub(tree, "inbox")
	if err != nil {
		return nil, fmt.Errorf("open the built inbox: %w", err)
	}
	return &inboxApp{files: static.New(inbox)}, nil
}

func (a *inboxApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		rest.WriteProblem(w, r, desk.Invalid("", "method_not_allowed", "%s is not for pages", r.Method))
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	switch {
	case name == "assets" || strings.HasPrefix(name, "assets/"):
		if a.files.Serve(rest.Patient(w), r, name, static.Immutable) != nil {
			w.Header().Set("Cache-Control", "no-store")
			rest.WriteProblem(w, r, desk.NotFound("route"))
		}
		return
	case name == workerFile:
		w.Header().Set("Content-Security-Policy", workerPolicy)
		if a.files.Serve(rest.Patient(w), r, name, static.Revalidate) == nil {
			return
		}
	case name != "" && name != "index.html" && name != "manifest.json" && path.Ext(name) != ".gz" && path.Ext(name) != ".br":
		if a.files.Serve(rest.Patient(w), r, name, static.Revalidate) == nil {
			return
		}
	}
	a.index(w, r)
}

// index is the app: its own router finds out what the address means.
func (a *inboxApp) index(w http.ResponseWriter, r *http.Request) {
	page, err := a.files.Read("index.html")
	if errors.Is(err, static.ErrNotBuilt) {
		err = desk.Errorf(desk.KindUnavailable, "not_built", "serve the inbox: %w", err)
	}
	if err == nil {
		w.Header().Set("Content-Security-Policy", inboxPolicy(page))
		err = a.files.Serve(rest.Patient(w), r, "index.html", static.Revalidate)
	}
	if err != nil {
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
