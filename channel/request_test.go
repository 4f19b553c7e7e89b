package channel_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// file is an attachment whose bytes are given; closed hears when it is closed.
func file(name, content string, closed chan<- struct{}) *channel.File {
	return &channel.File{
		Attachment: desk.Attachment{ID: 7, Name: name, MIME: "image/png", Size: int64(len(content))},
		Open: func(context.Context) (io.ReadCloser, error) {
			return closer{strings.NewReader(content), closed}, nil
		},
	}
}

type closer struct {
	io.Reader
	closed chan<- struct{}
}

func (c closer) Close() error { c.closed <- struct{}{}; return nil }

func TestFormRequestSendsAWholeForm(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength <= 0 {
			t.Errorf("a form of unknown length: %d", r.ContentLength)
		}
		got, header, err := r.FormFile("photo")
		if err != nil {
			t.Error(err)
			return
		}
		bytes, _ := io.ReadAll(got)
		if string(bytes) != "bytes" || header.Filename != `領収"書.png` || header.Header.Get("Content-Type") != "image/png" || r.FormValue("chat_id") != "5" {
			t.Errorf("got %q as %q (%v), chat %q", bytes, header.Filename, header.Header, r.FormValue("chat_id"))
		}
		w.WriteHeader(http.StatusOK)
	}))
	t.Cleanup(server.Close)
	closed := make(chan struct{}, 1)
	r, fault := channel.FormRequest(t.Context(), server.URL, []channel.FormField{{Name: "chat_id", Value: "5"}, {Name: "photo", File: file(`領収"書.png`, "bytes", closed)}})
	if fault != nil {
		t.Fatal(fault)
	}
	again, err := r.GetBody()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, again); err != nil || again.Close() != nil {
		t.Errorf("the form once more: %v", err)
	}
	<-closed
	answer, fault := channel.Do(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, r)
	if fault != nil || answer.Status != http.StatusOK {
		t.Fatalf("%d, %v", answer.Status, fault)
	}
	<-closed // by the transport, in its own time
}

func TestFormRequestClosesWhatItOpened(t *testing.T) {
	t.Parallel()
	closed := make(chan struct{}, 1)
	broken := &channel.File{Open: func(context.Context) (io.ReadCloser, error) { return nil, errors.New("no disk") }}
	_, fault := channel.FormRequest(t.Context(), "http://127.0.0.1", []channel.FormField{{Name: "a", File: file("a", "a", closed)}, {Name: "b", File: broken}})
	if fault == nil || !fault.Certain || fault.Kind != channel.ActRetry || len(closed) != 1 {
		t.Errorf("%+v, %d closed", fault, len(closed))
	}
}

func TestJSONRequestEscapesNothing(t *testing.T) {
	t.Parallel()
	r, fault := channel.JSONRequest(t.Context(), http.MethodPost, "http://127.0.0.1", map[string]string{"text": "<a>&窓口"})
	if fault != nil {
		t.Fatal(fault)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || string(body) != `{"text":"<a>&窓口"}` || r.ContentLength != int64(len(body)) {
		t.Errorf("%s (%d), %v", body, r.ContentLength, err)
	}
}

func TestErrorsTellNoAddress(t *testing.T) {
	t.Parallel()
	client := &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("no route") })}
	r, fault := channel.JSONRequest(t.Context(), http.MethodPost, "http://api.example.test/botSECRET/send", map[string]int{"a": 1})
	if fault != nil {
		t.Fatal(fault)
	}
	_, sent := channel.Do(client, r)
	_, fetched := channel.Download(client, r, time.Time{})
	_, malformed := channel.JSONRequest(t.Context(), http.MethodPost, "http://api.example.test/bot\x7fSECRET", nil)
	for _, f := range []*channel.Fault{sent, fetched, malformed} {
		if f == nil || strings.Contains(f.Error(), "SECRET") {
			t.Errorf("the fault tells the address: %v", f)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestDownload(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{200: "", 202: "media_preparing", 404: "media_gone", 410: "media_gone", 401: "http_401", 500: "http_500"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "bytes")
		}))
		t.Cleanup(server.Close)
		r, fault := channel.JSONRequest(t.Context(), http.MethodGet, server.URL, nil)
		if fault != nil {
			t.Fatal(fault)
		}
		media, fault := channel.Download(server.Client(), r, time.Time{})
		if want != "" {
			if fault == nil || fault.Code != want {
				t.Errorf("%d: %v", status, fault)
			}
			continue
		}
		if fault != nil {
			t.Fatal(fault)
		}
		got, err := io.ReadAll(media.Body)
		if err != nil || string(got) != "bytes" || media.Size != 5 || media.Body.Close() != nil {
			t.Errorf("%q, %v, %+v", got, err, media)
		}
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"locale/ja.json": {Data: []byte(`{"name":"窓口"}`)}, "locale/en.json": {Data: []byte(`{"name":1}`)}}
	for locale, want := range map[string]string{"ja": "窓口", "en": "", "fr": ""} {
		if got := channel.ReadTexts(files, locale)["name"]; got != want {
			t.Errorf("%s: %q", locale, got)
		}
	}
	if got := channel.CleanText("a\x00b\xffc"); got != "ab\uFFFDc" {
		t.Errorf("%q", got)
	}
}

func TestDownloadNamesTheFile(t *testing.T) {
	t.Parallel()
	for disposition, want := range map[string]string{
		`attachment; filename="voice.amr"`: "voice.amr", `attachment; filename="../../etc/a\b.txt"`: "b.txt", `attachment; filename*=UTF-8''%E7%AA%93.pdf`: "窓.pdf",
		`inline; filename="C:\\Temp\\x.png"`: "x.png", `attachment; filename=`: "", "": "",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Disposition", disposition) }))
		t.Cleanup(server.Close)
		r, fault := channel.JSONRequest(t.Context(), http.MethodGet, server.URL, nil)
		if fault != nil {
			t.Fatal(fault)
		}
		media, fault := channel.Download(server.Client(), r, time.Time{})
		if fault != nil || media.Name != want || media.Body.Close() != nil {
			t.Errorf("%s: %q, %v", disposition, media.Name, fault)
		}
	}
}
