package whatsapp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/graph"
	"madoguchi/channel/whatsapp"
	"madoguchi/desk"
)

func toJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// refusals are the answers of the provider's sheet, and every code as an answer of 400.
func refusals(t testing.TB) []channeltest.Refusal {
	t.Helper()
	all := []channeltest.Refusal{}
	for _, sheet := range []struct {
		file    string
		status  int
		kind    channel.Action
		certain bool
	}{
		{"error_190.json", 401, channel.ActToken, true},
		{"error_131047.json", 400, channel.ActWindow, true},
		{"error_130429.json", 429, channel.ActThrottle, true},
		{"error_80007.json", 400, channel.ActThrottle, true},
		{"error_132001.json", 404, channel.ActFail, true},
		{"error_368.json", 403, channel.ActCap, true},
		{"error_131016.json", 500, channel.ActRetry, false},
		{"error_133010.json", 400, channel.ActConfig, true},
		{"error_100.json", 400, channel.ActFail, true},
	} {
		all = append(all, channeltest.Refusal{Name: sheet.file, Answer: channeltest.Answer{Status: sheet.status, Body: string(read(t, sheet.file))}, Kind: sheet.kind, Certain: sheet.certain})
	}
	for kind, codes := range sheetCodes {
		for _, code := range codes {
			all = append(all, channeltest.Refusal{
				Name: "code " + strconv.Itoa(code), Kind: kind, Certain: true,
				Answer: channeltest.Answer{Status: 400, Body: fmt.Sprintf(`{"error":{"message":"no","code":%d}}`, code)},
			})
		}
	}
	return all
}

// sheetCodes are the codes of the Cloud API by what they ask for.
var sheetCodes = map[channel.Action][]int{
	channel.ActToken:     {0, 190, 3, 10, 200, 230, 299},
	channel.ActThrottle:  {4, 80007, 130429, 131056, 613},
	channel.ActCap:       {131048, 131064, 133016, 368, 131031, 131042, 131044},
	channel.ActRetry:     {1, 2, 131000, 131016, 135000, 131057, 131052, 131053},
	channel.ActConfig:    {33, 131030, 131037, 131045, 133000, 133005, 133006, 133008, 133009, 133010, 133015},
	channel.ActWindow:    {131047},
	channel.ActMarketing: {131050},
	channel.ActFail: {
		100, 131008, 131009, 130497, 130472, 131021, 131026, 131049, 131051, 131062,
		132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069, 137000,
	},
}

// TestEveryRefusalHasWords: whoever meets a refusal is told what happened and what to do.
func TestEveryRefusalHasWords(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"ja", "en"} {
		texts := whatsapp.New().Texts(locale)
		for _, codes := range sheetCodes {
			for _, code := range codes {
				for _, key := range []string{fmt.Sprintf("fault.%d", code), fmt.Sprintf("fault.%d.fix", code)} {
					if texts[key] == "" {
						t.Errorf("%s: no %s", locale, key)
					}
				}
			}
		}
	}
}

func TestPatience(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]struct {
		code, attempt int
		kind          channel.Action
		after         time.Duration
		scope         channel.RateScope
	}{
		"pair, first":       {131056, 1, channel.ActThrottle, 4 * time.Second, channel.RatePeer},
		"pair, third":       {131056, 3, channel.ActThrottle, 64 * time.Second, channel.RatePeer},
		"pair, much later":  {131056, 99, channel.ActThrottle, 15 * time.Minute, channel.RatePeer},
		"file, first":       {131053, 1, channel.ActRetry, 0, ""},
		"file, second":      {131053, 2, channel.ActFail, 0, ""},
		"temporary, third":  {131000, 3, channel.ActRetry, 0, ""},
		"temporary, fourth": {131000, 4, channel.ActFail, 0, ""},
		"maintenance":       {131057, 1, channel.ActRetry, time.Minute, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := answering(t, http.StatusBadRequest, fmt.Sprintf(`{"error":{"code":%d}}`, try.code))
			m := suite(t).Outgoing
			m.Attempt = try.attempt
			_, err := whatsapp.New().Send(t.Context(), account(t, server), m)
			f := channel.AsFault(err)
			if f == nil || f.Kind != try.kind || f.After != try.after || f.Scope != try.scope {
				t.Errorf("%+v", f)
			}
		})
	}
}

