package channel

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"madoguchi/desk"
)

const ownTextLimit = 10_000 // runes, where a channel has no limit of its own

// NoticeRoom is what Split leaves free of a text's limit, in any unit, on channels whose first message must tell how to
// opt out (B2.3): the line goes on at the last moment, when it is known which message is the first.
const NoticeRoom = 40

// within says how long a text may be and in what unit.
type within struct {
	limit   int
	measure func(string) int
}

func (c Capabilities) text() within {
	w := within{c.TextLimit, measures[c.TextUnit]}
	if w.limit <= 0 {
		return within{ownTextLimit, utf8.RuneCountInString}
	}
	if w.measure == nil {
		w.measure = utf8.RuneCountInString
	}
	if c.OptOut && w.limit > 2*NoticeRoom {
		w.limit -= NoticeRoom
	}
	return w
}

func (w within) fits(text string) bool { return w.measure(text) <= w.limit }

// cutPart divides a text part into parts within the limit.
func cutPart(p desk.Part, w within) []desk.Part {
	var parts []desk.Part
	start := 0 // in UTF-16 units
	for _, text := range cut(p.Text, w) {
		piece := p
		piece.Text = text
		end := start + utf16Len(text)
		piece.Marks = clip(p.Marks, start, end)
		parts = append(parts, piece)
		start = end
	}
	return parts
}

// cut divides a text into pieces within the limit.
func cut(text string, w within) []string {
	pieces := []string{}
	for {
		n := cutAt(text, w.limit, w.measure)
		pieces = append(pieces, text[:n])
		if text = text[n:]; text == "" {
			return pieces
		}
	}
}

var measures = map[string]func(string) int{
	"runes": utf8.RuneCountInString,
	"utf16": utf16Len,
	"bytes": func(s string) int { return len(s) },
}

// cutAt returns how many bytes of the text make the next piece: all if it fits, else up to the best kind of boundary in
// its second half, else the last character that fits, else (one character over the limit) the last rune.
func cutAt(text string, limit int, measure func(string) int) int {
	var best [5]int // by boundary kind, the last offset seen
	used, offset, fits := 0, 0, true
	previous := ""
	for rest, state := text, -1; rest != ""; {
		var character string
		character, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		size := measure(character)
		if fits = used+size <= limit; !fits {
			break
		}
		used += size
		offset += len(character)
		if kind := boundary(previous, character); kind > 0 && used*2 >= limit {
			best[kind] = offset
		}
		best[0] = offset
		previous = character
	}
	if fits {
		return len(text)
	}
	for kind := len(best) - 1; kind >= 0; kind-- {
		if best[kind] > 0 {
			return best[kind]
		}
	}
	return runesWithin(text, limit, measure)
}

// boundary says how good a place after a character is to cut: 4 paragraph, 3 line, 2 sentence, 1 word, 0 none.
func boundary(previous, character string) int {
	switch {
	case strings.HasSuffix(character, "\n") && strings.HasSuffix(previous, "\n"):
		return 4
	case strings.HasSuffix(character, "\n"):
		return 3
	case strings.ContainsAny(character, "。！？!?") || character == " " && strings.ContainsAny(previous, ".:;"):
		return 2
	}
	if r, _ := utf8.DecodeRuneInString(character); unicode.IsSpace(r) || strings.ContainsRune("、，,", r) {
		return 1
	}
	return 0
}

func runesWithin(text string, limit int, measure func(string) int) int {
	used := 0
	for i, r := range text {
		used += measure(string(r))
		if used > limit && i > 0 {
			return i
		}
	}
	return len(text)
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// clip keeps what of the marks lies in [start, end) and moves it to the piece's own offsets.
func clip(marks []desk.Mark, start, end int) []desk.Mark {
	var kept []desk.Mark
	for _, m := range marks {
		m.Start, m.End = max(m.Start, start)-start, min(m.End, end)-start
		if m.Start < m.End {
			kept = append(kept, m)
		}
	}
	return kept
}
