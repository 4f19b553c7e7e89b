package sim

import (
	"strconv"
	"strings"
)

// user is the business-scoped id of a person.
func (p *Person) user() string {
	if p.Hidden {
		return p.ID
	}
	return p.Alias
}

// act tells the business what a customer did.
func (x *whatsapp) act(p *Person, did Act, m *Message) error {
	a := p.account
	if m.ID == "" {
		m.ID = x.messageID()
	}
	switch did.Do {
	case DoBlock, DoUnblock: // nobody is told
	case DoRead:
		for _, sent := range p.chat {
			if !sent.Mine && sent.Status != "read" {
				sent.Status = "read"
				x.status(p, sent, "read", 0)
			}
		}
	case DoStop, DoResume:
		value := map[string]string{DoStop: "stop", DoResume: "resume"}[did.Do]
		preference := merge(x.who(p, "wa_id", "user_id"), object{
			"detail": "User requested to " + value + " marketing messages", "category": "marketing_messages", "value": value, "timestamp": x.sim.now().Unix(),
		})
		x.news(a, p.ID, x.envelope(a, "user_preferences", merge(x.contacts(p), object{"user_preferences": []any{preference}})))
	case DoEdit:
		inner := object{"type": "text", "text": object{"body": m.Text}}
		x.messages(p, object{"id": x.messageID(), "type": "edit", "edit": object{"original_message_id": m.ID, "message": inner}})
	case DoUnsend:
		x.messages(p, object{"id": x.messageID(), "type": "revoke", "revoke": object{"original_message_id": m.ID}})
	case DoReact:
		reaction := object{"message_id": m.ID}
		if did.Emoji != "" {
			reaction["emoji"] = did.Emoji
		}
		x.messages(p, object{"id": x.messageID(), "type": "reaction", "reaction": reaction})
	default:
		x.wrote(p, did, m)
	}
	return nil
}

func (x *whatsapp) messageID() string {
	return "wamid." + x.sim.hex(24, "in", strconv.FormatInt(x.sim.next(), 10))
}

// wrote tells of a message; several files are a message each.
func (x *whatsapp) wrote(p *Person, did Act, m *Message) {
	if len(m.Files) < 2 {
		x.messages(p, x.content(p, did, m))
		return
	}
	for i, f := range m.Files {
		one := *m
		one.Files = []Shown{f}
		if i > 0 {
			one.ID, one.Text = x.messageID(), ""
			p.chat = append(p.chat, &one)
		}
		x.messages(p, x.content(p, did, &one))
	}
	m.Files = m.Files[:1]
}

// content is a new message of the customer's as the webhook shows it.
func (x *whatsapp) content(p *Person, did Act, m *Message) object {
	o := object{"id": m.ID, "type": "text"}
	switch {
	case did.Do == DoTap:
		x.tapped(p, did, m, o)
		return o
	case did.Do == DoStrange:
		m.Text = "?"
		e := object{"code": 131051, "title": "Message type unknown", "message": "Message type unknown", "error_data": object{"details": "Message type is currently not supported."}}
		o["type"], o["errors"] = "unsupported", []any{e}
	case did.Do == DoContact:
		m.Text = p.Name + " +819000000000"
		o["type"] = "contacts"
		o["contacts"] = []any{object{"name": object{"formatted_name": p.Name, "first_name": p.Name}, "phones": []any{object{"phone": "+819000000000", "type": "CELL"}}}}
	case did.Do == DoOrder:
		x.ordered(did, m, o)
	case did.Do == DoProduct:
		if m.Text == "" {
			m.Text = "🏷 sku-1?"
		}
		o["text"] = object{"body": m.Text}
		o["context"] = object{"referred_product": object{"catalog_id": catalogue, "product_retailer_id": "sku-1"}}
	case m.Sticker != "":
		name := x.sim.keep(&file{mime: "image/webp", data: []byte("RIFF____WEBP")})
		o["type"], o["sticker"] = "sticker", merge(x.attached(p.account, name), object{"animated": false})
	case len(m.Files) > 0:
		x.filed(p.account, m, o)
	case m.Place != nil:
		place := object{"latitude": m.Place.Lat, "longitude": m.Place.Lon}
		if m.Place.Title != "" {
			place["name"], place["address"] = m.Place.Title, m.Place.Address
		}
		o["type"], o["location"] = "location", place
	default:
		o["text"] = object{"body": m.Text}
	}
	if m.ReplyTo != "" {
		o["context"] = object{"from": x.number(p.account), "id": m.ReplyTo}
	}
	if did.Ad != "" {
		o["referral"] = object{
			"source_url": "https://fb.example.test/" + did.Ad, "source_id": did.Ad, "source_type": "ad", "headline": "Sale", "body": "Until today",
			"media_type": "image", "image_url": "https://fb.example.test/ad.jpg", "ctwa_clid": "clid-" + did.Ad,
		}
	}
	return o
}

