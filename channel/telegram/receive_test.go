package telegram_test

import (
	"reflect"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/telegram"
	"madoguchi/desk"
)

func result(t *testing.T, r channel.Reply) channel.Result {
	t.Helper()
	if len(r.Results) != 1 {
		t.Fatalf("%d results", len(r.Results))
	}
	return r.Results[0]
}

// equal compares a field of a result.
func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %+v, want %+v", what, got, want)
	}
}

var aki = channel.Peer{ExternalID: "5000000001", Name: "Aki", Locale: "ja"}

// checks look at the fixtures.
var checks = map[string]func(*testing.T, channel.Reply){
	"start_payload": func(t *testing.T, r channel.Reply) {
		equal(t, "standing", *result(t, r).Standing, channel.Standing{
			Peer: aki, Is: channel.StandingStarted, Referral: &desk.Referral{Source: "link", ID: "ref_abc"}, At: time.Unix(1764000011, 0).UTC(),
		})
	},
	"in_text": func(t *testing.T, r channel.Reply) {
		equal(t, "key", result(t, r).Key, "m/5000000001/12")
		equal(t, "message", *result(t, r).Message, channel.Incoming{
			Peer: aki, ExternalID: "5000000001/12", At: time.Unix(1764000012, 0).UTC(), Parts: []desk.Part{{Kind: desk.PartText, Text: "予約したい😀"}},
		})
	},
	"in_photo": func(t *testing.T, r channel.Reply) {
		equal(t, "parts", result(t, r).Message.Parts, []desk.Part{
			{Kind: desk.PartImage, MediaRef: "PHl", Media: desk.MediaFetching}, {Kind: desk.PartText, Text: "写真"},
		})
	},
	"in_document": func(t *testing.T, r channel.Reply) {
		equal(t, "parts", result(t, r).Message.Parts, []desk.Part{{Kind: desk.PartFile, MediaRef: "DOC1", MediaName: "領収書.pdf", Media: desk.MediaFetching}})
	},
	"in_sticker": func(t *testing.T, r channel.Reply) {
		equal(t, "parts", result(t, r).Message.Parts, []desk.Part{{Kind: desk.PartImage, Sticker: true, Text: "👍", MediaRef: "S1", Media: desk.MediaFetching}})
	},
	"in_location": func(t *testing.T, r channel.Reply) {
		equal(t, "parts", result(t, r).Message.Parts, []desk.Part{{Kind: desk.PartLocation, Location: &desk.Location{Lat: 35.681236, Lng: 139.767125}}})
	},
	"in_contact": func(t *testing.T, r channel.Reply) {
		equal(t, "parts", result(t, r).Message.Parts, []desk.Part{{Kind: desk.PartCards, Cards: []desk.Card{{Name: "Aki", Phones: []string{"+819000000000"}}}}})
		equal(t, "their own number", result(t, r).Message.Peer.Phone, "+819000000000")
	},
	"in_reply": func(t *testing.T, r channel.Reply) {
		equal(t, "reply to", result(t, r).Message.ReplyTo, desk.ExternalID("5000000001/5"))
	},
	"edited": func(t *testing.T, r channel.Reply) {
		equal(t, "edit", *result(t, r).Edit, channel.Edit{
			Peer: aki, ExternalID: "5000000001/12", At: time.Unix(1764000100, 0).UTC(),
			Parts: []desk.Part{{Kind: desk.PartText, Text: "予約したいです"}},
		})
	},
	"blocked": func(t *testing.T, r channel.Reply) { equal(t, "is", result(t, r).Standing.Is, channel.StandingBlocked) },
	"unblocked": func(t *testing.T, r channel.Reply) {
		equal(t, "is", result(t, r).Standing.Is, channel.StandingUnblocked)
	},
	"reaction": func(t *testing.T, r channel.Reply) {
		equal(t, "emoji", result(t, r).Reaction.Emoji, "👍")
		equal(t, "of", result(t, r).Reaction.ExternalID, desk.ExternalID("5000000001/13"))
	},
}

