package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"strings"
	"syscall"
	"testing"

	"madoguchi/api"
	"madoguchi/blob"
	"madoguchi/desk"
)

func jsonNumber(a answer, path string) string { return fmt.Sprint(a.num(path)) }

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 900, 300))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFilesAreUploadedSentAndServed(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	colleague := c.member(t, p.space, "viewer")
	k := c.talk(t, p.space)
	content := picture(t)
	up := p.do("POST", "/api/v1/uploads", form{name: "../../領収書.png", content: content, fields: map[string]string{"conversation_id": k.conversation.String()}}).want(t, 201)
	if up.str("kind") != "image" || up.num("width") != 900 || up.num("height") != 300 || up.str("name") != "領収書.png" || up.num("size") != int64(len(content)) {
		t.Fatalf("uploaded: %s", up.body)
	}
	colleague.do("GET", up.str("url"), nil).wantCode(t, 404, "attachment_not_found") // not said yet
	body := map[string]any{"client_id": "m1", "mode": "reply", "parts": []any{text("こちらです"), map[string]any{"kind": "image", "attachment_id": json.Number(jsonNumber(up, "id"))}}}
	sent := p.do("POST", "/api/v1/conversations/"+k.conversation.String()+"/messages", body).want(t, 201)
	if sent.str("parts.1.attachment.url") != up.str("url") || sent.str("status") != "sent" {
		t.Errorf("sent: %s", sent.body)
	}
	r := colleague.do("GET", up.str("url"), nil).want(t, 200)
	if !bytes.Equal(r.body, content) {
		t.Error("other bytes came back")
	}
	for name, want := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=31536000, immutable",
		"Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if csp := r.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("policy %q", csp)
	}
	part := colleague.do("GET", up.str("url"), nil, header("Range", "bytes=1-3")).want(t, 206)
	if string(part.body) != "PNG" {
		t.Errorf("range: %q", part.body)
	}
	colleague.do("GET", up.str("url"), nil, header("If-None-Match", r.Header.Get("ETag"))).want(t, 304)
	thumb := colleague.do("GET", up.str("thumb_url"), nil).want(t, 200)
	if small, _, err := image.DecodeConfig(bytes.NewReader(thumb.body)); err != nil || small.Width >= 900 {
		t.Errorf("thumbnail %v, %v", small, err)
	}
	c.stranger(t).do("GET", up.str("url"), nil).wantCode(t, 401, "not_signed_in")
	gallery := p.do("GET", "/api/v1/contacts/"+k.contact.String()+"/attachments?kind=image", nil).want(t, 200)
	if len(gallery.list("items")) != 1 {
		t.Errorf("gallery: %s", gallery.body)
	}
}

