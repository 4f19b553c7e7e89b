package messenger_test

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/messenger"
)

const everything = `["messages","messaging_postbacks","message_deliveries","message_reads","message_echoes","message_reactions","message_edits","messaging_referrals","messaging_optins","messaging_handovers","standby","messaging_policy_enforcement"]`

// healthy is a page that is connected in every respect.
func healthy() map[string]channeltest.Answer {
	return map[string]channeltest.Answer{
		"GET /v25.0/debug_token":                  {Body: `{"data":{"is_valid":true,"type":"PAGE","expires_at":1799999999,"scopes":["pages_messaging","pages_manage_metadata"]}}`},
		"GET /v25.0/me":                           {Body: `{"id":"1008200000001","name":"Tea shop","category":"Shop"}`},
		"GET /v25.0/" + page + "/subscribed_apps": {Body: `{"data":[{"id":"5"},{"id":"123456789","subscribed_fields":` + everything + `}]}`},
		"GET /v25.0/123456789/subscriptions":      {Body: `{"data":[{"object":"page","callback_url":"https://desk.example.test/hooks/x","active":true}]}`},
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		path   string
		answer channeltest.Answer
		want   string
	}{
		"healthy":             {"", channeltest.Answer{}, "app passed token passed permissions passed page passed subscribed passed callback passed"},
		"wrong secret":        {"debug_token", channeltest.Answer{Status: 400, Body: `{"error":{"code":190,"message":"Invalid OAuth access token signature."}}`}, "app failed token skipped permissions skipped page skipped subscribed skipped callback skipped"},
		"dead token":          {"debug_token", channeltest.Answer{Body: `{"data":{"is_valid":false,"type":"PAGE"}}`}, "app passed token failed permissions skipped page skipped subscribed skipped callback skipped"},
		"token of a person":   {"debug_token", channeltest.Answer{Body: `{"data":{"is_valid":true,"type":"USER"}}`}, "app passed token failed permissions skipped page skipped subscribed skipped callback skipped"},
		"permission missing":  {"debug_token", channeltest.Answer{Body: `{"data":{"is_valid":true,"type":"PAGE","scopes":["pages_messaging"]}}`}, "app passed token passed permissions failed page skipped subscribed skipped callback skipped"},
		"another page":        {"me", channeltest.Answer{Body: `{"id":"9","name":"Coffee shop"}`}, "app passed token passed permissions passed page failed subscribed skipped callback skipped"},
		"not subscribed":      {page + "/subscribed_apps", channeltest.Answer{Body: `{"data":[]}`}, "app passed token passed permissions passed page passed subscribed warning callback passed"},
		"another callback":    {"123456789/subscriptions", channeltest.Answer{Body: `{"data":[{"object":"page","callback_url":"https://old.example.test","active":true}]}`}, "app passed token passed permissions passed page passed subscribed passed callback warning"},
		"callback not active": {"123456789/subscriptions", channeltest.Answer{Body: `{"data":[{"object":"page","callback_url":"https://desk.example.test/hooks/x"}]}`}, "app passed token passed permissions passed page passed subscribed passed callback warning"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers := healthy()
			if test.path != "" {
				answers["GET /v25.0/"+test.path] = test.answer
			}
			probed, err := messenger.New().Probe(t.Context(), account(t, channeltest.NewPretend(t, answers).URL))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range probed.Checks {
				got = append(got, c.Code, string(c.State))
				for _, locale := range []string{"ja", "en"} {
					if texts := messenger.New().Texts(locale); texts["check."+c.Code] == "" || texts["check."+c.Code+".fix"] == "" {
						t.Errorf("no %s for check %s", locale, c.Code)
					}
				}
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("got %s\nwant %s", strings.Join(got, " "), test.want)
			}
			if name == "healthy" && (probed.Account != page || probed.Title != "Tea shop" || !probed.TokenExpires.Equal(time.Unix(1799999999, 0)) || len(probed.Facts) != 1) {
				t.Errorf("found %+v", probed)
			}
		})
	}
	answers := healthy()
	answers["GET /v25.0/me"] = channeltest.Answer{Status: 503}
	_, err := messenger.New().Probe(t.Context(), account(t, channeltest.NewPretend(t, answers).URL))
	if f := channel.AsFault(err); f == nil || f.Kind != channel.ActRetry {
		t.Errorf("the provider could not be asked: %v", err)
	}
}

