package file

import (
	"mime"
	"net/http"
	"strings"

	"madoguchi/api/rest"
	"madoguchi/locale"
)

// refuse says why a link opens nothing: to a person in a browser as a page in their language, to a provider as a problem.
func refuse(w http.ResponseWriter, r *http.Request, err error) {
	if !wantsPage(r) {
		rest.WriteProblem(w, r, err)
		return
	}
	x := rest.From(r.Context())
	problem := rest.ProblemOf(x, err)
	rest.WritePublicPage(w, problem.Status, rest.PublicPage{Language: x.Locale, Title: problem.Detail, Says: locale.Text(x.Locale, locale.AskAgain, nil)})
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
