package wechat_test

import (
	"bytes"
	"errors"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/desk"
)

// refusals are the errcodes of the provider's list that concern us, and what they ask for.
var refusals = map[int]channel.Action{
	-1: channel.ActRetry, 40007: channel.ActRetry,
	40001: channel.ActToken, 40002: channel.ActToken, 40013: channel.ActToken, 40014: channel.ActToken, 40125: channel.ActToken, 40243: channel.ActToken,
	41001: channel.ActToken, 42001: channel.ActToken, 50005: channel.ActToken, 61023: channel.ActToken,
	40164: channel.ActConfig, 89503: channel.ActConfig, 89506: channel.ActConfig, 48001: channel.ActConfig, 76022: channel.ActConfig,
	65400: channel.ActConfig, 65407: channel.ActConfig, 61451: channel.ActConfig,
	43004: channel.ActBlocked, 43019: channel.ActBlocked, 48002: channel.ActBlocked,
	45015: channel.ActWindow, 45047: channel.ActWindow,
	45011: channel.ActThrottle,
	45009: channel.ActCap, 48004: channel.ActCap, 50002: channel.ActCap, 50004: channel.ActCap, 50007: channel.ActCap,
	40003: channel.ActFail, 46004: channel.ActFail, 45001: channel.ActFail, 45002: channel.ActFail, 40004: channel.ActFail, 40006: channel.ActFail,
	40009: channel.ActFail, 45008: channel.ActFail, 45072: channel.ActFail, 45080: channel.ActFail, 45081: channel.ActFail,
	47001: channel.ActFail, 44002: channel.ActFail, 44004: channel.ActFail, 20002: channel.ActFail, 87009: channel.ActFail, 99999: channel.ActFail,
}

// last checks the message's own request.
func last(body string) func(*testing.T, []channeltest.Sent) {
	return func(t *testing.T, requests []channeltest.Sent) {
		r := requests[len(requests)-1]
		if r.Path != "/cgi-bin/message/custom/send?access_token=ACCESS_TOKEN_TEST" || string(r.Body) != body {
			t.Errorf("%s\n got %s\nwant %s", r.Path, r.Body, body)
		}
	}
}

const to = `{"touser":"` + openID + `",`

func sendings(t testing.TB) []channeltest.Sending {
	upload := ok(`{"type":"image","media_id":"UP1","created_at":1764000000}`)
	token := string(read(t, "token_200.json"))
	href := "https://example.test/?a=1&b=\"2\""
	long := strings.Repeat("窓", 2000/3)
	return []channeltest.Sending{
		{Name: "characters as they are", Outgoing: textOf("<b> & 你好 \u00e9"), Check: last(to + `"msgtype":"text","text":{"content":"<b> & 你好 é"}}`)},
		{
			Name: "link behind words", Outgoing: textOf("見る😀こちら。", desk.Mark{Kind: desk.MarkLink, Start: 4, End: 7, Href: href}),
			Check: last(to + `"msgtype":"text","text":{"content":"見る😀<a href=\"https://example.test/?a=1&b=%222%22\">こちら</a>。"}}`),
		},
		{
			Name: "link that makes it too long", Outgoing: textOf(long+"こちら", desk.Mark{Kind: desk.MarkLink, Start: 666, End: 669, Href: "https://example.test/" + strings.Repeat("a", 50)}),
			Check: last(to + `"msgtype":"text","text":{"content":"` + long + `こちら"}}`),
		},
		{
			Name: "link that says itself", Outgoing: textOf("https://example.test/", desk.Mark{Kind: desk.MarkLink, Start: 0, End: 21, Href: "https://example.test/"}),
			Check: last(to + `"msgtype":"text","text":{"content":"https://example.test/"}}`),
		},
		{Name: "bold is left out", Outgoing: textOf("太い", desk.Mark{Kind: desk.MarkBold, Start: 0, End: 2}), Check: last(to + `"msgtype":"text","text":{"content":"太い"}}`)},
		{Name: "text at the limit", Outgoing: textOf(strings.Repeat("a", 2048)), Check: last(to + `"msgtype":"text","text":{"content":"` + strings.Repeat("a", 2048) + `"}}`)},
		{
			Name: "choices", Outgoing: outgoing(desk.Part{Kind: desk.PartChoices, Text: "ご用件は?", Choices: []desk.Choice{{ID: "o1", Label: "予約"}, {ID: "o2", Label: "変更"}}}),
			Check: last(to + `"msgtype":"msgmenu","msgmenu":{"head_content":"ご用件は?","list":[{"id":"o1","content":"1. 予約"},{"id":"o2","content":"2. 変更"}]}}`),
		},
		{Name: "image", Outgoing: fileOf(desk.PartImage, "image/png", "png!"), Answers: []channeltest.Answer{upload}, Check: uploaded("image", "image.png", "png!", `"msgtype":"image","image":{"media_id":"UP1"}}`)},
		{Name: "voice", Outgoing: fileOf(desk.PartAudio, "audio/mpeg", "mp3!"), Answers: []channeltest.Answer{upload}, Check: uploaded("voice", "voice.mp3", "mp3!", `"msgtype":"voice","voice":{"media_id":"UP1"}}`)},
		{
			Name: "video", Outgoing: fileOf(desk.PartVideo, "video/mp4", "mp4!"), Answers: []channeltest.Answer{upload, ok(`{"type":"thumb","thumb_media_id":"TH1","created_at":1764000000}`)},
			Check: uploaded("video", "video.mp4", "mp4!", `"msgtype":"video","video":{"media_id":"UP1","thumb_media_id":"TH1"}}`),
		},
		{
			Name: "a fresh token once", Outgoing: textOf("a"), Answers: []channeltest.Answer{ok(string(read(t, "err_40001.json"))), ok(`{"access_token":"T2","expires_in":7200}`)},
			Check: func(t *testing.T, requests []channeltest.Sent) {
				if path := requests[3].Path; !strings.HasSuffix(path, "access_token=T2") || strings.Contains(string(requests[2].Body), `"force_refresh":true`) {
					t.Errorf("%s after %s", path, requests[2].Body)
				}
			},
		},
		{
			Name: "a fresh token by force", Outgoing: textOf("a"), Answers: []channeltest.Answer{ok(string(read(t, "err_40001.json"))), ok(token), ok(`{"access_token":"T2","expires_in":7200}`)},
			Check: func(t *testing.T, requests []channeltest.Sent) {
				if path := requests[4].Path; !strings.HasSuffix(path, "access_token=T2") || !strings.Contains(string(requests[3].Body), `"force_refresh":true`) {
					t.Errorf("%s after %s", path, requests[3].Body)
				}
			},
		},
	}
}

