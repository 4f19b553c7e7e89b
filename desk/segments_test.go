package desk_test

import (
	"strings"
	"testing"

	"madoguchi/desk"
)

// TestCountSegments holds the vectors of B5.7 and of the provider's reference.
func TestCountSegments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want desk.Segments
	}{
		{"", desk.Segments{Encoding: desk.EncodingGSM7}},
		{strings.Repeat("a", 160), desk.Segments{Encoding: desk.EncodingGSM7, Units: 160, Count: 1}},
		{strings.Repeat("a", 161), desk.Segments{Encoding: desk.EncodingGSM7, Units: 161, Count: 2}},
		{strings.Repeat("a", 306), desk.Segments{Encoding: desk.EncodingGSM7, Units: 306, Count: 2}},
		{strings.Repeat("a", 307), desk.Segments{Encoding: desk.EncodingGSM7, Units: 307, Count: 3}},
		{strings.Repeat("€", 80), desk.Segments{Encoding: desk.EncodingGSM7, Units: 160, Count: 1}},
		{strings.Repeat("€", 81), desk.Segments{Encoding: desk.EncodingGSM7, Units: 162, Count: 2}},
		{strings.Repeat("あ", 70), desk.Segments{Encoding: desk.EncodingUCS2, Units: 70, Count: 1}},
		{strings.Repeat("あ", 71), desk.Segments{Encoding: desk.EncodingUCS2, Units: 71, Count: 2}},
		{strings.Repeat("あ", 134), desk.Segments{Encoding: desk.EncodingUCS2, Units: 134, Count: 2}},
		{strings.Repeat("あ", 135), desk.Segments{Encoding: desk.EncodingUCS2, Units: 135, Count: 3}},
		{strings.Repeat("😀", 35), desk.Segments{Encoding: desk.EncodingUCS2, Units: 70, Count: 1}},
		{strings.Repeat("😀", 36), desk.Segments{Encoding: desk.EncodingUCS2, Units: 72, Count: 2}},
		{"Hello 😊", desk.Segments{Encoding: desk.EncodingUCS2, Units: 8, Count: 1}},
		{strings.Repeat("a", 69) + "😊", desk.Segments{Encoding: desk.EncodingUCS2, Units: 71, Count: 2}},
		{"it’s ok", desk.Segments{Encoding: desk.EncodingUCS2, Units: 7, Count: 1}},
		{"it's ok", desk.Segments{Encoding: desk.EncodingGSM7, Units: 7, Count: 1}},
		{"[x]{y}", desk.Segments{Encoding: desk.EncodingGSM7, Units: 10, Count: 1}},
		{"çay", desk.Segments{Encoding: desk.EncodingUCS2, Units: 3, Count: 1}},
		{"Çay", desk.Segments{Encoding: desk.EncodingGSM7, Units: 3, Count: 1}},

		// A pair at the border moves whole: 67 does not divide by 2, and neither does 153.
		{strings.Repeat("😀", 66), desk.Segments{Encoding: desk.EncodingUCS2, Units: 132, Count: 2}},
		{strings.Repeat("😀", 67), desk.Segments{Encoding: desk.EncodingUCS2, Units: 134, Count: 3}},
		{strings.Repeat("€", 152), desk.Segments{Encoding: desk.EncodingGSM7, Units: 304, Count: 2}},
		{strings.Repeat("€", 153), desk.Segments{Encoding: desk.EncodingGSM7, Units: 306, Count: 3}},
	} {
		if got := desk.CountSegments(c.text); got != c.want {
			t.Errorf("%.20q (%d bytes): %+v, want %+v", c.text, len(c.text), got, c.want)
		}
	}
}

func TestTheWholeGSMAlphabetTakesSevenBits(t *testing.T) {
	t.Parallel()
	basic := "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà"
	if got := desk.CountSegments(basic); got.Encoding != desk.EncodingGSM7 || got.Units != len([]rune(basic)) {
		t.Errorf("basic: %+v", got)
	}
	if got := desk.CountSegments("\f^{}\\[~]|€"); got.Encoding != desk.EncodingGSM7 || got.Units != 20 {
		t.Errorf("extension: %+v", got)
	}
	for _, other := range []string{"`", "ç", "á", "\t", "“", "ー", "\u200b"} {
		if got := desk.CountSegments(other); got.Encoding != desk.EncodingUCS2 {
			t.Errorf("%q is not in GSM-7: %+v", other, got)
		}
	}
}
