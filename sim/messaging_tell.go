package sim

import (
	"encoding/json"
	"slices"
	"strings"
)

// act tells the page what a customer did.
func (x *messaging) act(p *Person, did Act, m *Message) error {
	if m.ID == "" {
		m.ID = x.mid("in")
	}
	switch did.Do {
	case DoBlock, DoUnblock: // nobody is told
		return nil
	case DoRead:
		x.read(p)
		return nil
	}
	p.Wrote = x.sim.now()
	switch did.Do {
	case DoReact:
		reaction := object{"mid": m.ID, "action": "unreact"}
		if did.Emoji != "" {
			reaction = object{"mid": m.ID, "action": "react", "reaction": "love", "emoji": did.Emoji}
		}
		x.event(p, "message_reactions", object{"reaction": reaction})
	case DoEdit:
		x.event(p, x.edits(), object{"message_edit": object{"mid": m.ID, "text": m.Text, "num_edit": 1}})
	case DoUnsend:
		x.event(p, "messages", object{"message": object{"mid": m.ID, "is_deleted": true}})
	case DoStart:
		x.event(p, "messaging_postbacks", object{"postback": object{"mid": m.ID, "title": "Get Started", "payload": "GET_STARTED"}})
	case DoStrange:
		m.Text = "?"
		x.event(p, "messages", object{"message": object{"mid": m.ID, "attachments": []any{object{"type": "hologram", "payload": object{"id": "h1"}}}}})
	case DoTap:
		x.tap(p, did, m)
	default:
		x.wrote(p, did, m)
	}
	return nil
}

// tap presses a quick reply, which is a message, or a template's button, which is not.
func (x *messaging) tap(p *Person, did Act, m *Message) {
	if _, b, _ := p.button(did.Button); b.kind == "postback" {
		x.event(p, "messaging_postbacks", object{"postback": object{"mid": m.ID, "title": m.Text, "payload": did.Button}})
		return
	}
	m.ReplyTo = ""
	x.event(p, "messages", object{"message": object{"mid": m.ID, "text": m.Text, "quick_reply": object{"payload": did.Button}}})
}

// wrote tells of a message.
func (x *messaging) wrote(p *Person, did Act, m *Message) {
	o := object{"mid": m.ID}
	if m.Text != "" {
		o["text"] = m.Text
	}
	if m.ReplyTo != "" {
		o["reply_to"] = object{"mid": m.ReplyTo}
	}
	var attachments []any
	for _, f := range m.Files {
		attachments = append(attachments, object{"type": f.Kind, "payload": object{"url": f.URL}})
	}
	switch {
	case did.Do == DoProduct:
		attachments = append(attachments, x.shared(m))
	case m.Place != nil:
		attachments = append(attachments, object{"type": "location", "payload": object{"coordinates": object{"lat": m.Place.Lat, "long": m.Place.Lon}}})
	case m.Sticker != "" && x.insta:
		attachments = append(attachments, object{"type": "like_heart"})
	case m.Sticker != "":
		shown := x.sim.shown(x.sim.keep(&file{mime: "image/png", data: []byte("\x89PNG\r\n\x1a\n")}), "image")
		attachments = append(attachments, object{"type": "image", "payload": object{"url": shown.URL, "sticker_id": int64(369_239_263_222_822)}})
	}
	if attachments != nil {
		o["attachments"] = attachments
	}
	if did.Ad != "" {
		o["referral"] = object{"ref": did.Ad, "source": "ADS", "type": "OPEN_THREAD", "ad_id": "6045000000001"}
		p.AdUntil = x.sim.now().Add(messagingHuman)
	}
	x.event(p, "messages", object{"message": o})
}

// shared is a product of the page's that the customer passes on.
func (x *messaging) shared(m *Message) object {
	m.Text = strings.TrimSpace("🏷 Mug\n" + m.Text)
	picture := x.sim.shown(x.sim.keep(&file{mime: "image/png", data: []byte("\x89PNG\r\n\x1a\n")}), "image")
	element := object{"id": "7700100", "retailer_id": "sku-1", "image_url": picture.URL, "title": "Mug", "subtitle": "¥1,200"}
	return object{"type": "template", "payload": object{"product": object{"elements": []any{element}}}}
}

// echo tells of a message of the page's own.
func (x *messaging) echo(p *Person, m *Message) {
	o := object{"mid": m.ID, "is_echo": true}
	if m.Text != "" {
		o["text"] = m.Text
	}
	field := "messages"
	if !x.insta {
		field = "message_echoes"
		o["app_id"] = json.Number(p.account.Credential("app_id"))
		if m.key != "" {
			o["metadata"] = m.key
		}
	}
	var attachments []any
	for _, f := range m.Files {
		attachments = append(attachments, object{"type": f.Kind, "payload": object{"url": f.URL}})
	}
	if attachments != nil {
		o["attachments"] = attachments
	}
	x.queue(p, field, object{"sender": object{"id": x.own(p.account)}, "recipient": object{"id": p.ID}, "message": o})
}

// delivered tells that a message arrived. Instagram never does.
func (x *messaging) delivered(p *Person, m *Message) {
	x.event(p, "message_deliveries", object{"delivery": object{"mids": []any{m.ID}, "watermark": m.At.UnixMilli()}})
}

// read tells that the customer looked: of each message on Instagram, up to an instant on Messenger.
func (x *messaging) read(p *Person) {
	anew := false
	for _, m := range p.chat {
		if m.Mine || m.Status == "read" {
			continue
		}
		m.Status, anew = "read", true
		if x.insta {
			x.event(p, "messaging_seen", object{"read": object{"mid": m.ID}})
		}
	}
	if anew && !x.insta {
		x.event(p, "message_reads", object{"read": object{"watermark": x.sim.now().UnixMilli()}})
	}
}

// event queues something that a person did.
func (x *messaging) event(p *Person, field string, content object) {
	x.queue(p, field, merge(content, object{"sender": object{"id": p.ID}, "recipient": object{"id": x.own(p.account)}}))
}

// queue sends an event if the page subscribed to its field.
func (x *messaging) queue(p *Person, field string, event object) {
	a := p.account
	if !x.heard(a.state.(*messagingPage), field) {
		return
	}
	now := x.sim.now().UnixMilli()
	event["timestamp"] = now
	x.news(a, p.ID, object{"object": x.object(), "entry": []any{object{"id": x.own(a), "time": now, "messaging": []any{event}}}})
}

// heard reports whether events of a field are told. A page has other fields than the Instagram account that is linked to it:
// once it tells the app anything, the app's own fields decide.
func (x *messaging) heard(page *messagingPage, field string) bool {
	return slices.Contains(page.Fields, field) || x.insta && page.Fields != nil && slices.Contains(page.AppFields, field)
}

// edits is the field that edits come in.
func (x *messaging) edits() string {
	if x.insta {
		return "message_edit"
	}
	return "message_edits"
}
