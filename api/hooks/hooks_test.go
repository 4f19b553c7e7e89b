package hooks_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"madoguchi/api/hooks"
	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
)

func TestHooks(t *testing.T) {
	t.Parallel()
	var got channel.Request
	answers := map[string]error{"forged": channel.ErrForged, "unknown": desk.NotFound("channel"), "broken": desk.Invalid("body", "body_invalid", "no"), "away": io.ErrUnexpectedEOF}
	api := &hooks.API{
		Channels: channel.Registry{testchannel.Kind: testchannel.Connector{}}, Log: slog.New(slog.DiscardHandler),
		Take: func(_ context.Context, kind, hook string, r channel.Request) (channel.Reply, error) {
			got = r
			return channel.Reply{Status: http.StatusAccepted, Type: "text/xml", Body: []byte("<Response/>")}, answers[hook]
		},
	}
	ask := func(method, path string, body []byte) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, path, bytes.NewReader(body))
		r.Header.Set("Cookie", "session=1")
		r.Header.Set("X-Proof", "p")
		w := httptest.NewRecorder()
		api.Handler().ServeHTTP(w, r)
		return w
	}
	w := ask("POST", "/hooks/testchannel/good?a=b%20c", []byte("raw \x00 bytes"))
	if w.Code != http.StatusAccepted || w.Header().Get("Content-Type") != "text/xml" || w.Body.String() != "<Response/>" {
		t.Errorf("answered %d %v %s", w.Code, w.Header(), w.Body)
	}
	if got.URL != "/hooks/testchannel/good?a=b%20c" || string(got.Body) != "raw \x00 bytes" || got.Header.Get("X-Proof") != "p" || got.Header.Get("Cookie") != "" {
		t.Errorf("taken: %+v", got)
	}
	for path, want := range map[string]int{"testchannel/forged": 403, "testchannel/unknown": 404, "testchannel/broken": 400, "testchannel/away": 503, "fax/good": 404, "testchannel": 404} {
		if w := ask("POST", "/hooks/"+path, nil); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	if a, b := ask("POST", "/hooks/fax/x", nil), ask("POST", "/hooks/testchannel/unknown", nil); a.Body.String() != b.Body.String() {
		t.Errorf("%q tells more than %q", a.Body, b.Body)
	}
	if w := ask("POST", "/hooks/testchannel/good", make([]byte, 1<<20+1)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("too large: %d", w.Code)
	}
	if w := ask("PUT", "/hooks/testchannel/good", nil); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %d", w.Code)
	}
}
