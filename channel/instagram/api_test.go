package instagram_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/graph"
	"madoguchi/channel/instagram"
	"madoguchi/desk"
)

const page = "1008200000001"

// healthy is an account that is connected in every respect, either way.
func healthy() map[string]channeltest.Answer {
	return map[string]channeltest.Answer{
		"GET /v25.0/me":                           {Body: `{"id":"555","user_id":"17840000000000001","username":"teashop","account_type":"BUSINESS"}`},
		"GET /v25.0/me/subscribed_apps":           {Body: `{"data":[{"id":"99","subscribed_fields":["messages","messaging_postbacks","messaging_seen","message_reactions","messaging_referral","message_edit"]}]}`},
		"GET /v25.0/debug_token":                  {Body: `{"data":{"is_valid":true,"type":"PAGE","scopes":["instagram_basic","instagram_manage_messages","pages_manage_metadata"]}}`},
		"GET /v25.0/" + page:                      {Body: `{"name":"Tea shop","instagram_business_account":{"id":"17840000000000001","username":"teashop"}}`},
		"GET /v25.0/" + page + "/subscribed_apps": {Body: `{"data":[{"id":"123456789","subscribed_fields":["messages"]}]}`},
		"GET /v25.0/123456789/subscriptions":      {Body: `{"data":[{"object":"instagram","callback_url":"https://desk.example.test/hooks/y","active":true}]}`},
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		account func(*testing.T, string) channel.Account
		path    string
		answer  channeltest.Answer
		want    string
	}{
		"by Instagram":       {account, "", channeltest.Answer{}, "token passed account passed subscribed passed"},
		"dead token":         {account, "me", channeltest.Answer{Status: 401, Body: `{"error":{"code":190}}`}, "token failed account skipped subscribed skipped"},
		"private account":    {account, "me", channeltest.Answer{Body: `{"user_id":"17840000000000001","account_type":"PERSONAL"}`}, "token passed account failed subscribed skipped"},
		"nobody":             {account, "me", channeltest.Answer{Body: `{}`}, "token passed account failed subscribed skipped"},
		"not subscribed":     {account, "me/subscribed_apps", channeltest.Answer{Body: `{"data":[]}`}, "token passed account passed subscribed warning"},
		"by page":            {pageAccount, "", channeltest.Answer{}, "app passed token passed permissions passed linked passed subscribed passed callback passed"},
		"wrong secret":       {pageAccount, "debug_token", channeltest.Answer{Status: 400, Body: `{"error":{"code":190}}`}, "app failed token skipped permissions skipped linked skipped subscribed skipped callback skipped"},
		"permission missing": {pageAccount, "debug_token", channeltest.Answer{Body: `{"data":{"is_valid":true,"type":"PAGE","scopes":["instagram_basic"]}}`}, "app passed token passed permissions failed linked skipped subscribed skipped callback skipped"},
		"not linked":         {pageAccount, page, channeltest.Answer{Body: `{"name":"Tea shop"}`}, "app passed token passed permissions passed linked failed subscribed skipped callback skipped"},
		"another callback":   {pageAccount, "123456789/subscriptions", channeltest.Answer{Body: `{"data":[]}`}, "app passed token passed permissions passed linked passed subscribed passed callback warning"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers := healthy()
			if test.path != "" {
				answers["GET /v25.0/"+test.path] = test.answer
			}
			probed, err := instagram.New().Probe(t.Context(), test.account(t, channeltest.NewPretend(t, answers).URL))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range probed.Checks {
				got = append(got, c.Code, string(c.State))
				explained(t, "check."+c.Code)
			}
			for _, f := range probed.Facts {
				if instagram.New().Texts("ja")["fact."+f.Name] == "" {
					t.Errorf("no text for fact %s", f.Name)
				}
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("got %s\nwant %s", strings.Join(got, " "), test.want)
			}
			if test.path == "" && (probed.Account != ours || probed.Title != "@teashop") {
				t.Errorf("found %+v", probed)
			}
		})
	}
}

