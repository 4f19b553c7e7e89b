package messenger_test

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
	who    = channel.Peer{Scope: page, ExternalID: person}
	day    = 24 * time.Hour
	open24 = &channel.Opening{At: at, For: day}
)

// is expects exactly these results.
func is(want ...channel.Result) func(*testing.T, channel.Reply) {
	return func(t *testing.T, reply channel.Reply) {
		for i, r := range reply.Results {
			r.Key = "" // channeltest looks at keys
			want[i].Account = page
			if !reflect.DeepEqual(r, want[i]) {
				t.Errorf("result %d:\n got %+v %+v\nwant %+v %+v", i, r, r.Message, want[i], want[i].Message)
			}
		}
	}
}

func said(mid string, parts ...desk.Part) channel.Result {
	return channel.Result{Message: &channel.Incoming{Peer: who, ExternalID: desk.ExternalID(mid), Parts: parts, At: at}}
}

func picked(mid, choice, label string) channel.Result {
	r := said(mid, desk.Part{Kind: desk.PartText, Text: label})
	r.Message.Choice = choice
	return r
}

func words(s string) desk.Part { return desk.Part{Kind: desk.PartText, Text: s} }

func goods(items ...desk.Item) desk.Part { return desk.Part{Kind: desk.PartProduct, Items: items} }

func fetched(kind desk.PartKind, ref string) desk.Part {
	return desk.Part{Kind: kind, MediaRef: ref, Media: desk.MediaFetching}
}

func answering(mid, text string, to desk.ExternalID) channel.Result {
	r := said(mid, words(text))
	r.Message.ReplyTo = to
	return r
}

func quiet(r channel.Result) channel.Result {
	r.Message.Quiet = true
	return r
}

func seen(status desk.DeliveryStatus, mid string, until int64) channel.Result {
	receipt := &channel.Receipt{ExternalID: desk.ExternalID(mid), Status: status, At: at}
	if until > 0 {
		receipt.Peer, receipt.Until = &who, time.UnixMilli(until).UTC()
	}
	return channel.Result{Receipt: receipt}
}

func noted(kind channel.NoticeKind, code, detail string, at time.Time) channel.Result {
	return channel.Result{Notice: &channel.Notice{Is: kind, Code: code, Detail: detail, At: at}}
}

var checks = map[string]func(*testing.T, channel.Reply){
	"in_text.json":        is(said("m_AAA1", words("こんにちは"))),
	"in_quick_reply.json": is(picked("m_AAA4", "flow:7:a", "A")),
	"in_image.json":       is(said("m_AAA5", fetched(desk.PartImage, "https://cdn.example.test/i.jpg"))),
	"in_sticker.json":     is(said("m_AAA6", words("👍"))),
	"in_location.json":    is(said("m_AAA7", desk.Part{Kind: desk.PartLocation, Location: &desk.Location{Lat: 35.68, Lng: 139.76}})),
	"in_fallback.json":    is(said("m_AAA8", words("https://example.test"))),
	"in_reply.json":       is(answering("m_AAA9", "はい", "m_OUT1")),
	"echo.json": is(channel.Result{Echo: &channel.Echo{
		Peer: who, ExternalID: "m_OUT1", Key: "msg_01J0000000000000000000000A", Ours: true, Parts: []desk.Part{words("お待ちください")}, At: at,
	}}),
	"referral.json": is(channel.Result{Opens: open24, Standing: &channel.Standing{
		Peer: who, Is: channel.StandingStarted, Referral: &desk.Referral{Source: "ad", ID: "6045000000001"}, At: at,
	}}),
	"delivery.json":            is(seen(desk.DeliveryDelivered, "m_OUT1", 0), seen(desk.DeliveryDelivered, "", 1764000000500)),
	"reaction.json":            is(channel.Result{Opens: open24, Reaction: &channel.Reaction{Peer: who, ExternalID: "m_OUT1", Emoji: "❤", At: at}}),
	"standby_message.json":     is(quiet(said("m_SB1", words("hello")))),
	"take_thread_control.json": is(noted(channel.NoticeInfo, "take_thread_control", "263902037430900", at)),
	"policy_block.json":        is(noted(channel.NoticeSuspended, "policy_block", "test", time.UnixMilli(1764000000900).UTC())),
}