const catalogue = "194000000000001"

// ordered is a cart of two products.
func (x *whatsapp) ordered(did Act, m *Message, o object) {
	item := func(product string, quantity, price int) object {
		return object{"product_retailer_id": product, "quantity": quantity, "item_price": price, "currency": "JPY"}
	}
	o["type"] = "order"
	o["order"] = object{"catalog_id": catalogue, "text": did.Text, "product_items": []any{item("sku-1", 2, 1200), item("sku-2", 1, 380)}}
	m.Text = strings.TrimSpace("🛒 sku-1 × 2, sku-2 × 1\n" + did.Text)
}

// tapped is a reply to buttons, to a list, or to a template.
func (x *whatsapp) tapped(p *Person, did Act, m *Message, o object) {
	o["context"] = object{"from": x.number(p.account), "id": m.ReplyTo}
	_, b, _ := p.button(did.Button)
	switch b.kind {
	case "template":
		o["type"], o["button"] = "button", object{"payload": b.ID, "text": b.Label}
		return
	case "list":
		picked := object{"id": b.ID, "title": b.Label}
		if b.Detail != "" {
			picked["description"] = b.Detail
		}
		o["interactive"] = object{"type": "list_reply", "list_reply": picked}
	default:
		o["interactive"] = object{"type": "button_reply", "button_reply": object{"id": b.ID, "title": b.Label}}
	}
	o["type"] = "interactive"
}

// filed puts a file into a message.
func (x *whatsapp) filed(a *Account, m *Message, o object) {
	f := m.Files[0]
	kind, content := f.Kind, x.attached(a, f.file)
	switch kind {
	case "audio":
		content["voice"] = true
	case "file":
		kind = "document"
		content["filename"] = f.Name
	}
	if m.Text != "" && kind != "audio" {
		content["caption"] = m.Text
	}
	o["type"], o[kind] = kind, content
}

// attached gives a file a media id of the account's.
func (x *whatsapp) attached(a *Account, name string) object {
	id := strconv.FormatInt(1_003_383_000_000_000+x.sim.next(), 10)
	a.state.(*whatsappNumber).uploads[id] = name
	f := x.sim.files[name]
	return object{"mime_type": f.mime, "sha256": sha(f), "id": id}
}

// who names a person, by phone number unless they hide it, and by user id.
func (x *whatsapp) who(p *Person, phone, user string) object {
	o := object{}
	if !p.Hidden {
		o[phone] = p.ID
	}
	if p.user() != "" {
		o[user] = p.user()
	}
	return o
}

func (x *whatsapp) contacts(p *Person) object {
	profile := object{"name": p.Name}
	if p.Hidden {
		profile["username"] = "user_" + p.ID[len(p.ID)-3:]
	}
	return object{"contacts": []any{merge(x.who(p, "wa_id", "user_id"), object{"profile": profile})}}
}

// messages queues one message of a person's.
func (x *whatsapp) messages(p *Person, content object) {
	message := merge(x.who(p, "from", "from_user_id"), object{"timestamp": strconv.FormatInt(x.sim.now().Unix(), 10)}, content)
	x.news(p.account, p.ID, x.envelope(p.account, "messages", merge(x.contacts(p), object{"messages": []any{message}})))
}

// status queues news of a message of the business's.
func (x *whatsapp) status(p *Person, m *Message, status string, code int) {
	s := merge(x.who(p, "recipient_id", "recipient_user_id"), object{
		"id": m.ID, "status": status, "timestamp": strconv.FormatInt(x.sim.now().Unix(), 10),
	})
	if m.key != "" {
		s["biz_opaque_callback_data"] = m.key
	}
	value := x.contacts(p)
	switch {
	case code != 0:
		title := graphWords[code]
		s["errors"] = []any{object{
			"code": code, "title": title, "message": title, "error_data": object{"details": title},
			"href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
		}}
		value = object{}
	case status == "sent" || status == "delivered":
		category := "service"
		if m.Template != "" {
			category = "utility"
		}
		s["pricing"] = object{"billable": true, "pricing_model": "PMP", "type": "regular", "category": category}
	}
	x.news(p.account, p.ID, x.envelope(p.account, "messages", merge(value, object{"statuses": []any{s}})))
}

// envelope is a webhook about the number.
func (x *whatsapp) envelope(a *Account, field string, value object) object {
	value = merge(value, object{
		"messaging_product": "whatsapp",
		"metadata":          object{"display_phone_number": x.number(a), "phone_number_id": a.Credential("phone_number_id")},
	})
	return x.entry(a, object{"value": value, "field": field})
}

func (x *whatsapp) entry(a *Account, change object) object {
	return object{"object": x.object(), "entry": []any{object{"id": a.Credential("waba_id"), "changes": []any{change}}}}
}
