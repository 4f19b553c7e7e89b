package telegram

import (
	"encoding/json"
	"fmt"
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
)

// message is a message as Telegram tells it; what it contains lies in fields of its own, each read by itself, so that a
// kind of content that changed does not take the rest along.
type message struct {
	ID       int64    `json:"message_id"`
	From     user     `json:"from"`
	Chat     chat     `json:"chat"`
	Date     int64    `json:"date"`
	EditDate int64    `json:"edit_date"`
	Text     string   `json:"text"`
	Entities []entity `json:"entities"`
	Caption  string   `json:"caption"`
	Captions []entity `json:"caption_entities"`
	ReplyTo  struct {
		ID int64 `json:"message_id"`
	} `json:"reply_to_message"`
	fields map[string]json.RawMessage
}

// decodeMessage reads a message of a private chat.
func decodeMessage(raw json.RawMessage) (message, bool) {
	var m message
	if json.Unmarshal(raw, &m) != nil || json.Unmarshal(raw, &m.fields) != nil {
		return message{}, false
	}
	return m, m.Chat.private() && m.ID != 0
}

func (m message) externalID() desk.ExternalID { return externalID(m.Chat.ID, m.ID) }

// peer also takes the phone number that somebody shared of themselves: Telegram vouches that the card's user is theirs.
func (m message) peer(parts []desk.Part) channel.Peer {
	p := peer(m.Chat, m.From)
	var c contact
	if raw, ok := m.fields["contact"]; ok && json.Unmarshal(raw, &c) == nil && c.UserID == m.From.ID && c.UserID != 0 && len(parts) > 0 {
		p.Phone = c.phone()
	}
	return p
}

// contents are the fields that hold content, in the order in which they are looked for: where two are set the first one
// says more (an animation is a document too, a venue a location, a live photo a photo).
var contents = []struct {
	name string
	read func(json.RawMessage) (desk.Part, bool)
}{
	{"animation", media(desk.PartVideo)},
	{"photo", photo},
	{"video", media(desk.PartVideo)},
	{"video_note", media(desk.PartVideo)},
	{"live_photo", media(desk.PartVideo)},
	{"audio", media(desk.PartAudio)},
	{"voice", voice},
	{"document", media(desk.PartFile)},
	{"sticker", sticker},
	{"contact", card},
	{"venue", venue},
	{"location", location},
	{"poll", poll},
	{"checklist", checklist},
	{"dice", dice},
	{"web_app_data", webAppData},
}

// parts are what a message says; service names what it is instead if it only tells that something happened in the chat.
func (m message) parts() (parts []desk.Part, service string) {
	if m.Text != "" {
		return []desk.Part{textPart(m.Text, m.Entities)}, ""
	}
	for _, c := range contents {
		raw, ok := m.fields[c.name]
		if !ok {
			continue
		}
		part, ok := c.read(raw)
		if !ok {
			part = desk.Part{Kind: desk.PartUnknown, Text: c.name}
		}
		parts = append(parts, part)
		break
	}
	if m.Caption != "" {
		parts = append(parts, textPart(m.Caption, m.Captions))
	}
	if len(parts) == 0 {
		name := m.unknownField()
		if serviceFields[name] {
			return nil, name
		}
		parts = []desk.Part{{Kind: desk.PartUnknown, Text: name}}
	}
	return parts, ""
}

// aboutFields describe a message and are no content of it.
var aboutFields = set("message_id", "message_thread_id", "from", "sender_chat", "sender_boost_count", "sender_business_bot", "sender_tag",
	"date", "business_connection_id", "chat", "forward_origin", "is_topic_message", "is_automatic_forward", "reply_to_message",
	"external_reply", "quote", "reply_to_story", "via_bot", "edit_date", "has_protected_content", "is_from_offline", "is_paid_post",
	"media_group_id", "author_signature", "paid_star_count", "link_preview_options", "effect_id", "show_caption_above_media",
	"has_media_spoiler", "reply_markup", "text", "entities", "caption", "caption_entities")

// serviceFields tell that something happened in the chat.
var serviceFields = set("new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo", "group_chat_created",
	"supergroup_chat_created", "channel_chat_created", "message_auto_delete_timer_changed", "migrate_to_chat_id", "migrate_from_chat_id",
	"pinned_message", "successful_payment", "refunded_payment", "users_shared", "chat_shared", "connected_website", "write_access_allowed",
	"proximity_alert_triggered", "boost_added", "chat_background_set", "forum_topic_created", "forum_topic_edited", "forum_topic_closed",
	"forum_topic_reopened", "video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited")

