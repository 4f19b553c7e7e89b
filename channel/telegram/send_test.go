package telegram_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/telegram"
	"madoguchi/desk"
)

func replace(format, with string) string { return strings.Replace(format, "%s", with, 1) }

// posted checks the one call that was made: its method and, as JSON, its parameters.
func posted(method, params string) func(*testing.T, []channeltest.Sent) {
	return func(t *testing.T, sent []channeltest.Sent) {
		t.Helper()
		r := sent[len(sent)-1]
		if want := "/bot" + token + "/" + method; r.Path != want || r.Method != http.MethodPost {
			t.Errorf("%s %s, want %s", r.Method, r.Path, want)
		}
		var got, want any
		if err := errors.Join(json.Unmarshal(r.Body, &got), json.Unmarshal([]byte(params), &want)); err != nil {
			t.Fatal(err)
		}
		equal(t, "parameters", got, want)
	}
}

// uploaded checks the one upload that was made: its method, its file's field and name, and its other fields.
func uploaded(method, field, name string, fields map[string]string) func(*testing.T, []channeltest.Sent) {
	return func(t *testing.T, sent []channeltest.Sent) {
		t.Helper()
		r := sent[len(sent)-1]
		if want := "/bot" + token + "/" + method; r.Path != want {
			t.Errorf("%s, want %s", r.Path, want)
		}
		_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for parts := multipart.NewReader(bytes.NewReader(r.Body), params["boundary"]); ; {
			p, err := parts.NextPart()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(p)
			if err != nil {
				t.Fatal(err)
			}
			if got[p.FormName()] = string(content); p.FileName() != "" {
				got[p.FormName()] = p.FileName() + ": " + string(content)
			}
		}
		want := map[string]string{"chat_id": "5000000001", field: name + ": bytes of the file"}
		for k, v := range fields {
			want[k] = v
		}
		equal(t, "form", got, want)
	}
}

func textPart(s string, marks ...desk.Mark) desk.Part {
	return desk.Part{Kind: desk.PartText, Text: s, Marks: marks}
}

