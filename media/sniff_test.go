package media_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"madoguchi/desk"
	"madoguchi/media"
)

func picture(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(x), G: uint8(y), B: 128, A: 255})
		}
	}
	return img
}

func pngBytes(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegBytes(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifBytes(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// isoMedia is the head of an ISO base media file of a brand.
func isoMedia(brand string) []byte {
	return append([]byte("\x00\x00\x00\x18ftyp"+brand+"\x00\x00\x02\x00"+brand+"mp41"), make([]byte, 64)...)
}

func webm() []byte {
	head := []byte{0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x86, 0x81, 0x01, 0x42, 0xF7, 0x81, 0x01, 0x42, 0xF2, 0x81, 0x04, 0x42, 0xF3, 0x81, 0x08, 0x42, 0x82, 0x84}
	return append(head, append([]byte("webm"), make([]byte, 64)...)...)
}

func wav() []byte {
	b := []byte("RIFF\x24\x00\x00\x00WAVEfmt ")
	return append(b, make([]byte, 32)...)
}

// insertedText is a valid PNG with a text chunk that holds markup.
func insertedText(t testing.TB, text string) []byte {
	whole := pngBytes(t, picture(4, 4))
	const headLen = 8 + 25 // signature and IHDR
	chunk := make([]byte, 0, len(text)+12)
	chunk = binary.BigEndian.AppendUint32(chunk, uint32(len(text)))
	chunk = append(chunk, "tEXt"+text+"\x00\x00\x00\x00"...)
	return append(append(bytes.Clone(whole[:headLen]), chunk...), whole[headLen:]...)
}

func TestSniffBelievesOnlyTheBytes(t *testing.T) {
	t.Parallel()
	mp3 := append([]byte("ID3\x03\x00\x00\x00\x00\x00\x20"), make([]byte, 64)...)
	cases := []struct {
		name     string
		head     []byte
		declared string
		mime     string
		kind     desk.PartKind
		inline   bool
	}{
		{"png", pngBytes(t, picture(3, 3)), "text/html", "image/png", desk.PartImage, true},
		{"jpeg", jpegBytes(t, picture(3, 3)), "", "image/jpeg", desk.PartImage, true},
		{"gif", gifBytes(t, picture(3, 3)), "", "image/gif", desk.PartImage, true},
		{"wav", wav(), "", "audio/wav", desk.PartAudio, true},
		{"mp3", mp3, "", "audio/mpeg", desk.PartAudio, true},
		{"mp4", isoMedia("isom"), "", "video/mp4", desk.PartVideo, true},
		{"m4a by its brand", isoMedia("M4A "), "", "audio/mp4", desk.PartAudio, true},
		{"voice message in mp4", isoMedia("isom"), "audio/mp4; codecs=mp4a", "audio/mp4", desk.PartAudio, true},
		{"webm", webm(), "", "video/webm", desk.PartVideo, true},
		{"voice message in webm", webm(), "audio/webm;codecs=opus", "audio/webm", desk.PartAudio, true},
		{"declared type of another family", webm(), "image/png", "video/webm", desk.PartVideo, true},
		{"heic is a file", isoMedia("heic"), "image/jpeg", "image/heic", desk.PartFile, false},
		{"avif is a file", isoMedia("avif"), "", "image/avif", desk.PartFile, false},
		{"svg is a file", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "image/png", "image/svg+xml", desk.PartFile, false},
		{"svg after an xml declaration", []byte("<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "", "image/svg+xml", desk.PartFile, false},
		{"html in a .png", []byte("<!DOCTYPE html><script>alert(1)</script>"), "image/png", "text/html", desk.PartFile, false},
		{"pdf", []byte("%PDF-1.7\n"), "image/png", "application/pdf", desk.PartFile, false},
		{"plain text", []byte("こんにちは"), "video/mp4", "text/plain", desk.PartFile, false},
		{"nothing", nil, "image/png", "text/plain", desk.PartFile, false},
		{"noise", []byte{0, 1, 2, 3, 0xFE, 0xFF, 9}, "image/png", media.Opaque, desk.PartFile, false},
		{"markup behind a gif's magic", []byte("GIF89a<script>alert(1)</script>"), "", "image/gif", desk.PartFile, false},
		{"markup behind an mp3's magic", []byte("ID3<html><script>alert(1)</script>"), "", "text/plain", desk.PartFile, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := media.Sniff(c.head, c.declared)
			if got.MIME != c.mime || got.Kind != c.kind || got.Inline != c.inline {
				t.Errorf("Sniff = %+v, want %s %s inline=%v", got, c.mime, c.kind, c.inline)
			}
			if media.InlineMIME(got.MIME) != c.inline && c.kind == desk.PartFile && c.mime != "image/gif" {
				t.Errorf("InlineMIME(%s) disagrees with Sniff", got.MIME)
			}
		})
	}
}

// A valid image that carries markup stays an image: served as image/png with nosniff it is pixels to every browser.
func TestPolyglotsAreServedAsWhatTheyAre(t *testing.T) {
	t.Parallel()
	polyglot := insertedText(t, "x\x00<script>alert(1)</script>")
	if got := media.Sniff(polyglot, "text/html"); got.MIME != "image/png" || !got.Inline {
		t.Errorf("png with markup in a text chunk: %+v", got)
	}
	trailer := append(gifBytes(t, picture(2, 2)), "*/=1;alert(1)//<script>alert(1)</script>"...)
	if got := media.Sniff(trailer, ""); got.MIME != "image/gif" || !got.Inline {
		t.Errorf("gif with a script behind it: %+v", got)
	}
	js := []byte("GIF89a=1;alert(document.cookie)//")
	if got := media.Sniff(js, ""); got.MIME == "image/gif" {
		if _, err := media.Dimensions(bytes.NewReader(js), got.MIME); desk.KindOf(err) != desk.KindInvalid {
			t.Errorf("a script that begins like a gif passed as an image: %v", err)
		}
	}
}

func TestAsFileIsNeverServedInPlace(t *testing.T) {
	t.Parallel()
	got := media.Sniff(pngBytes(t, picture(1, 1)), "").AsFile()
	if got.Kind != desk.PartFile || got.Inline {
		t.Errorf("AsFile = %+v", got)
	}
}

func FuzzSniff(f *testing.F) {
	for _, seed := range [][]byte{pngBytes(f, picture(2, 2)), jpegBytes(f, picture(2, 2)), gifBytes(f, picture(2, 2)), wav(), webm(), isoMedia("heic"), isoMedia("isom"), []byte("<svg/>"), []byte("GIF89a=1"), insertedText(f, "x")} {
		f.Add(seed, "audio/webm")
	}
	allowed := map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true}
	f.Fuzz(func(t *testing.T, data []byte, declared string) {
		got := media.Sniff(data, declared)
		if got.Inline && !media.InlineMIME(got.MIME) {
			t.Fatalf("%+v may not be served in place", got)
		}
		if got.Kind == desk.PartImage && !allowed[got.MIME] {
			t.Fatalf("%s shown as an image", got.MIME)
		}
		if got.Kind != desk.PartImage {
			return
		}
		size, err := media.Dimensions(bytes.NewReader(data), got.MIME)
		if err == nil && (size.Width <= 0 || size.Height <= 0 || size.Width*size.Height > media.MaxPixels) {
			t.Fatalf("size %+v passed", size)
		}
		if err != nil && desk.KindOf(err) != desk.KindInvalid {
			t.Fatalf("a damaged image is the sender's fault, got %v", err)
		}
	})
}
