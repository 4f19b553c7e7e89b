package channel_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
)

func TestDoTellsCertainFromUncertain(t *testing.T) {
	t.Parallel()
	cut := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.URL.Path == "/half" {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "half")
			_ = http.NewResponseController(w).Flush()
		}
		panic(http.ErrAbortHandler) // cuts the connection
	}))
	t.Cleanup(cut.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + listener.Addr().String()
	_ = listener.Close()

	for name, test := range map[string]struct {
		url     string
		certain bool
	}{
		"nobody listens":     {nobody, true},
		"cut after the body": {cut.URL + "/cut", false},
		"cut in the answer":  {cut.URL + "/half", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, test.url, strings.NewReader("hello"))
			if err != nil {
				t.Fatal(err)
			}
			_, fault := channel.Do(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, r)
			if fault == nil || fault.Certain != test.certain || fault.Kind != channel.ActRetry {
				t.Errorf("fault: %+v, want certain %v", fault, test.certain)
			}
		})
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		status  int
		header  string
		kind    channel.Action
		certain bool
		after   time.Duration
	}{
		{429, "7", channel.ActThrottle, true, 7 * time.Second},
		{429, "Sat, 21 Nov 2026 00:01:00 GMT", channel.ActThrottle, true, time.Minute},
		{429, "-5", channel.ActThrottle, true, 0},
		{429, "99999999999999", channel.ActThrottle, true, 24 * time.Hour},
		{429, "soon", channel.ActThrottle, true, 0},
		{401, "", channel.ActToken, true, 0},
		{403, "", channel.ActToken, true, 0},
		{400, "", channel.ActFail, true, 0},
		{500, "", channel.ActRetry, false, 0},
		{503, "3", channel.ActRetry, false, 3 * time.Second},
		{408, "", channel.ActRetry, false, 0},
	} {
		h := http.Header{}
		if test.header != "" {
			h.Set("Retry-After", test.header)
		}
		f := channel.Refusal(channel.Answer{Status: test.status, Header: h}, now)
		if f == nil || f.Kind != test.kind || f.Certain != test.certain || f.After != test.after {
			t.Errorf("%d %q: %+v", test.status, test.header, f)
		}
	}
	if f := channel.Refusal(channel.Answer{Status: 204}, now); f != nil {
		t.Errorf("204 refuses: %v", f)
	}
}

func TestAsFault(t *testing.T) {
	t.Parallel()
	if channel.AsFault(nil) != nil {
		t.Error("nil is no fault")
	}
	if f := channel.AsFault(errors.New("boom")); f.Certain || f.Kind != channel.ActRetry {
		t.Errorf("a stray error must stay uncertain: %+v", f)
	}
}
