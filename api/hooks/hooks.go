// Package hooks is the door for providers: requests at a channel's callback, and the question whether it is ours.
package hooks

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"madoguchi/channel"
	"madoguchi/desk"
)

// maxBody is what a request may weigh where a channel does not say.
const maxBody = 1 << 20

// API answers below /hooks/. Who calls is proved by each request itself, nothing else: no cookie and no key counts here.
type API struct {
	// Take takes a request: inbound.Service.Hook.
	Take     func(ctx context.Context, kind, hook string, r channel.Request) (channel.Reply, error)
	Channels channel.Registry
	Log      *slog.Logger
}

// Handler serves /hooks/{kind}/{hook}.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hooks/{kind}/{hook}", a.serve)
	mux.HandleFunc("POST /hooks/{kind}/{hook}", a.serve)
	return mux
}

func (a *API) serve(w http.ResponseWriter, r *http.Request) {
	connector, err := a.Channels.Get(r.PathValue("kind"))
	if err != nil {
		nothing(w)
		return
	}
	spec := connector.Spec()
	limit := spec.MaxBody
	if limit == 0 {
		limit = maxBody
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		refuse(w, tooLarge(err))
		return
	}
	reply, err := a.Take(r.Context(), spec.Kind, r.PathValue("hook"), channel.Request{
		Method: r.Method, URL: r.URL.RequestURI(), Header: withoutCredentials(r.Header), Body: body,
	})
	if err != nil {
		a.fail(w, r, spec, err)
		return
	}
	answer(w, reply)
}

// withoutCredentials drops what only a browser of ours would send, so that it is nowhere kept.
func withoutCredentials(h http.Header) http.Header {
	h = h.Clone()
	h.Del("Cookie")
	return h
}

func tooLarge(err error) int {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

// fail answers a request that was not taken. Whether an address is anybody's is not told apart from other reasons to find
// nothing there.
func (a *API) fail(w http.ResponseWriter, r *http.Request, spec channel.Spec, err error) {
	switch {
	case errors.Is(err, channel.ErrForged):
		status := spec.ForgedStatus
		if status == 0 {
			status = http.StatusForbidden
		}
		refuse(w, status)
	case desk.KindOf(err) == desk.KindNotFound:
		nothing(w)
	case desk.KindOf(err) == desk.KindInvalid:
		refuse(w, http.StatusBadRequest)
	default:
		a.Log.ErrorContext(r.Context(), "take request of a provider", "kind", spec.Kind, "err", err)
		w.Header().Set("Retry-After", "5")
		refuse(w, http.StatusServiceUnavailable) // the provider comes again
	}
}

func nothing(w http.ResponseWriter) { refuse(w, http.StatusNotFound) }

func refuse(w http.ResponseWriter, status int) { http.Error(w, http.StatusText(status), status) }

func answer(w http.ResponseWriter, reply channel.Reply) {
	kind := reply.Type
	if kind == "" {
		kind = "text/plain; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	status := reply.Status
	if status == 0 {
		status = http.StatusOK
	}
	w.WriteHeader(status)
	_, _ = w.Write(reply.Body)
}
