package telegram_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/telegram"
)

// provider answers one request after the other, the last answer again and again, and notes what it was asked.
func provider(t *testing.T, asked *[]channeltest.Sent, answers ...channeltest.Answer) string {
	t.Helper()
	var mu sync.Mutex
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if asked != nil {
			*asked = append(*asked, channeltest.Sent{Method: r.Method, Path: r.URL.RequestURI(), Header: r.Header, Body: body})
		}
		answer := channeltest.Answer{Status: http.StatusTeapot}
		if len(answers) > 0 {
			answer = answers[min(n, len(answers)-1)]
		}
		n++
		w.WriteHeader(answer.Status)
		_, _ = io.WriteString(w, answer.Body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func ok(result string) channeltest.Answer {
	return channeltest.Answer{Status: http.StatusOK, Body: `{"ok":true,"result":` + result + `}`}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	var asked []channeltest.Sent
	address := provider(t, &asked, ok(`{"file_id":"PHl","file_path":"photos/file 1.jpg"}`), channeltest.Answer{Status: 200, Body: "jpeg"})
	media, err := telegram.New().Fetch(t.Context(), account(t, address), "PHl")
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(media.Body)
	if err != nil || string(got) != "jpeg" || media.Name != "file 1.jpg" || media.Body.Close() != nil {
		t.Errorf("%q, %v, %+v", got, err, media)
	}
	posted("getFile", `{"file_id":"PHl"}`)(t, asked[:1])
	equal(t, "address", asked[1].Path, "/file/bot"+token+"/photos/file%201.jpg")
	for code, answer := range map[string]channeltest.Answer{
		"file_too_big": refused(400, "Bad Request: file is too big", `{}`), "media_gone": ok(`{}`), "token_refused": refused(401, "Unauthorized", `{}`),
	} {
		_, err := telegram.New().Fetch(t.Context(), account(t, provider(t, nil, answer)), "PHl")
		if f := channel.AsFault(err); f == nil || f.Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestSignals(t *testing.T) {
	t.Parallel()
	c, to := telegram.New(), channel.Peer{ExternalID: "5"}
	var asked []channeltest.Sent
	a := account(t, provider(t, &asked, ok(`true`)))
	for _, err := range []error{c.Typing(t.Context(), a, to, ""), c.React(t.Context(), a, to, "5/13", "❤\uFE0F"), c.React(t.Context(), a, to, "5/13", "")} {
		if err != nil {
			t.Error(err)
		}
	}
	posted("sendChatAction", `{"chat_id":"5","action":"typing"}`)(t, asked[:1])
	posted("setMessageReaction", `{"chat_id":"5","message_id":13,"reaction":[{"type":"emoji","emoji":"❤"}]}`)(t, asked[1:2])
	posted("setMessageReaction", `{"chat_id":"5","message_id":13,"reaction":[]}`)(t, asked[2:])
	if err := c.React(t.Context(), a, to, "callback/x", "👍"); channel.AsFault(err) == nil {
		t.Error("a button's press cannot be reacted to")
	}
	unchanged := account(t, provider(t, nil, refused(400, "Bad Request: message is not modified", `{}`)))
	if err := c.React(t.Context(), unchanged, to, "5/13", "👍"); err != nil {
		t.Errorf("it is as wished: %v", err)
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	a := account(t, provider(t, nil, ok(`{"id":5,"type":"private","first_name":"Aki","last_name":"Test"}`)))
	p, err := telegram.New().Profile(t.Context(), a, channel.Peer{ExternalID: "5"})
	if err != nil || p.Name != "Aki Test" || p.ImageURL != "" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestSubscribe(t *testing.T) {
	t.Parallel()
	var asked []channeltest.Sent
	a := account(t, provider(t, &asked, ok(`true`)))
	if err := telegram.New().Subscribe(t.Context(), a); err != nil {
		t.Error(err)
	}
	if err := telegram.New().Unsubscribe(t.Context(), a); err != nil {
		t.Error(err)
	}
	posted("setWebhook", `{"url":"https://desk.example.test/hooks/telegram/ch_3","secret_token":"Mdg-7_secret","max_connections":1,
		"allowed_updates":["message","edited_message","callback_query","my_chat_member","message_reaction"]}`)(t, asked[:1])
	posted("deleteWebhook", `{}`)(t, asked[1:])
	a.Callback = ""
	if f := channel.AsFault(telegram.New().Subscribe(t.Context(), a)); f == nil || f.Code != "no_public_address" {
		t.Errorf("nobody can call a server without an address: %+v", f)
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	me := channeltest.Answer{Status: 200, Body: testdata(t, "getme_200")}
	hook := func(more string) channeltest.Answer {
		return ok(`{"url":"` + endpoint.URL + `","has_custom_certificate":false,"allowed_updates":["message","edited_message","callback_query","my_chat_member","message_reaction"]` + more + `}`)
	}
	for name, test := range map[string]struct {
		answers []channeltest.Answer
		want    string
	}{
		"good":          {[]channeltest.Answer{me, hook(``)}, "token:passed webhook:passed updates:passed errors:passed pending:passed"},
		"bad token":     {[]channeltest.Answer{refused(401, "Unauthorized", `{}`)}, "token:failed webhook:skipped updates:skipped errors:skipped pending:skipped"},
		"no token":      {[]channeltest.Answer{refused(404, "Not Found", `{}`)}, "token:failed webhook:skipped updates:skipped errors:skipped pending:skipped"},
		"elsewhere":     {[]channeltest.Answer{me, ok(`{"url":"https://other.example.test/x"}`)}, "token:passed webhook:warning updates:skipped errors:skipped pending:skipped"},
		"late":          {[]channeltest.Answer{me, hook(`,"pending_update_count":100`)}, "token:passed webhook:passed updates:passed errors:passed pending:warning"},
		"failing":       {[]channeltest.Answer{me, hook(`,"last_error_date":` + strconv.FormatInt(now.Unix(), 10) + `,"last_error_message":"Wrong response 500"`)}, "token:passed webhook:passed updates:passed errors:warning pending:passed"},
		"failed before": {[]channeltest.Answer{me, hook(`,"last_error_date":1700000000,"last_error_message":"Wrong response 500"`)}, "token:passed webhook:passed updates:passed errors:passed pending:passed"},
		"fewer kinds":   {[]channeltest.Answer{me, ok(`{"url":"` + endpoint.URL + `","allowed_updates":["message"]}`)}, "token:passed webhook:passed updates:warning errors:passed pending:passed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := telegram.New().Probe(t.Context(), account(t, provider(t, nil, test.answers...)))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			texts := telegram.New().Texts("en")
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
			if p.OK() && (p.Account != "7000000001" || p.Title != "@shop_test_bot") {
				t.Errorf("account %q, title %q", p.Account, p.Title)
			}
		})
	}
	if _, err := telegram.New().Probe(t.Context(), account(t, provider(t, nil, refused(500, "oops", `{}`)))); channel.AsFault(err) == nil {
		t.Error("Telegram could not be asked")
	}
}

func TestAccountOf(t *testing.T) {
	t.Parallel()
	equal(t, "account", telegram.New().AccountOf(nil, map[string]string{"token": token}), "7000000001")
	equal(t, "nobody", telegram.New().AccountOf(nil, nil), "")
}
