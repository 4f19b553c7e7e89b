package graph_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/graph"
)

// client calls a pretended Graph API that answers one thing.
func client(t *testing.T, status int, header http.Header, answer string, seen *http.Request) graph.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if seen != nil {
			*seen = *r.Clone(r.Context())
		}
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return graph.Client{
		Account: channel.Account{BaseURL: server.URL, Client: server.Client(), Now: time.Now}, Token: token, Secret: secret,
		Faults: graph.Table{
			{Number: 131047}:           {Kind: channel.ActWindow},
			{Number: 10, Sub: 2018278}: {Kind: channel.ActWindow},
			{Number: 131056}:           {Kind: channel.ActThrottle, Scope: channel.RatePeer, After: 4 * time.Second},
			{Number: 131016}:           {Kind: channel.ActRetry},
			{Number: 131031}:           {Kind: channel.ActCap, Suspended: true},
		},
	}
}

func TestCallsCarryTokenAndProof(t *testing.T) {
	t.Parallel()
	var seen http.Request
	c := client(t, 200, nil, `{"id":"42"}`, &seen)
	var answer struct{ ID string }
	if f := c.Get(t.Context(), "/42", map[string][]string{"fields": {"id,name"}}, &answer); f != nil || answer.ID != "42" {
		t.Fatalf("%+v, %v", answer, f)
	}
	if seen.URL.Path != "/v25.0/42" || seen.Header.Get("Authorization") != "Bearer "+token || seen.URL.Query().Get("appsecret_proof") != proof || seen.URL.Query().Get("fields") != "id,name" {
		t.Errorf("asked %s with %v", seen.URL, seen.Header)
	}
	c.Version, c.Secret = "v23.0", ""
	if f := c.Get(t.Context(), "debug_token", map[string][]string{"access_token": {"1|s"}}, &answer); f != nil {
		t.Fatal(f)
	}
	if seen.URL.Path != "/v23.0/debug_token" || seen.Header.Get("Authorization") != "" || seen.URL.Query().Has("appsecret_proof") {
		t.Errorf("a call with a token of its own carries no other: %s with %v", seen.URL, seen.Header)
	}
	if got := (graph.Client{Token: token}).Address("me", nil); got != "https://graph.facebook.com/v25.0/me" {
		t.Errorf("address %s", got)
	}
}