// uploaded checks that a file went up, whole and under a name that the provider knows its kind by, and then the message.
func uploaded(kind, name, content, body string) func(*testing.T, []channeltest.Sent) {
	return func(t *testing.T, requests []channeltest.Sent) {
		up := requests[1]
		if up.Path != "/cgi-bin/media/upload?access_token=ACCESS_TOKEN_TEST&type="+kind {
			t.Errorf("uploaded to %s", up.Path)
		}
		_, params, err := mime.ParseMediaType(up.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		form, err := multipart.NewReader(bytes.NewReader(up.Body), params["boundary"]).ReadForm(1 << 20)
		if err != nil {
			t.Fatal(err)
		}
		if file := form.File["media"]; len(file) != 1 || file[0].Filename != name || file[0].Size != int64(len(content)) {
			t.Errorf("form %+v", form.File)
		}
		last(to+body)(t, requests)
	}
}

// serve answers the requests of one account in order, the token's first.
func serve(t *testing.T, answers ...channeltest.Answer) channel.Account {
	t.Helper()
	requests := make(chan channeltest.Answer, len(answers)+1)
	requests <- ok(string(read(t, "token_200.json")))
	for _, a := range answers {
		requests <- a
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		select {
		case a := <-requests:
			for name, values := range a.Header {
				w.Header()[name] = values
			}
			w.WriteHeader(a.Status)
			_, _ = w.Write([]byte(a.Body))
		default:
			t.Error("a request too many")
		}
	}))
	t.Cleanup(server.Close)
	return account(t, server.URL)
}

func faultOf(t *testing.T, err error) *channel.Fault {
	t.Helper()
	var f *channel.Fault
	if err != nil && !errors.As(err, &f) {
		t.Fatalf("not a fault: %v", err)
	}
	return f
}

func TestFaultsThatNeedALook(t *testing.T) {
	t.Parallel()
	refused := func(code string) channeltest.Answer { return ok(`{"errcode":` + code + `,"errmsg":"no"}`) }
	again := textOf("a")
	again.Attempt = 2
	for name, try := range map[string]struct {
		m       channel.Outgoing
		answers []channeltest.Answer
		kind    channel.Action
		after   time.Duration
	}{
		"window closed":         {textOf("a"), []channeltest.Answer{refused("45015"), ok(`{"subscribe":1,"openid":"o"}`)}, channel.ActWindow, 0},
		"window, unsubscribed":  {textOf("a"), []channeltest.Answer{refused("45015"), ok(`{"subscribe":0,"openid":"o"}`)}, channel.ActBlocked, 0},
		"token void twice":      {textOf("a"), []channeltest.Answer{refused("40001"), ok(`{"access_token":"T2","expires_in":7200}`), refused("40001")}, channel.ActToken, 0},
		"media forgotten":       {textOf("a"), []channeltest.Answer{refused("40007")}, channel.ActRetry, 0},
		"media forgotten again": {again, []channeltest.Answer{refused("40007")}, channel.ActFail, 0},
		"minute's quota":        {textOf("a"), []channeltest.Answer{refused("45011")}, channel.ActThrottle, time.Minute},
		"day's quota":           {textOf("a"), []channeltest.Answer{refused("45009")}, channel.ActCap, 12 * time.Hour},
		"upload busy":           {fileOf(desk.PartImage, "image/png", "a"), []channeltest.Answer{refused("-1")}, channel.ActRetry, 0},
		"upload without an id":  {fileOf(desk.PartImage, "image/png", "a"), []channeltest.Answer{ok("{}")}, channel.ActRetry, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := connector().Send(t.Context(), serve(t, try.answers...), try.m)
			if f := faultOf(t, err); f == nil || f.Kind != try.kind || !f.Certain || f.After != try.after {
				t.Errorf("%+v", f)
			}
		})
	}
}

func TestRefusedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]channel.Outgoing{
		"two parts": outgoing(text("a"), text("b")),
		"a place":   outgoing(desk.Part{Kind: desk.PartLocation, Location: &desk.Location{}}),
		"a pdf":     fileOf(desk.PartImage, "application/pdf", "a"),
		"no file":   outgoing(desk.Part{Kind: desk.PartImage, AttachmentID: 9}),
	} {
		_, err := connector().Send(t.Context(), account(t, "http://127.0.0.1:1"), m)
		if f := faultOf(t, err); f == nil || f.Kind != channel.ActFail || !f.Certain {
			t.Errorf("%s: %+v", name, f)
		}
	}
}
