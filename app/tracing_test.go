package app

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"madoguchi/desk"
)

// TestTracesLeaveForTheCollector drives the whole program against a collector that only listens.
func TestTracesLeaveForTheCollector(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var got strings.Builder
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		got.WriteString(r.URL.Path + " " + string(body))
	}))
	defer collector.Close()
	var log strings.Builder
	c := Config{Data: t.TempDir(), Listen: "127.0.0.1:0", TraceEndpoint: collector.URL + "/v1/traces", TraceShare: 1, TrustedProxies: []string{"127.0.0.1"}, LogTo: &log}
	ctx, stop := context.WithCancel(t.Context())
	err := Serve(ctx, c, func(address string) {
		go func() {
			defer stop()
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/api/v1/invitations/secret-token?q=secret-token", nil)
			if err != nil {
				t.Error(err)
				return
			}
			r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
			answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			_ = answer.Body.Close()
		}()
	})
	if err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	sent := got.String()
	for _, want := range []string{"/v1/traces", "GET /api/v1/invitations/{token}", "service.name", "madoguchi.request_id", "view", "\x0a\xf7\x65\x19\x16\xcd\x43\xdd"} {
		if !strings.Contains(sent, want) {
			t.Errorf("the collector heard nothing of %q", want)
		}
	}
	if strings.Contains(sent, "secret-token") {
		t.Error("an invitation's token left with a span")
	}
	if !strings.Contains(log.String(), "trace_id=0af7651916cd43dd8448eb211c80319c") {
		t.Errorf("the log does not lead to the trace: %s", log.String())
	}
}

func TestTracingIsRefusedInOneSentence(t *testing.T) {
	t.Parallel()
	for code, c := range map[string]Config{
		"trace_share_invalid": {TraceEndpoint: "http://127.0.0.1:4318", TraceShare: 2}, "trace_endpoint_invalid": {TraceEndpoint: "://x", TraceShare: 1},
	} {
		if _, _, err := c.tracing(t.Context(), nil); desk.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
}
