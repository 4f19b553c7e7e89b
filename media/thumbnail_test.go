package media_test

import (
	"bytes"
	"context"

	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"testing"

	"madoguchi/desk"
	"madoguchi/media"
)

// withOrientation puts an EXIF segment (and a GPS-like secret) into a JPEG.
func withOrientation(jpg []byte, o uint16) []byte {
	tiff := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	tiff = binary.BigEndian.AppendUint16(tiff, o)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	tiff = append(tiff, "SECRET PLACE"...)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{0xFF, 0xD8, 0xFF, 0xE1}, binary.BigEndian.AppendUint16(nil, uint16(len(segment)+2))...)
	out = append(out, segment...)
	return append(out, jpg[2:]...)
}

func draw(t *testing.T, data []byte, mime string) (media.Thumbnail, image.Image) {
	t.Helper()
	thumb, err := media.NewThumbnailer(1).Draw(t.Context(), bytes.NewReader(data), mime)
	if err != nil {
		t.Fatal(err)
	}
	img, format, err := image.Decode(bytes.NewReader(thumb.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	if "image/"+format != thumb.MIME {
		t.Errorf("thumbnail is %s, says %s", format, thumb.MIME)
	}
	if img.Bounds().Dx() != thumb.Width || img.Bounds().Dy() != thumb.Height {
		t.Errorf("thumbnail is %v, says %+v", img.Bounds(), thumb.Size)
	}
	return thumb, img
}

func TestThumbnailFitsAndKeepsItsShape(t *testing.T) {
	t.Parallel()
	cases := []struct{ w, h, wantW, wantH int }{
		{960, 480, 480, 240}, {480, 960, 240, 480}, {100, 50, 100, 50}, {480, 480, 480, 480}, {2000, 1, 480, 1}, {1, 1, 1, 1},
	}
	for _, c := range cases {
		thumb, _ := draw(t, pngBytes(t, picture(c.w, c.h)), "image/png")
		if thumb.Width != c.wantW || thumb.Height != c.wantH {
			t.Errorf("%d×%d became %d×%d, want %d×%d", c.w, c.h, thumb.Width, thumb.Height, c.wantW, c.wantH)
		}
	}
}

func TestThumbnailKeepsTransparency(t *testing.T) {
	t.Parallel()
	img := picture(10, 10)
	img.SetNRGBA(0, 0, color.NRGBA{})
	thumb, got := draw(t, pngBytes(t, img), "image/png")
	if _, _, _, a := got.At(0, 0).RGBA(); thumb.MIME != "image/png" || a != 0 {
		t.Errorf("%s with alpha %d in the corner", thumb.MIME, a)
	}
	if opaque, _ := draw(t, pngBytes(t, picture(10, 10)), "image/png"); opaque.MIME != "image/jpeg" {
		t.Errorf("an opaque picture became %s", opaque.MIME)
	}
	if fromGIF, _ := draw(t, gifBytes(t, picture(10, 10)), "image/gif"); fromGIF.Width != 10 {
		t.Errorf("gif became %+v", fromGIF.Size)
	}
}

// The picture is 40×20 with a red left half; the table says where red is once it is upright.
func TestThumbnailHonoursOrientation(t *testing.T) {
	t.Parallel()
	img := image.NewNRGBA(image.Rect(0, 0, 40, 20))
	for y := range 20 {
		for x := range 40 {
			c := color.NRGBA{B: 255, A: 255}
			if x < 20 && y < 10 {
				c = color.NRGBA{R: 255, A: 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	plain := jpegBytes(t, img)
	right, bottom := 1, 1
	corners := []struct{ x, y int }{1: {0, 0}, 2: {right, 0}, 3: {right, bottom}, 4: {0, bottom}, 5: {0, 0}, 6: {right, 0}, 7: {right, bottom}, 8: {0, bottom}}
	for o := uint16(1); o <= 8; o++ {
		data := withOrientation(plain, o)
		thumb, got := draw(t, data, "image/jpeg")
		w, h := 40, 20
		if o >= 5 {
			w, h = 20, 40
		}
		size, err := media.Dimensions(bytes.NewReader(data), "image/jpeg")
		if err != nil || size != (media.Size{Width: w, Height: h}) || thumb.Size != size {
			t.Errorf("orientation %d: dimensions %+v (%v), thumbnail %+v, want %d×%d", o, size, err, thumb.Size, w, h)
			continue
		}
		for cx := range 2 {
			for cy := range 2 {
				r, _, b, _ := got.At(w/4+cx*w/2, h/4+cy*h/2).RGBA()
				wantRed := cx == corners[o].x && cy == corners[o].y
				if (r > b) != wantRed {
					t.Errorf("orientation %d: quarter (%d,%d) red=%v, want %v", o, cx, cy, r > b, wantRed)
				}
			}
		}
		if bytes.Contains(thumb.Bytes, []byte("SECRET")) || bytes.Contains(thumb.Bytes, []byte("Exif")) {
			t.Error("metadata survived in the thumbnail")
		}
	}
}

// bombPNG claims a size that its few bytes do not hold.
func bombPNG(w, h uint32, bitDepth byte) []byte {
	b := []byte("\x89PNG\r\n\x1a\n")
	ihdr := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	ihdr = append(ihdr, bitDepth, 6, 0, 0, 0)
	b = binary.BigEndian.AppendUint32(b, 13)
	b = append(b, ihdr...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(ihdr))
}

func TestImageBombsAreRefusedBeforeDecoding(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		data []byte
		code string
	}{
		"too many pixels":     {bombPNG(20_000, 20_000, 8), "image_too_large"},
		"one pixel wide":      {bombPNG(1, 40_000, 8), "image_too_large"},
		"2^31 pixels a side":  {bombPNG(1<<31-1, 1<<31-1, 8), "image_unreadable"},
		"truncated":           {bombPNG(10, 10, 8)[:20], "image_unreadable"},
		"not an image at all": {[]byte("hello"), "image_unreadable"},
	} {
		_, err := media.Dimensions(bytes.NewReader(c.data), "image/png")
		if desk.KindOf(err) != desk.KindInvalid || desk.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
		if _, err := media.NewThumbnailer(1).Draw(t.Context(), bytes.NewReader(c.data), "image/png"); desk.CodeOf(err) != c.code {
			t.Errorf("%s: drawing: %v, want %s", name, err, c.code)
		}
	}
	// Within the pixel limit, but 16 bits a channel: shown in place by the browser, not decoded here.
	deep := bombPNG(6_300, 6_300, 16)
	if _, err := media.Dimensions(bytes.NewReader(deep), "image/png"); err != nil {
		t.Errorf("a 39.7 MP picture is within the limit: %v", err)
	}
	if _, err := media.NewThumbnailer(1).Draw(t.Context(), bytes.NewReader(deep), "image/png"); desk.CodeOf(err) != "image_too_large" {
		t.Errorf("a 16-bit 39.7 MP picture takes 317 MB to decode: %v", err)
	}
	if _, err := media.Dimensions(bytes.NewReader(nil), "image/svg+xml"); desk.CodeOf(err) != "image_unreadable" {
		t.Errorf("svg is never measured: %v", err)
	}
}

// A progressive JPEG costs four times a baseline one; stray bytes before its frame must not hide that.
func TestProgressiveJPEGIsCostedAsSuch(t *testing.T) {
	t.Parallel()
	sof2 := []byte{0xFF, 0xC2, 0, 17, 8}
	sof2 = binary.BigEndian.AppendUint16(sof2, 6000)
	sof2 = binary.BigEndian.AppendUint16(sof2, 6000)
	sof2 = append(sof2, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0)
	for name, stray := range map[string][]byte{"clean": nil, "stray bytes": {1, 2, 3}, "stuffed bytes": {0xFF, 0, 7}, "fill bytes": {0xFF, 0xFF}} {
		data := append(append([]byte{0xFF, 0xD8}, stray...), sof2...)
		data = append(data, 0xFF, 0xDA, 0, 12)
		_, err := media.NewThumbnailer(1).Draw(t.Context(), bytes.NewReader(data), "image/jpeg")
		if desk.CodeOf(err) != "image_too_large" {
			t.Errorf("%s: %v, want image_too_large", name, err)
		}
	}
}

// webpBytes is a lossless WebP of one colour, written bit by bit: five prefix codes of one symbol each, so that the
// pixels themselves take no bits.
func webpBytes(w, h int, c color.NRGBA) []byte {
	var bits []byte
	n := 0
	put := func(value, count int) {
		for i := range count {
			if n%8 == 0 {
				bits = append(bits, 0)
			}
			bits[n/8] |= byte(value>>i&1) << (n % 8)
			n++
		}
	}
	put(w-1, 14)
	put(h-1, 14)
	put(1, 1) // alpha
	put(0, 3) // version
	put(0, 3) // no transform, no colour cache, no meta prefix
	for _, symbol := range []uint8{c.G, c.R, c.B, c.A, 0} {
		put(1, 1) // simple code
		put(0, 1) // of one symbol
		put(1, 1) // of eight bits
		put(int(symbol), 8)
	}
	body := append([]byte{0x2F}, bits...)
	if len(body)%2 == 1 {
		body = append(body, 0)
	}
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(4+8+len(body)))
	out = binary.LittleEndian.AppendUint32(append(out, "WEBPVP8L"...), uint32(len(body)))
	return append(out, body...)
}

func TestWebP(t *testing.T) {
	t.Parallel()
	data := webpBytes(3, 2, color.NRGBA{R: 200, G: 10, B: 10, A: 255})
	kind := media.Sniff(data, "")
	if kind.MIME != "image/webp" || !kind.Inline {
		t.Fatalf("sniffed %+v", kind)
	}
	size, err := media.Dimensions(bytes.NewReader(data), kind.MIME)
	if err != nil || size != (media.Size{Width: 3, Height: 2}) {
		t.Fatalf("dimensions %+v, %v", size, err)
	}
	thumb, img := draw(t, data, kind.MIME)
	if r, g, _, _ := img.At(1, 1).RGBA(); thumb.Size != size || r < g {
		t.Errorf("thumbnail %+v with red %d and green %d, want %+v and red", thumb.Size, r, g, size)
	}
}

func TestDrawingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("the uploader went away")
	cancel(gone)
	data := pngBytes(t, picture(600, 600))
	// A full house: the only way out is the context.
	full := media.NewThumbnailer(1)
	for range 3 {
		if _, err := full.Draw(ctx, bytes.NewReader(data), "image/png"); !errors.Is(err, gone) {
			t.Errorf("drew on after the end: %v", err)
		}
	}
	if _, err := full.Draw(t.Context(), bytes.NewReader(data), "image/png"); err != nil {
		t.Errorf("places were not given back: %v", err)
	}
}

func TestDamagedImagesAreTheSendersFault(t *testing.T) {
	t.Parallel()
	whole := pngBytes(t, picture(50, 50))
	for cut := 40; cut < len(whole); cut += 7 {
		_, err := media.NewThumbnailer(1).Draw(t.Context(), bytes.NewReader(whole[:cut]), "image/png")
		if err != nil && desk.CodeOf(err) != "image_unreadable" {
			t.Fatalf("cut at %d: %v", cut, err)
		}
	}
	if _, err := png.Decode(bytes.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(withOrientation(jpegBytes(f, picture(3, 2)), 6))
	f.Add(withOrientation(jpegBytes(f, picture(3, 2)), 9))
	f.Add([]byte("RIFF\x30\x00\x00\x00WEBPEXIF\x20\x00\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, mime := range []string{"image/jpeg", "image/webp"} {
			if _, err := media.Dimensions(bytes.NewReader(data), mime); err != nil && desk.KindOf(err) != desk.KindInvalid {
				t.Fatalf("%s: %v", mime, err)
			}
		}
	})
}

func BenchmarkThumbnail12MP(b *testing.B) {
	data := jpegBytes(b, picture(4000, 3000))
	drawer := media.NewThumbnailer(1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := drawer.Draw(b.Context(), bytes.NewReader(data), "image/jpeg"); err != nil {
			b.Fatal(err)
		}
	}
}