func sendings() []channeltest.Sending {
	reply := outgoing(textPart("はい"))
	reply.ReplyTo = "5000000001/11"
	captioned := outgoing(textPart("これです", desk.Mark{Kind: desk.MarkBold, Start: 0, End: 2}), desk.Part{Kind: desk.PartImage, AttachmentID: 1})
	captioned.ReplyTo = "5000000001/11"
	media := func(kind desk.PartKind, id desk.ID) channel.Outgoing {
		return outgoing(desk.Part{Kind: kind, AttachmentID: id})
	}
	long := strings.Repeat("あ", 4093) + "\nb"
	return []channeltest.Sending{
		{Name: "marks", Outgoing: outgoing(textPart("😀bold\none\ntwo link", desk.Mark{Kind: desk.MarkBold, Start: 2, End: 6},
			desk.Mark{Kind: desk.MarkItem, Start: 7, End: 10}, desk.Mark{Kind: desk.MarkItem, Start: 11, End: 19},
			desk.Mark{Kind: desk.MarkLink, Start: 15, End: 19, Href: "https://example.test"}, desk.Mark{Kind: desk.MarkCode, Start: 7, End: 10})),
			Check: posted("sendMessage", `{"chat_id":5000000001,"text":"😀bold\n• one\n• two link","entities":[
				{"type":"bold","offset":2,"length":4},{"type":"text_link","offset":19,"length":4,"url":"https://example.test"},{"type":"code","offset":9,"length":3}]}`)},
		{Name: "signs that look like formatting", Outgoing: outgoing(textPart("<b>*a*</b> & _b_")),
			Check: posted("sendMessage", `{"chat_id":5000000001,"text":"<b>*a*</b> & _b_"}`)},
		{Name: "a list at the limit has no room for bullets", Outgoing: outgoing(textPart(long, desk.Mark{Kind: desk.MarkItem, Start: 4094, End: 4095})),
			Check: posted("sendMessage", `{"chat_id":5000000001,"text":`+quoted(long)+`}`)},
		{Name: "reply", Outgoing: reply, Check: posted("sendMessage", `{"chat_id":5000000001,"text":"はい","reply_parameters":{"message_id":11,"allow_sending_without_reply":true}}`)},
		{Name: "choices", Outgoing: outgoing(desk.Part{Kind: desk.PartChoices, Text: "どれ", Choices: []desk.Choice{{ID: "opt_a", Label: "予約"}, {ID: "opt_b", Label: "返金"}}}),
			Check: posted("sendMessage", `{"chat_id":5000000001,"text":"どれ","reply_markup":{"inline_keyboard":[[{"text":"予約","callback_data":"opt_a"}],[{"text":"返金","callback_data":"opt_b"}]]}}`)},
		{Name: "choices without text", Outgoing: outgoing(desk.Part{Kind: desk.PartChoices, Choices: []desk.Choice{{ID: strings.Repeat("x", 64), Label: "a"}}}),
			Check: posted("sendMessage", `{"chat_id":5000000001,"text":"👇","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"`+strings.Repeat("x", 64)+`"}]]}}`)},
		{Name: "location", Outgoing: outgoing(desk.Part{Kind: desk.PartLocation, Location: &desk.Location{Lat: 35.5, Lng: 139.5}}),
			Check: posted("sendLocation", `{"chat_id":5000000001,"latitude":35.5,"longitude":139.5}`)},
		{Name: "venue", Outgoing: outgoing(desk.Part{Kind: desk.PartLocation, Location: &desk.Location{Lat: 35.5, Lng: 139.5, Label: "駅\n東京"}}),
			Check: posted("sendVenue", `{"chat_id":5000000001,"latitude":35.5,"longitude":139.5,"title":"駅","address":"東京"}`)},
		{Name: "a place with a name only", Outgoing: outgoing(desk.Part{Kind: desk.PartLocation, Location: &desk.Location{Lat: 35.5, Lng: 139.5, Label: "駅"}}),
			Check: posted("sendVenue", `{"chat_id":5000000001,"latitude":35.5,"longitude":139.5,"title":"駅","address":"35.500000, 139.500000"}`)},
		{Name: "photo with caption", Outgoing: captioned, Check: uploaded("sendPhoto", "photo", "写真.jpg", map[string]string{
			"caption": "これです", "caption_entities": `[{"type":"bold","offset":0,"length":2}]`, "reply_parameters": `{"allow_sending_without_reply":true,"message_id":11}`})},
		{Name: "gif", Outgoing: media(desk.PartImage, 2), Check: uploaded("sendAnimation", "animation", "loop.gif", nil)},
		{Name: "a picture too wide for a photo", Outgoing: media(desk.PartImage, 3), Check: uploaded("sendDocument", "document", "wide.png", nil)},
		{Name: "video", Outgoing: media(desk.PartVideo, 4), Check: uploaded("sendVideo", "video", "clip.mp4", nil)},
		{Name: "voice", Outgoing: outgoing(desk.Part{Kind: desk.PartAudio, AttachmentID: 5, Voice: true}), Check: uploaded("sendVoice", "voice", "talk.ogg", nil)},
		{Name: "audio", Outgoing: media(desk.PartAudio, 6), Check: uploaded("sendAudio", "audio", "song.mp3", nil)},
		{Name: "audio that is not for players", Outgoing: media(desk.PartAudio, 5), Check: uploaded("sendDocument", "document", "talk.ogg", nil)},
		{Name: "file", Outgoing: media(desk.PartFile, 7), Check: uploaded("sendDocument", "document", "領収書.pdf", nil)},
	}
}

func quoted(s string) string {
	raw, _ := json.Marshal(s) // a string always encodes
	return string(raw)
}

