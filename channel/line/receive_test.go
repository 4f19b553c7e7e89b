package line_test

import (
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

func result(t *testing.T, r channel.Reply) channel.Result {
	t.Helper()
	if len(r.Results) != 1 {
		t.Fatalf("%d results", len(r.Results))
	}
	if r.Results[0].Account != account0 {
		t.Errorf("account %q", r.Results[0].Account)
	}
	return r.Results[0]
}

func at(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func parts(want ...desk.Part) func(*testing.T, channel.Reply) {
	return func(t *testing.T, r channel.Reply) { t.Helper(); equal(t, "parts", result(t, r).Message.Parts, want) }
}

var aki = channel.Peer{ExternalID: customer}

// checks look at the fixtures.
var checks = map[string]func(*testing.T, channel.Reply){
	"in_text": func(t *testing.T, r channel.Reply) {
		equal(t, "key", result(t, r).Key, "m/468789000000000000")
		equal(t, "message", *result(t, r).Message, channel.Incoming{
			Peer: aki, ExternalID: "468789000000000000", QuoteRef: "q1", Parts: []desk.Part{textPart("予約を変更したい")}, At: at(1764000000100),
			Token: "000000000000000000000000000003e9", TokenUntil: at(1764000060100),
		})
	},
	"in_text_redelivered": func(t *testing.T, r channel.Reply) {
		equal(t, "the same key", result(t, r).Key, "m/468789000000000000")
		equal(t, "its token is good from now on", result(t, r).Message.TokenUntil, now.Add(time.Minute))
	},
	"in_emoji":    parts(textPart("(hello) 元気?")),
	"in_image":    parts(desk.Part{Kind: desk.PartImage, MediaRef: "message/468789000000000003", Media: desk.MediaFetching}),
	"in_video":    parts(desk.Part{Kind: desk.PartVideo, MediaRef: "message/468789000000000004", Media: desk.MediaFetching}),
	"in_audio":    parts(desk.Part{Kind: desk.PartAudio, Voice: true, MediaRef: "message/468789000000000005", Media: desk.MediaFetching}),
	"in_file":     parts(desk.Part{Kind: desk.PartFile, MediaRef: "message/468789000000000006", MediaName: "領収書.pdf", Media: desk.MediaFetching}),
	"in_location": parts(desk.Part{Kind: desk.PartLocation, Location: &desk.Location{Lat: 35.681236, Lng: 139.767125, Label: "東京駅\n千代田区丸の内1"}}),
	"in_sticker":  parts(desk.Part{Kind: desk.PartImage, Sticker: true, Text: "ok, thanks", MediaRef: "sticker/1988", Media: desk.MediaFetching}),
	"follow": func(t *testing.T, r channel.Reply) {
		equal(t, "standing", *result(t, r).Standing, channel.Standing{Peer: aki, Is: channel.StandingFollowed, Token: "000000000000000000000000000003f4", TokenUntil: at(1764000061200), At: at(1764000001200)})
	},
	"follow_unblocked": func(t *testing.T, r channel.Reply) {
		equal(t, "is", result(t, r).Standing.Is, channel.StandingUnblocked)
	},
	"unfollow": func(t *testing.T, r channel.Reply) { equal(t, "is", result(t, r).Standing.Is, channel.StandingBlocked) },
	"postback": func(t *testing.T, r channel.Reply) {
		m := result(t, r).Message
		equal(t, "choice", m.Choice, "flow=7&opt=agent")
		equal(t, "text", m.Parts, []desk.Part{textPart("flow=7&opt=agent")})
	},
	"unsend": func(t *testing.T, r channel.Reply) {
		equal(t, "unsend", *result(t, r).Unsend, channel.Unsend{Peer: aki, ExternalID: "468789000000000001", At: at(1764000001700)})
	},
}

func receive(t *testing.T, content string) channel.Result {
	t.Helper()
	reply, err := connector().Receive(t.Context(), endpoint, event(content))
	if err != nil {
		t.Fatal(err)
	}
	return result(t, reply)
}

func TestReceiveReadsEveryKindOfContent(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]desk.Part{
		`"type":"image","contentProvider":{"type":"external","originalContentUrl":"https://example.test/a.jpg"}`: {Kind: desk.PartImage, MediaRef: "address/https://example.test/a.jpg", Media: desk.MediaFetching},
		`"type":"file","fileName":"a","fileSize":314572801`:                                                      {Kind: desk.PartFile, MediaRef: "message/9", MediaName: "a", Media: desk.MediaRefused},
		`"type":"sticker","stickerId":"5","text":"ありがとう","keywords":["ok"]`:                                      {Kind: desk.PartImage, Sticker: true, Text: "ありがとう", MediaRef: "sticker/5", Media: desk.MediaFetching},
		`"type":"location","latitude":1.5,"longitude":0`:                                                         {Kind: desk.PartLocation, Location: &desk.Location{Lat: 1.5}},
		`"type":"location"`:               {Kind: desk.PartUnknown, Text: "location"},
		`"type":"text","text":""`:         {Kind: desk.PartUnknown, Text: "text"},
		`"type":"text","text":["a"]`:      {Kind: desk.PartUnknown, Text: "text"},
		`"type":"hologram","hologram":{}`: {Kind: desk.PartUnknown, Text: "hologram"},
		`"type":""`:                       {Kind: desk.PartUnknown, Text: "message"},
	} {
		m := receive(t, `"type":"message","message":{"id":"9",`+content+`}`).Message
		if m == nil {
			t.Errorf("%s: no message", content)
			continue
		}
		equal(t, content, m.Parts, []desk.Part{want})
	}
	quoting := receive(t, `"type":"message","message":{"id":"9","type":"text","text":"a","quotedMessageId":"7"}`)
	equal(t, "reply to", quoting.Message.ReplyTo, desk.ExternalID("7"))
}

func TestReceiveReadsButtons(t *testing.T) {
	t.Parallel()
	for postback, want := range map[string][2]string{
		`{"data":"opt_a\nはい"}`: {"opt_a", "はい"},
		`{"data":"opt_a\n"}`:   {"opt_a", "opt_a"},
		`{"data":"when","params":{"datetime":"2026-11-24T10:00"}}`:               {"when", "2026-11-24T10:00"},
		`{"data":"menu","params":{"newRichMenuAliasId":"b","status":"SUCCESS"}}`: {"menu", "menu"},
		`{"data":"odd","params":{"date":7}}`:                                     {"odd", "odd"},
	} {
		m := receive(t, `"type":"postback","postback":`+postback).Message
		equal(t, postback, [2]string{m.Choice, m.Parts[0].Text}, want)
		equal(t, "token", m.Token, "rt")
	}
}

func TestStandbyIsNotAnswered(t *testing.T) {
	t.Parallel()
	m := receive(t, `"mode":"standby","type":"message","message":{"id":"9","type":"text","text":"a"}`).Message
	equal(t, "token", m.Token, "")
}

func TestNotices(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]channel.NoticeKind{"botSuspended": channel.NoticeSuspended, "botResumed": channel.NoticeRestored} {
		n := receive(t, `"type":"`+kind+`"`).Notice
		if n == nil || n.Is != want || n.Code != kind {
			t.Errorf("%s: %+v", kind, n)
		}
	}
}
