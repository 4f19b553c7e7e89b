package app

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/outbox"
	"madoguchi/search"
	"madoguchi/store"
)

// askTime bounds a question to the database that a scrape asks.
const askTime = 2 * time.Second

// watch puts into the figures what an operator is woken for: the process, its sockets, promises that wait too long, the
// disk, the certificate. deploy/alerts.yaml and the dashboard read them.
func (p *program) watch(registry *prometheus.Registry, c Config, door traffic) error {
	gauge := func(name, help string, labels prometheus.Labels, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value)
	}
	all := []prometheus.Collector{
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("madoguchi_build_info", "1, with the version as a label.", prometheus.Labels{"version": c.Version}, func() float64 { return 1 }),
		gauge("madoguchi_sockets", "Open live sockets on this node.", prometheus.Labels{"of": "members"}, func() float64 { n, _ := p.hub.Sockets(); return float64(n) }),
		gauge("madoguchi_sockets", "Open live sockets on this node.", prometheus.Labels{"of": "visitors"}, func() float64 { _, n := p.hub.Sockets(); return float64(n) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "madoguchi_visitor_sockets_refused_total", Help: "Visitors' live sockets that were not opened because there were enough from their address."},
			func() float64 { return float64(p.hub.Refused()) }),
		gauge("madoguchi_outbox_overdue_seconds", "How long the delivery that is due for longest has waited beyond its time; 0 if none is due.", nil, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), askTime)
			defer cancel()
			due, err := p.store.Queue().NextDue(ctx)
			if err != nil || due.IsZero() {
				return 0
			}
			return max(time.Since(due).Seconds(), 0)
		}),
		gauge("madoguchi_journal_waiting", "Requests of providers in this node's journal that the database has not taken yet.", nil, func() float64 { return float64(p.journal.Waiting()) }),
		gauge("madoguchi_store_ready", "1 while the database answers.", nil, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), askTime)
			defer cancel()
			if p.store.Ready(ctx) != nil {
				return 0
			}
			return 1
		}),
	}
	if _, known := freeBytes(c.Data); known {
		all = append(all, gauge("madoguchi_data_free_bytes", "Free space where the data folder lies.", nil, func() float64 { free, _ := freeBytes(c.Data); return float64(free) }))
	}
	if door.certificate != nil {
		all = append(all, gauge("madoguchi_certificate_expires_seconds", "When our own certificate ends, Unix time.", nil, door.certificate.expires))
	}
	var failed error
	for _, one := range all {
		failed = errors.Join(failed, registry.Register(one))
	}
	return failed
}

// timed measures transactions, waiting for the database included.
type timed struct {
	store.Store
	took *prometheus.HistogramVec
}

// timeStore makes a store whose transactions are measured.
func timeStore(inner store.Store, registry *prometheus.Registry) (store.Store, error) {
	took := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "madoguchi_transaction_seconds", Help: "How long transactions took, waiting for the database included.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5},
	}, []string{"kind", "result"})
	return timed{inner, took}, registry.Register(took)
}

func (t timed) observe(kind string, start time.Time, err error) {
	result := "ok"
	if kind := desk.KindOf(err); err != nil && (kind == desk.KindUnavailable || kind == desk.KindUncertain || kind == desk.KindInternal) {
		result = "failed"
	}
	t.took.WithLabelValues(kind, result).Observe(time.Since(start).Seconds())
}

// View implements store.Store.
func (t timed) View(ctx context.Context, workspace desk.ID, fn func(store.Reader) error) error {
	start := time.Now()
	err := t.Store.View(ctx, workspace, fn)
	t.observe("read", start, err)
	return err
}

// Update implements store.Store.
func (t timed) Update(ctx context.Context, workspace desk.ID, fn func(store.Tx) error) error {
	start := time.Now()
	err := t.Store.Update(ctx, workspace, fn)
	t.observe("write", start, err)
	return err
}

// countWork puts into the figures what came in and went out since the start.
func countWork(registry *prometheus.Registry, taken func() inbound.Counts, sent func() outbox.Counts) error {
	const in, out = "madoguchi_inbound_total", "madoguchi_deliveries_total"
	const inHelp, outHelp = "What channels brought, by what became of it.", "Attempts to deliver, by how they ended."
	var failed error
	count := func(name, help, outcome string, value func() int64) {
		failed = errors.Join(failed, registry.Register(prometheus.NewCounterFunc(
			prometheus.CounterOpts{Name: name, Help: help, ConstLabels: prometheus.Labels{"outcome": outcome}},
			func() float64 { return float64(value()) },
		)))
	}
	count(in, inHelp, "message", func() int64 { return taken().Messages })
	count(in, inHelp, "duplicate", func() int64 { return taken().Duplicates })
	count(in, inHelp, "receipt", func() int64 { return taken().Receipts })
	count(in, inHelp, "news", func() int64 { return taken().News })
	count(in, inHelp, "unknown", func() int64 { return taken().Unknown })
	count(in, inHelp, "unrouted", func() int64 { return taken().Unrouted })
	count(in, inHelp, "discarded", func() int64 { return taken().Discarded })
	count(in, inHelp, "forged", func() int64 { return taken().Forged })
	count(in, inHelp, "journalled", func() int64 { return taken().Journalled })
	count(out, outHelp, "sent", func() int64 { return sent().Sent })
	count(out, outHelp, "failed", func() int64 { return sent().Failed })
	count(out, outHelp, "unknown", func() int64 { return sent().Unknown })
	count(out, outHelp, "retried", func() int64 { return sent().Retried })
	count(out, outHelp, "expired", func() int64 { return sent().Expired })
	return failed
}

// countSearch tells how far the search index is.
func countSearch(registry *prometheus.Registry, indexer *search.Indexer) error {
	behind := prometheus.GaugeOpts{Name: "madoguchi_search_behind_events", Help: "Events that the search index has yet to work through, as of its last round."}
	entries := prometheus.CounterOpts{Name: "madoguchi_search_entries_total", Help: "Messages, contacts and notes put into the search index."}
	return errors.Join(
		registry.Register(prometheus.NewGaugeFunc(behind, func() float64 { return float64(indexer.Behind()) })),
		registry.Register(prometheus.NewCounterFunc(entries, func() float64 { return float64(indexer.Entries()) })))
}

// countHashes tells how many passwords were hashed: many of them are somebody guessing, and each takes a core for a moment.
func countHashes(registry *prometheus.Registry, passwords *auth.Passwords) error {
	hashes := prometheus.CounterOpts{Name: "madoguchi_password_hashes_total", Help: "Passwords hashed, to keep them or to compare them, those of unknown people included."}
	return registry.Register(prometheus.NewCounterFunc(hashes, func() float64 { return float64(passwords.Hashes()) }))
}
