package channel_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"madoguchi/channel"
	"madoguchi/desk"
)

func stored(kind desk.PartKind, id desk.ID, size int64) desk.Part {
	return desk.Part{Kind: kind, AttachmentID: id, Attachment: &desk.Attachment{ID: id, Size: size}}
}

func choices(text string, labels ...string) desk.Part {
	p := desk.Part{Kind: desk.PartChoices, Text: text}
	for i, l := range labels {
		p.Choices = append(p.Choices, desk.Choice{ID: fmt.Sprint("o", i+1), Label: l})
	}
	return p
}

// shape writes pieces as text: "text:hello | text:a+image#1 | choices:Pick[o1=A o2=B]".
func shape(pieces [][]desk.Part) string {
	var all []string
	for _, piece := range pieces {
		var parts []string
		for _, p := range piece {
			s := string(p.Kind)
			if p.Text != "" {
				s += ":" + p.Text
			}
			if p.AttachmentID != 0 {
				s += "#" + p.AttachmentID.String()
			}
			var options []string
			for _, o := range p.Choices {
				options = append(options, o.ID+"="+o.Label)
			}
			if options != nil {
				s += fmt.Sprint(options)
			}
			parts = append(parts, s)
		}
		all = append(all, strings.Join(parts, "+"))
	}
	return strings.Join(all, " | ")
}

// The shapes of the channels that there are, their limits made small.
var (
	captioned = channel.Capabilities{TextLimit: 20, TextUnit: "runes", CaptionLimit: 5, Media: []channel.MediaLimit{
		{Kind: desk.PartImage}, {Kind: desk.PartFile}, {Kind: desk.PartAudio, Bare: true},
	}}
	album     = channel.Capabilities{TextLimit: 20, TextUnit: "runes", CaptionLimit: 20, MaxFiles: 3, MediaTotal: 100}
	bareFiles = channel.Capabilities{TextLimit: 20, TextUnit: "bytes"}
	listed    = channel.Capabilities{TextLimit: 20, TextUnit: "runes", Choices: channel.ChoiceLimits{Max: 4, Label: 3, Buttons: 2, RowLabel: 5, Body: 6}}
	quick     = channel.Capabilities{TextLimit: 20, TextUnit: "utf16", Choices: channel.ChoiceLimits{Max: 3, Label: 4}}
	printed   = channel.Capabilities{TextLimit: 40, TextUnit: "runes", Choices: channel.ChoiceLimits{Max: 3, Label: 4, Digits: true}}
	noChoices = channel.Capabilities{TextLimit: 20, TextUnit: "runes", Choices: channel.ChoiceLimits{}}
)

