// Package stopmail answers the links by which people end the mails that they get: a mail program with one click (RFC 8058), a
// person on a page that asks first, because programs open links too.
package stopmail

import (
	"net/http"

	"madoguchi/api/rest"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/mail"
)

// Handler answers GET and POST below mail.StopPath.
type Handler struct{ Mail *mail.Service }

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
	p := rest.PublicPage{Language: to.Language, Title: say("mail.stop.title"), Says: say("mail.stop.done")}
	if !to.Stopped {
		p.Says, p.Button = say("mail.stop.ask"), say("mail.stop.button")
	}
	rest.WritePublicPage(w, http.StatusOK, p)
}

func refuse(w http.ResponseWriter, r *http.Request, err error) {
	x := rest.From(r.Context())
	problem := rest.ProblemOf(x, err)
	says := problem.Detail
	if kind := desk.KindOf(err); kind == desk.KindForbidden || kind == desk.KindNotFound {
		says = locale.Text(x.Locale, "mail.stop.invalid", nil)
	}
	rest.WritePublicPage(w, problem.Status, rest.PublicPage{Language: x.Locale, Title: problem.Detail, Says: says})
}
