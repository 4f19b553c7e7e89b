package wechat

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// results are what a message or event means; none for events that say nothing to a desk.
func results(account string, m message) []channel.Result {
	r := channel.Result{Key: key(m)}
	switch {
	case m.From == "":
		r.Unknown = "message without sender"
	case m.Type == "event":
		event(&r, account, m)
	default:
		r.Message = incoming(account, m, content(m))
		if r.Message.Choice = m.MenuID; m.MenuID != "" {
			r.Opens = briefly()
		}
	}
	if r == (channel.Result{Key: r.Key}) {
		return nil
	}
	return []channel.Result{r}
}

// key is the provider's own advice for telling its repetitions: the message's id, or sender, time and kind of an event.
func key(m message) string {
	if m.ID != "" && m.Type != "event" {
		return "m/" + m.ID
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{m.From, m.Created, m.Type, m.Event, m.EventKey, m.Content + m.MediaID}, "\x00")))
	return "e/" + hex.EncodeToString(sum[:16])
}

// briefly is the permission that everything but a written message opens: three messages within a minute.
func briefly() *channel.Opening { return &channel.Opening{For: time.Minute, Count: 3} }

// scenePrefix stands before the parameter of a QR code in the event of a person who follows by it.
const scenePrefix = "qrscene_"

func event(r *channel.Result, account string, m message) {
	switch strings.ToLower(m.Event) {
	case "subscribe":
		r.Standing = standing(account, m, channel.StandingFollowed)
		r.Opens = briefly()
	case "unsubscribe":
		r.Standing = standing(account, m, channel.StandingBlocked)
	case "scan": // of a QR code, by somebody who follows already
		r.Standing = standing(account, m, channel.StandingStarted)
		r.Opens = briefly()
	case "click", "scancode_push", "scancode_waitmsg": // of the account's own menu
		r.Message = incoming(account, m, pressed(m))
		r.Message.Choice = m.EventKey
		r.Opens = briefly()
	case "verify_expired", "annual_renew":
		r.Notice = &channel.Notice{Is: channel.NoticeRestricted, Code: strings.ToLower(m.Event), At: at(m)}
	case "view", "view_miniprogram", "location", // what somebody looks at or where they are, without their doing
		"pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select", // the message itself follows
		"templatesendjobfinish", "masssendjobfinish", "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event", // of what others send
		"kf_create_session", "kf_close_session", "kf_switch_session": // of the provider's own desk
	default:
		r.Unknown = "event " + m.Event
	}
}

func standing(account string, m message, is channel.StandingKind) *channel.Standing {
	s := &channel.Standing{Peer: peer(account, m.From), Is: is, At: at(m)}
	if scene := strings.TrimPrefix(m.EventKey, scenePrefix); scene != "" && is != channel.StandingBlocked {
		s.Referral = &desk.Referral{Source: "qr", ID: channel.CleanText(scene)}
	}
	return s
}

func incoming(account string, m message, parts []desk.Part) *channel.Incoming {
	return &channel.Incoming{Peer: peer(account, m.From), ExternalID: desk.ExternalID(m.ID), Parts: parts, At: at(m)}
}

// nameTail is how much of an id tells people apart: the provider has told no names since 2021.
const nameTail = 6

func peer(account, openID string) channel.Peer {
	openID = channel.CleanText(openID)
	return channel.Peer{Scope: account, ExternalID: openID, Name: "WeChat " + openID[max(0, len(openID)-nameTail):]}
}

func at(m message) time.Time {
	seconds, err := strconv.ParseInt(m.Created, 10, 64)
	if err != nil || seconds <= 0 || seconds > 1<<33 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
