package media_test

import (
	"mime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"madoguchi/media"
)

func TestCleanName(t *testing.T) {
	t.Parallel()
	png := media.Type{Ext: ".png"}
	long := strings.Repeat("窓", 300)
	cases := []struct{ name, in, want string }{
		{"plain", "photo.png", "photo.png"},
		{"Japanese", "領収書 2026年.pdf", "領収書 2026年.pdf"},
		{"folders", "../../etc/passwd", "passwd"},
		{"Windows folders", `C:\Users\x\a.txt`, "a.txt"},
		{"control characters", "a\x00b\r\nc\x1b.txt", "ab c.txt"},
		{"right-to-left override", "annex\u202Egpj.exe", "annexgpj.exe"},
		{"isolates and marks", "\u2066a\u2069\u200Fb.txt", "ab.txt"},
		{"invisible characters", "a\u200B\uFEFF\u2060b.txt", "ab.txt"},
		{"emoji with joiner kept", "👩‍💻.png", "👩‍💻.png"},
		{"kana in pieces (macOS)", "か\u3099き\u3099.txt", "がぎ.txt"},
		{"reserved characters", `a<b>:"|?*.txt`, "a_b______.txt"},
		{"hidden file", ".htaccess", "htaccess"},
		{"dots only", "...", "file.png"},
		{"nothing", "", "file.png"},
		{"line separator", "a\u2028b.txt", "a b.txt"},
		{"invalid UTF-8", "a\xff\xfeb.txt", "ab.txt"},
		{"too long keeps the extension", long + ".pdf", strings.Repeat("窓", 196) + ".pdf"},
		{"too long an extension is no extension", "a." + long, "a." + strings.Repeat("窓", 198)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := media.CleanName(c.in, png); got != c.want {
				t.Errorf("CleanName(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestContentDisposition(t *testing.T) {
	t.Parallel()
	cases := []struct {
		inline     bool
		name, want string
	}{
		{true, "photo.png", `inline; filename="photo.png"`},
		{false, "領収書.pdf", `attachment; filename="___.pdf"; filename*=UTF-8''%E9%A0%98%E5%8F%8E%E6%9B%B8.pdf`},
		{false, `a"; filename="evil.html`, `attachment; filename="a_; filename=_evil.html"; filename*=UTF-8''a%22%3B%20filename%3D%22evil.html`},
		{false, "100%.txt", `attachment; filename="100_.txt"; filename*=UTF-8''100%25.txt`},
		{false, "a\r\nSet-Cookie: x=1", `attachment; filename="a__Set-Cookie: x=1"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3D1`},
	}
	for _, c := range cases {
		if got := media.ContentDisposition(c.inline, c.name); got != c.want {
			t.Errorf("ContentDisposition(%q)\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func FuzzFileName(f *testing.F) {
	for _, seed := range []string{"photo.png", "../a", "annex\u202Egpj.exe", `a"b`, "か\u3099", strings.Repeat("x", 400) + ".pdf", "\xff", ". .", "a\u00ad.\u200b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := media.CleanName(in, media.Type{Ext: ".bin"})
		if got == "" || !utf8.ValidString(got) || utf8.RuneCountInString(got) > media.MaxNameLen {
			t.Fatalf("CleanName(%q) = %q", in, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune(`/\<>:"|?*`, r) {
				t.Fatalf("CleanName(%q) keeps %U", in, r)
			}
		}
		if again := media.CleanName(got, media.Type{Ext: ".bin"}); again != got {
			t.Fatalf("cleaning twice differs: %q, then %q", got, again)
		}
		kind, params, err := mime.ParseMediaType(media.ContentDisposition(false, in))
		if err != nil || kind != "attachment" {
			t.Fatalf("header of %q does not parse: %v", in, err)
		}
		if len(params) > 1 {
			t.Fatalf("%q smuggled parameters: %v", in, params)
		}
	})
}
