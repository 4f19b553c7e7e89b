package line_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/line"
	"madoguchi/desk"
)

const (
	secret   = "8f0c1d2e3b4a59687766554433221100"
	account0 = "U00000000000000000000000000000001"
	customer = "U00000000000000000000000000000002"
)

var now = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

var endpoint = channel.Endpoint{
	Channel: desk.Channel{ID: 5, Kind: line.Kind, Account: account0, Settings: json.RawMessage(`{"channel_id":"1650000000"}`)},
	Secrets: map[string]string{"channel_secret": secret}, URL: "https://desk.example.test/hooks/line/ch_5", Received: now,
}

func connector() line.Connector { return line.New(channel.NewTokens()) }

func sign(e channel.Endpoint, r channel.Request) channel.Request {
	mac := hmac.New(sha256.New, []byte(e.Secrets["channel_secret"]))
	mac.Write(r.Body)
	r.Header = r.Header.Clone()
	r.Header.Set("X-Line-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return r
}

func request(body string) channel.Request {
	return channel.Request{Method: http.MethodPost, URL: "/hooks/line/ch_5", Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, Body: []byte(body)}
}

// event is a signed request with one event of a customer's.
func event(content string) channel.Request {
	return sign(endpoint, request(`{"destination":"`+account0+`","events":[{"webhookEventId":"01HZ","deliveryContext":{"isRedelivery":false},"timestamp":1764000000100,
		"source":{"type":"user","userId":"`+customer+`"},"mode":"active","replyToken":"rt",`+content+`}]}`))
}

func account(_ *testing.T, baseURL string) channel.Account {
	return channel.Account{
		Channel: endpoint.Channel, Secrets: endpoint.Secrets, BaseURL: baseURL, Callback: endpoint.URL,
		Client: channeltest.Client(), Now: func() time.Time { return now },
	}
}

func testdata(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func decode(t testing.TB, raw string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(raw), into); err != nil {
		t.Fatal(err)
	}
}

func suite(t testing.TB) channeltest.Suite {
	s := channeltest.Suite{
		Connector: connector(), Sign: sign, Account: account,
		Outgoing:    outgoing(textPart("ok")),
		Accept:      channeltest.Answer{Status: http.StatusOK, Body: testdata(t, "send_200")},
		Before:      []channeltest.Answer{{Status: http.StatusOK, Body: testdata(t, "token_200")}},
		Settings:    `{"channel_id":"1650000000"}`,
		BadSettings: map[string]string{"channel_id": `{"channel_id":"@shop"}`},
		Sendings:    sendings(), Refusals: refusals(t),
	}
	var signatures map[string]string
	decode(t, testdata(t, "signatures"), &signatures)
	for name, want := range map[string]string{
		"verify_empty": "", "in_text": "message", "in_text_redelivered": "message", "in_emoji": "message", "in_image": "message", "in_video": "message",
		"in_audio": "message", "in_file": "message", "in_location": "message", "in_sticker": "message", "follow": "standing",
		"follow_unblocked": "standing", "unfollow": "standing", "postback": "message", "unsend": "unsend",
	} {
		r := request(testdata(t, name))
		r.Header.Set("X-Line-Signature", signatures[name])
		s.Fixtures = append(s.Fixtures, channeltest.Fixture{Name: name, Endpoint: endpoint, Request: r, Want: want, Check: checks[name]})
	}
	for name, r := range unknown {
		s.Fixtures = append(s.Fixtures, channeltest.Fixture{Name: name, Endpoint: endpoint, Request: r, Want: "unknown"})
	}
	s.Fixtures = append(s.Fixtures, channeltest.Fixture{
		Name: "a message of tomorrow", Endpoint: endpoint, Want: "message", Request: event(`"type":"message","message":{"type":"hologram","id":"m1","hologram":{}}`),
	})
	s.Fixtures = append(s.Fixtures, channeltest.Fixture{Name: "batch", Endpoint: endpoint, Want: "message unknown notice message", Request: sign(endpoint, request(batch))})
	return s
}

// batch has two messages, one of them twice, an event of a changed shape, and news of the account.
const batch = `{"destination":"` + account0 + `","events":[
	{"type":"message","webhookEventId":"1","timestamp":1,"source":{"type":"user","userId":"U1"},"message":{"type":"text","id":"m1","text":"a"}},
	{"type":["message"]},
	{"type":"botSuspended","webhookEventId":"2","timestamp":2},
	{"type":"message","webhookEventId":"3","timestamp":3,"source":{"type":"user","userId":"U1"},"message":{"type":"text","id":"m2","text":"b"}},
	{"type":"message","webhookEventId":"4","timestamp":3,"source":{"type":"user","userId":"U1"},"message":{"type":"text","id":"m1","text":"a"}}]}`

// unknown are events that mean nothing here.
var unknown = map[string]channel.Request{
	"an event of tomorrow":     event(`"type":"telepathy","telepathy":{"thought":"?"}`),
	"a group":                  sign(endpoint, request(`{"destination":"x","events":[{"type":"message","webhookEventId":"1","source":{"type":"group","groupId":"C1","userId":"U1"},"message":{"type":"text","id":"m1","text":"a"}}]}`)),
	"joined":                   sign(endpoint, request(`{"destination":"x","events":[{"type":"join","webhookEventId":"1","source":{"type":"group","groupId":"C1"}}]}`)),
	"account link":             event(`"type":"accountLink","link":{"result":"ok","nonce":"n"}`),
	"beacon":                   event(`"type":"beacon","beacon":{"hwid":"1","type":"enter"}`),
	"a watched film":           event(`"type":"videoPlayComplete","videoPlayComplete":{"trackingId":"t"}`),
	"membership":               event(`"type":"membership","membership":{"type":"joined"}`),
	"module":                   event(`"type":"module","module":{"type":"attached"}`),
	"a notification's arrival": event(`"type":"delivery","delivery":{"data":"x"}`),
	"a message without id":     event(`"type":"message","message":{"type":"text","text":"a"}`),
	"a press without data":     event(`"type":"postback","postback":{}`),
	"no message unsent":        event(`"type":"unsend"`),
}

func TestConnector(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, suite(t))
}

