package widget_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/media"
	"madoguchi/view"
)

func (b *browser) upload(name string, content []byte) (view.Attachment, int) {
	b.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = part.Write(content)
	_ = w.Close()
	r := httptest.NewRequest("POST", "/widget/v1/uploads", &form)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Authorization", "Bearer "+b.token)
	rec := httptest.NewRecorder()
	b.desk.ServeHTTP(rec, r)
	var a view.Attachment
	if rec.Code == 201 {
		if err := json.Unmarshal(rec.Body.Bytes(), &a); err != nil {
			b.t.Fatal(err)
		}
	}
	return a, rec.Code
}

func (c *counter) fetch(address string) *http.Response {
	w := httptest.NewRecorder()
	c.ServeHTTP(w, httptest.NewRequest("GET", address, nil))
	return w.Result()
}

func TestFiles(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b, thief := c.browser(t), c.browser(t)
	b.boot()
	thief.boot()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 900, 600))); err != nil {
		t.Fatal(err)
	}
	a, status := b.upload("写真.png", picture.Bytes())
	if status != 201 || a.Kind != desk.PartImage || a.Width != 900 || a.ThumbURL == "" {
		t.Fatalf("upload: %d %+v", status, a)
	}
	send := map[string]any{"client_id": "f1", "parts": []any{map[string]any{"kind": "image", "attachment_id": a.ID}}}
	thief.refused(422, "attachment_not_found", "POST", "messages", send)
	var m view.WMessage
	b.want(201, "POST", "messages", send, &m)
	if m.Parts[0].Attachment == nil || m.Parts[0].Attachment.URL == "" {
		t.Errorf("message: %+v", m.Parts)
	}
	got := c.fetch(m.Parts[0].Attachment.URL)
	content, _ := io.ReadAll(got.Body)
	if got.StatusCode != 200 || !bytes.Equal(content, picture.Bytes()) || got.Header.Get("X-Content-Type-Options") != "nosniff" || got.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("file: %d %v", got.StatusCode, got.Header)
	}
	if got := c.fetch(a.ThumbURL); got.StatusCode != 200 {
		t.Errorf("thumbnail: %d", got.StatusCode)
	}
	address, token, _ := strings.Cut(a.URL, "?")
	for name, bad := range map[string]string{
		"no token": address, "another file": strings.Replace(a.URL, a.ID.String(), "1", 1), "another workspace": address + "?" + strings.Replace(token, "t=1.", "t=2.", 1),
		"changed": a.URL + "x",
	} {
		if got := c.fetch(bad); got.StatusCode != 403 {
			t.Errorf("%s: %d", name, got.StatusCode)
		}
	}
	c.skew.Store(int64(11 * time.Minute))
	if got := c.fetch(a.URL); got.StatusCode != 403 {
		t.Errorf("expired: %d", got.StatusCode)
	}

	svg, _ := b.upload("x.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`))
	active := c.fetch(svg.URL)
	if svg.Kind != desk.PartFile || active.Header.Get("Content-Type") != media.Opaque || !strings.HasPrefix(active.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(active.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("active content: %+v %v", svg, active.Header)
	}
	if _, status := b.upload("empty", nil); status != 422 {
		t.Errorf("empty file: %d", status)
	}
	if _, status := b.upload("big", make([]byte, webchat.MaxFile+1)); status != 413 {
		t.Errorf("big file: %d", status)
	}
	b.refused(422, "body_invalid", "POST", "uploads", "no form")
}

func TestFilesSwitchedOff(t *testing.T) {
	t.Parallel()
	c := open(t, `{"attachments":false}`)
	b := c.browser(t)
	b.origin = "http://localhost:3000" // an empty allow-list lets the loopback host in
	if boot := b.boot(); len(boot.Config.Attachments.Kinds) != 0 {
		t.Errorf("config: %+v", boot.Config)
	}
	if _, status := b.upload("a.txt", []byte("a")); status != 403 {
		t.Errorf("upload: %d", status)
	}
}
