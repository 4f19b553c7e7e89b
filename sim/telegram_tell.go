package sim

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// telegramTries is how often an update is delivered: hours of growing pauses.
const telegramTries = 100

// act tells the bot what a customer did, in one update each.
func (t *telegram) act(p *Person, x Act, m *Message) error {
	if m.ID == "" {
		m.number = t.sim.next()
		m.ID = strconv.FormatInt(m.number, 10)
	}
	switch x.Do {
	case DoTap:
		return t.tap(p, x, m)
	case DoReact:
		old, now := []any{}, []any{}
		if x.Emoji != "" {
			now = append(now, object{"type": "emoji", "emoji": x.Emoji})
		}
		t.update(p, "message_reaction", object{
			"chat": t.chat(p), "message_id": m.number, "user": t.user(p), "date": t.sim.now().Unix(), "old_reaction": old, "new_reaction": now,
		})
	case DoEdit:
		t.update(p, "edited_message", merge(t.message(p, m), object{"edit_date": t.sim.now().Unix()}))
	case DoBlock:
		t.update(p, "my_chat_member", t.member(p, "member", "kicked"))
	case DoUnblock:
		t.update(p, "my_chat_member", t.member(p, "kicked", "member"))
	case DoStart:
		m.Text = strings.TrimSpace("/start " + x.Text)
		p.chat = append(p.chat, m)
		t.update(p, "message", merge(t.message(p, m), object{"entities": []any{object{"type": "bot_command", "offset": 0, "length": 6}}}))
	case DoContact:
		m.Text = p.Name + " +819000000000"
		message := t.message(p, m)
		delete(message, "text")
		t.update(p, "message", merge(message, object{"contact": object{"phone_number": "+819000000000", "first_name": p.Name, "user_id": t.id(p)}}))
	case DoStrange:
		m.Text = "?"
		message := t.message(p, m)
		delete(message, "text")
		t.update(p, "message", merge(message, object{"hologram": object{"id": "h1"}}))
	default:
		t.wrote(p, m)
	}
	return nil
}

// wrote tells of a message; several files are an album, each with an update of its own.
func (t *telegram) wrote(p *Person, m *Message) {
	if len(m.Files) < 2 {
		t.update(p, "message", t.message(p, m))
		return
	}
	for i, f := range m.Files {
		one := *m
		one.Files = []Shown{f}
		if i > 0 {
			one.Text, one.number = "", t.sim.next()
		}
		t.update(p, "message", merge(t.message(p, &one), object{"media_group_id": "13" + m.ID}))
	}
}

// tap presses a button: of the keyboard below a message, or of the one in place of the phone's own, which is a text.
func (t *telegram) tap(p *Person, x Act, m *Message) error {
	if _, writes := cutText(x.Button); writes {
		m.ReplyTo = ""
		t.update(p, "message", t.message(p, m))
		return nil
	}
	from := p.message(x.Message)
	t.update(p, "callback_query", object{
		"id": m.ID, "from": t.user(p), "message": t.message(p, from), "chat_instance": "-1", "data": x.Button,
	})
	return nil
}

// update queues one update, of kinds that the bot asked for.
func (t *telegram) update(p *Person, kind string, content object) {
	a := p.account
	bot := a.state.(*telegramBot)
	if bot.Updates != nil && !slices.Contains(bot.Updates, kind) || bot.Updates == nil && kind == "message_reaction" {
		return
	}
	header := map[string]string{"Content-Type": "application/json"}
	if a.console.Token != "" {
		header["X-Telegram-Bot-Api-Secret-Token"] = a.console.Token
	}
	lane := p.ID
	if bot.Single {
		lane = ""
	}
	a.tell(lane, hook{
		url: a.console.Callback, header: header, tries: telegramTries, body: encode(object{"update_id": t.sim.next(), kind: content}),
		heard: func(status int, _ []byte) {
			if status < 200 || status > 299 {
				bot.failed, bot.failure = t.sim.now(), fmt.Sprintf("Wrong response from the webhook: %d %s", status, http.StatusText(status))
			}
		},
	})
}

