package telegram

import (
	"slices"
	"strings"
	"unicode/utf16"

	"madoguchi/desk"
)

// entity is formatting over a text, counted in UTF-16 units as desk.Mark is.
type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
}

// entityTypes are the formats that both sides know.
var entityTypes = map[desk.MarkKind]string{
	desk.MarkBold: "bold", desk.MarkItalic: "italic", desk.MarkStrike: "strikethrough", desk.MarkCode: "code", desk.MarkLink: "text_link",
}

var linkSchemes = []string{"http://", "https://", "mailto:", "tel:"}

// marks are what we keep of a text's entities; what points outside of it is dropped.
func marks(text string, entities []entity) []desk.Mark {
	var kept []desk.Mark
	length := units(text)
	for _, e := range entities {
		m := desk.Mark{Start: e.Offset, End: e.Offset + e.Length, Href: e.URL}
		if m.Start < 0 || e.Length <= 0 || m.End > length || m.End < m.Start {
			continue
		}
		for kind, name := range entityTypes {
			if name == e.Type || e.Type == "pre" && kind == desk.MarkCode {
				m.Kind = kind
			}
		}
		link := slices.ContainsFunc(linkSchemes, func(s string) bool { return strings.HasPrefix(strings.ToLower(e.URL), s) })
		if m.Kind != "" && link == (m.Kind == desk.MarkLink) {
			kept = append(kept, m)
		}
	}
	return kept
}

const bullet = "• "

// format makes the text and entities of a part. Telegram has no lists: their lines get a bullet, if that leaves the text
// within the limit.
func format(p desk.Part, limit int) (string, []entity) {
	text, moved := p.Text, p.Marks
	if listed, shifted := list(p.Text, p.Marks); units(listed) <= limit {
		text, moved = listed, shifted
	}
	var entities []entity
	for _, m := range moved {
		if name := entityTypes[m.Kind]; name != "" && m.End > m.Start {
			entities = append(entities, entity{Type: name, Offset: m.Start, Length: m.End - m.Start, URL: m.Href})
		}
	}
	return text, entities
}

// list puts a bullet before every line that is a list item, and moves the marks along.
func list(text string, marks []desk.Mark) (string, []desk.Mark) {
	u := utf16.Encode([]rune(text))
	var starts []int
	for _, m := range marks {
		if m.Kind != desk.MarkItem {
			continue
		}
		for i := max(m.Start, 0); i < min(m.End, len(u)); i++ {
			if start := lineStart(u, i); u[i] != '\n' && !slices.Contains(starts, start) {
				starts = append(starts, start)
			}
		}
	}
	slices.Sort(starts)
	sign := utf16.Encode([]rune(bullet))
	for i, start := range starts {
		u = slices.Insert(u, start+i*len(sign), sign...)
	}
	shift := func(at int, end bool) int {
		n := 0
		for _, start := range starts {
			if start < at || start == at && !end {
				n += len(sign)
			}
		}
		return at + n
	}
	moved := slices.Clone(marks)
	for i := range moved {
		moved[i].Start, moved[i].End = shift(moved[i].Start, false), shift(moved[i].End, true)
	}
	return string(utf16.Decode(u)), moved
}

func lineStart(u []uint16, i int) int {
	for i > 0 && u[i-1] != '\n' {
		i--
	}
	return i
}

// units is the length of a text as Telegram counts.
func units(s string) int { return len(utf16.Encode([]rune(s))) }
