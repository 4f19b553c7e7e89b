package graph_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/graph"
)

const (
	secret = "5f2b1c0de4a9478bb0c6f1a2d3e4f506"
	token  = "EAAB-fictional-token"
	// The vector's body keeps Meta's escapes: signed are the bytes as they came.
	body      = `{"object":"page","entry":[{"id":"1008200000001","time":1764000000123,"messaging":[{"sender":{"id":"7700000000001"},"recipient":{"id":"1008200000001"},"timestamp":1764000000100,"message":{"mid":"m_AAA1","text":"\u3053\u3093\u306b\u3061\u306f"}}]}]}`
	signature = "sha256=4ce322bcd32a83849e45d98c4fee6ca47a8fdd28f2f4462f331cb6f30209cb5d"
	proof     = "9c18aad8641e2a5fcdf32c1866519cd39d277917cf7374084ca97fa551b24588"
)

func TestAuthentic(t *testing.T) {
	t.Parallel()
	signed := func(signature string) channel.Request {
		return channel.Request{Header: http.Header{graph.SignatureHeader: {signature}}, Body: []byte(body)}
	}
	for name, try := range map[string]struct {
		request channel.Request
		secrets []string
		want    bool
	}{
		"good":               {signed(signature), []string{secret}, true},
		"one of two secrets": {signed(signature), []string{"other", secret}, true},
		"another secret":     {signed(signature), []string{"other"}, false},
		"no secret":          {signed(graph.Sign("", []byte(body))), []string{""}, false},
		"without sha256=":    {signed(signature[7:]), []string{secret}, false},
		"unsigned":           {channel.Request{Header: http.Header{}, Body: []byte(body)}, []string{secret}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := graph.Authentic(try.request, try.secrets...); got != try.want {
				t.Errorf("authentic: %v", got)
			}
		})
	}
	if got := graph.Sign(secret, []byte(body)); got != signature {
		t.Errorf("signature %s", got)
	}
	if got := graph.Proof(secret, token); got != proof {
		t.Errorf("proof %s", got)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	ask := func(mode, given string) channel.Request {
		query := url.Values{"hub.mode": {mode}, "hub.challenge": {"1158201444"}, "hub.verify_token": {given}}
		return channel.Request{Method: http.MethodGet, URL: "/hooks/x?" + query.Encode()}
	}
	reply, err := graph.Verify(ask("subscribe", "vt+test/1"), "vt+test/1")
	if err != nil || string(reply.Body) != "1158201444" || reply.Type != "" {
		t.Errorf("%+v, %v", reply, err)
	}
	for name, err := range map[string]error{
		"another token": second(graph.Verify(ask("subscribe", "no"), "vt")),
		"another mode":  second(graph.Verify(ask("unsubscribe", "vt"), "vt")),
		"no token":      second(graph.Verify(ask("subscribe", ""), "")),
		"no address":    second(graph.Verify(channel.Request{URL: "%zz"}, "vt")),
	} {
		if !errors.Is(err, channel.ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ channel.Reply, err error) error { return err }

func TestInstant(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 11, 24, 16, 0, 0, 0, time.UTC)
	for n, want := range map[int64]time.Time{at.Unix(): at, at.UnixMilli(): at, 0: {}, -5: {}} {
		if got := graph.Instant(n); !got.Equal(want) {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
