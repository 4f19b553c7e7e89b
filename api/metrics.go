package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
)

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

// metricsPage shows the figures to the operator alone: what a desk has to do is nobody else's business. With a token it is
// for whoever shows that; without one, for programs on this machine as long as the desk itself is for this machine only.
func (s *Server) metricsPage() http.Handler {
	page := promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.mayReadMetrics(r) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			rest.WriteProblem(w, r, desk.Errorf(desk.KindUnauthentic, "metrics_closed", "/metrics is for the operator"))
			return
		}
		page.ServeHTTP(w, r)
	})
}

// mayReadMetrics trusts no address behind a proxy: to us the whole world comes from the proxy's own, often this machine's. A
// public address or a named proxy says that there is one, even where it adds no header.
func (s *Server) mayReadMetrics(r *http.Request) bool {
	if s.deps.MetricsToken != "" {
		scheme, shown, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		is, want := sha256.Sum256([]byte(strings.TrimSpace(shown))), sha256.Sum256([]byte(s.deps.MetricsToken))
		return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(is[:], want[:]) == 1
	}
	public, err := url.Parse(s.deps.PublicURL)
	if err != nil || !auth.LoopbackHost(public.Host) || len(s.deps.TrustedProxies) > 0 {
		return false
	}
	// The name is looked at as well: a web page may point a name of its own here and read what a browser on this machine may.
	x := rest.From(r.Context())
	return !x.Relayed && x.IP.IsLoopback() && auth.LoopbackHost(r.Host)
}
