package webhook_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/webhook"
	"madoguchi/desk"
)

func TestReplayWindow(t *testing.T) {
	t.Parallel()
	r := sign(endpoint(), events(`{"id":"1","type":"dance"}`))
	for after, good := range map[time.Duration]bool{0: true, 5 * time.Minute: true, -5 * time.Minute: true, 301 * time.Second: false, -301 * time.Second: false} {
		e := endpoint()
		e.Received = time.Unix(1764000000, 0).Add(after)
		if _, err := webhook.New().Receive(t.Context(), e, r); (err == nil) != good || !good && !errors.Is(err, channel.ErrForged) {
			t.Errorf("after %v: %v", after, err)
		}
	}
	r.Header.Set("Madoguchi-Signature", "v2=abc, "+r.Header.Get("Madoguchi-Signature"))
	if _, err := webhook.New().Receive(t.Context(), endpoint(), r); err != nil {
		t.Errorf("beside a later scheme: %v", err)
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{200: "passed passed", 204: "passed passed", 401: "passed failed", 403: "passed failed", 404: "failed skipped", 500: "failed skipped"} {
		p := channeltest.NewPretend(t, map[string]channeltest.Answer{"POST /": {Status: status}})
		got, err := webhook.New().Probe(t.Context(), account(t, p.URL))
		if err != nil || string(got.Checks[0].State)+" "+string(got.Checks[1].State) != want || got.Account != "https://system.example.test/answers" || got.Title != "system.example.test" {
			t.Errorf("%d: %+v, %v", status, got, err)
		}
		if sent := p.Sent()[0]; string(sent.Body) != `{"type":"ping"}` || sent.Header.Get("Madoguchi-Signature") == "" {
			t.Errorf("%s, %v", sent.Body, sent.Header)
		}
		for _, c := range got.Checks {
			for _, locale := range []string{"ja", "en"} {
				if texts := webhook.New().Texts(locale); texts["check."+c.Code] == "" || texts["check."+c.Code+".fix"] == "" {
					t.Errorf("no %s text for %s", locale, c.Code)
				}
			}
		}
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Madoguchi-Signature") != "" {
			t.Error("a file's host gets no signature")
		}
		_, _ = io.WriteString(w, "bytes")
	}))
	t.Cleanup(server.Close)
	media, err := webhook.New().Fetch(t.Context(), account(t, ""), server.URL+"/a")
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(media.Body)
	if err != nil || string(got) != "bytes" || media.Body.Close() != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := webhook.New().Fetch(t.Context(), account(t, ""), "file:///etc/passwd"); err == nil {
		t.Error("only addresses of the web")
	}
}

func TestRefusedHere(t *testing.T) {
	t.Parallel()
	noLink := answers()["file"]
	noLink.Files = nil
	for name, try := range map[string]struct {
		m    channel.Outgoing
		code string
	}{
		"a file without a public address": {noLink, "no_public_address"},
		"a place":                         {outgoing("k", desk.Part{Kind: desk.PartLocation, Location: &desk.Location{}}), "unsupported"},
		"nothing":                         {channel.Outgoing{Key: "k"}, "unsupported"},
	} {
		_, err := webhook.New().Send(t.Context(), account(t, "http://127.0.0.1:1"), try.m)
		if f := channel.AsFault(err); f == nil || f.Code != try.code || !f.Certain {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := webhook.New().Send(t.Context(), account(t, channeltest.NewPretend(t, map[string]channeltest.Answer{
		"POST /": {Status: 422, Body: `{"error":{"code":"too_long","detail":"at most 500"}}`},
	}).URL), answers()["text"])
	if f := channel.AsFault(err); f == nil || !strings.Contains(f.Err.Error(), "too_long at most 500") {
		t.Errorf("the system's own words: %v", err)
	}
}
