package sim

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

// telegramMedia are the parameters that carry a file: bytes, an id or an address.
var telegramMedia = []string{"photo", "document", "video", "audio", "voice", "animation", "sticker"}

// units counts as Telegram and LINE do: UTF-16 code units.
func units(text string) int { return len(utf16.Encode([]rune(text))) }

// send takes one message. Under mu.
func (t *telegram) send(a *Account, method string, q request, linked map[string]*file) answer {
	p := a.person(q.text("chat_id"))
	switch {
	case p == nil:
		return telegramError(http.StatusBadRequest, "Bad Request: chat not found", nil)
	case p.Blocked:
		return telegramError(http.StatusForbidden, "Forbidden: bot was blocked by the user", nil)
	case p.Wrote.IsZero():
		return telegramError(http.StatusForbidden, "Forbidden: bot can't initiate conversation with a user", nil)
	}
	if method == "sendmediagroup" {
		return t.album(a, p, q)
	}
	m := &Message{number: t.sim.next()}
	m.ID = strconv.FormatInt(m.number, 10)
	if refused := t.fill(m, method, q, linked); refused != nil {
		return *refused
	}
	var reply struct {
		ID json.Number `json:"message_id"`
	}
	if q.into("reply_parameters", &reply) && p.message(reply.ID.String()) != nil {
		m.ReplyTo = reply.ID.String()
	}
	a.arrive(p, m)
	return telegramOK(t.message(p, m))
}

func badRequest(description string) *answer {
	x := telegramError(http.StatusBadRequest, "Bad Request: "+description, nil)
	return &x
}

// fill reads a message's content.
func (t *telegram) fill(m *Message, method string, q request, linked map[string]*file) *answer {
	field, limit := "caption", 1024
	if method == "sendmessage" {
		field, limit = "text", 4096
	}
	text, ok := plain(q.text(field), q.text("parse_mode"))
	switch {
	case !ok:
		return badRequest("can't parse entities: Can't find end of the entity")
	case method == "sendmessage" && strings.TrimSpace(text) == "":
		return badRequest("message text is empty")
	case units(text) > limit && field == "text":
		return badRequest("message is too long")
	case units(text) > limit:
		return badRequest("message caption is too long")
	}
	m.Text = text
	switch method {
	case "sendlocation", "sendvenue":
		m.Place = &Place{Lat: q.number("latitude"), Lon: q.number("longitude"), Title: q.text("title"), Address: q.text("address")}
	case "sendcontact":
		m.Text = q.text("first_name") + " " + q.text("phone_number")
	case "sendmessage":
	default:
		if refused := t.attach(m, strings.TrimPrefix(method, "send"), q, linked); refused != nil {
			return refused
		}
	}
	if m.Buttons, ok = t.buttons(q); !ok {
		return badRequest("BUTTON_DATA_INVALID")
	}
	return nil
}

// limits of uploads, https://core.telegram.org/bots/api#sending-files
const (
	telegramPhoto = 10 << 20
	telegramFile  = 50 << 20
)

// attach puts a file on a message: uploaded, by address or by the id of one that is known.
func (t *telegram) attach(m *Message, field string, q request, linked map[string]*file) *answer {
	kind := map[string]string{"photo": "image", "sticker": "image", "video": "video", "animation": "video", "audio": "audio", "voice": "audio"}[field]
	if kind == "" {
		kind = "file"
	}
	f, known := q.upload[field], ""
	if name, ok := strings.CutPrefix(q.text(field), "attach://"); ok {
		f = q.upload[name]
	}
	if link, asked := linked[field]; asked {
		if f = link; f == nil {
			return badRequest("failed to get HTTP URL content")
		}
	}
	if id, ok := strings.CutPrefix(q.text(field), "tg-"); ok && t.sim.files[id] != nil {
		known = id
	}
	switch {
	case f == nil && known == "":
		return badRequest("wrong file identifier/HTTP URL specified")
	case f != nil && (len(f.data) > telegramFile || field == "photo" && len(f.data) > telegramPhoto):
		x := telegramError(http.StatusRequestEntityTooLarge, "Request Entity Too Large", nil)
		return &x
	case f != nil:
		known = t.sim.keep(f)
	}
	m.Files = append(m.Files, t.sim.shown(known, kind))
	return nil
}

// album takes two to ten files at once.
func (t *telegram) album(a *Account, p *Person, q request) answer {
	var items []struct{ Type, Media, Caption string }
	if !q.into("media", &items) || len(items) < 2 || len(items) > 10 {
		return *badRequest("group send failed")
	}
	var sent []any
	var messages []*Message
	for _, item := range items {
		m := &Message{Text: item.Caption, number: t.sim.next()}
		m.ID = strconv.FormatInt(m.number, 10)
		one := request{form: map[string][]string{item.Type: {item.Media}}, upload: q.upload}
		if refused := t.attach(m, item.Type, one, nil); refused != nil {
			return *refused
		}
		messages = append(messages, m)
	}
	for _, m := range messages {
		a.arrive(p, m)
		sent = append(sent, t.message(p, m))
	}
	return telegramOK(sent)
}

// buttons reads the keyboard; false if a button's data is too long.
func (t *telegram) buttons(q request) ([]Button, bool) {
	var markup struct {
		Inline [][]struct {
			Text, URL string
			Data      string `json:"callback_data"`
		} `json:"inline_keyboard"`
		Keyboard [][]json.RawMessage `json:"keyboard"`
	}
	q.into("reply_markup", &markup)
	var buttons []Button
	for _, row := range markup.Inline {
		for _, b := range row {
			if len(b.Data) > 64 || b.Text == "" || b.Data == "" && b.URL == "" {
				return nil, false
			}
			buttons = append(buttons, Button{ID: b.Data, Label: b.Text, URL: b.URL})
		}
	}
	for _, row := range markup.Keyboard {
		for _, raw := range row {
			var key struct{ Text string }
			if json.Unmarshal(raw, &key.Text) != nil && json.Unmarshal(raw, &key) != nil {
				return nil, false
			}
			buttons = append(buttons, Button{ID: "text:" + key.Text, Label: key.Text})
		}
	}
	return buttons, true
}

// tags are what parse_mode HTML knows.
var (
	tag      = regexp.MustCompile(`<(/?)([a-zA-Z-]+)([^<>]*)>`)
	entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&")
)

const tags = " b strong i em u ins s strike del code pre a span tg-spoiler tg-emoji blockquote "

// plain is a text without its formatting, as its length counts; false if the formatting is broken.
func plain(text, mode string) (string, bool) {
	if !strings.EqualFold(mode, "HTML") {
		return text, true
	}
	var open []string
	ok := true
	bare := tag.ReplaceAllStringFunc(text, func(found string) string {
		parts := tag.FindStringSubmatch(found)
		name := strings.ToLower(parts[2])
		switch {
		case !strings.Contains(tags, " "+name+" "):
			ok = false
		case parts[1] == "":
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			ok = false
		default:
			open = open[:len(open)-1]
		}
		return ""
	})
	if strings.ContainsAny(bare, "<") || len(open) > 0 {
		ok = false
	}
	return entities.Replace(bare), ok
}
