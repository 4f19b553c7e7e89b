package channel

import (
	"fmt"
	"slices"

	"madoguchi/desk"
)

// Split cuts one message into the provider messages it takes, in order. It is deterministic, so the n-th delivery of a
// message is the n-th piece at every attempt. A piece is one of:
//   - one text within TextLimit. A longer one becomes several, cut at a paragraph, line, sentence or word, never inside a
//     character as people see it; joined they are the text that was cut, and marks stay with the words they were on;
//   - up to MaxFiles files, after one text if it fits CaptionLimit and the files take one;
//   - addresses of files (desk.Part.AsLink), after one text if it leaves room for them;
//   - one choices part within ChoiceLimits, its text within TextLimit and Body; choices that do not fit are numbered text;
//   - one part of another kind. A place is text where the channel has no places.
func Split(c Capabilities, parts []desk.Part) [][]desk.Part {
	var pieces [][]desk.Part
	for i := 0; i < len(parts); {
		switch p := parts[i]; {
		case p.AsLink:
			if last := len(pieces) - 1; last >= 0 && c.takesLink(pieces[last]) {
				pieces[last] = append(pieces[last], p)
			} else {
				pieces = append(pieces, []desk.Part{p})
			}
			i++
		case p.Kind == desk.PartText && !c.captions(parts[i:]):
			pieces = append(pieces, apart(cutPart(p, c.text()))...)
			i++
		case p.Kind == desk.PartText || p.Kind.File():
			n := c.together(parts[i:])
			pieces = append(pieces, slices.Clone(parts[i:i+n]))
			i += n
		case p.Kind == desk.PartChoices:
			pieces = append(pieces, apart(c.offer(p))...)
			i++
		case p.Kind == desk.PartLocation && !c.Location && p.Location != nil:
			pieces = append(pieces, apart(cutPart(inWords(*p.Location), c.text()))...)
			i++
		default:
			pieces = append(pieces, []desk.Part{p})
			i++
		}
	}
	return pieces
}

// PiecesOf splits a message of ours: a template is one provider message, whatever its text.
func PiecesOf(c Capabilities, m desk.Message) [][]desk.Part {
	if m.Template != nil {
		return [][]desk.Part{m.Parts}
	}
	return Split(c, m.Parts)
}

// apart makes every part a piece of its own.
func apart(parts []desk.Part) [][]desk.Part {
	pieces := make([][]desk.Part, len(parts))
	for i := range parts {
		pieces[i] = parts[i : i+1 : i+1]
	}
	return pieces
}

// captions reports whether the text that parts begin with goes with the file after it.
func (c Capabilities) captions(parts []desk.Part) bool {
	if c.CaptionLimit <= 0 || len(parts) < 2 || !parts[1].Kind.File() || parts[1].AsLink || c.mediaOf(parts[1]).Bare {
		return false
	}
	w := c.text()
	return within{min(c.CaptionLimit, w.limit), w.measure}.fits(parts[0].Text)
}

// linkRoom is what the address of a file takes of a text, with the line break before it; it is ASCII, so in any unit.
const linkRoom = 160

// takesLink reports whether a piece of a text, addresses or both has room for one more address.
func (c Capabilities) takesLink(piece []desk.Part) bool {
	w, links := c.text(), 0
	for _, p := range piece {
		if !p.AsLink && p.Kind != desk.PartText {
			return false
		}
		if p.AsLink {
			links++
		}
	}
	text := ""
	if piece[0].Kind == desk.PartText {
		text = piece[0].Text
	}
	return within{w.limit - (links+1)*linkRoom, w.measure}.fits(text)
}

// WithLinks writes the addresses of the files that go as links into a piece's text.
func WithLinks(piece []desk.Part, address func(desk.Attachment) string) []desk.Part {
	out := make([]desk.Part, 0, len(piece))
	for _, p := range piece {
		switch last := len(out) - 1; {
		case !p.AsLink || p.Attachment == nil:
			out = append(out, p)
		case last >= 0 && out[last].Kind == desk.PartText:
			out[last].Text += "\n" + address(*p.Attachment)
		default:
			out = append(out, desk.Part{Kind: desk.PartText, Text: address(*p.Attachment)})
		}
	}
	return out
}

// together is how many of the parts go in one message: a text, if they begin with one, and the files that fit.
func (c Capabilities) together(parts []desk.Part) int {
	n := 0
	if parts[0].Kind == desk.PartText {
		n++
	}
	captioned, files, bytes := n > 0, 0, int64(0)
	for ; n < len(parts) && parts[n].Kind.File() && !parts[n].AsLink && files < max(c.MaxFiles, 1); n++ {
		if a := parts[n].Attachment; a != nil {
			bytes += a.Size
		}
		if files > 0 && (c.MediaTotal > 0 && bytes > c.MediaTotal || captioned && c.mediaOf(parts[n]).Bare) {
			break
		}
		files++
	}
	return n
}

// mediaOf is the channel's limit for a part's kind, zero if it takes none.
func (c Capabilities) mediaOf(p desk.Part) MediaLimit {
	i := slices.IndexFunc(c.Media, func(l MediaLimit) bool { return l.Kind == p.Kind })
	if i < 0 {
		return MediaLimit{}
	}
	return c.Media[i]
}

// inWords is a place as text.
func inWords(l desk.Location) desk.Part {
	text := fmt.Sprintf("%.6f, %.6f", l.Lat, l.Lng)
	if l.Label != "" {
		text = l.Label + "\n" + text
	}
	return desk.Part{Kind: desk.PartText, Text: text}
}
