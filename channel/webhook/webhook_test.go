package webhook_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/webhook"
	"madoguchi/desk"
)

const (
	secret = "madoguchi_example_secret"
	stamp  = "1764000000"
)

var received = time.Unix(1764000002, 0)

func endpoint() channel.Endpoint {
	return channel.Endpoint{Channel: desk.Channel{ID: 7, Kind: webhook.Kind}, Secrets: map[string]string{"secret": secret}, Received: received}
}

// sign is written after docs/webhook-channel.md, not after the connector.
func sign(e channel.Endpoint, r channel.Request) channel.Request {
	mac := hmac.New(sha256.New, []byte(e.Secrets["secret"]))
	mac.Write([]byte(stamp + "."))
	mac.Write(r.Body)
	r.Method, r.URL = http.MethodPost, "/hooks/x"
	r.Header = http.Header{"Madoguchi-Timestamp": {stamp}, "Madoguchi-Signature": {"v1=" + hex.EncodeToString(mac.Sum(nil))}}
	return r
}

// document is the reference for those who write the other side, by the words behind its code fences.
func document(t testing.TB, name string) map[string]string {
	raw, err := os.ReadFile("../../docs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	blocks := map[string]string{}
	for _, m := range regexp.MustCompile("(?ms)^```([a-z ]+)\n(.*?)\n```$").FindAllStringSubmatch(string(raw), -1) {
		blocks[m[1]] = m[2]
	}
	return blocks
}

func account(_ *testing.T, baseURL string) channel.Account {
	return channel.Account{
		Channel: desk.Channel{ID: 7, Kind: webhook.Kind, Settings: json.RawMessage(`{"url":"https://system.example.test/answers"}`)},
		Secrets: map[string]string{"secret": secret}, BaseURL: baseURL, Client: channeltest.Client(), Now: func() time.Time { return received },
	}
}

func outgoing(key string, p desk.Part) channel.Outgoing {
	return channel.Outgoing{To: channel.Peer{Scope: "7", ExternalID: "u-42"}, Key: key, Parts: []desk.Part{p}}
}

// answers are what the document shows, as the desk says it.
func answers() map[string]channel.Outgoing {
	text := outgoing("104871-0", desk.Part{Kind: desk.PartText, Text: "申し訳ございません。交換いたします。", Marks: []desk.Mark{{Kind: desk.MarkBold, Start: 10, End: 12}}})
	text.ReplyTo = "m-77"
	file := outgoing("104872-0", desk.Part{Kind: desk.PartFile, AttachmentID: 5})
	file.Files = map[desk.ID]channel.File{5: {
		Attachment: desk.Attachment{ID: 5, Kind: desk.PartFile, Name: "label.pdf", MIME: "application/pdf", Size: 48213}, Link: "https://desk.example.com/f/abc",
		Open: func(context.Context) (io.ReadCloser, error) { return nil, errors.New("files go by link") },
	}}
	choices := outgoing("104873-0", desk.Part{
		Kind: desk.PartChoices, Text: "どちらをご希望ですか?", Choices: []desk.Choice{{ID: "exchange", Label: "交換"}, {ID: "refund", Label: "返金"}},
	})
	return map[string]channel.Outgoing{"text": text, "file": file, "choices": choices}
}

// posted checks a request against the document: its body, its key, its signature.
func posted(document, key string) func(*testing.T, []channeltest.Sent) {
	return func(t *testing.T, requests []channeltest.Sent) {
		r := requests[0]
		if !same(t, string(r.Body), document) {
			t.Errorf("got  %s\nwant %s", r.Body, document)
		}
		if r.Header.Get("Idempotency-Key") != key {
			t.Errorf("key %q", r.Header.Get("Idempotency-Key"))
		}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(r.Header.Get("Madoguchi-Timestamp") + "." + string(r.Body)))
		if want := "v1=" + hex.EncodeToString(mac.Sum(nil)); r.Header.Get("Madoguchi-Timestamp") != "1764000002" || r.Header.Get("Madoguchi-Signature") != want {
			t.Errorf("signed %v", r.Header)
		}
	}
}

// same compares JSON by what it says.
func same(t *testing.T, a, b string) bool {
	t.Helper()
	var values [2]any
	for i, text := range []string{a, b} {
		if err := json.Unmarshal([]byte(text), &values[i]); err != nil {
			t.Fatal(err)
		}
	}
	first, firstErr := json.Marshal(values[0])
	second, secondErr := json.Marshal(values[1])
	return firstErr == nil && secondErr == nil && string(first) == string(second)
}

