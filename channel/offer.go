package channel

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"madoguchi/desk"
)

// offer makes the parts of a choices part, a message each: as buttons if all of it fits (D2.1), else as numbered text,
// never cut (D2.2). A text that is too long to stand above the buttons goes first, and only its end stays with them.
func (c Capabilities) offer(p desk.Part) []desk.Part {
	buttons := c.Choices.fit(p.Choices)
	if !buttons || c.Choices.Digits {
		p.Text = Numbered(p.Text, p.Choices)
	}
	if !buttons {
		p.Kind, p.Choices = desk.PartText, nil
		return cutPart(p, c.text())
	}
	text := p
	text.Kind, text.Choices = desk.PartText, nil
	parts := cutPart(text, c.text())
	if body := (within{c.Choices.Body, utf8.RuneCountInString}); body.limit > 0 {
		parts = append(parts[:len(parts)-1], endWithin(parts[len(parts)-1], body)...)
	}
	last := &parts[len(parts)-1]
	last.Kind, last.Choices = desk.PartChoices, p.Choices
	return parts
}

// endWithin parts a text from its end, if it is too long: the end is within the limit.
func endWithin(p desk.Part, w within) []desk.Part {
	if w.fits(p.Text) {
		return []desk.Part{p}
	}
	pieces := cutPart(p, w)
	end := pieces[len(pieces)-1]
	p.Text = strings.TrimSuffix(p.Text, end.Text)
	p.Marks = clip(p.Marks, 0, utf16Len(p.Text))
	return []desk.Part{p, end}
}

// fit reports whether the channel shows these options as buttons or as rows of a list.
func (l ChoiceLimits) fit(options []desk.Choice) bool {
	if len(options) == 0 || len(options) > l.Max {
		return false
	}
	if l.RowLabel > 0 {
		return l.AsButtons(options) || labelsWithin(options, l.RowLabel)
	}
	return labelsWithin(options, l.Label)
}

// AsButtons reports whether options that fit are buttons, not rows of a list.
func (l ChoiceLimits) AsButtons(options []desk.Choice) bool {
	return l.RowLabel == 0 || len(options) <= l.Buttons && labelsWithin(options, l.Label)
}

func labelsWithin(options []desk.Choice, limit int) bool {
	for _, o := range options {
		if o.Label == "" || limit > 0 && utf8.RuneCountInString(o.Label) > limit {
			return false
		}
	}
	return true
}

// Numbered is a text with its options below, one per line (D2.3).
func Numbered(text string, options []desk.Choice) string {
	var b strings.Builder
	b.WriteString(text)
	for i, o := range options {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strconv.Itoa(i+1) + ". " + o.Label)
	}
	return b.String()
}
