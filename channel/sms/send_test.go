package sms_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/sms"
	"madoguchi/desk"
)

// basic is account and token (RFC 7617).
const basic = "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTowMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg=="

// codes are the errors of the API and what they ask for.
var codes = map[channel.Action][]int{
	channel.ActToken:    {20003, 20006},
	channel.ActConfig:   {20404, 21701, 21705, 21212, 21606, 21603, 21703, 21704, 21712, 21408, 30034},
	channel.ActThrottle: {20429, 21611, 30001, 14107, 63018},
	channel.ActCap:      {20005, 30002, 30022, 30023, 30027, 63017, 63038},
	channel.ActRetry:    {20500, 20503, 30008, 30009, 30017, 30410},
	channel.ActOptOut:   {21610},
	channel.ActBlocked:  {30004, 63014, 63033},
	channel.ActWindow:   {63016},
	channel.ActFail: {
		21211, 21614, 21217, 21604, 21608, 21612, 21602, 21617, 21619, 21620, 21623, 21621, 21622, 30011, 30003, 30005, 30006, 30007, 30019,
		63034, 63024, 63003,
	},
}

func refusals(t testing.TB) []channeltest.Refusal {
	list := []channeltest.Refusal{
		{Name: "20003", Answer: channeltest.Answer{Status: 401, Body: fixture(t, "error_20003.json")}, Kind: channel.ActToken, Certain: true},
		{Name: "20404", Answer: channeltest.Answer{Status: 404, Body: fixture(t, "error_20404.json")}, Kind: channel.ActConfig, Certain: true},
		{Name: "21211", Answer: channeltest.Answer{Status: 400, Body: fixture(t, "error_21211.json")}, Kind: channel.ActFail, Certain: true},
		{Name: "21408", Answer: channeltest.Answer{Status: 400, Body: fixture(t, "error_21408.json")}, Kind: channel.ActConfig, Certain: true},
		{Name: "21617", Answer: channeltest.Answer{Status: 400, Body: fixture(t, "error_21617.json")}, Kind: channel.ActFail, Certain: true},
		{Name: "20500", Answer: channeltest.Answer{Status: 500, Body: fixture(t, "error_20500.json")}, Kind: channel.ActRetry, Certain: false},
		{Name: "20503", Answer: channeltest.Answer{Status: 503, Body: `{"code":20503,"message":"Service unavailable","status":503}`}, Kind: channel.ActRetry, Certain: false},
		{Name: "unknown code", Answer: channeltest.Answer{Status: 400, Body: `{"code":29999,"message":"?","status":400}`}, Kind: channel.ActFail, Certain: true},
		{Name: "forbidden for this request", Answer: channeltest.Answer{Status: 403, Body: `{"code":20008,"message":"?","status":403}`}, Kind: channel.ActFail, Certain: true},
		{Name: "no body", Answer: channeltest.Answer{Status: 401}, Kind: channel.ActToken, Certain: true},
		{Name: "slow down", Answer: channeltest.Answer{Status: 429}, Kind: channel.ActThrottle, Certain: true},
	}
	for action, numbers := range codes {
		for _, code := range numbers {
			list = append(list, channeltest.Refusal{
				Name: string(action) + " " + strconv.Itoa(code), Kind: action, Certain: true,
				Answer: channeltest.Answer{Status: 400, Body: `{"code":` + strconv.Itoa(code) + `,"message":"no","status":400}`},
			})
		}
	}
	return list
}

// TestEveryErrorIsExplained holds the texts against the codes.
func TestEveryErrorIsExplained(t *testing.T) {
	t.Parallel()
	needed := []string{"other", "failed", "undelivered", "canceled", "no_public_address", "unsupported", "settings_invalid"}
	for _, numbers := range codes {
		for _, code := range numbers {
			needed = append(needed, strconv.Itoa(code))
		}
	}
	for _, locale := range []string{"ja", "en"} {
		texts := sms.New().Texts(locale)
		for _, code := range needed {
			if texts["fault."+code] == "" || texts["fault."+code+".fix"] == "" {
				t.Errorf("%s: no text for %s", locale, code)
			}
		}
		for _, code := range []string{"credentials", "active", "trial", "service", "number", "sms", "mms", "callback"} {
			if texts["check."+code] == "" || texts["check."+code+".fix"] == "" {
				t.Errorf("%s: no text for check %s", locale, code)
			}
		}
	}
}

