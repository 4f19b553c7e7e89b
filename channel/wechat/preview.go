package wechat

import (
	"slices"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Preview shows a message with its links, the only formatting there is, and a menu with its digits.
func (Connector) Preview(_ channel.Account, m channel.Outgoing) []desk.Part {
	return channel.ShowTexts(m.Parts, func(p desk.Part) desk.Part {
		if p.Kind == desk.PartChoices {
			p.Marks, p.Choices = nil, slices.Clone(p.Choices)
			for i, entry := range menu(p).List {
				p.Choices[i].Label = entry.Content
			}
			return p
		}
		if links := linksIn(p); len(links) > 0 && inLimit(anchors(p.Text, links)) {
			p.Marks = links
			return p
		}
		return channel.PlainMarks.Show(p, inLimit)
	})
}