func FuzzReceive(f *testing.F) { channeltest.Fuzz(f, suite(f)) }

// TestSignatures holds the vectors of the reference.
func TestSignatures(t *testing.T) {
	t.Parallel()
	var vectors []struct{ Secret, Body, Signature string }
	decode(t, testdata(t, "vectors"), &vectors)
	for _, v := range vectors {
		e, r := endpoint, request(v.Body)
		e.Secrets = map[string]string{"channel_secret": v.Secret}
		r.Header.Set("x-line-signature", v.Signature)
		if _, err := connector().Receive(t.Context(), e, r); err != nil {
			t.Errorf("%.40s: %v", v.Body, err)
		}
	}
	if len(vectors) < 2 {
		t.Errorf("%d vectors", len(vectors))
	}
}

// equal compares a field of a result.
func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %+v, want %+v", what, got, want)
	}
}

// provider answers one request after the other, the last answer again and again, and notes what it was asked.
func provider(t *testing.T, asked *[]channeltest.Sent, answers ...channeltest.Answer) string {
	t.Helper()
	var mu sync.Mutex
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if asked != nil {
			*asked = append(*asked, channeltest.Sent{Method: r.Method, Path: r.URL.RequestURI(), Header: r.Header, Body: body})
		}
		answer := answers[min(n, len(answers)-1)]
		n++
		if strings.Contains(answer.Body, "ABORT") {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(answer.Status)
		_, _ = io.WriteString(w, answer.Body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func ok(body string) channeltest.Answer {
	return channeltest.Answer{Status: http.StatusOK, Body: body}
}

func refused(status int, message string) channeltest.Answer {
	body, _ := json.Marshal(map[string]string{"message": message}) // always encodes
	return channeltest.Answer{Status: status, Body: string(body)}
}

var token = ok(`{"token_type":"Bearer","access_token":"stateless-test-token","expires_in":899}`)
