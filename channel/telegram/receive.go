package telegram

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

type user struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Username  string `json:"username"`
	Language  string `json:"language_code"`
}

type chat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

func (c chat) private() bool { return c.Type == "private" && c.ID != 0 }

// Receive reads one update. Telegram signs nothing; it repeats the secret of setWebhook in a header.
func (Connector) Receive(_ context.Context, e channel.Endpoint, r channel.Request) (channel.Reply, error) {
	secret := e.Secrets[settingHookSecret]
	if secret == "" || !hmac.Equal([]byte(secret), []byte(r.Header.Get(secretHeader))) {
		return channel.Reply{}, channel.ErrForged
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(r.Body, &fields); err != nil {
		return channel.Reply{}, desk.Invalid("body", "body_invalid", "read an update: %w", err)
	}
	var id int64
	if err := json.Unmarshal(fields["update_id"], &id); err != nil {
		return channel.Reply{}, desk.Invalid("update_id", "body_invalid", "read an update's id: %w", err)
	}
	return read(update{id: strconv.FormatInt(id, 10), fields: fields}), nil
}

// update is one event; of its fields one besides the id is set, and names what it is.
type update struct {
	id     string
	fields map[string]json.RawMessage
}

// readers are the updates that mean something here, by the field that they are in.
var readers = []struct {
	name string
	read func(update, json.RawMessage) (channel.Reply, bool)
}{
	{"message", readMessage},
	{"edited_message", readEdit},
	{"callback_query", readCallback},
	{"my_chat_member", readMember},
	{"message_reaction", readReaction},
}

func read(u update) channel.Reply {
	for _, reader := range readers {
		if raw, ok := u.fields[reader.name]; ok {
			if reply, ok := reader.read(u, raw); ok {
				return reply
			}
			return u.unknown(reader.name)
		}
	}
	return u.unknown(u.name())
}

// name is the name of an update that we do not know: the first of its fields, for there is one.
func (u update) name() string {
	name := ""
	for field := range u.fields {
		if field != "update_id" && (name == "" || field < name) {
			name = field
		}
	}
	return channel.CleanText(name)
}

func (u update) unknown(name string) channel.Reply {
	return one(channel.Result{Key: "u/" + u.id, Unknown: "update " + name})
}

func one(r channel.Result) channel.Reply { return channel.Reply{Results: []channel.Result{r}} }

func readMessage(u update, raw json.RawMessage) (channel.Reply, bool) {
	m, ok := decodeMessage(raw)
	if !ok {
		return channel.Reply{}, false
	}
	if at, is := m.start(); is {
		return one(channel.Result{Key: "m/" + string(m.externalID()), Standing: at}), true
	}
	parts, service := m.parts()
	if service != "" {
		return one(channel.Result{Key: "u/" + u.id, Unknown: "message " + service}), true
	}
	incoming := channel.Incoming{Peer: m.peer(parts), ExternalID: m.externalID(), Parts: parts, At: instant(m.Date)}
	if m.ReplyTo.ID != 0 {
		incoming.ReplyTo = externalID(m.Chat.ID, m.ReplyTo.ID)
	}
	// The items of an album are messages of their own; what holds them together (media_group_id) stays in the raw request.
	return one(channel.Result{Key: "m/" + string(m.externalID()), Message: &incoming}), true
}

// start reads the press of the Start button: "/start", or "/start <payload>" by a deep link, whose payload is 1 to 64
// letters, digits, _ and - (https://core.telegram.org/bots/features#deep-linking).
func (m message) start() (*channel.Standing, bool) {
	command, payload, _ := strings.Cut(m.Text, " ")
	if command, _, _ = strings.Cut(command, "@"); command != "/start" {
		return nil, false
	}
	s := &channel.Standing{Peer: m.peer(nil), Is: channel.StandingStarted, At: instant(m.Date)}
	if payload == "" {
		return s, true
	}
	if len(payload) > 64 || strings.ContainsFunc(payload, func(r rune) bool { return !wordRune(r) }) {
		return nil, false // typed by hand
	}
	s.Referral = &desk.Referral{Source: "link", ID: payload}
	return s, true
}

func wordRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-'
}

