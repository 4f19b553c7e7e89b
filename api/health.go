package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"madoguchi/api/rest"
	"madoguchi/desk"
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
	plain(w, http.StatusOK, "ready\n")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}

// metrics are the figures of HTTP.
type metrics struct {
	registry *prometheus.Registry
	open     prometheus.Gauge
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
}

func newMetrics(registry *prometheus.Registry) (*metrics, error) {
	m := &metrics{
		registry: registry,
		open:     prometheus.NewGauge(prometheus.GaugeOpts{Name: "madoguchi_http_requests_open", Help: "Requests being answered, sockets among them."}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "madoguchi_http_requests_total", Help: "Requests answered."}, []string{"route", "method", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "madoguchi_http_request_seconds", Help: "How long answers took.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route"}),
	}
	for _, c := range []prometheus.Collector{m.open, m.requests, m.took} {
		if err := registry.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// knownMethods keeps what strangers invent out of the labels.
var knownMethods = map[string]bool{http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodPut: true, http.MethodPatch: true, http.MethodDelete: true, http.MethodOptions: true}

func (m *metrics) settle(route, method string, status int, took time.Duration) {
	if !knownMethods[method] {
		method = "other"
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.took.WithLabelValues(route).Observe(took.Seconds())
}

// metricsPage is for the operator's own network: what a desk has to do is nobody else's business.
func (s *Server) metricsPage() http.Handler {
	page := promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ip := rest.From(r.Context()).IP
		if !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast() {
			rest.WriteProblem(w, r, desk.NotFound("route"))
			return
		}
		page.ServeHTTP(w, r)
	})
}
