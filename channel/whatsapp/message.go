package whatsapp

import (
	"encoding/json"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// message is one message as the webhook writes it; which of its members are there depends on Type.
// https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages
type message struct {
	ID         loose  `json:"id"`
	From       loose  `json:"from"`
	FromUserID loose  `json:"from_user_id"`
	To         loose  `json:"to"` // of echoes
	ToUserID   loose  `json:"to_user_id"`
	Timestamp  loose  `json:"timestamp"`
	Type       string `json:"type"`
	GroupID    loose  `json:"group_id"`
	Context    struct {
		ID      loose     `json:"id"`
		Product *referred `json:"referred_product"`
	} `json:"context"`
	Referral *referral `json:"referral"`
	content
	Reaction *struct {
		MessageID loose  `json:"message_id"`
		Emoji     string `json:"emoji"`
	} `json:"reaction"`
	System *struct {
		Type   string `json:"type"`
		WaID   loose  `json:"wa_id"`
		UserID loose  `json:"user_id"`
	} `json:"system"`
	Edit *struct {
		Original loose   `json:"original_message_id"`
		Message  content `json:"message"`
	} `json:"edit"`
	Revoke *struct {
		Original loose `json:"original_message_id"`
	} `json:"revoke"`
}

// referral is the advertisement or post that the customer came from.
type referral struct {
	SourceURL  string `json:"source_url"`
	SourceID   loose  `json:"source_id"`
	SourceType string `json:"source_type"`
	Headline   string `json:"headline"`
}

func (in *reader) message(account string, known []person, raw []byte) {
	var m message
	if json.Unmarshal(raw, &m) != nil {
		m = bare(raw)
	}
	from := peer(m.From, m.FromUserID, known)
	if m.ID == "" || from.ExternalID == "" {
		in.unknown(account, "message "+m.Type, raw)
		return
	}
	r := channel.Result{Account: account, Key: "m/" + string(m.ID)}
	if m.GroupID != "" {
		r.Unknown = "whatsapp group message" // groups have no place at the counter
	} else {
		m.into(&r, from)
	}
	in.add(r)
}

// bare is what is left of a message that we cannot read: who wrote it and when, so that it is shown and can be answered.
func bare(raw []byte) message {
	var m struct {
		ID         loose  `json:"id"`
		From       loose  `json:"from"`
		FromUserID loose  `json:"from_user_id"`
		Timestamp  loose  `json:"timestamp"`
		Type       string `json:"type"`
	}
	_ = json.Unmarshal(raw, &m) // without an id it is unknown as a whole
	return message{ID: m.ID, From: m.From, FromUserID: m.FromUserID, Timestamp: m.Timestamp, Type: m.Type}
}

// into says what the message means.
func (m message) into(r *channel.Result, from channel.Peer) {
	at := m.Timestamp.instant()
	switch {
	case m.Reaction != nil && m.Reaction.MessageID != "":
		emoji := plain(m.Reaction.Emoji)
		r.Reaction = &channel.Reaction{Peer: from, ExternalID: desk.ExternalID(m.Reaction.MessageID), Emoji: emoji, At: at}
		if emoji != "" { // taking one back is no word to us (C1.2)
			r.Opens = &channel.Opening{At: at, For: window}
		}
	case m.Edit != nil && m.Edit.Original != "":
		parts, _ := m.Edit.Message.parts(m.Edit.Message.Type)
		r.Edit = &channel.Edit{Peer: from, ExternalID: desk.ExternalID(m.Edit.Original), Parts: parts, At: at}
	case m.Revoke != nil && m.Revoke.Original != "":
		r.Unsend = &channel.Unsend{Peer: from, ExternalID: desk.ExternalID(m.Revoke.Original), At: at}
	case m.Type == "system":
		m.system(r, from, at)
	case m.Type == "request_welcome":
		r.Standing = &channel.Standing{Peer: from, Is: channel.StandingStarted, At: at}
	default:
		m.incoming(r, from, at)
	}
}

func (m message) incoming(r *channel.Result, from channel.Peer, at time.Time) {
	parts, choice := m.parts(m.Type)
	r.Message = &channel.Incoming{
		Peer: from, ExternalID: desk.ExternalID(m.ID), Parts: append(parts, m.Context.Product.parts()...), At: at, ReplyTo: desk.ExternalID(m.Context.ID), Choice: choice,
	}
	if ref := m.Referral; ref != nil {
		r.Message.Referral = &desk.Referral{Source: plain(ref.SourceType), ID: string(ref.SourceID), Title: plain(ref.Headline), URL: plain(ref.SourceURL)}
		r.Opens = &channel.Opening{At: at, For: window, FreeFor: freeEntry} // C1.6
	}
}

// system reads news about the person: a new number, or a new user id. Who they are from now on is what the news names,
// and what it does not name stays.
func (m message) system(r *channel.Result, from channel.Peer, at time.Time) {
	if m.System == nil || m.System.Type != "user_changed_number" && m.System.Type != "user_changed_user_id" {
		r.Unknown = "whatsapp system message"
		return
	}
	number, userID := m.System.WaID, m.System.UserID
	if number == "" {
		number = m.From
	}
	if userID == "" && m.System.Type == "user_changed_number" {
		userID = m.FromUserID
	}
	to := peer(number, userID, nil)
	r.Standing = &channel.Standing{Peer: from, Is: channel.StandingMoved, To: &to, At: at}
}

// echoes are messages that somebody sent from the WhatsApp Business app on the same number.
func (in *reader) echoes(c change) {
	var v struct {
		Metadata metadata          `json:"metadata"`
		Contacts []person          `json:"contacts"`
		Echoes   []json.RawMessage `json:"message_echoes"`
	}
	if json.Unmarshal(c.Value, &v) != nil {
		in.unknown(accountOf(c.Value), "echo", c.Value)
		return
	}
	account := string(v.Metadata.PhoneNumberID)
	for _, raw := range v.Echoes {
		var m message
		err := json.Unmarshal(raw, &m)
		to := peer(m.To, m.ToUserID, v.Contacts)
		if err != nil || m.ID == "" || to.ExternalID == "" || m.Reaction != nil || m.Edit != nil || m.Revoke != nil || m.GroupID != "" {
			in.unknown(account, "echo "+m.Type, raw)
			continue
		}
		parts, _ := m.parts(m.Type)
		in.add(channel.Result{Account: account, Key: "e/" + string(m.ID), Echo: &channel.Echo{
			Peer: to, ExternalID: desk.ExternalID(m.ID), Parts: parts, At: m.Timestamp.instant(),
		}})
	}
}
