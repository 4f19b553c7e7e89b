package messenger_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/graph"
	"madoguchi/channel/messenger"
	"madoguchi/desk"
)

const (
	secret = "5f2b1c0de4a9478bb0c6f1a2d3e4f506"
	token  = "EAAB-fictional-token"
	page   = "1008200000001"
	person = "7700000000001"
	saved  = `{"page_id":"1008200000001","app_id":"123456789","human_agent":true}`
)

var secrets = map[string]string{"app_secret": secret, "access_token": token, "verify_token": "vt_test"}

func endpoint() channel.Endpoint {
	return channel.Endpoint{
		Channel: desk.Channel{ID: 7, Kind: messenger.Kind, Account: page, Settings: json.RawMessage(saved)}, Secrets: secrets,
		URL: "https://desk.example.test/hooks/x", Received: time.Date(2025, 11, 24, 16, 0, 1, 0, time.UTC),
	}
}

func account(_ *testing.T, baseURL string) channel.Account {
	return channel.Account{
		Channel: endpoint().Channel, Secrets: secrets, BaseURL: baseURL, Callback: endpoint().URL, Client: channeltest.Client(), Now: time.Now,
	}
}

func sign(e channel.Endpoint, r channel.Request) channel.Request {
	r.Header = r.Header.Clone()
	r.Header.Set(graph.SignatureHeader, graph.Sign(e.Secrets["app_secret"], r.Body))
	return r
}

// meaning is what each of the provider's fixtures comes to.
var meaning = map[string]string{
	"in_text.json": "message", "in_batch.json": "message message", "in_quick_reply.json": "message", "in_image.json": "message",
	"in_sticker.json": "message", "in_location.json": "message", "in_fallback.json": "message", "in_reply.json": "message",
	"echo.json": "echo", "referral.json": "standing", "delivery.json": "receipt receipt", "reaction.json": "reaction",
	"standby_message.json": "message", "take_thread_control.json": "notice", "policy_block.json": "notice",
}

func fixtures(t testing.TB) []channeltest.Fixture {
	t.Helper()
	var signatures map[string]string
	if err := json.Unmarshal([]byte(file(t, "signatures.json")), &signatures); err != nil {
		t.Fatal(err)
	}
	var all []channeltest.Fixture
	for name, signature := range signatures {
		all = append(all, channeltest.Fixture{Name: name, Endpoint: endpoint(), Want: meaning[name], Check: checks[name], Request: channel.Request{
			Method: http.MethodPost, URL: "/hooks/x", Header: http.Header{graph.SignatureHeader: {signature}}, Body: []byte(file(t, name)),
		}})
	}
	return append(all, composed()...)
}

func file(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func suite(t testing.TB) channeltest.Suite {
	return channeltest.Suite{
		Connector: messenger.New(), Fixtures: fixtures(t), Sign: sign, Account: account,
		Outgoing: channel.Outgoing{
			To: channel.Peer{Scope: page, ExternalID: person}, Key: "81-0", Parts: []desk.Part{{Kind: desk.PartText, Text: "お待ちください"}},
		},
		Accept:   channeltest.Answer{Status: 200, Body: file(t, "send_200.json")},
		Refusals: refusals(t), Sendings: sendings(),
		Verifications: map[string]channeltest.Verification{"1158201444": {Endpoint: endpoint(), Request: channel.Request{
			Method: http.MethodGet, URL: "/hooks/x?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=vt_test",
		}}},
		Settings: saved,
		BadSettings: map[string]string{
			"page_id":     `{"page_id":"my page","app_id":"123456789"}`,
			"app_id":      `{"page_id":"1008200000001"}`,
			"human_agent": `{"page_id":"1008200000001","app_id":"123456789","human_agent":"yes"}`,
		},
	}
}

func TestConnector(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, suite(t))
}

func FuzzReceive(f *testing.F) { channeltest.Fuzz(f, suite(f)) }

