package sms_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/sms"
	"madoguchi/desk"
)

// signature signs a request as Twilio does, written apart from the connector.
func signature(e channel.Endpoint, r channel.Request) string {
	_, query, _ := strings.Cut(r.URL, "?")
	signed := e.URL
	if query != "" {
		signed += "?" + query
	}
	if q, err := url.ParseQuery(query); err == nil && q.Get("bodySHA256") == "" {
		form, _ := url.ParseQuery(string(r.Body)) // what cannot be read is not reached either
		var pairs []string
		for name, values := range form {
			pairs = append(pairs, name+"\x00"+name+strings.Join(values, name))
		}
		slices.Sort(pairs)
		for _, pair := range pairs {
			_, pair, _ = strings.Cut(pair, "\x00")
			signed += pair
		}
	}
	mac := hmac.New(sha1.New, []byte(e.Secrets["auth_token"]))
	_, _ = mac.Write([]byte(signed))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

const (
	inboundURL = "https://desk.example.test/hooks/twilio/ch_7/inbound"
	jsonURL    = "https://desk.example.test/hooks/twilio/json"
	jsonSum    = "1fef0570d2e82609ff8cd5d3861f4ba920ef1e8603dc94933b2833116d214e75"
)

// TestSignature holds the worked vectors of the provider's reference.
func TestSignature(t *testing.T) {
	t.Parallel()
	form := url.Values{
		"AccountSid": {account}, "ApiVersion": {"2010-04-01"}, "Body": {"注文番号 A-42 はどこ?"}, "From": {"+819012345678"}, "FromCity": {""}, "FromCountry": {"JP"},
		"MessageSid": {"SM00000000000000000000000000000002"}, "MessagingServiceSid": {service}, "NumMedia": {"0"}, "NumSegments": {"1"}, "To": {"+815012345678"},
	}.Encode()
	const plain, withPort = "EL2FvgzJ39glKjlyvSjLWEMnSpQ=", "3R68GyaNGJ90IoY35cp2aQ3SUjE="
	for name, c := range map[string]struct {
		secrets        map[string]string
		url, path      string
		body, signed   string
		authentic, msg bool
	}{
		"as given":              {nil, inboundURL, "/x?v=1", form, plain, true, true},
		"with the port":         {nil, inboundURL, "/x?v=1", form, withPort, true, true},
		"given with the port":   {nil, strings.Replace(inboundURL, ".test/", ".test:443/", 1), "/x?v=1", form, plain, true, true},
		"another query":         {nil, inboundURL, "/x?v=2", form, plain, false, false},
		"another address":       {nil, inboundURL + "2", "/x?v=1", form, plain, false, false},
		"another scheme":        {nil, strings.Replace(inboundURL, "https", "http", 1), "/x?v=1", form, plain, false, false},
		"a parameter more":      {nil, inboundURL, "/x?v=1", form + "&Zone=9", plain, false, false},
		"an empty one less":     {nil, inboundURL, "/x?v=1", strings.Replace(form, "FromCity=&", "", 1), plain, false, false}, // its name is signed
		"JSON":                  {nil, jsonURL, "/x?bodySHA256=" + jsonSum, `{"channel":"WHATSAPP"}`, "r0oJZ4+XSYBIUTSUweVBZA6oAho=", true, false},
		"JSON of somebody else": {nil, jsonURL, "/x?bodySHA256=" + jsonSum, `{"channel":"SMS"}`, "r0oJZ4+XSYBIUTSUweVBZA6oAho=", false, false},
		"the secondary token":   {map[string]string{"auth_token": "ffff", "auth_token_secondary": token}, inboundURL, "/x?v=1", form, plain, true, true},
		"no token at all":       {map[string]string{"auth_token": "", "auth_token_secondary": ""}, inboundURL, "/x?v=1", form, plain, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := at(c.url)
			if c.secrets != nil {
				e.Secrets = c.secrets
			}
			reply, err := sms.New().Receive(t.Context(), e, channel.Request{
				Method: http.MethodPost, URL: c.path, Body: []byte(c.body), Header: http.Header{"X-Twilio-Signature": {c.signed}},
			})
			if (err == nil) != c.authentic || err != nil && !errors.Is(err, channel.ErrForged) {
				t.Fatalf("authentic %v, want %v: %v", err == nil, c.authentic, err)
			}
			if err == nil && (reply.Results[0].Message != nil) != c.msg {
				t.Errorf("results %+v", reply.Results)
			}
		})
	}
}