func explained(t *testing.T, key string) {
	t.Helper()
	for _, locale := range []string{"ja", "en"} {
		if texts := instagram.New().Texts(locale); texts[key] == "" || texts[key+".fix"] == "" {
			t.Errorf("no %s for %s", locale, key)
		}
	}
}

func TestSubscribeAndUnsubscribe(t *testing.T) {
	t.Parallel()
	done, answers := channeltest.Answer{Body: `{"success":true}`}, healthy()
	for _, path := range []string{"POST /v25.0/me/subscribed_apps", "DELETE /v25.0/me/subscribed_apps", "POST /v25.0/123456789/subscriptions", "POST /v25.0/" + page + "/subscribed_apps"} {
		answers[path] = done
	}
	p := channeltest.NewPretend(t, answers)
	c := instagram.New()
	err := errors.Join(
		c.Subscribe(t.Context(), account(t, p.URL)), c.Unsubscribe(t.Context(), account(t, p.URL)),
		c.Subscribe(t.Context(), pageAccount(t, p.URL)), c.Unsubscribe(t.Context(), pageAccount(t, p.URL)),
	)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range p.Sent() {
		path, _, _ := strings.Cut(r.Path, "?")
		got = append(got, r.Method+" "+path)
	}
	want := "GET /v25.0/me/subscribed_apps, POST /v25.0/me/subscribed_apps, DELETE /v25.0/me/subscribed_apps, " +
		"POST /v25.0/123456789/subscriptions, GET /v25.0/" + page + "/subscribed_apps, POST /v25.0/" + page + "/subscribed_apps"
	if strings.Join(got, ", ") != want {
		t.Errorf("asked %s\nwant %s", strings.Join(got, ", "), want)
	}
	var app map[string]string
	if err := json.Unmarshal(p.Sent()[3].Body, &app); err != nil || app["object"] != "instagram" || app["verify_token"] != "vt_test" || !strings.Contains(app["fields"], "messaging_seen") {
		t.Errorf("the app's callback: %s", p.Sent()[3].Body)
	}
}

func TestPageSendsForItsAccount(t *testing.T) {
	t.Parallel()
	p := channeltest.NewPretend(t, map[string]channeltest.Answer{"POST /v25.0/" + page + "/messages": {Body: file(t, "send_200.json")}})
	if id, err := instagram.New().Send(t.Context(), pageAccount(t, p.URL), to(text("hi"))); err != nil || id != "aWdfOUT1" {
		t.Fatalf("%q, %v", id, err)
	}
	if got := p.Sent()[0].Path; !strings.HasSuffix(got, "?appsecret_proof="+graph.Proof(secret, token)) {
		t.Errorf("asked %s", got)
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	p := channeltest.NewPretend(t, map[string]channeltest.Answer{"POST /v25.0/me/messages": {Body: `{"recipient_id":"9100000000000001"}`}})
	a, c := account(t, p.URL), instagram.New()
	err := errors.Join(
		c.Typing(t.Context(), a, who, ""), c.MarkRead(t.Context(), a, who, ""), c.React(t.Context(), a, who, "m1", "❤️"), c.React(t.Context(), a, who, "m1", ""),
	)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		`"sender_action":"typing_on"}`, `"sender_action":"mark_seen"}`,
		`"sender_action":"react","payload":{"message_id":"m1","reaction":"love"}}`, `"sender_action":"unreact","payload":{"message_id":"m1"}}`,
	} {
		if got := string(p.Sent()[i].Body); got != `{"recipient":{"id":"`+person+`"},`+want {
			t.Errorf("sent %s, want %s", got, want)
		}
	}
	f := channel.AsFault(c.React(t.Context(), a, who, "m1", "👍"))
	if f == nil || f.Kind != channel.ActFail || len(p.Sent()) != 4 {
		t.Errorf("another emoji than the heart: %v", f)
	}
	explained(t, "fault."+f.Code)
}

func TestRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	image := to([]desk.Part{{Kind: desk.PartImage, AttachmentID: 5}})
	image.Files = map[desk.ID]channel.File{5: {}}
	late := to(text("late"))
	late.Tag = "human_agent"
	incomplete := account(t, "")
	incomplete.Channel.Settings = json.RawMessage(`{"variant":"facebook_login"}`)
	for name, test := range map[string]struct {
		a    channel.Account
		m    channel.Outgoing
		kind channel.Action
		code string
	}{
		"no public address":   {account(t, ""), image, channel.ActConfig, "no_public_address"},
		"tag not approved":    {pageAccount(t, ""), late, channel.ActWindow, "human_agent_off"},
		"over the limit":      {account(t, ""), to(text(strings.Repeat("窓", 334))), channel.ActFail, "text_too_long"},
		"settings incomplete": {incomplete, to(text("a")), channel.ActConfig, "settings"},
	} {
		_, err := instagram.New().Send(t.Context(), test.a, test.m)
		if f := channel.AsFault(err); f == nil || f.Kind != test.kind || f.Code != test.code || !f.Certain {
			t.Errorf("%s: %v", name, f)
		}
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	p := channeltest.NewPretend(t, map[string]channeltest.Answer{"GET /v25.0/" + person: {Body: `{"username":"aki","profile_pic":"https://cdn.example.test/p.jpg"}`}})
	if got, err := instagram.New().Profile(t.Context(), account(t, p.URL), who); err != nil || got.Name != "aki" || got.ImageURL == "" {
		t.Errorf("%+v, %v", got, err)
	}
	closed := channeltest.NewPretend(t, map[string]channeltest.Answer{"GET /v25.0/" + person: {Status: 403, Body: `{"error":{"code":230,"message":"User consent is required"}}`}})
	if _, err := instagram.New().Profile(t.Context(), account(t, closed.URL), who); channel.AsFault(err) == nil || channel.AsFault(err).Kind != channel.ActFail {
		t.Errorf("without consent nobody is blocked: %v", err)
	}
}

func TestRefusalsAreExplained(t *testing.T) {
	t.Parallel()
	for _, refusal := range refusals(t) {
		p := channeltest.NewPretend(t, map[string]channeltest.Answer{"POST /v25.0/me/messages": refusal.Answer})
		_, err := instagram.New().Send(t.Context(), account(t, p.URL), to(text("hi")))
		explained(t, "fault."+channel.AsFault(err).Code)
	}
}

func TestTokenIsRenewed(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	p := channeltest.NewPretend(t, map[string]channeltest.Answer{"GET /v25.0/refresh_access_token": {Body: `{"access_token":"IGAA-new","token_type":"bearer","expires_in":5184000}`}})
	a := account(t, p.URL)
	a.Now = func() time.Time { return at }
	renewed, err := instagram.New().Renew(t.Context(), a)
	if err != nil || renewed.Secrets["access_token"] != "IGAA-new" || !renewed.Expires.Equal(at.Add(60*24*time.Hour)) {
		t.Errorf("%+v, %v", renewed, err)
	}
	if got := p.Sent()[0].Path; got != "/v25.0/refresh_access_token?access_token="+token+"&grant_type=ig_refresh_token" {
		t.Errorf("asked %s", got)
	}
	if renewed, err := instagram.New().Renew(t.Context(), pageAccount(t, p.URL)); err != nil || len(renewed.Secrets) != 0 || len(p.Sent()) != 1 {
		t.Errorf("a page's token: %+v, %v", renewed, err)
	}
	young := channeltest.NewPretend(t, map[string]channeltest.Answer{"GET /v25.0/refresh_access_token": {Status: 400, Body: `{"error":{"code":100,"message":"token IGAA-fictional-token is too young"}}`}})
	_, err = instagram.New().Renew(t.Context(), account(t, young.URL))
	if f := channel.AsFault(err); f == nil || f.Kind != channel.ActFail || strings.Contains(f.Error(), token) {
		t.Errorf("refused: %v", err)
	}
}
