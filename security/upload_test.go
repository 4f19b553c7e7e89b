package security_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// chunk writes one chunk of a PNG.
func chunk(kind string, data []byte) []byte {
	var b bytes.Buffer
	_ = binary.Write(&b, binary.BigEndian, uint32(len(data)))
	b.WriteString(kind)
	b.Write(data)
	_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(append([]byte(kind), data...)))
	return b.Bytes()
}

// pngOf is a PNG that says it has so many pixels.
func pngOf(width, height uint32, rest ...[]byte) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	return append([]byte("\x89PNG\r\n\x1a\n"), append(chunk("IHDR", append(head, 8, 6, 0, 0, 0)), bytes.Join(rest, nil)...)...)
}

func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 600, 300))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bombs are small files that are large once unpacked.
func bombs(t testing.TB) map[string][]byte {
	t.Helper()
	zeros := make([]byte, 64<<20)
	var gz, archive, profile bytes.Buffer
	z, err := gzip.NewWriterLevel(&gz, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = z.Write(zeros)
	_ = z.Close()
	w := zip.NewWriter(&archive)
	for i := range 4 {
		f, err := w.Create(fmt.Sprint("../../", i))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.Write(zeros)
	}
	_ = w.Close()
	profile.WriteString("x\x00\x00")
	profile.Write(gz.Bytes())
	return map[string][]byte{
		"a.gz": gz.Bytes(), "a.zip": archive.Bytes(), "a.docx": archive.Bytes(),
		"pixels.png":  pngOf(30_000, 30_000, chunk("IDAT", gz.Bytes()), chunk("IEND", nil)),
		"wide.png":    pngOf(1<<31-1, 1, chunk("IDAT", nil)),
		"profile.png": append(pngOf(10, 10, chunk("iCCP", profile.Bytes()), chunk("zTXt", profile.Bytes())), chunk("IEND", nil)...),
		"pixels.gif":  append([]byte("GIF89a\xff\xff\xff\xff\xf0\x00\x00"), bytes.Repeat([]byte{0xff}, 800)...),
		"pixels.jpg":  append([]byte("\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"), 0xff, 0xd9),
	}
}

// TestBombsAreKeptAsTheyAre: nothing is unpacked, no picture beyond its limits decoded. Memory can be counted, unlike harm;
// nothing else runs beside this test.
func TestBombsAreKeptAsTheyAre(t *testing.T) {
	d := open(t)
	agent, customer := d.signIn(owner), d.visitor()
	all := bombs(t)
	for name, content := range all {
		for path, c := range map[string]*caller{"/api/v1/uploads": agent, "/widget/v1/uploads": customer} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			up := c.do("POST", path, form{name, content})
			runtime.ReadMemStats(&after)
			if took := after.TotalAlloc - before.TotalAlloc; took > 24<<20 {
				t.Errorf("%s to %s: took %d MB of memory", name, path, took>>20)
			}
			if up.StatusCode != 201 && up.StatusCode != 422 {
				t.Errorf("%s to %s: %d %s", name, path, up.StatusCode, up.body)
			}
			if up.StatusCode == 201 && up.str("kind") != "file" && strings.HasPrefix(name, "pixels") {
				t.Errorf("%s to %s: would be shown in place: %s", name, path, up.body)
			}
		}
	}
	// A body that says it is compressed is not inflated either: it is no JSON.
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a := agent.do("POST", "/api/v1/tags", string(all["a.gz"]), with("Content-Encoding", "gzip"))
	runtime.ReadMemStats(&after)
	if a.StatusCode/100 != 4 || after.TotalAlloc-before.TotalAlloc > 24<<20 {
		t.Errorf("a compressed body: %d %s, %d bytes", a.StatusCode, a.body, after.TotalAlloc-before.TotalAlloc)
	}
}

