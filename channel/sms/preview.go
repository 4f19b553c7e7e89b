package sms

import (
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Preview shows a message as it arrives: one text, with the links of files that do not go as MMS.
func (Connector) Preview(a channel.Account, m channel.Outgoing) []desk.Part {
	s, err := readSettings(a.Channel.Settings)
	if err != nil {
		return m.Parts
	}
	var lines []string
	var shown []desk.Part
	for _, p := range m.Parts {
		link := m.Files[p.AttachmentID].Link
		switch {
		case p.Kind == desk.PartText:
			lines = append(lines, written(p))
		case p.Kind.File() && !s.MMS && link != "":
			lines = append(lines, link)
		default:
			shown = append(shown, p)
		}
	}
	if len(lines) == 0 {
		return shown
	}
	return append([]desk.Part{{Kind: desk.PartText, Text: strings.Join(lines, "\n")}}, shown...)
}