func TestUsageAsksToBeSpared(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"nothing":      {nil, 0},
		"below":        {http.Header{"X-App-Usage": {`{"call_count":79,"total_time":3,"total_cputime":0}`}}, 0},
		"from there":   {http.Header{"X-App-Usage": {`{"call_count":80}`}}, 250 * time.Millisecond},
		"by its time":  {http.Header{"X-App-Usage": {`{"call_count":1,"total_time":90}`}}, 2750 * time.Millisecond},
		"beyond all":   {http.Header{"X-App-Usage": {`{"total_cputime":4000}`}}, 5250 * time.Millisecond},
		"the business": {http.Header{"X-Business-Use-Case-Usage": {`{"1":[{"call_count":5}],"2":[{"call_count":10},{"call_count":84}]}`}}, 1250 * time.Millisecond},
		"unreadable":   {http.Header{"X-App-Usage": {`full`}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				maps.Copy(w.Header(), try.header)
				_, _ = w.Write([]byte(`{}`))
			}))
			t.Cleanup(server.Close)
			var asked time.Duration
			c := graph.Client{Account: channel.Account{BaseURL: server.URL, Client: server.Client(), Now: time.Now, Ease: func(d time.Duration) { asked = d }}}
			if f := c.Get(t.Context(), "me", nil, nil); f != nil || asked != try.want {
				t.Errorf("asked for %v (%v), want %v", asked, f, try.want)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	wait := http.Header{"X-Business-Use-Case-Usage": {`{"9900":[{"type":"whatsapp","call_count":100,"estimated_time_to_regain_access":7}]}`}}
	for name, try := range map[string]struct {
		status  int
		header  http.Header
		answer  string
		kind    channel.Action
		code    string
		certain bool
		after   time.Duration
		scope   channel.RateScope
	}{
		"token":                {401, nil, `{"error":{"message":"expired","code":190,"error_subcode":463}}`, channel.ActToken, "190", true, 0, ""},
		"code 0":               {401, nil, `{"error":{"message":"no","code":0}}`, channel.ActToken, "0", true, 0, ""},
		"permission":           {403, nil, `{"error":{"code":230}}`, channel.ActToken, "230", true, 0, ""},
		"the channel's own":    {400, nil, `{"error":{"code":131047}}`, channel.ActWindow, "131047", true, 0, ""},
		"subcode before code":  {403, nil, `{"error":{"code":10,"error_subcode":2018278}}`, channel.ActWindow, "10_2018278", true, 0, ""},
		"subcode unknown":      {403, nil, `{"error":{"code":10,"error_subcode":7}}`, channel.ActToken, "10", true, 0, ""},
		"inside 200":           {200, nil, `{"error":{"code":368}}`, channel.ActCap, "368", true, 0, ""},
		"throttled":            {400, wait, `{"error":{"code":80007}}`, channel.ActThrottle, "80007", true, 7 * time.Minute, ""},
		"throttled, one peer":  {400, http.Header{"Retry-After": {"9"}}, `{"error":{"code":131056}}`, channel.ActThrottle, "131056", true, 9 * time.Second, channel.RatePeer},
		"temporary, for sure":  {400, nil, `{"error":{"code":1}}`, channel.ActRetry, "1", true, 0, ""},
		"temporary, who knows": {503, nil, `{"error":{"code":2}}`, channel.ActRetry, "2", false, 0, ""},
		"its own, who knows":   {500, nil, `{"error":{"code":131016}}`, channel.ActRetry, "131016", false, 0, ""},
		"final at 500":         {500, nil, `{"error":{"code":131031}}`, channel.ActCap, "131031", true, 0, ""},
		"transient":            {400, nil, `{"error":{"code":7777,"is_transient":true}}`, channel.ActRetry, "7777", true, 0, ""},
		"unknown":              {400, nil, `{"error":{"code":7777}}`, channel.ActFail, "7777", true, 0, ""},
		"the app's secret":     {400, nil, `{"error":{"message":"Invalid appsecret_proof provided in the API argument","code":100}}`, channel.ActConfig, graph.CodeProof, true, 0, ""},
		"no envelope":          {502, nil, `<html>`, channel.ActRetry, "http_502", false, 0, ""},
		"unreadable":           {200, nil, `<html>`, channel.ActRetry, "answer_unreadable", false, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := client(t, try.status, try.header, try.answer, nil).Post(t.Context(), "1/messages", nil, map[string]string{"a": "b"}, &struct{}{})
			if f == nil || f.Kind != try.kind || f.Code != try.code || f.Certain != try.certain || f.After != try.after || f.Scope != try.scope ||
				f.Suspended != (try.code == "368" || try.code == "131031") {
				t.Errorf("got %+v", f)
			}
		})
	}
}

func TestFaultsTellNoSecrets(t *testing.T) {
	t.Parallel()
	c := client(t, 400, nil, `{"error":{"message":"Malformed access token `+token+` or EAAGother12345678","code":190,"fbtrace_id":"A`+secret+`"}}`, nil)
	f := c.Get(t.Context(), "me", nil, nil)
	if f == nil || !strings.Contains(f.Err.Error(), "Malformed access token") {
		t.Fatalf("%+v", f)
	}
	c.Account.BaseURL = "http://127.0.0.1:1" // nothing listens there
	for _, f := range []*channel.Fault{f, c.Get(t.Context(), "debug_token", map[string][]string{"input_token": {token}}, nil)} {
		for _, hidden := range []string{token, secret, "EAAGother", proof} {
			if f == nil || strings.Contains(f.Error(), hidden) {
				t.Errorf("it tells %s: %v", hidden, f)
			}
		}
	}
}

func TestDownloadSendsTheTokenInPrivateOnly(t *testing.T) {
	t.Parallel()
	var seen http.Request
	c := client(t, 200, nil, "bytes", &seen)
	own := c.Account.BaseURL
	for base, want := range map[string]string{own: "Bearer " + token, "http://another.test": ""} {
		c.Account.BaseURL = base
		m, f := c.Download(t.Context(), own+"/file")
		if f != nil {
			t.Fatal(f)
		}
		bytes, err := io.ReadAll(m.Body)
		if err != nil || string(bytes) != "bytes" || m.Body.Close() != nil {
			t.Errorf("%q, %v", bytes, err)
		}
		if got := seen.Header.Get("Authorization"); got != want {
			t.Errorf("pointed at %s: authorization %q", base, got)
		}
	}
}
