// Package stopmail answers the links by which people end the mails that they get: a mail program with one click (RFC 8058), a
// person on a page that asks first, because programs open links too.
package stopmail

import (
	_ "embed"
	"html/template"
	"net/http"

	"madoguchi/api/rest"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/mail"
)

//go:embed page.html
var pageHTML string

var page = template.Must(template.New("stop").Parse(pageHTML))

// policy lets the page be read and its one button work.
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// Handler answers GET and POST below mail.StopPath.
type Handler struct{ Mail *mail.Service }

// content is what the page says.
type content struct{ Lang, Title, Says, Button string }

// ServeHTTP shows whose mails a link ends, and with POST ends them.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	if r.Method == http.MethodPost {
		if err := h.Mail.Stop(r.Context(), token); err != nil {
			refuse(w, r, err)
			return
		}
	}
	to, err := h.Mail.Recipient(r.Context(), token)
	if err != nil {
		refuse(w, r, err)
		return
	}
	say := func(key locale.Key) string {
		return locale.Text(to.Language, key, map[string]string{"from": to.From})
	}
	c := content{Lang: string(to.Language), Title: say("mail.stop.title"), Says: say("mail.stop.done")}
	if !to.Stopped {
		c.Says, c.Button = say("mail.stop.ask"), say("mail.stop.button")
	}
	write(w, http.StatusOK, c)
}

func refuse(w http.ResponseWriter, r *http.Request, err error) {
	x := rest.From(r.Context())
	problem := rest.ProblemOf(x, err)
	says := problem.Detail
	if kind := desk.KindOf(err); kind == desk.KindForbidden || kind == desk.KindNotFound {
		says = locale.Text(x.Locale, "mail.stop.invalid", nil)
	}
	write(w, problem.Status, content{Lang: string(x.Locale), Title: problem.Detail, Says: says})
}

func write(w http.ResponseWriter, status int, c content) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = page.Execute(w, c) // the caller may be gone
}