func (t *telegram) bot(a *Account) object {
	return object{"id": a.state.(*telegramBot).id, "is_bot": true, "first_name": a.Title, "username": strings.ReplaceAll(a.ID, "-", "_") + "_bot"}
}

func (t *telegram) id(p *Person) int64 {
	n, err := strconv.ParseInt(p.ID, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (t *telegram) user(p *Person) object {
	return object{"id": t.id(p), "is_bot": false, "first_name": p.Name, "username": "customer_" + p.ID[len(p.ID)-2:], "language_code": "ja"}
}

func (t *telegram) chat(p *Person) object {
	return object{"id": t.id(p), "type": "private", "first_name": p.Name, "username": "customer_" + p.ID[len(p.ID)-2:]}
}

func (t *telegram) member(p *Person, from, to string) object {
	state := func(status string) object {
		member := object{"status": status, "user": t.bot(p.account)}
		if status == "kicked" {
			member["until_date"] = 0
		}
		return member
	}
	return object{
		"chat": t.chat(p), "from": t.user(p), "date": t.sim.now().Unix(), "old_chat_member": state(from), "new_chat_member": state(to),
	}
}

// message is a Message as the Bot API shows it.
func (t *telegram) message(p *Person, m *Message) object {
	from := t.user(p)
	if !m.Mine {
		from = t.bot(p.account)
	}
	o := object{"message_id": m.number, "from": from, "chat": t.chat(p), "date": m.At.Unix()}
	text := "text"
	if len(m.Files) > 0 {
		text = "caption"
		t.file(o, m.Files[0])
	}
	if m.Text != "" {
		o[text] = m.Text
	}
	if m.Place != nil {
		o["location"] = object{"latitude": m.Place.Lat, "longitude": m.Place.Lon}
	}
	if m.Place != nil && m.Place.Title != "" {
		o["venue"] = object{"location": o["location"], "title": m.Place.Title, "address": m.Place.Address}
	}
	if m.Sticker != "" {
		o["sticker"] = object{
			"file_id": "tg-none", "file_unique_id": "s1", "type": "regular", "width": 512, "height": 512, "is_animated": false, "is_video": false,
			"emoji": m.Sticker, "set_name": "test",
		}
	}
	if rows := keyboardOf(m); len(rows) > 0 {
		o["reply_markup"] = object{"inline_keyboard": rows}
	}
	if quoted := p.message(m.ReplyTo); quoted != nil {
		shallow := *quoted
		shallow.ReplyTo = ""
		o["reply_to_message"] = t.message(p, &shallow)
	}
	return o
}

// keyboardOf is the keyboard below a message, a row for each button.
func keyboardOf(m *Message) (rows []any) {
	for _, b := range m.Buttons {
		key := object{"text": b.Label}
		if _, writes := cutText(b.ID); writes {
			continue // it lies in place of the phone's own
		}
		if key["callback_data"] = b.ID; b.URL != "" {
			key = object{"text": b.Label, "url": b.URL}
		}
		rows = append(rows, []any{key})
	}
	return rows
}

// file puts a file into a message.
func (t *telegram) file(o object, f Shown) {
	size := 0
	if kept := t.sim.files[f.file]; kept != nil {
		size = len(kept.data)
	}
	id := "tg-" + f.file
	one := object{"file_id": id, "file_unique_id": "u" + f.file, "file_size": size}
	switch {
	case f.Kind == "image":
		o["photo"] = []any{
			merge(one, object{"width": 90, "height": 67}), merge(one, object{"width": 1280, "height": 960}),
		}
	case f.Kind == "audio" && strings.HasPrefix(f.Type, "audio/ogg"):
		o["voice"] = merge(one, object{"duration": 3, "mime_type": f.Type})
	case f.Kind == "audio":
		o["audio"] = merge(one, object{"duration": 3, "mime_type": f.Type, "file_name": f.Name})
	case f.Kind == "video":
		o["video"] = merge(one, object{"duration": 3, "width": 640, "height": 480, "mime_type": f.Type, "file_name": f.Name})
	default:
		o["document"] = merge(one, object{"file_name": f.Name, "mime_type": f.Type})
	}
}
