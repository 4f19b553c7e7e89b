package widget

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"madoguchi/api/rest"
	"madoguchi/attachment"
	"madoguchi/auth"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/store"
	"madoguchi/view"
	"madoguchi/visitor"
)

// Sockets serves the visitors' live sockets; package live does it.
type Sockets interface {
	ServeVisitor(w http.ResponseWriter, r *http.Request, from string) error
}

// API is /widget/v1: what a visitor's browser asks for. Bearer tokens count, cookies never do.
type API struct {
	Store    store.Store
	Visitors *visitor.Service
	Inbound  *inbound.Service
	Files    *attachment.Keeper
	Live     Sockets
	Links    func(workspace desk.ID) view.Links // see Links
	Secret   []byte                             // signs links and checks frame passes
	Now      desk.Clock
	Log      *slog.Logger
}

// Handler answers below /widget/v1/.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /widget/v1/boot", a.boot)
	for pattern, route := range map[string]struct {
		deed  visitor.Deed
		serve func(w http.ResponseWriter, r *http.Request, s visitor.Session) error
	}{
		"GET /widget/v1/state":     {visitor.DeedRead, a.state},
		"GET /widget/v1/messages":  {visitor.DeedRead, a.messages},
		"POST /widget/v1/messages": {visitor.DeedWrite, a.write},
		"POST /widget/v1/uploads":  {visitor.DeedUpload, a.upload},
		"POST /widget/v1/contact":  {visitor.DeedTell, a.contact},
		"PUT /widget/v1/read":      {visitor.DeedTell, a.read},
		"POST /widget/v1/typing":   {visitor.DeedTell, a.typing},
		"POST /widget/v1/track":    {visitor.DeedTell, a.track},
		"POST /widget/v1/page":     {visitor.DeedTell, a.page},
		"POST /widget/v1/identify": {visitor.DeedTell, a.identify},
	} {
		mux.HandleFunc(pattern, a.authenticated(route.deed, route.serve))
	}
	mux.HandleFunc("POST /widget/v1/logout", tokenInBody(a.authenticated(visitor.DeedTell, a.logout)))
	mux.HandleFunc("GET /widget/v1/files/{id}", a.file(false))
	mux.HandleFunc("GET /widget/v1/files/{id}/thumb", a.file(true))
	mux.HandleFunc("GET /widget/v1/avatars/{id}", a.avatar)
	mux.HandleFunc("GET /widget/v1/logos/{id}", a.logo)
	mux.HandleFunc("GET /widget/v1/live", a.live)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		rest.WriteProblem(w, r, desk.NotFound("route"))
	})
	return crossOrigin(mux)
}

// crossOrigin lets every origin ask, "null" of the sandboxed frame included: what counts is the token, and no cookie is
// looked at.
func crossOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Cookie")
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "GET, POST, PUT")
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key")
			h.Set("Access-Control-Max-Age", "7200")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// authenticated opens the visitor's session and counts the deed before an operation.
func (a *API) authenticated(deed visitor.Deed, serve func(http.ResponseWriter, *http.Request, visitor.Session) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := a.admit(w, r, deed, serve)
		if err != nil {
			rest.WriteProblem(w, r, err)
		}
	}
}

// tokenInBody lets a body that is the token stand in for the header, of which a page that is being left can send none
// (navigator.sendBeacon).
func tokenInBody(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			if token, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<10)); err == nil && len(token) > 0 {
				r.Header.Set("Authorization", "Bearer "+string(token))
			}
		}
		next(w, r)
	}
}

func (a *API) admit(w http.ResponseWriter, r *http.Request, deed visitor.Deed, serve func(http.ResponseWriter, *http.Request, visitor.Session) error) error {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		if err := a.take(w, r, deed, 0); err != nil {
			return err
		}
		return desk.Errorf(desk.KindUnauthentic, "token_missing", "the widget API takes bearer tokens")
	}
	s, err := a.Visitors.Authenticate(r.Context(), token)
	if err := a.take(w, r, deed, s.Visitor.ID); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	return serve(w, r, s)
}

// take counts a deed and tells the caller where it stands.
func (a *API) take(w http.ResponseWriter, r *http.Request, deed visitor.Deed, id desk.ID) error {
	d := a.Visitors.Take(deed, rest.From(r.Context()).IP, id)
	if d.Limit > 0 {
		d.SetHeaders(w.Header())
	}
	return d.Err()
}

func (a *API) boot(w http.ResponseWriter, r *http.Request) {
	boot, err := a.bootAs(w, r)
	if err != nil {
		rest.WriteProblem(w, r, err)
		return
	}
	answer(w, http.StatusOK, boot)
}