func TestSubscribeAndUnsubscribe(t *testing.T) {
	t.Parallel()
	done := channeltest.Answer{Body: `{"success":true}`}
	p := channeltest.NewPretend(t, map[string]channeltest.Answer{
		"POST /v25.0/123456789/subscriptions": done, "POST /v25.0/" + page + "/subscribed_apps": done,
		"GET /v25.0/" + page + "/subscribed_apps": {Body: `{"data":[{"id":"123456789","subscribed_fields":["feed"]}]}`}, "DELETE /v25.0/" + page + "/subscribed_apps": done,
	})
	a := account(t, p.URL)
	if err := errors.Join(messenger.New().Subscribe(t.Context(), a), messenger.New().Unsubscribe(t.Context(), a)); err != nil {
		t.Fatal(err)
	}
	sent := p.Sent()
	var app map[string]string
	if err := json.Unmarshal(sent[0].Body, &app); err != nil || app["object"] != "page" || app["callback_url"] != a.Callback || app["verify_token"] != "vt_test" || !strings.Contains(app["fields"], "messages,") {
		t.Errorf("the app's callback: %s", sent[0].Body)
	}
	if got := sent[0].Header.Get("Authorization"); got != "Bearer 123456789|"+secret {
		t.Errorf("the app's own token, not %q", got)
	}
	if u, err := url.Parse(sent[2].Path); err != nil || !strings.Contains(u.Query().Get("subscribed_fields"), "message_echoes") || !strings.HasSuffix(u.Query().Get("subscribed_fields"), ",feed") {
		t.Errorf("the page's fields: %s", sent[2].Path)
	}
	refusing := channeltest.NewPretend(t, nil)
	if f := channel.AsFault(messenger.New().Subscribe(t.Context(), account(t, refusing.URL))); f == nil {
		t.Error("a refusal is told")
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	p := channeltest.NewPretend(t, map[string]channeltest.Answer{"POST /v25.0/" + page + "/messages": {Body: `{"recipient_id":"7700000000001"}`}})
	a, c := account(t, p.URL), messenger.New()
	err := errors.Join(
		c.Typing(t.Context(), a, who, "m1"), c.MarkRead(t.Context(), a, who, "m1"),
		c.React(t.Context(), a, who, "m1", "❤️"), c.React(t.Context(), a, who, "m1", ""),
	)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		`"sender_action":"typing_on"}`, `"sender_action":"mark_seen"}`,
		`"sender_action":"react","payload":{"message_id":"m1","reaction":"❤"}}`, `"sender_action":"unreact","payload":{"message_id":"m1"}}`,
	} {
		if got := string(p.Sent()[i].Body); got != `{"recipient":{"id":"`+person+`"},`+want {
			t.Errorf("sent %s, want %s", got, want)
		}
	}
}

func TestConversationIsTakenOverOnce(t *testing.T) {
	t.Parallel()
	held := channeltest.Answer{Status: 400, Body: `{"error":{"code":10,"error_subcode":2018300,"message":"another app is controlling this thread now"}}`}
	answers := map[string]channeltest.Answer{"POST /v25.0/" + page + "/messages": held, "POST /v25.0/" + page + "/take_thread_control": {Body: `{"success":true}`}}
	p := channeltest.NewPretend(t, answers)
	_, err := messenger.New().Send(t.Context(), account(t, p.URL), to(text("hi")))
	if f := channel.AsFault(err); f == nil || f.Kind != channel.ActFail || !f.Certain || len(p.Sent()) != 3 {
		t.Errorf("%v after %d requests", err, len(p.Sent()))
	}
	taken := p.Sent()[1]
	if !strings.HasPrefix(taken.Path, "/v25.0/"+page+"/take_thread_control") || string(taken.Body) != `{"recipient":{"id":"`+person+`"}}` {
		t.Errorf("taken over by %s %s", taken.Path, taken.Body)
	}
}

func TestRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	late := to(text("late"))
	late.Tag = "human_agent"
	other := late
	other.Tag = "account_update"
	notApproved := account(t, "")
	notApproved.Channel.Settings = json.RawMessage(`{"page_id":"1008200000001","app_id":"123456789"}`)
	for name, test := range map[string]struct {
		a    channel.Account
		m    channel.Outgoing
		kind channel.Action
	}{
		"tag not approved": {notApproved, late, channel.ActWindow},
		"another tag":      {account(t, ""), other, channel.ActConfig},
		"over the limit":   {account(t, ""), to(text(strings.Repeat("a", 2001))), channel.ActFail},
		"no settings":      {channel.Account{}, to(text("a")), channel.ActConfig},
	} {
		if f := channel.AsFault(second(messenger.New().Send(t.Context(), test.a, test.m))); f == nil || f.Kind != test.kind || !f.Certain {
			t.Errorf("%s: %v", name, f)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestProfile(t *testing.T) {
	t.Parallel()
	known := channeltest.NewPretend(t, map[string]channeltest.Answer{"GET /v25.0/" + person: {Body: `{"first_name":"Aki","last_name":"Sato","profile_pic":"https://cdn.example.test/p.jpg"}`}})
	if p, err := messenger.New().Profile(t.Context(), account(t, known.URL), who); err != nil || p.Name != "Aki Sato" || p.ImageURL != "https://cdn.example.test/p.jpg" {
		t.Errorf("%+v, %v", p, err)
	}
	hidden := map[string]channeltest.Answer{"GET /v25.0/" + person: {Status: 400, Body: `{"error":{"code":100,"error_subcode":33}}`}}
	if _, err := messenger.New().Profile(t.Context(), account(t, channeltest.NewPretend(t, hidden).URL), who); channel.AsFault(err) == nil || channel.AsFault(err).Kind != channel.ActFail {
		t.Errorf("a hidden profile: %v", err)
	}
	named := maps.Clone(hidden)
	named["GET /v25.0/me/conversations"] = channeltest.Answer{Body: `{"data":[{"participants":{"data":[{"id":"` + page + `","name":"Tea shop"},{"id":"` + person + `","name":"Aki"}]}}]}`}
	if p, err := messenger.New().Profile(t.Context(), account(t, channeltest.NewPretend(t, named).URL), who); err != nil || p.Name != "Aki" {
		t.Errorf("the name in the conversation: %+v, %v", p, err)
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	p := channeltest.NewPretend(t, map[string]channeltest.Answer{"GET /i.jpg": {Body: "bytes"}, "GET /old.jpg": {Status: 403}})
	m, err := messenger.New().Fetch(t.Context(), account(t, p.URL), p.URL+"/i.jpg")
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(m.Body); err != nil || string(body) != "bytes" || m.Body.Close() != nil || p.Sent()[0].Header.Get("Authorization") != "" {
		t.Errorf("fetched %q with %v, %v", body, p.Sent()[0].Header, err)
	}
	for _, ref := range []string{p.URL + "/old.jpg", p.URL + "/gone.jpg", "file:///etc/passwd", "%zz", ""} {
		if f := channel.AsFault(second(messenger.New().Fetch(t.Context(), account(t, p.URL), ref))); f == nil || f.Kind != channel.ActFail || f.Code != "media_gone" {
			t.Errorf("%q: %v", ref, f)
		}
	}
}

// Every refusal that the table knows, and those that all of Meta's channels share, are explained.
func TestRefusalsAreExplained(t *testing.T) {
	t.Parallel()
	for _, refusal := range refusals(t) {
		p := channeltest.NewPretend(t, map[string]channeltest.Answer{"POST /v25.0/" + page + "/messages": refusal.Answer})
		f := channel.AsFault(second(messenger.New().Send(t.Context(), account(t, p.URL), to(text("hi")))))
		if f == nil || f.Code == "777" {
			continue // Meta knows codes that we do not: "other"
		}
		for _, locale := range []string{"ja", "en"} {
			if texts := messenger.New().Texts(locale); texts["fault."+f.Code] == "" || texts["fault."+f.Code+".fix"] == "" || texts["fault.other"] == "" {
				t.Errorf("no %s for %s", locale, f.Code)
			}
		}
	}
}
