package desk

import (
	"regexp"
	"strconv"
	"strings"
)

// Item is a product that a customer ordered or writes about, as the provider tells it (G7.8).
type Item struct {
	ID       string `json:"id,omitempty"`       // in the seller's catalogue
	Name     string `json:"name,omitempty"`     // "" where the provider tells the id alone
	Detail   string `json:"detail,omitempty"`   // what the catalogue says below the name
	Quantity int64  `json:"quantity,omitempty"` // 0 = not told
	Price    string `json:"price,omitempty"`    // of one, a decimal number; "" = not told
	Currency string `json:"currency,omitempty"` // ISO 4217
}

// MaxQuantity is the most of one item that we believe.
const MaxQuantity = 1_000_000

// The bounds of what we believe to be a price.
var (
	priceForm    = regexp.MustCompile(`^\d{1,12}(\.\d{1,6})?$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
)

// Told is the item with count and price as somebody outside wrote them; what is no number stays untold.
func (i Item) Told(quantity, price, currency string) Item {
	if n, err := strconv.ParseFloat(quantity, 64); err == nil && n >= 1 && n <= MaxQuantity && n == float64(int64(n)) {
		i.Quantity = int64(n)
	}
	if n, err := strconv.ParseFloat(price, 64); err == nil {
		if !priceForm.MatchString(price) {
			price = strconv.FormatFloat(n, 'f', -1, 64) // 1.2e3
		}
		if currency = strings.ToUpper(currency); priceForm.MatchString(price) && currencyForm.MatchString(currency) {
			i.Price, i.Currency = price, currency
		}
	}
	return i
}

// Line is the item in one line that every language reads: what it is, how many, at what price each.
func (i Item) Line() string {
	s := i.Name
	switch {
	case s == "":
		s = i.ID
	case i.ID != "":
		s += " (" + i.ID + ")"
	}
	if i.Detail != "" {
		s += ", " + i.Detail
	}
	if i.Quantity > 0 {
		s += " × " + strconv.FormatInt(i.Quantity, 10)
	}
	if i.Price != "" {
		s += ", " + i.Currency + " " + i.Price
	}
	return s
}

// Words are the message's text and its goods, for whoever reads or finds it; what obeys words (a keyword, an answer to a survey)
// goes by Text alone.
func (m Message) Words() string { return m.words("\n") }

// words are Words with something else between two items.
func (m Message) words(between string) string {
	var said []string
	for _, p := range m.Parts {
		if p.Kind == PartText && p.Text != "" {
			said = append(said, p.Text)
		}
		var items []string
		for _, item := range p.Items {
			items = append(items, item.Line())
		}
		if len(items) > 0 {
			said = append(said, strings.Join(items, between))
		}
	}
	return strings.Join(said, "\n")
}
