package desk_test

import (
	"testing"

	"madoguchi/desk"
)

func TestItemsAreToldAsFarAsTheyAreBelieved(t *testing.T) {
	t.Parallel()
	sku := desk.Item{ID: "sku-1"}
	for _, c := range []struct {
		quantity, price, currency string
		line                      string
	}{
		{"2", "1200", "JPY", "sku-1 × 2, JPY 1200"},
		{"1", "12.50", "usd", "sku-1 × 1, USD 12.50"},
		{"2.0", "1.2e3", "JPY", "sku-1 × 2, JPY 1200"},
		{"", "0", "JPY", "sku-1, JPY 0"},
		{"0", "-3", "JPY", "sku-1"},
		{"1.5", "12", "円", "sku-1"},
		{"1e12", "NaN", "JPY", "sku-1"},
		{"many", "1e300", "JPY", "sku-1"},
		{"3", "12", "", "sku-1 × 3"},
	} {
		if got := sku.Told(c.quantity, c.price, c.currency).Line(); got != c.line {
			t.Errorf("%q at %q %q: %q, want %q", c.quantity, c.price, c.currency, got, c.line)
		}
	}
	named := desk.Item{ID: "sku-1", Name: "マグカップ", Detail: "青"}.Told("2", "1200", "JPY")
	if got, want := named.Line(), "マグカップ (sku-1), 青 × 2, JPY 1200"; got != want {
		t.Errorf("a named one: %q, want %q", got, want)
	}
}

// An order is read and found by its goods, but a word that somebody obeys is none of them.
func TestGoodsAreWordsToReadOnly(t *testing.T) {
	t.Parallel()
	m := desk.Message{Parts: []desk.Part{
		{Kind: desk.PartOrder, Items: []desk.Item{{ID: "sku-1", Quantity: 2}, {ID: "sku-2"}}}, {Kind: desk.PartText, Text: "STOP"},
	}}
	if got, want := m.Words(), "sku-1 × 2\nsku-2\nSTOP"; got != want {
		t.Errorf("words %q, want %q", got, want)
	}
	if k, _ := desk.ReadKeyword(m.Text(), false, nil); k != desk.KeywordOptOut {
		t.Errorf("keyword %q", k)
	}
	if p := desk.PreviewOf(m); p.Kind != desk.PartOrder || p.Text != "sku-1 × 2 / sku-2 STOP" {
		t.Errorf("preview %+v", p)
	}
}
