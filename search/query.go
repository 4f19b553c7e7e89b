package search

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Query is what somebody looks for: terms that must all occur. A term of letters begins a word and, but for the last one,
// ends one (people see results while they type); one of a script without spaces may stand anywhere.
type Query struct {
	terms  []term
	short  bool   // no term has two characters: names only (G1.9)
	phone  string // the digits, without the zeros in front, if it may be a phone number
	number int64  // the ticket number, if it may be one
}

type term struct {
	text string
	open bool // its last word may go on
}

// ParseQuery reads what was typed. A query without a letter or digit finds nothing (Empty).
func ParseQuery(s string) Query {
	q := Query{short: true}
	for text := range strings.FieldsSeq(Fold(s)) {
		q.terms = append(q.terms, term{text: text})
		q.short = q.short && utf8.RuneCountInString(text) == 1
	}
	for i := range q.terms {
		q.terms[i].open = q.short || i == len(q.terms)-1
	}
	q.phone, q.number = numbers(s)
	return q
}

// maxNumber is how many digits a ticket number has at most.
const maxNumber = 15

// numbers reads "#123" or "090-1234-5678"; full width too.
func numbers(s string) (phone string, number int64) {
	plain := strings.Map(func(r rune) rune {
		switch {
		case '０' <= r && r <= '９':
			return r - '０' + '0'
		case r == '＃':
			return '#'
		case unicode.IsSpace(r), strings.ContainsRune("-‐‑‒–—−－ー()（）.+＋", r):
			return -1
		}
		return r
	}, s)
	hash := strings.HasPrefix(plain, "#")
	plain = strings.TrimPrefix(plain, "#")
	if plain == "" || onlyDigits(plain) != plain {
		return "", 0
	}
	if len(plain) <= maxNumber {
		number, _ = strconv.ParseInt(plain, 10, 64)
	}
	if phone = strings.TrimLeft(plain, "0"); hash || len(phone) < phonePiece || len(phone) > maxNumber {
		phone = ""
	}
	return phone, number
}

// Empty reports that there is nothing to look for.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// Short reports that only names are searched, because no term has two characters (G1.9).
func (q Query) Short() bool { return q.short }

// Number is the ticket number that was typed, 0 if it is none.
func (q Query) Number() int64 { return q.number }

// Matches reports whether a text, or several that belong together, contain every term.
func (q Query) Matches(texts ...string) bool {
	folded := make([]string, len(texts))
	for i, s := range texts {
		folded[i] = Fold(s)
	}
	return q.matches(folded...)
}

func (q Query) matches(folded ...string) bool {
	for _, t := range q.terms {
		if !slices.ContainsFunc(folded, func(s string) bool { from, _ := t.find(s, 0); return from >= 0 }) {
			return false
		}
	}
	return len(q.terms) > 0
}

// matchesPhone reports whether a number contains the digits.
func (q Query) matchesPhone(number string) bool {
	return q.phone != "" && strings.Contains(onlyDigits(number), q.phone)
}

// find is the first place of a term in a folded text, at or after a byte; -1 if none.
func (t term) find(folded string, after int) (from, to int) {
	first, _ := utf8.DecodeRuneInString(t.text)
	last, _ := utf8.DecodeLastRuneInString(t.text)
	for {
		i := strings.Index(folded[after:], t.text)
		if i < 0 {
			return -1, -1
		}
		from, to = after+i, after+i+len(t.text)
		if !(isWord(first) && wordBefore(folded, from)) && (t.open || !(isWord(last) && wordAfter(folded, to))) {
			return from, to
		}
		_, size := utf8.DecodeRuneInString(folded[from:])
		after = from + size
	}
}

// isWord reports a character of a word with spaces around it. Marks are none: they belong to what they stand on.
func isWord(r rune) bool { return r != ' ' && !isDense(r) }

func wordBefore(folded string, at int) bool {
	if at == 0 {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(folded[:at])
	return isWord(r)
}

func wordAfter(folded string, at int) bool {
	if at == len(folded) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(folded[at:])
	return isWord(r)
}

// Range is a piece of a text in UTF-16 units, as browsers count.
type Range struct{ Start, End int }

// maxRanges is how many places of one text are marked.
const maxRanges = 20

// Ranges are the places of the terms in a text, in order, none overlapping.
func (q Query) Ranges(text string) []Range {
	at := places{}
	folded := fold(text, &at)
	var all []Range
	for _, t := range q.terms {
		for after, n := 0, 0; n < maxRanges; n++ {
			from, to := t.find(folded, after)
			if from < 0 {
				break
			}
			all = append(all, Range{at.from[from], at.to[to-1]})
			after = to
		}
	}
	slices.SortFunc(all, func(a, b Range) int { return cmp.Or(a.Start-b.Start, b.End-a.End) })
	merged := all[:0]
	for _, r := range all {
		if n := len(merged); n > 0 && r.Start < merged[n-1].End {
			merged[n-1].End = max(merged[n-1].End, r.End)
			continue
		}
		merged = append(merged, r)
	}
	return merged[:min(len(merged), maxRanges)]
}
