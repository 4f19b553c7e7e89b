package file

import (
	_ "embed"
	"html/template"
	"mime"
	"net/http"
	"strings"

	"madoguchi/api/rest"
	"madoguchi/locale"
)

//go:embed sorry.html
var sorryHTML string

var sorryPage = template.Must(template.New("sorry").Parse(sorryHTML))

// sorryPolicy lets the page be read, and nothing else.
const sorryPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

// refuse says why a link opens nothing: to a person in a browser as a page in their language, to a provider as a problem.
func refuse(w http.ResponseWriter, r *http.Request, err error) {
	if !wantsPage(r) {
		rest.WriteProblem(w, r, err)
		return
	}
	x := rest.From(r.Context())
	problem := rest.ProblemOf(x, err)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", sorryPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(problem.Status)
	_ = sorryPage.Execute(w, struct{ Lang, Title, Advice string }{ // the caller may be gone
		string(x.Locale), problem.Detail, locale.Text(x.Locale, locale.AskAgain, nil),
	})
}

// wantsPage reports whether a browser asks, which names HTML among what it takes.
func wantsPage(r *http.Request) bool {
	for accepted := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
		if kind, _, err := mime.ParseMediaType(accepted); err == nil && kind == "text/html" {
			return true
		}
	}
	return false
}
