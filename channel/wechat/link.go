package wechat

import (
	"slices"
	"strings"
	"unicode/utf16"

	"madoguchi/channel"
	"madoguchi/desk"
)

// written is a text as it is sent: with its links behind their words, else (where that is too long, or there are none)
// plain.
func written(p desk.Part) string {
	if links := linksIn(p); len(links) > 0 {
		if anchored := anchors(p.Text, links); inLimit(anchored) {
			return anchored
		}
	}
	return channel.PlainMarks.Fit(p.Text, p.Marks, inLimit)
}

func inLimit(text string) bool { return len(text) <= textLimit }

// linksIn are the links of a text that can be written as anchors, in order and apart. An address that stands there itself is
// left alone, the apps find it.
func linksIn(p desk.Part) []desk.Mark {
	marks := slices.DeleteFunc(slices.Clone(p.Marks), func(m desk.Mark) bool {
		return m.Kind != desk.MarkLink || !strings.HasPrefix(m.Href, "https://") && !strings.HasPrefix(m.Href, "http://")
	})
	slices.SortStableFunc(marks, func(a, b desk.Mark) int { return a.Start - b.Start })
	units := utf16.Encode([]rune(p.Text))
	done := 0
	return slices.DeleteFunc(marks, func(m desk.Mark) bool {
		if m.Start < done || m.End <= m.Start || m.End > len(units) || string(utf16.Decode(units[m.Start:m.End])) == m.Href {
			return true
		}
		done = m.End
		return false
	})
}

// anchors writes a text with its links (linksIn) as the apps read them: <a href>, the only formatting that they know.
func anchors(text string, links []desk.Mark) string {
	units := utf16.Encode([]rune(text))
	var out strings.Builder
	done := 0
	for _, m := range links {
		label := string(utf16.Decode(units[m.Start:m.End]))
		out.WriteString(string(utf16.Decode(units[done:m.Start])))
		out.WriteString(`<a href="` + inQuotes.Replace(m.Href) + `">` + label + `</a>`)
		done = m.End
	}
	out.WriteString(string(utf16.Decode(units[done:])))
	return out.String()
}

// inQuotes keeps an address inside its quotes.
var inQuotes = strings.NewReplacer(`"`, "%22", "<", "%3C", ">", "%3E", " ", "%20", "\n", "%0A", "\r", "%0D")