func suite(t testing.TB) channeltest.Suite {
	doc := document(t, "webhook-channel.md")
	s := channeltest.Suite{
		Connector: webhook.New(), Sign: sign, SignedFor: 5 * time.Minute, Account: account,
		Outgoing: answers()["text"], Accept: channeltest.Answer{Status: http.StatusOK, Body: `{"id":"answer-6"}`},
		Settings:    `{"url":"https://system.example.test/answers"}`,
		BadSettings: map[string]string{"url": `{"url":"http://system.example.test/answers"}`},
		Refusals: []channeltest.Refusal{
			{Name: "busy", Answer: channeltest.Answer{Status: 429, Header: http.Header{"Retry-After": {"3"}}}, Kind: channel.ActThrottle, Certain: true},
			{Name: "gone", Answer: channeltest.Answer{Status: 410}, Kind: channel.ActBlocked, Certain: true},
			{Name: "signature refused", Answer: channeltest.Answer{Status: 401}, Kind: channel.ActConfig, Certain: true},
			{Name: "signature forbidden", Answer: channeltest.Answer{Status: 403}, Kind: channel.ActConfig, Certain: true},
			{Name: "nobody takes it", Answer: channeltest.Answer{Status: 404}, Kind: channel.ActConfig, Certain: true},
			{Name: "takes no POST", Answer: channeltest.Answer{Status: 405}, Kind: channel.ActConfig, Certain: true},
			{Name: "elsewhere", Answer: channeltest.Answer{Status: 302, Header: http.Header{"Location": {"https://127.0.0.1:1/"}}}, Kind: channel.ActConfig, Certain: true},
			{Name: "refused with words", Answer: channeltest.Answer{Status: 422, Body: `{"error":{"code":"too_long","detail":"at most 500"}}`}, Kind: channel.ActFail, Certain: true},
			{Name: "no id", Answer: channeltest.Answer{Status: 200, Body: `{}`}, Kind: channel.ActRetry},
			{Name: "timeout", Answer: channeltest.Answer{Status: 408}, Kind: channel.ActRetry},
		},
	}
	for name, m := range answers() {
		s.Sendings = append(s.Sendings, channeltest.Sending{Name: "document " + name, Outgoing: m, Check: posted(doc["json out "+name], m.Key)})
	}
	for _, f := range fixtures {
		if f.Request.Body == nil {
			f.Request.Body = []byte(doc[f.Name])
		}
		f.Endpoint, f.Request = endpoint(), sign(endpoint(), f.Request)
		s.Fixtures = append(s.Fixtures, f)
	}
	return s
}

func events(events string) channel.Request {
	return channel.Request{Body: []byte(`{"events":[` + events + `]}`)}
}

// fixtures without a body are the document's blocks of that name.
var fixtures = []channeltest.Fixture{
	{Name: "json in", Want: "message message receipt receipt", Check: func(t *testing.T, reply channel.Reply) {
		m := reply.Results[0].Message
		if m.Peer != (channel.Peer{Scope: "7", ExternalID: "u-42", Name: "佐藤 花子", Phone: "+819012345678", Locale: "ja"}) || m.ReplyTo != "answer-5" || m.ExternalID != "m-77" {
			t.Errorf("%+v", m)
		}
		if f := m.Parts[1]; f.Kind != desk.PartImage || f.MediaRef != "https://files.example.com/m-77.jpg" || f.MediaName != "photo.jpg" || f.Media != desk.MediaFetching {
			t.Errorf("file %+v", f)
		}
		if c := reply.Results[1].Message; c.Choice != "refund" || c.Parts[0].Text != "返金" {
			t.Errorf("choice %+v", c)
		}
		if r := reply.Results[3].Receipt; r.Key != "104871-0" || r.Fault.Code != "device_gone" || reply.Results[2].Receipt.ExternalID != "answer-5" {
			t.Errorf("receipts %+v", r)
		}
	}},
	{Name: "json signed", Want: "message"},
	{Name: "the same twice", Want: "message", Request: events(`{"id":"1","type":"message","from":{"id":"u"},"message":{"parts":[{"kind":"text","text":"a"}]}},{"id":"1","type":"message","from":{"id":"u"}}`)},
	{Name: "kinds that nobody knows", Want: "message unknown", Request: events(`{"id":"1","type":"message","from":{"id":"u"},"message":{"parts":[{"kind":"hologram"},{"kind":"file","url":"https://user:secret@files.example.test/a"},{"kind":"image","url":"file:///etc/passwd"}]}},{"id":"2","type":"dance"}`),
		Check: func(t *testing.T, reply channel.Reply) {
			for _, p := range reply.Results[0].Message.Parts {
				if p.Kind != desk.PartUnknown {
					t.Errorf("%+v", p)
				}
			}
		}},
	{Name: "nonsense beside sense", Want: "unknown unknown unknown message", Request: events(`7,{"type":"message"},{"id":"3","type":"receipt","of":"x","status":"queued"},{"id":"4","type":"message","from":{"id":"u","phone":"090"}}`),
		Check: func(t *testing.T, reply channel.Reply) {
			if m := reply.Results[3].Message; m.Peer.Phone != "" || m.Parts[0].Kind != desk.PartUnknown {
				t.Errorf("%+v", m)
			}
		}},
	{Name: "a failure without a code", Want: "receipt", Request: events(`{"id":"1","type":"receipt","of":"x","status":"failed"}`)},
	{Name: "nothing", Request: events("")},
}

func TestConnector(t *testing.T) { t.Parallel(); channeltest.Run(t, suite(t)) }

func FuzzReceive(f *testing.F) { channeltest.Fuzz(f, suite(f)) }

// Both documents show the same, so that a change of one is a change of both.
func TestDocuments(t *testing.T) {
	t.Parallel()
	en, ja := document(t, "webhook-channel.md"), document(t, "webhook-channel.ja.md")
	if len(en) == 0 || len(en) != len(ja) {
		t.Errorf("%d and %d examples", len(en), len(ja))
	}
	for name, example := range en {
		if ja[name] != example {
			t.Errorf("the example %q differs", name)
		}
	}
	signed := sign(endpoint(), channel.Request{Body: []byte(en["json signed"])})
	if got := signed.Header.Get("Madoguchi-Signature"); got != strings.TrimSpace(en["signature"]) {
		t.Errorf("the document says %s, it is %s", en["signature"], got)
	}
}
