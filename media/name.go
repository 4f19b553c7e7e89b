package media

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxNameLen is the length of a cleaned file name in runes.
const MaxNameLen = 200

// maxExtLen is how long (runes, with the dot) an extension may be to survive the shortening of a name.
const maxExtLen = 20

// CleanName makes an uploader's file name fit to store and show: no folders, no control characters, none of the
// invisible characters that turn "gpj.exe" round on the screen, nothing a file system refuses, at most MaxNameLen
// runes with the extension kept. Kana that macOS sends in pieces are composed (NFC). A name of which nothing is left
// becomes "file" with the extension of its type.
func CleanName(name string, t Type) string {
	name = strings.ToValidUTF8(name, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = norm.NFC.String(strings.Map(cleanRune, name)) // last: what is dropped may bring others together
	name = strings.Join(strings.Fields(name), " ")
	name = strings.Trim(name, ". ")
	if name == "" {
		return "file" + t.Ext
	}
	return shorten(name)
}

// cleanRune maps one rune of a name: -1 drops it.
func cleanRune(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Noncharacter_Code_Point, r):
		return -1
	case r == '\u200B', r == '\u2060', r == '\uFEFF', r == '\u00AD', r == utf8.RuneError: // invisible
		return -1
	case r >= 0xE0000 && r <= 0xE007F: // invisible tags
		return -1
	case strings.ContainsRune(`<>:"|?*`, r):
		return '_'
	}
	return r
}

// shorten cuts the middle of a name, so that its extension stays.
func shorten(name string) string {
	runes := []rune(name)
	if len(runes) <= MaxNameLen {
		return name
	}
	ext := []rune(path.Ext(name))
	if len(ext) > maxExtLen {
		ext = nil
	}
	return strings.TrimRight(string(runes[:MaxNameLen-len(ext)]), ". ") + string(ext)
}

// ContentDisposition builds the header of RFC 6266 for a file name: shown in place if inline, else downloaded. Names
// beyond ASCII travel as UTF-8 (RFC 8187) beside an ASCII reading for old clients.
func ContentDisposition(inline bool, name string) string {
	kind := "attachment"
	if inline {
		kind = "inline"
	}
	name = strings.ToValidUTF8(name, "\uFFFD")
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%`, r) { // some clients decode % in the plain form
			return '_'
		}
		return r
	}, name)
	header := kind + `; filename="` + plain + `"`
	if plain != name {
		header += "; filename*=UTF-8''" + percentEncode(name)
	}
	return header
}

// percentEncode writes everything but RFC 8187's attr-char as %XX.
func percentEncode(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}
