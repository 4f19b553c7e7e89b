package line_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
)

func bearer(s channeltest.Sent) string { return s.Header.Get("Authorization") }

func TestStatelessTokenIsFetchedOnce(t *testing.T) {
	t.Parallel()
	var asked []channeltest.Sent
	a, c := account(t, provider(t, &asked, token, ok(testdata(t, "send_200")))), connector()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := c.Send(t.Context(), a, outgoing(textPart("ok"))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(asked) != 9 || asked[0].Path != "/oauth2/v3/token" || asked[0].Header.Get("Content-Type") != "application/x-www-form-urlencoded" ||
		string(asked[0].Body) != "client_id=1650000000&client_secret="+secret+"&grant_type=client_credentials" {
		t.Errorf("%d requests, first %+v", len(asked), asked[0])
	}
	later := a
	later.Now = func() time.Time { return now.Add(12 * time.Minute) }
	if _, err := c.Send(t.Context(), later, outgoing(textPart("ok"))); channel.AsFault(err) == nil || asked[9].Path != "/oauth2/v3/token" {
		t.Errorf("after four fifths of its time it is fetched anew (this provider gives none): %v", err)
	}
}

func TestRefusedTokenIsFetchedAnewOnce(t *testing.T) {
	t.Parallel()
	var asked []channeltest.Sent
	second := ok(`{"access_token":"second","expires_in":899}`)
	a := account(t, provider(t, &asked, token, refused(401, "Authentication failed"), second, ok(testdata(t, "send_200"))))
	if _, err := connector().Send(t.Context(), a, outgoing(textPart("ok"))); err != nil || bearer(asked[3]) != "Bearer second" {
		t.Errorf("%v, %+v", err, asked)
	}
	asked = nil
	a = account(t, provider(t, &asked, token, refused(401, "Authentication failed"), second, refused(401, "Authentication failed")))
	_, err := connector().Send(t.Context(), a, outgoing(textPart("ok")))
	if f := channel.AsFault(err); f == nil || f.Kind != channel.ActToken || !f.Certain || len(asked) != 4 {
		t.Errorf("%+v after %d requests", f, len(asked))
	}
	for status, kind := range map[int]channel.Action{400: channel.ActToken, 401: channel.ActToken, 429: channel.ActThrottle, 500: channel.ActRetry} {
		_, err := connector().Send(t.Context(), account(t, provider(t, nil, refused(status, "no"))), outgoing(textPart("ok")))
		if f := channel.AsFault(err); f == nil || f.Kind != kind || !f.Certain {
			t.Errorf("no token (%d), so no message: %+v", status, f)
		}
	}
}

func TestPastedTokenIsUsedAsItIs(t *testing.T) {
	t.Parallel()
	var asked []channeltest.Sent
	_, err := connector().Send(t.Context(), pasted(t, provider(t, &asked, refused(401, "Authentication failed"))), outgoing(textPart("ok")))
	if f := channel.AsFault(err); f == nil || f.Kind != channel.ActToken || len(asked) != 1 || bearer(asked[0]) != "Bearer long-lived" {
		t.Errorf("%+v, %+v", f, asked)
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	var asked []channeltest.Sent
	address := provider(t, &asked, ok("bytes"))
	for ref, want := range map[string]string{
		"message/468789": "/data/v2/bot/message/468789/content", "sticker/1988": "/stickershop/v1/sticker/1988/android/sticker.png", "address/" + address + "/a.jpg": "/a.jpg",
	} {
		asked = nil
		media, err := connector().Fetch(t.Context(), pasted(t, address), ref)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(media.Body)
		if err != nil || string(got) != "bytes" || media.Body.Close() != nil || asked[0].Path != want || (bearer(asked[0]) != "") != strings.HasPrefix(ref, "message/") {
			t.Errorf("%s: %q, %v, %+v", ref, got, err, asked)
		}
	}
	for code, answers := range map[string][]channeltest.Answer{
		"media_gone":      {refused(http.StatusGone, "gone")},
		"media_preparing": {{Status: http.StatusAccepted}},
		"http_500":        {refused(500, "oops")},
		"http_401":        {refused(401, "no")},
	} {
		_, err := connector().Fetch(t.Context(), pasted(t, provider(t, nil, answers...)), "message/1")
		if f := channel.AsFault(err); f == nil || f.Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, ref := range []string{"", "message", "nonsense/1", "address/", "address//a"} {
		if f := channel.AsFault(second(connector().Fetch(t.Context(), pasted(t, address), ref))); f == nil || f.Code != "media_gone" {
			t.Errorf("%q: %v", ref, f)
		}
	}
	anew := account(t, provider(t, nil, token, refused(401, "no"), token, ok("bytes")))
	media, err := connector().Fetch(t.Context(), anew, "message/1")
	if err != nil || media.Body.Close() != nil {
		t.Errorf("with another token: %v", err)
	}
}

func second(_ channel.Media, err error) error { return err }
