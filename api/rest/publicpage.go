package rest

import (
	_ "embed"
	"html/template"
	"net/http"

	"madoguchi/desk"
)

//go:embed publicpage.html
var publicHTML string

var publicPage = template.Must(template.New("public").Parse(publicHTML))

// PublicPage is what somebody reads who followed a link of ours outside of the inbox: a few words, and perhaps the one button that
// sends the same address with POST. It runs no script and loads nothing.
type PublicPage struct {
	Language desk.Locale
	Title    string
	Says     string
	Button   string // "" = none
}

const publicPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; "

// WritePublicPage answers with a page. Its address is a secret of whoever was sent it: it is kept nowhere and told nobody.
func WritePublicPage(w http.ResponseWriter, status int, p PublicPage) {
	may := "form-action 'none'; sandbox"
	if p.Button != "" {
		may = "form-action 'self'"
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", publicPolicy+may)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = publicPage.Execute(w, p) // the caller may be gone
}