func (a *API) bootAs(w http.ResponseWriter, r *http.Request) (visitor.Boot, error) {
	if err := a.take(w, r, visitor.DeedBoot, 0); err != nil {
		return visitor.Boot{}, err
	}
	var body struct {
		Account     string    `json:"account"`
		Token       string    `json:"token"`
		IdentityJWT string    `json:"identity_jwt"`
		Locale      string    `json:"locale"`
		Page        desk.Page `json:"page"`
		Pass        string    `json:"pass"`
	}
	if err := decode(w, r, &body); err != nil {
		return visitor.Boot{}, err
	}
	origin := r.Header.Get("Origin")
	if origin == "" && r.Header.Get("Sec-Fetch-Site") != "" {
		origin = "null" // a browser that keeps its origin to itself is not an app
	}
	framed := body.Pass != "" && auth.CheckLink(a.Secret, PassResource(body.Account), body.Pass, a.Now()) == nil
	return a.Visitors.Boot(r.Context(), visitor.BootRequest{
		Account: body.Account, Token: body.Token, IdentityJWT: body.IdentityJWT, Locale: language(body.Locale, r), Page: body.Page,
		Origin: origin, Framed: framed, UserAgent: r.UserAgent(),
	})
}

// language is what the page says, else what the browser says.
func language(asked string, r *http.Request) string {
	if asked != "" && asked != "auto" {
		return asked
	}
	return r.Header.Get("Accept-Language")
}

func (a *API) state(w http.ResponseWriter, r *http.Request, s visitor.Session) error {
	return a.tellState(w, r, s)
}

func (a *API) tellState(w http.ResponseWriter, r *http.Request, s visitor.Session) error {
	state, err := a.Visitors.State(r.Context(), s, r.Header.Get("Accept-Language"))
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, state)
	return nil
}

func (a *API) identify(w http.ResponseWriter, r *http.Request, s visitor.Session) error {
	var body struct {
		JWT string `json:"jwt"`
	}
	if err := decode(w, r, &body); err != nil {
		return err
	}
	identified, err := a.Visitors.Identify(r.Context(), s, body.JWT)
	if err != nil {
		return err
	}
	return a.tellState(w, r, identified)
}

func (a *API) logout(w http.ResponseWriter, r *http.Request, s visitor.Session) error {
	return done(w, a.Visitors.Logout(r.Context(), s))
}

func (a *API) contact(w http.ResponseWriter, r *http.Request, s visitor.Session) error {
	var form visitor.Form
	if err := decode(w, r, &form); err != nil {
		return err
	}
	kept, err := a.Visitors.Leave(r.Context(), s, form)
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, kept)
	return nil
}

func (a *API) typing(w http.ResponseWriter, r *http.Request, s visitor.Session) error {
	return done(w, a.Visitors.Typing(r.Context(), s))
}

func (a *API) track(w http.ResponseWriter, r *http.Request, s visitor.Session) error {
	var body struct {
		Name  string          `json:"name"`
		Props json.RawMessage `json:"props"`
	}
	if err := decode(w, r, &body); err != nil {
		return err
	}
	return done(w, a.Visitors.Track(r.Context(), s, body.Name, body.Props))
}

func (a *API) page(w http.ResponseWriter, r *http.Request, s visitor.Session) error {
	var page desk.Page
	if err := decode(w, r, &page); err != nil {
		return err
	}
	return done(w, a.Visitors.Visit(r.Context(), s, page))
}

func (a *API) live(w http.ResponseWriter, r *http.Request) {
	if err := a.take(w, r, visitor.DeedBoot, 0); err != nil {
		rest.WriteProblem(w, r, err)
		return
	}
	if err := a.Live.ServeVisitor(w, r, auth.RateKey(rest.From(r.Context()).IP)); err != nil {
		rest.WriteProblem(w, r, err)
	}
}

// read hears how far the customer has read; inbound files it like any channel's receipt.
func (a *API) read(w http.ResponseWriter, r *http.Request, s visitor.Session) error {
	raw, err := body(w, r)
	if err != nil {
		return err
	}
	_, err = a.Inbound.Accept(r.Context(), a.call(r, s, raw))
	return done(w, err)
}

func (a *API) call(r *http.Request, s visitor.Session, raw []byte) inbound.Call {
	c := inbound.Call{Workspace: s.Workspace.ID, Channel: s.Channel.ID, Opened: &s.Channel, Uploader: s.Visitor.ID}
	c.Request.Method, c.Request.URL, c.Request.Body, c.Request.Peer = r.Method, r.URL.Path, raw, s.Peer
	return c
}

// body reads a request's body up to what one message may have.
func body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, webchat.MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, desk.Invalid("body", "body_too_large", "more than %d bytes", tooLarge.Limit)
	case err != nil:
		return nil, desk.Invalid("body", "body_invalid", "read body: %w", err)
	}
	return raw, nil
}

func decode(w http.ResponseWriter, r *http.Request, into any) error {
	raw, err := body(w, r)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return desk.Invalid("body", "body_invalid", "read JSON: %w", err)
	}
	return nil
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the caller may be gone
}

func done(w http.ResponseWriter, err error) error {
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// background is for what goes on when the caller is gone.
func background(r *http.Request) context.Context { return context.WithoutCancel(r.Context()) }
