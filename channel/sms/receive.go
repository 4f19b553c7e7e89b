package sms

import (
	"context"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
)

// keyParam is the parameter of a status callback's address that holds Outgoing.Key.
const keyParam = "m"

// answer is an empty TwiML document: what we answer people goes through the API, where it has a status. Any other
// content type is error 12300 in the account's log.
func answer(results ...channel.Result) channel.Reply {
	return channel.Reply{Results: results, Type: "text/xml", Body: []byte(`<?xml version="1.0" encoding="UTF-8"?><Response/>`)}
}

// Receive reads an incoming message or the status of one of ours; both come to the same address.
// https://www.twilio.com/docs/messaging/guides/webhook-request
func (Connector) Receive(_ context.Context, e channel.Endpoint, r channel.Request) (channel.Reply, error) {
	query, form, ok := authentic(e, r)
	if !ok {
		return channel.Reply{}, channel.ErrForged
	}
	f := fields{form}
	from := f.get("From")
	sid := f.get("MessageSid")
	switch prefix, _, other := strings.Cut(from, ":"); {
	case sid == "" || from == "":
		return answer(channel.Result{Key: "u/" + bodySum(r.Body), Unknown: "request"}), nil
	case f.get("MessageStatus") != "":
		return answer(status(e, f, sid, channel.CleanText(query.Get(keyParam)))), nil
	case other: // "whatsapp:+81…": another channel of the same account
		return answer(channel.Result{Key: "u/" + sid, Unknown: "message on " + prefix}), nil
	}
	return answer(message(e, f, sid)...), nil
}

// fields are the parameters of a request.
type fields struct{ form url.Values }

func (f fields) get(name string) string { return channel.CleanText(f.form.Get(name)) }

// What Twilio took a message for, where Advanced Opt-Out is on (OptOutType): it has answered already.
// https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
var optOutTypes = map[string]struct {
	keyword  desk.Keyword
	standing channel.StandingKind
}{
	"STOP":  {desk.KeywordOptOut, channel.StandingOptedOut},
	"START": {desk.KeywordOptIn, channel.StandingOptedIn},
	"HELP":  {desk.KeywordHelp, ""},
}

// message reads an incoming message, with the standing that it brings before it. It carries no time of its own.
func message(e channel.Endpoint, f fields, sid string) []channel.Result {
	m := &channel.Incoming{
		Peer: peer(f.get("From")), ExternalID: desk.ExternalID(sid), Parts: parts(f),
		ReplyTo: desk.ExternalID(f.get("OriginalRepliedMessageSid")),
	}
	results := []channel.Result{{Key: "m/" + sid, Message: m}}
	taken, ok := optOutTypes[strings.ToUpper(f.get("OptOutType"))]
	if !ok {
		return results
	}
	m.Keyword = taken.keyword
	if taken.standing == "" {
		return results
	}
	return append([]channel.Result{{
		Key: "o/" + sid, Standing: &channel.Standing{Peer: m.Peer, Is: taken.standing, Confirmed: true, At: e.Received},
	}}, results...)
}

var e164 = regexp.MustCompile(numberPattern)

// peer is a number; or a name or short code, which nobody can be called at (F1: numbers are the world's).
func peer(number string) channel.Peer {
	p := channel.Peer{ExternalID: number}
	if e164.MatchString(number) {
		p.Phone = number
	}
	return p
}

func parts(f fields) []desk.Part {
	var list []desk.Part
	if body := f.get("Body"); body != "" {
		list = append(list, desk.Part{Kind: desk.PartText, Text: body})
	}
	for n := 0; ; n++ {
		ref := f.get("MediaUrl" + strconv.Itoa(n))
		if ref == "" {
			break
		}
		kind := mediaKind(f.get("MediaContentType" + strconv.Itoa(n)))
		list = append(list, desk.Part{Kind: kind, MediaRef: ref, Media: desk.MediaFetching})
	}
	if len(list) == 0 {
		list = append(list, desk.Part{Kind: desk.PartUnknown, Text: "empty"})
	}
	return list
}

func mediaKind(contentType string) desk.PartKind {
	switch family, _, _ := strings.Cut(strings.ToLower(contentType), "/"); family {
	case "image":
		return desk.PartImage
	case "audio":
		return desk.PartAudio
	case "video":
		return desk.PartVideo
	}
	return desk.PartFile
}
