package widget_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// hostile are texts that have broken other people's screens and parsers.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `<svg/onload=alert(1)>`, `javascript:alert(1)`, `{{constructor.constructor('alert(1)')()}}`,
	`</textarea></script><script>alert(1)</script>`, `<iframe srcdoc="<script>parent.alert(1)</script>">`, `&lt;b&gt;`, `<a href="data:text/html,<script>1</script>">x</a>`,
	"\u202etxt.exe\u202c", "\u2066\u2067\u2068\u2069", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿", "a\u2028b\u2029c", "' OR 1=1 --", `'; DROP TABLE messages; --`, `$1 ?1 %s %n`,
	`../../../../etc/passwd`, "\ufeffBOM", "ﷺﷺﷺ", "返\u3099金", strings.Repeat("あ", 10_000), strings.Repeat("\n", 500) + "x", strings.Repeat("👨‍👩‍👧", 1000),
}

func TestHostileTextsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	for i, s := range hostile {
		b := c.browser(t)
		b.boot("page", map[string]string{"url": shop + "/" + s[:min(len(s), 50)], "title": s})
		b.say("c1", s)
		thread := b.thread()
		if got := thread[1].Parts[0].Text; got != s {
			t.Errorf("%d: %.60q became %.60q", i, s, got)
		}
		answer := b.ask("GET", "messages", nil, nil)
		if answer.Header.Get("Content-Type") != "application/json" || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%d: %v", i, answer.Header)
		}
	}
	b := c.browser(t)
	b.boot()
	// What databases refuse and nobody types is dropped, what is not UTF-8 is replaced.
	b.want(201, "POST", "messages", "{\"client_id\":\"n1\",\"parts\":[{\"kind\":\"text\",\"text\":\"a\\u0000b\\u0007c\xff\\ud800d\"}]}", nil)
	if got := b.thread()[1].Parts[0].Text; got != "abc\ufffd\ufffdd" {
		t.Errorf("cleaned: %q", got)
	}
	b.refused(413, "body_too_large", "POST", "messages", text("c9", strings.Repeat("あ", 30_000)))
	b.refused(422, "text_too_long", "POST", "messages", text("c9", strings.Repeat("あ", 10_001)))
	b.refused(422, "body_invalid", "POST", "messages", strings.Repeat("[", 60_000))
}

func FuzzRequests(f *testing.F) {
	c := open(f, open2)
	b := c.browser(f)
	b.boot()
	b.say("c1", "hello")
	f.Add("POST", "messages", `{"client_id":"c2","parts":[{"kind":"text","text":"x"}]}`)
	f.Add("POST", "boot", `{"account":"pubkey","token":"mdv_x","identity_jwt":"a.b.c","page":{"url":"https://a"}}`)
	f.Add("POST", "identify", `{"jwt":"eyJhbGciOiJub25lIn0.e30."}`)
	f.Add("POST", "contact", `{"name":"a","email":"a@b.c"}`)
	f.Add("PUT", "read", `{"seq":3}`)
	f.Add("POST", "track", `{"name":"a","props":{"b":[1,{}]}}`)
	f.Add("POST", "page", `{"url":"https://a","title":"\u0000"}`)
	f.Add("GET", "messages?before=1&limit=9999999", "")
	f.Add("GET", "files/1?t=1.2", "")
	f.Add("GET", "files/99999999999999999999/thumb?t=%zz", "")
	f.Fuzz(func(t *testing.T, method, path, body string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "/widget/v1/"+path, strings.NewReader(body))
		if err != nil || r.URL.Path == "/widget/v1/logout" || r.URL.Path == "/widget/v1/live" {
			return
		}
		c.skew.Add(int64(10 * time.Minute)) // the rate limits forget
		r.Header.Set("Origin", shop)
		r.Header.Set("Authorization", "Bearer "+b.token)
		r.RequestURI = r.URL.RequestURI()
		w := httptest.NewRecorder()
		c.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s %s %.200q: %d %s", method, path, body, w.Code, w.Body)
		}
	})
}
