package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"madoguchi/store"
)

// marked writes brackets around ranges.
func marked(text string, ranges []Range) string {
	units := utf16.Encode([]rune(text))
	var s strings.Builder
	at := 0
	for _, r := range ranges {
		s.WriteString(string(utf16.Decode(units[at:r.Start])) + "[" + string(utf16.Decode(units[r.Start:r.End])) + "]")
		at = r.End
	}
	return s.String() + string(utf16.Decode(units[at:]))
}

// holds reports whether an entry with these tokens is a candidate for a lookup.
func holds(all []string, lookup []store.Token) bool {
	for _, want := range lookup {
		if !slices.ContainsFunc(all, func(have string) bool { return have == want.Text || want.Open && strings.HasPrefix(have, want.Text) }) {
			return false
		}
	}
	return len(lookup) > 0
}

// FuzzFind: whatever is typed and written, nothing breaks, a text that answers a question is among its candidates, and
// what is marked is what was asked for.
func FuzzFind(f *testing.F) {
	for _, seed := range [][2]string{
		{"返金", "返金してください"}, {"iphoneの", "iPhoneの修理"}, {"my ord", "an order of my own"}, {"ﾊﾞ", "バナナ"}, {"a社", "A社"}, {"สวัส", "สวัสดี"},
		{"e\u0301t", "cafe\u0301 e\u0301tude"}, {"か\u0301x", "か\u0301x x"}, {"\u0301\u3099", "\u3099か"}, {strings.Repeat("x", 40), strings.Repeat("x", 50)},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		q := ParseQuery(query)
		folded := Fold(text)
		if Fold(folded) != folded && utf8.ValidString(text) {
			t.Logf("folding twice differs: %q %q", folded, Fold(folded)) // allowed, but both sides fold once
		}
		if strings.ContainsAny(folded, "\"'\\*()ABCXYZ\x00") || strings.Contains(folded, "  ") {
			t.Fatalf("folded text %q holds what needs quotes", folded)
		}
		var tok tokens
		tok.text(inMessage, folded)
		tok.name(folded)
		if q.Matches(text) {
			if lookup := q.lookup(inMessage); !q.Short() && len(lookup) > 0 && !holds(tok.all, lookup) {
				t.Fatalf("%q answers %q but is no candidate: %q lacks of %v", text, query, tok.all, lookup)
			}
			if !q.Short() && len(q.lookup(inMessage)) == 0 {
				t.Fatalf("%q cannot be looked up", query)
			}
			if q.Short() && !holds(tok.all, q.lookupName()) {
				t.Fatalf("the name %q answers %q but is no candidate: %q", text, query, tok.all)
			}
			if utf8.ValidString(text) && len(q.Ranges(text)) == 0 {
				t.Fatalf("nothing of %q is marked for %q", text, query)
			}
		}
		last := 0
		units := len(utf16.Encode([]rune(text)))
		for _, r := range q.Ranges(text) {
			if r.Start < last || r.End <= r.Start || r.End > units {
				t.Fatalf("ranges of %q in %q: %v", query, text, q.Ranges(text))
			}
			last = r.End
		}
		_, _ = excerpt(text, q.Ranges(text))
	})
}
