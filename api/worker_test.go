package api_test

import (
	"strings"
	"testing"
)

// The worker may ask the server it came from: under the pages' usual policy it could answer nothing, and the app would not open.
func TestTheWorkerMayAskTheServer(t *testing.T) {
	t.Parallel()
	resp := open(t).stranger(t).do("GET", "/sw.js", nil).want(t, 200)
	if policy := resp.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self'") || strings.Contains(policy, "script-src") {
		t.Errorf("policy %q", policy)
	}
	if kind := resp.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/javascript") {
		t.Errorf("served as %q", kind)
	}
	if cache := resp.Header.Get("Cache-Control"); cache != "no-cache" {
		t.Errorf("kept: %q", cache)
	}
}
