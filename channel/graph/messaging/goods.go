package messaging

import (
	"encoding/json"

	"madoguchi/desk"
)

// maxItems of a message are kept; a product template holds ten.
const maxItems = 50

// goods are products of the page's that the customer shared.
type goods struct {
	Elements []product `json:"elements"`
}

type product struct {
	ID       word `json:"id"`
	Retailer word `json:"retailer_id"`
	Image    word `json:"image_url"`
	Title    word `json:"title"`
	Subtitle word `json:"subtitle"`
}

// UnmarshalJSON never fails, as a word's.
func (g *goods) UnmarshalJSON(raw []byte) error {
	type shape goods
	_ = json.Unmarshal(raw, (*shape)(g))
	return nil
}

// UnmarshalJSON never fails, as a word's.
func (p *product) UnmarshalJSON(raw []byte) error {
	type shape product
	_ = json.Unmarshal(raw, (*shape)(p))
	return nil
}

// item is the product as far as the provider tells it: in a referral the id alone, without the app's permission for the catalogue too.
func (p product) item() desk.Item {
	return desk.Item{ID: either(p.Retailer, p.ID), Name: string(p.Title), Detail: string(p.Subtitle)}
}

// parts are products that the customer shared (G7.8). The picture of one alone comes along.
func (g goods) parts() []desk.Part {
	p := desk.Part{Kind: desk.PartProduct}
	for _, e := range g.Elements[:min(len(g.Elements), maxItems)] {
		if item := e.item(); item != (desk.Item{}) {
			p.Items = append(p.Items, item)
		}
	}
	if len(p.Items) == 0 {
		return nil
	}
	parts := []desk.Part{p}
	if image := string(g.Elements[0].Image); len(g.Elements) == 1 && fileAt(image) {
		parts = append(parts, desk.Part{Kind: desk.PartImage, MediaRef: image, Media: desk.MediaFetching})
	}
	return parts
}

// about is the product from whose page the customer wrote.
func (m message) about() []desk.Part {
	if m.Referral == nil || m.Referral.Product.ID == "" {
		return nil
	}
	return []desk.Part{{Kind: desk.PartProduct, Items: []desk.Item{m.Referral.Product.item()}}}
}