// sentTo parses the message's own request.
func sentTo(t *testing.T, requests []channeltest.Sent) map[string]any {
	t.Helper()
	last := requests[len(requests)-1]
	address, err := url.Parse(last.Path)
	if err != nil || last.Method != http.MethodPost || address.Path != "/v25.0/"+numberID+"/messages" ||
		address.Query().Get("appsecret_proof") != graph.Proof(appSecret, token) || last.Header.Get("Authorization") != "Bearer "+token {
		t.Errorf("%s %s with %v", last.Method, last.Path, last.Header)
	}
	var body map[string]any
	if err := json.Unmarshal(last.Body, &body); err != nil {
		t.Fatal(err)
	}
	return body
}

// body checks the message's own request: everything that it says.
func body(want string) func(*testing.T, []channeltest.Sent) {
	return func(t *testing.T, requests []channeltest.Sent) {
		var expected map[string]any
		if err := json.Unmarshal([]byte(want), &expected); err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]any{"messaging_product": "whatsapp", "recipient_type": "individual", "biz_opaque_callback_data": "d1-0"} {
			expected[name] = value
		}
		if expected["recipient"] == nil {
			expected["to"] = phone
		}
		if got := sentTo(t, requests); toJSON(t, got) != toJSON(t, expected) {
			t.Errorf("sent %s\nwant %s", toJSON(t, got), toJSON(t, expected))
		}
	}
}

func out(parts ...desk.Part) channel.Outgoing {
	return channel.Outgoing{To: channel.Peer{ExternalID: user, Alias: phone}, Key: "d1-0", Attempt: 1, Parts: parts}
}

func offer(above string, labels ...string) channel.Outgoing {
	p := desk.Part{Kind: desk.PartChoices, Text: above}
	for i, label := range labels {
		p.Choices = append(p.Choices, desk.Choice{ID: "o" + strconv.Itoa(i+1), Label: label})
	}
	return out(p)
}

// attached is a message with a file, after a caption if there is one.
func attached(kind desk.PartKind, name, mime, caption string) channel.Outgoing {
	m := out(desk.Part{Kind: kind, AttachmentID: 5})
	if caption != "" {
		m.Parts = append([]desk.Part{text(caption)}, m.Parts...)
	}
	m.Files = files(name, mime)
	return m
}

// spoken is a message that somebody recorded.
func spoken(mime string) channel.Outgoing {
	m := attached(desk.PartAudio, "voice", mime, "")
	m.Parts[0].Voice = true
	return m
}

func files(name, mime string) map[desk.ID]channel.File {
	return map[desk.ID]channel.File{5: {
		Attachment: desk.Attachment{ID: 5, Name: name, MIME: mime, Size: 5},
		Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("bytes")), nil
		},
	}}
}

// uploaded checks that the file went up before the message that names it.
func uploaded(mime, want string) func(*testing.T, []channeltest.Sent) {
	return func(t *testing.T, requests []channeltest.Sent) {
		body(want)(t, requests)
		up := requests[0]
		if path, _, _ := strings.Cut(up.Path, "?"); path != "/v25.0/"+numberID+"/media" || !strings.HasPrefix(up.Header.Get("Content-Type"), "multipart/form-data") {
			t.Errorf("uploaded to %s as %s", up.Path, up.Header.Get("Content-Type"))
		}
		for _, part := range []string{"\r\n\r\nwhatsapp\r\n", "\r\n\r\n" + mime + "\r\n", "Content-Type: " + mime, "\r\n\r\nbytes\r\n"} {
			if !bytes.Contains(up.Body, []byte(part)) {
				t.Errorf("no %q in %q", part, up.Body)
			}
		}
	}
}

