package attachment_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"madoguchi/attachment"
	"madoguchi/blob"
	"madoguchi/blob/diskblob"
	"madoguchi/desk"
	"madoguchi/media"
)

func keeper(t *testing.T) *attachment.Keeper {
	t.Helper()
	blobs, err := diskblob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &attachment.Keeper{Blobs: blobs, Thumbnails: media.NewThumbnailer(1), MaxBytes: 1 << 20}
}

func picture(t *testing.T, side int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, side, side/2))
	img.Set(1, 1, color.RGBA{255, 0, 0, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestKeepBelievesTheBytes(t *testing.T) {
	t.Parallel()
	k := keeper(t)
	for name, test := range map[string]struct {
		u     attachment.Upload
		kind  desk.PartKind
		mime  string
		thumb bool
	}{
		"picture":        {attachment.Upload{Name: "a.png", Body: bytes.NewReader(picture(t, 900))}, desk.PartImage, "image/png", true},
		"lying picture":  {attachment.Upload{Name: "a.png", MIME: "image/png", Body: strings.NewReader("<html><script>alert(1)</script>")}, desk.PartFile, "text/html", false},
		"SVG is a file":  {attachment.Upload{Name: "a.svg", MIME: "image/svg+xml", Body: strings.NewReader(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)}, desk.PartFile, "image/svg+xml", false},
		"broken picture": {attachment.Upload{Name: "a.png", Body: bytes.NewReader(picture(t, 900)[:60])}, "", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.u.Workspace, test.u.By = 3, 9
			a, err := k.Keep(t.Context(), test.u)
			if err != nil {
				t.Fatal(err)
			}
			if test.kind != "" && (a.Kind != test.kind || a.MIME != test.mime) || (a.ThumbKey != "") != test.thumb || a.UploadedBy != 9 {
				t.Errorf("kept as %+v", a)
			}
			w := serve(t, k, 3, a, false)
			if inline := media.InlineMIME(a.MIME); !inline && w.Header.Get("Content-Type") != media.Opaque {
				t.Errorf("active content is served as %s", w.Header.Get("Content-Type"))
			}
			for header, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "private"} {
				if !strings.Contains(w.Header.Get(header), want) {
					t.Errorf("%s: %q", header, w.Header.Get(header))
				}
			}
			if !strings.Contains(w.Header.Get("Content-Security-Policy"), "sandbox") {
				t.Error("not sandboxed")
			}
		})
	}
}

func TestKeepRefuses(t *testing.T) {
	t.Parallel()
	k := keeper(t)
	for code, u := range map[string]attachment.Upload{
		blob.CodeEmpty:    {Body: strings.NewReader("")},
		blob.CodeTooLarge: {Body: strings.NewReader(strings.Repeat("a", 101)), MaxBytes: 100},
	} {
		if _, err := k.Keep(t.Context(), u); desk.CodeOf(err) != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
}

func TestServeThumbnailAndRange(t *testing.T) {
	t.Parallel()
	k := keeper(t)
	a, err := k.Keep(t.Context(), attachment.Upload{Workspace: 3, Name: "写真.png", Body: bytes.NewReader(picture(t, 900))})
	if err != nil {
		t.Fatal(err)
	}
	thumb := serve(t, k, 3, a, true)
	body, _ := io.ReadAll(thumb.Body)
	small, _, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil || small.Width != media.ThumbnailSide || !strings.HasPrefix(thumb.Header.Get("Content-Type"), "image/") {
		t.Errorf("thumbnail %dx%d as %s, %v", small.Width, small.Height, thumb.Header.Get("Content-Type"), err)
	}
	r := httptest.NewRequest(http.MethodGet, "/f", nil)
	r.Header.Set("Range", "bytes=1-3")
	w := httptest.NewRecorder()
	if err := k.Serve(w, r, 3, a, false, true); err != nil || w.Code != http.StatusPartialContent || w.Body.String() != "PNG" {
		t.Errorf("range: %d %q %v", w.Code, w.Body, err)
	}
	if err := k.Serve(httptest.NewRecorder(), r, 4, a, false, true); desk.KindOf(err) != desk.KindNotFound {
		t.Errorf("another workspace: %v", err)
	}
}

func serve(t *testing.T, k *attachment.Keeper, workspace desk.ID, a desk.Attachment, thumb bool) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	if err := k.Serve(w, httptest.NewRequest(http.MethodGet, "/f", nil), workspace, a, thumb, false); err != nil {
		t.Fatal(err)
	}
	return w.Result()
}
