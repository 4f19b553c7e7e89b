package all_test

import (
	"reflect"
	"strings"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/all"
	"madoguchi/desk"
)

// TestEveryChannelIsPreviewed: a reply with formatting and a file, and options, as each channel's customers will see them.
func TestEveryChannelIsPreviewed(t *testing.T) {
	t.Parallel()
	const link = "https://desk.example.test/f/a.pdf"
	mark := func(kind desk.MarkKind, start, end int) desk.Mark {
		return desk.Mark{Kind: kind, Start: start, End: end}
	}
	here := func(start, end int) desk.Mark {
		return desk.Mark{Kind: desk.MarkLink, Start: start, End: end, Href: "https://example.test"}
	}
	reply := desk.Part{Kind: desk.PartText, Text: "big\nhere", Marks: []desk.Mark{mark(desk.MarkBold, 0, 3), mark(desk.MarkItem, 4, 8), here(4, 8)}}
	file := desk.Part{Kind: desk.PartFile, AttachmentID: 1}
	text := func(s string, marks ...desk.Mark) desk.Part {
		return desk.Part{Kind: desk.PartText, Text: s, Marks: marks}
	}
	spelled := "big\n• here (https://example.test)"
	for kind, want := range map[string]struct {
		parts []desk.Part
		menu  string
	}{
		"sms":       {[]desk.Part{text(spelled + "\n" + link)}, ""},
		"whatsapp":  {[]desk.Part{text("big\n- here (https://example.test)", mark(desk.MarkBold, 0, 3)), file}, "▼|A"},
		"messenger": {[]desk.Part{text(spelled), file}, "A|A"},
		"instagram": {[]desk.Part{text(spelled), file}, "A|A"},
		"telegram":  {[]desk.Part{text("big\n• here", mark(desk.MarkBold, 0, 3), here(6, 10)), file}, "👇|A"},
		"line":      {[]desk.Part{text(spelled), text("a.pdf\n" + link)}, "👇|A"},
		"wechat":    {[]desk.Part{text("big\nhere", here(4, 8)), file}, "|1. A"},
		"webhook":   {[]desk.Part{reply, file}, "|A"},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c, err := all.Connectors().Get(kind)
			if err != nil {
				t.Fatal(err)
			}
			files := map[desk.ID]channel.File{1: {Attachment: desk.Attachment{Name: "a.pdf", MIME: "application/pdf", Size: 9}, Link: link}}
			got := channel.PreviewOf(c, channel.Account{}, channel.Outgoing{Parts: []desk.Part{reply, file}, Files: files})
			if !reflect.DeepEqual(got, want.parts) {
				t.Errorf("a reply: %+v\nwant %+v", got, want.parts)
			}
			if want.menu == "" {
				return // what it has no buttons for is text before it gets here
			}
			offer := desk.Part{Kind: desk.PartChoices, Choices: []desk.Choice{{ID: "a", Label: "A"}}}
			got = channel.PreviewOf(c, channel.Account{}, channel.Outgoing{Parts: []desk.Part{offer}})
			if above, label, _ := strings.Cut(want.menu, "|"); len(got) != 1 || got[0].Text != above || got[0].Choices[0].Label != label || offer.Choices[0].Label != "A" {
				t.Errorf("options: %+v, want %s", got, want.menu)
			}
		})
	}
}
