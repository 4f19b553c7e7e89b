package desk

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CleanName writes a name as it is kept: one line with single spaces, without control characters and without what turns the
// direction of the text around it; "" if nothing of it can be seen.
func CleanName(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == utf8.RuneError:
			return ' '
		case turns(r):
			return -1
		}
		return r
	}, s)), " ")
	if !Visible(s) {
		return ""
	}
	return s
}

// CleanText writes a text of several lines as it is kept: trimmed, valid UTF-8 without NUL; "" if nothing of it can be seen.
func CleanText(s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", ""))
	if !Visible(s) {
		return ""
	}
	return s
}

// Visible reports whether a reader would see anything of a text: spaces, joiners and fillers alone leave a blank.
func Visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != '\u2800' && !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
	})
}

// turns reports whether a rune overrides or embeds a direction: in a name it would rewrite the line that the name stands in.
func turns(r rune) bool { return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' }

// firstLine returns the text on one line, cut to at most n runes with an ellipsis.
func firstLine(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}
