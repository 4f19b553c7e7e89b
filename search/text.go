package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// class is what a character does to the words around it.
type class uint8

const (
	gap    class = iota // parts words: spaces, punctuation, symbols
	letter              // of a script that puts spaces between words, or a digit
	dense               // of a script that does not, and Korean, whose words carry endings: cut into pairs
	silent              // not there at all: joiners, soft hyphens, variation selectors
)

// places say where each character of a folded text came from, in UTF-16 units of the original (as browsers count): by
// byte of the folded text.
type places struct{ from, to []int }

// Fold writes text as it is compared: NFKC, lower case, katakana as hiragana, one space where words part. Two texts that
// differ only in width, case or kana fold alike.
func Fold(s string) string { return fold(s, nil) }

// fold is Fold, noting where everything came from if at is not nil.
func fold(s string, at *places) string {
	f := folder{at: at, last: gap}
	f.out.Grow(len(s))
	var parts norm.Iter
	parts.InitString(norm.NFKC, s)
	from, to := 0, 0
	var whole []byte // what one piece of the original became: ㈱ comes as three
	for start := 0; !parts.Done(); {
		whole = append(whole, parts.Next()...)
		if parts.Pos() == start && !parts.Done() {
			continue
		}
		if at != nil {
			from = to
			for _, r := range s[start:parts.Pos()] {
				to += utf16Len(r)
			}
		}
		start = parts.Pos()
		for rest := whole; len(rest) > 0; {
			r, size := utf8.DecodeRune(rest)
			rest = rest[size:]
			f.add(r, from, to)
		}
		whole = whole[:0]
	}
	return f.out.String()
}

func utf16Len(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

type folder struct {
	out  strings.Builder
	at   *places
	last class
}

func (f *folder) add(r rune, from, to int) {
	c := classOf(r)
	if c == letter && isMark(r) {
		if f.last == gap {
			return // it stands on nothing that counts
		}
		c = f.last
	}
	switch c {
	case silent:
		return
	case gap:
		f.last = gap
		return
	}
	if f.last == gap && f.out.Len() > 0 {
		f.write(' ', from, from)
	}
	f.last = c
	f.write(plain(r), from, to)
}

func (f *folder) write(r rune, from, to int) {
	n, _ := f.out.WriteRune(r)
	if f.at == nil {
		return
	}
	for range n {
		f.at.from, f.at.to = append(f.at.from, from), append(f.at.to, to)
	}
}

// plain is a character without case, katakana as hiragana.
func plain(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	case 0x30a1 <= r && r <= 0x30f6, r == 'ヽ', r == 'ヾ':
		return r - 0x60
	}
	return unicode.ToLower(unicode.ToUpper(r)) // by way of upper case: ς is σ
}

// isMark reports a sign on top of the character before it; it is of that one's class.
func isMark(r rune) bool { return r >= 0x0300 && unicode.Is(unicode.M, r) && !isDense(r) }

func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return letter
		}
		return gap
	case r == utf8.RuneError:
		return gap
	case isDense(r):
		return dense
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return letter
	case unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Me), r == 0x034f:
		return silent
	case unicode.Is(unicode.M, r):
		return letter
	}
	return gap
}

// denseRanges are the letters and marks of Han, kana, Hangul, Bopomofo, Yi, Thai, Lao, Tibetan, Myanmar and Khmer.
var denseRanges = [...]struct{ from, to rune }{
	{0x0e01, 0x0e3a}, {0x0e40, 0x0e4e}, {0x0e81, 0x0ece}, {0x0edc, 0x0edf}, {0x0f40, 0x0fbc}, {0x1000, 0x103f}, {0x1050, 0x108f},
	{0x1100, 0x11ff}, {0x1780, 0x17d3}, {0x3005, 0x3007}, {0x3021, 0x302f}, {0x3031, 0x3035}, {0x3038, 0x303c}, {0x3041, 0x309a},
	{0x309d, 0x309f}, {0x30a1, 0x30fa}, {0x30fc, 0x30ff}, {0x3105, 0x312f}, {0x31a0, 0x31bf}, {0x31f0, 0x31ff}, {0x3400, 0x4dbf},
	{0x4e00, 0xa48c}, {0xa960, 0xa97c}, {0xac00, 0xd7fb}, {0xf900, 0xfaff}, {0x1b000, 0x1b16f}, {0x20000, 0x323af},
}

func isDense(r rune) bool {
	if r < denseRanges[0].from {
		return false
	}
	for _, x := range denseRanges {
		if r <= x.to {
			return r >= x.from
		}
	}
	return false
}
