package webchat_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
)

var endpoint = channel.Endpoint{
	Channel:  desk.Channel{ID: 42, Kind: webchat.Kind, Account: "pub1"},
	Received: time.Date(2026, 11, 21, 9, 0, 0, 123456789, time.UTC),
}

func request(method, path, body string) channel.Request {
	return channel.Request{Method: method, URL: "/widget/v1/" + path, Header: http.Header{}, Body: []byte(body), Peer: "visitor-key"}
}

func write(body string) channel.Request { return request(http.MethodPost, "messages", body) }

func suite() channeltest.Suite {
	return channeltest.Suite{
		Connector: webchat.New(), KindsKnown: true, // the widget is ours
		Fixtures: []channeltest.Fixture{
			{Name: "text", Endpoint: endpoint, Request: write(`{"client_id":"c1","parts":[{"kind":"text","text":"こんにちは 😀"}]}`), Want: "message"},
			{Name: "file", Endpoint: endpoint, Request: write(`{"client_id":"c2","parts":[{"kind":"image","attachment_id":7}],"page":{"url":"x"}}`), Want: "message"},
			{Name: "read", Endpoint: endpoint, Request: request(http.MethodPut, "read", `{"seq":12}`), Want: "receipt"},
			{Name: "unknown", Endpoint: endpoint, Request: request(http.MethodPost, "dance", `{}`), Want: "unknown"},
		},
	}
}

func TestConnector(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, suite())
}

func FuzzReceive(f *testing.F) { channeltest.Fuzz(f, suite()) }

func TestReceiveKeepsWhatWasSaid(t *testing.T) {
	t.Parallel()
	reply, err := webchat.New().Receive(t.Context(), endpoint, write(`{"client_id":"c1","parts":[
		{"kind":"text","text":"<script>alert(1)<\/script> \u202eRTL\u0000\u0007\r\nend"},
		{"kind":"text","text":" \n "},
		{"kind":"file","attachment_id":9}]}`))
	if err != nil {
		t.Fatal(err)
	}
	r := reply.Results[0]
	if r.Account != "pub1" || r.Key != "message/visitor-key/c1" || r.Message.ClientID != "c1" || !r.Message.At.IsZero() {
		t.Errorf("result: %+v", r)
	}
	if p := r.Message.Peer; p.Scope != "42" || p.ExternalID != "visitor-key" {
		t.Errorf("peer: %+v", p)
	}
	if len(r.Message.Parts) != 2 || r.Message.Parts[0].Text != "<script>alert(1)</script> \u202eRTL\nend" || r.Message.Parts[1].AttachmentID != 9 {
		t.Errorf("parts: %+v", r.Message.Parts)
	}
}

func TestReceiveRefuses(t *testing.T) {
	t.Parallel()
	text := func(n int) string {
		return fmt.Sprintf(`{"client_id":"c","parts":[{"kind":"text","text":%q}]}`, strings.Repeat("あ", n))
	}
	for name, test := range map[string]struct{ body, code string }{
		"no client id":      {`{"parts":[{"kind":"text","text":"a"}]}`, "client_id_invalid"},
		"long client id":    {`{"client_id":"` + strings.Repeat("x", 129) + `","parts":[{"kind":"text","text":"a"}]}`, "client_id_invalid"},
		"spaced client id":  {`{"client_id":"a b","parts":[{"kind":"text","text":"a"}]}`, "client_id_invalid"},
		"no parts":          {`{"client_id":"c"}`, "message_empty"},
		"only spaces":       {`{"client_id":"c","parts":[{"kind":"text","text":" \t\n"}]}`, "message_empty"},
		"only control":      {`{"client_id":"c","parts":[{"kind":"text","text":"\u0000\u0001"}]}`, "message_empty"},
		"long text":         {text(10_001), "text_too_long"},
		"huge body":         {text(30_000), "body_too_large"},
		"file without id":   {`{"client_id":"c","parts":[{"kind":"file"}]}`, "attachment_missing"},
		"negative id":       {`{"client_id":"c","parts":[{"kind":"file","attachment_id":-1}]}`, "attachment_missing"},
		"same file twice":   {`{"client_id":"c","parts":[{"kind":"file","attachment_id":1},{"kind":"file","attachment_id":1}]}`, "attachment_missing"},
		"choices":           {`{"client_id":"c","parts":[{"kind":"choices","choices":[{"id":"1","label":"a"}]}]}`, "part_kind_invalid"},
		"system":            {`{"client_id":"c","parts":[{"kind":"system"}]}`, "part_kind_invalid"},
		"eleven parts":      {`{"client_id":"c","parts":[` + strings.Repeat(`{"kind":"text","text":"a"},`, 10) + `{"kind":"text","text":"a"}]}`, "too_many_parts"},
		"not JSON":          {`hello`, "body_invalid"},
		"two values":        {`{} {}`, "body_invalid"},
		"wrong type":        {`{"client_id":7}`, "body_invalid"},
		"attachment string": {`{"client_id":"c","parts":[{"kind":"file","attachment_id":"7"}]}`, "body_invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := webchat.New().Receive(t.Context(), endpoint, write(test.body))
			if desk.KindOf(err) != desk.KindInvalid || desk.CodeOf(err) != test.code {
				t.Errorf("got %v (%s), want %s", err, desk.CodeOf(err), test.code)
			}
		})
	}
	if _, err := webchat.New().Receive(t.Context(), endpoint, write(text(10_000))); err != nil {
		t.Errorf("10,000 characters are allowed: %v", err)
	}
	stranger := write(text(1))
	stranger.Peer = ""
	if _, err := webchat.New().Receive(t.Context(), endpoint, stranger); !errors.Is(err, channel.ErrForged) {
		t.Errorf("nobody in particular writes: %v", err)
	}
}
