package desk

import (
	"strings"
	"unicode/utf16"
)

// SMSEncoding is how the characters of an SMS travel.
type SMSEncoding string

// The encodings.
const (
	EncodingGSM7 SMSEncoding = "GSM-7" // 3GPP TS 23.038, seven bits
	EncodingUCS2 SMSEncoding = "UCS-2" // sixteen bits, as soon as one character is not in GSM-7
)

// Segments is what a text costs as SMS: carriers bill by the segment.
type Segments struct {
	Encoding SMSEncoding `json:"encoding"`
	Units    int         `json:"units"` // septets, or UTF-16 units
	Count    int         `json:"count"`
}

// The alphabet of GSM-7 (3GPP TS 23.038, 6.2.1) and its extension, whose characters take an escape before them.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "\f^{}\\[~]|€"
)

// Units of a text that goes in one segment, and of each segment of one that takes several: the header which joins them
// takes the rest (B5.6).
const (
	gsmSingle, gsmEach   = 160, 153
	ucs2Single, ucs2Each = 70, 67
)

// CountSegments counts the segments of a text (B5.6). An escape or surrogate pair is never divided between two.
func CountSegments(text string) Segments {
	encoding, sizes := EncodingGSM7, make([]int, 0, len(text))
	for _, r := range text {
		size := gsmUnits(r)
		if size == 0 {
			encoding, sizes = EncodingUCS2, ucs2Sizes(text)
			break
		}
		sizes = append(sizes, size)
	}
	single, each := gsmSingle, gsmEach
	if encoding == EncodingUCS2 {
		single, each = ucs2Single, ucs2Each
	}
	s := Segments{Encoding: encoding}
	used := 0 // of the last segment
	for _, size := range sizes {
		s.Units += size
		if used += size; s.Count == 0 || used > each {
			s.Count++
			used = size
		}
	}
	if s.Count > 1 && s.Units <= single {
		s.Count = 1
	}
	return s
}

// gsmUnits is how many septets a character takes, 0 if GSM-7 does not have it.
func gsmUnits(r rune) int {
	switch {
	case strings.ContainsRune(gsmBasic, r):
		return 1
	case strings.ContainsRune(gsmExtended, r):
		return 2
	}
	return 0
}

func ucs2Sizes(text string) []int {
	var sizes []int
	for _, r := range text {
		sizes = append(sizes, utf16.RuneLen(r))
	}
	return sizes
}