func TestPieces(t *testing.T) {
	t.Parallel()
	image, pdf, voice := stored(desk.PartImage, 1, 40), stored(desk.PartFile, 2, 40), stored(desk.PartAudio, 3, 40)
	link, next := stored(desk.PartFile, 8, 40), stored(desk.PartFile, 9, 40)
	link.AsLink, next.AsLink = true, true
	roomy := channel.Capabilities{TextLimit: 340, TextUnit: "runes", CaptionLimit: 300, MaxFiles: 3}
	place := desk.Part{Kind: desk.PartLocation, Location: &desk.Location{Lat: 35.6812, Lng: 139.7671, Label: "駅"}}
	for name, test := range map[string]struct {
		can   channel.Capabilities
		parts []desk.Part
		want  string
	}{
		"nothing":                        {captioned, nil, ""},
		"text and file":                  {captioned, []desk.Part{text("hi"), image}, "text:hi+image#1"},
		"one file each":                  {captioned, []desk.Part{text("hi"), image, pdf}, "text:hi+image#1 | file#2"},
		"caption too long":               {captioned, []desk.Part{text("hello!"), image}, "text:hello! | image#1"},
		"file before text":               {captioned, []desk.Part{image, text("hi")}, "image#1 | text:hi"},
		"a file that takes no caption":   {captioned, []desk.Part{text("hi"), voice}, "text:hi | audio#3"},
		"no captions":                    {bareFiles, []desk.Part{text("hi"), image}, "text:hi | image#1"},
		"album":                          {album, []desk.Part{text("hello, world"), image, pdf}, "text:hello, world+image#1+file#2"},
		"album over its bytes":           {album, []desk.Part{image, pdf, voice}, "image#1+file#2 | audio#3"},
		"one file over the bytes of all": {album, []desk.Part{stored(desk.PartVideo, 9, 500), image}, "video#9 | image#1"},
		"album over its number": {album, []desk.Part{stored(desk.PartImage, 4, 1), stored(desk.PartImage, 5, 1), stored(desk.PartImage, 6, 1), stored(desk.PartImage, 7, 1)},
			"image#4+image#5+image#6 | image#7"},
		"text is cut, then files":     {bareFiles, []desk.Part{text("返金返金返金返金"), image}, "text:返金返金返金 | text:返金 | image#1"},
		"a link in its text":          {roomy, []desk.Part{text("hi"), link, next}, "text:hi+file#8+file#9"},
		"links and a file":            {roomy, []desk.Part{text("hi"), link, image}, "text:hi+file#8 | image#1"},
		"a link after a file":         {roomy, []desk.Part{text("hi"), image, link}, "text:hi+image#1 | file#8"},
		"links alone":                 {roomy, []desk.Part{link, next}, "file#8+file#9"},
		"no room for a second link":   {roomy, []desk.Part{text("hello, world, hello, world"), link, next}, "text:hello, world, hello, world+file#8 | file#9"},
		"no room for a link":          {captioned, []desk.Part{text("hi"), link}, "text:hi | file#8"},
		"buttons":                     {listed, []desk.Part{choices("Pick", "A", "B")}, "choices:Pick[o1=A o2=B]"},
		"rows":                        {listed, []desk.Part{choices("Pick", "A", "B", "C", "DDDDD")}, "choices:Pick[o1=A o2=B o3=C o4=DDDDD]"},
		"a label for rows only":       {listed, []desk.Part{choices("Pick", "AAAA", "B")}, "choices:Pick[o1=AAAA o2=B]"},
		"a label over its limit":      {listed, []desk.Part{choices("Pick", "AAAAAA", "B")}, "text:Pick\n1. AAAAAA\n2. B"},
		"too many":                    {listed, []desk.Part{choices("Pick", "A", "B", "C", "D", "E")}, "text:Pick\n1. A\n2. B\n3. C\n | text:4. D\n5. E"},
		"text over the body":          {listed, []desk.Part{choices("Please pick one", "A", "B")}, "text:Please pick  | choices:one[o1=A o2=B]"},
		"no text":                     {listed, []desk.Part{choices("", "A", "B")}, "choices[o1=A o2=B]"},
		"quick replies":               {quick, []desk.Part{choices("Pick", "ABCD", "返金返金")}, "choices:Pick[o1=ABCD o2=返金返金]"},
		"text over the text limit":    {quick, []desk.Part{choices("Please pick one, or two.", "A")}, "text:Please pick one, or  | choices:two.[o1=A]"},
		"an option without a label":   {quick, []desk.Part{choices("Pick", "A", "")}, "text:Pick\n1. A\n2. "},
		"digits are printed too":      {printed, []desk.Part{choices("Pick", "A", "B")}, "choices:Pick\n1. A\n2. B[o1=A o2=B]"},
		"digits once where they must": {printed, []desk.Part{choices("Pick", "AAAAA", "B")}, "text:Pick\n1. AAAAA\n2. B"},
		"numbered always":             {noChoices, []desk.Part{choices("Pick", "A", "B")}, "text:Pick\n1. A\n2. B"},
		"a place":                     {channel.Capabilities{Location: true}, []desk.Part{place}, "location"},
		"a place in words":            {channel.Capabilities{}, []desk.Part{place}, "text:駅\n35.681200, 139.767100"},
		"what nobody sends":           {captioned, []desk.Part{{Kind: desk.PartUnknown, Text: "x"}}, "unknown:x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := shape(channel.Split(test.can, test.parts)); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestChoicesTextOverTheBodyIsNeverLost(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("返金について。", 40)
	can := channel.Capabilities{TextLimit: 100, TextUnit: "runes", Choices: channel.ChoiceLimits{Max: 3, Label: 20, Body: 30}}
	pieces := channel.Split(can, []desk.Part{choices(long, "はい", "いいえ")})
	joined := ""
	for i, piece := range pieces {
		p := piece[0]
		joined += p.Text
		last := i == len(pieces)-1
		if len(piece) != 1 || (p.Kind == desk.PartChoices) != last || (len(p.Choices) == 2) != last || p.Text == "" {
			t.Errorf("piece %d of %d: %+v", i, len(pieces), piece)
		}
		if n := utf8.RuneCountInString(p.Text); n > 100 || last && n > 30 {
			t.Errorf("piece %d has %d runes", i, n)
		}
	}
	if joined != long {
		t.Errorf("joined %q", joined)
	}
}

// Where a first message must tell how to opt out, the line has room in every text (B2.3).
func TestOptOutLeavesRoomForItsLine(t *testing.T) {
	t.Parallel()
	for _, p := range channel.Split(channel.Capabilities{TextLimit: 160, TextUnit: "runes", OptOut: true}, []desk.Part{text(strings.Repeat("x", 500))}) {
		if n := len(p[0].Text); n > 120 {
			t.Errorf("%d runes", n)
		}
	}
}

func TestSplitIsTheSameAgain(t *testing.T) {
	t.Parallel()
	parts := []desk.Part{text("hello brave new world, here is more"), stored(desk.PartImage, 1, 9), choices("Which of them?", "A", "B")}
	for _, can := range []channel.Capabilities{captioned, album, bareFiles, listed, quick, printed, noChoices} {
		before := slices.Clone(parts)
		one, two := channel.Split(can, parts), channel.Split(can, parts)
		if shape(one) != shape(two) || shape([][]desk.Part{before}) != shape([][]desk.Part{parts}) {
			t.Errorf("%q, then %q", shape(one), shape(two))
		}
	}
}

func TestLinksAreWrittenIntoTheText(t *testing.T) {
	t.Parallel()
	link, next, image := stored(desk.PartFile, 8, 40), stored(desk.PartFile, 9, 40), stored(desk.PartImage, 1, 40)
	link.AsLink, next.AsLink = true, true
	address := func(a desk.Attachment) string { return "https://x/" + a.ID.String() }
	for name, test := range map[string]struct {
		piece []desk.Part
		want  string
	}{
		"a text":       {[]desk.Part{text("hi"), link, next}, "text:hi\nhttps://x/8\nhttps://x/9"},
		"nothing":      {[]desk.Part{link, next}, "text:https://x/8\nhttps://x/9"},
		"other things": {[]desk.Part{text("hi"), image}, "text:hi+image#1"},
	} {
		written := channel.WithLinks(test.piece, address)
		if got := shape([][]desk.Part{written}); got != test.want {
			t.Errorf("into %s: %q, want %q", name, got, test.want)
		}
		if test.piece[0].Text != "hi" && test.piece[0].Text != "" {
			t.Errorf("%s: the message itself was changed", name)
		}
	}
}
