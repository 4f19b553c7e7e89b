package line_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
)

// console answers by method and path, 200 with {} where nothing else is said.
func console(t *testing.T, answers map[string]channeltest.Answer) string {
	t.Helper()
	good := map[string]channeltest.Answer{
		"POST /oauth2/v3/token":                 token,
		"POST /v2/oauth/verify":                 ok(`{"client_id":"1650000000","expires_in":2591999}`),
		"GET /v2/bot/info":                      ok(`{"userId":"` + account0 + `","basicId":"@123abcde","displayName":"Shop","chatMode":"bot","markAsReadMode":"auto"}`),
		"GET /v2/bot/channel/webhook/endpoint":  ok(`{"endpoint":"` + endpoint.URL + `","active":true}`),
		"POST /v2/bot/channel/webhook/test":     ok(`{"success":true,"timestamp":"2026-11-21T09:00:00Z","statusCode":200,"reason":"OK","detail":"200"}`),
		"GET /v2/bot/message/quota":             ok(testdata(t, "quota_200")),
		"GET /v2/bot/message/quota/consumption": ok(`{"totalUsage":57}`),
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.Method + " " + r.URL.Path
		answer, is := answers[name]
		if !is {
			answer = good[name]
		}
		w.WriteHeader(answer.Status)
		_, _ = w.Write([]byte(answer.Body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestProbe(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answers map[string]channeltest.Answer
		want    string
	}{
		"good": {nil, "credentials:passed token:passed bot:passed chat_mode:passed webhook:passed webhook_on:passed webhook_test:passed quota:passed"},
		"wrong secret": {map[string]channeltest.Answer{"POST /oauth2/v3/token": {Status: 400, Body: `{"error":"invalid_client","error_description":"invalid client_secret"}`}},
			"credentials:failed token:skipped bot:skipped webhook:skipped webhook_test:skipped quota:skipped"},
		"a token of another channel": {map[string]channeltest.Answer{"POST /v2/oauth/verify": ok(`{"client_id":"1","expires_in":1}`)},
			"credentials:passed token:failed bot:skipped webhook:skipped webhook_test:skipped quota:skipped"},
		"an expired token": {map[string]channeltest.Answer{"POST /v2/oauth/verify": {Status: 400, Body: `{"error_description":"access token expired"}`}},
			"credentials:passed token:failed bot:skipped webhook:skipped webhook_test:skipped quota:skipped"},
		"no bot": {map[string]channeltest.Answer{"GET /v2/bot/info": refused(403, "Not authorized")},
			"credentials:passed token:passed bot:failed webhook:skipped webhook_test:skipped quota:skipped"},
		"others answer too": {map[string]channeltest.Answer{"GET /v2/bot/info": ok(`{"userId":"` + account0 + `","basicId":"@123abcde","premiumId":"@shop","displayName":"Shop","chatMode":"chat"}`)},
			"credentials:passed token:passed bot:passed chat_mode:warning webhook:passed webhook_on:passed webhook_test:passed quota:passed"},
		"no webhook": {map[string]channeltest.Answer{"GET /v2/bot/channel/webhook/endpoint": refused(404, "Not found")},
			"credentials:passed token:passed bot:passed chat_mode:passed webhook:warning webhook_test:skipped quota:passed"},
		"another webhook": {map[string]channeltest.Answer{"GET /v2/bot/channel/webhook/endpoint": ok(`{"endpoint":"https://other.example.test/x","active":true}`)},
			"credentials:passed token:passed bot:passed chat_mode:passed webhook:warning webhook_test:skipped quota:passed"},
		"switched off": {map[string]channeltest.Answer{"GET /v2/bot/channel/webhook/endpoint": ok(`{"endpoint":"` + endpoint.URL + `","active":false}`)},
			"credentials:passed token:passed bot:passed chat_mode:passed webhook:passed webhook_on:warning webhook_test:skipped quota:passed"},
		"out of reach": {map[string]channeltest.Answer{"POST /v2/bot/channel/webhook/test": ok(`{"success":false,"statusCode":0,"reason":"COULD_NOT_CONNECT","detail":"x"}`)},
			"credentials:passed token:passed bot:passed chat_mode:passed webhook:passed webhook_on:passed webhook_test:warning quota:passed"},
		"tested too often": {map[string]channeltest.Answer{"POST /v2/bot/channel/webhook/test": refused(429, "The API rate limit has been exceeded.")},
			"credentials:passed token:passed bot:passed chat_mode:passed webhook:passed webhook_on:passed webhook_test:skipped quota:passed"},
		"almost used up": {map[string]channeltest.Answer{"GET /v2/bot/message/quota/consumption": ok(`{"totalUsage":160}`)},
			"credentials:passed token:passed bot:passed chat_mode:passed webhook:passed webhook_on:passed webhook_test:passed quota:warning"},
		"no limit": {map[string]channeltest.Answer{"GET /v2/bot/message/quota": ok(`{"type":"none"}`)},
			"credentials:passed token:passed bot:passed chat_mode:passed webhook:passed webhook_on:passed webhook_test:passed quota:passed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := connector().Probe(t.Context(), pasted(t, console(t, test.answers)))
			if err != nil {
				t.Fatal(err)
			}
			texts, got := connector().Texts("en"), []string{}
			for _, c := range p.Checks {
				got = append(got, c.Code+":"+string(c.State))
				if texts["check."+c.Code] == "" || texts["check."+c.Code+".fix"] == "" {
					t.Errorf("no words for %s", c.Code)
				}
			}
			equal(t, "checks", strings.Join(got, " "), test.want)
			for _, f := range p.Facts {
				if texts["fact."+f.Name] == "" {
					t.Errorf("no words for %s", f.Name)
				}
			}
			if p.OK() && (p.Account != account0 || p.Title != "Shop") {
				t.Errorf("account %q, title %q", p.Account, p.Title)
			}
		})
	}
}

func TestProbeTellsExpiryAndQuota(t *testing.T) {
	t.Parallel()
	p, err := connector().Probe(t.Context(), pasted(t, console(t, nil)))
	if err != nil || !p.TokenExpires.Equal(now.Add(2591999*time.Second)) {
		t.Errorf("%v, expires %v", err, p.TokenExpires)
	}
	equal(t, "facts", p.Facts, []channel.Fact{{Name: "id", Value: "@123abcde"}, {Name: "link", Value: "https://line.me/R/ti/p/@123abcde"}, {Name: "used", Value: "57"}, {Name: "quota", Value: "200"}, {Name: "left", Value: "143"}})
	stateless, err := connector().Probe(t.Context(), account(t, console(t, nil)))
	if err != nil || !stateless.OK() || !stateless.TokenExpires.IsZero() || stateless.Checks[1].Code != "bot" {
		t.Errorf("without a pasted token: %+v, %v", stateless, err)
	}
	_, err = connector().Probe(t.Context(), account(t, console(t, map[string]channeltest.Answer{"GET /v2/bot/info": refused(500, "oops")})))
	if channel.AsFault(err) == nil {
		t.Error("LINE could not be asked")
	}
}

func TestSubscribe(t *testing.T) {
	t.Parallel()
	var asked []channeltest.Sent
	a := pasted(t, provider(t, &asked, ok(`{}`)))
	if err := connector().Subscribe(t.Context(), a); err != nil || asked[0].Method != http.MethodPut || asked[0].Path != "/v2/bot/channel/webhook/endpoint" ||
		string(asked[0].Body) != `{"endpoint":"https://desk.example.test/hooks/line/ch_5"}` {
		t.Errorf("%v, %+v", err, asked)
	}
	if err := connector().Unsubscribe(t.Context(), a); err != nil || len(asked) != 1 {
		t.Errorf("%v, %d requests", err, len(asked))
	}
	a.Callback = ""
	if f := channel.AsFault(connector().Subscribe(t.Context(), a)); f == nil || f.Code != "no_public_address" {
		t.Errorf("nobody can call a server without an address: %+v", f)
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	var asked []channeltest.Sent
	a := pasted(t, provider(t, &asked, channeltest.Answer{Status: http.StatusAccepted, Body: `{}`}, ok(testdata(t, "profile_200"))))
	if err := connector().Typing(t.Context(), a, aki, ""); err != nil || asked[0].Path != "/v2/bot/chat/loading/start" || string(asked[0].Body) != `{"chatId":"`+customer+`","loadingSeconds":10}` {
		t.Errorf("%v, %+v", err, asked)
	}
	p, err := connector().Profile(t.Context(), a, aki)
	if err != nil || p.Name != "秋子" || p.Locale != "ja" || asked[1].Path != "/v2/bot/profile/"+customer {
		t.Errorf("%+v, %v, %+v", p, err, asked)
	}
	_, err = connector().Profile(t.Context(), pasted(t, provider(t, nil, refused(404, "Not found"))), aki)
	if f := channel.AsFault(err); f == nil || f.Code != "not_found" {
		t.Errorf("no friend: %v", err)
	}
}
