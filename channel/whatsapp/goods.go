package whatsapp

import "madoguchi/desk"

// maxItems of an order are kept; a cart of the app's holds fewer.
const maxItems = 200

// order is a cart that the customer sent: product ids of the catalogue, without names.
// https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages/order
type order struct {
	Text  string `json:"text"`
	Items []struct {
		Product  loose `json:"product_retailer_id"`
		Quantity loose `json:"quantity"`
		Price    loose `json:"item_price"`
		Currency loose `json:"currency"`
	} `json:"product_items"`
}

// parts are what is ordered, and what was written beside it (G7.8).
func (o order) parts() []desk.Part {
	p := desk.Part{Kind: desk.PartOrder}
	for _, item := range o.Items[:min(len(o.Items), maxItems)] {
		if item.Product != "" {
			p.Items = append(p.Items, desk.Item{ID: string(item.Product)}.Told(string(item.Quantity), string(item.Price), string(item.Currency)))
		}
	}
	if len(p.Items) == 0 {
		return text(o.Text)
	}
	return append([]desk.Part{p}, text(o.Text)...)
}

// referred is the product from whose page the customer wrote.
type referred struct {
	Product loose `json:"product_retailer_id"`
}

func (r *referred) parts() []desk.Part {
	if r == nil || r.Product == "" {
		return nil
	}
	return []desk.Part{{Kind: desk.PartProduct, Items: []desk.Item{{ID: string(r.Product)}}}}
}
