package sim

import (
	"strconv"
	"time"
)

// lineTries is how often a webhook is delivered where redelivery is on; LINE does not say how often it does.
const lineTries = 20

// act tells the channel what a customer did, in one event each.
func (l *line) act(p *Person, x Act, m *Message) error {
	if m.ID == "" {
		m.ID = strconv.FormatInt(468_789_000_000_000_000+l.sim.next(), 10)
	}
	a := p.account
	switch x.Do {
	case DoTap:
		return l.tap(p, x, m)
	case DoUnsend:
		l.event(p, "unsend", object{"unsend": object{"messageId": m.ID}}, false)
	case DoBlock:
		l.event(p, "unfollow", nil, false)
	case DoUnblock:
		l.event(p, "follow", object{"follow": object{"isUnblocked": true}}, true)
	case DoStart:
		l.event(p, "follow", object{"follow": object{"isUnblocked": false}}, true)
	case DoStrange:
		m.Text = "?"
		l.event(p, "hologram", object{"hologram": object{"id": "h1"}}, true)
	default:
		if len(m.Files) > 1 {
			return l.album(p, m)
		}
		l.event(p, "message", object{"message": l.object(a, m)}, true)
	}
	return nil
}

// album sends several pictures: each is a message of its own, and they name their set.
func (l *line) album(p *Person, m *Message) error {
	for i, f := range m.Files {
		one := *m
		one.Files = []Shown{f}
		if i > 0 {
			one.ID = strconv.FormatInt(468_789_000_000_000_000+l.sim.next(), 10)
			p.chat = append(p.chat, &one)
		}
		o := merge(l.object(p.account, &one), object{"imageSet": object{"id": "SET" + m.ID, "index": i + 1, "total": len(m.Files)}})
		l.event(p, "message", object{"message": o}, true)
	}
	m.Files = m.Files[:1]
	return nil
}

// tap presses a button: a postback, or a text that it writes.
func (l *line) tap(p *Person, x Act, m *Message) error {
	if text, writes := cutText(x.Button); writes {
		m.Text, m.ReplyTo = text, ""
		l.event(p, "message", object{"message": l.object(p.account, m)}, true)
		return nil
	}
	l.event(p, "postback", object{"postback": object{"data": x.Button}}, true)
	return nil
}

// object is a customer's message as the webhook shows it.
func (l *line) object(a *Account, m *Message) object {
	o := object{"id": m.ID, "type": "text"}
	switch {
	case len(m.Files) > 0:
		f := m.Files[0]
		o["type"] = f.Kind
		if f.Kind == "file" {
			o["fileName"], o["fileSize"] = f.Name, len(l.sim.files[f.file].data)
			return o
		}
		o["contentProvider"] = object{"type": "line"}
		if f.Kind != "image" {
			o["duration"] = 4000
		}
		if f.Kind == "audio" {
			return o
		}
	case m.Place != nil:
		o["type"], o["latitude"], o["longitude"] = "location", m.Place.Lat, m.Place.Lon
		if m.Place.Title != "" {
			o["title"], o["address"] = m.Place.Title, m.Place.Address
		}
		return o
	case m.Sticker != "":
		o["type"], o["packageId"], o["stickerId"], o["stickerResourceType"], o["keywords"] = "sticker", "446", "1988", "ANIMATION", []string{"ok", "thanks"}
	default:
		o["text"], o["markAsReadToken"] = m.Text, "mr"+m.ID
	}
	o["quoteToken"] = "q" + m.ID
	if m.ReplyTo != "" {
		o["quotedMessageId"] = m.ReplyTo
	}
	return o
}

// event queues one event, with a token to answer it where LINE gives one.
func (l *line) event(p *Person, kind string, content object, answerable bool) {
	a := p.account
	now := l.sim.now()
	e := merge(content, object{
		"type": kind, "mode": "active", "timestamp": now.UnixMilli(), "source": object{"type": "user", "userId": p.ID},
		"webhookEventId": ulid(now, l.sim.next()), "deliveryContext": object{"isRedelivery": false},
	})
	if answerable {
		token := l.sim.hex(32, "reply", strconv.FormatInt(l.sim.next(), 10))
		a.state.(*lineChannel).replies[token] = replyToken{person: p, at: now}
		e["replyToken"] = token
	}
	if a.console.Off {
		return
	}
	h := l.signed(a, []any{e})
	if h.tries = 1; a.console.Redeliver {
		h.tries = lineTries
	}
	h.redo = func(h *hook) {
		e["deliveryContext"] = object{"isRedelivery": true}
		again := l.signed(a, []any{e})
		h.body, h.header = again.body, again.header
	}
	a.tell(p.ID, h)
}

// signed makes a request of events.
func (l *line) signed(a *Account, events []any) hook {
	if events == nil {
		events = []any{}
	}
	body := encode(object{"destination": a.state.(*lineChannel).user, "events": events})
	return hook{url: a.console.Callback, body: body, within: 2 * time.Second, header: map[string]string{
		"Content-Type": "application/json; charset=utf-8", "X-Line-Signature": sign(a.Credential("channel_secret"), body),
	}}
}

// ulid is an id that sorts by time (https://github.com/ulid/spec), its random part a number.
func ulid(at time.Time, n int64) string {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	id := make([]byte, 26)
	ms := at.UnixMilli()
	for i := 9; i >= 0; i-- {
		id[i] = alphabet[ms&31]
		ms >>= 5
	}
	for i := 25; i >= 10; i-- {
		id[i] = alphabet[n&31]
		n >>= 5
	}
	return string(id)
}
