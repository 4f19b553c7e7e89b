package testchannel_test

import (
	"net/http"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
)

func suite(c channel.Connector) channeltest.Suite {
	endpoint := channel.Endpoint{
		Channel: desk.Channel{ID: 5, Kind: testchannel.Kind, Account: "a1"}, Secrets: map[string]string{"secret": "s3cret"},
		Received: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC),
	}
	return channeltest.Suite{
		Connector: c, KindsKnown: true,
		Fixtures: []channeltest.Fixture{
			{Name: "batch", Endpoint: endpoint, Want: "message message receipt unknown", Request: testchannel.Webhook("s3cret",
				testchannel.Event{ID: "1", Account: "a1", Type: "message", From: "u1", Text: "こんにちは"},
				testchannel.Event{ID: "1", Account: "a2", Type: "message", From: "u1", Text: "other account"},
				testchannel.Event{ID: "2", Account: "a1", Type: "receipt", Message: "m1", Status: desk.DeliveryRead},
				testchannel.Event{ID: "3", Account: "a1", Type: "dance"})},
		},
		Sign: func(e channel.Endpoint, r channel.Request) channel.Request {
			return testchannel.Sign(e.Secrets["secret"], r)
		},
		Account: func(_ *testing.T, baseURL string) channel.Account {
			return channel.Account{BaseURL: baseURL, Client: channeltest.Client(), Now: time.Now}
		},
		Outgoing: channel.Outgoing{To: channel.Peer{ExternalID: "u1"}, Key: "k1", Parts: []desk.Part{{Kind: desk.PartText, Text: "hello"}}},
		Accept:   channeltest.Answer{Status: 200, Body: `{"id":"m1"}`},
		Refusals: []channeltest.Refusal{
			{Name: "throttled", Answer: channeltest.Answer{Status: 429, Header: http.Header{"Retry-After": {"3"}}}, Kind: channel.ActThrottle, Certain: true},
			{Name: "token", Answer: channeltest.Answer{Status: 401}, Kind: channel.ActToken, Certain: true},
			{Name: "refused", Answer: channeltest.Answer{Status: 400}, Kind: channel.ActFail, Certain: true},
		},
	}
}

func TestConnector(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]channel.Connector{
		"plain": testchannel.Connector{}, "idempotent": testchannel.Connector{Idempotent: true}, "findable": testchannel.Findable{},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			channeltest.Run(t, suite(c))
		})
	}
}

func FuzzReceive(f *testing.F) { channeltest.Fuzz(f, suite(testchannel.Connector{})) }
