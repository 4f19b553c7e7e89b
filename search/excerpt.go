package search

import (
	"strings"
	"unicode/utf16"
)

const (
	excerptLength = 160 // UTF-16 units
	excerptBefore = 30  // of them before the first place
)

var oneLine = strings.NewReplacer("\r\n", "  ", "\n", " ", "\r", " ", "\t", " ")

// excerpt cuts a text around the first place to one line of at most excerptLength UTF-16 units and ellipses.
func excerpt(text string, ranges []Range) (string, []Range) {
	units := utf16.Encode([]rune(oneLine.Replace(text)))
	from := 0
	if len(ranges) > 0 && len(units) > excerptLength {
		from = max(0, min(ranges[0].Start-excerptBefore, len(units)-excerptLength))
	}
	from = whole(units, from)
	to := whole(units, min(from+excerptLength, len(units)))
	cut, shift := string(utf16.Decode(units[from:to])), -from
	if from > 0 {
		cut, shift = "…"+cut, 1-from
	}
	if to < len(units) {
		cut += "…"
	}
	inside := make([]Range, 0, len(ranges))
	for _, r := range ranges {
		if r.Start >= from && r.Start < to {
			inside = append(inside, Range{r.Start + shift, min(r.End, to) + shift})
		}
	}
	return cut, inside
}

// whole moves a cut before a character that it would divide.
func whole(units []uint16, at int) int {
	if at > 0 && at < len(units) && utf16.IsSurrogate(rune(units[at])) && units[at] >= 0xdc00 {
		return at - 1
	}
	return at
}
