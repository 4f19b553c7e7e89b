package whatsapp_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/graph"
	"madoguchi/channel/whatsapp"
	"madoguchi/desk"
)

const (
	appSecret   = "5f2b1c0de4a9478bb0c6f1a2d3e4f506"
	token       = "EAAB-fictional-token"
	verifyToken = "vt_test"
	numberID    = "880000000000001"
	businessID  = "990000000000001"
	appID       = "770000000000001"
	user        = "JP.100000000000000001"
	phone       = "819012345678"
	settings    = `{"phone_number_id":"880000000000001","waba_id":"990000000000001","app_id":"770000000000001"}`
)

var now = time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)

func secrets() map[string]string {
	return map[string]string{"app_secret": appSecret, "token": token, "verify_token": verifyToken}
}

func record() desk.Channel {
	return desk.Channel{ID: 9, Kind: whatsapp.Kind, Account: numberID, Settings: json.RawMessage(settings)}
}

func endpoint() channel.Endpoint {
	return channel.Endpoint{Channel: record(), Secrets: secrets(), Received: now}
}

func account(t *testing.T, baseURL string) channel.Account {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return channel.Account{
		Channel: record(), Secrets: secrets(), BaseURL: baseURL, Callback: "https://desk.example.test/hooks/9",
		Client: &http.Client{Transport: transport}, Now: func() time.Time { return now },
	}
}

func sign(e channel.Endpoint, r channel.Request) channel.Request {
	r.Header = r.Header.Clone()
	r.Header.Set(graph.SignatureHeader, graph.Sign(e.Secrets["app_secret"], r.Body))
	return r
}

func post(body []byte, signature string) channel.Request {
	return channel.Request{Method: http.MethodPost, URL: "/hooks/9", Header: http.Header{graph.SignatureHeader: {signature}}, Body: body}
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// fixtures are the webhooks in testdata: those of the provider's sheet with the signatures that were made elsewhere, and
// ours in more/.
func fixtures(t testing.TB) []channeltest.Fixture {
	t.Helper()
	signatures := map[string]string{}
	if err := json.Unmarshal(read(t, "signatures.json"), &signatures); err != nil {
		t.Fatal(err)
	}
	var all []channeltest.Fixture
	add := func(file, signature string) {
		body := read(t, file)
		if signature == "" {
			signature = graph.Sign(appSecret, body)
		}
		name := strings.TrimSuffix(path.Base(file), ".json")
		want, known := meanings[name]
		if !known {
			t.Fatalf("nobody says what %s means", file)
		}
		all = append(all, channeltest.Fixture{Name: name, Endpoint: endpoint(), Request: post(body, signature), Want: want.kinds, Check: want.check})
	}
	for file, signature := range signatures {
		add(file, signature)
	}
	more, err := filepath.Glob("testdata/more/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range more {
		add(path.Join("more", filepath.Base(file)), "")
	}
	if len(all) != len(meanings) {
		t.Fatalf("%d fixtures, %d meanings", len(all), len(meanings))
	}
	return all
}

func suite(t testing.TB) channeltest.Suite {
	t.Helper()
	return channeltest.Suite{
		Connector: whatsapp.New(), Fixtures: fixtures(t), Sign: sign, Account: account,
		Verifications: map[string]channeltest.Verification{"1158201444": {
			Endpoint: endpoint(),
			Request:  channel.Request{Method: http.MethodGet, URL: "/hooks/9?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=" + verifyToken, Header: http.Header{}},
		}},
		Outgoing: channel.Outgoing{To: channel.Peer{ExternalID: user, Alias: phone}, Key: "d1-0", Attempt: 1, Parts: []desk.Part{{Kind: desk.PartText, Text: "ok"}}},
		Accept:   channeltest.Answer{Status: 200, Body: string(read(t, "send_200.json"))},
		Refusals: refusals(t), Sendings: sendings(),
		Settings: settings,
		BadSettings: map[string]string{
			"phone_number_id": `{"phone_number_id":"+81 50-1234-5678","waba_id":"990000000000001","app_id":"770000000000001"}`,
			"waba_id":         `{"phone_number_id":"880000000000001","app_id":"770000000000001"}`,
			"app_id":          `{"phone_number_id":"880000000000001","waba_id":"990000000000001","app_id":"x"}`,
			"api_version":     `{"phone_number_id":"880000000000001","waba_id":"990000000000001","app_id":"770000000000001","api_version":"25"}`,
		},
	}
}

func TestConnector(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, suite(t))
}

func FuzzReceive(f *testing.F) { channeltest.Fuzz(f, suite(f)) }

func TestAccountOf(t *testing.T) {
	t.Parallel()
	if got := whatsapp.New().AccountOf([]byte(settings), nil); got != numberID {
		t.Errorf("account %q", got)
	}
	if got := whatsapp.New().AccountOf(nil, nil); got != "" {
		t.Errorf("account %q of no settings", got)
	}
}