// readEdit reads a changed message. A live location changes every few seconds for hours: where it began is what was said.
func readEdit(u update, raw json.RawMessage) (channel.Reply, bool) {
	m, ok := decodeMessage(raw)
	if _, moves := m.fields["location"]; !ok || moves {
		return channel.Reply{}, false
	}
	parts, service := m.parts()
	if service != "" {
		return channel.Reply{}, false
	}
	return one(channel.Result{Key: "e/" + u.id, Edit: &channel.Edit{Peer: m.peer(parts), ExternalID: m.externalID(), Parts: parts, At: instant(m.EditDate)}}), true
}

// readMember hears that somebody blocked the bot or came back (H5).
func readMember(u update, raw json.RawMessage) (channel.Reply, bool) {
	var m struct {
		Chat chat  `json:"chat"`
		From user  `json:"from"`
		Date int64 `json:"date"`
		Old  struct {
			Status string `json:"status"`
		} `json:"old_chat_member"`
		New struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	}
	if err := json.Unmarshal(raw, &m); err != nil || !m.Chat.private() {
		return channel.Reply{}, false
	}
	s := channel.Standing{Peer: peer(m.Chat, m.From), At: instant(m.Date)}
	switch {
	case m.New.Status == "kicked":
		s.Is = channel.StandingBlocked
	case m.New.Status == "member" && m.Old.Status == "kicked":
		s.Is = channel.StandingUnblocked
	case m.New.Status == "member":
		s.Is = channel.StandingFollowed
	default:
		return channel.Reply{}, false
	}
	return one(channel.Result{Key: "s/" + u.id, Standing: &s}), true
}

// readReaction takes the newest emoji of possibly several (Telegram Premium); custom emoji are pictures without a character.
func readReaction(u update, raw json.RawMessage) (channel.Reply, bool) {
	var m struct {
		Chat    chat  `json:"chat"`
		User    user  `json:"user"`
		Message int64 `json:"message_id"`
		Date    int64 `json:"date"`
		New     []struct {
			Emoji string `json:"emoji"`
		} `json:"new_reaction"`
	}
	if err := json.Unmarshal(raw, &m); err != nil || !m.Chat.private() || m.Message == 0 {
		return channel.Reply{}, false
	}
	reaction := channel.Reaction{Peer: peer(m.Chat, m.User), ExternalID: externalID(m.Chat.ID, m.Message), At: instant(m.Date)}
	for _, r := range m.New {
		if r.Emoji != "" {
			reaction.Emoji = channel.CleanText(r.Emoji)
		}
	}
	if reaction.Emoji == "" && len(m.New) > 0 {
		return channel.Reply{}, false
	}
	return one(channel.Result{Key: "r/" + u.id, Reaction: &reaction}), true
}

func peer(c chat, u user) channel.Peer {
	name := strings.TrimSpace(channel.CleanText(u.FirstName) + " " + channel.CleanText(u.LastName))
	if name == "" {
		name = channel.CleanText(u.Username)
	}
	// User ids are the same for every bot (F1); a private chat's id is its user's.
	return channel.Peer{ExternalID: strconv.FormatInt(c.ID, 10), Name: name, Locale: channel.CleanText(u.Language)}
}

// externalID names a message: Telegram counts them by chat.
func externalID(chat, message int64) desk.ExternalID {
	return desk.ExternalID(fmt.Sprintf("%d/%d", chat, message))
}

// messageID is the number of a message within its chat.
func messageID(id desk.ExternalID) (int64, bool) {
	_, message, ok := strings.Cut(string(id), "/")
	n, err := strconv.ParseInt(message, 10, 64)
	return n, ok && err == nil && n > 0
}

func instant(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
