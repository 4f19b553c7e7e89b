package line_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/desk"
)

func textPart(s string, marks ...desk.Mark) desk.Part {
	return desk.Part{Kind: desk.PartText, Text: s, Marks: marks}
}

func outgoing(parts ...desk.Part) channel.Outgoing {
	return channel.Outgoing{To: channel.Peer{ExternalID: customer}, Key: "k1", Parts: parts, Files: map[desk.ID]channel.File{
		1: file("a.jpg", "image/jpeg", 1<<20, ""), 2: file("b.png", "image/png", 10<<20, "https://desk.example.test/p/b"), 3: file("c.png", "image/png", 10<<20+1, ""),
		4: file("d.mp4", "video/mp4", 200<<20, ""), 5: file("e.m4a", "audio/mp4", 64_000, ""), 6: file("領収書.pdf", "application/pdf", 9, ""),
		7: {Attachment: desk.Attachment{Name: "x.jpg", MIME: "image/jpeg", Size: 9}}, 8: file("f.mp3", "audio/mpeg", 1, ""), 9: file("g.gif", "image/gif", 9, ""),
	}}
}

func file(name, mime string, size int64, preview string) channel.File {
	return channel.File{Attachment: desk.Attachment{Name: name, MIME: mime, Size: size}, Link: "https://desk.example.test/f/" + name, Preview: preview}
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// pushed checks the push that was made: to whom, with a retry key, a token, and which messages.
func pushed(messages string) func(*testing.T, []channeltest.Sent) {
	return func(t *testing.T, sent []channeltest.Sent) {
		t.Helper()
		r := sent[len(sent)-1]
		if r.Path != "/v2/bot/message/push" || r.Method != http.MethodPost || !uuid.MatchString(r.Header.Get("X-Line-Retry-Key")) || r.Header.Get("Authorization") != "Bearer stateless-test-token" {
			t.Errorf("%s %s %v", r.Method, r.Path, r.Header)
		}
		var got, want any
		if err := errors.Join(json.Unmarshal(r.Body, &got), json.Unmarshal([]byte(`{"to":"`+customer+`","messages":`+messages+`}`), &want)); err != nil {
			t.Fatal(err)
		}
		equal(t, "push", got, want)
	}
}

func quoted(s string) string {
	raw, _ := json.Marshal(s) // a string always encodes
	return string(raw)
}

func sendings() []channeltest.Sending {
	media := func(id desk.ID) channel.Outgoing { return outgoing(desk.Part{Kind: desk.PartFile, AttachmentID: id}) }
	limit := strings.Repeat("あ", 4990) + strings.Repeat("😀", 5)
	long := strings.Repeat("名", 101)
	choice := func(id, label string) string {
		return `{"type":"action","action":{"type":"postback","label":` + quoted(label) + `,"data":` + quoted(id) + `,"displayText":` + quoted(label) + `}}`
	}
	quoting := outgoing(desk.Part{Kind: desk.PartImage, AttachmentID: 1}, textPart("これ"))
	quoting.ReplyTo, quoting.QuoteRef = "468789", "q1"
	return []channeltest.Sending{
		{Name: "reply", Outgoing: quoting, Check: pushed(`[{"type":"image","originalContentUrl":"https://desk.example.test/f/a.jpg","previewImageUrl":"https://desk.example.test/f/a.jpg"},
			{"type":"text","text":"これ","quoteToken":"q1"}]`)},
		{Name: "marks", Outgoing: outgoing(textPart("bold\none here", desk.Mark{Kind: desk.MarkBold, Start: 0, End: 4}, desk.Mark{Kind: desk.MarkItem, Start: 5, End: 13},
			desk.Mark{Kind: desk.MarkLink, Start: 9, End: 13, Href: "https://example.test"})), Check: pushed(`[{"type":"text","text":"bold\n• one here (https://example.test)"}]`)},
		{Name: "text at the limit", Outgoing: outgoing(textPart(limit, desk.Mark{Kind: desk.MarkItem, Start: 0, End: 5000})), Check: pushed(`[{"type":"text","text":` + quoted(limit) + `}]`)},
		{Name: "choices", Outgoing: outgoing(desk.Part{Kind: desk.PartChoices, Text: "どれ", Choices: []desk.Choice{{ID: "opt_a", Label: "予約"}, {ID: "opt_b", Label: "返金"}}}),
			Check: pushed(`[{"type":"text","text":"どれ","quickReply":{"items":[` + choice("opt_a\n予約", "予約") + `,` + choice("opt_b\n返金", "返金") + `]}}]`)},
		{Name: "choices with long ids and no text", Outgoing: outgoing(desk.Part{Kind: desk.PartChoices, Choices: []desk.Choice{{ID: strings.Repeat("x", 300), Label: "a"}}}),
			Check: pushed(`[{"type":"text","text":"👇","quickReply":{"items":[` + choice(strings.Repeat("x", 300), "a") + `]}}]`)},
		{Name: "location", Outgoing: outgoing(desk.Part{Kind: desk.PartLocation, Location: &desk.Location{Lat: 35.5, Lng: 139.5, Label: "駅\n東京\n丸の内"}}),
			Check: pushed(`[{"type":"location","title":"駅","address":"東京 丸の内","latitude":35.5,"longitude":139.5}]`)},
		{Name: "location without a name", Outgoing: outgoing(desk.Part{Kind: desk.PartLocation, Location: &desk.Location{Lat: 35.5, Lng: 139.5}}),
			Check: pushed(`[{"type":"location","title":"📍","address":"35.500000, 139.500000","latitude":35.5,"longitude":139.5}]`)},
		{Name: "location with a long name", Outgoing: outgoing(desk.Part{Kind: desk.PartLocation, Location: &desk.Location{Label: long}}),
			Check: pushed(`[{"type":"location","title":"` + long[:300] + `","address":"0.000000, 0.000000","latitude":0,"longitude":0}]`)},
		{Name: "text and files in one request", Outgoing: outgoing(textPart("これです"), desk.Part{Kind: desk.PartImage, AttachmentID: 1}, desk.Part{Kind: desk.PartImage, AttachmentID: 2}),
			Check: pushed(`[{"type":"text","text":"これです"},
				{"type":"image","originalContentUrl":"https://desk.example.test/f/a.jpg","previewImageUrl":"https://desk.example.test/f/a.jpg"},
				{"type":"image","originalContentUrl":"https://desk.example.test/f/b.png","previewImageUrl":"https://desk.example.test/p/b"}]`)},
		{Name: "an image over the limit", Outgoing: media(3), Check: pushed(`[{"type":"text","text":"c.png\nhttps://desk.example.test/f/c.png"}]`)},
		{Name: "video", Outgoing: media(4), Check: pushed(`[{"type":"video","originalContentUrl":"https://desk.example.test/f/d.mp4","previewImageUrl":"https://desk.example.test/f/d.mp4"}]`)},
		{Name: "audio", Outgoing: media(5), Check: pushed(`[{"type":"audio","originalContentUrl":"https://desk.example.test/f/e.m4a","duration":4000}]`)},
		{Name: "a short audio", Outgoing: media(8), Check: pushed(`[{"type":"audio","originalContentUrl":"https://desk.example.test/f/f.mp3","duration":1000}]`)},
		{Name: "a file", Outgoing: media(6), Check: pushed(`[{"type":"text","text":"領収書.pdf\nhttps://desk.example.test/f/領収書.pdf"}]`)},
		{Name: "a gif", Outgoing: media(9), Check: pushed(`[{"type":"text","text":"g.gif\nhttps://desk.example.test/f/g.gif"}]`)},
		{Name: "accepted before", Outgoing: outgoing(textPart("ok")), Accept: channeltest.Answer{Status: http.StatusConflict,
			Body: `{"message":"The retry key is already accepted","sentMessages":[{"id":"461230966842064897"}]}`}},
		{Name: "accepted before, and no id", Outgoing: outgoing(textPart("ok")), Accept: channeltest.Answer{Status: http.StatusConflict,
			Header: http.Header{"X-Line-Accepted-Request-Id": {"00000000-0000-4000-8000-000000000001"}}, Body: `{"message":"The retry key is already accepted"}`}},
	}
}

// outcomes are all refusals of the reference sheet, and what each means.
var outcomes = []struct {
	status  int
	message string
	kind    channel.Action
	code    string
}{
	{400, "Invalid reply token", channel.ActFail, "reply_token"},
	{400, "The request body has 2 error(s)", channel.ActFail, "refused"},
	{400, "The property, 'to', in the request body is invalid (line: -, column: -)", channel.ActFail, "person_unknown"},
	{400, "Failed to send messages", channel.ActFail, "person_unknown"},
	{400, "Invalid webhook endpoint URL", channel.ActConfig, "webhook_refused"},
	{401, "Authentication failed due to the following reason: invalid token.", channel.ActToken, "token_refused"},
	{403, "Access to this API is not available for your account", channel.ActConfig, "not_allowed"},
	{403, "Not authorized to use this API", channel.ActConfig, "not_allowed"},
	{404, "Not found", channel.ActFail, "not_found"},
	{410, "Gone", channel.ActFail, "media_gone"},
	{413, "Payload too large", channel.ActFail, "too_large"},
	{415, "Unsupported media type", channel.ActFail, "refused"},
	{429, "The API rate limit has been exceeded. Try again later.", channel.ActThrottle, "rate"},
	{429, "You have reached your monthly limit.", channel.ActCap, "quota"},
	{418, "a teapot", channel.ActFail, "http_418"},
}

func refusals(t testing.TB) []channeltest.Refusal {
	var list []channeltest.Refusal
	for _, o := range outcomes {
		list = append(list, channeltest.Refusal{Name: o.message, Answer: refused(o.status, o.message), Kind: o.kind, Certain: true})
	}
	for name, want := range map[string]struct {
		status int
		kind   channel.Action
	}{
		"error_400_reply_token": {400, channel.ActFail}, "error_401": {401, channel.ActToken}, "error_403": {403, channel.ActConfig},
		"error_429_rate": {429, channel.ActThrottle}, "error_429_quota": {429, channel.ActCap},
	} {
		list = append(list, channeltest.Refusal{Name: name, Answer: channeltest.Answer{Status: want.status, Body: testdata(t, name)}, Kind: want.kind, Certain: true})
	}
	return list
}

// pasted is an account with a token of its own, which needs no other request.
func pasted(t *testing.T, baseURL string) channel.Account {
	a := account(t, baseURL)
	a.Secrets = map[string]string{"channel_secret": secret, "access_token": "long-lived"}
	return a
}

func TestSendTellsWhy(t *testing.T) {
	t.Parallel()
	texts := connector().Texts("en")
	for _, o := range outcomes {
		_, err := connector().Send(t.Context(), pasted(t, provider(t, nil, refused(o.status, o.message))), outgoing(textPart("ok")))
		f := channel.AsFault(err)
		if f == nil || f.Code != o.code || f.Kind != o.kind || !f.Certain || f.Once || !strings.HasPrefix(f.Err.Error(), o.message) {
			t.Errorf("%s: %+v, want %s", o.message, f, o.code)
			continue
		}
		if (f.After == time.Second) != (f.Kind == channel.ActThrottle) {
			t.Errorf("%s: after %v", o.message, f.After)
		}
		if !strings.HasPrefix(f.Code, "http_") && (texts["fault."+f.Code] == "" || texts["fault."+f.Code+".fix"] == "") {
			t.Errorf("no words for %s", f.Code)
		}
	}
	detailed := channeltest.Answer{Status: 400, Body: `{"message":"The request body has 1 error(s)","details":[{"message":"May not be empty","property":"messages[0].text"}]}`}
	_, err := connector().Send(t.Context(), pasted(t, provider(t, nil, detailed)), outgoing(textPart("ok")))
	if f := channel.AsFault(err); f == nil || !strings.Contains(f.Err.Error(), "messages[0].text May not be empty") {
		t.Errorf("the details are told: %v", err)
	}
}

func TestReplyFirstPushAfter(t *testing.T) {
	t.Parallel()
	sent := ok(testdata(t, "send_200"))
	m := outgoing(textPart("ok"))
	m.Token = "rt1"
	var asked []channeltest.Sent
	id, err := connector().Send(t.Context(), pasted(t, provider(t, &asked, sent)), m)
	if err != nil || id != "461230966842064897" || len(asked) != 1 || asked[0].Path != "/v2/bot/message/reply" || asked[0].Header.Get("X-Line-Retry-Key") != "" ||
		string(asked[0].Body) != `{"messages":[{"text":"ok","type":"text"}],"replyToken":"rt1"}` {
		t.Errorf("a reply: %q, %v, %+v", id, err, asked)
	}
	asked = nil
	id, err = connector().Send(t.Context(), pasted(t, provider(t, &asked, refused(400, "Invalid reply token"), sent)), m)
	if err != nil || id != "461230966842064897" || len(asked) != 2 || asked[1].Path != "/v2/bot/message/push" || asked[1].Header.Get("X-Line-Retry-Key") == "" {
		t.Errorf("a push after it: %q, %v, %+v", id, err, asked)
	}
	for name, answer := range map[string]channeltest.Answer{"cut": ok("ABORT"), "500": refused(500, "oops"), "unreadable": ok("?")} {
		_, err := connector().Send(t.Context(), pasted(t, provider(t, nil, answer)), m)
		if f := channel.AsFault(err); f == nil || f.Certain || !f.Once {
			t.Errorf("%s: nobody knows, and a reply has no key: %+v", name, f)
		}
	}
	_, err = connector().Send(t.Context(), pasted(t, provider(t, nil, refused(429, "The API rate limit has been exceeded."))), m)
	if f := channel.AsFault(err); f == nil || f.Kind != channel.ActThrottle || !f.Certain {
		t.Errorf("the token is kept for later: %+v", f)
	}
}

func TestRetryKeyIsTheSameForEveryAttempt(t *testing.T) {
	t.Parallel()
	var asked []channeltest.Sent
	a := pasted(t, provider(t, &asked, ok(testdata(t, "send_200"))))
	for _, key := range []string{"k1", "k1", "k2"} {
		m := outgoing(textPart("ok"))
		m.Key = key
		if _, err := connector().Send(t.Context(), a, m); err != nil {
			t.Fatal(err)
		}
	}
	key := func(i int) string { return asked[i].Header.Get("X-Line-Retry-Key") }
	if key(0) != key(1) || key(0) == key(2) {
		t.Errorf("%s, %s, %s", key(0), key(1), key(2))
	}
}

func TestSendRefusesBeforehand(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		m    channel.Outgoing
		kind channel.Action
		code string
	}{
		"nothing":         {outgoing(), channel.ActFail, "refused"},
		"a card":          {outgoing(desk.Part{Kind: desk.PartCards}), channel.ActFail, "refused"},
		"a lost file":     {outgoing(desk.Part{Kind: desk.PartImage, AttachmentID: 99}), channel.ActFail, "refused"},
		"no address":      {outgoing(desk.Part{Kind: desk.PartImage, AttachmentID: 7}), channel.ActConfig, "no_public_address"},
		"too long an id":  {outgoing(desk.Part{Kind: desk.PartChoices, Text: "a", Choices: []desk.Choice{{ID: strings.Repeat("x", 301), Label: "a"}}}), channel.ActFail, "choices_refused"},
		"an id on 2 rows": {outgoing(desk.Part{Kind: desk.PartChoices, Text: "a", Choices: []desk.Choice{{ID: "a\nb", Label: "a"}}}), channel.ActFail, "choices_refused"},
	} {
		_, err := connector().Send(t.Context(), account(t, "http://127.0.0.1:1"), test.m)
		if f := channel.AsFault(err); f == nil || f.Kind != test.kind || f.Code != test.code || !f.Certain {
			t.Errorf("%s: %+v", name, f)
		}
	}
}
