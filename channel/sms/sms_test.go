package sms_test

import (
	"embed"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/sms"
	"madoguchi/desk"
)

//go:embed testdata/*
var fixtures embed.FS

const (
	token    = "0123456789abcdef0123456789abcdef"
	account  = "AC00000000000000000000000000000001"
	service  = "MG00000000000000000000000000000003"
	callback = "https://desk.example.test/hooks/sms/ch_7"
	config   = `{"account_sid":"` + account + `","service_sid":"` + service + `","number":"+815012345678"}`
	withMMS  = `{"account_sid":"` + account + `","service_sid":"` + service + `","number":"+815012345678","mms":true}`
)

var received = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func fixture(t testing.TB, name string) string {
	t.Helper()
	raw, err := fixtures.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// at is the endpoint whose callback has this address.
func at(address string) channel.Endpoint {
	return channel.Endpoint{
		Channel: desk.Channel{ID: 7, Kind: sms.Kind, Account: service, Settings: []byte(config)},
		Secrets: map[string]string{"auth_token": token}, URL: address, Received: received,
	}
}

// webhook is a request as the fixtures' manifest describes it.
func webhook(t testing.TB, address, file, signature string) (channel.Endpoint, channel.Request) {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return at(strings.TrimSuffix(address, "?"+u.RawQuery)), channel.Request{
		Method: http.MethodPost, URL: u.RequestURI(), Body: []byte(fixture(t, file)),
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}, "X-Twilio-Signature": {signature}},
	}
}

func incoming(t testing.TB, file, signature, want string, check func(*testing.T, channel.Reply)) channeltest.Fixture {
	e, r := webhook(t, "https://desk.example.test/hooks/twilio/ch_7/inbound?v=1", file, signature)
	return channeltest.Fixture{Name: file, Endpoint: e, Request: r, Want: want, Check: check}
}

func status(t testing.TB, file, signature string, want desk.DeliveryStatus, action channel.Action, code string) channeltest.Fixture {
	e, r := webhook(t, "https://desk.example.test/hooks/twilio/ch_7/status?m=msg_01J0000000000000000000000A", file, signature)
	return channeltest.Fixture{Name: file, Endpoint: e, Request: r, Want: "receipt", Check: func(t *testing.T, reply channel.Reply) {
		got := reply.Results[0].Receipt
		if got.ExternalID != "SM00000000000000000000000000000207" || got.Key != "msg_01J0000000000000000000000A" || got.Status != want {
			t.Errorf("receipt %+v", got)
		}
		if want == desk.DeliveryFailed && (got.Fault.Kind != action || got.Fault.Code != code || !got.Fault.Certain) {
			t.Errorf("fault %+v, want %s %s", got.Fault, action, code)
		}
	}}
}

func suite(t testing.TB) channeltest.Suite {
	return channeltest.Suite{
		Connector: sms.New(), KindsKnown: true, // text and files
		Fixtures: []channeltest.Fixture{
			incoming(t, "inbound_text.form", "O0isA0R/KorQomPFDWof94dN5oo=", "message", checkText),
			incoming(t, "inbound_mms.form", "UT0f1DS+eBSJwrUvgjwfMLZmH3Q=", "message", checkMMS),
			incoming(t, "inbound_stop.form", "CY2bfGjC1o3xMLthlMOOpm0d20Y=", "message", nil), // nobody answered it yet
			incoming(t, "inbound_stop_advanced.form", "3v9Za0eMrleR/5iiO/oeV4lp038=", "standing message", checkOptOut(channel.StandingOptedOut, desk.KeywordOptOut)),
			incoming(t, "inbound_start.form", "iD2P5MzPhkqhZiUJxmxXqaBcE28=", "standing message", checkOptOut(channel.StandingOptedIn, desk.KeywordOptIn)),
			incoming(t, "inbound_whatsapp_bsuid.form", "c+jhk/Tzna+tyn+MZw/V4pSqGdk=", "unknown", nil),
			status(t, "status_queued.form", "lezwBSUcoornXMnzJOGuvdCSiUk=", desk.DeliverySent, "", ""),
			status(t, "status_sent.form", "OLQZfUuvSGe+0Nn5FwwBbV6ochE=", desk.DeliverySent, "", ""),
			status(t, "status_delivered.form", "keMryPHtr5GPyB+Wj3vcXn1qHbQ=", desk.DeliveryDelivered, "", ""),
			status(t, "status_undelivered_30003.form", "BkF3GPHoS8NfpyDbRgFrgoG/guM=", desk.DeliveryFailed, channel.ActFail, "30003"),
			status(t, "status_failed_21610.form", "VVR5cnKTheF/gyk/Djay1AEiWjs=", desk.DeliveryFailed, channel.ActOptOut, "21610"),
			status(t, "status_failed_14107.form", "GoH8BavQDx1qPk0Tl+EoUiG9tHQ=", desk.DeliveryFailed, channel.ActThrottle, "14107"),
		},
		Sign: func(e channel.Endpoint, r channel.Request) channel.Request {
			r.Header = r.Header.Clone()
			r.Header.Set("X-Twilio-Signature", signature(e, r))
			return r
		},
		Account:  func(_ *testing.T, baseURL string) channel.Account { return calling(baseURL, config) },
		Outgoing: text("ok"),
		Accept:   channeltest.Answer{Status: 201, Body: fixture(t, "send_201.json")},
		Refusals: refusals(t),
		Sendings: sendings(),
		Settings: config,
		BadSettings: map[string]string{
			"account_sid": `{"account_sid":"SK00000000000000000000000000000001","service_sid":"` + service + `","number":"+815012345678"}`,
			"service_sid": `{"account_sid":"` + account + `","service_sid":"","number":"+815012345678"}`,
			"number":      `{"account_sid":"` + account + `","service_sid":"` + service + `","number":"050-1234-5678"}`,
			"mms":         `{"account_sid":"` + account + `","service_sid":"` + service + `","number":"+815012345678","mms":"yes"}`,
		},
	}
}

