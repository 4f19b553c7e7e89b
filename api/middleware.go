package api

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/locale"
)

// answerTime is how long an answer may take to be written from its first byte, beside files and sockets, which take their
// own.
const answerTime = time.Minute

// around is what happens to every request: it gets a number, the headers that keep browsers safe, a place in the
// figures and a line in the log; a panic becomes a 500.
func (s *Server) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.deps.Now()
		seen := &recorder{ResponseWriter: w}
		arrival := s.proxies.Arrive(r)
		x := &rest.Exchange{
			ID: requestID(arrival), Writer: seen, Locale: locale.Choose(r.Header.Get("Accept-Language")), Log: s.deps.Log,
			IP: arrival.IP, HTTPS: arrival.HTTPS || strings.HasPrefix(s.deps.PublicURL, "https://"), Host: arrival.Host, Relayed: arrival.Relayed,
		}
		ctx, span := s.beginSpan(r, arrival)
		r = r.WithContext(rest.With(ctx, x))
		x.Request = r
		s.guardHeaders(w.Header(), r, x)
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // the request's before on this connection; see recorder.begin
		hasten(w, r)
		s.metrics.open.Inc()
		defer func() {
			s.metrics.open.Dec()
			fault := recover()
			endSpan(span, r, x, seen.status, fault)
			s.settle(seen, r, x, fault, s.deps.Now().Sub(start))
		}()
		var to http.ResponseWriter = seen
		if compressible(r) {
			zip := &zipper{ResponseWriter: seen}
			defer zip.close()
			to = zip
		}
		x.Writer = to
		if s.deps.RefusePlain && arrival.Plain && !harmless(r) {
			rest.WriteProblem(to, r, desk.Errorf(desk.KindForbidden, "plain_http", "plain HTTP from %s", arrival.IP))
			return
		}
		next.ServeHTTP(to, r)
	})
}

// harmless reports whether a request may cross a network unencrypted: probes of whoever starts and watches the program.
func harmless(r *http.Request) bool { return r.URL.Path == "/healthz" || r.URL.Path == "/readyz" }

// settle ends a request: the panic, the figures, the line in the log.
func (s *Server) settle(seen *recorder, r *http.Request, x *rest.Exchange, fault any, took time.Duration) {
	if fault != nil && fault != http.ErrAbortHandler { //nolint:errorlint // that is how net/http compares it
		s.deps.Log.ErrorContext(r.Context(), "panic", "request_id", x.ID, "route", x.Route(), "panic", fmt.Sprint(fault), "stack", string(debug.Stack()))
		if !seen.wrote() {
			rest.WriteProblem(seen, r, &desk.Error{Kind: desk.KindInternal, Code: "internal", Message: "panic"})
		}
	}
	status := seen.status
	if status == 0 {
		status = http.StatusOK
	}
	s.metrics.settle(x.Route(), r.Method, status, took)
	level := slog.LevelInfo
	if quiet(r.URL.Path) {
		level = slog.LevelDebug
	}
	if status >= http.StatusInternalServerError {
		level = slog.LevelWarn
	}
	// Neither the address's query nor any header is logged: both may carry secrets. Invitation tokens lie in paths, so
	// the route stands for the path.
	s.deps.Log.LogAttrs(r.Context(), level, "request",
		slog.String("request_id", x.ID), slog.String("method", r.Method), slog.String("route", x.Route()), slog.Int("status", status),
		slog.Int64("bytes", seen.bytes), slog.Duration("took", took), slog.String("ip", x.IP.String()), caller(x), traceOf(r.Context()))
	if fault == http.ErrAbortHandler { //nolint:errorlint // as above
		panic(fault) // net/http ends the connection
	}
}

// quiet are the addresses that machines ask all the time.
func quiet(path string) bool {
	return path == "/healthz" || path == "/readyz" || path == "/metrics" || strings.HasPrefix(path, "/sim/control/") || strings.HasPrefix(path, "/assets/") || strings.HasPrefix(path, "/widget/assets/")
}

func caller(x *rest.Exchange) slog.Attr {
	switch {
	case x.Caller == nil:
		return slog.Attr{}
	case x.Caller.Key != nil:
		return slog.Group("caller", "workspace", x.Caller.Workspace().ID, "api_key", x.Caller.Key.Key.ID)
	}
	return slog.Group("caller", "workspace", x.Caller.Workspace().ID, "user", x.Caller.User())
}

// guardHeaders sets what holds for every answer; who answers may say more, or for the widget's pages less.
func (s *Server) guardHeaders(h http.Header, r *http.Request, x *rest.Exchange) {
	h.Set("X-Request-Id", x.ID)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	if x.HTTPS {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	if strings.HasPrefix(r.URL.Path, "/widget/") || r.URL.Path == "/try" {
		return // made to stand on other sites
	}
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self), payment=(), usb=()")
	if strings.HasPrefix(r.URL.Path, "/api/") {
		h.Set("Cache-Control", "no-store")
	}
}

// requestID is the number that a trusted proxy gave, so that its log and ours meet, else a new one.
func requestID(a auth.Arrival) string {
	if a.RequestID != "" {
		return a.RequestID
	}
	return strings.ToLower(rand.Text())[:16]
}

// recorder remembers how an answer went.
type recorder struct {
	http.ResponseWriter
	status   int
	bytes    int64
	hijacked bool
}

func (w *recorder) wrote() bool { return w.status != 0 || w.hijacked }

// begin gives the answer its time: it runs from here, for a long upload comes before it.
func (w *recorder) begin() {
	_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(time.Now().Add(answerTime)) // not every connection has one (tests)
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.begin()
	}
	if w.status == 0 && (status < 100 || status > 199 || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.begin()
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController through.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack hands the connection over to a socket.
func (w *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.hijacked, w.status = true, http.StatusSwitchingProtocols
	}
	return conn, buffered, err
}