func templateOf(variables map[string]string, headerKind string, kinds ...string) channel.Outgoing {
	m := out()
	m.Template = &desk.TemplateUse{Name: "order_update", Language: "ja", Variables: variables, ButtonKinds: kinds}
	if headerKind != "" {
		m.Template.HeaderFile, m.Template.HeaderKind, m.Files = 5, headerKind, files("a.pdf", "application/pdf")
	}
	return m
}

var upload = []channeltest.Answer{{Status: 200, Body: `{"id":"7700000000000001"}`}}

func sendings() []channeltest.Sending {
	reply := out(text("はい"))
	reply.ReplyTo = "wamid.IN1"
	nobody := out(text("ok"))
	nobody.To = channel.Peer{ExternalID: user}
	marked := desk.Part{Kind: desk.PartText, Text: "very big deal", Marks: []desk.Mark{
		{Kind: desk.MarkBold, Start: 5, End: 8}, {Kind: desk.MarkLink, Start: 9, End: 13, Href: "https://example.test/a"},
	}}
	placed := templateOf(nil, "")
	placed.Template.HeaderKind, placed.Template.HeaderPlace = "location", &desk.TemplatePlace{Lng: 139.25, Name: "店", Address: "東京都"}
	full := strings.Repeat("窓", 4096)
	fullMarked := desk.Part{Kind: desk.PartText, Text: full, Marks: []desk.Mark{{Kind: desk.MarkBold, Start: 0, End: 9}}}
	return []channeltest.Sending{
		{Name: "marks", Outgoing: out(marked), Check: body(`{"type":"text","text":{"body":"very *big* deal (https://example.test/a)","preview_url":true}}`)},
		{Name: "at the limit", Outgoing: out(text(full)), Check: body(`{"type":"text","text":{"body":"` + full + `"}}`)},
		{Name: "at the limit, marked", Outgoing: out(fullMarked), Check: body(`{"type":"text","text":{"body":"` + full + `"}}`)},
		{Name: "reply", Outgoing: reply, Check: body(`{"type":"text","text":{"body":"はい"},"context":{"message_id":"wamid.IN1"}}`)},
		{Name: "to somebody without a number", Outgoing: nobody, Check: body(`{"recipient":"JP.100000000000000001","type":"text","text":{"body":"ok"}}`)},
		{Name: "buttons", Outgoing: offer("よろしいですか", "はい", "いいえ"), Check: body(`{"type":"interactive","interactive":{"type":"button","body":{"text":"よろしいですか"},"action":{"buttons":[
			{"type":"reply","reply":{"id":"o1","title":"はい"}},{"type":"reply","reply":{"id":"o2","title":"いいえ"}}]}}}`)},
		{Name: "list", Outgoing: offer("", "1", "2", "3", "4"), Check: body(`{"type":"interactive","interactive":{"type":"list","body":{"text":"▼"},"action":{"button":"選択する","sections":[{"rows":[
			{"id":"o1","title":"1"},{"id":"o2","title":"2"},{"id":"o3","title":"3"},{"id":"o4","title":"4"}]}]}}}`)},
		{Name: "long labels are rows", Outgoing: offer("?", "twenty-one characters"), Check: body(`{"type":"interactive","interactive":{"type":"list","body":{"text":"?"},"action":{"button":"選択する","sections":[{"rows":[
			{"id":"o1","title":"twenty-one characters"}]}]}}}`)},
		{Name: "place", Outgoing: out(desk.Part{Kind: desk.PartLocation, Location: &desk.Location{Lat: 35.5, Lng: 139.25, Label: "東京駅"}}),
			Check: body(`{"type":"location","location":{"latitude":35.5,"longitude":139.25,"name":"東京駅"}}`)},
		{Name: "image", Outgoing: attached(desk.PartImage, "a.jpg", "image/jpeg", "見て"), Answers: upload,
			Check: uploaded("image/jpeg", `{"type":"image","image":{"id":"7700000000000001","caption":"見て"}}`)},
		{Name: "audio", Outgoing: attached(desk.PartAudio, "a.ogg", "audio/ogg", ""), Answers: upload,
			Check: uploaded("audio/ogg", `{"type":"audio","audio":{"id":"7700000000000001"}}`)},
		{Name: "voice message", Outgoing: spoken("audio/ogg"), Answers: upload,
			Check: uploaded("audio/ogg", `{"type":"audio","audio":{"id":"7700000000000001","voice":true}}`)},
		{Name: "voice that WhatsApp has no voice message for", Outgoing: spoken("audio/mp4"), Answers: upload,
			Check: uploaded("audio/mp4", `{"type":"audio","audio":{"id":"7700000000000001"}}`)},
		{Name: "video", Outgoing: attached(desk.PartVideo, "a.mp4", "video/mp4", ""), Answers: upload,
			Check: uploaded("video/mp4", `{"type":"video","video":{"id":"7700000000000001"}}`)},
		{Name: "document", Outgoing: attached(desk.PartFile, "見積.pdf", "application/pdf", "見積です"), Answers: upload,
			Check: uploaded("application/pdf", `{"type":"document","document":{"id":"7700000000000001","caption":"見積です","filename":"見積.pdf"}}`)},
		{Name: "image that is none there", Outgoing: attached(desk.PartImage, "a.gif", "image/gif", ""), Answers: upload,
			Check: uploaded("image/gif", `{"type":"document","document":{"id":"7700000000000001","filename":"a.gif"}}`)},
		{Name: "template", Outgoing: templateOf(map[string]string{"1": "秋子", "2": "A-1", "10": "x", "header.1": "注文", "button.0": "A1", "button.1": "yes", "button.2": "C"}, "", "url", "quick_reply", "copy_code"),
			Check: body(`{"type":"template","template":{"name":"order_update","language":{"policy":"deterministic","code":"ja"},"components":[
				{"type":"header","parameters":[{"type":"text","text":"注文"}]},
				{"type":"body","parameters":[{"type":"text","text":"秋子"},{"type":"text","text":"A-1"},{"type":"text","text":"x"}]},
				{"type":"button","sub_type":"url","index":"0","parameters":[{"type":"text","text":"A1"}]},
				{"type":"button","sub_type":"quick_reply","index":"1","parameters":[{"type":"payload","payload":"yes"}]},
				{"type":"button","sub_type":"copy_code","index":"2","parameters":[{"type":"coupon_code","coupon_code":"C"}]}]}}`)},
		{Name: "template with names and a file", Outgoing: templateOf(map[string]string{"name": "秋子"}, "document"), Answers: upload,
			Check: uploaded("application/pdf", `{"type":"template","template":{"name":"order_update","language":{"policy":"deterministic","code":"ja"},"components":[
				{"type":"header","parameters":[{"type":"document","document":{"id":"7700000000000001","filename":"a.pdf"}}]},
				{"type":"body","parameters":[{"type":"text","parameter_name":"name","text":"秋子"}]}]}}`)},
		{Name: "template with a place", Outgoing: placed,
			Check: body(`{"type":"template","template":{"name":"order_update","language":{"policy":"deterministic","code":"ja"},"components":[
				{"type":"header","parameters":[{"type":"location","location":{"latitude":0,"longitude":139.25,"name":"店","address":"東京都"}}]}]}}`)},
		{Name: "template without values", Outgoing: templateOf(nil, ""), Check: body(`{"type":"template","template":{"name":"order_update","language":{"policy":"deterministic","code":"ja"}}}`)},
	}
}