// refused is an answer of Telegram's that is no success.
func refused(status int, description, parameters string) channeltest.Answer {
	body, _ := json.Marshal(map[string]any{"ok": false, "error_code": status, "description": description, "parameters": json.RawMessage(parameters)}) // always encodes
	return channeltest.Answer{Status: status, Body: string(body)}
}

// outcomes are all refusals of the reference sheet, and what each means.
var outcomes = []struct {
	status      int
	description string
	kind        channel.Action
	code        string
}{
	{401, "Unauthorized", channel.ActToken, "token_refused"},
	{404, "Not Found", channel.ActToken, "token_refused"}, // getMe is answered alike
	{403, "Forbidden: bot was blocked by the user", channel.ActBlocked, "blocked"},
	{403, "Forbidden: user is deactivated", channel.ActBlocked, "deactivated"},
	{403, "Forbidden: bot can't initiate conversation with a user", channel.ActFail, "never_started"},
	{403, "Forbidden: bot was kicked from the group chat", channel.ActFail, "never_started"},
	{403, "Forbidden: something new", channel.ActFail, "forbidden"},
	{400, "Bad Request: chat not found", channel.ActFail, "chat_not_found"},
	{400, "Bad Request: PEER_ID_INVALID", channel.ActFail, "chat_not_found"},
	{400, "Bad Request: message text is empty", channel.ActFail, "text_empty"},
	{400, "Bad Request: message is too long", channel.ActFail, "text_too_long"},
	{400, "Bad Request: message caption is too long", channel.ActFail, "text_too_long"},
	{400, "Bad Request: can't parse entities: unsupported start tag", channel.ActFail, "marks_refused"},
	{400, "Bad Request: BUTTON_DATA_INVALID", channel.ActFail, "choices_refused"},
	{400, "Bad Request: REACTION_INVALID", channel.ActFail, "reaction_refused"},
	{400, "Bad Request: wrong file identifier/HTTP URL specified", channel.ActFail, "file_refused"},
	{400, "Bad Request: failed to get HTTP URL content", channel.ActRetry, "file_refused"},
	{400, "Bad Request: file is too big", channel.ActFail, "file_too_big"},
	{400, "Bad Request: PHOTO_INVALID_DIMENSIONS", channel.ActFail, "file_refused"},
	{400, "Bad Request: group chat was upgraded to a supergroup chat", channel.ActFail, "chat_moved"},
	{400, "Bad Request: bad webhook: HTTPS url must be provided for webhook", channel.ActConfig, "webhook_refused"},
	{400, "Bad Request: something new", channel.ActFail, "refused"},
	{409, "Conflict: terminated by other getUpdates request", channel.ActConfig, "used_elsewhere"},
	{413, "Request Entity Too Large", channel.ActFail, "file_too_big"},
	{429, "Too Many Requests: retry after 7", channel.ActThrottle, "flood"},
	{418, "a teapot", channel.ActFail, "http_418"},
}

func refusals(t testing.TB) []channeltest.Refusal {
	var list []channeltest.Refusal
	for _, o := range outcomes {
		answer := refused(o.status, o.description, `{}`)
		list = append(list, channeltest.Refusal{Name: o.description, Answer: answer, Kind: o.kind, Certain: true})
		answer.Status = http.StatusOK
		list = append(list, channeltest.Refusal{Name: o.description + " in 200", Answer: answer, Kind: o.kind, Certain: true})
	}
	for name, kind := range map[string]channel.Action{
		"error_401": channel.ActToken, "error_403_blocked": channel.ActBlocked, "error_403_deactivated": channel.ActBlocked,
		"error_400_chat": channel.ActFail, "error_400_long": channel.ActFail, "error_409": channel.ActConfig,
	} {
		var e struct {
			Code int `json:"error_code"`
		}
		if err := json.Unmarshal([]byte(testdata(t, name)), &e); err != nil {
			t.Fatal(err)
		}
		list = append(list, channeltest.Refusal{Name: name, Answer: channeltest.Answer{Status: e.Code, Body: testdata(t, name)}, Kind: kind, Certain: true})
	}
	for _, status := range []int{500, 502, 504} {
		list = append(list, channeltest.Refusal{Name: "the server's trouble", Answer: refused(status, "Internal Server Error", `{}`), Kind: channel.ActRetry})
	}
	return append(list, channeltest.Refusal{Name: "no success and no reason", Answer: channeltest.Answer{Status: 200, Body: `{"ok":false}`}, Kind: channel.ActRetry})
}