func TestUploadsAreNeverActiveContent(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	for name, content := range map[string]string{
		"page.html":                    "<!doctype html><script>alert(document.cookie)</script>",
		"pic.svg":                      `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
		"pic.png":                      "<html><body onload=alert(1)>",
		"a.gif":                        "GIF89a=1;<script>alert(1)</script>",
		"x.js":                         "alert(1)",
		"x.pdf":                        "%PDF-1.7 /JS (app.alert(1))",
		"x.swf":                        "FWS\x09",
		"x.xml":                        `<?xml version="1.0"?><x xmlns:h="http://www.w3.org/1999/xhtml"><h:script>alert(1)</h:script></x>`,
		"x\r\nSet-Cookie: a=b\r\n.txt": "hello",
	} {
		up := p.do("POST", "/api/v1/uploads", form{name: name, content: []byte(content)}).want(t, 201)
		r := p.do("GET", up.str("url"), nil).want(t, 200)
		if got := r.Header.Get("Content-Type"); got != "application/octet-stream" {
			t.Errorf("%q is served as %s", name, got)
		}
		if got := r.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
			t.Errorf("%q: %s", name, got)
		}
		if r.Header.Get("Set-Cookie") != "" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%q: %v", name, r.Header)
		}
	}
}

func TestUploadsAreRefused(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	p.do("POST", "/api/v1/uploads", form{name: "big", content: make([]byte, 1<<20+1)}).wantCode(t, 413, "file_too_large")
	p.do("POST", "/api/v1/uploads", form{name: "huge", content: make([]byte, 3<<20)}).wantCode(t, 413, "file_too_large")
	p.do("POST", "/api/v1/uploads", form{name: "none", content: []byte{}}).wantCode(t, 422, "file_empty")
	p.do("POST", "/api/v1/uploads", form{}).wantCode(t, 422, "file_missing")
	p.do("POST", "/api/v1/uploads", `{"file":"x"}`).wantCode(t, 422, "body_invalid")
	p.do("POST", "/api/v1/uploads", form{name: "x", content: []byte("x"), fields: map[string]string{"conversation_id": "42"}}).wantCode(t, 404, "conversation_not_found")
	p.do("POST", "/api/v1/uploads", form{name: "x", content: []byte("x"), fields: map[string]string{"conversation_id": strings.Repeat("4", 2000)}}).want(t, 422)
	kept := 0
	for range c.blobs(t) {
		kept++
	}
	if kept != 0 {
		t.Errorf("%d blobs were kept of refused uploads", kept)
	}
	c.member(t, p.space, "viewer").do("POST", "/api/v1/uploads", form{name: "x", content: []byte("x")}).wantCode(t, 403, "forbidden")
}

func TestAvatarsAreDrawnAnew(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	p.do("POST", "/api/v1/members/me/avatar", form{name: "me.svg", content: []byte("<svg/>")}).wantCode(t, 422, "avatar_invalid")
	content := append(picture(t), []byte("GPS: 35.68, 139.69")...)
	me := p.do("POST", "/api/v1/members/me/avatar", form{name: "me.png", content: content}).want(t, 200)
	r := p.do("GET", me.str("avatar_url"), nil).want(t, 200)
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "image/") || bytes.Contains(r.body, []byte("GPS")) {
		t.Errorf("served as %s", r.Header.Get("Content-Type"))
	}
	if n := len(c.blobs(t)); n != 1 {
		t.Errorf("%d blobs kept, want the small picture alone", n)
	}
}

// fullDisk is a blob store whose disk is full.
type fullDisk struct{ blob.Store }

func (fullDisk) Put(context.Context, desk.ID, io.Reader, int64) (blob.Ref, error) {
	return blob.Ref{}, desk.Errorf(desk.KindUnavailable, blob.CodeDiskFull, "write blob: %w", syscall.ENOSPC)
}

func TestAFullDiskSaysSo(t *testing.T) {
	t.Parallel()
	c := open(t, func(d *api.Deps) {
		keeper := *d.Files
		keeper.Blobs = fullDisk{keeper.Blobs}
		d.Files = &keeper
	})
	p := c.owner(t, "owner@example.test")
	r := p.do("POST", "/api/v1/uploads", form{name: "x", content: []byte("x")}).wantCode(t, 507, "disk_full")
	if !strings.Contains(c.log.String(), r.str("request_id")) {
		t.Error("the operator hears nothing")
	}
	p.do("GET", "/api/v1/session", nil).want(t, 200)
}

func TestARepeatedUploadIsTheFirstOne(t *testing.T) {
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	first := p.do("POST", "/api/v1/uploads", form{name: "x", content: []byte("x")}, header("Idempotency-Key", "u1")).want(t, 201)
	second := p.do("POST", "/api/v1/uploads", form{name: "x", content: []byte("x")}, header("Idempotency-Key", "u1")).want(t, 201)
	if first.num("id") != second.num("id") || len(c.blobs(t)) != 1 {
		t.Errorf("%s %s, %d blobs", first.body, second.body, len(c.blobs(t)))
	}
	for _, bad := range []string{strings.Repeat("k", 129), "日本"} {
		p.do("POST", "/api/v1/tags", map[string]any{"name": "x"}, header("Idempotency-Key", bad)).wantCode(t, 422, "idempotency_key_invalid")
	}
}
