package channel

import (
	"slices"

	"madoguchi/desk"
)

// PreviewOf tells how a message will look on its channel. A connector without the skill sends parts as they are.
func PreviewOf(c Connector, a Account, m Outgoing) []desk.Part {
	if previewer, ok := c.(Previewer); ok {
		return previewer.Preview(a, m)
	}
	return m.Parts
}

// ShowTexts is a message's parts with the texts among them, and those above choices, as show makes them (Previewer).
func ShowTexts(parts []desk.Part, show func(desk.Part) desk.Part) []desk.Part {
	shown := slices.Clone(parts)
	for i, p := range shown {
		if p.Kind == desk.PartText || p.Kind == desk.PartChoices {
			shown[i] = show(p)
		}
	}
	return shown
}