// receive signs a form and has it read.
func receive(t *testing.T, path string, form url.Values) channel.Reply {
	t.Helper()
	e := at(callback)
	r := channel.Request{Method: http.MethodPost, URL: path, Header: http.Header{}, Body: []byte(form.Encode())}
	r.Header.Set("X-Twilio-Signature", signature(e, r))
	reply, err := sms.New().Receive(t.Context(), e, r)
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

func TestReceive(t *testing.T) {
	t.Parallel()
	incoming := func(more url.Values) url.Values {
		form := url.Values{"MessageSid": {"SM1"}, "From": {"+819012345678"}, "To": {"+815012345678"}, "Body": {""}, "NumMedia": {"0"}}
		for name, values := range more {
			form[name] = values
		}
		return form
	}
	t.Run("repeated and new parameters", func(t *testing.T) {
		t.Parallel()
		reply := receive(t, "/x", incoming(url.Values{"Body": {"one"}, "New": {"b", "a"}, "Aaa": {"1"}}))
		if m := reply.Results[0].Message; m == nil || m.Parts[0].Text != "one" {
			t.Errorf("%+v", reply.Results)
		}
	})
	t.Run("nothing in it", func(t *testing.T) {
		t.Parallel()
		if m := receive(t, "/x", incoming(nil)).Results[0].Message; m.Parts[0].Kind != desk.PartUnknown {
			t.Errorf("%+v", m.Parts)
		}
	})
	t.Run("a short code", func(t *testing.T) {
		t.Parallel()
		if p := receive(t, "/x", incoming(url.Values{"From": {"32665"}, "Body": {"hi"}})).Results[0].Message.Peer; p != (channel.Peer{ExternalID: "32665"}) {
			t.Errorf("%+v", p)
		}
	})
	t.Run("HELP that was answered", func(t *testing.T) {
		t.Parallel()
		results := receive(t, "/x", incoming(url.Values{"Body": {"HELP"}, "OptOutType": {"HELP"}})).Results
		if len(results) != 1 || results[0].Message.Keyword != desk.KeywordHelp {
			t.Errorf("%+v", results)
		}
	})
	t.Run("bytes that are no text", func(t *testing.T) {
		t.Parallel()
		if m := receive(t, "/x", incoming(url.Values{"Body": {"a\x00b\xff"}})).Results[0].Message; m.Parts[0].Text != "ab\uFFFD" {
			t.Errorf("%q", m.Parts[0].Text)
		}
	})
	t.Run("an unknown status", func(t *testing.T) {
		t.Parallel()
		if r := receive(t, "/x?m=1-0", incoming(url.Values{"MessageStatus": {"pondering"}})).Results[0]; r.Unknown != "status pondering" {
			t.Errorf("%+v", r)
		}
	})
	t.Run("a failure without a code", func(t *testing.T) {
		t.Parallel()
		r := receive(t, "/x", incoming(url.Values{"MessageStatus": {"canceled"}})).Results[0].Receipt
		if r.Fault.Kind != channel.ActFail || r.Fault.Code != "canceled" || r.Key != "" {
			t.Errorf("%+v %+v", r, r.Fault)
		}
	})
	t.Run("what may succeed later has failed now", func(t *testing.T) {
		t.Parallel()
		r := receive(t, "/x", incoming(url.Values{"MessageStatus": {"undelivered"}, "ErrorCode": {"30008"}})).Results[0].Receipt
		if r.Fault.Kind != channel.ActFail || r.Fault.Code != "30008" {
			t.Errorf("%+v", r.Fault)
		}
	})
}
