package desk

import "strings"

// firstLine returns the text on one line, cut to at most n runes with an ellipsis.
func firstLine(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-1]) + "…"
}
