package api

import (
	"context"
	"net/http"
	"time"
)

// healthz says that the process answers.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, "ok\n")
}

// readyTime bounds the questions behind /readyz.
const readyTime = 3 * time.Second

// readyz says that the process can serve: the database answers and everything that must run does.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	err := s.deps.Store.Ready(ctx)
	if err == nil && s.deps.Ready != nil {
		err = s.deps.Ready(ctx)
	}
	if err != nil {
		s.deps.Log.WarnContext(ctx, "not ready", "err", err)
		plain(w, http.StatusServiceUnavailable, "not ready\n")
		return
	}
	text := "ready\n"
	if s.deps.Lacking != nil {
		if lacking := s.deps.Lacking(); lacking != "" {
			text += lacking + "\n" // a load balancer that took such nodes away would take all of them
		}
	}
	plain(w, http.StatusOK, text)
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
