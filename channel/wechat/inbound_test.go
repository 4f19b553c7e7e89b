package wechat_test

import (
	"reflect"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/desk"
)

// says checks the one message of a reply: its parts, and what else it must be.
func says(choice string, brief bool, parts ...desk.Part) func(*testing.T, channel.Reply) {
	return func(t *testing.T, reply channel.Reply) {
		r := reply.Results[0]
		if !reflect.DeepEqual(r.Message.Parts, parts) || r.Message.Choice != choice {
			t.Errorf("parts %+v, choice %q", r.Message.Parts, r.Message.Choice)
		}
		if !r.Message.At.Equal(time.Unix(1764000000, 0)) || r.Message.Peer != (channel.Peer{Scope: appID, ExternalID: openID, Name: "WeChat 000001"}) {
			t.Errorf("from %+v at %v", r.Message.Peer, r.Message.At)
		}
		opens(t, r, brief)
	}
}

func opens(t *testing.T, r channel.Result, brief bool) {
	t.Helper()
	if brief != (r.Opens != nil) || brief && *r.Opens != (channel.Opening{For: time.Minute, Count: 3}) {
		t.Errorf("it opens %+v", r.Opens)
	}
}

func stands(is channel.StandingKind, scene string, brief bool) func(*testing.T, channel.Reply) {
	return func(t *testing.T, reply channel.Reply) {
		r := reply.Results[0]
		got := ""
		if r.Standing.Referral != nil {
			got = r.Standing.Referral.ID
		}
		if r.Standing.Is != is || got != scene || r.Standing.Peer.ExternalID != openID {
			t.Errorf("%+v, scene %q", r.Standing, got)
		}
		opens(t, r, brief)
	}
}

func text(s string) desk.Part    { return desk.Part{Kind: desk.PartText, Text: s} }
func unknown(s string) desk.Part { return desk.Part{Kind: desk.PartUnknown, Text: s} }

func media(kind desk.PartKind, ref string) desk.Part {
	return desk.Part{Kind: kind, MediaRef: ref, Media: desk.MediaFetching, Voice: kind == desk.PartAudio}
}

// inbound are the messages and events of testdata and what they mean.
func inbound() []channeltest.Fixture {
	place := desk.Part{Kind: desk.PartLocation, Location: &desk.Location{Lat: 31.230416, Lng: 121.473701, Label: "上海"}}
	return []channeltest.Fixture{
		{Name: "in_text", Want: "message", Check: says("", false, text("你好"))},
		{Name: "in_menu_text", Want: "message", Check: says("101", true, text("满意"))},
		{Name: "in_image", Want: "message", Check: says("", false, media(desk.PartImage, "id=MEDIA1&url=http%3A%2F%2Fmmbiz.example.test%2Fp.jpg"))},
		{Name: "in_voice", Want: "message", Check: says("", false, media(desk.PartAudio, "id=MEDIA2"))},
		{Name: "in_video", Want: "message", Check: says("", false, media(desk.PartVideo, "id=MEDIA3"))},
		{Name: "in_shortvideo", Want: "message", Check: says("", false, media(desk.PartVideo, "id=MEDIA4"))},
		{Name: "in_location", Want: "message", Check: says("", false, place)},
		{Name: "in_far_location", Want: "message", Check: says("", false, unknown("location"))},
		{Name: "in_link", Want: "message", Check: says("", false, text("標題\n説明\nhttps://example.test/a?b=1&c=2"))},
		{Name: "in_file", Want: "message", Check: says("", false, unknown("file"), text("見積.pdf"))},
		{Name: "in_miniprogrampage", Want: "message", Check: says("", false, unknown("miniprogrampage"), text("お店"))},
		{Name: "in_never_seen", Want: "message", Check: says("", false, unknown("hologram"))},
		{Name: "in_odd_text", Want: "message", Check: says("", false, text("ab <!DOCTYPE html> &lt;"))},
		{Name: "in_empty_text", Want: "message", Check: says("", false, unknown("text"))},
		{Name: "ev_click", Want: "message", Check: says("MENU_HELP", true, text("MENU_HELP"))},
		{Name: "ev_scancode_waitmsg", Want: "message", Check: says("MENU_SCAN", true, text("A-42"))},
		{Name: "ev_subscribe", Want: "standing", Check: stands(channel.StandingFollowed, "42", true)},
		{Name: "ev_unsubscribe", Want: "standing", Check: stands(channel.StandingBlocked, "", false)},
		{Name: "ev_scan", Want: "standing", Check: stands(channel.StandingStarted, "42", true)},
		{Name: "ev_verify_expired", Want: "notice"},
		{Name: "ev_view"},
		{Name: "ev_location"},
		{Name: "ev_never_seen", Want: "unknown"},
	}
}

// An event has no id: the same one again has the same key, another of the same second has not (README rule 3).
func TestKeys(t *testing.T) {
	t.Parallel()
	e := endpoint("plain")
	keys := map[string]string{}
	for _, f := range inbound() {
		reply, err := connector().Receive(t.Context(), e, plain(e, channel.Request{Body: read(t, f.Name+".xml")}))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range reply.Results {
			if other, taken := keys[r.Key]; taken {
				t.Errorf("%s has the key of %s", f.Name, other)
			}
			keys[r.Key] = f.Name
		}
	}
	if keys["m/24000000000000001"] != "in_text" {
		t.Errorf("a message's key is its id: %v", keys)
	}
}