func receive(t *testing.T, body string) channel.Reply {
	t.Helper()
	reply, err := telegram.New().Receive(t.Context(), endpoint, update(body))
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

func TestReceiveReadsEveryKindOfContent(t *testing.T) {
	t.Parallel()
	media := func(kind desk.PartKind, ref string) desk.Part {
		return desk.Part{Kind: kind, MediaRef: ref, Media: desk.MediaFetching}
	}
	with := func(p desk.Part, change func(*desk.Part)) desk.Part { change(&p); return p }
	text := func(s string) desk.Part { return desk.Part{Kind: desk.PartText, Text: s} }
	for content, want := range map[string]desk.Part{
		`"animation":{"file_id":"a","file_name":"a.mp4"},"document":{"file_id":"d"}`:                   with(media(desk.PartVideo, "a"), func(p *desk.Part) { p.MediaName = "a.mp4" }),
		`"video":{"file_id":"v","file_size":20971521}`:                                                 with(media(desk.PartVideo, "v"), func(p *desk.Part) { p.Media = desk.MediaRefused }),
		`"video_note":{"file_id":"n"}`:                                                                 media(desk.PartVideo, "n"),
		`"live_photo":{"file_id":"l"}`:                                                                 media(desk.PartVideo, "l"),
		`"live_photo":{"file_id":"l"},"photo":[{"file_id":"p"}]`:                                       media(desk.PartImage, "p"),
		`"photo":[{"file_id":"small","file_size":9},{"file_id":"big","file_size":99000000}]`:           media(desk.PartImage, "small"),
		`"audio":{"file_id":"m","file_name":"song.mp3"}`:                                               with(media(desk.PartAudio, "m"), func(p *desk.Part) { p.MediaName = "song.mp3" }),
		`"voice":{"file_id":"o"}`:                                                                      with(media(desk.PartAudio, "o"), func(p *desk.Part) { p.Voice = true }),
		`"sticker":{"file_id":"s","is_video":true,"emoji":"🎉"}`:                                        with(media(desk.PartVideo, "s"), func(p *desk.Part) { p.Sticker, p.Text = true, "🎉" }),
		`"sticker":{"file_id":"s","is_animated":true,"thumbnail":{"file_id":"t"}}`:                     with(media(desk.PartImage, "t"), func(p *desk.Part) { p.Sticker = true }),
		`"sticker":{"file_id":"s","is_animated":true,"emoji":"🙏"}`:                                     text("🙏"),
		`"sticker":{"file_id":"s","is_animated":true}`:                                                 {Kind: desk.PartUnknown, Text: "sticker"},
		`"venue":{"location":{"latitude":1.5,"longitude":2},"title":"駅","address":"東京"},"location":{}`: {Kind: desk.PartLocation, Location: &desk.Location{Lat: 1.5, Lng: 2, Label: "駅\n東京"}},
		`"location":{"latitude":"?"}`:                                                                  {Kind: desk.PartUnknown, Text: "location"},
		`"poll":{"question":"Q","options":[{"text":"a"},{"text":"b"}]}`:                                text("📊 Q\n• a\n• b"),
		`"checklist":{"title":"T","tasks":[{"text":"a","completion_date":1},{"text":"b"}]}`:            text("T\n☑ a\n☐ b"),
		`"dice":{"emoji":"🎲","value":5}`:                                                               text("🎲 5"),
		`"web_app_data":{"data":"{}","button_text":"b"}`:                                               text("{}"),
		`"story":{"id":1}`: {Kind: desk.PartUnknown, Text: "story"},
		`"rich_message":{"blocks":[]},"forward_origin":{}`: {Kind: desk.PartUnknown, Text: "rich_message"},
		`"paid_media":{},"via_bot":{}`:                     {Kind: desk.PartUnknown, Text: "paid_media"},
		`"hologram":{}`:                                    {Kind: desk.PartUnknown, Text: "hologram"},
		`"effect_id":"1"`:                                  {Kind: desk.PartUnknown, Text: "message"},
		`"text":"/start with spaces"`:                      text("/start with spaces"),
		`"text":"/starting"`:                               text("/starting"),
		`"contact":{"phone_number":"819000000000","first_name":"B","last_name":"C","user_id":6}`:               {Kind: desk.PartCards, Cards: []desk.Card{{Name: "B C", Phones: []string{"819000000000"}}}},
		`"text":"a b","entities":[{"type":"bold","offset":0,"length":1},{"type":"url","offset":2,"length":1}]`: {Kind: desk.PartText, Text: "a b", Marks: []desk.Mark{{Kind: desk.MarkBold, Start: 0, End: 1}}},
		`"text":"😀x","entities":[{"type":"text_link","offset":2,"length":1,"url":"https://example.test"},{"type":"text_link","offset":2,"length":1,"url":"javascript:1"},{"type":"pre","offset":0,"length":2},{"type":"italic","offset":2,"length":2},{"type":"italic","offset":-1,"length":2},{"type":"code","offset":9223372036854775807,"length":1}]`: {
			Kind: desk.PartText, Text: "😀x", Marks: []desk.Mark{{Kind: desk.MarkLink, Start: 2, End: 3, Href: "https://example.test"}, {Kind: desk.MarkCode, Start: 0, End: 2}},
		},
	} {
		m := result(t, receive(t, said(content))).Message
		if m == nil {
			t.Errorf("%s: no message", content)
			continue
		}
		equal(t, content, m.Parts, []desk.Part{want})
		equal(t, content, m.Peer, channel.Peer{ExternalID: "5", Name: "Aki Test", Locale: "ja"})
	}
}

func TestReceiveReadsStarts(t *testing.T) {
	t.Parallel()
	for _, content := range []string{`"text":"/start"`, `"text":"/start@shop_test_bot"`} {
		s := result(t, receive(t, said(content))).Standing
		if s == nil || s.Is != channel.StandingStarted || s.Referral != nil {
			t.Errorf("%s: %+v", content, s)
		}
	}
}

func TestReceiveReadsTheButton(t *testing.T) {
	t.Parallel()
	const press = `{"update_id":900000002,"callback_query":{"id":"4382bfdwdsb323b2d9","from":{"id":5000000001,"is_bot":false,"first_name":"Aki","language_code":"ja"},"message":{"message_id":12,"chat":{"id":5000000001,"type":"private"},"date":1764000050%s},"chat_instance":"-1","data":"flow:7:opt_a"}}`
	for markup, label := range map[string]string{
		"": "flow:7:opt_a", // the message is too old to be told
		`,"reply_markup":{"inline_keyboard":[[{"text":"はい","callback_data":"flow:7:opt_a"}],[{"text":"いいえ","callback_data":"flow:7:opt_b"}]]}`: "はい",
	} {
		reply := receive(t, replace(press, markup))
		equal(t, "message", *result(t, reply).Message, channel.Incoming{
			Peer: aki, ExternalID: "callback/4382bfdwdsb323b2d9", Parts: []desk.Part{{Kind: desk.PartText, Text: label}}, Choice: "flow:7:opt_a", ReplyTo: "5000000001/12",
		})
		equal(t, "the spinner is stopped by the answer", string(reply.Body), `{"callback_query_id":"4382bfdwdsb323b2d9","method":"answerCallbackQuery"}`)
		equal(t, "type", reply.Type, "application/json")
	}
}

func TestReceiveReadsReactionsTakenBack(t *testing.T) {
	t.Parallel()
	const taken = `{"update_id":1,"message_reaction":{"chat":{"id":5,"type":"private"},"message_id":13,"user":{"id":5},"date":1764000400,"old_reaction":[{"type":"emoji","emoji":"👍"}],"new_reaction":[%s]}}`
	for list, want := range map[string]string{"": "", `{"type":"emoji","emoji":"👍"},{"type":"custom_emoji"},{"type":"emoji","emoji":"🔥"}`: "🔥"} {
		r := result(t, receive(t, replace(taken, list))).Reaction
		if r == nil || r.Emoji != want {
			t.Errorf("%s: %+v", list, r)
		}
	}
}

func TestReceiveRefusesWhatIsNoUpdate(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"update_id":"x"}`, `hello`} {
		if _, err := telegram.New().Receive(t.Context(), endpoint, update(body)); desk.KindOf(err) != desk.KindInvalid {
			t.Errorf("%s: %v", body, err)
		}
	}
}
