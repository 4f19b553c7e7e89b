package rest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"madoguchi/api/rest"
	"madoguchi/desk"
)

func TestAPublicPageMayDoWhatItsButtonNeeds(t *testing.T) {
	t.Parallel()
	for button, want := range map[string]struct{ policy, body string }{
		"":     {"form-action 'none'; sandbox", `<p role="status">&lt;script&gt;</p>`},
		"Stop": {"form-action 'self'", `<form method="post"><button>Stop</button></form>`},
	} {
		w := httptest.NewRecorder()
		rest.WritePublicPage(w, http.StatusForbidden, rest.PublicPage{Language: desk.LocaleJA, Title: "t", Says: "<script>", Button: button})
		policy := w.Header().Get("Content-Security-Policy")
		if w.Code != http.StatusForbidden || !strings.HasPrefix(policy, "default-src 'none';") || !strings.HasSuffix(policy, want.policy) {
			t.Errorf("%q: %d %s", button, w.Code, policy)
		}
		if body := w.Body.String(); !strings.Contains(body, want.body) || !strings.Contains(body, `lang="ja"`) || strings.Contains(body, "<script") {
			t.Errorf("%q:\n%s", button, body)
		}
		if w.Header().Get("Referrer-Policy") != "no-referrer" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%q: %v", button, w.Header())
		}
	}
}
