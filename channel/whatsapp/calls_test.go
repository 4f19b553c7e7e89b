package whatsapp_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/whatsapp"
)

// answering is a provider that answers everything alike.
func answering(t *testing.T, status int, answer string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// script is a provider that answers by method and path, "$URL" in an answer being its own address; what it has no answer
// for it refuses as Meta refuses an unknown object.
type script struct {
	url  string
	mu   sync.Mutex
	seen []channeltest.Sent
}

func play(t *testing.T, answers map[string]string) *script {
	t.Helper()
	s := &script{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.seen = append(s.seen, channeltest.Sent{Method: r.Method, Path: r.URL.RequestURI(), Header: r.Header.Clone(), Body: body})
		s.mu.Unlock()
		key := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/v25.0")
		answer, ok := answers[key+"?after="+r.URL.Query().Get("after")]
		if !ok {
			answer, ok = answers[key]
		}
		if !ok || strings.HasPrefix(answer, `{"error"`) {
			w.WriteHeader(http.StatusBadRequest)
		}
		if !ok {
			answer = `{"error":{"message":"Unsupported get request","code":100,"error_subcode":33}}`
		}
		_, _ = io.WriteString(w, strings.ReplaceAll(answer, "$URL", s.url))
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *script) requests() []channeltest.Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}

func TestSignsOfLife(t *testing.T) {
	t.Parallel()
	peer := channel.Peer{ExternalID: user, Alias: phone}
	for name, try := range map[string]struct {
		do   func(channel.Account) error
		want string
	}{
		"read": {func(a channel.Account) error { return whatsapp.New().MarkRead(t.Context(), a, peer, "wamid.IN1") },
			`{"messaging_product":"whatsapp","status":"read","message_id":"wamid.IN1"}`},
		"typing": {func(a channel.Account) error { return whatsapp.New().Typing(t.Context(), a, peer, "wamid.IN1") },
			`{"messaging_product":"whatsapp","status":"read","message_id":"wamid.IN1","typing_indicator":{"type":"text"}}`},
		"react": {func(a channel.Account) error { return whatsapp.New().React(t.Context(), a, peer, "wamid.IN1", "👍") },
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"819012345678","type":"reaction","reaction":{"message_id":"wamid.IN1","emoji":"👍"}}`},
		"react no more": {func(a channel.Account) error { return whatsapp.New().React(t.Context(), a, peer, "wamid.IN1", "") },
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"819012345678","type":"reaction","reaction":{"message_id":"wamid.IN1","emoji":""}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := play(t, map[string]string{"POST /" + numberID + "/messages": `{"success":true,"messages":[{"id":"wamid.OUT2"}]}`})
			if err := try.do(account(t, s.url)); err != nil {
				t.Fatal(err)
			}
			if got := s.requests(); len(got) != 1 || string(got[0].Body) != try.want {
				t.Errorf("sent %s", got)
			}
			refusing := account(t, answering(t, 401, `{"error":{"code":190}}`))
			if f := channel.AsFault(try.do(refusing)); f == nil || f.Kind != channel.ActToken {
				t.Errorf("refused: %+v", f)
			}
		})
	}
	if err := whatsapp.New().Typing(t.Context(), account(t, "http://127.0.0.1:1"), peer, ""); err != nil {
		t.Errorf("nothing to type under: %v", err)
	}
}

// sum is the SHA-256 of "bytes".
const sum = "277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9"

func TestFetch(t *testing.T) {
	t.Parallel()
	for name, try := range map[string]struct {
		answers map[string]string
		code    string
		damaged bool
	}{
		"good":             {map[string]string{"GET /77": `{"url":"$URL/file","mime_type":"image/jpeg","sha256":"` + sum + `","file_size":5}`, "GET /file": "bytes"}, "", false},
		"without checksum": {map[string]string{"GET /77": `{"url":"$URL/file"}`, "GET /file": "bytes"}, "", false},
		"damaged":          {map[string]string{"GET /77": `{"url":"$URL/file","sha256":"` + strings.Repeat("0", 64) + `"}`, "GET /file": "bytes"}, "", true},
		"gone":             {nil, "media_gone", false},
		"not downloadable": {map[string]string{"GET /77": `{"error":{"code":131052}}`}, "media_gone", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := play(t, try.answers)
			m, err := whatsapp.New().Fetch(t.Context(), account(t, s.url), "77")
			if f := channel.AsFault(err); try.code != "" {
				if f == nil || f.Code != try.code || f.Kind != channel.ActFail {
					t.Errorf("%+v", f)
				}
				return
			} else if f != nil {
				t.Fatal(f)
			}
			bytes, err := io.ReadAll(m.Body)
			if string(bytes) != "bytes" || (err != nil) != try.damaged || m.Body.Close() != nil || m.Size != 5 {
				t.Errorf("%q of %d, %v", bytes, m.Size, err)
			}
			asked := s.requests()
			if address, err := url.Parse(asked[0].Path); err != nil || address.Query().Get("phone_number_id") != numberID {
				t.Errorf("asked %s", asked[0].Path)
			}
			if asked[1].Header.Get("Authorization") != "Bearer "+token || strings.Contains(asked[1].Path, "appsecret_proof") {
				t.Errorf("the file was asked for with %v at %s", asked[1].Header, asked[1].Path)
			}
		})
	}
}

func TestSubscribe(t *testing.T) {
	t.Parallel()
	path := "/" + businessID + "/subscribed_apps"
	s := play(t, map[string]string{"POST " + path: `{"success":true}`})
	if err := whatsapp.New().Subscribe(t.Context(), account(t, s.url)); err != nil {
		t.Fatal(err)
	}
	if got := string(s.requests()[0].Body); got != `{"override_callback_uri":"https://desk.example.test/hooks/9","verify_token":"vt_test"}` {
		t.Errorf("sent %s", got)
	}
	hidden := account(t, s.url)
	hidden.Callback = ""
	if f := channel.AsFault(whatsapp.New().Subscribe(t.Context(), hidden)); f == nil || f.Code != "no_public_address" || f.Kind != channel.ActConfig {
		t.Errorf("without a public address: %+v", f)
	}
	for override, deletes := range map[string]bool{"https://desk.example.test/hooks/9": true, "https://desk.example.test/hooks/10": false} {
		s := play(t, map[string]string{
			"GET " + path:    `{"data":[{"whatsapp_business_api_data":{"id":"` + appID + `"},"override_callback_uri":"` + override + `"}]}`,
			"DELETE " + path: `{"success":true}`,
		})
		if err := whatsapp.New().Unsubscribe(t.Context(), account(t, s.url)); err != nil {
			t.Fatal(err)
		}
		if got := len(s.requests()) == 2; got != deletes {
			t.Errorf("webhooks go to %s: unsubscribed %v", override, got)
		}
	}
}