func set(names ...string) map[string]bool {
	s := map[string]bool{}
	for _, name := range names {
		s[name] = true
	}
	return s
}

// unknownField is the first field that may be content, by name.
func (m message) unknownField() string {
	name := ""
	for field := range m.fields {
		if !aboutFields[field] && (name == "" || field < name) {
			name = field
		}
	}
	if name == "" {
		return "message"
	}
	return channel.CleanText(name)
}

func textPart(text string, entities []entity) desk.Part {
	return desk.Part{Kind: desk.PartText, Text: channel.CleanText(text), Marks: marks(text, entities)}
}

type contact struct {
	Phone     string `json:"phone_number"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	UserID    int64  `json:"user_id"`
}

// phone is the number in E.164; Telegram writes it with or without a plus.
func (c contact) phone() string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, c.Phone)
	if len(digits) < 7 || len(digits) > 15 {
		return ""
	}
	return "+" + digits
}

func card(raw json.RawMessage) (desk.Part, bool) {
	var c contact
	if json.Unmarshal(raw, &c) != nil {
		return desk.Part{}, false
	}
	name := strings.TrimSpace(channel.CleanText(c.FirstName + " " + c.LastName))
	return desk.Part{Kind: desk.PartCards, Cards: []desk.Card{{Name: name, Phones: []string{channel.CleanText(c.Phone)}}}}, true
}

type place struct {
	Latitude  *float64 `json:"latitude"`
	Longitude *float64 `json:"longitude"`
}

func (p place) part(label string) (desk.Part, bool) {
	if p.Latitude == nil || p.Longitude == nil {
		return desk.Part{}, false
	}
	return desk.Part{Kind: desk.PartLocation, Location: &desk.Location{Lat: *p.Latitude, Lng: *p.Longitude, Label: channel.CleanText(label)}}, true
}

func location(raw json.RawMessage) (desk.Part, bool) {
	var p place
	if json.Unmarshal(raw, &p) != nil {
		return desk.Part{}, false
	}
	return p.part("")
}

func venue(raw json.RawMessage) (desk.Part, bool) {
	var v struct {
		Location place  `json:"location"`
		Title    string `json:"title"`
		Address  string `json:"address"`
	}
	if json.Unmarshal(raw, &v) != nil {
		return desk.Part{}, false
	}
	return v.Location.part(strings.TrimSpace(v.Title + "\n" + v.Address))
}

func poll(raw json.RawMessage) (desk.Part, bool) {
	var p struct {
		Question string `json:"question"`
		Options  []struct {
			Text string `json:"text"`
		} `json:"options"`
	}
	if json.Unmarshal(raw, &p) != nil {
		return desk.Part{}, false
	}
	lines := []string{"📊 " + p.Question}
	for _, o := range p.Options {
		lines = append(lines, "• "+o.Text)
	}
	return textPart(strings.Join(lines, "\n"), nil), true
}

func checklist(raw json.RawMessage) (desk.Part, bool) {
	var c struct {
		Title string `json:"title"`
		Tasks []struct {
			Text string `json:"text"`
			Done int64  `json:"completion_date"`
		} `json:"tasks"`
	}
	if json.Unmarshal(raw, &c) != nil {
		return desk.Part{}, false
	}
	lines := []string{c.Title}
	for _, task := range c.Tasks {
		box := "☐ "
		if task.Done != 0 {
			box = "☑ "
		}
		lines = append(lines, box+task.Text)
	}
	return textPart(strings.Join(lines, "\n"), nil), true
}

func dice(raw json.RawMessage) (desk.Part, bool) {
	var d struct {
		Emoji string `json:"emoji"`
		Value int    `json:"value"`
	}
	if json.Unmarshal(raw, &d) != nil {
		return desk.Part{}, false
	}
	return textPart(fmt.Sprintf("%s %d", d.Emoji, d.Value), nil), true
}

func webAppData(raw json.RawMessage) (desk.Part, bool) {
	var d struct {
		Data string `json:"data"`
	}
	if json.Unmarshal(raw, &d) != nil || d.Data == "" {
		return desk.Part{}, false
	}
	return textPart(d.Data, nil), true
}