// refusals are the provider's fixtures, and every code of its list.
func refusals(t testing.TB) []channeltest.Refusal {
	all := []channeltest.Refusal{
		{Name: "window", Answer: channeltest.Answer{Status: 400, Body: file(t, "error_10_2018278.json")}, Kind: channel.ActWindow, Certain: true},
		{Name: "rate", Answer: channeltest.Answer{Status: 400, Body: file(t, "error_613.json")}, Kind: channel.ActThrottle, Certain: true},
		{Name: "retired tag", Answer: channeltest.Answer{Status: 400, Body: file(t, "error_100_1893061.json")}, Kind: channel.ActConfig, Certain: true},
		{Name: "tag not approved", Answer: channeltest.Answer{Status: 400, Body: file(t, "error_100_2018276.json")}, Kind: channel.ActWindow, Certain: true},
		{Name: "development mode", Answer: channeltest.Answer{Status: 403, Body: file(t, "error_200_2018028.json")}, Kind: channel.ActConfig, Certain: true},
		{Name: "passing", Answer: channeltest.Answer{Status: 500, Body: file(t, "error_2.json")}, Kind: channel.ActRetry},
	}
	for code, kind := range map[string]channel.Action{
		`190,"error_subcode":463`: channel.ActToken, `190,"error_subcode":460`: channel.ActToken, `10`: channel.ActToken, `200`: channel.ActToken, `299`: channel.ActToken,
		`10,"error_subcode":2018065`: channel.ActWindow, `10,"error_subcode":2534022`: channel.ActWindow,
		`10,"error_subcode":999,"message":"sent outside of allowed window."`: channel.ActWindow,
		`551,"error_subcode":1545041`:                                        channel.ActBlocked, `230`: channel.ActBlocked, `10,"error_subcode":2018108`: channel.ActBlocked, `200,"error_subcode":1545041`: channel.ActBlocked,
		`100,"error_subcode":2018001`: channel.ActFail, `100,"error_subcode":33`: channel.ActFail, `100,"error_subcode":2018034`: channel.ActFail, `100`: channel.ActFail,
		`100,"error_subcode":2018109`: channel.ActFail, `100,"error_subcode":2018074`: channel.ActFail, `100,"error_subcode":2018047`: channel.ActRetry,
		`4`: channel.ActThrottle, `17`: channel.ActThrottle, `32`: channel.ActThrottle, `80001`: channel.ActThrottle, `80002`: channel.ActThrottle, `80006`: channel.ActThrottle,
		`613,"error_subcode":1893016`: channel.ActCap, `368`: channel.ActCap, `2022`: channel.ActCap,
		`1`: channel.ActRetry, `2`: channel.ActRetry, `1200`: channel.ActRetry, `777,"is_transient":true`: channel.ActRetry,
		`2,"error_subcode":2018344`: channel.ActConfig, `2018344`: channel.ActConfig, `804`: channel.ActConfig, `21`: channel.ActConfig, `10904`: channel.ActConfig,
	} {
		all = append(all, channeltest.Refusal{Name: code, Kind: kind, Certain: true, Answer: channeltest.Answer{Status: 400, Body: `{"error":{"code":` + code + `}}`}})
	}
	return append(all, channeltest.Refusal{
		Name: "inside 200", Answer: channeltest.Answer{Status: 200, Body: `{"error":{"code":551}}`}, Kind: channel.ActBlocked, Certain: true,
	})
}

func attachment(kind desk.PartKind, mime string) (desk.Part, map[desk.ID]channel.File) {
	a := desk.Attachment{ID: 5, Kind: kind, Name: "見積.pdf", MIME: mime, Size: 5}
	return desk.Part{Kind: kind, AttachmentID: 5}, map[desk.ID]channel.File{5: {Attachment: a, Open: open}}
}

func text(s string) []desk.Part { return []desk.Part{{Kind: desk.PartText, Text: s}} }

func to(parts []desk.Part) channel.Outgoing {
	return channel.Outgoing{To: channel.Peer{Scope: page, ExternalID: person}, Key: "81-0", Parts: parts}
}

// posts expects one request of the Send API with this body.
func posts(want string) func(*testing.T, []channeltest.Sent) {
	return func(t *testing.T, requests []channeltest.Sent) {
		last := requests[len(requests)-1]
		if last.Method != http.MethodPost || !strings.HasPrefix(last.Path, "/v25.0/"+page+"/messages?appsecret_proof=") || last.Header.Get("Authorization") != "Bearer "+token {
			t.Errorf("%s %s with %v", last.Method, last.Path, last.Header)
		}
		if got := strings.TrimSpace(string(last.Body)); got != want {
			t.Errorf("sent %s\nwant %s", got, want)
		}
	}
}