// hostileFiles are what a browser might run if it were let.
func hostileFiles(t testing.TB) map[string][]byte {
	t.Helper()
	const script = "<script>fetch('/api/v1/session')</script>"
	return map[string][]byte{
		"page.html": []byte("<!doctype html>" + script), "page.xhtml": []byte(`<html xmlns="http://www.w3.org/1999/xhtml">` + script + `</html>`),
		"pic.svg":  []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><foreignObject>` + script + `</foreignObject></svg>`),
		"pic.png":  []byte("\n\n  <html>" + script),                                        // a lie
		"both.gif": []byte("GIF89a/*" + strings.Repeat(" ", 50) + "*/=1;" + script),        // GIF and script
		"both.png": append(pngOf(1, 1, chunk("tEXt", []byte("x\x00"+script))), '<'),        // PNG and page
		"both.jpg": append([]byte("\xff\xd8\xff\xe0/*"), []byte("*/alert(1)//"+script)...), // JPEG and script
		"both.pdf": []byte("%PDF-1.4\n" + script), "a.js": []byte("alert(1)"), "a.css": []byte("*{background:url(//evil.example)}"),
		"a.mhtml": []byte("MIME-Version: 1.0\nContent-Type: text/html\n\n" + script), "a.swf": []byte("FWS\x0a"),
		"a.xml": []byte(`<?xml version="1.0"?><?xml-stylesheet href="//evil.example" type="text/xsl"?><x/>`), "utf7.txt": []byte("+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
	}
}

// TestFilesNeverRun: whatever a file claims to be, it is served as what its bytes are, never sniffed, and as a download
// unless it is a picture, sound or film; under a policy that runs nothing.
func TestFilesNeverRun(t *testing.T) {
	t.Parallel()
	d := open(t)
	agent, customer := d.signIn(owner), d.visitor()
	for name, content := range hostileFiles(t) {
		for path, c := range map[string]*caller{"/api/v1/uploads": agent, "/widget/v1/uploads": customer} {
			up := c.do("POST", path, form{name, content}).want(201)
			for _, url := range []string{up.str("url"), up.str("thumb_url")} {
				if url == "" {
					continue
				}
				a := c.do("GET", url, nil).want(200)
				kind, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
				raster := kind == "image/png" || kind == "image/gif" || kind == "image/jpeg" || kind == "image/webp"
				if kind != "application/octet-stream" && !raster || !raster && !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
					t.Errorf("%s: %s, %s", name, kind, a.Header.Get("Content-Disposition"))
				}
				policy := a.Header.Get("Content-Security-Policy")
				if a.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(policy, "sandbox") || !strings.Contains(policy, "default-src 'none'") {
					t.Errorf("%s: %v", name, a.Header)
				}
			}
		}
	}
}

// TestNamesBreakNoHeader: a file's name reaches a header of ours and somebody's disk.
func TestNamesBreakNoHeader(t *testing.T) {
	t.Parallel()
	d := open(t)
	agent := d.signIn(owner)
	for _, name := range []string{
		"a\r\nSet-Cookie: madoguchi_session=x\r\n.txt", "a%0d%0aSet-Cookie:%20x=y.txt", "a\nb.txt", `a"; filename="evil.html`, `a\";x="`, "../../../etc/passwd", `..\..\boot.ini`,
		"\u202egpj.exe", "a\x00.html", strings.Repeat("長", 5000) + ".txt", "a\u2028b.txt", "",
	} {
		body := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + strings.NewReplacer("\\", "\\\\", `"`, `\"`, "\r", "\\\r", "\n", "\\\n").Replace(name) +
			"\"\r\nContent-Type: text/html\r\n\r\nhello\r\n--b--\r\n"
		up := agent.do("POST", "/api/v1/uploads", body, with("Content-Type", "multipart/form-data; boundary=b"))
		if up.StatusCode == 422 {
			continue // no form that can be read
		}
		a := agent.do("GET", up.want(201).str("url"), nil).want(200)
		said := a.Header.Get("Content-Disposition")
		if len(a.Cookies()) > 0 || strings.ContainsAny(said, "\r\n\x00\u202e") || strings.Count(strings.Split(said, "filename*")[0], `"`) != 2 || len(said) > 2500 {
			t.Errorf("%.60q: %q %v", name, said, a.Header)
		}
		if kept := up.str("name"); strings.ContainsAny(kept, "/\\\r\n\x00\u202e") || kept == "" {
			t.Errorf("%.60q is kept as %q", name, kept)
		}
	}
}

// TestLargeRequestsAreRefused, each at the size that its kind may have, before they are read to the end.
func TestLargeRequestsAreRefused(t *testing.T) {
	t.Parallel()
	d := open(t)
	agent, customer := d.signIn(owner), d.visitor()
	long := strings.Repeat("長", 700_000)
	for name, c := range map[string]struct {
		a    answer
		code string
	}{
		"a tag":            {agent.do("POST", "/api/v1/tags", map[string]any{"name": long}), "body_too_large"},
		"preferences":      {agent.do("PUT", "/api/v1/preferences", map[string]any{"x": strings.Repeat("x", 70<<10)}), "body_too_large"},
		"a sign-in":        {d.stranger().do("POST", "/api/v1/session", map[string]any{"email": long, "password": "x"}), "body_too_large"},
		"a customer's":     {customer.do("POST", "/widget/v1/messages", message("c1", long)), "body_too_large"},
		"a boot":           {d.stranger().do("POST", "/widget/v1/boot", map[string]any{"account": long}), "body_too_large"},
		"a track":          {customer.do("POST", "/widget/v1/track", map[string]any{"name": "x", "props": map[string]any{"x": long}}), "body_too_large"},
		"a file":           {agent.do("POST", "/api/v1/uploads", form{"big", make([]byte, 2<<20)}), "file_too_large"},
		"a customer's one": {customer.do("POST", "/widget/v1/uploads", form{"big", make([]byte, 2<<20)}), "file_too_large"},
	} {
		if c.a.StatusCode != http.StatusRequestEntityTooLarge || c.a.str("code") != c.code {
			t.Errorf("%s: %d %s", name, c.a.StatusCode, c.a.body)
		}
	}
	a := agent.do("GET", "/api/v1/session", nil, with("X-Long", strings.Repeat("x", 64<<10)))
	if a.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("64 KB of headers: %d", a.StatusCode)
	}
	deep := strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)
	if a := agent.do("PUT", "/api/v1/preferences", deep); a.StatusCode/100 != 4 {
		t.Errorf("a hundred thousand levels: %d", a.StatusCode)
	}
	agent.do("GET", "/api/v1/session", nil).want(200)
}
