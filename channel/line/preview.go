package line

import (
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Preview shows a message's objects: a file for which LINE has none is a text with its link.
func (Connector) Preview(_ channel.Account, m channel.Outgoing) []desk.Part {
	shown := channel.ShowTexts(m.Parts, func(p desk.Part) desk.Part {
		if p.Kind == desk.PartChoices && strings.TrimSpace(p.Text) == "" {
			p.Text, p.Marks = pointer, nil
		}
		return channel.PlainMarks.Show(p, fits)
	})
	for i, p := range shown {
		if !p.Kind.File() {
			continue
		}
		if o, f := media(m.Files[p.AttachmentID]); f == nil && o["type"] == "text" {
			shown[i] = desk.Part{Kind: desk.PartText, Text: fileText(m.Files[p.AttachmentID])}
		}
	}
	return shown
}
