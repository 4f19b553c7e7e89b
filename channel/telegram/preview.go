package telegram

import (
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Preview shows a message with the formatting of its entities.
func (Connector) Preview(_ channel.Account, m channel.Outgoing) []desk.Part {
	return channel.ShowTexts(m.Parts, func(p desk.Part) desk.Part {
		if p.Kind == desk.PartChoices && strings.TrimSpace(p.Text) == "" {
			p.Text, p.Marks = pointer, nil
		}
		limit := maxText
		if len(m.Parts) > 1 {
			limit = maxCaption
		}
		text, entities := format(p, limit)
		p.Text, p.Marks = text, marks(text, entities)
		return p
	})
}