// send sends to a provider that always gives the same answer.
func send(t *testing.T, m channel.Outgoing, answers ...channeltest.Answer) (desk.ExternalID, *channel.Fault) {
	t.Helper()
	id, err := telegram.New().Send(t.Context(), account(t, provider(t, nil, answers...)), m)
	var f *channel.Fault
	if err != nil && !errors.As(err, &f) {
		t.Fatal(err)
	}
	return id, f
}

func TestSendTellsWhy(t *testing.T) {
	t.Parallel()
	texts := telegram.New().Texts("en")
	for _, o := range outcomes {
		_, f := send(t, outgoing(textPart("ok")), refused(o.status, o.description+" bot"+token, `{"retry_after":7}`))
		if f == nil || f.Code != o.code {
			t.Errorf("%s: %+v, want %s", o.description, f, o.code)
			continue
		}
		if strings.Contains(f.Error(), token) {
			t.Errorf("the fault tells the token: %v", f)
		}
		if (f.After == 7*time.Second) != (f.Kind == channel.ActThrottle) {
			t.Errorf("%s: after %v", o.description, f.After)
		}
		if !strings.HasPrefix(f.Code, "http_") && (texts["fault."+f.Code] == "" || texts["fault."+f.Code+".fix"] == "") {
			t.Errorf("no words for %s", f.Code)
		}
	}
	if _, f := send(t, outgoing(textPart("ok")), refused(429, "Too Many Requests", `{}`)); f == nil || f.After != 5*time.Second {
		t.Errorf("a flood without a time: %+v", f)
	}
	getMe := channeltest.Answer{Status: 200, Body: testdata(t, "getme_200")}
	if _, f := send(t, outgoing(textPart("ok")), refused(404, "Not Found", `{}`), getMe); f == nil || f.Kind != channel.ActFail || f.Code != "not_found" {
		t.Errorf("the bot is known, so the token is good: %+v", f)
	}
}

func TestSendRefusesBeforehand(t *testing.T) {
	t.Parallel()
	nobody := outgoing(textPart("ok"))
	nobody.To.ExternalID = "aki_t"
	for code, m := range map[string]channel.Outgoing{
		"text_empty":      outgoing(),
		"chat_not_found":  nobody,
		"file_refused":    outgoing(desk.Part{Kind: desk.PartFile, AttachmentID: 99}),
		"file_too_big":    outgoing(desk.Part{Kind: desk.PartFile, AttachmentID: 8}),
		"choices_refused": outgoing(desk.Part{Kind: desk.PartChoices, Text: "a", Choices: []desk.Choice{{ID: strings.Repeat("x", 65), Label: "a"}}}),
	} {
		if _, f := send(t, m); f == nil || f.Code != code || !f.Certain || f.Kind != channel.ActFail {
			t.Errorf("%s: %+v", code, f)
		}
	}
}

func TestErrorsTellNoToken(t *testing.T) {
	t.Parallel()
	_, err := telegram.New().Send(t.Context(), account(t, "http://127.0.0.1:1"), outgoing(textPart("ok")))
	_, fetched := telegram.New().Fetch(t.Context(), account(t, "http://127.0.0.1:1"), "ref")
	for _, err := range []error{err, fetched} {
		if err == nil || strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "/bot") {
			t.Errorf("the error tells the address: %v", err)
		}
	}
}
