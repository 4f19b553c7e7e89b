package instagram_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/graph"
	"madoguchi/channel/instagram"
	"madoguchi/desk"
)

const (
	secret = "5f2b1c0de4a9478bb0c6f1a2d3e4f506"
	token  = "IGAA-fictional-token"
	ours   = "17840000000000001"
	person = "9100000000000001"
	direct = `{"variant":"instagram_login","app_id":"123456789","human_agent":true}`
	byPage = `{"variant":"facebook_login","app_id":"123456789","page_id":"1008200000001"}`
)

var secrets = map[string]string{"app_secret": secret, "access_token": token, "verify_token": "vt_test"}

func endpoint() channel.Endpoint {
	return channel.Endpoint{
		Channel: desk.Channel{ID: 8, Kind: instagram.Kind, Account: ours, Settings: json.RawMessage(direct)}, Secrets: secrets,
		URL: "https://desk.example.test/hooks/y", Received: time.Date(2025, 11, 24, 16, 0, 1, 0, time.UTC),
	}
}

func account(_ *testing.T, baseURL string) channel.Account {
	return channel.Account{
		Channel: endpoint().Channel, Secrets: secrets, BaseURL: baseURL, Callback: endpoint().URL, Client: channeltest.Client(), Now: time.Now,
	}
}

func pageAccount(t *testing.T, baseURL string) channel.Account {
	a := account(t, baseURL)
	a.Channel.Settings = json.RawMessage(byPage)
	return a
}

func sign(e channel.Endpoint, r channel.Request) channel.Request {
	r.Header = r.Header.Clone()
	r.Header.Set(graph.SignatureHeader, graph.Sign(e.Secrets["app_secret"], r.Body))
	return r
}

// meaning is what each of the provider's fixtures comes to.
var meaning = map[string]string{
	"in_text.json": "message", "in_story_mention.json": "message", "in_share.json": "message", "in_like_heart.json": "message",
	"in_deleted.json": "unsend", "echo.json": "echo", "read.json": "receipt", "reaction.json": "reaction",
	"postback_icebreaker.json": "message", "in_changes_shape.json": "message",
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
			Method: http.MethodPost, URL: "/hooks/y", Header: http.Header{graph.SignatureHeader: {signature}}, Body: []byte(file(t, name)),
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
		Connector: instagram.New(), Fixtures: fixtures(t), Sign: sign, Account: account,
		Verifications: map[string]channeltest.Verification{"1158201444": {Endpoint: endpoint(), Request: channel.Request{
			Method: http.MethodGet, URL: "/hooks/y?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=vt_test",
		}}},
		Outgoing: to(text("はい")), Accept: channeltest.Answer{Status: 200, Body: file(t, "send_200.json")},
		Refusals: refusals(t), Sendings: sendings(), Settings: byPage,
		BadSettings: map[string]string{
			"variant": `{"variant":"tiktok_login","app_id":"123456789"}`,
			"app_id":  `{"app_id":"my app"}`,
			"page_id": `{"variant":"facebook_login","app_id":"123456789"}`,
		},
	}
}

func TestConnector(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, suite(t))
}

func FuzzReceive(f *testing.F) { channeltest.Fuzz(f, suite(f)) }

