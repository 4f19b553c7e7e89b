package wechat_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/wechat"
	"madoguchi/desk"
)

func connector() wechat.Connector { return wechat.New(channel.NewTokens()) }

func read(t testing.TB, name string) []byte {
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// accounts numbers accounts, so that none finds the token of another that had the same port.
var accounts atomic.Int64

var noon = time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC) // in Beijing

func account(_ *testing.T, baseURL string) channel.Account {
	return channel.Account{
		Channel: endpoint("safe").Channel, Secrets: map[string]string{"app_secret": fmt.Sprintf("%032x", accounts.Add(1))},
		BaseURL: baseURL, Client: channeltest.Client(), Now: func() time.Time { return noon },
	}
}

func outgoing(parts ...desk.Part) channel.Outgoing {
	return channel.Outgoing{To: channel.Peer{Scope: appID, ExternalID: openID}, Key: "9-0", Parts: parts}
}

func textOf(t string, marks ...desk.Mark) channel.Outgoing {
	return outgoing(desk.Part{Kind: desk.PartText, Text: t, Marks: marks})
}

func fileOf(kind desk.PartKind, mime, content string) channel.Outgoing {
	m := outgoing(desk.Part{Kind: kind, AttachmentID: 5})
	m.Files = map[desk.ID]channel.File{5: {
		Attachment: desk.Attachment{ID: 5, Kind: kind, Name: "領収書", MIME: mime, Size: int64(len(content))},
		Open:       func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil },
	}}
	return m
}

func ok(body string) channeltest.Answer { return channeltest.Answer{Status: http.StatusOK, Body: body} }

func suite(t testing.TB, mode string, sign func(channel.Endpoint, channel.Request) channel.Request) channeltest.Suite {
	e := endpoint(mode)
	s := channeltest.Suite{
		Connector: connector(), Sign: sign, BodyUnsigned: true, // a sealed body may have space behind it
		SignedFor: time.Hour,
		Account:   account, Before: []channeltest.Answer{ok(string(read(t, "token_200.json")))},
		Outgoing: textOf("你好"), Accept: ok(string(read(t, "send_ok.json"))),
		Sendings:      sendings(t),
		Settings:      `{"app_id":"` + appID + `","mode":"safe"}`,
		BadSettings:   map[string]string{"app_id": `{"app_id":"gh_1"}`, "mode": `{"app_id":"` + appID + `","mode":"open"}`},
		Verifications: map[string]channeltest.Verification{"echo<1>": {Endpoint: e, Request: question(e)}},
	}
	for _, f := range inbound() {
		f.Endpoint = e
		f.Request = sign(e, channel.Request{Body: read(t, f.Name+".xml")})
		s.Fixtures = append(s.Fixtures, f)
	}
	for code, want := range refusals {
		s.Refusals = append(s.Refusals, channeltest.Refusal{
			Name: fmt.Sprint(code), Answer: ok(fmt.Sprintf(`{"errcode":%d,"errmsg":"refused rid: 0000-test"}`, code)), Kind: want, Certain: code != -1,
		})
	}
	for _, name := range []string{"err_40001", "err_40003", "err_40164", "err_43004", "err_45009", "err_45011", "err_48001", "err_m1"} {
		var code int
		if _, err := fmt.Sscanf(strings.Replace(name, "m", "-", 1), "err_%d", &code); err != nil {
			t.Fatal(err)
		}
		s.Refusals = append(s.Refusals, channeltest.Refusal{Name: name, Answer: ok(string(read(t, name+".json"))), Kind: refusals[code], Certain: code != -1})
	}
	return s
}

func question(e channel.Endpoint) channel.Request {
	r := plain(e, channel.Request{})
	r.Method, r.URL = http.MethodGet, r.URL+"&echostr=echo%3C1%3E"
	return r
}

func TestPlain(t *testing.T) { t.Parallel(); channeltest.Run(t, suite(t, "plain", plain)) }

func TestSafe(t *testing.T) { t.Parallel(); channeltest.Run(t, suite(t, "safe", safe)) }

func FuzzReceive(f *testing.F) { channeltest.Fuzz(f, suite(f, "plain", plain)) }
