package messaging

import (
	"madoguchi/channel"
	"madoguchi/desk"
)

// Preview shows a message as both platforms do: without formatting, options as quick replies below a text.
func Preview(m channel.Outgoing, fits func(string) bool) []desk.Part {
	return channel.ShowTexts(m.Parts, func(p desk.Part) desk.Part {
		p = channel.PlainMarks.Show(p, fits)
		if p.Kind == desk.PartChoices && p.Text == "" {
			p.Text = labels(p.Choices)
		}
		return p
	})
}