// A webhook of Instagram login may be signed with the Meta app's secret instead of the Instagram app's.
func TestEitherSecretSigns(t *testing.T) {
	t.Parallel()
	e := endpoint()
	e.Secrets = map[string]string{"app_secret": strings.Repeat("0", 32), "meta_app_secret": secret}
	for _, f := range fixtures(t) {
		if reply, err := instagram.New().Receive(t.Context(), e, f.Request); err != nil || len(reply.Results) == 0 && f.Want != "" {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

// refusals are the provider's fixtures, and where Instagram's list differs from or adds to Messenger's.
func refusals(t testing.TB) []channeltest.Refusal {
	all := []channeltest.Refusal{
		{Name: "token", Answer: channeltest.Answer{Status: 401, Body: file(t, "error_190.json")}, Kind: channel.ActToken, Certain: true},
		{Name: "unavailable", Answer: channeltest.Answer{Status: 400, Body: file(t, "error_551.json")}, Kind: channel.ActBlocked, Certain: true},
	}
	for code, kind := range map[string]channel.Action{
		`10,"error_subcode":2534022`: channel.ActWindow, `100,"error_subcode":2534014`: channel.ActBlocked,
		`100,"error_subcode":2534015`: channel.ActFail, `100,"error_subcode":2534025`: channel.ActFail,
		`10,"error_subcode":2534048`: channel.ActConfig, `200`: channel.ActConfig, `10`: channel.ActToken,
		`4`: channel.ActThrottle, `17`: channel.ActThrottle, `32`: channel.ActThrottle, `613`: channel.ActThrottle, `80002`: channel.ActThrottle,
		`368`: channel.ActCap, `1`: channel.ActRetry, `2`: channel.ActRetry, `9007`: channel.ActRetry, `36103`: channel.ActRetry,
		`100,"error_subcode":2018276`: channel.ActWindow,
	} {
		all = append(all, channeltest.Refusal{Name: code, Kind: kind, Certain: true, Answer: channeltest.Answer{Status: 400, Body: `{"error":{"code":` + code + `}}`}})
	}
	return all
}

func text(s string) []desk.Part { return []desk.Part{{Kind: desk.PartText, Text: s}} }

func to(parts []desk.Part) channel.Outgoing {
	return channel.Outgoing{To: channel.Peer{Scope: ours, ExternalID: person}, Key: "81-0", Parts: parts}
}

// posts expects one request of the Send API with this body.
func posts(want string) func(*testing.T, []channeltest.Sent) {
	return func(t *testing.T, requests []channeltest.Sent) {
		last := requests[len(requests)-1]
		if last.Method != http.MethodPost || last.Path != "/v25.0/me/messages" || last.Header.Get("Authorization") != "Bearer "+token {
			t.Errorf("%s %s with %v", last.Method, last.Path, last.Header)
		}
		if got := string(last.Body); got != want {
			t.Errorf("sent %s\nwant %s", got, want)
		}
	}
}

func sendings() []channeltest.Sending {
	const head = `{"recipient":{"id":"9100000000000001"},"messaging_type":"RESPONSE","message":`
	reply, late := to(text("はい")), to(text("遅くなりました"))
	reply.ReplyTo, late.Tag = "aWdf1", "human_agent"
	offer := desk.Part{Kind: desk.PartChoices, Text: "どちら?", Choices: []desk.Choice{{ID: "a", Label: "A"}, {ID: "b", Label: "B"}}}
	choices := to(channel.Split(instagram.New().Spec().Capabilities, []desk.Part{offer})[0]) // as the outbox hands it over
	long := strings.Repeat("窓", 333)
	all := []channeltest.Sending{
		{Name: "reply", Outgoing: reply, Check: posts(head + `{"text":"はい","metadata":"81-0"},"reply_to":{"mid":"aWdf1"}}`)},
		{Name: "choices with digits", Outgoing: choices, Check: posts(head + `{"text":"どちら?\n1. A\n2. B","quick_replies":[{"content_type":"text","title":"A","payload":"a"},{"content_type":"text","title":"B","payload":"b"}],"metadata":"81-0"}}`)},
		{Name: "after 24 hours", Outgoing: late, Check: posts(`{"recipient":{"id":"9100000000000001"},"messaging_type":"MESSAGE_TAG","tag":"HUMAN_AGENT","message":{"text":"遅くなりました","metadata":"81-0"}}`)},
		{Name: "text at the limit", Outgoing: to(text(long + "a")), Check: posts(head + `{"text":"` + long + `a","metadata":"81-0"}}`)},
	}
	for _, kind := range []desk.PartKind{desk.PartImage, desk.PartAudio, desk.PartVideo, desk.PartFile} {
		m := to([]desk.Part{{Kind: kind, AttachmentID: 5}})
		m.Files = map[desk.ID]channel.File{5: {Attachment: desk.Attachment{ID: 5, Kind: kind}, Link: "https://desk.example.test/f/5?s=1"}}
		all = append(all, channeltest.Sending{
			Name: string(kind), Outgoing: m,
			Check: posts(head + `{"attachment":{"type":"` + string(kind) + `","payload":{"url":"https://desk.example.test/f/5?s=1"}},"metadata":"81-0"}}`),
		})
	}
	return all
}
