package app

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"madoguchi/inbound"
	"madoguchi/outbox"
	"madoguchi/search"
)

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
	count(in, inHelp, "unknown", func() int64 { return taken().Unknown })
	count(in, inHelp, "unrouted", func() int64 { return taken().Unrouted })
	count(in, inHelp, "discarded", func() int64 { return taken().Discarded })
	count(in, inHelp, "forged", func() int64 { return taken().Forged })
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