// composed are events that the provider's fixtures lack.
func composed() []channeltest.Fixture {
	ad := said("m1", words("hello"))
	ad.Message.Referral, ad.Opens = &desk.Referral{Source: "ad", ID: "604", Title: "Sale", URL: "https://cdn.example.test/ad.jpg"}, &channel.Opening{For: 7 * day}
	odd := said("m1", words("?"), desk.Part{Kind: desk.PartUnknown, Text: "template"})
	odd.Message.Referral = &desk.Referral{Source: "link"}
	video, audio, doc := fetched(desk.PartVideo, "https://cdn.example.test/v.mp4"), fetched(desk.PartAudio, "https://cdn.example.test/a.mp4"), fetched(desk.PartFile, "https://cdn.example.test/x/bill.pdf?oh=1")
	doc.MediaName = "bill.pdf"
	sticker := fetched(desk.PartImage, "https://cdn.example.test/s.png")
	sticker.Sticker = true
	events := []struct {
		name, event, want string
		check             func(*testing.T, channel.Reply)
	}{
		{"several files", `"message":{"mid":"m1","text":"see","attachments":[{"type":"video","payload":{"url":"https://cdn.example.test/v.mp4"}},{"type":"audio","payload":{"url":"https://cdn.example.test/a.mp4"}},{"type":"file","payload":{"url":"https://cdn.example.test/x/bill.pdf?oh=1"}}]}`, "message", is(said("m1", words("see"), video, audio, doc))},
		{"sticker", `"message":{"mid":"m1","attachments":[{"type":"image","payload":{"url":"https://cdn.example.test/s.png","sticker_id":"77"}}]}`, "message", is(said("m1", sticker))},
		{"shared link", `"message":{"mid":"m1","attachments":[{"type":"fallback","title":"A page","payload":{"url":"https://a.test/p"}}]}`, "message", is(said("m1", words("A page\nhttps://a.test/p")))},
		{"shared post", `"message":{"mid":"m1","attachments":[{"type":"post","payload":{"title":"Post","url":"https://www.facebook.com/1/posts/2"}}]}`, "message", is(said("m1", words("Post\nhttps://www.facebook.com/1/posts/2")))},
		{"reel", `"message":{"mid":"m1","attachments":[{"type":"reel","payload":{"url":"https://cdn.example.test/v.mp4","reel_video_id":5}}]}`, "message", is(said("m1", video))},
		{"product", `"message":{"mid":"m1","text":"this one?","attachments":[{"type":"template","payload":{"product":{"elements":[{"id":"77001","retailer_id":"sku-1","image_url":"https://cdn.example.test/mug.jpg","title":"Mug","subtitle":"¥1,200"}]}}}]}`, "message", is(said("m1", words("this one?"), goods(desk.Item{ID: "sku-1", Name: "Mug", Detail: "¥1,200"}), fetched(desk.PartImage, "https://cdn.example.test/mug.jpg")))},
		{"products", `"message":{"mid":"m1","attachments":[{"type":"template","payload":{"product":{"elements":[{"id":77001,"title":"Mug"},{"id":"77002","image_url":"https://cdn.example.test/cup.jpg"}]}}}]}`, "message", is(said("m1", goods(desk.Item{ID: "77001", Name: "Mug"}, desk.Item{ID: "77002"})))},
		{"from a product's page", `"message":{"mid":"m1","text":"in stock?","referral":{"product":{"id":"77001"}}}`, "message", is(said("m1", words("in stock?"), goods(desk.Item{ID: "77001"})))},
		{"products of another shape", `"message":{"mid":"m1","text":"?","referral":{"product":"77001"},"attachments":[{"type":"template","payload":{"product":[1]}}]}`, "message", is(odd)},
		{"template", `"message":{"mid":"m1","attachments":[{"type":"template","payload":{"template_type":"generic"}}]}`, "message", is(said("m1", desk.Part{Kind: desk.PartUnknown, Text: "template"}))},
		{"a kind of later", `"message":{"mid":"m1","text":"look","attachments":[{"type":"hologram"}]}`, "message", is(said("m1", words("look"), desk.Part{Kind: desk.PartUnknown, Text: "hologram"}))},
		{"nothing to see", `"message":{"mid":"m1"}`, "message", is(said("m1", desk.Part{Kind: desk.PartUnknown, Text: "unsupported"}))},
		{"broken pieces", `"message":{"mid":"m1","text":"a\u0000b","attachments":[{"type":7,"payload":{"url":[]}}]}`, "message", is(said("m1", words("ab"), desk.Part{Kind: desk.PartUnknown, Text: "7"}))},
		{"after an advertisement", `"message":{"mid":"m1","text":"hello","referral":{"source":"ADS","type":"OPEN_THREAD","ad_id":"604","ads_context_data":{"ad_title":"Sale","photo_url":"https://cdn.example.test/ad.jpg"}}}`, "message", is(ad)},
		{"taken back", `"message":{"mid":"m1","is_deleted":true}`, "unsend", is(channel.Result{Unsend: &channel.Unsend{Peer: who, ExternalID: "m1", At: at}})},
		{"edited", `"message_edit":{"mid":"m1","text":"new","num_edit":2}`, "edit", is(channel.Result{Edit: &channel.Edit{Peer: who, ExternalID: "m1", Parts: []desk.Part{words("new")}, At: at}})},
		{"button", `"postback":{"mid":"m1","title":"Hours","payload":"flow:1:hours"}`, "message", is(picked("m1", "flow:1:hours", "Hours"))},
		{"get started by a link", `"postback":{"mid":"m1","title":"Get Started","payload":"GET_STARTED","referral":{"ref":"shop","source":"SHORTLINK","type":"OPEN_THREAD"}}`, "standing", is(channel.Result{Opens: open24, Standing: &channel.Standing{
			Peer: who, Is: channel.StandingStarted, Choice: "GET_STARTED", Referral: &desk.Referral{Source: "link", ID: "shop"}, At: at,
		}})},
		{"website button", `"optin":{"ref":"cart"}`, "standing", is(channel.Result{Opens: open24, Standing: &channel.Standing{Peer: who, Is: channel.StandingStarted, Referral: &desk.Referral{Source: "optin", ID: "cart"}, At: at}})},
		{"marketing wanted", `"optin":{"type":"notification_messages"}`, "standing", is(channel.Result{Standing: &channel.Standing{Peer: who, Is: channel.StandingMarketingResumed, At: at}})},
		{"marketing stopped", `"optin":{"type":"notification_messages","notification_messages_status":"STOP_NOTIFICATIONS"}`, "standing", is(channel.Result{Standing: &channel.Standing{Peer: who, Is: channel.StandingMarketingStopped, At: at}})},
		{"reaction taken back", `"reaction":{"mid":"m1","action":"unreact"}`, "reaction", is(channel.Result{Reaction: &channel.Reaction{Peer: who, ExternalID: "m1", At: at}})},
		{"reaction by name", `"reaction":{"mid":"m1","action":"react","reaction":"wow"}`, "reaction", is(channel.Result{Opens: open24, Reaction: &channel.Reaction{Peer: who, ExternalID: "m1", Emoji: "😮", At: at}})},
		{"reaction we cannot show", `"reaction":{"mid":"m1","action":"react","reaction":"other"}`, "unknown", nil},
		{"read", `"read":{"watermark":1764000000500}`, "receipt", is(seen(desk.DeliveryRead, "", 1764000000500))},
		{"delivered, no names", `"delivery":{"watermark":1764000000500}`, "receipt", is(seen(desk.DeliveryDelivered, "", 1764000000500))},
		{"warned", `"policy_enforcement":{"action":"warning","reason":"spam"}`, "notice", is(noted(channel.NoticeRestricted, "policy_warning", "spam", at))},
		{"unblocked", `"policy_enforcement":{"action":"unblock"}`, "notice", is(noted(channel.NoticeRestored, "policy_unblock", "", at))},
		{"handed over", `"pass_thread_control":{"new_owner_app_id":5}`, "notice", is(noted(channel.NoticeInfo, "pass_thread_control", "5", at))},
		{"asked for", `"request_thread_control":{"requested_owner_app_id":5}`, "notice", is(noted(channel.NoticeInfo, "request_thread_control", "5", at))},
		{"game", `"game_play":{"game_id":"1"}`, "unknown", is(channel.Result{Unknown: "event game_play"})},
		{"message without an id", `"message":{"text":"hello"}`, "message", is(said("", words("hello")))},
	}
	var all []channeltest.Fixture
	for _, e := range events {
		all = append(all, fixture(e.name, `"messaging":[{"sender":{"id":"`+person+`"},"recipient":{"id":"`+page+`"},"timestamp":1764000000100,`+e.event+`}]`, e.want, e.check))
	}
	return append(all,
		fixture("answered elsewhere", `"messaging":[{"sender":{"id":"`+page+`"},"recipient":{"id":"`+person+`"},"timestamp":1764000000100,"message":{"mid":"m1","is_echo":true,"app_id":263902037430900,"metadata":"theirs","text":"hi"}}]`, "echo",
			is(channel.Result{Echo: &channel.Echo{Peer: who, ExternalID: "m1", Parts: []desk.Part{words("hi")}, At: at}})),
		fixture("our side reacts", `"messaging":[{"sender":{"id":"`+page+`"},"recipient":{"id":"`+person+`"},"reaction":{"mid":"m1","action":"react","emoji":"👍"}}]`, "unknown", nil),
		fixture("told twice, in seconds", `"messaging":[{"sender":{"id":"`+person+`"},"timestamp":"1764000000","message":{"mid":"m1","text":"a"}},{"sender":{"id":"`+person+`"},"timestamp":"1764000000","message":{"mid":"m1","text":"a"}}]`, "message",
			func(t *testing.T, reply channel.Reply) {
				if got := reply.Results[0].Message.At; !got.Equal(time.Unix(1764000000, 0)) {
					t.Errorf("stamped %s", got)
				}
			}),
		fixture("not an event", `"messaging":[null,7,{"sender":{"id":"`+person+`"},"message":"text"}]`, "unknown unknown unknown", nil),
		fixture("only a name from a website", `"messaging":[{"sender":{"user_ref":"r1"},"message":{"mid":"m1","text":"a"}}]`, "unknown", nil),
		fixture("about posts", `"changes":[{"field":"feed","value":{"item":"comment"}}]`, "unknown", is(channel.Result{Unknown: "field feed"})),
		whole("another object", `{"object":"user","entry":[{"id":"1"}]}`, "unknown"),
		whole("an entry of nobody", `{"object":"page","entry":[{}]}`, "unknown"),
		whole("nothing", `{"object":"page"}`, ""),
	)
}

func fixture(name, events, want string, check func(*testing.T, channel.Reply)) channeltest.Fixture {
	f := whole(name, `{"object":"page","entry":[{"id":"`+page+`","time":1764000000200,`+events+`}]}`, want)
	f.Check = check
	return f
}

func whole(name, body, want string) channeltest.Fixture {
	r := channel.Request{Method: http.MethodPost, URL: "/hooks/x", Header: http.Header{}, Body: []byte(body)}
	return channeltest.Fixture{Name: name, Endpoint: endpoint(), Request: sign(endpoint(), r), Want: want}
}