func sendings() []channeltest.Sending {
	const longest = 1600
	bold := desk.Mark{Kind: desk.MarkBold, Start: 0, End: 2}
	link := desk.Mark{Kind: desk.MarkLink, Start: 0, End: 2, Href: "https://example.test/a"}
	return []channeltest.Sending{
		{Name: "form", Outgoing: text("注文を承りました"), Check: form(url.Values{
			"To": {"+819012345678"}, "From": {"+815012345678"}, "MessagingServiceSid": {service}, "Body": {"注文を承りました"},
			"StatusCallback": {callback + "?m=12-0#rc=5&rp=all"},
		})},
		{Name: "marks", Outgoing: text("お得なお知らせ", bold), Check: body("お得なお知らせ")},
		{Name: "a link is spelled out", Outgoing: text("こちらへ", link), Check: body("こち (https://example.test/a)らへ")},
		{Name: "at the limit", Outgoing: text(strings.Repeat("あ", longest)), Check: body(strings.Repeat("あ", longest))},
		{Name: "at the limit with a link", Outgoing: text(strings.Repeat("あ", longest), link), Check: body(strings.Repeat("あ", longest))},
		{Name: "a reply", Outgoing: func() channel.Outgoing { m := text("はい"); m.ReplyTo = "SM1"; return m }(), Check: body("はい")},
		{Name: "files as links", Outgoing: withFiles("写真です", 2), Check: form(url.Values{
			"To": {"+819012345678"}, "From": {"+815012345678"}, "MessagingServiceSid": {service},
			"Body": {"写真です\nhttps://desk.example.test/f/1\nhttps://desk.example.test/f/2"}, "StatusCallback": {callback + "?m=12-0#rc=5&rp=all"},
		})},
	}
}

// withFiles is a message with a text, "" for none, and n files.
func withFiles(caption string, n int) channel.Outgoing {
	m := text(caption)
	if caption == "" {
		m.Parts = nil
	}
	m.Files = map[desk.ID]channel.File{}
	kinds := []desk.PartKind{desk.PartImage, desk.PartVideo, desk.PartAudio, desk.PartFile}
	for i := range n {
		id := desk.ID(i + 1)
		m.Parts = append(m.Parts, desk.Part{Kind: kinds[i%len(kinds)], AttachmentID: id})
		m.Files[id] = channel.File{Attachment: desk.Attachment{ID: id}, Link: "https://desk.example.test/f/" + id.String()}
	}
	return m
}

func form(want url.Values) func(*testing.T, []channeltest.Sent) {
	return func(t *testing.T, requests []channeltest.Sent) {
		r := requests[len(requests)-1]
		got, err := url.ParseQuery(string(r.Body))
		if err != nil || got.Encode() != want.Encode() {
			t.Errorf("form %v, %v; want %v", got, err, want)
		}
		if r.Method != "POST" || r.Path != "/2010-04-01/Accounts/"+account+"/Messages.json" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("%s %s as %s", r.Method, r.Path, r.Header.Get("Content-Type"))
		}
		if r.Header.Get("Authorization") != basic {
			t.Errorf("authorization %q", r.Header.Get("Authorization"))
		}
	}
}

func body(want string) func(*testing.T, []channeltest.Sent) {
	return func(t *testing.T, requests []channeltest.Sent) {
		got, err := url.ParseQuery(string(requests[len(requests)-1].Body))
		if err != nil || got.Get("Body") != want {
			t.Errorf("body %.80q, %v; want %.80q", got.Get("Body"), err, want)
		}
	}
}

func TestFilesGoAsMMS(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]channel.Outgoing{"with a text": withFiles("写真です", 10), "alone": withFiles("", 1)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			provider := channeltest.NewPretend(t, answers{"POST /2010-04-01/Accounts/" + account + "/Messages.json": {Status: 201, Body: fixture(t, "send_201.json")}})
			if _, err := sms.New().Send(t.Context(), calling(provider.URL, withMMS), m); err != nil {
				t.Fatal(err)
			}
			got := forms(t, provider)[0]
			var want []string
			for i := range m.Files {
				want = append(want, "https://desk.example.test/f/"+i.String())
			}
			slices.Sort(want)
			links := slices.Sorted(slices.Values(got["MediaUrl"]))
			if !slices.Equal(links, want) || got.Has("Body") != (name == "with a text") {
				t.Errorf("form %v", got)
			}
		})
	}
}

func TestWhatCannotGoIsRefusedBeforehand(t *testing.T) {
	t.Parallel()
	hidden := withFiles("", 1)
	hidden.Files = map[desk.ID]channel.File{1: {Attachment: desk.Attachment{ID: 1}}}
	place := text("")
	place.Parts = []desk.Part{{Kind: desk.PartLocation, Location: &desk.Location{}}}
	template := text("x")
	template.Template = &desk.TemplateUse{}
	for name, c := range map[string]struct {
		m    channel.Outgoing
		kind channel.Action
		code string
	}{
		"a file without an address": {hidden, channel.ActConfig, "no_public_address"},
		"a place":                   {place, channel.ActFail, "unsupported"},
		"a template":                {template, channel.ActFail, "unsupported"},
		"nothing":                   {text(""), channel.ActFail, "21602"},
		"over the limit":            {text(strings.Repeat("あ", 1601)), channel.ActFail, "21617"},
	} {
		_, err := sms.New().Send(t.Context(), calling("http://127.0.0.1:1", config), c.m)
		f := channel.AsFault(err)
		if f == nil || f.Kind != c.kind || f.Code != c.code || !f.Certain {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestALoopSlowsOnePersonOnly(t *testing.T) {
	t.Parallel()
	provider := channeltest.NewPretend(t, answers{"POST /2010-04-01/Accounts/" + account + "/Messages.json": {Status: 400, Body: `{"code":14107,"message":"loop","status":400}`}})
	_, err := sms.New().Send(t.Context(), calling(provider.URL, config), text("x"))
	if f := channel.AsFault(err); f == nil || f.Scope != channel.RatePeer || f.After.Seconds() != 30 {
		t.Errorf("%+v", f)
	}
}