func sendings() []channeltest.Sending {
	const head = `{"recipient":{"id":"7700000000001"},"messaging_type":"RESPONSE","message":`
	reply, late := to(text("はい")), to(text("遅くなりました"))
	reply.ReplyTo, late.Tag = "m_IN1", "human_agent"
	choices := to([]desk.Part{{Kind: desk.PartChoices, Text: "どちら?", Choices: []desk.Choice{{ID: "flow:7:a", Label: "A"}, {ID: "flow:7:b", Label: "B"}}}})
	bare := to([]desk.Part{{Kind: desk.PartChoices, Choices: choices.Parts[0].Choices}})
	marked := to([]desk.Part{{Kind: desk.PartText, Text: "see here", Marks: []desk.Mark{
		{Kind: desk.MarkBold, Start: 0, End: 3}, {Kind: desk.MarkLink, Start: 4, End: 8, Href: "https://a.test"},
	}}})
	all := []channeltest.Sending{
		{Name: "marks", Outgoing: marked, Check: posts(head + `{"text":"see here (https://a.test)","metadata":"81-0"}}`)},
		{Name: "reply", Outgoing: reply, Check: posts(head + `{"text":"はい","metadata":"81-0"},"reply_to":{"mid":"m_IN1"}}`)},
		{Name: "choices", Outgoing: choices, Check: posts(head + `{"text":"どちら?","quick_replies":[{"content_type":"text","title":"A","payload":"flow:7:a"},{"content_type":"text","title":"B","payload":"flow:7:b"}],"metadata":"81-0"}}`)},
		{Name: "choices alone", Outgoing: bare, Check: posts(head + `{"text":"A / B","quick_replies":[{"content_type":"text","title":"A","payload":"flow:7:a"},{"content_type":"text","title":"B","payload":"flow:7:b"}],"metadata":"81-0"}}`)},
		{Name: "after 24 hours", Outgoing: late, Check: posts(`{"recipient":{"id":"7700000000001"},"messaging_type":"MESSAGE_TAG","tag":"HUMAN_AGENT","message":{"text":"遅くなりました","metadata":"81-0"}}`)},
		{Name: "text at the limit", Outgoing: to(text(strings.Repeat("窓", 2000))), Check: posts(head + `{"text":"` + strings.Repeat("窓", 2000) + `","metadata":"81-0"}}`)},
	}
	for kind, mime := range map[desk.PartKind]string{desk.PartImage: "image/png", desk.PartAudio: "audio/mp4", desk.PartVideo: "video/mp4", desk.PartFile: "application/pdf"} {
		part, files := attachment(kind, mime)
		m := to([]desk.Part{part})
		m.Files = files
		all = append(all, channeltest.Sending{
			Name: string(kind), Outgoing: m, Answers: []channeltest.Answer{{Status: 200, Body: `{"attachment_id":"1857777774821032"}`}},
			Check: func(t *testing.T, requests []channeltest.Sent) {
				uploads(t, requests[0], string(kind), mime)
				posts(head+`{"attachment":{"type":"`+string(kind)+`","payload":{"attachment_id":"1857777774821032"}},"metadata":"81-0"}}`)(t, requests)
			},
		})
	}
	return all
}

func uploads(t *testing.T, r channeltest.Sent, kind, mime string) {
	t.Helper()
	body := string(r.Body)
	for _, part := range []string{`{"attachment":{"type":"` + kind + `","payload":{"is_reusable":true}}}`, `name="filedata"; filename="見積.pdf"`, "Content-Type: " + mime, "bytes"} {
		if !strings.Contains(body, part) {
			t.Errorf("the upload lacks %s: %s", part, body)
		}
	}
	if !strings.HasPrefix(r.Path, "/v25.0/"+page+"/message_attachments") {
		t.Errorf("uploaded to %s", r.Path)
	}
}

func open(context.Context) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("bytes")), nil
}
