package channel

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"madoguchi/desk"
)

// MarkSyntax is how a channel writes formatting into the text itself (G4.2). A kind without signs is left out; links
// are spelled out behind their words.
type MarkSyntax struct {
	Bold, Italic, Strike, Code Signs
	Item                       string // before each line of a list
}

// Signs stand before and behind marked words.
type Signs struct{ Open, Close string }

// Same is a sign that both opens and closes.
func Same(sign string) Signs { return Signs{Open: sign, Close: sign} }

// PlainMarks is the syntax of channels without formatting.
var PlainMarks = MarkSyntax{Item: "• "}

// Write puts the marks into the text. Signs hug words (no provider reads "* this*"), never span lines, and nothing is
// formatted inside code. What overlaps is closed and opened again, so that signs always nest.
func (s MarkSyntax) Write(text string, marks []desk.Mark) string {
	if len(marks) == 0 {
		return text
	}
	return newMarkWriter(s, text, marks).write(text, s.Item)
}

// Fit writes the text with its marks if the result passes, else plain with its links spelled out, else the words alone:
// the signs may make a text that fits too long.
func (s MarkSyntax) Fit(text string, marks []desk.Mark, passes func(string) bool) string {
	for _, syntax := range []MarkSyntax{s, PlainMarks} {
		if written := syntax.Write(text, marks); passes(written) {
			return written
		}
	}
	return text
}

// Show is the part as people see it once it is sent as Fit writes it: signs are formatting, what is spelled out is text.
func (s MarkSyntax) Show(p desk.Part, passes func(string) bool) desk.Part {
	for _, syntax := range []MarkSyntax{s, PlainMarks} {
		if len(p.Marks) > 0 && passes(syntax.Write(p.Text, p.Marks)) {
			w := newMarkWriter(syntax, p.Text, p.Marks)
			w.bare = true
			p.Text, p.Marks = w.write(p.Text, syntax.Item), w.shown
			return p
		}
	}
	p.Marks = nil
	return p
}

// The order of formats: outer ones first where several begin and end together.
var formats = []desk.MarkKind{desk.MarkBold, desk.MarkItalic, desk.MarkStrike, desk.MarkCode}

const codeFormat = 3 // in formats

func (s MarkSyntax) signs() []Signs { return []Signs{s.Bold, s.Italic, s.Strike, s.Code} }

// markWriter knows, by UTF-16 unit, what lies over a text.
type markWriter struct {
	syntax []Signs
	over   []uint8 // by unit, a bit per format; one more than there are units
	behind map[int]string
	items  map[int]bool // where the lines of lists begin
	stack  []int        // the formats that are open
	begun  []int        // where in the output each of them was opened
	out    strings.Builder
	length int         // of the output
	bare   bool        // signs are not written,
	shown  []desk.Mark // but told: what the output has where they would stand
}

func newMarkWriter(s MarkSyntax, text string, marks []desk.Mark) *markWriter {
	units := utf16.Encode([]rune(text))
	w := &markWriter{syntax: s.signs(), over: make([]uint8, len(units)+1), behind: map[int]string{}, items: map[int]bool{}}
	for _, m := range marks {
		m.Start, m.End = max(m.Start, 0), min(m.End, len(units))
		if m.Start < m.End {
			w.take(units, m)
		}
	}
	w.tidy(units)
	return w
}

// put writes to the output.
func (w *markWriter) put(s string) {
	w.out.WriteString(s)
	w.length += utf16Len(s)
}

func (w *markWriter) take(units []uint16, m desk.Mark) {
	switch m.Kind {
	case desk.MarkLink:
		if shown := shownLink(m.Href); shown != string(utf16.Decode(units[m.Start:m.End])) && m.Href != "" {
			w.behind[m.End] += " (" + shown + ")"
		}
	case desk.MarkItem:
		for i := m.Start; i < m.End; i++ {
			start := i
			for start > 0 && units[start-1] != '\n' {
				start--
			}
			if units[i] != '\n' {
				w.items[start] = true
			}
		}
	}
	for f, kind := range formats {
		if kind == m.Kind && w.syntax[f].Open != "" {
			for i := m.Start; i < m.End; i++ {
				w.over[i] |= 1 << f
			}
		}
	}
}

// shownLink is a link as people write it: an address or number needs no scheme.
func shownLink(href string) string {
	return strings.TrimPrefix(strings.TrimPrefix(href, "mailto:"), "tel:")
}

// tidy takes formats off line ends, off code and off the spaces at their own edges.
func (w *markWriter) tidy(units []uint16) {
	for i := range units {
		if units[i] == '\n' {
			w.over[i] = 0
		} else if w.over[i]&(1<<codeFormat) != 0 {
			w.over[i] = 1 << codeFormat
		}
	}
	for f := range formats {
		bit := uint8(1) << f
		for start := 0; start < len(units); start++ {
			if w.over[start]&bit == 0 {
				continue
			}
			end := w.runEnd(start, bit)
			w.trim(units, start, end, bit)
			start = end
		}
	}
}

func (w *markWriter) runEnd(i int, bit uint8) int {
	for i < len(w.over) && w.over[i]&bit != 0 {
		i++
	}
	return i
}

func (w *markWriter) trim(units []uint16, start, end int, bit uint8) {
	for ; start < end && unicode.IsSpace(rune(units[start])); start++ {
		w.over[start] &^= bit
	}
	for ; end > start && unicode.IsSpace(rune(units[end-1])); end-- {
		w.over[end-1] &^= bit
	}
}

func (w *markWriter) write(text, item string) string {
	at := 0
	for _, r := range text {
		w.turn(at)
		if w.items[at] {
			w.put(item)
		}
		w.open(at)
		w.put(string(r))
		at += utf16.RuneLen(r)
	}
	w.turn(at)
	return w.out.String()
}

// turn closes what ends here and writes what stands behind it.
func (w *markWriter) turn(at int) {
	keep := 0
	for keep < len(w.stack) && w.over[at]&(1<<w.stack[keep]) != 0 {
		keep++
	}
	for i := len(w.stack) - 1; i >= keep; i-- {
		w.close(w.stack[i], w.begun[i])
	}
	w.stack, w.begun = w.stack[:keep], w.begun[:keep]
	w.put(w.behind[at])
}

func (w *markWriter) close(format, begun int) {
	if w.bare {
		w.shown = append(w.shown, desk.Mark{Kind: formats[format], Start: begun, End: w.length})
		return
	}
	w.put(w.syntax[format].Close)
}

// open opens what begins here or was closed on the way, what lasts longest first.
func (w *markWriter) open(at int) {
	for {
		longest, end := -1, at
		for f := range formats {
			bit := uint8(1) << f
			if e := w.runEnd(at, bit); e > end && !w.isOpen(f) {
				longest, end = f, e
			}
		}
		if longest < 0 {
			return
		}
		w.stack, w.begun = append(w.stack, longest), append(w.begun, w.length)
		if !w.bare {
			w.put(w.syntax[longest].Open)
		}
	}
}

func (w *markWriter) isOpen(f int) bool {
	for _, open := range w.stack {
		if open == f {
			return true
		}
	}
	return false
}
