package notify

import (
	"testing"

	"madoguchi/desk"
)

// An order is pushed as one, with what is ordered (G7.8).
func TestAnOrderIsToldInALine(t *testing.T) {
	t.Parallel()
	order := desk.Part{Kind: desk.PartOrder, Items: []desk.Item{{ID: "sku-1", Quantity: 2}, {ID: "sku-2", Quantity: 1}}}
	text := func(key string) string { return "<" + key + ">" }
	if got, want := said(desk.Message{Parts: []desk.Part{order}}, text), "<push.part.order> · sku-1 × 2 / sku-2 × 1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
