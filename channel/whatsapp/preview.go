package whatsapp

import (
	"unicode/utf8"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Preview shows a message with the formatting that the app makes of its signs.
func (Connector) Preview(_ channel.Account, m channel.Outgoing) []desk.Part {
	return channel.ShowTexts(m.Parts, func(p desk.Part) desk.Part {
		limit := maxText
		switch {
		case p.Kind == desk.PartChoices:
			limit = maxMenuText
		case len(m.Parts) > 1:
			limit = maxCaption
		}
		p = syntax.Show(p, within(limit))
		if p.Kind == desk.PartChoices && p.Text == "" {
			p.Text = bareMenu
		}
		return p
	})
}

// within holds for texts of at most so many characters.
func within(limit int) func(string) bool {
	return func(s string) bool { return utf8.RuneCountInString(s) <= limit }
}
