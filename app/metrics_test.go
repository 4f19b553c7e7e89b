package app

import (
	"fmt"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"madoguchi/inbound"
	"madoguchi/outbox"
)

func TestWorkIsCounted(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	taken := inbound.Counts{Messages: 1, Duplicates: 2, Receipts: 3, Unknown: 4, Unrouted: 5, Discarded: 6, Forged: 7, News: 8, Journalled: 9}
	sent := outbox.Counts{Sent: 1, Failed: 2, Unknown: 3, Retried: 4, Expired: 5}
	if err := countWork(registry, func() inbound.Counts { return taken }, func() outbox.Counts { return sent }); err != nil {
		t.Fatal(err)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]map[string]float64{}
	for _, f := range families {
		got[f.GetName()] = map[string]float64{}
		for _, m := range f.GetMetric() {
			got[f.GetName()][m.GetLabel()[0].GetValue()] = m.GetCounter().GetValue()
		}
	}
	want := map[string]map[string]float64{
		"madoguchi_inbound_total":    {"message": 1, "duplicate": 2, "receipt": 3, "news": 8, "unknown": 4, "unrouted": 5, "discarded": 6, "forged": 7, "journalled": 9},
		"madoguchi_deliveries_total": {"sent": 1, "failed": 2, "unknown": 3, "retried": 4, "expired": 5},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