func calling(baseURL, settings string) channel.Account {
	return channel.Account{
		Channel: desk.Channel{ID: 7, Kind: sms.Kind, Account: service, Settings: []byte(settings)},
		Secrets: map[string]string{"auth_token": token}, BaseURL: baseURL, Callback: callback,
		Client: channeltest.Client(), Now: func() time.Time { return received },
	}
}

func text(s string, marks ...desk.Mark) channel.Outgoing {
	return channel.Outgoing{
		To: channel.Peer{ExternalID: "+819012345678"}, Key: "12-0", Delivery: 12, Attempt: 1,
		Parts: []desk.Part{{Kind: desk.PartText, Text: s, Marks: marks}},
	}
}

func TestConnector(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, suite(t))
}

func FuzzReceive(f *testing.F) { channeltest.Fuzz(f, suite(f)) }

func checkText(t *testing.T, reply channel.Reply) {
	m := reply.Results[0].Message
	if m.Peer != (channel.Peer{ExternalID: "+819012345678", Phone: "+819012345678"}) || m.ExternalID != "SM00000000000000000000000000000101" {
		t.Errorf("message %+v", m)
	}
	if len(m.Parts) != 1 || m.Parts[0].Text != "注文番号 A-42 はどこ?" || m.Keyword != "" || reply.Results[0].Key != "m/SM00000000000000000000000000000101" {
		t.Errorf("parts %+v, key %s", m.Parts, reply.Results[0].Key)
	}
	if reply.Type != "text/xml" || string(reply.Body) != `<?xml version="1.0" encoding="UTF-8"?><Response/>` {
		t.Errorf("answer %s: %s", reply.Type, reply.Body)
	}
}

func checkMMS(t *testing.T, reply channel.Reply) {
	parts := reply.Results[0].Message.Parts
	const media = "https://api.twilio.com/2010-04-01/Accounts/" + account + "/Messages/MM00000000000000000000000000000102/Media/ME0000000000000000000000000000000"
	if len(parts) != 2 || parts[0].Kind != desk.PartImage || parts[1].Kind != desk.PartFile {
		t.Fatalf("parts %+v", parts)
	}
	for i, p := range parts {
		if p.MediaRef != media+strconv.Itoa(i+1) || p.Media != desk.MediaFetching {
			t.Errorf("file %d: %+v", i, p)
		}
	}
}

func checkOptOut(standing channel.StandingKind, keyword desk.Keyword) func(*testing.T, channel.Reply) {
	return func(t *testing.T, reply channel.Reply) {
		s, m := reply.Results[0].Standing, reply.Results[1].Message
		if s.Is != standing || !s.Confirmed || s.Peer != m.Peer || m.Keyword != keyword {
			t.Errorf("standing %+v, message %+v", s, m)
		}
	}
}
