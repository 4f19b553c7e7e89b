package instagram_test

import (
	"net/http"
	"reflect"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/desk"
)

var (
	at     = time.UnixMilli(1764000000100).UTC()
	who    = channel.Peer{Scope: ours, ExternalID: person}
	open24 = &channel.Opening{At: at, For: 24 * time.Hour}
)

// is expects exactly this result.
func is(want channel.Result) func(*testing.T, channel.Reply) {
	return func(t *testing.T, reply channel.Reply) {
		got := reply.Results[0]
		got.Key, want.Account = "", ours // channeltest looks at keys
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v %+v\nwant %+v %+v", got, got.Message, want, want.Message)
		}
	}
}

func said(mid string, parts ...desk.Part) channel.Result {
	return channel.Result{Message: &channel.Incoming{Peer: who, ExternalID: desk.ExternalID(mid), Parts: parts, At: at}}
}

func words(s string) desk.Part { return desk.Part{Kind: desk.PartText, Text: s} }

func hidden(kind string) desk.Part { return desk.Part{Kind: desk.PartUnknown, Text: kind} }

func fetched(kind desk.PartKind, ref string) desk.Part {
	return desk.Part{Kind: kind, MediaRef: ref, Media: desk.MediaFetching}
}

func from(r channel.Result, source, id, url string) channel.Result {
	r.Message.Referral = &desk.Referral{Source: source, ID: id, URL: url}
	return r
}

func picked(mid, choice, label string) channel.Result {
	r := said(mid, words(label))
	r.Message.Choice = choice
	return r
}

var checks = map[string]func(*testing.T, channel.Reply){
	"in_text.json":             is(said("aWdfAAA1", words("在庫ありますか"))),
	"in_story_mention.json":    is(from(said("aWdfAAA3", fetched(desk.PartImage, "https://cdn.example.test/story.jpg")), "story_mention", "", "https://cdn.example.test/story.jpg")),
	"in_share.json":            is(said("aWdfAAA4", fetched(desk.PartImage, "https://cdn.example.test/p.jpg"))),
	"in_like_heart.json":       is(said("aWdfAAA5", words("❤️"))),
	"in_deleted.json":          is(channel.Result{Unsend: &channel.Unsend{Peer: who, ExternalID: "aWdfAAA1", At: at}}),
	"postback_icebreaker.json": is(picked("aWdfPB1", "hours", "営業時間は?")),
	"echo.json":                is(channel.Result{Echo: &channel.Echo{Peer: who, ExternalID: "aWdfOUT1", Parts: []desk.Part{words("はい")}, At: at}}),
	"read.json":                is(channel.Result{Receipt: &channel.Receipt{ExternalID: "aWdfOUT1", Earlier: true, Status: desk.DeliveryRead, At: at}}),
	"reaction.json":            is(channel.Result{Opens: open24, Reaction: &channel.Reaction{Peer: who, ExternalID: "aWdfOUT1", Emoji: "❤", At: at}}),
	"in_changes_shape.json": func(t *testing.T, reply channel.Reply) {
		m := reply.Results[0].Message
		if m.Peer != who || m.ExternalID != "aWdfTEST" || !m.At.Equal(time.Unix(1764000000, 0)) || m.Parts[0].Text != "test" {
			t.Errorf("the other shape: %+v", m)
		}
	},
}

// composed are events that the provider's fixtures lack, each in both shapes.
func composed() []channeltest.Fixture {
	voice := fetched(desk.PartAudio, "https://cdn.example.test/a.mp4")
	voice.Voice = true
	events := []struct {
		name, field, event, want string
		check                    func(*testing.T, channel.Reply)
	}{
		{"voice", "messages", `"message":{"mid":"m1","attachments":[{"type":"audio","payload":{"url":"https://cdn.example.test/a.mp4"}}]}`, "message", is(said("m1", voice))},
		{"story answered", "messages", `"message":{"mid":"m1","text":"stock?","reply_to":{"story":{"id":"180","url":"https://cdn.example.test/s.jpg"}}}`, "message", is(from(said("m1", words("stock?")), "story", "180", "https://cdn.example.test/s.jpg"))},
		{"reel", "messages", `"message":{"mid":"m1","attachments":[{"type":"ig_reel","payload":{"reel_video_id":"5","title":"Tea","url":"https://cdn.example.test/v.mp4"}}]}`, "message", is(said("m1", words("Tea"), fetched(desk.PartVideo, "https://cdn.example.test/v.mp4")))},
		{"post by its page", "messages", `"message":{"mid":"m1","attachments":[{"type":"ig_post","payload":{"url":"https://www.instagram.com/p/abc/"}}]}`, "message", is(said("m1", words("https://www.instagram.com/p/abc/")))},
		{"view once", "messages", `"message":{"mid":"m1","attachments":[{"type":"ephemeral"}]}`, "message", is(said("m1", hidden("ephemeral")))},
		{"unsupported", "messages", `"message":{"mid":"m1","is_unsupported":true}`, "message", is(said("m1", hidden("unsupported")))},
		{"quick reply", "messages", `"message":{"mid":"m1","text":"A","quick_reply":{"payload":"flow:7:a"}}`, "message", is(picked("m1", "flow:7:a", "A"))},
		{"edited", "message_edit", `"message_edit":{"mid":"m1","text":"new","num_edit":1}`, "edit", is(channel.Result{Edit: &channel.Edit{Peer: who, ExternalID: "m1", Parts: []desk.Part{words("new")}, At: at}})},
		{"by a link", "messaging_referral", `"referral":{"ref":"shop","source":"SHORTLINK","type":"OPEN_THREAD"}`, "standing", is(channel.Result{Opens: open24, Standing: &channel.Standing{
			Peer: who, Is: channel.StandingStarted, Referral: &desk.Referral{Source: "link", ID: "shop"}, At: at,
		}})},
		{"handed over", "messaging_handover", `"pass_thread_control":{"new_owner_app_id":"5"}`, "notice", is(channel.Result{Notice: &channel.Notice{Is: channel.NoticeInfo, Code: "pass_thread_control", Detail: "5", At: at}})},
	}
	var all []channeltest.Fixture
	for _, e := range events {
		event := `{"sender":{"id":"` + person + `"},"recipient":{"id":"` + ours + `"},"timestamp":1764000000100,` + e.event + `}`
		all = append(all,
			fixture(e.name, `"messaging":[`+event+`]`, e.want, e.check),
			fixture(e.name+", the other shape", `"changes":[{"field":"`+e.field+`","value":`+event+`}]`, e.want, e.check))
	}
	quiet := said("m1", words("hello"))
	quiet.Message.Quiet = true
	standby := `{"sender":{"id":"` + person + `"},"timestamp":1764000000100,"message":{"mid":"m1","text":"hello"}}`
	mine := said("m1", words("note"))
	mine.Message.Peer.ExternalID = ours
	return append(all,
		fixture("answered by another program", `"standby":[`+standby+`]`, "message", is(quiet)),
		fixture("answered by another program, the other shape", `"changes":[{"field":"standby","value":`+standby+`}]`, "message", is(quiet)),
		fixture("a comment", `"changes":[{"field":"comments","value":{"id":"5","text":"nice"}}]`, "unknown", is(channel.Result{Unknown: "field comments"})),
		fixture("to oneself", `"messaging":[{"sender":{"id":"`+ours+`"},"recipient":{"id":"`+ours+`"},"timestamp":1764000000100,"message":{"mid":"m1","text":"note","is_self":true}}]`, "message", is(mine)),
		fixture("our side takes back", `"messaging":[{"sender":{"id":"`+ours+`"},"recipient":{"id":"`+person+`"},"message":{"mid":"m1","is_echo":true,"is_deleted":true}}]`, "unknown", nil),
	)
}

func fixture(name, events, want string, check func(*testing.T, channel.Reply)) channeltest.Fixture {
	body := `{"object":"instagram","entry":[{"id":"` + ours + `","time":1764000000200,` + events + `}]}`
	r := channel.Request{Method: http.MethodPost, URL: "/hooks/y", Header: http.Header{}, Body: []byte(body)}
	return channeltest.Fixture{Name: name, Endpoint: endpoint(), Request: sign(endpoint(), r), Want: want, Check: check}
}
